//! `${name}` in a text that does not interpolate.

use super::scopes::{How, Use};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::Token;

/// The `${name…}` in a text in plain double quotes: the name, and the place from `$` to `}`.
pub(super) fn mentions(token: Token<'_>) -> impl Iterator<Item = (&str, Span)> {
    let span = token.span();
    let body = if token.text().starts_with('"') { token.text() } else { "" };
    body.match_indices("${").filter_map(move |(start, _)| {
        let inside = &body[start + 2..];
        let length = inside.find(['}', '\n', '"'])?;
        let (expression, rest) = inside.split_at(length);
        let name = leading_name(expression)?;
        let offset = span.start + u32::try_from(start).ok()?;
        let end = offset + u32::try_from(length + 3).ok()?;
        rest.starts_with('}').then_some((name, Span::new(span.source, offset, end)))
    })
}

/// The name that an expression of the language starts with; none where a shell alone reads it so: `name:-default`.
fn leading_name(expression: &str) -> Option<&str> {
    let expression = expression.trim();
    let length = expression.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(expression.len());
    let (name, rest) = expression.split_at(length);
    let is_expression = rest.is_empty() || rest.starts_with(['.', '[', '(', ' ']);
    (is_expression && crate::syntax::words::is_name(name)).then_some(name)
}

/// The warning about a `${name}` that names a variable in sight.
pub(super) fn check(used: &Use<'_>) -> Option<Diagnostic> {
    let How::Mention(span) = used.how else { return None };
    used.definition?;
    let message = format!("`{}` is a variable here, and a text in double quotes does not interpolate", used.name);
    let problem = Diagnostic::new(Code::NotInterpolated, span, message);
    let problem = problem.help("put the text in backticks: `` `…${…}` ``");
    let is_plain = span.range().len() == used.name.len() + 3;
    let shell = format!("where it is meant for the shell, write `${}`", used.name);
    Some(if is_plain { problem.help(shell) } else { problem })
}
