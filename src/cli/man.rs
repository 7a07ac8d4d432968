//! `aphex man`: the manual pages, made of the same words as the help texts.

use std::path::PathBuf;

use clap::{Args, Command, CommandFactory};
use clap_mangen::roff::{Roff, bold, roman};

use super::args::Global;
use super::{Exit, Failure, near, print, write};

/// Print a manual page
///
/// Without a command it is aphex(1), which names the others: aphex-run(1) and so on.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Man {
    /// The command whose page it is
    #[arg(value_name = "COMMAND")]
    command: Option<String>,

    /// Write the pages of all commands into DIR, or the one that is named: aphex.1, aphex-run.1, …
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

const EXAMPLES: &str = "Examples:
  aphex man run | man -l -
  aphex man --out ~/.local/share/man/man1";

impl Man {
    pub(super) fn run(self, global: Global) -> Result<Exit, Failure> {
        let root = root();
        let wanted = self.command.as_deref().map(|name| find(&root, name)).transpose()?;
        let Some(folder) = self.out else {
            print(&page(wanted.unwrap_or(&root), &root))?;
            return Ok(Exit::Done);
        };
        let commands = match wanted {
            Some(command) => vec![command],
            None => [&root].into_iter().chain(shown(&root)).collect(),
        };
        let pages = commands.iter().map(|command| (folder.join(name(command) + ".1"), page(command, &root)));
        let pages: Vec<(PathBuf, String)> = pages.collect();
        let texts: Vec<(PathBuf, &str)> = pages.iter().map(|(path, text)| (path.clone(), text.as_str())).collect();
        write::place(&folder, &texts)?;
        if !global.quiet {
            let lines = pages.iter().map(|(path, _)| format!("{}\n", path.display()));
            print(&crate::report::visible(&lines.collect::<String>()))?;
        }
        Ok(Exit::Done)
    }
}

/// The whole command line, with what holds for every command in each of them.
fn root() -> Command {
    let root = super::args::Args::command().disable_help_subcommand(true);
    let mut root = root.subcommand_help_heading("COMMANDS").subcommand_value_name("command");
    root.build();
    root
}

fn shown(root: &Command) -> impl Iterator<Item = &Command> {
    root.get_subcommands().filter(|command| !command.is_hide_set())
}

fn find<'a>(root: &'a Command, name: &str) -> Result<&'a Command, Failure> {
    root.find_subcommand(name).ok_or_else(|| {
        let near = near(name, shown(root).map(Command::get_name));
        Failure::Usage(format!("there is no command `{name}`{near}"))
    })
}

/// What a page is called: `aphex-run`.
fn name(command: &Command) -> String {
    command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned()
}

fn page(command: &Command, root: &Command) -> String {
    let version = root.get_version().unwrap_or_default();
    let title = format!(".TH {} 1 \"\" \"{} {version}\"\n", name(command).to_uppercase(), root.get_name());
    let mut end = Roff::new();
    for paragraph in paragraphs(command) {
        section(&mut end, &paragraph);
    }
    // What the end of a command says stands at the root alone.
    let status = paragraphs(root).into_iter().filter(|_| command.get_name() != root.get_name());
    status.filter(|paragraph| !paragraph.starts_with(EXAMPLES_HEAD)).for_each(|part| section(&mut end, &part));
    see_also(&mut end, command, root);
    [title, tidy(&[generated(command), end.render()].concat())].concat()
}

/// The sections that the command line gives by itself.
fn generated(command: &Command) -> String {
    let man = clap_mangen::Man::new(command.clone());
    let mut bytes = Vec::new();
    let commands = command.has_subcommands();
    let written = man
        .render_name_section(&mut bytes)
        .and_then(|()| man.render_synopsis_section(&mut bytes))
        .and_then(|()| man.render_description_section(&mut bytes))
        .and_then(|()| man.render_options_section(&mut bytes))
        .and_then(|()| if commands { man.render_subcommands_section(&mut bytes) } else { Ok(()) });
    written.expect("writing into memory does not fail");
    String::from_utf8(bytes).expect("all that a page is made of is UTF-8")
}

/// What defines the apostrophe, in front of each section.
const APOSTROPHE: &str = ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n";

/// Without what is there twice or shows nothing: `mandoc -Tlint` minds.
fn tidy(page: &str) -> String {
    let page = page.replace(APOSTROPHE, "").replace(".br\n\n.br\n", ".sp\n");
    let lines = page.lines().map(|line| line.trim_end().to_owned() + "\n");
    [APOSTROPHE.to_owned(), lines.collect()].concat()
}

const EXAMPLES_HEAD: &str = "Examples:";

/// What stands below a command's help, in its parts.
fn paragraphs(command: &Command) -> Vec<String> {
    let text = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    text.split("\n\n").filter(|part| !part.trim().is_empty()).map(str::to_owned).collect()
}

/// A part as a section: "Examples:" with lines that stay as they are, or "Heading: text" that flows.
fn section(roff: &mut Roff, paragraph: &str) {
    let (heading, text) = paragraph.split_once(':').unwrap_or(("Notes", paragraph));
    roff.control("SH", [heading.trim().to_uppercase().as_str()]);
    let Some(lines) = text.strip_prefix('\n') else {
        roff.text([roman(text.split_whitespace().collect::<Vec<_>>().join(" "))]);
        return;
    };
    roff.control("nf", []);
    for line in lines.lines() {
        roff.text([roman(line.strip_prefix("  ").unwrap_or(line))]);
    }
    roff.control("fi", []);
}

/// The other pages: of a command the root's, of the root none, since it lists them.
fn see_also(roff: &mut Roff, command: &Command, root: &Command) {
    if command.get_name() == root.get_name() {
        return;
    }
    roff.control("SH", ["SEE ALSO"]);
    roff.text([bold(name(root)), roman("(1)")]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_option_has_its_place() {
        let root = root();
        let first = page(&root, &root);
        for command in shown(&root) {
            let text = page(command, &root);
            let escaped = |text: &str| text.replace('-', r"\-");
            assert!(first.contains(&escaped(&name(command))), "{first}");
            for long in command.get_arguments().filter(|arg| !arg.is_hide_set()).filter_map(clap::Arg::get_long) {
                assert!(text.contains(&escaped(&format!("--{long}"))), "{long}: {text}");
            }
            for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "\"EXIT STATUS\"", "\"SEE ALSO\""] {
                assert!(text.contains(&format!(".SH {section}\n")), "{section}: {text}");
            }
        }
    }

    #[test]
    fn an_example_is_no_request() {
        let mut roff = Roff::new();
        section(&mut roff, "Examples:\n  .TH x\n  a\\b -c");
        assert_eq!(roff.to_roff(), ".SH EXAMPLES\n.nf\n\\&.TH x\na\\\\b \\-c\n.fi\n");
    }
}
