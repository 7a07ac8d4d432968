//! What stands at an offset.

use super::{Call, Entry, Node, Token, Tree, to_u32};
use crate::source::Span;
use crate::syntax::SyntaxKind as K;

impl Tree {
    /// The token that covers the byte at `offset`.
    pub fn token_at(&self, offset: u32) -> Option<Token<'_>> {
        let after = self.tokens.partition_point(|token| token.start <= offset);
        let inside = (offset as usize) < self.text.len();
        after.checked_sub(1).filter(|_| inside).map(|index| Token::new(self, to_u32(index)))
    }

    /// The token that starts at `offset`.
    pub fn token_from(&self, offset: u32) -> Option<Token<'_>> {
        self.token_at(offset).filter(|token| token.span().start == offset)
    }

    /// The innermost node that covers the byte at `offset`.
    pub fn node_at(&self, offset: u32) -> Option<Node<'_>> {
        self.token_at(offset).map(Token::node)
    }

    /// The innermost node that covers `span`.
    pub fn node_over(&self, span: Span) -> Option<Node<'_>> {
        let inner = self.node_at(span.start).filter(|_| span.source == self.source)?;
        std::iter::once(inner).chain(inner.ancestors()).find(|node| node.span().contains(span))
    }

    /// The call whose callee's name starts at `offset`: where the interpreter says that it happens.
    pub fn call_at(&self, offset: u32) -> Option<Call<'_>> {
        let token = self.token_from(offset)?;
        std::iter::once(token.node())
            .chain(token.node().ancestors().take_while(|node| node.kind() == K::Paren || node.kind() == K::Call))
            .filter_map(Call::cast)
            .find(|call| call.name().is_some_and(|name| name == token))
    }

    /// The text that starts at `offset`, with or without interpolations.
    pub fn string_at(&self, offset: u32) -> Option<Node<'_>> {
        let token = self.token_from(offset)?;
        matches!(token.kind(), K::Text | K::TemplateStart).then(|| token.node())
    }

    /// The literal that starts at `offset`: a text, a number, a character, `true`, `false`, `()`, an array or a map.
    pub fn literal_at(&self, offset: u32) -> Option<Node<'_>> {
        let node = self.token_from(offset)?.node();
        let is_literal = matches!(node.kind(), K::Literal | K::Template | K::Array | K::Map);
        (is_literal && node.span().start == offset).then_some(node)
    }

    /// The expressions that start at `offset`, innermost first.
    pub fn expressions_at(&self, offset: u32) -> impl Iterator<Item = Node<'_>> {
        let inner = self.token_from(offset).map(Token::node);
        std::iter::successors(inner, |node| node.parent())
            .take_while(move |node| node.span().start == offset)
            .filter(|node| node.kind().is_expression())
    }

    /// The innermost entry of a map that covers `span`.
    pub fn enclosing_entry(&self, span: Span) -> Option<Entry<'_>> {
        let node = self.node_over(span)?;
        std::iter::once(node).chain(node.ancestors()).find_map(Entry::cast)
    }
}
