//! `when`: a whole expression in a tag, or two words compared.

use super::expression::{Expression, Operator, Value};
use super::{Error, unsupported};

/// A parsed `when`.
#[derive(Debug)]
pub(super) struct Condition {
    text: String,
    expression: Expression,
}

impl Condition {
    /// Reads `text`, of which `who` is named in errors.
    pub(super) fn parse(text: &str, who: &str) -> Result<Self, Error> {
        let inside = text.trim().strip_prefix("{{=").and_then(|rest| rest.strip_suffix("}}"));
        let expression = match inside {
            Some(inside) if !inside.contains("{{") && !inside.contains("}}") => Expression::parse(inside),
            Some(_) => Err("a tag stands in a tag".to_owned()),
            None => comparison(text),
        };
        match expression {
            Ok(expression) => Ok(Self { text: text.to_owned(), expression }),
            Err(words) => unsupported(format!("`when` of `{who}` is not understood: {words}: {text}")),
        }
    }

    /// Whether it holds.
    pub(super) fn holds(&self, who: &str, name: &dyn Fn(&str) -> Value) -> Result<bool, Error> {
        match self.expression.value(name) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(_) => unsupported(format!("`when` of `{who}` is neither true nor false: {}", self.text)),
            Err(words) => unsupported(format!("`when` of `{who}` cannot be decided: {words}: {}", self.text)),
        }
    }
}

/// `{{tag}} == word`, or `!=`. Argo puts the values in and reads what comes out as words.
fn comparison(text: &str) -> Result<Expression, String> {
    let equal = text.split_once("==").map(|parts| (parts, Operator::Equal));
    let found = equal.or_else(|| text.split_once("!=").map(|parts| (parts, Operator::Differs)));
    let ((left, right), operator) = found.ok_or("it is neither an expression nor a comparison")?;
    Ok(Expression::Binary(Box::new(side(left)?), operator, Box::new(side(right)?)))
}

fn side(text: &str) -> Result<Expression, String> {
    let text = text.trim();
    let quoted = |quote: char| text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let inside = quoted('\'').or_else(|| quoted('"')).unwrap_or(text);
    if let Some(path) = inside.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}")) {
        return tag(path);
    }
    let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let plain = inside.chars().all(word) && (!inside.is_empty() || inside.len() < text.len());
    if plain { Ok(Expression::Literal(Value::Text(inside.to_owned()))) } else { Err(format!("`{text}` is no word")) }
}

/// A simple tag: names with dots between them.
pub(super) fn tag(path: &str) -> Result<Expression, String> {
    let mut names = path.trim().split('.');
    let first = names.next().filter(|first| !first.is_empty() && !first.starts_with('='));
    let first = Expression::Name(first.ok_or_else(|| format!("`{path}` is no name"))?.to_owned());
    Ok(names.fold(first, |of, key| Expression::Member { of: Box::new(of), key: key.to_owned(), optional: false }))
}

/// The value of an argument: text and simple tags. What cannot be told before a real run is unknown, which is an error
/// only where a condition asks for it.
pub(super) fn argument(text: &str, name: &dyn Fn(&str) -> Value) -> Value {
    if !text.contains("{{") {
        return Value::Text(text.to_owned());
    }
    let path = text.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    let path = path.filter(|path| !path.contains("{{") && !path.contains("}}"));
    let value = path.and_then(|path| tag(path).ok()).and_then(|tag| tag.value(name).ok());
    match value {
        Some(value @ Value::Text(_)) => value,
        _ => Value::Unknown,
    }
}
