//! Texts on their way into a container: the kernel takes no longer one, as an argument or as a variable.

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{Command, Rollback, Variables};
use crate::source::{Span, Spanned};

/// The most bytes of an argument or variable with its end: Linux, `MAX_ARG_STRLEN`.
const LONGEST: usize = 131_072 - 1;

/// What stands between two commands of a list.
const JOINT: usize = " && ".len();

/// Reports lists of commands, and values of variables, that are too long to be handed over.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for pipeline in &context.project.pipelines {
        if let Some(build) = &pipeline.build.node {
            commands(&build.commands, build.commands.span, sink);
            variables(&build.variables, sink);
        }
    }
    for environment in &context.records.environments {
        variables(&environment.variables, sink);
        variables(&environment.deploy.variables, sink);
        if let Some(tests) = &environment.tests.node {
            commands(&tests.commands, tests.commands.span, sink);
            variables(&tests.variables, sink);
        }
        if let Some(Rollback::Commands(answer)) = &environment.rollback.node {
            commands(answer, environment.rollback.span, sink);
        }
    }
    for step in &context.records.steps {
        step.commands.node.iter().for_each(|all| commands(all, step.commands.span, sink));
        variables(&step.variables, sink);
        let words = step.command.node.iter().flat_map(|words| words.iter()).chain(step.args.iter());
        words.for_each(|word| handed_over(|| "an argument".into(), 0, word.as_str(), word.span, sink));
    }
}

fn commands(all: &[Spanned<Command>], span: Span, sink: &mut Sink) {
    let length = |command: &Spanned<Command>| command.as_str().len();
    let joined = all.iter().map(|command| length(command) + JOINT).sum::<usize>().saturating_sub(JOINT);
    if joined <= LONGEST {
        return;
    }
    let message = format!("the commands have {joined} bytes together, and a container takes {LONGEST} in one argument");
    let mut largest: Vec<&Spanned<Command>> = all.iter().collect();
    largest.sort_by_key(|command| std::cmp::Reverse(length(command)));
    let problem = Diagnostic::new(Code::TooLarge, span, message);
    let problem = largest.into_iter().take(3).fold(problem, |problem, command| {
        problem.related(command.span, format!("this command has {} bytes", length(command)))
    });
    sink.push(problem.help("put them into a script of the repository, and call that"));
}

fn variables(all: &Variables, sink: &mut Sink) {
    for (name, value) in all.iter() {
        // The name and a `=` are handed over with it.
        let name = name.as_str();
        handed_over(|| format!("the variable `{name}`"), name.len() + 1, value.as_str(), value.span, sink);
    }
}

fn handed_over(what: impl FnOnce() -> String, before: usize, text: &str, span: Span, sink: &mut Sink) {
    if before + text.len() > LONGEST {
        let message = format!("{} has {} bytes, and a container takes {LONGEST}", what(), before + text.len());
        let help = "put it into a file of the repository, or into the artifacts";
        sink.push(Diagnostic::new(Code::TooLarge, span, message).help(help));
    }
}
