//! Items between brackets: arguments, arrays, maps.

use std::collections::HashMap;

use super::shape::Shape;
use super::{Context, K, MAX_ARGUMENTS, Parser};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::tree::decode_text;

/// What the items of a list belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum List {
    Arguments,
    Array,
    Map,
}

/// The keys of a map and where they stand.
type Keys = HashMap<String, Span>;

impl<'t> Parser<'t> {
    /// `(a, b)` or `()` after the name of a function.
    pub(super) fn arguments(&mut self, cx: Context) -> Option<()> {
        let mark = self.mark();
        if self.eat(K::Unit) {
            self.finish(mark, K::Arguments);
            return Some(());
        }
        self.open();
        if !self.at_end() {
            let cx = self.deeper(cx)?;
            self.list(cx, List::Arguments)?;
        }
        self.close();
        self.finish(mark, K::Arguments);
        Some(())
    }

    pub(super) fn array(&mut self, cx: Context) -> Option<Shape<'t>> {
        let mark = self.mark();
        self.open();
        let constant = self.list(cx, List::Array)?;
        self.close();
        self.finish(mark, K::Array);
        Some(Shape::Array(constant))
    }

    /// A map, which starts with `#{`, or with the `{` that was meant to be one.
    pub(super) fn map(&mut self, cx: Context) -> Option<Shape<'t>> {
        let mark = self.mark();
        self.open();
        let constant = self.list(cx, List::Map)?;
        self.close();
        self.finish(mark, K::Map);
        Some(Shape::Map(constant))
    }

    /// The items of a list up to its end; whether all are constants.
    fn list(&mut self, cx: Context, list: List) -> Option<bool> {
        let mut constant = true;
        let mut keys = Keys::new();
        for number in 0.. {
            if self.at_end() {
                break;
            }
            if list == List::Arguments && number == MAX_ARGUMENTS {
                self.too_many("arguments");
            }
            let before = self.at;
            let shape = match list {
                List::Map => self.entry(cx, &mut keys)?,
                List::Arguments => self.expression(cx),
                List::Array => {
                    let cx = self.deeper(cx)?;
                    self.expression(cx)
                }
            };
            constant &= shape.is_constant();
            if !self.at_end() {
                self.next_item(cx, list, before);
            }
        }
        Some(constant)
    }

    /// Whether a key and its `:` stand here.
    fn is_key(&self) -> bool {
        let is_name = matches!(self.kind(), K::Ident | K::Text | K::Reserved) || self.kind().is_keyword();
        is_name && self.nth(1) == K::Colon
    }

    /// Passes what separates two items, or reports that it is missing.
    fn next_item(&mut self, cx: Context, list: List, before: usize) {
        let (kind, span) = (self.kind(), self.token_span(self.at));
        if kind == K::Comma {
            return self.bump();
        }
        if kind == K::Semicolon {
            self.mistake(Code::MissingComma, span, "`;` ends a statement, and this is inside a bracket", "write `,`");
            return self.bump_error();
        }
        if self.at == before {
            // Nothing was read: it has been reported, and would be again.
            return self.bump_error();
        }
        if kind == K::LBrace && !self.looks_like_map() && !self.on_new_line() {
            let help = "write `if`, `while` or `switch` before the value, or `,` after it";
            self.mistake(Code::UnexpectedToken, span, "a block cannot follow a value", help);
            self.bump_error();
        } else if kind.starts_expression() || kind.is_keyword() || kind == K::Underscore {
            return self.missing_comma(list);
        } else {
            self.wrong_in_list(cx, list);
        }
        self.eat(K::Comma);
    }

    fn missing_comma(&mut self, list: List) {
        let span = self.after_previous();
        let message = match list {
            List::Arguments => "arguments are separated by `,`",
            List::Array => "the items of an array are separated by `,`",
            List::Map => "the entries of a map are separated by `,`",
        };
        self.mistake(Code::MissingComma, span, message, "write `,` between them");
        self.reported = Some(self.at);
    }

    /// Something that cannot follow an item: a named argument, an assignment, anything.
    fn wrong_in_list(&mut self, cx: Context, list: List) {
        let span = self.token_span(self.at);
        let mark = self.mark();
        let takes_value = matches!(self.kind(), K::Colon | K::Eq | K::Arrow);
        if takes_value {
            let help = match list {
                List::Arguments => "write the options as a map: `f(x, #{ key: value })`",
                List::Array => "an array holds values alone; a map is written `#{ key: value }`",
                List::Map => "write a key before it, and `,` between entries",
            };
            let message = format!("{} cannot stand here: a key belongs into a map", self.found());
            self.mistake(Code::BraceForMap, span, message, help);
        } else {
            let message = format!("{} cannot stand here", self.found());
            self.error(Code::UnexpectedToken, span, message);
        }
        self.bump_group();
        if takes_value && self.kind().starts_expression() {
            self.expression(cx);
        }
        self.finish(mark, K::Error);
        // The further keys of the same list would be the same mistake.
        if takes_value {
            self.skip_named(cx);
        }
    }

    /// Passes the `, key: value` that follow a first one among arguments.
    fn skip_named(&mut self, cx: Context) {
        while self.at(K::Comma) && matches!(self.nth(1), K::Ident | K::Text) && matches!(self.nth(2), K::Colon | K::Eq)
        {
            let mark = self.mark();
            (0..3).for_each(|_| self.bump());
            if self.kind().starts_expression() {
                self.expression(cx);
            }
            self.finish(mark, K::Error);
        }
    }

    /// `key: value`
    fn entry(&mut self, cx: Context, keys: &mut Keys) -> Option<Shape<'t>> {
        let mark = self.mark();
        if !self.key(cx, keys) {
            return Some(Shape::Broken);
        }
        let separator = self.at;
        if !self.colon() {
            self.finish(mark, K::Entry);
            return Some(Shape::Broken);
        }
        let cx = self.deeper(cx)?;
        let is_next_key = self.on_new_line() && self.is_key();
        let shape = if is_next_key || !self.can_be_value() {
            let what = format!("the value of `{}`", self.token_text(separator.saturating_sub(1)));
            self.missing_expression(&what);
            Shape::Broken
        } else {
            self.expression(cx)
        };
        self.finish(mark, K::Entry);
        Some(shape)
    }

    fn can_be_value(&self) -> bool {
        self.kind().starts_expression() || !self.on_new_line() && !self.kind().is_closer() && !self.at(K::Comma)
    }

    /// Passes a key, or reports what stands in its place; whether there is one.
    fn key(&mut self, cx: Context, keys: &mut Keys) -> bool {
        let (span, word) = (self.token_span(self.at), self.word());
        match self.kind() {
            K::Ident => self.note_key(keys, word.to_owned(), span),
            K::Text => {
                let key = decode_text(self.text, span.range());
                self.note_key(keys, key, span);
            }
            kind if kind == K::Reserved || kind.is_keyword() => {
                let message = format!("`{word}` is a reserved word and cannot be a key as it is");
                self.mistake(Code::ReservedWord, span, message, format!("put it in quotes: `\"{word}\": …`"));
            }
            _ => return self.wrong_key(cx),
        }
        self.bump();
        true
    }

    fn wrong_key(&mut self, cx: Context) -> bool {
        let span = self.token_span(self.at);
        let help = "a key is a name or a text: `key: value`, `\"key\": value`";
        match self.kind() {
            K::Colon => {
                self.mistake(Code::MissingName, span, "the key before this `:` is missing", help);
                self.reported = Some(self.at);
                return true;
            }
            K::Comma => {
                self.error(Code::MissingExpression, span, "an entry is missing before this `,`");
                return false;
            }
            K::TemplateStart => {
                let message = "a text with `${…}` cannot be a key";
                let help = "set it after: `map[key] = value`";
                self.mistake(Code::UnexpectedToken, span, message, help);
                self.expression(cx);
                return matches!(self.kind(), K::Colon | K::Eq);
            }
            _ => {}
        }
        let message = format!("{} stands where a key should", self.found());
        self.mistake(Code::UnexpectedToken, span, message, help);
        let is_literal = matches!(self.kind(), K::Int | K::Float | K::Char | K::KwTrue | K::KwFalse | K::Underscore);
        if is_literal {
            self.bump_error();
        }
        is_literal
    }

    fn note_key(&mut self, keys: &mut Keys, key: String, span: Span) {
        if let Some(first) = keys.get(&key) {
            let problem =
                Diagnostic::new(Code::DuplicateKey, span, format!("the key `{key}` stands in this map twice"));
            let problem = problem.related(*first, "first here");
            self.report_always(problem.help("remove one of them"));
        } else {
            keys.insert(key, span);
        }
    }

    /// Passes the `:` after a key, or reports what stands in its place; whether a value may follow.
    fn colon(&mut self) -> bool {
        if self.eat(K::Colon) {
            return true;
        }
        let span = self.token_span(self.at);
        let key = self.token_text(self.at.saturating_sub(1));
        match self.kind() {
            K::Eq | K::EqEq | K::Arrow | K::ColonColon => {
                let message = format!("`{}` stands where a map takes `:`", self.word());
                self.mistake(Code::EqualsInMap, span, message, format!("write `{key}: …`"));
                self.bump_error();
                true
            }
            kind if kind.starts_expression() && !self.on_new_line() => {
                let after = self.after_previous();
                let help = format!("write `:` after the key: `{key}: …`");
                self.mistake(Code::MissingColon, after, format!("the key `{key}` has no `:`"), help);
                self.reported = Some(self.at);
                true
            }
            _ => {
                let after = self.after_previous();
                let help = format!("write `{key}: …`, also where the value is a variable of that name");
                self.mistake(Code::MissingColon, after, format!("the key `{key}` has no `:` and no value"), help);
                false
            }
        }
    }
}
