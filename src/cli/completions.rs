//! `aphex completions`: what a shell needs to complete commands, options, values and scripts.

use std::fmt::Write;
use std::path::PathBuf;

use clap::{Arg, Args, Command, CommandFactory, ValueHint};
use clap_complete::Shell;

use super::{Exit, Failure, print};

/// Print the completions of commands, options and values for a shell
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

const EXAMPLES: &str = "Examples:
  aphex completions bash > ~/.local/share/bash-completion/completions/aphex
  aphex completions zsh > ~/.zfunc/_aphex    # fpath+=~/.zfunc, then compinit
  aphex completions fish > ~/.config/fish/completions/aphex.fish
  aphex completions elvish >> ~/.config/elvish/rc.elv
  aphex completions powershell >> $PROFILE";

/// The commands whose file is not a script.
const OTHER_FILES: [&str; 1] = ["import"];

impl Completions {
    pub(super) fn run(self) -> Result<Exit, Failure> {
        print(&text(self.shell))?;
        Ok(Exit::Done)
    }
}

fn text(shell: Shell) -> String {
    let mut command = super::args::Args::command().mut_subcommands(|command| command.mut_args(with_hint));
    let name = command.get_name().to_owned();
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut command, &name, &mut bytes);
    let text = String::from_utf8(bytes).expect("all that the completions are made of is UTF-8");
    let scripts: Vec<&Command> = command.get_subcommands().filter(|command| takes_script(command)).collect();
    match shell {
        Shell::Bash => [text, bash(&name, &scripts)].concat(),
        Shell::Fish => [text, fish(&name, &scripts), fish_values(&name, &command)].concat(),
        Shell::Zsh => zsh(&text, &scripts),
        _ => text,
    }
}

/// What a value may be, where it is not one of a list: a folder, a file, or a text that no shell knows.
fn with_hint(arg: Arg) -> Arg {
    let hint = match (is_path(&arg), is_folder(&arg)) {
        (true, true) => ValueHint::DirPath,
        (true, false) => ValueHint::FilePath,
        (false, _) => ValueHint::Other,
    };
    if arg.get_action().takes_values() { arg.value_hint(hint) } else { arg }
}

fn is_path(arg: &Arg) -> bool {
    arg.get_value_parser().type_id() == std::any::TypeId::of::<PathBuf>()
}

/// A path that is called so is one of a folder.
fn is_folder(arg: &Arg) -> bool {
    arg.get_value_names().is_some_and(|names| names.iter().any(|name| name == "DIR"))
}

/// Whether a command takes scripts: the files that it takes without an option.
fn takes_script(command: &Command) -> bool {
    command.get_positionals().any(|arg| is_path(arg) && !is_folder(arg)) && !OTHER_FILES.contains(&command.get_name())
}

/// The options of a command that take a value, as they are typed.
fn options(command: &Command) -> Vec<String> {
    let options = command.get_opts().flat_map(|option| {
        let long = option.get_long().map(|long| format!("--{long}"));
        long.into_iter().chain(option.get_short().map(|short| format!("-{short}")))
    });
    options.collect()
}

/// A function around the generated one, which completes scripts and folders where no value of an option belongs.
fn bash(name: &str, scripts: &[&Command]) -> String {
    let mut cases = String::new();
    for command in scripts {
        let _ = writeln!(cases, "        {}) options=\" {} \" ;;", command.get_name(), options(command).join(" "));
    }
    format!(
        r#"
_{name}_scripts() {{
    _{name} "$@"
    local word command= options= IFS=$'\n'
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        if [[ $word != -* ]]; then command=$word; break; fi
    done
    case "$command" in
{cases}    esac
    if [[ -n $options && $2 != -* && $options != *" $3 "* ]]; then
        COMPREPLY=( $(compgen -f -X '!*.aphex' -- "$2") $(compgen -d -- "$2") )
        if type compopt &> /dev/null; then compopt -o filenames 2> /dev/null; fi
    fi
}}
complete -F _{name}_scripts -o bashdefault -o default {name}
"#
    )
}

/// A rule for each command: scripts first, and folders.
fn fish(name: &str, scripts: &[&Command]) -> String {
    let rule = |command: &&Command| {
        let command = command.get_name();
        format!(
            "complete -c {name} -n \"__fish_{name}_using_subcommand {command}\" -k -f -a '(__fish_complete_suffix .aphex)'\n"
        )
    };
    scripts.iter().map(rule).collect()
}

/// A rule for each value that a command takes without an option.
fn fish_values(name: &str, root: &Command) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    let mut rules = String::new();
    for command in root.get_subcommands() {
        for value in command.get_positionals().flat_map(Arg::get_possible_values) {
            let (value, help) = (value.get_name(), value.get_help().map(ToString::to_string).unwrap_or_default());
            let command = command.get_name();
            let (value, help) = (quoted(value), quoted(&help));
            let _ = writeln!(
                rules,
                "complete -c {name} -n \"__fish_{name}_using_subcommand {command}\" -f -a {value} -d {help}"
            );
        }
    }
    rules
}

/// The generated text with a pattern where a command takes scripts. A command's rules stand behind a line `(name)`.
fn zsh(text: &str, scripts: &[&Command]) -> String {
    let mut inside = false;
    let mut changed = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        if let Some(name) = line.trim().strip_prefix('(').and_then(|line| line.strip_suffix(')')) {
            inside = scripts.iter().any(|command| command.get_name() == name);
        }
        let positional = line.starts_with("':") || line.starts_with("'*:");
        match line.strip_suffix(":_files' \\\n").filter(|_| inside && positional) {
            Some(rest) => changed.extend([rest, ":_files -g \"*.aphex\"' \\\n"]),
            None => changed.push_str(line),
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_command_and_option_is_in_them() {
        let mut command = super::super::args::Args::command();
        command.build();
        for shell in Shell::value_variants() {
            let text = text(*shell);
            for command in command.get_subcommands() {
                assert!(text.contains(command.get_name()), "{shell}: {}", command.get_name());
                let longs = command.get_arguments().filter(|arg| !arg.is_hide_set()).filter_map(Arg::get_long);
                for long in longs.filter(|long| command.get_name() != "help" || *long != "help") {
                    assert!(text.contains(long), "{shell}: {} --{long}", command.get_name());
                }
            }
            let codes = ["bad-value", "not-utf8"].iter().all(|code| text.contains(code));
            assert!(codes || matches!(shell, Shell::Elvish | Shell::PowerShell), "{shell}");
        }
    }

    #[test]
    fn scripts_are_completed_where_they_belong() {
        let command = super::super::args::Args::command();
        let scripts = command.get_subcommands().filter(|command| takes_script(command)).map(Command::get_name);
        let scripts: Vec<&str> = scripts.collect();
        for name in ["run", "check", "simulate", "event"] {
            assert!(scripts.contains(&name), "{scripts:?}");
        }
        assert!(!scripts.contains(&"explain"));
        assert_eq!(text(Shell::Zsh).matches("*.aphex").count(), scripts.len());
        assert_eq!(text(Shell::Fish).matches("suffix .aphex").count(), scripts.len());
    }
}
