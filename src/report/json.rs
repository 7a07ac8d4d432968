//! `--message-format json`: one object a line.

use serde::Serialize;

use super::Problem;
use crate::source::{Source, Span};

#[derive(Serialize)]
struct Object<'a> {
    severity: &'static str,
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    file: &'a str,
    labels: Vec<Label<'a>>,
}

#[derive(Serialize)]
struct Label<'a> {
    primary: bool,
    message: &'a str,
    file: &'a str,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
    offset: u32,
}

pub(super) fn render(problems: &[Problem<'_>]) -> String {
    let mut text = String::new();
    for problem in problems {
        let line = serde_json::to_string(&object(*problem)).expect("strings and numbers are always JSON");
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn object(problem: Problem<'_>) -> Object<'_> {
    let Problem { diagnostic, sources } = problem;
    let others = diagnostic.related.iter().chain(&diagnostic.trace);
    let primary = label(problem, true, &diagnostic.primary.node, diagnostic.primary.span);
    let others = others.map(|place| label(problem, false, &place.node, place.span));
    Object {
        severity: problem.severity().name(),
        code: diagnostic.code.id(),
        message: &diagnostic.message,
        help: (!diagnostic.help.is_empty()).then(|| diagnostic.help.join("\n")),
        file: &sources.get(diagnostic.primary.span.source).name,
        labels: std::iter::once(primary).chain(others).collect(),
    }
}

fn label<'a>(problem: Problem<'a>, primary: bool, message: &'a str, span: Span) -> Label<'a> {
    let source = problem.sources.get(span.source);
    let end = span.end.max(span.start);
    Label { primary, message, file: &source.name, start: position(source, span.start), end: position(source, end) }
}

fn position(source: &Source, offset: u32) -> Position {
    let at = source.position(offset);
    Position { line: at.line, column: at.column, offset }
}
