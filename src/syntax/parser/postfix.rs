//! What follows a value: properties, indexes, calls, paths.

use super::shape::Shape;
use super::{Context, K, Mark, Parser};
use crate::diagnostic::Code;
use crate::syntax::words;

impl<'t> Parser<'t> {
    /// Everything that follows the value since `mark`.
    pub(super) fn postfix(&mut self, mut cx: Context, mark: Mark, first: Shape<'t>) -> Option<Shape<'t>> {
        let mut shape = first;
        loop {
            shape = match (self.kind(), shape) {
                (K::Dot | K::QuestionDot, _) => {
                    // Rhai reads what follows a dot as a value of its own, one level further down.
                    cx = self.deeper(cx)?;
                    self.member(cx, mark, shape)?
                }
                (K::LBracket | K::QuestionBracket, _) => self.index_chain(cx, mark, shape)?,
                (K::LParen | K::Unit, Shape::Variable(_)) => {
                    self.arguments(cx)?;
                    self.finish(mark, K::Call);
                    Shape::Other
                }
                (K::Bang, Shape::Variable(name)) => self.capturing_call(cx, mark, name.is_some())?,
                (K::ColonColon, Shape::Variable(_)) => self.path(mark),
                _ => return Some(shape),
            };
        }
    }

    /// `.name`, `.name(…)`.
    fn member(&mut self, cx: Context, mark: Mark, base: Shape<'t>) -> Option<Shape<'t>> {
        self.bump();
        if !self.property_name() {
            self.finish(mark, K::Property);
            return Some(Shape::Broken);
        }
        match self.kind() {
            K::LParen | K::Unit => {
                self.arguments(cx)?;
                self.finish(mark, K::MethodCall);
                Some(Shape::Chain)
            }
            K::Bang => {
                let span = self.token_span(self.at);
                self.mistake(Code::UnexpectedToken, span, "`!` cannot follow a call after a dot", "remove it");
                self.bump();
                self.finish(mark, K::Property);
                Some(Shape::Broken)
            }
            K::ColonColon => {
                let span = self.token_span(self.at);
                let help = "a module's function is called `module::f(x)`, a value's `x.f()`";
                self.mistake(Code::UnexpectedToken, span, "`::` cannot follow a dot", help);
                self.bump();
                self.eat(K::Ident);
                self.finish(mark, K::Property);
                Some(Shape::Broken)
            }
            _ => {
                self.finish(mark, K::Property);
                Some(place(base))
            }
        }
    }

    /// Passes the name after a dot; reports what stands in its place.
    fn property_name(&mut self) -> bool {
        let (span, word) = (self.token_span(self.at), self.word());
        let is_call = matches!(self.nth(1), K::LParen | K::Unit | K::Bang);
        match self.kind() {
            K::Ident => {}
            K::Reserved if words::METHOD_WORDS.contains(&word) && is_call => {}
            K::Reserved if words::CALLABLE_WORDS.contains(&word) && is_call => {
                let message = format!("`{word}` cannot be called after a dot");
                self.mistake(Code::ReservedWord, span, message, format!("write `{word}(value)`"));
            }
            kind if kind == K::Reserved || kind.is_keyword() && !self.on_new_line() => {
                let message = format!("`{word}` is a reserved word and cannot stand after a dot");
                self.mistake(
                    Code::ReservedWord,
                    span,
                    message,
                    format!("write `[\"{word}\"]` to read that key of a map"),
                );
            }
            _ => {
                self.missing_property();
                return false;
            }
        }
        self.bump();
        true
    }

    fn missing_property(&mut self) {
        if self.on_new_line() || self.kind().is_closer() || matches!(self.kind(), K::Semicolon | K::Comma | K::Eof) {
            let span = self.after_previous();
            return self.error(Code::MissingName, span, "the name of a property is missing after the dot");
        }
        let (span, message) =
            (self.token_span(self.at), format!("{} stands after a dot, where a name should", self.found()));
        self.mistake(Code::MissingName, span, message, "an item is read with `[…]`");
        if matches!(self.kind(), K::Int | K::Text | K::Float) {
            self.bump_error();
        }
    }

    /// `[…]` as often as it stands there; each goes one level further down.
    fn index_chain(&mut self, cx: Context, mark: Mark, base: Shape<'t>) -> Option<Shape<'t>> {
        let mut cx = self.deeper(cx)?;
        let mut first = true;
        while matches!(self.kind(), K::LBracket | K::QuestionBracket) {
            if !first {
                cx = self.deeper(cx)?;
            }
            self.open();
            let cx = self.deeper(cx)?;
            let inner = self.mark();
            let index = self.expression(cx);
            if first {
                let span = self.span_since(inner);
                self.check_index(base, index, span);
            }
            if self.at(K::Comma) {
                let span = self.token_span(self.at);
                let help = "an array that starts a statement needs a `;` before it";
                self.mistake(Code::UnexpectedToken, span, "an index is one value", help);
            }
            self.close();
            self.finish(mark, K::Index);
            first = false;
        }
        Some(place(base))
    }

    /// `f!(…)`: a call that sees the variables around it.
    fn capturing_call(&mut self, cx: Context, mark: Mark, is_plain: bool) -> Option<Shape<'t>> {
        let bang = self.token_span(self.at);
        self.bump();
        let is_call = matches!(self.kind(), K::LParen | K::Unit);
        if !is_call || !is_plain {
            let message =
                if is_call { "`!` cannot be used to call a module's function" } else { "`!` stands after a value" };
            self.mistake(Code::UnexpectedToken, bang, message, "remove it; unequal is `!=`");
        }
        if is_call {
            self.arguments(cx)?;
            self.finish(mark, K::Call);
            return Some(Shape::Other);
        }
        self.finish(mark, K::Error);
        Some(Shape::Broken)
    }

    /// `::name` after a variable.
    fn path(&mut self, mark: Mark) -> Shape<'t> {
        // The variable grows: its node is made anew.
        self.nodes.truncate(mark.nodes as usize);
        self.bump();
        let named = self.name("the name after `::`").is_some();
        self.finish(mark, K::Variable);
        if named { Shape::Variable(None) } else { Shape::Broken }
    }
}

/// What a property or an index of `base` is.
fn place(base: Shape<'_>) -> Shape<'_> {
    match base {
        Shape::Variable(_) | Shape::This | Shape::Place => Shape::Place,
        Shape::Broken => Shape::Broken,
        _ => Shape::Chain,
    }
}
