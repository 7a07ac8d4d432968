//! Commands of one list are joined by ` && `, so one must leave the shell where the next can go on.

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{Command, Rollback};
use crate::source::Spanned;

/// Warns of a comment, or a backslash at the end, in a command that others come after.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let environments = &context.records.environments;
    let builds = context.project.pipelines.iter().filter_map(|pipeline| pipeline.build.node.as_ref());
    let tests = environments.iter().filter_map(|environment| environment.tests.node.as_ref());
    let rollbacks = environments.iter().filter_map(|environment| match &environment.rollback.node {
        Some(Rollback::Commands(commands)) => Some(&commands[..]),
        Some(Rollback::Redeploy | Rollback::Step(_)) | None => None,
    });
    let steps = context.records.steps.iter().filter_map(|step| step.commands.node.as_ref());
    let lists = builds.map(|build| &build.commands[..]).chain(tests.map(|tests| &tests.commands[..]));
    for commands in lists.chain(rollbacks).chain(steps.map(|commands| &commands[..])) {
        let Some((_, followed)) = commands.split_last() else { continue };
        sink.extend(followed.iter().filter_map(swallows));
    }
}

fn swallows(command: &Spanned<Command>) -> Option<Diagnostic> {
    let (what, help) = match end(command.as_str()) {
        End::Comment => ("`#` starts a comment", "leave the comment out, or put the `#` into quotes"),
        End::Backslash => ("the backslash at the end holds on to what follows", "leave the backslash out"),
        End::Clean => return None,
    };
    let message =
        format!("{what}: the commands after this one, joined to it by ` && `, do not run as they are written");
    Some(Diagnostic::new(Code::SwallowedCommand, command.span, message).help(help))
}

/// In what state a line leaves the shell.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Clean,
    Comment,
    Backslash,
}

/// Reads a line as a POSIX shell does, as far as quotes, backslashes and comments go (Shell Command Language, 2.2, 2.3).
fn end(line: &str) -> End {
    let mut quote = None;
    let mut starts_word = true;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None | Some('"'), '\\') => match characters.next() {
                Some(_) => {}
                None => return End::Backslash,
            },
            (None, '\'' | '"' | '`') => quote = Some(character),
            (Some(open), closing) if open == closing => quote = None,
            (None, '#') if starts_word => return End::Comment,
            _ => {}
        }
        starts_word = quote.is_none() && (character.is_whitespace() || ";&|(".contains(character));
    }
    End::Clean
}

#[cfg(test)]
mod tests {
    use super::super::testing::holds;
    use super::{End, end};

    #[test]
    fn a_comment_is_told_from_other_hashes() {
        for line in ["npm test # smoke", "#", "a;#b", "echo \\\\ #x"] {
            assert_eq!(end(line), End::Comment, "{line}");
        }
        for line in ["echo '# no'", "echo \"# no\"", "echo a#b", "echo ${a#b} ${#a}", "echo \\# no", "curl x/#top"] {
            assert_eq!(end(line), End::Clean, "{line}");
        }
        assert_eq!(end("npm test \\"), End::Backslash);
        assert_eq!(end("echo '\\'"), End::Clean);
    }

    #[test]
    fn what_swallows_other_commands_is_a_warning() {
        holds(
            r#"
let tests = ["npm run a # fast", "npm run b # last"];
//           ^^^^^^^^^^^^^^^^^^ warning[swallowed-command]: `#` starts a comment: the commands after this one, joined to it by ` && `, do not run as they are written
//           help: leave the comment out, or put the `#` into quotes
let dev = environment("dev", aws + #{ stacks: [stack("A")], tests: tests });
pipeline("app", base + #{ stages: [dev] });
"#,
        );
    }
}
