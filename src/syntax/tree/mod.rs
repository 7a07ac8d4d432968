//! The tree of a text: all its tokens, the nodes over them, and what stands at an offset.

mod items;
mod lookup;
mod node;
mod positions;
mod value;
mod views;

pub use items::{Binding, Export, For, Function, Import, Let, Try};
pub use node::{Element, Node, Token};
pub use positions::Positions;
pub(crate) use value::{decode_text, move_text};
pub use views::{Array, Assignment, Binary, Block, Call, Closure, Entry, Index, Literal, Map, Property, Variable};

use std::sync::Arc;

use super::SyntaxKind;
use crate::source::{SourceId, Span};

/// A token as it is stored; it ends where the next one starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawToken {
    pub(super) start: u32,
    pub(super) kind: SyntaxKind,
    /// Whether the lexer has reported something about it.
    pub(super) bad: bool,
}

/// A node as it is stored: children before parents, the root last.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawNode {
    pub(super) kind: SyntaxKind,
    /// Its first token, which is no trivia.
    pub(super) first: u32,
    /// One past its last token, which is no trivia either.
    pub(super) end: u32,
    /// The number of its first descendant; its own where it has none.
    pub(super) descendants: u32,
    parent: u32,
    first_child: u32,
    next_sibling: u32,
}

/// In place of a node's number: there is none.
const NONE: u32 = u32::MAX;

impl RawNode {
    pub(super) fn new(kind: SyntaxKind, first: u32, end: u32, descendants: u32) -> Self {
        Self { kind, first, end, descendants, parent: NONE, first_child: NONE, next_sibling: NONE }
    }
}

/// The tree of one text. Nothing is left out: its tokens one after the other are the text.
#[derive(Debug, Clone)]
pub struct Tree {
    source: SourceId,
    text: Arc<str>,
    tokens: Vec<RawToken>,
    nodes: Vec<RawNode>,
    /// The innermost node of each token.
    owners: Vec<u32>,
}

impl Tree {
    /// Links the nodes, which come children first.
    pub(super) fn new(source: SourceId, text: &str, tokens: Vec<RawToken>, mut nodes: Vec<RawNode>) -> Self {
        let mut owners = vec![to_u32(nodes.len().saturating_sub(1)); tokens.len()];
        for index in 0..nodes.len() {
            link(&mut nodes, &mut owners, index);
        }
        Self { source, text: text.into(), tokens, nodes, owners }
    }

    /// The number of the text.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, for whoever keeps it.
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// The node over everything.
    pub fn root(&self) -> Node<'_> {
        Node::new(self, to_u32(self.nodes.len().saturating_sub(1)))
    }

    /// Every token, trivia included, in the order of the text.
    pub fn tokens(&self) -> impl DoubleEndedIterator<Item = Token<'_>> + ExactSizeIterator {
        (0..self.tokens.len()).map(|index| Token::new(self, to_u32(index)))
    }

    /// Every node, children before their parents.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = Node<'_>> + ExactSizeIterator {
        (0..self.nodes.len()).map(|index| Node::new(self, to_u32(index)))
    }

    fn token_start(&self, index: u32) -> u32 {
        self.tokens.get(index as usize).map_or(to_u32(self.text.len()), |token| token.start)
    }

    fn span(&self, first: u32, end: u32) -> Span {
        let start = self.token_start(first);
        Span::new(self.source, start, if end > first { self.token_start(end) } else { start })
    }
}

/// Gives the children of node `parent` their parent and siblings, and its own tokens their owner.
fn link(nodes: &mut [RawNode], owners: &mut [u32], parent: usize) {
    let RawNode { first, end, descendants, .. } = nodes[parent];
    let number = to_u32(parent);
    let (mut next_sibling, mut after) = (NONE, end);
    let mut child = number;
    while child > descendants {
        child -= 1;
        let node = &mut nodes[child as usize];
        (node.parent, node.next_sibling) = (number, next_sibling);
        owners[node.end as usize..after.max(node.end) as usize].fill(number);
        (next_sibling, after) = (child, node.first);
        child = node.descendants;
    }
    owners[first as usize..after.max(first) as usize].fill(number);
    nodes[parent].first_child = next_sibling;
}

fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(NONE)
}
