//! Going on after a mistake: brackets that are missing or too many, and places to start again from.

use super::{K, Mark, Open, Parser};
use crate::diagnostic::{Code, Diagnostic};

impl Parser<'_> {
    /// Notes that the current token opens what `closer` closes, and passes it.
    pub(super) fn open(&mut self, closer: K) {
        self.open.push(Open { at: self.at, closer });
        self.bump();
    }

    /// Passes what closes the innermost open bracket, or reports that it is missing.
    pub(super) fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if self.at(open.closer) {
            self.note_indentation(open);
            return self.bump();
        }
        if self.closer_is_wrong() {
            let wrong = self.word();
            let help = format!("write {} here", open.closer.words());
            let message =
                format!("`{wrong}` does not close {}", self.raw(open.at).map_or("this", |raw| raw.kind.words()));
            let problem = Diagnostic::new(Code::UnexpectedBracket, self.token_span(self.at), message).help(help);
            self.report(problem.related(self.token_span(open.at), "opened here"));
            return self.bump();
        }
        self.unclosed(open);
    }

    /// Whether the current token closes something that is not open, so that it stands here for the right one.
    fn closer_is_wrong(&self) -> bool {
        matches!(self.kind(), K::RParen | K::RBracket | K::RBrace) && !self.closes_open()
    }

    /// Whether the current token closes a bracket that is open.
    pub(super) fn closes_open(&self) -> bool {
        let kind = if self.at(K::TemplateMiddle) { K::TemplateEnd } else { self.kind() };
        kind.is_closer() && self.open.iter().rev().any(|open| open.closer == kind)
    }

    fn unclosed(&mut self, open: Open) {
        let better = self.suspect.filter(|suspect| suspect.at > open.at && suspect.closer == open.closer);
        let place = better.unwrap_or(open).at;
        let message = format!("{} is never closed", self.raw(place).map_or("this", |raw| raw.kind.words()));
        let help = format!("close it with {}", open.closer.words());
        let problem = Diagnostic::new(Code::UnclosedBracket, self.token_span(place), message).help(help);
        let noticed = self.after_previous();
        let words = format!("{} is missed at the latest here", open.closer.words());
        self.report(if better.is_some() { problem } else { problem.related(noticed, words) });
    }

    /// Remembers a bracket that is closed by one that stands less deep than the line of its opening: there, one may
    /// be missing in between.
    fn note_indentation(&mut self, open: Open) {
        let closes_line = self.on_new_line();
        if closes_line && self.indentation(self.at) < self.indentation(open.at) && self.suspect.is_none() {
            self.suspect = Some(open);
        }
    }

    /// How far the line of token `at` is indented.
    pub(super) fn indentation(&self, at: usize) -> usize {
        let start = self.token_span(at).start as usize;
        let line = self.text[..start].rfind('\n').map_or(0, |end| end + 1);
        self.text[line..start].bytes().take_while(u8::is_ascii_whitespace).count()
    }

    /// Passes a token that cannot stand here.
    pub(super) fn stray(&mut self) {
        let span = self.token_span(self.at);
        let word = self.word();
        match self.kind() {
            K::RParen | K::RBracket | K::RBrace => {
                let message = format!("`{word}` closes nothing");
                self.mistake(Code::UnexpectedBracket, span, message, "remove it, or add what it should close");
            }
            _ => {
                let message = format!("{} cannot stand here", self.found());
                self.error(Code::UnexpectedToken, span, message);
            }
        }
        let mark = self.mark();
        self.bump();
        self.finish(mark, K::Error);
    }

    /// Passes everything up to the end of the statement, brackets with what is in them.
    pub(super) fn skip_statement(&mut self) {
        let mark = self.mark();
        let mut depth = 0usize;
        loop {
            let starts = self.on_new_line() && self.kind().starts_statement_only();
            match self.kind() {
                K::Eof => break,
                K::Semicolon if depth == 0 => break,
                _ if starts && (depth == 0 || self.indentation(self.at) == 0) && self.at > mark.at => break,
                K::LBrace | K::LParen | K::LBracket | K::MapStart | K::QuestionBracket | K::TemplateStart => depth += 1,
                kind if kind == K::RBrace || kind == K::TemplateEnd || kind == K::RParen || kind == K::RBracket => {
                    if depth == 0 {
                        break;
                    }
                    depth -= 1;
                }
                K::TemplateMiddle if depth == 0 => break,
                _ => {}
            }
            self.bump();
        }
        if self.at > mark.at {
            self.finish(mark, K::Error);
        }
    }

    /// Passes what stands between here and a `{` on the same line, where there is one.
    pub(super) fn skip_to_brace(&mut self) -> bool {
        let mut ahead = 0;
        while !matches!(self.nth(ahead), K::LBrace | K::Eof | K::Semicolon | K::RBrace) {
            ahead += 1;
            if self.line_breaks_before(self.at + ahead) {
                return false;
            }
        }
        if self.nth(ahead) != K::LBrace {
            return false;
        }
        let mark = self.mark();
        for _ in 0..ahead {
            self.bump();
        }
        if ahead > 0 {
            self.finish(mark, K::Error);
        }
        true
    }

    /// Whether a line ends between token `at` and the one before it.
    pub(super) fn line_breaks_before(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or(0, |at| self.token_span(at).end);
        self.text[before as usize..self.token_span(at).start.max(before) as usize].contains('\n')
    }

    /// Reports that a value is missing at the current token; `what` says which.
    pub(super) fn missing_expression(&mut self, what: &str) {
        let kind = self.kind();
        let is_gap = self.on_new_line()
            || kind.is_closer()
            || matches!(kind, K::Comma | K::Semicolon | K::Eof | K::Arrow | K::Colon | K::KwElse);
        if is_gap {
            let span = self.after_previous();
            return self.error(Code::MissingExpression, span, format!("{what} is missing"));
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

    /// A token in a node of its own that says that it is wrong.
    pub(super) fn bump_error(&mut self) {
        let mark: Mark = self.mark();
        self.bump();
        self.finish(mark, K::Error);
    }
}
