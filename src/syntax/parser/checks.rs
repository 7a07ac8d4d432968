//! The checks that Rhai makes while parsing, beyond the grammar.

use std::collections::HashMap;

use super::shape::Shape;
use super::{K, Mark, Parser};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

impl Parser<'_> {
    /// The text since `mark`, up to the last token.
    pub(super) fn span_since(&self, mark: Mark) -> Span {
        let start = self.token_span(mark.at).start;
        let end = if self.at > mark.at { self.token_span(self.at - 1).end } else { start };
        Span::new(self.source, start, end)
    }

    /// A condition, or a side of `&&` and `||`: a literal that is no bool cannot be one.
    pub(super) fn check_bool(&mut self, shape: Shape<'_>, span: Span) {
        if shape == Shape::Bool {
            return;
        }
        if let Some(words) = shape.type_words() {
            let message = format!("{words} where a condition belongs, which is `true` or `false`");
            self.report_always(Diagnostic::new(Code::WrongType, span, message).help("compare it: `… == …`"));
        }
    }

    /// What `for` goes through: a number or a map has no items.
    pub(super) fn check_iterable(&mut self, shape: Shape<'_>, span: Span) {
        let help = match shape {
            Shape::Int(_) => "count with a range: `0..10`",
            Shape::Map(_) => "go through its keys or values: `map.keys()`, `map.values()`",
            Shape::Unit | Shape::Bool | Shape::Float | Shape::Char => "give an array, a range or a text",
            _ => return,
        };
        let words = shape.type_words().unwrap_or("this");
        let message = format!("`for` cannot go through {words}");
        self.report_always(Diagnostic::new(Code::WrongType, span, message).help(help));
    }

    /// An index into a literal, whose type the text tells.
    pub(super) fn check_index(&mut self, base: Shape<'_>, index: Shape<'_>, span: Span) {
        let is_map = matches!(base, Shape::Map(_));
        if !is_map && !matches!(base, Shape::Int(_) | Shape::Array(_) | Shape::Text | Shape::Template) {
            return;
        }
        let words = match index {
            Shape::Int(_) if is_map => "a number",
            Shape::Text | Shape::Template if !is_map => "a text",
            Shape::Float | Shape::Char | Shape::Unit | Shape::Bool => index.type_words().unwrap_or("this"),
            Shape::Logic => "a bool",
            _ => return,
        };
        let wanted = if is_map { "a text" } else { "an integer" };
        let message = format!("{words} as an index, where {wanted} belongs");
        self.report_always(Diagnostic::new(Code::WrongType, span, message));
    }

    /// What stands left of `=` or the likes of `+=`, whose place is `operator`.
    pub(super) fn check_target(&mut self, target: Shape<'_>, span: Span, operator: usize) {
        let problem = match target {
            Shape::Broken | Shape::This | Shape::Place | Shape::Variable(None) => return,
            Shape::Variable(Some(name)) => return self.check_constant(name, span),
            Shape::Logic | Shape::Fallback if self.token_text(operator) == "=" => {
                let at = self.token_span(operator);
                let message = "`=` assigns, and left of it is no variable";
                return self.report_always(Diagnostic::new(Code::NotAssignable, at, message).help("compare with `==`"));
            }
            _ => Diagnostic::new(Code::NotAssignable, span, "this cannot be assigned to"),
        };
        self.report_always(problem.help("assign to a variable, or to a property or an index of one"));
    }

    fn check_constant(&mut self, name: &str, span: Span) {
        if self.scope.is_constant(name) {
            let message = format!("`{name}` is a constant");
            let help = format!("define it with `let {name} = …` where it should change");
            self.report_always(Diagnostic::new(Code::AssignToConstant, span, message).help(help));
        }
    }

    /// A parameter or loop variable that stands there already.
    pub(super) fn check_duplicate(&mut self, names: &HashMap<&str, Span>, name: &str, span: Span) {
        if let Some(first) = names.get(name) {
            let message = format!("`{name}` stands here twice");
            let problem = Diagnostic::new(Code::DuplicateParameter, span, message);
            self.report_always(problem.related(*first, "first here").help("give each a name of its own"));
        }
    }

    /// Reads the integer literal `text`.
    pub(super) fn integer(text: &str) -> Option<i64> {
        let plain = text.replace('_', "").to_lowercase();
        let radix = match plain.get(..2) {
            Some("0x") => 16,
            Some("0o") => 8,
            Some("0b") => 2,
            _ => return plain.parse().ok(),
        };
        u64::from_str_radix(&plain[2..], radix).ok().map(u64::cast_signed)
    }

    /// Whether the current token is a `{` that was meant to be `#{`: a key and `:` follow it.
    pub(super) fn looks_like_map(&self) -> bool {
        let is_key = matches!(self.nth(1), K::Ident | K::Text | K::Reserved) || self.nth(1).is_keyword();
        self.at(K::LBrace) && is_key && self.nth(2) == K::Colon
    }
}
