//! A problem with files, lines and columns in the place of spans.

use serde::Serialize;

use super::{Code, Diagnostic, Severity};
use crate::source::{SourceMap, Span};

/// A problem as whoever has no texts can use it. Its JSON is that of `--message-format json`; as text it is
/// `file:line:column: error[code]: message`.
///
/// ```
/// use aphex::{Interpreter, Script};
///
/// let evaluation = Interpreter::default().evaluate(&Script::new("a.aphex", "print(1)\nprint(2)").module());
/// let problem = evaluation.problems().next().unwrap();
/// assert_eq!(problem.to_string(), "a.aphex:1:9: error[missing-semicolon]: a statement ends with `;`");
/// assert!(serde_json::to_string(&problem).unwrap().starts_with(r#"{"severity":"error","code":"missing-semicolon""#));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Located<'a> {
    /// How bad it is.
    pub severity: Severity,
    /// Which problem.
    pub code: Code,
    /// One sentence in the user's terms.
    pub message: &'a str,
    /// What to do, a line each; [`None`] where nothing is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The file of the text that is wrong, as a report shows it.
    pub file: &'a str,
    /// The text that is wrong first, then what explains it.
    pub labels: Vec<Label<'a>>,
}

/// A place of a problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Label<'a> {
    /// Whether it is the text that is wrong; true of exactly one.
    pub primary: bool,
    /// What to write next to it; may be empty.
    pub message: &'a str,
    /// Its file, as a report shows it.
    pub file: &'a str,
    /// Its first character.
    pub start: Position,
    /// The character after its last.
    pub end: Position,
}

/// A character of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The offset in bytes, from 0; a byte order mark counts.
    pub offset: u32,
}

impl Diagnostic {
    /// The problem with files, lines and columns. `sources` are the texts that it is about.
    pub fn located<'a>(&'a self, sources: &'a SourceMap) -> Located<'a> {
        let label = |primary, message: &'a str, span| label(primary, message, span, sources);
        let others = self.related.iter().chain(&self.trace).map(|place| label(false, &place.node, place.span));
        let primary = label(true, &self.primary.node, self.primary.span);
        Located {
            severity: self.code.severity(),
            code: self.code,
            message: &self.message,
            help: (!self.help.is_empty()).then(|| self.help.join("\n")),
            file: primary.file,
            labels: std::iter::once(primary).chain(others).collect(),
        }
    }
}

fn label<'a>(primary: bool, message: &'a str, span: Span, sources: &'a SourceMap) -> Label<'a> {
    let source = sources.get(span.source);
    let position = |offset| {
        let at = source.position(offset);
        Position { line: at.line, column: at.column, offset }
    };
    let (start, end) = (position(span.start), position(span.end.max(span.start)));
    Label { primary, message, file: &source.name, start, end }
}

impl std::fmt::Display for Located<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { severity, code, message, file, labels, .. } = self;
        let at = labels.first().map(|label| (label.start.line, label.start.column)).unwrap_or_default();
        write!(f, "{file}:{}:{}: {}[{}]: {message}", at.0, at.1, severity.name(), code.id())
    }
}
