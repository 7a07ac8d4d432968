//! Statements one after the other, blocks, and the statements that hold blocks.

use std::collections::HashMap;

use super::statement::End;
use super::{Context, K, Parser};
use crate::diagnostic::Code;

impl Parser<'_> {
    /// Statements up to the end of the innermost open bracket, or of the text.
    pub(super) fn statements(&mut self, cx: Context) {
        while !self.at_end() {
            let before = self.at;
            let end = self.statement(cx);
            if self.at == before {
                self.stray();
                self.skip_statement();
            }
            self.separator(cx, end);
        }
    }

    /// What stands between two statements.
    fn separator(&mut self, cx: Context, end: End) {
        if self.at(K::Semicolon) {
            if end != End::Empty {
                self.bump();
            }
            return;
        }
        match end {
            End::Empty | End::Closed => {}
            End::Broken => self.reported = Some(self.at),
            End::Open if self.at_end() => {}
            End::Open => self.missing_semicolon(cx),
        }
    }

    fn missing_semicolon(&mut self, cx: Context) {
        let kind = self.kind();
        if kind == K::LBrace && !self.on_new_line() {
            return self.headless_block(cx);
        }
        if matches!(kind, K::KwElse | K::KwCatch) {
            // It is the next statement, and says so.
            return;
        }
        if kind.starts_expression() || kind.starts_statement_only() {
            let span = self.after_previous();
            let help = match kind {
                K::Ident | K::Int if self.previous_is(K::Text) && !self.on_new_line() => {
                    "write `;` after the statement; a quote inside a text is written `\\\"`"
                }
                K::Text | K::TemplateStart | K::Int | K::Ident if !self.on_new_line() && self.previous_is(K::Ident) => {
                    "write `;` after the statement; the arguments of a call stand in `( )`"
                }
                K::LParen | K::Unit => "write `;` after the statement; a closure is called with `f.call(…)`",
                _ => "write `;` after the statement",
            };
            self.mistake(Code::MissingSemicolon, span, "a statement ends with `;`", help);
            if !self.on_new_line() && !kind.starts_statement_only() && !self.starts_own_statement() {
                self.skip_statement();
            }
            return self.reported_here();
        }
        let span = self.token_span(self.at);
        let message = format!("{} cannot stand here, after a complete statement", self.found());
        match kind {
            K::Eq | K::EqEq => self.mistake(Code::UnexpectedToken, span, message, "compare with `==`, assign with `=`"),
            K::Colon => {
                let help = "`:` stands between a key and its value in a map, `#{ key: value }`";
                self.mistake(Code::UnexpectedToken, span, message, help);
            }
            _ => self.mistake(Code::UnexpectedToken, span, message, "end the statement with `;`, or remove this"),
        }
        self.skip_statement();
        if self.at(K::Semicolon) {
            self.bump();
        }
        self.reported_here();
    }

    /// Whether what follows on the same line reads like a statement of its own, not like the rest of this one.
    fn starts_own_statement(&self) -> bool {
        let follows =
            matches!(self.nth(1), K::LParen | K::Unit | K::Dot | K::ColonColon) || self.nth(1).is_assignment();
        self.at(K::Ident) && follows
            || matches!(self.kind(), K::KwIf | K::KwFor | K::KwWhile | K::KwLoop | K::KwSwitch | K::KwDo)
    }

    /// A block after a value: the `if` before it is missing, or another word.
    fn headless_block(&mut self, cx: Context) {
        let span = self.token_span(self.at);
        let help = "write `if`, `while` or `switch` before the value, or `;` after it";
        self.mistake(Code::UnexpectedToken, span, "a block cannot follow a value", help);
        if self.nth(2) == K::Arrow {
            return self.bump_error();
        }
        // What it holds is read; what follows it would be the same mistake.
        self.block(cx, "this");
        while self.at(K::KwElse) {
            self.bump();
            if self.eat(K::KwIf) {
                self.condition(cx, "the condition of `if`");
            }
            self.block(cx, "`else`");
        }
    }

    /// Keeps the current token from being reported a second time.
    fn reported_here(&mut self) {
        self.reported = Some(self.at);
    }

    pub(super) fn previous_is(&self, kind: K) -> bool {
        self.at.checked_sub(1).is_some_and(|at| self.items[at].kind == kind)
    }

    /// `{ … }`, which belongs to `owner`.
    pub(super) fn block(&mut self, cx: Context, owner: &str) -> Option<()> {
        if !self.at(K::LBrace) && !self.missing_block(owner) {
            return Some(());
        }
        if self.looks_like_map() {
            let span = self.token_span(self.at);
            let help = "a block's value that is a map is written `{ #{ key: value } }`";
            self.mistake(Code::BraceForMap, span, "`{` starts a block, not a map", help);
        }
        let mark = self.mark();
        self.open();
        let cx = Context { global: false, ..self.deeper(cx)? };
        let known = self.scope.len();
        self.statements(cx);
        self.close();
        self.scope.forget(known);
        self.finish(mark, K::Block);
        Some(())
    }

    /// Reports that a block is missing; whether one follows on the same line all the same.
    fn missing_block(&mut self, owner: &str) -> bool {
        let message = format!("the block of {owner} is missing");
        let help = match self.kind() {
            K::Eq => "compare with `==`",
            K::Ident if self.word() == "then" => "leave out `then`",
            K::Colon | K::Arrow => "write `{ … }`",
            _ => "write it in `{ … }`",
        };
        let is_gap = self.on_new_line() || self.kind().is_closer() || matches!(self.kind(), K::Semicolon | K::Eof);
        let span = if is_gap { self.after_previous() } else { self.token_span(self.at) };
        self.mistake(Code::MissingBlock, span, message, help);
        let found = !self.on_new_line() && self.skip_to_brace();
        if !found {
            self.reported_here();
        }
        found
    }

    /// A condition: `if`, `while`, `until`, the guard of a `switch` case.
    pub(super) fn condition(&mut self, cx: Context, what: &str) {
        let mark = self.mark();
        if self.at(K::LBrace) || !self.kind().starts_expression() {
            return self.missing_expression(what);
        }
        let outer = self.condition_depth.replace(self.open.len());
        let shape = self.expression(cx);
        self.condition_depth = outer;
        let span = self.span_since(mark);
        self.check_bool(shape, span);
        if self.at(K::Eq) {
            let at = self.token_span(self.at);
            self.mistake(Code::UnexpectedToken, at, "`=` assigns and is no condition", "compare with `==`");
            self.bump();
            self.expression(cx);
        }
    }

    pub(super) fn if_(&mut self, cx: Context) -> Option<()> {
        let mark = self.mark();
        self.bump();
        let cx = self.deeper(cx)?;
        self.condition(cx, "the condition of `if`");
        self.block(cx, "`if`")?;
        if self.is_foreign_else() {
            self.foreign(format!("the language has no `{}`", self.word()), "write `else if`");
            self.if_(cx)?;
        } else if self.eat(K::KwElse) {
            self.else_rest(cx)?;
        }
        self.finish(mark, K::If);
        Some(())
    }

    /// What follows `else`.
    fn else_rest(&mut self, cx: Context) -> Option<()> {
        if self.at(K::KwIf) { self.if_(cx) } else { self.else_block(cx) }
    }

    fn is_foreign_else(&self) -> bool {
        self.at(K::Ident) && matches!(self.word(), "elif" | "elsif" | "elseif" | "elseIf")
    }

    fn else_block(&mut self, cx: Context) -> Option<()> {
        if !self.at(K::LBrace) && self.kind().starts_expression() && !self.on_new_line() {
            let span = self.token_span(self.at);
            let message = "`else` is followed by its block or by another `if`";
            self.mistake(Code::MissingBlock, span, message, "write `else if …`, or `else { … }`");
            let here = self.mark();
            if !self.skip_to_brace() {
                self.expression(cx);
                self.finish(here, K::Error);
                return Some(());
            }
            self.block(cx, "`else`")?;
            let cx = self.deeper(cx)?;
            return if self.eat(K::KwElse) { self.else_rest(cx) } else { Some(()) };
        }
        self.block(cx, "`else`")
    }

    pub(super) fn while_(&mut self, cx: Context) -> Option<()> {
        let (mark, is_while) = (self.mark(), self.at(K::KwWhile));
        self.bump();
        let cx = self.deeper(cx)?;
        if is_while {
            self.condition(cx, "the condition of `while`");
        }
        self.block(Context { breakable: true, ..cx }, if is_while { "`while`" } else { "`loop`" })?;
        self.finish(mark, if is_while { K::While } else { K::Loop });
        Some(())
    }

    pub(super) fn do_(&mut self, cx: Context) -> Option<()> {
        let mark = self.mark();
        self.bump();
        let cx = self.deeper(cx)?;
        self.block(Context { breakable: true, ..cx }, "`do`")?;
        if self.eat(K::KwWhile) || self.eat(K::KwUntil) {
            self.condition(cx, "the condition of `do`");
        } else {
            let span = self.after_previous();
            let help = "write `while …` or `until …` after the block; a loop without a condition is `loop { … }`";
            self.mistake(Code::MissingExpression, span, "the condition of `do` is missing", help);
        }
        self.finish(mark, K::Do);
        Some(())
    }

    pub(super) fn for_(&mut self, cx: Context) -> Option<()> {
        let mark = self.mark();
        self.bump();
        let cx = self.deeper(cx)?;
        if self.at(K::LParen) && matches!(self.nth(1), K::KwLet | K::Semicolon) {
            let help = "write `for i in 0..10 { … }` to count, or `while condition { … }`";
            self.foreign("`for` goes through the items of something", help);
            self.bump_error();
            self.block(Context { breakable: true, ..cx }, "`for`")?;
            self.finish(mark, K::For);
            return Some(());
        }
        let Some(names) = self.loop_names() else {
            if self.skip_to_brace() {
                self.block(Context { breakable: true, ..cx }, "`for`")?;
            } else {
                self.skip_statement();
            }
            self.finish(mark, K::For);
            return Some(());
        };
        if !self.eat(K::KwIn) {
            self.missing_in();
        }
        let items = self.mark();
        if self.at(K::LBrace) || !self.kind().starts_expression() {
            self.missing_expression("what `for` goes through");
        } else {
            let shape = self.expression(cx);
            let span = self.span_since(items);
            self.check_iterable(shape, span);
        }
        let known = self.scope.len();
        for name in names.into_iter().flatten() {
            self.scope.define(name, false);
        }
        self.block(Context { breakable: true, ..cx }, "`for`")?;
        self.scope.forget(known);
        self.finish(mark, K::For);
        Some(())
    }

    fn missing_in(&mut self) {
        let is_other = self.at(K::Ident) && self.word() == "of" || matches!(self.kind(), K::Colon | K::Eq);
        let span = if is_other { self.token_span(self.at) } else { self.after_previous() };
        let help = "write `for name in array { … }`, or `for i in 0..10 { … }` to count";
        self.mistake(Code::UnexpectedToken, span, "`for` wants `in` after its variable", help);
        if is_other {
            self.bump_error();
        }
    }

    pub(super) fn try_(&mut self, cx: Context) -> Option<()> {
        let mark = self.mark();
        self.bump();
        let cx = self.deeper(cx)?;
        self.block(cx, "`try`")?;
        let known = self.scope.len();
        if self.eat(K::KwCatch) {
            if self.at(K::LParen) {
                self.catch_name();
            } else if self.at(K::Unit) {
                let span = self.token_span(self.at);
                self.mistake(
                    Code::MissingName,
                    span,
                    "`()` holds no name",
                    "write `catch { … }` or `catch (error) { … }`",
                );
                self.bump_error();
            }
            self.block(cx, "`catch`")?;
        } else {
            let span = self.after_previous();
            self.mistake(Code::MissingBlock, span, "`try` without `catch`", "write `catch { … }` after the block");
        }
        self.scope.forget(known);
        self.finish(mark, K::Try);
        Some(())
    }

    fn catch_name(&mut self) {
        self.open();
        if let Some(name) = self.name("the name for what was thrown") {
            self.scope.define(name, false);
        }
        self.close();
    }
}

impl<'t> Parser<'t> {
    /// The variable of a `for`, and its counter: `x`, or `(x, i)`.
    fn loop_names(&mut self) -> Option<[Option<&'t str>; 2]> {
        if !self.at(K::LParen) {
            return Some([Some(self.name("the variable of `for`")?), None]);
        }
        self.open();
        let mut names = HashMap::new();
        let span = self.token_span(self.at);
        let first = self.name("the variable of `for`");
        if first.is_none() || !self.eat(K::Comma) {
            let span = self.after_previous();
            let help = "write `for x in items { … }`, or `for (x, i) in items { … }` to count along";
            self.mistake(Code::MissingComma, span, "`for (…)` wants a variable, `,` and a counter", help);
            self.skip_for_head();
            return None;
        }
        names.insert(first?, span);
        let span = self.token_span(self.at);
        let second = self.name("the counter of `for`");
        if let Some(second) = second {
            self.check_duplicate(&names, second, span);
        }
        self.close();
        Some([second, first])
    }

    /// Passes the brackets of a `for` that could not be read.
    fn skip_for_head(&mut self) {
        let mark = self.mark();
        while !self.at_end() {
            self.bump_group();
        }
        self.finish(mark, K::Error);
        self.close();
    }
}
