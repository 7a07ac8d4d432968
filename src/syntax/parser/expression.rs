//! Expressions: operators between values and before them.

use super::shape::Shape;
use super::{Context, K, Mark, Parser};
use crate::diagnostic::Code;

impl<'t> Parser<'t> {
    /// An expression; reports what stands in its place where there is none.
    pub(super) fn expression(&mut self, cx: Context) -> Shape<'t> {
        let Some(cx) = self.deeper(cx) else { return Shape::Broken };
        let mark = self.mark();
        let first = self.unary(cx);
        let shape = self.binary(cx, mark, 1, first);
        match self.kind() {
            K::Question => self.ternary(cx, mark),
            K::Arrow if !self.arrow_expected && self.at > mark.at => self.foreign_arrow(cx, mark),
            _ => shape,
        }
    }

    /// Operators after the value since `mark`, as long as they bind as tightly as `outer`.
    fn binary(&mut self, mut cx: Context, mark: Mark, outer: u8, first: Shape<'t>) -> Shape<'t> {
        let mut left = first;
        loop {
            if self.no_pipe && self.at(K::Pipe) || self.stopped {
                return left;
            }
            let (operator, place) = (self.operator(), self.at);
            let precedence = operator.precedence();
            let binds = precedence > outer || precedence == outer && operator == K::StarStar;
            if !binds {
                return left;
            }
            let left_span = self.span_since(mark);
            self.bump();
            let right_mark = self.mark();
            let Some(mut right) = self.right_side(cx, operator, place) else {
                self.finish(mark, K::Binary);
                return Shape::Broken;
            };
            let next = self.operator();
            if next.precedence() > precedence || next == K::StarStar && operator == K::StarStar {
                let Some(inner) = self.deeper(cx) else { return Shape::Broken };
                right = self.binary(inner, right_mark, precedence, right);
            }
            let Some(further) = self.deeper(cx) else { return Shape::Broken };
            cx = further;
            if matches!(operator, K::AmpAmp | K::PipePipe) {
                let right_span = self.span_since(right_mark);
                self.check_bool(left, left_span);
                self.check_bool(right, right_span);
            }
            left = combine(operator, left, right);
            self.finish(mark, K::Binary);
        }
    }

    /// The operator that the current token is; `and` and `or` count, and are reported when they are passed.
    fn operator(&mut self) -> K {
        let is_word = self.at(K::Ident) && !self.on_new_line() && self.nth(1).starts_expression();
        let (kind, symbol) = match self.word() {
            "and" if is_word => (K::AmpAmp, "&&"),
            "or" if is_word => (K::PipePipe, "||"),
            "not" if is_word && self.nth(1) == K::Ident => return K::Ident,
            _ => return self.kind(),
        };
        self.foreign(format!("the language has no `{}`", self.word()), format!("write `{symbol}`"));
        kind
    }

    /// The value right of `operator`, which stands at `place`.
    fn right_side(&mut self, cx: Context, operator: K, place: usize) -> Option<Shape<'t>> {
        let is_range = matches!(operator, K::DotDot | K::DotDotEq);
        match self.kind() {
            K::KwBreak | K::KwContinue | K::KwReturn | K::KwThrow if operator == K::QuestionQuestion => {
                self.statement(cx);
                return Some(Shape::Other);
            }
            K::Comma | K::Semicolon | K::Arrow if is_range => return Some(Shape::Unit),
            kind if kind.is_closer() && is_range => {
                return Some(Shape::Unit);
            }
            _ => {}
        }
        let is_next_line = self.on_new_line() && self.at(K::Ident) && matches!(self.nth(1), K::Eq | K::Colon);
        let is_not_meant = is_next_line || self.is_body_of_condition() || self.no_pipe && self.at(K::Pipe);
        if self.kind().starts_expression() && !is_not_meant || self.at(K::KwFn) {
            return Some(self.unary(cx));
        }
        self.trailing_operator(place);
        None
    }

    /// Whether the `{` here is the block after a condition, not a value in it: no further block follows.
    fn is_body_of_condition(&self) -> bool {
        if !self.at(K::LBrace) || self.condition_depth != Some(self.open.len()) {
            return false;
        }
        let after = self.items.get(self.end_of_group(self.at) + 1).map_or(K::Eof, |item| item.kind);
        let goes_on = after.precedence() > 0
            || matches!(after, K::LBrace | K::Dot | K::QuestionDot | K::LBracket | K::QuestionBracket | K::Arrow);
        !goes_on
    }

    /// Reports that the operator at `place` has nothing right of it.
    fn trailing_operator(&mut self, place: usize) {
        let (span, text) = (self.token_span(place), self.token_text(place));
        if !self.on_new_line() && self.kind().precedence() > 0 {
            let message = format!("`{text}` and `{}` one after the other", self.word());
            let here = self.token_span(self.at);
            return self.mistake(Code::UnexpectedToken, here, message, "write one operator between two values");
        }
        let message = format!("`{text}` has nothing right of it");
        self.mistake(Code::TrailingOperator, span, message, "write a value after it, or remove it");
    }

    /// `-x`, `+x`, `!x`, or a value without an operator before it.
    pub(super) fn unary(&mut self, cx: Context) -> Shape<'t> {
        if self.no_pipe && self.at(K::Pipe) {
            self.missing_expression("a value");
            return Shape::Broken;
        }
        let is_not = self.at(K::Ident)
            && self.word() == "not"
            && self.nth(1) == K::Ident
            && !self.line_breaks_before(self.at + 1);
        if is_not {
            self.foreign("the language has no `not`", "write `!`");
        } else if !matches!(self.kind(), K::Minus | K::Plus | K::Bang) {
            return self.primary(cx).unwrap_or(Shape::Broken);
        }
        let (mark, operator) = (self.mark(), self.kind());
        self.bump();
        let Some(cx) = self.deeper(cx) else { return Shape::Broken };
        if !self.kind().starts_expression() {
            self.trailing_operator(mark.at);
            self.finish(mark, K::Unary);
            return Shape::Broken;
        }
        let shape = self.unary(cx);
        self.finish(mark, K::Unary);
        match (operator, shape) {
            (K::Minus, _) => shape.negated(),
            (K::Plus, Shape::Int(_) | Shape::Float | Shape::Broken) => shape,
            _ => Shape::Other,
        }
    }

    /// `a ? b : c`, which other languages have.
    fn ternary(&mut self, cx: Context, mark: Mark) -> Shape<'t> {
        let help = "write `if condition { a } else { b }`, which has a value";
        self.foreign("the language has no `?` between values", help);
        self.bump();
        if self.kind().starts_expression() {
            self.expression(cx);
        }
        if self.eat(K::Colon) && self.kind().starts_expression() {
            self.expression(cx);
        }
        self.finish(mark, K::Error);
        Shape::Broken
    }

    /// `x => …` outside of a `switch`.
    fn foreign_arrow(&mut self, cx: Context, mark: Mark) -> Shape<'t> {
        self.foreign("`=>` stands in the cases of a `switch` alone", "a closure is written `|x| …`");
        self.bump();
        if self.kind().starts_expression() {
            self.statement(cx);
        }
        self.finish(mark, K::Error);
        Shape::Broken
    }
}

fn combine<'t>(operator: K, left: Shape<'t>, right: Shape<'t>) -> Shape<'t> {
    match operator {
        K::AmpAmp | K::PipePipe => Shape::Logic,
        K::QuestionQuestion => Shape::Fallback,
        K::DotDot | K::DotDotEq => left.range(right, operator == K::DotDotEq),
        _ if left == Shape::Broken || right == Shape::Broken => Shape::Broken,
        _ => Shape::Other,
    }
}
