//! What each word of a text is, for colours that know more than a grammar of patterns does.

use std::collections::HashMap;
use std::ops::Range;

use crate::check::names::{Role, Scopes};
use crate::model::Language;
use crate::syntax::{self, Call, Entry, Export, Function, Import, Node, SyntaxKind as K, Tree, Variable};

/// A word of a text, or a line's part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Its first byte.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// What it is.
    pub kind: TokenKind,
    /// What else there is to say, as bits of [`Modifier`].
    pub modifiers: u32,
}

macro_rules! legend {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$about])* $variant,)*
        }

        impl $name {
            /// The protocol's names of all of them, in order.
            pub const NAMES: &'static [&'static str] = &[$($text),*];
        }
    };
}

legend! {
    /// What a word is, by the names that the Language Server Protocol has for it.
    TokenKind {
        /// A comment.
        Comment = "comment",
        /// A keyword.
        Keyword = "keyword",
        /// A text, or the part of one that is no code.
        Text = "string",
        /// A number.
        Number = "number",
        /// An operator.
        Operator = "operator",
        /// What a module is called.
        Namespace = "namespace",
        /// A function where it is defined or called.
        Function = "function",
        /// A function that is called after a dot.
        Method = "method",
        /// A key of a map, or what stands after a dot.
        Property = "property",
        /// A parameter.
        Parameter = "parameter",
        /// Any other variable.
        Variable = "variable",
    }
}

legend! {
    /// What else there is to say of a word.
    Modifier {
        /// It stands where it is introduced; of a key: it is one of a map.
        Declaration = "declaration",
        /// It cannot be assigned to.
        ReadOnly = "readonly",
        /// It is a comment that documents what follows.
        Documentation = "documentation",
        /// It is one of the language's or the standard library's own.
        Library = "defaultLibrary",
    }
}

const fn bit(modifier: Modifier) -> u32 {
    1 << modifier as u32
}

/// Every word of `tree`, in order; none goes over the end of a line.
pub(super) fn tokens(tree: &Tree, language: &Language) -> Vec<Token> {
    let words = Words::of(tree, language);
    let mut found = Vec::new();
    for token in tree.tokens() {
        let Some((kind, modifiers)) = words.what(token) else { continue };
        lines(tree.text(), inside(token), |range| {
            found.push(Token { start: range.start, end: range.end, kind, modifiers });
        });
    }
    found
}

/// The part of a token that is what the token is: what stands around the code in a text is neither.
fn inside(token: syntax::Token<'_>) -> Range<u32> {
    let (span, kind) = (token.span(), token.kind());
    let after_code = u32::from(matches!(kind, K::TemplateMiddle | K::TemplateEnd) && token.text().starts_with('}'));
    let opens = matches!(kind, K::TemplateStart | K::TemplateMiddle) && token.text().ends_with("${");
    span.start + after_code..span.end - if opens { 2 } else { 0 }
}

/// Calls `each` with the part of `range` on every line, without the blanks before it.
fn lines(text: &str, range: Range<u32>, mut each: impl FnMut(Range<u32>)) {
    let mut start = range.start;
    for line in text[range.start as usize..range.end as usize].split_inclusive(['\n', '\r']) {
        let end = start + u32::try_from(line.len()).unwrap_or(0);
        let words = line.trim();
        if !words.is_empty() {
            let before = u32::try_from(line.len() - line.trim_start().len()).unwrap_or(0);
            each(start + before..start + before + u32::try_from(words.len()).unwrap_or(0));
        }
        start = end;
    }
}

/// What the words of a text mean.
struct Words<'t> {
    /// The variables, by where they stand.
    variables: HashMap<u32, (TokenKind, u32)>,
    language: &'t Language,
}

impl<'t> Words<'t> {
    fn of(tree: &'t Tree, language: &'t Language) -> Self {
        let scopes = Scopes::of(tree);
        let mut variables = HashMap::new();
        for definition in &scopes.definitions {
            let (kind, modifiers) = role(definition.role);
            variables.insert(definition.name.span().start, (kind, modifiers | bit(Modifier::Declaration)));
        }
        for used in &scopes.uses {
            if let Some(definition) = used.definition.and_then(|index| scopes.definitions.get(index)) {
                variables.insert(used.span.start, role(definition.role));
            }
        }
        Self { variables, language }
    }

    fn what(&self, token: syntax::Token<'_>) -> Option<(TokenKind, u32)> {
        let plain = |kind| Some((kind, 0));
        match token.kind() {
            K::LineComment | K::BlockComment => plain(TokenKind::Comment),
            K::DocComment => Some((TokenKind::Comment, bit(Modifier::Documentation))),
            K::Text | K::Char | K::TemplateStart | K::TemplateMiddle | K::TemplateEnd => plain(TokenKind::Text),
            K::Int | K::Float => plain(TokenKind::Number),
            kind if kind.is_keyword() => plain(TokenKind::Keyword),
            K::Ident | K::Reserved => self.word(token),
            kind if kind.precedence() > 0 || kind.is_assignment() || matches!(kind, K::Bang | K::Arrow) => {
                plain(TokenKind::Operator)
            }
            _ => None,
        }
    }

    fn word(&self, token: syntax::Token<'_>) -> Option<(TokenKind, u32)> {
        let node = token.node();
        let is = |found: Option<syntax::Token<'_>>| found == Some(token);
        let declared = bit(Modifier::Declaration);
        match node.kind() {
            K::Variable => self.variable(node, token),
            K::MethodCall => {
                let name = Call::cast(node)?.name()?.text();
                Some((TokenKind::Method, self.library(name)))
            }
            K::Property => Some((TokenKind::Property, 0)),
            K::Entry => is(Entry::cast(node)?.key_token()).then_some((TokenKind::Property, declared)),
            K::Function => is(Function::cast(node)?.name()).then_some((TokenKind::Function, declared)),
            K::Import => is(Import::cast(node)?.alias()).then_some((TokenKind::Namespace, declared)),
            K::Export if is(Export::cast(node)?.alias()) => Some((TokenKind::Variable, declared)),
            _ => self.variables.get(&token.span().start).copied(),
        }
    }

    fn variable(&self, node: Node<'_>, token: syntax::Token<'_>) -> Option<(TokenKind, u32)> {
        let variable = Variable::cast(node)?;
        if variable.name() != Some(token) {
            return Some((TokenKind::Namespace, 0));
        }
        let called = node.parent().and_then(Call::cast).filter(|call| call.name() == Some(token));
        if called.is_some() {
            let own = if variable.path().is_empty() { self.library(token.text()) } else { 0 };
            return Some((TokenKind::Function, own));
        }
        let known = self.variables.get(&token.span().start).copied();
        Some(known.unwrap_or((TokenKind::Variable, 0)))
    }

    fn library(&self, name: &str) -> u32 {
        let is_own = self.language.function(name).is_some() || crate::syntax::words::CALLABLE_WORDS.contains(&name);
        if is_own { bit(Modifier::Library) } else { 0 }
    }
}

fn role(role: Role) -> (TokenKind, u32) {
    match role {
        Role::Parameter => (TokenKind::Parameter, 0),
        Role::Constant => (TokenKind::Variable, bit(Modifier::ReadOnly)),
        Role::Variable | Role::Item | Role::Caught => (TokenKind::Variable, 0),
    }
}

impl super::Workspace {
    /// Every word of the text at `path`, in order; none goes over the end of a line.
    pub fn tokens(&mut self, path: &str) -> Vec<Token> {
        self.file(path).map(|file| tokens(file.tree(), self.language())).unwrap_or_default()
    }
}
