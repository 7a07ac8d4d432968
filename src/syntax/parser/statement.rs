//! One statement.

use super::{Context, K, Parser};
use crate::diagnostic::{Code, Diagnostic};

/// How a statement ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Nothing that asks for a separator: an empty statement, a function.
    Empty,
    /// With its own brace: a `;` may follow.
    Closed,
    /// A `;` must follow, unless it is the last.
    Open,
    /// It could not be read to its end.
    Broken,
}

impl<'t> Parser<'t> {
    pub(super) fn statement(&mut self, cx: Context) -> End {
        self.try_statement(cx).unwrap_or(End::Broken)
    }

    fn try_statement(&mut self, cx: Context) -> Option<End> {
        let end = match self.kind() {
            K::Eof => End::Empty,
            K::Semicolon => {
                let mark = self.mark();
                self.bump();
                self.finish(mark, K::EmptyStatement);
                End::Empty
            }
            K::LBrace if !self.looks_like_map() => {
                let cx = self.deeper(cx)?;
                self.block(cx, "this")?;
                End::Closed
            }
            K::KwFn | K::KwPrivate => self.function(cx)?,
            K::KwIf => self.closed(cx, Self::if_)?,
            K::KwSwitch => self.closed(cx, Self::switch)?,
            K::KwWhile | K::KwLoop => self.closed(cx, Self::while_)?,
            K::KwFor => self.closed(cx, Self::for_)?,
            K::KwTry => self.closed(cx, Self::try_)?,
            K::KwDo => self.closed(cx, Self::do_).map(|_| End::Open)?,
            K::KwContinue | K::KwBreak => self.leave_loop(cx)?,
            K::KwReturn | K::KwThrow => self.leave(cx)?,
            K::KwLet | K::KwConst => {
                let (cx, mark) = (self.deeper(cx)?, self.mark());
                self.let_(cx, mark)?
            }
            K::KwImport => self.import(cx)?,
            K::KwExport => self.export(cx)?,
            K::Reserved if self.word() == "var" && self.nth(1) == K::Ident => self.foreign_let(cx)?,
            K::Ident if self.is_foreign_function() => self.foreign_function(cx)?,
            K::Ident if self.word() == "foreach" && self.nth(1) == K::Ident && self.nth(2) == K::KwIn => {
                self.foreign("the language has no `foreach`", "write `for`");
                self.closed(cx, Self::for_)?
            }
            K::Reserved if matches!(self.nth(1), K::KwFn | K::KwLet | K::KwConst) => {
                self.foreign(format!("the language has no `{}`", self.word()), "leave it out");
                self.bump_error();
                self.try_statement(cx)?
            }
            K::KwElse | K::KwCatch => self.headless(cx)?,
            _ => self.expression_statement(cx)?,
        };
        Some(end)
    }

    fn closed(&mut self, cx: Context, read: fn(&mut Self, Context) -> Option<()>) -> Option<End> {
        let cx = self.deeper(cx)?;
        read(self, cx)?;
        Some(End::Closed)
    }

    fn expression_statement(&mut self, cx: Context) -> Option<End> {
        let cx = self.deeper(cx)?;
        let mark = self.mark();
        let target = self.expression(cx);
        if self.at == mark.at {
            return Some(End::Broken);
        }
        if !self.kind().is_assignment() {
            self.finish(mark, K::ExpressionStatement);
            return Some(End::Open);
        }
        let (span, operator) = (self.span_since(mark), self.at);
        self.bump();
        self.value(cx, operator);
        self.check_target(target, span, operator);
        self.finish(mark, K::Assignment);
        Some(End::Open)
    }

    /// `else` or `catch` without what it belongs to.
    fn headless(&mut self, cx: Context) -> Option<End> {
        let (span, word) = (self.token_span(self.at), self.word());
        let owner = if self.at(K::KwElse) { "if" } else { "try" };
        let help = format!("it stands right after the `}}` of its `{owner}`, without a `;` between");
        self.mistake(Code::UnexpectedToken, span, format!("`{word}` without its `{owner}`"), help);
        let mark = self.mark();
        self.bump();
        let cx = self.deeper(cx)?;
        if self.at(K::KwIf) || self.at(K::LBrace) {
            self.statement(cx);
        }
        self.finish(mark, K::Error);
        Some(End::Closed)
    }

    /// The value after the operator at `operator`.
    fn value(&mut self, cx: Context, operator: usize) {
        if self.starts_value() {
            self.expression(cx);
        } else {
            let what = format!("the value after `{}`", self.token_text(operator));
            self.missing_expression(&what);
        }
    }

    /// Whether a value starts here, as far as can be told: not at the next line's `let`.
    pub(super) fn starts_value(&self) -> bool {
        let is_next_assignment = self.on_new_line() && self.at(K::Ident) && self.nth(1) == K::Eq;
        !is_next_assignment && self.can_start()
    }

    /// Whether the current token can start an expression, or stands where one was meant.
    fn can_start(&self) -> bool {
        let kind = self.kind();
        kind.starts_expression() || kind == K::KwFn || kind == K::Underscore
    }

    /// `break`, `continue`.
    fn leave_loop(&mut self, cx: Context) -> Option<End> {
        let mark = self.mark();
        let (span, is_break) = (self.token_span(self.at), self.at(K::KwBreak));
        if !cx.breakable {
            let message = format!("`{}` stands outside of a loop", self.word());
            let help = "it leaves a `for`, `while` or `loop`; leave a function or closure with `return`";
            self.report_always(Diagnostic::new(Code::MisplacedStatement, span, message).help(help));
        }
        self.bump();
        if is_break {
            let cx = self.deeper(cx)?;
            if self.kind().starts_expression() {
                self.expression(cx);
            }
        }
        self.finish(mark, if is_break { K::Break } else { K::Continue });
        Some(End::Open)
    }

    /// `return`, `throw`.
    pub(super) fn leave(&mut self, cx: Context) -> Option<End> {
        let mark = self.mark();
        let kind = if self.at(K::KwReturn) { K::Return } else { K::Throw };
        self.bump();
        let cx = self.deeper(cx)?;
        if self.kind().starts_expression() && !(self.no_pipe && self.at(K::Pipe)) {
            self.expression(cx);
        }
        self.finish(mark, kind);
        Some(End::Open)
    }

    /// `let` and `const`, in a node from `mark`; the current token is the keyword.
    pub(super) fn let_(&mut self, cx: Context, mark: super::Mark) -> Option<End> {
        let constant = self.at(K::KwConst);
        self.bump();
        if matches!(self.kind(), K::KwLet | K::KwConst) {
            let help = "`let` makes a variable, `const` a constant: write one of them";
            self.foreign(format!("`{}` after another of its kind", self.word()), help);
            self.bump_error();
        } else if self.at(K::Ident) && self.word() == "mut" && self.nth(1) == K::Ident {
            self.foreign("`mut` is not needed", "leave it out: a variable made with `let` can change");
            self.bump_error();
        }
        if matches!(self.kind(), K::LParen | K::LBracket | K::LBrace | K::MapStart) && !self.on_new_line() {
            self.foreign("a variable has one name", "define the variables one by one: `let a = x[0];`");
            return Some(self.give_up(mark, K::Let));
        }
        let Some(name) = self.name("the name of the variable") else {
            return Some(self.give_up(mark, K::Let));
        };
        if self.at(K::Colon) {
            self.foreign("a variable does not declare a type", "leave out the `:` and the type");
            self.skip_type();
        }
        if self.at(K::Eq) || self.at(K::EqEq) {
            self.assigned(cx)?;
        }
        self.scope.define(name, constant);
        self.finish(mark, K::Let);
        Some(End::Open)
    }

    fn assigned(&mut self, cx: Context) -> Option<()> {
        if self.at(K::EqEq) {
            let span = self.token_span(self.at);
            self.mistake(Code::UnexpectedToken, span, "`==` compares", "write `=` to give the variable its value");
        }
        let operator = self.at;
        self.bump();
        let cx = self.deeper(cx)?;
        self.value(cx, operator);
        Some(())
    }

    /// Leaves out a type after a `:`, up to what may follow it.
    pub(super) fn skip_type(&mut self) {
        let mark = self.mark();
        self.bump();
        while matches!(self.kind(), K::Ident | K::Reserved | K::ColonColon | K::Lt | K::Gt | K::Question | K::Unit) {
            self.bump();
        }
        self.finish(mark, K::Error);
    }

    /// Ends a node that could not be read to its end, and its statement with it.
    pub(super) fn give_up(&mut self, mark: super::Mark, kind: K) -> End {
        self.skip_statement();
        self.finish(mark, kind);
        End::Broken
    }

    fn import(&mut self, cx: Context) -> Option<End> {
        let mark = self.mark();
        self.bump();
        let cx = self.deeper(cx)?;
        let cx = self.deeper(cx)?;
        if self.nth(1) == K::Ident && matches!(self.token_text(self.at + 1), "from") || self.at(K::LBrace) {
            let help = "write `import \"./path\" as name;` and use `name::…`";
            self.foreign("an import names the whole module", help);
            return Some(self.give_up(mark, K::Import));
        }
        if !self.kind().starts_expression() {
            self.missing_expression("the path of the module");
            return Some(self.give_up(mark, K::Import));
        }
        self.expression(cx);
        if self.eat(K::KwAs) && self.name("the module's name").is_none() {
            return Some(self.give_up(mark, K::Import));
        }
        self.finish(mark, K::Import);
        Some(End::Open)
    }

    fn export(&mut self, cx: Context) -> Option<End> {
        let mark = self.mark();
        if !cx.global {
            let span = self.token_span(self.at);
            let help = "move it to the top level of the file";
            self.report_always(
                Diagnostic::new(Code::MisplacedStatement, span, "`export` stands inside a block").help(help),
            );
        }
        self.bump();
        let cx = self.deeper(cx)?;
        match self.kind() {
            K::KwLet | K::KwConst => {
                let cx = self.deeper(cx)?;
                let inner = self.mark();
                self.let_(cx, inner)?;
            }
            K::KwFn | K::KwPrivate => {
                let help = "leave out `export`: every function of a module is exported, unless it is `private`";
                self.foreign("a function is not exported by `export`", help);
                self.finish(mark, K::Error);
                return self.function(cx);
            }
            _ => {
                if self.name("the variable to export").is_none() {
                    return Some(self.give_up(mark, K::Export));
                }
                if self.eat(K::KwAs) && self.name("the name to export it by").is_none() {
                    return Some(self.give_up(mark, K::Export));
                }
            }
        }
        self.finish(mark, K::Export);
        Some(End::Open)
    }

    /// A name that is being given; reports what stands in its place.
    pub(super) fn name(&mut self, what: &str) -> Option<&'t str> {
        let (span, word) = (self.token_span(self.at), self.word());
        match self.kind() {
            K::Ident => {
                self.bump();
                return Some(word);
            }
            K::Reserved => {
                let message = format!("`{word}` is a reserved word and cannot be a name");
                self.mistake(Code::ReservedWord, span, message, format!("take another name, such as `{word}_`"));
                self.bump();
                return Some(word);
            }
            kind if kind.is_keyword() && !self.on_new_line() => {
                let message = format!("`{word}` is a word of the language and cannot be a name");
                self.mistake(Code::ReservedWord, span, message, format!("take another name, such as `{word}_`"));
                self.bump();
                return Some(word);
            }
            K::Underscore => {
                let message = "`_` is not a name";
                self.mistake(Code::MissingName, span, message, "take a name, such as `_unused`");
                self.bump();
                return Some(word);
            }
            _ => {}
        }
        self.missing_name(what);
        None
    }

    fn missing_name(&mut self, what: &str) {
        if self.on_new_line() || matches!(self.kind(), K::Eq | K::Semicolon | K::Eof) || self.kind().is_closer() {
            let span = self.after_previous();
            return self.error(Code::MissingName, span, format!("{what} is missing"));
        }
        let message = format!("{} stands where {what} should", self.found());
        let span = self.token_span(self.at);
        self.error(Code::MissingName, span, message);
    }
}
