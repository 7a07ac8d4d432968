//! A problem is data: what is wrong, where, and what to do. Drawing it is the business of the edge.

mod code;
mod located;
mod suggest;

pub use code::{Code, OwnCode, Severity};
pub use located::{Label, Located, Position};
pub use suggest::did_you_mean;

use serde::Serialize;

use crate::source::{Span, Spanned};

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Which problem; its severity is the code's.
    pub code: Code,
    /// One sentence in the user's terms: lower case, no full stop, names in backticks.
    pub message: String,
    /// The narrowest text that the user would edit, and what to write next to it (may be empty).
    pub primary: Spanned<String>,
    /// Other places that explain it.
    pub related: Vec<Spanned<String>>,
    /// What to do, in the imperative.
    pub help: Vec<String>,
    /// The calls that led here, innermost first.
    pub trace: Vec<Spanned<String>>,
}

impl Diagnostic {
    /// A problem at `span`.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            message: shortened(message.into()),
            primary: Spanned::new(String::new(), span),
            related: Vec::new(),
            help: Vec::new(),
            trace: Vec::new(),
        }
    }

    /// The same, with words next to the marked text.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.primary.node = label.into();
        self
    }

    /// The same, with another place that explains it.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push(Spanned::new(label.into(), span));
        self
    }

    /// The same, with something to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(shortened(help.into()));
        self
    }

    /// The same, with a suggestion where one of `candidates` is close to `word`.
    #[must_use]
    pub fn suggest<'a>(self, word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        match did_you_mean(word, candidates) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// The same, with a call that led here.
    #[must_use]
    pub fn trace(mut self, span: Span, label: impl Into<String>) -> Self {
        self.trace.push(Spanned::new(label.into(), span));
        self
    }

    /// The same, with `site` for places that are none.
    #[must_use]
    pub fn placed(mut self, site: Span) -> Self {
        let places = std::iter::once(&mut self.primary).chain(&mut self.related).chain(&mut self.trace);
        places.for_each(|place| place.span = place.span.or(site));
        self
    }

    /// Whether it keeps the output from being written.
    pub fn is_error(&self) -> bool {
        self.code.severity() == Severity::Error
    }
}

/// The most bytes of a message or a help line: both repeat what a script says, and that may be a megabyte.
const LONGEST: usize = 2_000;

fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    text
}

/// What is said in the place of the problems that are left out.
fn note() -> String {
    format!("there are more than {} problems; from here on they are left out", Sink::MAX)
}

/// Collects problems. The same code at the same place is taken once: the first finder has the best words. What a script
/// says itself is the same only in the same words.
#[derive(Debug, Clone, Default)]
pub struct Sink {
    diagnostics: Vec<Diagnostic>,
    seen: std::collections::HashSet<(Code, Span, String)>,
    errors: usize,
    /// Whether it says that the rest is left out.
    is_noted: bool,
}

impl Sink {
    /// The most problems of one run; one more says that the rest is left out.
    pub const MAX: usize = 1_000;

    /// An empty sink.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.is_error());
        let words = if diagnostic.code.is_of_script() { diagnostic.message.clone() } else { String::new() };
        if !self.seen.insert((diagnostic.code, diagnostic.primary.span, words)) {
            return;
        }
        // What another sink has collected may bring the note along.
        let is_note = diagnostic.code == Code::LimitReached && diagnostic.message == note();
        if !is_note && self.diagnostics.len() - usize::from(self.is_noted) < Self::MAX {
            return self.diagnostics.push(diagnostic);
        }
        if !std::mem::replace(&mut self.is_noted, true) {
            self.diagnostics.push(Diagnostic::new(Code::LimitReached, diagnostic.primary.span, note()));
        }
    }

    /// Takes several.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    /// Whether it takes no more.
    pub const fn is_full(&self) -> bool {
        self.diagnostics.len() > Self::MAX
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// How many errors came, those that were not taken counted too.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// What was collected, in the order of its coming.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// What was collected, sorted by text and place.
    pub fn into_sorted(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|diagnostic| (diagnostic.primary.span, diagnostic.code));
        self.diagnostics
    }
}
