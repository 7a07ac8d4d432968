//! Parts become text. Only what a person decides is decided here: what has a line of its own; the formatter does the rest.

use super::literal::{comment, literal};
use super::{Noted, Script, Statement, Value};
use crate::source::SourceId;

/// The text of a script, as `aphex fmt` leaves it.
pub(super) fn text(script: &Script) -> String {
    let mut lines = String::new();
    for statement in &script.statements {
        push(&mut lines, &statement_text(&statement.node), statement, "");
    }
    for line in &script.tail {
        lines.extend([&*comment(line), "\n"]);
    }
    let parsed = crate::syntax::parse(SourceId::FIRST, &lines);
    crate::format::format(&parsed).unwrap_or(lines)
}

fn statement_text(statement: &Statement) -> String {
    match statement {
        Statement::Let(name, value) => format!("let {name} = {};", written(value)),
        Statement::Constant(name, value) => format!("export const {name} = {};", written(value)),
        Statement::Import(path, name) => format!("import {} as {name};", literal(path)),
        Statement::Do(value) => format!("{};", written(value)),
        Statement::Verbatim(text) => text.clone(),
        Statement::Gap => String::new(),
    }
}

/// Adds the lines of one part, with its comments: one stays to the right where the part is one line.
fn push<T>(lines: &mut String, text: &str, Noted { node: _, above, right }: &Noted<T>, end: &str) {
    let beside = match &right[..] {
        [only] if !text.contains('\n') => Some(only),
        _ => None,
    };
    let moved = right.iter().filter(|_| beside.is_none());
    for line in above.iter().chain(moved) {
        lines.extend([&*comment(line), "\n"]);
    }
    lines.extend([text, end]);
    if let Some(beside) = beside {
        lines.extend([" ", &*comment(beside)]);
    }
    lines.push('\n');
}

fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => literal(text),
        Value::Raw(text) => text.clone(),
        Value::List(items) => listed("[", items, written, false, "]"),
        Value::Short(entries) => listed("#{", entries, pair, false, "}"),
        Value::Map(entries) => listed("#{", entries, pair, true, "}"),
        Value::Call(name, arguments) => {
            format!("{name}({})", arguments.iter().map(written).collect::<Vec<_>>().join(", "))
        }
        Value::Closure(parameter, body) => format!("|{parameter}| {}", written(body)),
    }
}

fn pair((key, value): &(String, Value)) -> String {
    format!("{key}: {}", written(value))
}

/// Parts between brackets: a line for each where that is wanted, or one of them has a comment.
fn listed<T>(open: &str, parts: &[Noted<T>], text: impl Fn(&T) -> String, lines: bool, close: &str) -> String {
    if lines || parts.iter().any(|part| !part.above.is_empty() || !part.right.is_empty()) {
        let mut all = format!("{open}\n");
        for part in parts {
            push(&mut all, &text(&part.node), part, ",");
        }
        return format!("{all}{close}");
    }
    let all = parts.iter().map(|part| text(&part.node)).collect::<Vec<_>>().join(", ");
    format!("{open}{all}{close}")
}

#[cfg(test)]
mod tests {
    use super::super::entry;
    use super::*;

    #[test]
    fn parts_are_laid_out_as_people_write_them() {
        let mut script = Script::default();
        script.statements.push(Noted::new(Statement::Let("a".into(), Value::call("stack", [Value::text("A")]))));
        let long = Value::call("stack", [Value::text("Long")]);
        script.statements.push(Noted::new(Statement::Let("long".into(), long)).above(" above").right(" right"));
        script.gap();
        let commands = (0..6).map(|number| Value::text(format!("npm run a-long-name-{number}")));
        let map = Value::Map(vec![
            entry("stages", Value::list([Value::raw("dev"), Value::raw("prod")])),
            entry("build", Value::list(commands)).right(" the build"),
            entry("source", Value::call("github", [Value::text("a/b")])).right(" here"),
        ]);
        script.push(Statement::Do(Value::call("pipeline", [Value::text("app"), map])));
        script.tail.push("end".into());
        insta::assert_snapshot!(script.text());
    }
}
