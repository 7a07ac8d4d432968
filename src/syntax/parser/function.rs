//! Functions and closures.

use std::collections::HashMap;

use super::shape::Shape;
use super::statement::End;
use super::{Context, K, MAX_ARGUMENTS, Mark, Parser};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The names of a list of parameters and where they stand.
type Names<'t> = HashMap<&'t str, Span>;

impl<'t> Parser<'t> {
    /// `fn` or `private fn` as a statement.
    pub(super) fn function(&mut self, cx: Context) -> Option<End> {
        let mark = self.mark();
        let keyword = self.token_span(self.at);
        if self.eat(K::KwPrivate) && !self.at(K::KwFn) {
            let span = self.after_previous();
            self.mistake(
                Code::UnexpectedToken,
                span,
                "`private` stands before a function alone",
                "write `private fn …`",
            );
            return Some(self.give_up(mark, K::Error));
        }
        if !cx.global {
            let help = "move it to the top level of the file, or write a closure: `let f = |x| …;`";
            let message = "a function stands inside a block or another function";
            self.report_always(Diagnostic::new(Code::MisplacedStatement, keyword, message).help(help));
        }
        self.bump();
        self.function_rest(cx, mark)
    }

    /// A function from after its `fn`; the node starts at `mark`.
    fn function_rest(&mut self, cx: Context, mark: Mark) -> Option<End> {
        // Depth is counted anew in a function; one inside another is a mistake, and is not read without end.
        let level = if cx.global { 0 } else { cx.level };
        let cx = self.deeper(Context { level, global: false, function: true, breakable: false })?;
        let receiver = self.receiver_type();
        let span = self.token_span(self.at);
        let is_nameless = matches!(self.kind(), K::LParen | K::Unit);
        let name = if is_nameless { Some(self.missing_function_name()) } else { self.name("the name of the function") };
        let Some(name) = name else {
            return Some(self.give_up(mark, K::Function));
        };
        let outer = (std::mem::take(&mut self.scope), std::mem::take(&mut self.no_pipe));
        let arity = self.parameters(name);
        if let Some(arity) = arity {
            self.define_function(receiver, name, arity, span);
            if self.at(K::Colon) || self.at(K::Arrow) {
                self.foreign("a function does not declare what it returns", "leave it out");
                self.skip_type();
            }
            self.block(cx, "`fn`")?;
        } else {
            self.skip_to_brace();
            if self.at(K::LBrace) {
                self.block(cx, "`fn`")?;
            }
        }
        (self.scope, self.no_pipe) = outer;
        self.finish(mark, K::Function);
        Some(End::Empty)
    }

    fn missing_function_name(&mut self) -> &'t str {
        let span = self.after_previous();
        let help = "write `fn name(…) { … }`; a function that is a value is a closure, `|a, b| …`";
        self.mistake(Code::MissingName, span, "the name of the function is missing", help);
        ""
    }

    /// The type in `fn type.name(…)`.
    fn receiver_type(&mut self) -> &'t str {
        if !matches!(self.kind(), K::Ident | K::Text) {
            return "";
        }
        let word = self.word();
        if self.nth(1) == K::Dot {
            self.bump();
            self.bump();
        } else if self.at(K::Text) {
            let help = "write `fn name(…)`";
            let span = self.token_span(self.at);
            self.mistake(Code::MissingName, span, "a text stands where the name of the function should", help);
            self.bump_error();
        }
        match word.trim_matches(['"', '`']) {
            "int" => "i64",
            "float" => "f64",
            other => other,
        }
    }

    fn define_function(&mut self, receiver: &'t str, name: &'t str, arity: usize, span: Span) {
        if name.is_empty() {
            return;
        }
        if let Some(first) = self.functions.get(&(receiver, name, arity)).copied() {
            let message = format!("`{name}` with {arity} parameters is defined twice");
            let problem = Diagnostic::new(Code::DuplicateFunction, span, message);
            self.report_always(problem.related(first, "first defined here").help("give one of them another name"));
        } else {
            self.functions.insert((receiver, name, arity), span);
        }
    }

    /// `(a, b)`; how many there are.
    fn parameters(&mut self, function: &str) -> Option<usize> {
        let mark = self.mark();
        if self.at(K::Unit) {
            self.bump();
            self.finish(mark, K::Parameters);
            return Some(0);
        }
        if !self.at(K::LParen) {
            let span = self.after_previous();
            let message = format!("the parameters of `{function}` are missing");
            self.mistake(Code::MissingName, span, message, format!("write `fn {function}()`, also where it has none"));
            return None;
        }
        self.open();
        let names = self.parameter_names(K::RParen);
        self.close();
        self.finish(mark, K::Parameters);
        Some(names)
    }

    /// Parameters separated by `,`, up to `closer`; how many there are.
    fn parameter_names(&mut self, closer: K) -> usize {
        let mut names = Names::new();
        let mut count = 0;
        while !self.at(closer) && !self.at_end() {
            if count == MAX_ARGUMENTS {
                self.too_many("parameters");
            }
            let span = self.token_span(self.at);
            let Some(name) = self.name("the name of a parameter") else { break };
            self.check_duplicate(&names, name, span);
            names.entry(name).or_insert(span);
            self.scope.define(name, false);
            count += 1;
            self.parameter_extra();
            if self.at(K::Ident) && matches!(self.nth(1), K::Comma | K::RParen | K::Pipe) {
                let after = self.after_previous();
                self.mistake(Code::MissingComma, after, "parameters are separated by `,`", "write `,` between them");
            } else if !self.eat(K::Comma) {
                break;
            }
        }
        count
    }

    /// A type or default value, which parameters do not have.
    fn parameter_extra(&mut self) {
        if self.at(K::Colon) {
            self.foreign("a parameter does not declare a type", "leave out the `:` and the type");
            self.skip_type();
        }
        if self.at(K::Eq) {
            let help = "define a second function with fewer parameters that calls this one";
            self.foreign("a parameter has no default value", help);
            let mark = self.mark();
            self.bump();
            if self.kind().starts_expression() {
                self.bump();
            }
            self.finish(mark, K::Error);
        }
    }

    /// `|a, b| …`
    pub(super) fn closure(&mut self, cx: Context) -> Option<Shape<'t>> {
        let mark = self.mark();
        let outer = (std::mem::take(&mut self.scope), std::mem::take(&mut self.no_pipe));
        if self.at(K::PipePipe) {
            let parameters = self.mark();
            self.bump();
            self.finish(parameters, K::Parameters);
        } else {
            self.closure_parameters();
        }
        self.closure_body(cx)?;
        (self.scope, self.no_pipe) = outer;
        self.finish(mark, K::Closure);
        Some(Shape::Closure)
    }

    fn closure_parameters(&mut self) {
        let mark = self.mark();
        self.bump();
        self.parameter_names(K::Pipe);
        if !self.eat(K::Pipe) {
            let span = self.after_previous();
            let help = "close them with `|`, as in `|a, b| a + b`";
            self.mistake(Code::UnclosedBracket, span, "the parameters of a closure end with `|`", help);
            self.reported = Some(self.at);
            if self.skip_to(K::Pipe) {
                self.bump();
            }
        }
        self.finish(mark, K::Parameters);
    }

    fn closure_body(&mut self, cx: Context) -> Option<()> {
        if self.at(K::Arrow) || self.at(K::Colon) {
            self.foreign(format!("{} stands in a closure", self.found()), "a closure is written `|x| …`, without it");
            self.bump_error();
        }
        let cx = Context { global: false, function: true, breakable: false, ..cx };
        let cx = self.deeper(cx)?;
        let starts = self.kind().starts_expression() || self.kind().starts_statement_only();
        if !starts {
            self.missing_expression("the body of the closure");
            return Some(());
        }
        self.statement(cx);
        Some(())
    }

    /// `function f(…)`, `def f(…)` and the like.
    pub(super) fn is_foreign_function(&self) -> bool {
        matches!(self.word(), "function" | "def" | "func" | "fun" | "sub" | "proc")
            && self.nth(1) == K::Ident
            && matches!(self.nth(2), K::LParen | K::Unit)
            && !self.line_breaks_before(self.at + 1)
    }

    pub(super) fn foreign_function(&mut self, cx: Context) -> Option<End> {
        let mark = self.mark();
        self.foreign(format!("the language has no `{}`", self.word()), "write `fn`");
        self.bump_error();
        if !cx.global {
            return Some(self.give_up(mark, K::Error));
        }
        self.function_rest(cx, mark)
    }

    /// `var x = …`
    pub(super) fn foreign_let(&mut self, cx: Context) -> Option<End> {
        let mark = self.mark();
        self.foreign("the language has no `var`", "write `let`");
        let cx = self.deeper(cx)?;
        self.let_(cx, mark)
    }

    /// `fn (a) { … }` where a value belongs.
    pub(super) fn foreign_closure(&mut self, cx: Context) -> Option<Shape<'t>> {
        let mark = self.mark();
        self.foreign("a function has a name and is no value", "write a closure: `|a, b| …`");
        self.bump();
        if self.at(K::Ident) {
            self.bump();
        }
        let outer = std::mem::take(&mut self.scope);
        self.parameters("f");
        let cx = self.deeper(Context { global: false, function: true, breakable: false, ..cx })?;
        self.block(cx, "this")?;
        self.scope = outer;
        self.finish(mark, K::Closure);
        Some(Shape::Broken)
    }
}
