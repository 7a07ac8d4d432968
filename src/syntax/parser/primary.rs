//! Values: literals, names, and everything in brackets.

use super::shape::Shape;
use super::{Context, K, Parser};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::words;

impl<'t> Parser<'t> {
    /// A value, with the properties, indexes and calls after it.
    pub(super) fn primary(&mut self, cx: Context) -> Option<Shape<'t>> {
        let mark = self.mark();
        let shape = match self.kind() {
            K::Int | K::Float | K::Char | K::Text | K::Unit | K::KwTrue | K::KwFalse => self.literal(),
            // A range without a start: the operator comes next.
            K::DotDot | K::DotDotEq => Shape::Int(0),
            K::TemplateStart => self.template(cx)?,
            K::LBrace if self.looks_like_map() => {
                self.brace_for_map();
                let cx = self.deeper(cx)?;
                self.map(cx)?
            }
            K::LBrace => self.inner(cx, |parser, cx| parser.block(cx, "this"))?,
            K::LParen => self.paren(cx)?,
            K::KwIf => self.inner(cx, Self::if_)?,
            K::KwWhile | K::KwLoop => self.inner(cx, Self::while_)?,
            K::KwDo => self.inner(cx, Self::do_)?,
            K::KwFor => self.inner(cx, Self::for_)?,
            K::KwSwitch => self.inner(cx, Self::switch)?,
            K::Pipe | K::PipePipe => self.closure(cx)?,
            K::LBracket => {
                let cx = self.deeper(cx)?;
                self.array(cx)?
            }
            K::MapStart => {
                let cx = self.deeper(cx)?;
                self.map(cx)?
            }
            K::Ident => self.variable(),
            K::Reserved => self.reserved(cx),
            K::KwFn if matches!(self.nth(1), K::LParen | K::Unit | K::Ident) && !self.on_new_line() => {
                self.foreign_closure(cx)?
            }
            _ => return Some(self.no_value(cx)),
        };
        if self.no_pipe && self.at(K::Pipe) {
            return Some(shape);
        }
        self.postfix(cx, mark, shape)
    }

    fn inner(&mut self, cx: Context, read: impl Fn(&mut Self, Context) -> Option<()>) -> Option<Shape<'t>> {
        let cx = self.deeper(cx)?;
        read(self, cx)?;
        Some(Shape::Other)
    }

    fn literal(&mut self) -> Shape<'t> {
        let (mark, text) = (self.mark(), self.word());
        let shape = match self.kind() {
            K::Int => Self::integer(text).map_or(Shape::Float, Shape::Int),
            K::Float => Shape::Float,
            K::Char => Shape::Char,
            K::Text => Shape::Text,
            K::Unit => Shape::Unit,
            _ => Shape::Bool,
        };
        self.bump();
        self.finish(mark, K::Literal);
        shape
    }

    fn template(&mut self, cx: Context) -> Option<Shape<'t>> {
        let mark = self.mark();
        let cx = self.deeper(cx)?;
        let outer = self.quiet;
        // The lexer has said that the end is missing: what follows was not meant to stand inside.
        self.quiet |= self.is_near_bad();
        self.open();
        loop {
            let inner = self.mark();
            let cx = Context { global: false, ..self.deeper(cx)? };
            let known = self.scope.len();
            self.statements(cx);
            self.scope.forget(known);
            self.finish(inner, K::Interpolation);
            self.open.pop();
            if !self.at(K::TemplateMiddle) {
                break;
            }
            self.open();
        }
        self.eat(K::TemplateEnd);
        self.quiet = outer;
        self.finish(mark, K::Template);
        Some(Shape::Template)
    }

    fn brace_for_map(&mut self) {
        let span = self.token_span(self.at);
        self.mistake(Code::BraceForMap, span, "`{` starts a block, not a map", "write `#{` for a map");
    }

    fn paren(&mut self, cx: Context) -> Option<Shape<'t>> {
        let mark = self.mark();
        self.open();
        let cx = self.deeper(cx)?;
        if self.at_end() {
            let span = self.span_since(mark);
            self.mistake(
                Code::MissingExpression,
                span,
                "nothing stands in these brackets",
                "no value is written `()`, without a space",
            );
            self.close();
            self.finish(mark, K::Paren);
            return Some(Shape::Broken);
        }
        let shape = self.expression(cx);
        if self.at(K::Comma) {
            self.foreign_tuple(cx);
        }
        self.close();
        self.finish(mark, K::Paren);
        Some(shape)
    }

    /// `(a, b)`
    fn foreign_tuple(&mut self, cx: Context) {
        self.foreign(
            "brackets hold one value",
            "several values make an array: `[a, b]`; a closure is written `|a, b| …`",
        );
        while self.eat(K::Comma) {
            if self.kind().starts_expression() {
                self.expression(cx);
            }
        }
    }

    fn variable(&mut self) -> Shape<'t> {
        let (mark, name) = (self.mark(), self.word());
        self.bump();
        self.finish(mark, K::Variable);
        Shape::Variable(Some(name))
    }

    /// A reserved word where a value belongs: a built-in function that is called, `this`, or a mistake.
    fn reserved(&mut self, cx: Context) -> Shape<'t> {
        let (mark, word, span) = (self.mark(), self.word(), self.token_span(self.at));
        let is_call = matches!(self.nth(1), K::LParen | K::Unit | K::Bang);
        if is_call && words::CALLABLE_WORDS.contains(&word) {
            return self.variable();
        }
        if word == "this" {
            self.bump();
            self.finish(mark, K::This);
            if !cx.function {
                let problem = Diagnostic::new(Code::MisplacedStatement, span, "`this` stands outside of a function");
                self.report_always(problem.help("use the variable's name"));
            }
            return Shape::This;
        }
        self.report_reserved(word);
        let is_prefix = !is_call && matches!(word, "new" | "await" | "async" | "yield" | "go" | "spawn" | "static");
        if is_prefix && self.nth(1) == K::Ident && !self.line_breaks_before(self.at + 1) {
            self.bump_error();
            return self.unary(cx);
        }
        if is_call {
            self.variable();
            return Shape::Variable(None);
        }
        self.bump();
        self.finish(mark, K::Error);
        Shape::Broken
    }

    fn report_reserved(&mut self, word: &str) {
        let span = self.token_span(self.at);
        let (code, message, help) = match word {
            "null" | "nil" | "void" => {
                (Code::NullValue, format!("the language has no `{word}`"), "write `()` for no value".to_owned())
            }
            "new" => (
                Code::ForeignSpelling,
                "the language has no `new`".to_owned(),
                "call the function without it".to_owned(),
            ),
            "match" | "case" => {
                let help = "write `switch value { case => …, _ => … }`".to_owned();
                (Code::ForeignSpelling, format!("the language has no `{word}`"), help)
            }
            "eval" => (Code::ReservedWord, "`eval` is not available".to_owned(), "write the code itself".to_owned()),
            _ if words::CALLABLE_WORDS.contains(&word) => {
                let message = format!("`{word}` is a function of the language and no value");
                (Code::ReservedWord, message, format!("call it: `{word}(…)`"))
            }
            _ => {
                let message = format!("`{word}` is a reserved word and cannot be a name");
                (Code::ReservedWord, message, format!("take another name, such as `{word}_`"))
            }
        };
        self.mistake(code, span, message, help);
    }

    /// Reports that no value starts here; passes an operator, so that what follows it is read.
    fn no_value(&mut self, cx: Context) -> Shape<'t> {
        let kind = self.kind();
        if kind == K::Underscore {
            let span = self.token_span(self.at);
            let help = "it stands for every other value in a `switch`; give a variable a name";
            self.mistake(Code::UnexpectedToken, span, "`_` is not a value", help);
            self.bump_error();
            return Shape::Broken;
        }
        let is_operator = kind.precedence() > 0
            || kind.is_assignment()
            || matches!(kind, K::Dot | K::QuestionDot | K::ColonColon | K::Question);
        if is_operator {
            let span = self.token_span(self.at);
            let message = format!("{} has no value left of it", self.found());
            self.mistake(Code::MissingExpression, span, message, "write a value before it, or remove it");
            self.bump_error();
            if self.kind().starts_expression() && !self.on_new_line() {
                self.unary(cx);
            }
        } else {
            self.missing_expression("a value");
        }
        Shape::Broken
    }
}
