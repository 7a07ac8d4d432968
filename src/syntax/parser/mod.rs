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
use super::tree::{RawNode, RawToken, Tree};
use super::{MAX_DEPTH, Parsed, SyntaxKind as K, lexer};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Span};

/// Reads `text`.
pub(super) fn parse(source: SourceId, text: &str) -> Parsed {
    let (tokens, diagnostics) = lexer::lex(source, text);
    let significant = (0u32..).zip(&tokens).filter(|(_, token)| !token.kind.is_trivia()).map(|(at, _)| at).collect();
    let mut parser = Parser {
        source,
        text,
        tokens,
        significant,
        at: 0,
        nodes: Vec::new(),
        diagnostics,
        open: Vec::new(),
        scope: Scope::default(),
        functions: HashMap::new(),
        no_pipe: false,
        arrow_expected: false,
        reported: None,
        suspect: None,
        stopped: false,
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

/// A bracket that is open, or an interpolation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open {
    /// Which significant token opens it.
    at: usize,
    /// What closes it; [`K::TemplateEnd`] stands for [`K::TemplateMiddle`] too.
    closer: K,
}

pub(super) struct Parser<'t> {
    source: SourceId,
    text: &'t str,
    tokens: Vec<RawToken>,
    /// The tokens that are no trivia.
    significant: Vec<u32>,
    /// The current one of them.
    at: usize,
    nodes: Vec<RawNode>,
    diagnostics: Vec<Diagnostic>,
    open: Vec<Open>,
    scope: Scope<'t>,
    functions: HashMap<(&'t str, &'t str, usize), Span>,
    /// Between the values of a `switch` case, where `|` is no operator.
    no_pipe: bool,
    /// Before the `=>` of a `switch` case.
    arrow_expected: bool,
    /// The token at which the last mistake was noticed.
    reported: Option<usize>,
    /// A bracket that was closed less deeply indented than it was opened: the better place for a missing bracket.
    suspect: Option<Open>,
    /// Nested too deeply: the rest is not read.
    stopped: bool,
}

impl<'t> Parser<'t> {
    fn root(&mut self) {
        let cx = Context { level: 0, global: true, function: false, breakable: false };
        let mark = self.mark();
        while !self.at(K::Eof) {
            self.statements(cx, None);
            if !self.at(K::Eof) {
                self.stray();
            }
        }
        let end = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
        self.nodes.push(RawNode::new(K::Root, 0, end, mark.nodes));
    }

    // Tokens.

    fn kind(&self) -> K {
        self.nth(0)
    }

    /// The kind of the token `ahead` of the current one.
    fn nth(&self, ahead: usize) -> K {
        if self.stopped { K::Eof } else { self.raw(self.at + ahead).map_or(K::Eof, |token| token.kind) }
    }

    fn at(&self, kind: K) -> bool {
        self.kind() == kind
    }

    fn bump(&mut self) {
        if !self.at(K::Eof) {
            self.at += 1;
        }
    }

    fn eat(&mut self, kind: K) -> bool {
        let found = self.at(kind);
        if found {
            self.bump();
        }
        found
    }

    fn raw(&self, at: usize) -> Option<RawToken> {
        self.significant.get(at).map(|index| self.tokens[*index as usize])
    }

    /// Where significant token `at` stands; the end of the text behind the last one.
    fn token_span(&self, at: usize) -> Span {
        let end_of_text = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let Some(&index) = self.significant.get(at) else {
            return Span::new(self.source, end_of_text, end_of_text);
        };
        let end = self.tokens.get(index as usize + 1).map_or(end_of_text, |next| next.start);
        Span::new(self.source, self.tokens[index as usize].start, end)
    }

    fn token_text(&self, at: usize) -> &'t str {
        &self.text[self.token_span(at).range()]
    }

    /// The current token's text.
    fn word(&self) -> &'t str {
        self.token_text(self.at)
    }

    /// The text between the current token and the one before it.
    fn gap(&self) -> &'t str {
        let before = self.at.checked_sub(1).map_or(0, |at| self.token_span(at).end);
        &self.text[before as usize..self.token_span(self.at).start as usize]
    }

    /// Whether a new line starts before the current token.
    fn on_new_line(&self) -> bool {
        self.at == 0 || self.gap().contains('\n')
    }

    // Nodes.

    fn mark(&self) -> Mark {
        Mark { at: self.at, nodes: u32::try_from(self.nodes.len()).unwrap_or(u32::MAX) }
    }

    /// Makes a node of everything since `mark`.
    fn finish(&mut self, mark: Mark, kind: K) {
        let after_last = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
        let first = self.significant.get(mark.at).copied().unwrap_or(after_last);
        let end = if self.at > mark.at { self.significant[self.at - 1] + 1 } else { first };
        self.nodes.push(RawNode::new(kind, first, end, mark.nodes));
    }

    // Depth.

    /// One level further down; `None`, and the end of all reading, where that is too deep.
    fn deeper(&mut self, cx: Context) -> Option<Context> {
        if cx.level < MAX_DEPTH {
            return Some(Context { level: cx.level + 1, ..cx });
        }
        if !self.stopped {
            let span = self.token_span(self.at.min(self.significant.len().saturating_sub(1)));
            let message = format!("nested too deeply: {MAX_DEPTH} levels are read");
            let help = "give a part of it a name with `let` and use the name; a long chain of `+` counts too";
            self.report_always(Diagnostic::new(Code::TooDeep, span, message).help(help));
            self.stopped = true;
        }
        None
    }

    // Problems.

    /// Reports a mistake of the text at the current token, unless one was reported there already.
    fn report(&mut self, diagnostic: Diagnostic) {
        let bad = self.reported == Some(self.at) || self.is_near_bad();
        self.reported = Some(self.at);
        if !bad && !self.stopped {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports a mistake that does not keep the text from being read.
    fn report_always(&mut self, diagnostic: Diagnostic) {
        if !self.stopped {
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

    /// Whether the lexer has refused the current token, the one before it, or something between them.
    fn is_near_bad(&self) -> bool {
        let count = self.tokens.len();
        let from = self.at.checked_sub(1).map_or(0, |at| self.significant[at] as usize);
        let to = self.significant.get(self.at).map_or(count, |index| *index as usize + 1);
        self.tokens[from..to].iter().any(|token| token.bad)
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
