//! `--message-format github`: workflow commands, which become annotations.

use super::Problem;
use super::visible::visible;

pub(super) fn render(problems: &[Problem<'_>]) -> String {
    problems.iter().map(|problem| command(*problem)).collect()
}

fn command(problem: Problem<'_>) -> String {
    let diagnostic = problem.diagnostic;
    let source = problem.sources.get(diagnostic.primary.span.source);
    let (start, end) = problem.place(diagnostic.primary.span);
    // GitHub takes columns only where both are on one line.
    let columns = if end.line == start.line {
        format!(",col={},endLine={},endColumn={}", start.column, end.line, end.column)
    } else {
        format!(",endLine={}", end.line)
    };
    let mut message = diagnostic.message.clone();
    for help in &diagnostic.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    format!(
        "::{} file={},line={}{columns},title={}::{}\n",
        problem.severity().name(),
        property(&source.path),
        start.line,
        property(diagnostic.code.id()),
        data(&message),
    )
}

fn data(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
