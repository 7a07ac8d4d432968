//! Tokens to a tree: the grammar and the parse-time checks of Rhai 1.27, with every mistake reported where it is.
//!
//! The functions follow Rhai's own, so that both count nesting alike and accept the same texts; unlike Rhai, this
//! parser goes on after a mistake. Nodes are stored as they are finished, children first.

mod checks;
mod expression;
mod function;
mod list;
mod postfix;
mod primary;
mod recovery;
mod scope;
mod shape;
mod statement;
mod statements;
mod switch;

use std::collections::HashMap;

use self::scope::Scope;
use super::brackets::{self, Item, NO_PAIR};
use super::tree::{RawNode, RawToken, Tree};
use super::{MAX_ARGUMENTS, MAX_DEPTH, MAX_PROBLEMS, Parsed, SyntaxKind as K, lexer};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Span};

/// Reads `text`.
pub(super) fn parse(source: SourceId, text: &str) -> Parsed {
    let (mut tokens, mut diagnostics) = lexer::lex(source, text);
    let (items, pairs) = brackets::balance(source, text, &mut tokens, &mut diagnostics);
    let mut parser = Parser {
        source,
        text,
        tokens,
        items,
        pairs,
        at: 0,
        nodes: Vec::new(),
        diagnostics,
        open: Vec::new(),
        scope: Scope::default(),
        functions: HashMap::new(),
        no_pipe: false,
        arrow_expected: false,
        condition_depth: None,
        reported: None,
        stopped: false,
        quiet: false,
    };
    parser.root();
    let Parser { tokens, nodes, mut diagnostics, .. } = parser;
    diagnostics.sort_by_key(|diagnostic| (diagnostic.primary.span.start, diagnostic.primary.span.end));
    Parsed { tree: Tree::new(source, text, tokens, nodes), diagnostics }
}

/// What holds for a part of the text: handed down, never up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context {
    level: usize,
    /// At the top level, where `fn` and `export` may stand.
    global: bool,
    /// In a function or closure, where `this` means something.
    function: bool,
    /// In a loop, where `break` and `continue` may stand.
    breakable: bool,
}

/// A place to wrap a node from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    at: usize,
    nodes: u32,
}

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is on or off for a stretch of the text, whatever the others are"
)]
pub(super) struct Parser<'t> {
    source: SourceId,
    text: &'t str,
    tokens: Vec<RawToken>,
    /// The tokens that are no trivia; all brackets have their partner.
    items: Vec<Item>,
    /// The partner of each opening bracket among them.
    pairs: Vec<u32>,
    /// The current item.
    at: usize,
    nodes: Vec<RawNode>,
    diagnostics: Vec<Diagnostic>,
    /// Where the brackets that are open end, innermost last.
    open: Vec<usize>,
    scope: Scope<'t>,
    functions: HashMap<(&'t str, &'t str, usize), Span>,
    /// Between the values of a `switch` case, where `|` is no operator.
    no_pipe: bool,
    /// Before the `=>` of a `switch` case.
    arrow_expected: bool,
    /// How many brackets are open around the condition that is being read: after it comes a block.
    condition_depth: Option<usize>,
    /// The token at which the last mistake was noticed.
    reported: Option<usize>,
    /// Nested too deeply: the rest is not read.
    stopped: bool,
    /// In a text whose end is missing: what is wrong there comes from that.
    quiet: bool,
}

impl<'t> Parser<'t> {
    fn root(&mut self) {
        let cx = Context { level: 0, global: true, function: false, breakable: false };
        let mark = self.mark();
        self.statements(cx);
        let end = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
        self.nodes.push(RawNode::new(K::Root, 0, end, mark.nodes));
    }

    // Tokens.

    fn kind(&self) -> K {
        self.nth(0)
    }

    /// The kind of the token `ahead` of the current one.
    fn nth(&self, ahead: usize) -> K {
        if self.stopped { K::Eof } else { self.items.get(self.at + ahead).map_or(K::Eof, |item| item.kind) }
    }

    fn at(&self, kind: K) -> bool {
        self.kind() == kind
    }

    /// Whether the innermost open bracket ends here, or the text.
    fn at_end(&self) -> bool {
        self.at(K::Eof) || self.open.last() == Some(&self.at)
    }

    /// Passes a token, but never the end of the innermost open bracket.
    fn bump(&mut self) {
        if !self.at_end() {
            self.at += 1;
        }
    }

    /// Passes a token, and where it opens a bracket, all up to its end.
    fn bump_group(&mut self) {
        if !self.at_end() {
            self.at = self.end_of_group(self.at) + 1;
        }
    }

    /// The last token of the group that starts at `at`: the token itself, where it opens nothing.
    fn end_of_group(&self, at: usize) -> usize {
        let mut end = at;
        // The parts of a text with interpolations are one group.
        while let Some(pair) = self.pairs.get(end).filter(|pair| **pair != NO_PAIR) {
            end = *pair as usize;
        }
        end
    }

    fn eat(&mut self, kind: K) -> bool {
        let found = self.at(kind) && !self.at_end();
        if found {
            self.bump();
        }
        found
    }

    /// Where item `at` stands; the end of the text behind the last one.
    fn token_span(&self, at: usize) -> Span {
        let end_of_text = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let start = |raw: u32| self.tokens.get(raw as usize).map_or(end_of_text, |token| token.start);
        match self.items.get(at) {
            Some(item) => Span::new(self.source, start(item.raw), start(item.raw + u32::from(!item.ghost))),
            None => Span::new(self.source, end_of_text, end_of_text),
        }
    }

    fn token_text(&self, at: usize) -> &'t str {
        &self.text[self.token_span(at).range()]
    }

    /// The current token's text.
    fn word(&self) -> &'t str {
        self.token_text(self.at)
    }

    /// Whether a line ends between item `at` and the one before it.
    fn line_breaks_before(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map_or(0, |at| self.token_span(at).end);
        self.text[before as usize..self.token_span(at).start.max(before) as usize].contains('\n')
    }

    /// Whether a new line starts with the current token.
    fn on_new_line(&self) -> bool {
        self.at == 0 || self.line_breaks_before(self.at)
    }

    // Nodes.

    fn mark(&self) -> Mark {
        Mark { at: self.at, nodes: u32::try_from(self.nodes.len()).unwrap_or(u32::MAX) }
    }

    /// Makes a node of everything since `mark`.
    fn finish(&mut self, mark: Mark, kind: K) {
        let after_last = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
        let first = self.items.get(mark.at).map_or(after_last, |item| item.raw);
        let last = self.at.checked_sub(1).filter(|last| *last >= mark.at).map(|last| self.items[last]);
        let end = last.map_or(first, |last| last.raw + u32::from(!last.ghost));
        // What is missing at its end stands where the next token does, behind a space, and lies in it all the same.
        let inside = self.nodes.get(mark.nodes as usize..).and_then(<[RawNode]>::last);
        let end = inside.map_or(end, |inside| end.max(inside.end));
        self.nodes.push(RawNode::new(kind, first, end, mark.nodes));
    }

    // Depth.

    /// One level further down; `None`, and the end of all reading, where that is too deep.
    fn deeper(&mut self, cx: Context) -> Option<Context> {
        if cx.level < MAX_DEPTH {
            return Some(Context { level: cx.level + 1, ..cx });
        }
        if !self.stopped {
            let span = self.token_span(self.at.min(self.items.len().saturating_sub(1)));
            let message = format!("nested too deeply: {MAX_DEPTH} levels are read");
            let help = "give a part of it a name with `let` and use the name; a long chain of `+` counts too";
            self.report_always(Diagnostic::new(Code::TooDeep, span, message).help(help));
            self.stopped = true;
        }
        None
    }

    /// Reports the first of what is too much for a call.
    fn too_many(&mut self, what: &str) {
        let message = format!("a function takes at most {MAX_ARGUMENTS} {what}");
        let help = "put them into one array or map";
        self.mistake(Code::WrongArguments, self.token_span(self.at), message, help);
    }

    // Problems.

    /// Reports a mistake of the text at the current token, unless one was reported there already.
    fn report(&mut self, diagnostic: Diagnostic) {
        let bad = self.reported == Some(self.at) || self.is_near_bad();
        self.reported = Some(self.at);
        if !bad {
            self.report_always(diagnostic);
        }
    }

    /// Reports a mistake that does not keep the text from being read.
    fn report_always(&mut self, diagnostic: Diagnostic) {
        if !self.stopped && !self.quiet && self.diagnostics.len() < MAX_PROBLEMS {
            self.diagnostics.push(diagnostic);
        }
    }

    fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.report(Diagnostic::new(code, span, message));
    }

    /// The same, with something to do.
    fn mistake(&mut self, code: Code, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::new(code, span, message).help(help));
    }

    /// Whether something is wrong already with the current token, the one before it, or what stands between.
    fn is_near_bad(&self) -> bool {
        let before = self.at.checked_sub(1).map(|at| self.items[at]);
        let now = self.items.get(self.at);
        let from = before.map_or(0, |item| item.raw as usize);
        let to = now.map_or(self.tokens.len(), |item| item.raw as usize + 1).min(self.tokens.len());
        before.is_some_and(|item| item.ghost)
            || now.is_some_and(|item| item.ghost)
            || self.tokens[from.min(to)..to].iter().any(|token| token.bad)
    }

    /// The place right after the last token.
    fn after_previous(&self) -> Span {
        let end = self.at.checked_sub(1).map_or(0, |at| self.token_span(at).end);
        Span::new(self.source, end, end)
    }

    /// The current token in words: a name or number by its text, the rest by its kind.
    fn found(&self) -> String {
        match self.kind() {
            K::Ident | K::Int | K::Float | K::Reserved => format!("`{}`", self.word()),
            kind => kind.words().to_owned(),
        }
    }
}
