//! Typed views of statements.

use super::views::{is_word, parameters, views};
use super::{Node, Token};
use crate::syntax::SyntaxKind as K;

views! {
    /// `let name = value`, `const NAME = value`.
    Let: K::Let,
    /// `fn name(a, b) { … }`
    Function: K::Function,
    /// `import "path" as name`
    Import: K::Import,
    /// `export name as other`, `export let name = value`.
    Export: K::Export,
    /// `for x in items { … }`, `for (x, i) in items { … }`.
    For: K::For,
    /// `try { … } catch (error) { … }`
    Try: K::Try,
}

/// A name that something introduces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Binding<'t> {
    /// The name.
    pub name: Token<'t>,
    /// Whether it can be assigned to.
    pub constant: bool,
}

impl<'t> Let<'t> {
    /// The variable's name.
    pub fn name(self) -> Option<Token<'t>> {
        self.0.own_tokens().find(|token| is_word(*token) && token.text() != "var")
    }

    /// Whether it is a `const`.
    pub fn is_constant(self) -> bool {
        self.0.token(K::KwConst).is_some()
    }

    /// The name, and whether it can be assigned to.
    pub fn binding(self) -> Option<Binding<'t>> {
        Some(Binding { name: self.name()?, constant: self.is_constant() })
    }

    /// The value, where it is given one.
    pub fn value(self) -> Option<Node<'t>> {
        self.0.children().find(|node| node.kind() != K::Error)
    }
}

impl<'t> Function<'t> {
    /// The function's name.
    pub fn name(self) -> Option<Token<'t>> {
        let has_receiver = self.0.token(K::Dot).is_some();
        let mut words = self.0.own_tokens().filter(|token| is_word(*token) || token.kind() == K::Text);
        if has_receiver { words.nth(1) } else { words.next() }.filter(|token| is_word(*token))
    }

    /// The type in `fn type.name(…)`.
    pub fn receiver(self) -> Option<Token<'t>> {
        self.0.token(K::Dot)?;
        self.0.own_tokens().find(|token| is_word(*token) || token.kind() == K::Text)
    }

    /// The names of its parameters.
    pub fn parameters(self) -> impl Iterator<Item = Token<'t>> {
        parameters(self.0)
    }

    /// What it does.
    pub fn body(self) -> Option<Node<'t>> {
        self.0.child(K::Block)
    }

    /// Whether it is hidden from whoever imports the file.
    pub fn is_private(self) -> bool {
        self.0.token(K::KwPrivate).is_some()
    }

    /// The doc comments right before it, in order.
    pub fn docs(self) -> Vec<Token<'t>> {
        docs_before(self.0)
    }
}

impl<'t> Import<'t> {
    /// The path: an expression, most often a text.
    pub fn path(self) -> Option<Node<'t>> {
        self.0.children().next()
    }

    /// The name that the module gets; without one it cannot be used.
    pub fn alias(self) -> Option<Token<'t>> {
        self.0.own_tokens().find(|token| is_word(*token))
    }
}

impl<'t> Export<'t> {
    /// The doc comments right before it, in order.
    pub fn docs(self) -> Vec<Token<'t>> {
        docs_before(self.0)
    }

    /// The definition that is exported at once: `export let x = 1`.
    pub fn definition(self) -> Option<Let<'t>> {
        self.0.children().find_map(Let::cast)
    }

    /// The variable that is exported.
    pub fn name(self) -> Option<Token<'t>> {
        self.definition().map_or_else(|| self.0.own_tokens().find(|token| is_word(*token)), Let::name)
    }

    /// The other name that it is exported by.
    pub fn alias(self) -> Option<Token<'t>> {
        self.0.own_tokens().filter(|token| is_word(*token)).nth(1)
    }
}

impl<'t> For<'t> {
    /// The variable, and the counter where there is one.
    pub fn names(self) -> impl Iterator<Item = Token<'t>> {
        self.0.own_tokens().filter(|token| is_word(*token))
    }

    /// What it goes through.
    pub fn items(self) -> Option<Node<'t>> {
        let body = self.body();
        self.0.children().find(|node| node.kind() != K::Error && Some(*node) != body)
    }

    /// What it does for each item.
    pub fn body(self) -> Option<Node<'t>> {
        self.0.children().filter(|node| node.kind() == K::Block).last()
    }
}

impl<'t> Try<'t> {
    /// The name for what was thrown.
    pub fn name(self) -> Option<Token<'t>> {
        self.0.own_tokens().find(|token| is_word(*token))
    }

    /// What is tried.
    pub fn body(self) -> Option<Node<'t>> {
        self.0.child(K::Block)
    }

    /// What is done when it fails.
    pub fn handler(self) -> Option<Node<'t>> {
        self.0.children().filter(|node| node.kind() == K::Block).nth(1)
    }
}

/// The doc comments right before a node, in order.
fn docs_before(node: Node<'_>) -> Vec<Token<'_>> {
    let first = node.tokens().next();
    let before = std::iter::successors(first.and_then(Token::previous), |token| token.previous());
    let mut docs: Vec<_> = before
        .take_while(|token| match token.kind() {
            K::Whitespace => token.text().matches('\n').count() < 2,
            kind => kind == K::DocComment,
        })
        .filter(|token| token.kind() == K::DocComment)
        .collect();
    docs.reverse();
    docs
}
