//! Diagnostics become text: one file a format. Nothing else knows how a problem is drawn.

mod excerpt;
mod github;
mod human;
mod json;
mod patch;
mod sarif;
mod short;
mod visible;

pub use patch::patch;
pub use visible::{visible, visible_line};

use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{LineColumn, SourceMap, Span};

/// How problems are reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// With the text that is wrong, for people.
    #[default]
    Human,
    /// One line a problem.
    Short,
    /// One JSON object a line.
    Json,
    /// One SARIF 2.1.0 log.
    Sarif,
    /// Workflow commands, which GitHub shows at the changed lines.
    Github,
}

/// What the reader's screen can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Escape sequences for colours.
    pub color: bool,
    /// Drawing characters beyond ASCII.
    pub unicode: bool,
    /// The screen's width in columns; `None` where it is no screen, and nothing is wrapped.
    pub width: Option<usize>,
}

impl Style {
    /// For a file or a pipe: ASCII drawing, no colours, nothing wrapped.
    pub const PLAIN: Self = Self { color: false, unicode: false, width: None };

    /// `text` in the colour of that number, where colours are wanted.
    pub(crate) fn paint(self, code: &str, text: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

/// A problem and the texts that its spans are about.
#[derive(Debug, Clone, Copy)]
pub struct Problem<'a> {
    /// The problem.
    pub diagnostic: &'a Diagnostic,
    /// Its texts.
    pub sources: &'a SourceMap,
}

/// The text of a report. It ends with a line break, unless it is empty.
pub fn render(format: Format, diagnostics: &[Diagnostic], sources: &SourceMap, style: Style) -> String {
    let problems: Vec<_> = diagnostics.iter().map(|diagnostic| Problem { diagnostic, sources }).collect();
    render_all(format, &problems, style)
}

/// The text of one report about several scripts, each with its own texts.
pub fn render_all(format: Format, problems: &[Problem<'_>], style: Style) -> String {
    match format {
        Format::Human => human::render(problems, style),
        Format::Short => short::render(problems, style),
        Format::Json => json::render(problems),
        Format::Sarif => sarif::render(problems),
        Format::Github => github::render(problems),
    }
}

/// How many errors and warnings there are, as `2 errors, 1 warning`; empty where there is nothing to count.
pub fn count(problems: &[Problem<'_>]) -> String {
    let counted = [Severity::Error, Severity::Warning].map(|severity| {
        let number = problems.iter().filter(|problem| problem.severity() == severity).count();
        let plural = if number == 1 { "" } else { "s" };
        (number > 0).then(|| format!("{number} {}{plural}", severity.name()))
    });
    counted.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

impl Problem<'_> {
    fn severity(self) -> Severity {
        self.diagnostic.code.severity()
    }

    /// Start and end of a span; the end is never before the start.
    fn place(self, span: Span) -> (LineColumn, LineColumn) {
        let source = self.sources.get(span.source);
        let start = source.position(span.start);
        (start, source.position(span.end).max(start))
    }

    /// The name of the text that a span is in, as a person knows it.
    fn name(self, span: Span) -> String {
        visible(&self.sources.get(span.source).name).into_owned()
    }
}

#[cfg(test)]
mod tests;
