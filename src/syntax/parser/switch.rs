//! `switch` and its cases.

use super::shape::Shape;
use super::statement::End;
use super::{Context, K, Parser};
use crate::diagnostic::{Code, Diagnostic};

/// What was read of a `switch` so far.
#[derive(Default)]
struct Cases {
    /// Where the case for everything else is.
    default: Option<crate::source::Span>,
    /// Whether a range was among the values.
    has_range: bool,
}

impl Parser<'_> {
    pub(super) fn switch(&mut self, cx: Context) -> Option<()> {
        let mark = self.mark();
        self.bump();
        let cx = self.deeper(cx)?;
        if self.at(K::LBrace) && matches!(self.nth(2), K::Arrow) || !self.kind().starts_expression() {
            self.missing_expression("the value of `switch`");
        } else {
            self.expression(cx);
        }
        if !self.at(K::LBrace) {
            let span = self.after_previous();
            self.mistake(Code::MissingBlock, span, "the cases of `switch` are missing", "write them in `{ … }`");
            if self.on_new_line() || !self.skip_to_brace() {
                self.reported = Some(self.at);
                self.finish(mark, K::Switch);
                return Some(());
            }
        }
        self.open();
        let mut cases = Cases::default();
        while !self.at_end() {
            let before = self.at;
            self.case(cx, &mut cases);
            if self.at == before {
                self.stray();
            }
        }
        self.close();
        self.finish(mark, K::Switch);
        Some(())
    }

    fn case(&mut self, cx: Context, cases: &mut Cases) {
        let mark = self.mark();
        if let Some(default) = cases.default {
            let message = "`_` stands for every value, so no case can follow it";
            let problem = Diagnostic::new(Code::BadCase, default, message).help("move it to the end");
            self.report_always(problem);
            cases.default = None;
        }
        if self.at(K::KwElse) && self.nth(1) == K::Arrow || self.at(K::Reserved) && self.word() == "default" {
            self.foreign(format!("the language has no case `{}`", self.word()), "write `_`");
            self.bump_error();
        } else if self.at(K::Underscore) {
            cases.default = Some(self.token_span(self.at));
            self.default_case(cx);
        } else {
            if self.at(K::Reserved) && self.word() == "case" {
                self.foreign("a case starts with its value", "write `value => …`, without `case`");
                self.bump_error();
            }
            self.case_values(cx, cases);
        }
        self.arrow();
        self.action(cx);
        self.finish(mark, K::Case);
    }

    fn default_case(&mut self, cx: Context) {
        self.bump();
        if self.at(K::KwIf) {
            let span = self.token_span(self.at);
            self.mistake(
                Code::BadCase,
                span,
                "`_` takes every value and has no condition",
                "decide inside of it, with `if`",
            );
            self.bump();
            self.before_arrow(|parser| {
                parser.expression(cx);
            });
        }
    }

    /// Reads what stands before a `=>`.
    fn before_arrow(&mut self, read: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.arrow_expected, true);
        read(self);
        self.arrow_expected = outer;
    }

    /// `1 | 2 if condition`
    fn case_values(&mut self, cx: Context, cases: &mut Cases) {
        self.before_arrow(|parser| {
            let mut values = Vec::new();
            loop {
                let mark = parser.mark();
                let outer = std::mem::replace(&mut parser.no_pipe, true);
                let shape = parser.expression(cx);
                parser.no_pipe = outer;
                values.push((shape, parser.span_since(mark)));
                if !parser.eat(K::Pipe) {
                    break;
                }
            }
            if parser.eat(K::KwIf) {
                parser.condition(cx, "the condition of this case");
            }
            for (shape, span) in values {
                parser.check_case(shape, span, cases);
            }
        });
    }

    fn check_case(&mut self, shape: Shape<'_>, span: crate::source::Span, cases: &mut Cases) {
        match shape {
            Shape::Range(start, end) => cases.has_range |= start < end,
            Shape::Int(_) | Shape::Float if cases.has_range => {
                let message = "a number stands after a range";
                let problem = Diagnostic::new(Code::BadCase, span, message);
                self.report_always(problem.help("move the cases with single numbers before the ranges"));
            }
            _ if !shape.is_case() => {
                let message = "a case is a value that is written out: a text, a number, a range, an array";
                let problem = Diagnostic::new(Code::BadCase, span, message);
                self.report_always(problem.help("use `if … else if …` to compare with anything else"));
            }
            _ => {}
        }
    }

    fn arrow(&mut self) {
        if self.eat(K::Arrow) {
            return;
        }
        let is_other = matches!(self.kind(), K::Colon | K::Eq);
        let span = if is_other { self.token_span(self.at) } else { self.after_previous() };
        self.mistake(Code::UnexpectedToken, span, "a case wants `=>` after its value", "write `value => …`");
        if is_other {
            self.bump_error();
        }
    }

    /// What a case does, and the `,` after it.
    fn action(&mut self, cx: Context) {
        let before = self.at;
        if self.at(K::Comma) || self.at_end() {
            self.missing_expression("what this case does");
        } else {
            let end = self.statement(cx);
            self.after_action(end, before);
        }
        self.eat(K::Comma);
    }

    fn after_action(&mut self, end: End, before: usize) {
        let kind = self.kind();
        if kind == K::Comma || self.at_end() || end == End::Closed {
            return;
        }
        if kind == K::Semicolon && end != End::Empty {
            let span = self.token_span(self.at);
            self.mistake(
                Code::MissingComma,
                span,
                "cases are separated by `,`",
                "write `,`; several statements stand in `{ … }`",
            );
            return self.bump_error();
        }
        if end == End::Broken || self.at == before {
            return;
        }
        let span = self.after_previous();
        self.mistake(Code::MissingComma, span, "cases are separated by `,`", "write `,` between them");
        self.reported = Some(self.at);
    }
}
