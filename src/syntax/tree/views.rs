//! Typed views of expressions.

use super::value::decode_text;
use super::{Node, Token};
use crate::source::{Span, Spanned};
use crate::syntax::SyntaxKind as K;

/// Declares views: small structs over a node of certain kinds.
macro_rules! views {
    ($($(#[$doc:meta])* $name:ident: $kind:pat,)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name<'t>(pub(super) Node<'t>);

        impl<'t> $name<'t> {
            /// The node as this, where it is one.
            pub fn cast(node: Node<'t>) -> Option<Self> {
                matches!(node.kind(), $kind).then_some(Self(node))
            }

            /// The node itself.
            pub fn node(self) -> Node<'t> {
                self.0
            }
        }
    )*};
}
pub(super) use views;

views! {
    /// `f(a, b)`, `m::f(a)`, `x.f(a)`.
    Call: K::Call | K::MethodCall,
    /// A use of a variable, or of a function's name before its arguments: `x`, `m::x`, `global::X`.
    Variable: K::Variable,
    /// `x.name`
    Property: K::Property,
    /// `x[index]`
    Index: K::Index,
    /// `#{ key: value }`
    Map: K::Map,
    /// `key: value`
    Entry: K::Entry,
    /// `[a, b]`
    Array: K::Array,
    /// A text, number, character, bool or `()`; a text with interpolations.
    Literal: K::Literal | K::Template,
    /// `a + b`
    Binary: K::Binary,
    /// `|a, b| …`
    Closure: K::Closure,
    /// `{ … }`
    Block: K::Block | K::Root | K::Interpolation,
    /// `a = b`, `a += b`
    Assignment: K::Assignment,
}

impl<'t> Call<'t> {
    /// The name that is called: the last of its path, or the one after the dot.
    pub fn name(self) -> Option<Token<'t>> {
        if self.is_method() {
            return self.0.own_tokens().find(|token| is_word(*token));
        }
        self.variable().and_then(Variable::name)
    }

    /// The modules before the name, outermost first: `a` and `b` of `a::b::f(x)`.
    pub fn path(self) -> Vec<Token<'t>> {
        self.variable().map(Variable::path).unwrap_or_default()
    }

    /// Whether the name stands after a dot.
    pub fn is_method(self) -> bool {
        self.0.kind() == K::MethodCall
    }

    /// What stands before the dot.
    pub fn receiver(self) -> Option<Node<'t>> {
        self.0.children().next().filter(|_| self.is_method())
    }

    /// The callee as a variable, brackets around it taken off; `None` after a dot.
    pub fn variable(self) -> Option<Variable<'t>> {
        let mut callee = self.0.children().next().filter(|_| !self.is_method())?;
        while callee.kind() == K::Paren {
            callee = callee.children().next()?;
        }
        Variable::cast(callee)
    }

    /// The arguments between the brackets, in order.
    pub fn arguments(self) -> impl Iterator<Item = Node<'t>> {
        self.0.child(K::Arguments).into_iter().flat_map(Node::children).filter(|node| node.kind() != K::Error)
    }
}

impl<'t> Variable<'t> {
    /// Its name, without the path.
    pub fn name(self) -> Option<Token<'t>> {
        self.words().last()
    }

    /// The modules before the name, outermost first; `global` for a constant of the script.
    pub fn path(self) -> Vec<Token<'t>> {
        let mut words: Vec<_> = self.words().collect();
        words.pop();
        words
    }

    fn words(self) -> impl Iterator<Item = Token<'t>> {
        self.0.own_tokens().filter(|token| is_word(*token))
    }
}

impl<'t> Property<'t> {
    /// What stands before the dot.
    pub fn base(self) -> Option<Node<'t>> {
        self.0.children().next()
    }

    /// The name after the dot.
    pub fn name(self) -> Option<Token<'t>> {
        self.0.own_tokens().find(|token| is_word(*token))
    }
}

impl<'t> Index<'t> {
    /// What is indexed.
    pub fn base(self) -> Option<Node<'t>> {
        self.0.children().next()
    }

    /// The index.
    pub fn index(self) -> Option<Node<'t>> {
        self.0.children().nth(1)
    }
}

impl<'t> Map<'t> {
    /// Its entries, in order.
    pub fn entries(self) -> impl Iterator<Item = Entry<'t>> {
        self.0.children().filter_map(Entry::cast)
    }

    /// The entry of this key; the last one, where a broken text has several.
    pub fn entry(self, key: &str) -> Option<Entry<'t>> {
        self.entries().filter(|entry| entry.key().is_some_and(|found| found.node == key)).last()
    }
}

impl<'t> Entry<'t> {
    /// The key, quotes off, and where it stands, with them.
    pub fn key(self) -> Option<Spanned<String>> {
        let token = self.key_token()?;
        let text = if token.kind() == K::Text { token_value(token) } else { token.text().to_owned() };
        Some(Spanned::new(text, token.span()))
    }

    /// The key as it is written.
    pub fn key_token(self) -> Option<Token<'t>> {
        self.0
            .own_tokens()
            .next()
            .filter(|token| is_word(*token) || token.kind() == K::Text || token.kind().is_keyword())
    }

    /// The value.
    pub fn value(self) -> Option<Node<'t>> {
        self.0.children().find(|node| node.kind().is_expression() && node.kind() != K::Error)
    }

    /// The map that it belongs to.
    pub fn map(self) -> Option<Map<'t>> {
        self.0.parent().and_then(Map::cast)
    }
}

impl<'t> Array<'t> {
    /// Its items, in order.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        self.0.children().filter(|node| node.kind() != K::Error)
    }
}

impl<'t> Literal<'t> {
    /// Where it stands, a text with its quotes.
    pub fn span(self) -> Span {
        self.0.span()
    }

    /// The token, where it is a single one; a text with interpolations is several.
    pub fn token(self) -> Option<Token<'t>> {
        self.0.own_tokens().next().filter(|_| self.0.kind() == K::Literal)
    }

    /// Whether it is a text, with or without interpolations.
    pub fn is_text(self) -> bool {
        self.0.kind() == K::Template || self.token().is_some_and(|token| token.kind() == K::Text)
    }

    /// The text, quotes off and escapes read, where it has no interpolation.
    pub fn text_value(self) -> Option<String> {
        self.token().filter(|token| token.kind() == K::Text).map(token_value)
    }

    /// What stands in its `${…}`.
    pub fn interpolations(self) -> impl Iterator<Item = Block<'t>> {
        self.0.children().filter_map(Block::cast)
    }
}

impl<'t> Binary<'t> {
    /// The operator.
    pub fn operator(self) -> Option<Token<'t>> {
        self.0.own_tokens().next()
    }

    /// What stands left of the operator; nothing in `..5`.
    pub fn left(self) -> Option<Node<'t>> {
        let operator = self.operator()?.span();
        self.0.children().find(|node| node.span().end <= operator.start)
    }

    /// What stands right of the operator; nothing in `5..`.
    pub fn right(self) -> Option<Node<'t>> {
        let operator = self.operator()?.span();
        self.0.children().find(|node| node.span().start >= operator.end)
    }
}

impl<'t> Closure<'t> {
    /// The names of its parameters.
    pub fn parameters(self) -> impl Iterator<Item = Token<'t>> {
        parameters(self.0)
    }

    /// The statement or block that it runs.
    pub fn body(self) -> Option<Node<'t>> {
        self.0.children().find(|node| node.kind() != K::Parameters)
    }
}

impl<'t> Block<'t> {
    /// Its statements, in order.
    pub fn statements(self) -> impl Iterator<Item = Node<'t>> {
        self.0.children()
    }
}

impl<'t> Assignment<'t> {
    /// What is assigned to.
    pub fn target(self) -> Option<Node<'t>> {
        self.0.children().next()
    }

    /// `=`, `+=` and so on.
    pub fn operator(self) -> Option<Token<'t>> {
        self.0.own_tokens().next()
    }

    /// The value.
    pub fn value(self) -> Option<Node<'t>> {
        self.0.children().nth(1)
    }
}

pub(super) fn is_word(token: Token<'_>) -> bool {
    matches!(token.kind(), K::Ident | K::Reserved)
}

pub(super) fn parameters(node: Node<'_>) -> impl Iterator<Item = Token<'_>> {
    node.child(K::Parameters).into_iter().flat_map(Node::own_tokens).filter(|token| is_word(*token))
}

fn token_value(token: Token<'_>) -> String {
    decode_text(token.node().tree().text(), token.span().range())
}
