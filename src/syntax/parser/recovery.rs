//! Going on after a mistake: what cannot stand somewhere is passed, and reading starts again behind it.

use super::{K, Parser};
use crate::diagnostic::{Code, Diagnostic};

/// How far a token is looked for that might end a mistake.
const MAX_SKIPPED: usize = 1_000;

impl Parser<'_> {
    /// Passes the current token, which opens a bracket.
    pub(super) fn open(&mut self) {
        let end = self.pairs.get(self.at).map_or(usize::MAX, |pair| *pair as usize);
        self.bump();
        self.open.push(end);
    }

    /// Passes the end of the innermost open bracket, and whatever stands before it.
    pub(super) fn close(&mut self) {
        if !self.at_end() {
            self.junk();
        }
        if self.open.pop().is_some_and(|end| end == self.at) && !self.at(K::Eof) {
            self.at += 1;
        }
    }

    /// Reports what stands here, and passes everything up to the end of the bracket.
    fn junk(&mut self) {
        let span = self.token_span(self.at);
        let message = format!("{} cannot stand here, where the bracket should end", self.found());
        // An end that was added was reported; where it belongs is a guess.
        let is_guess = self.open.last().and_then(|end| self.items.get(*end)).is_some_and(|end| end.ghost);
        match self.kind() {
            _ if is_guess => {}
            K::Eq => self.mistake(Code::UnexpectedToken, span, message, "compare with `==`"),
            _ => self.error(Code::UnexpectedToken, span, message),
        }
        let mark = self.mark();
        while !self.at_end() {
            self.bump_group();
        }
        self.finish(mark, K::Error);
    }

    /// Passes a token that cannot stand here.
    pub(super) fn stray(&mut self) {
        let span = self.token_span(self.at);
        let message = format!("{} cannot stand here", self.found());
        self.error(Code::UnexpectedToken, span, message);
        self.bump_error();
    }

    /// Passes everything up to the end of the statement: its `;`, the end of the bracket, or a line that starts with
    /// `let` and the like.
    pub(super) fn skip_statement(&mut self) {
        let mark = self.mark();
        while !self.at_end() && !self.at(K::Semicolon) {
            if self.at > mark.at && self.on_new_line() && self.kind().starts_statement_only() {
                break;
            }
            self.bump_group();
        }
        if self.at > mark.at {
            self.finish(mark, K::Error);
        }
    }

    /// Passes what stands between here and a `{` on the same line, where there is one.
    pub(super) fn skip_to_brace(&mut self) -> bool {
        self.skip_to(K::LBrace)
    }

    /// Passes what stands between here and the next `kind` on the same line, where there is one.
    pub(super) fn skip_to(&mut self, kind: K) -> bool {
        let mut at = self.at;
        while self.items.get(at).is_some_and(|item| item.kind != kind) {
            if at - self.at > MAX_SKIPPED {
                return false;
            }
            let ends = self.open.last() == Some(&at) || self.items[at].kind == K::Semicolon;
            at = self.end_of_group(at) + 1;
            if ends || self.line_breaks_before(at) {
                return false;
            }
        }
        if at >= self.items.len() {
            return false;
        }
        let mark = self.mark();
        if at > self.at {
            self.at = at;
            self.finish(mark, K::Error);
        }
        true
    }

    /// Reports that a value is missing at the current token; `what` says which.
    pub(super) fn missing_expression(&mut self, what: &str) {
        let kind = self.kind();
        let is_gap = self.on_new_line()
            || kind.is_closer()
            || matches!(kind, K::Comma | K::Semicolon | K::Eof | K::Arrow | K::Colon | K::KwElse);
        if is_gap {
            let message = format!("{what} is missing");
            let problem = Diagnostic::new(Code::MissingExpression, self.after_previous(), message);
            let is_extra = kind == K::Comma;
            return self.report(if is_extra {
                problem.help("remove the `,`, or write a value before it")
            } else {
                problem
            });
        }
        let span = self.token_span(self.at);
        let message = format!("{} stands where {what} should", self.found());
        if kind.is_keyword() {
            let help = "it is a word of the language and cannot be a name";
            return self.mistake(Code::UnexpectedToken, span, message, help);
        }
        self.error(Code::MissingExpression, span, message);
    }

    /// Reports a spelling of another language at the current token.
    pub(super) fn foreign(&mut self, message: impl Into<String>, help: impl Into<String>) {
        let span = self.token_span(self.at);
        self.mistake(Code::ForeignSpelling, span, message, help);
    }

    /// A token, and what is in it where it is a bracket, in a node that says that it is wrong.
    pub(super) fn bump_error(&mut self) {
        let mark = self.mark();
        self.bump_group();
        self.finish(mark, K::Error);
    }
}
