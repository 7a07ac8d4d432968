//! Parts become lines: four spaces a level, values of a map and of adjacent `let`s aligned, at most 100 columns.

use super::literal::{comment, literal};
use super::{Noted, Script, Statement, Value};

/// The most columns of a line that can be broken.
const WIDTH: usize = 100;
/// The spaces of one level.
const STEP: usize = 4;

/// The text of a script.
pub(super) fn text(script: &Script) -> String {
    let mut lines = String::new();
    let mut widest = 0;
    for (index, statement) in script.statements.iter().enumerate() {
        if index == 0 || !is_let(&script.statements[index - 1]) {
            widest = widest_of_run(&script.statements[index..]);
        }
        push(&mut lines, &statement_text(&statement.node, widest), statement, 0, "");
    }
    for line in &script.tail {
        lines.push_str(&comment(line));
        lines.push('\n');
    }
    lines
}

fn is_let(statement: &Noted<Statement>) -> bool {
    matches!(statement.node, Statement::Let(..))
}

/// The longest name among the `let`s that stand together at the start of `statements`.
fn widest_of_run(statements: &[Noted<Statement>]) -> usize {
    let run = statements.iter().map_while(|statement| match &statement.node {
        Statement::Let(name, _) => Some(name.len()),
        Statement::Constant(..)
        | Statement::Import(..)
        | Statement::Do(_)
        | Statement::Verbatim(_)
        | Statement::Gap => None,
    });
    run.max().unwrap_or(0)
}

fn statement_text(statement: &Statement, widest: usize) -> String {
    match statement {
        Statement::Let(name, value) => {
            let head = format!("let {name:widest$} = ");
            let value = written(value, 0, head.len());
            format!("{head}{value};")
        }
        Statement::Constant(name, value) => {
            let head = format!("export const {name} = ");
            let value = written(value, 0, head.len());
            format!("{head}{value};")
        }
        Statement::Import(path, name) => format!("import {} as {name};", literal(path)),
        Statement::Do(value) => format!("{};", written(value, 0, 0)),
        Statement::Verbatim(text) => text.clone(),
        Statement::Gap => String::new(),
    }
}

/// Adds the lines of one part, with its comments: one stays to the right where the part is one line and there is room.
fn push<T>(lines: &mut String, text: &str, part: &Noted<T>, indent: usize, end: &str) {
    let margin = " ".repeat(indent);
    let right = match &part.right[..] {
        [only] if !text.contains('\n') => Some(comment(only)),
        _ => None,
    };
    let fits = |note: &String| indent + width(text) + end.len() + 1 + width(note) <= WIDTH;
    let right = right.filter(fits);
    let above = part.above.iter().chain(part.right.iter().filter(|_| right.is_none()));
    for line in above {
        lines.extend([&margin, &*comment(line), "\n"]);
    }
    if !text.is_empty() {
        lines.push_str(&margin);
    }
    lines.push_str(text);
    lines.push_str(end);
    if let Some(right) = right {
        lines.push(' ');
        lines.push_str(&right);
    }
    lines.push('\n');
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// `value`, whose first line begins at `column` of a line that is indented by `indent`; one character follows it.
fn written(value: &Value, indent: usize, column: usize) -> String {
    if let Some(line) = flat(value).filter(|line| column + width(line) < WIDTH) {
        return line;
    }
    match value {
        Value::Text(text) => literal(text),
        Value::Raw(text) => text.clone(),
        Value::List(items) => {
            let inner = indent + STEP;
            let texts = items.iter().map(|item| written(&item.node, inner, inner));
            format!("[\n{}{}]", broken(texts.zip(items), indent), " ".repeat(indent))
        }
        Value::Short(entries) | Value::Map(entries) => map(entries, indent),
        Value::Call(name, arguments) => call(name, arguments, indent),
        Value::Closure(parameter, body) => format!("|{parameter}| {}", written(body, indent, WIDTH)),
    }
}

/// The lines between two brackets, one part each.
fn broken<'a, T: 'a>(parts: impl Iterator<Item = (String, &'a Noted<T>)>, indent: usize) -> String {
    let mut lines = String::new();
    for (text, part) in parts {
        push(&mut lines, &text, part, indent + STEP, ",");
    }
    lines
}

fn map(entries: &[Noted<(String, Value)>], indent: usize) -> String {
    let widest = entries.iter().map(|entry| entry.node.0.len()).max().unwrap_or(0) + 1;
    let inner = indent + STEP;
    let texts = entries.iter().map(|entry| {
        let (key, value) = &entry.node;
        let head = format!("{:widest$} ", format!("{key}:"));
        let value = written(value, inner, inner + head.len());
        format!("{head}{value}")
    });
    format!("#{{\n{}{}}}", broken(texts.zip(entries), indent), " ".repeat(indent))
}

/// A call that is too long for a line: the last argument is broken where it is an array or a map, else each has a line.
fn call(name: &str, arguments: &[Value], indent: usize) -> String {
    if let Some((last @ (Value::Map(_) | Value::Short(_) | Value::List(_) | Value::Closure(..)), before)) =
        arguments.split_last()
    {
        let before: Option<Vec<String>> = before.iter().map(flat).collect();
        if let Some(before) = before {
            let head: String = before.iter().flat_map(|argument| [argument, ", "]).collect();
            return format!("{name}({head}{})", opened(last, indent));
        }
    }
    let inner = indent + STEP;
    let texts = arguments.iter().map(|argument| written(argument, inner, inner));
    let bare = Noted::new(());
    format!("{name}(\n{}{})", broken(texts.map(|text| (text, &bare)), indent), " ".repeat(indent))
}

/// An array or a map with a line for each part.
fn opened(value: &Value, indent: usize) -> String {
    written(value, indent, WIDTH)
}

/// `value` on one line, where nothing in it asks for more.
fn flat(value: &Value) -> Option<String> {
    let is_bare = |above: &[String], right: &[String]| above.is_empty() && right.is_empty();
    match value {
        Value::Text(text) => Some(literal(text)),
        Value::Raw(text) => (!text.contains('\n')).then(|| text.clone()),
        Value::List(items) => {
            let each = |item: &Noted<Value>| flat(&item.node).filter(|_| is_bare(&item.above, &item.right));
            let items: Option<Vec<String>> = items.iter().map(each).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Short(entries) => {
            let each = |entry: &Noted<(String, Value)>| {
                let value = flat(&entry.node.1).filter(|_| is_bare(&entry.above, &entry.right))?;
                Some(format!("{}: {value}", entry.node.0))
            };
            let entries: Option<Vec<String>> = entries.iter().map(each).collect();
            Some(format!("#{{ {} }}", entries?.join(", ")))
        }
        Value::Map(_) => None,
        Value::Call(name, arguments) => {
            let arguments: Option<Vec<String>> = arguments.iter().map(flat).collect();
            Some(format!("{name}({})", arguments?.join(", ")))
        }
        Value::Closure(parameter, body) => Some(format!("|{parameter}| {}", flat(body)?)),
    }
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
