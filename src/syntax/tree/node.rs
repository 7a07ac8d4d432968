//! Handles: a node or a token of a tree.

use super::{NONE, Tree};
use crate::source::Span;
use crate::syntax::SyntaxKind;

/// A token of a tree.
#[derive(Clone, Copy)]
pub struct Token<'t> {
    tree: &'t Tree,
    index: u32,
}

impl<'t> Token<'t> {
    pub(super) fn new(tree: &'t Tree, index: u32) -> Self {
        Self { tree, index }
    }

    /// Its number among the tree's tokens.
    pub fn index(self) -> usize {
        self.index as usize
    }

    /// What it is.
    pub fn kind(self) -> SyntaxKind {
        self.tree.tokens[self.index()].kind
    }

    /// Where it stands.
    pub fn span(self) -> Span {
        self.tree.span(self.index, self.index + 1)
    }

    /// Its text.
    pub fn text(self) -> &'t str {
        &self.tree.text[self.span().range()]
    }

    /// The innermost node over it.
    pub fn node(self) -> Node<'t> {
        Node::new(self.tree, self.tree.owners[self.index()])
    }

    /// The token before it, trivia included.
    pub fn previous(self) -> Option<Self> {
        self.index.checked_sub(1).map(|index| Self::new(self.tree, index))
    }

    /// The token after it, trivia included.
    pub fn next(self) -> Option<Self> {
        (self.index() + 1 < self.tree.tokens.len()).then(|| Self::new(self.tree, self.index + 1))
    }
}

impl PartialEq for Token<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.index == other.index
    }
}

impl std::fmt::Debug for Token<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.kind(), self.text())
    }
}

/// A node of a tree.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    tree: &'t Tree,
    index: u32,
}

/// A child of a node: a node or a token.
#[derive(Debug, Clone, Copy)]
pub enum Element<'t> {
    /// A node.
    Node(Node<'t>),
    /// A token, perhaps trivia.
    Token(Token<'t>),
}

impl<'t> Node<'t> {
    pub(super) fn new(tree: &'t Tree, index: u32) -> Self {
        Self { tree, index }
    }

    fn raw(self) -> &'t super::RawNode {
        &self.tree.nodes[self.index()]
    }

    /// Its tree.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Its number among the tree's nodes.
    pub fn index(self) -> usize {
        self.index as usize
    }

    /// What it is.
    pub fn kind(self) -> SyntaxKind {
        self.raw().kind
    }

    /// From its first token to its last, without the trivia around it.
    pub fn span(self) -> Span {
        self.tree.span(self.raw().first, self.raw().end)
    }

    /// The text that it covers.
    pub fn text(self) -> &'t str {
        &self.tree.text[self.span().range()]
    }

    /// The node around it.
    pub fn parent(self) -> Option<Self> {
        let parent = self.raw().parent;
        (parent != NONE).then(|| Self::new(self.tree, parent))
    }

    /// The nodes around it, innermost first, without itself.
    pub fn ancestors(self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), |node| node.parent())
    }

    /// The nodes directly below it, in the order of the text.
    pub fn children(self) -> impl Iterator<Item = Self> {
        let tree = self.tree;
        let some = move |index: u32| (index != NONE).then(|| Self::new(tree, index));
        std::iter::successors(some(self.raw().first_child), move |node| some(node.raw().next_sibling))
    }

    /// The node itself and everything below it: parents before children, in the order of the text.
    pub fn descendants(self) -> impl Iterator<Item = Self> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            let node = stack.pop()?;
            let below = stack.len();
            stack.extend(node.children());
            stack[below..].reverse();
            Some(node)
        })
    }

    /// Every token that it covers, trivia between them included.
    pub fn tokens(self) -> impl DoubleEndedIterator<Item = Token<'t>> {
        let tree = self.tree;
        (self.raw().first..self.raw().end).map(move |index| Token::new(tree, index))
    }

    /// The tokens directly below it, without trivia.
    pub fn own_tokens(self) -> impl Iterator<Item = Token<'t>> {
        self.elements().filter_map(|element| match element {
            Element::Token(token) if !token.kind().is_trivia() => Some(token),
            Element::Token(_) | Element::Node(_) => None,
        })
    }

    /// The first token of this kind directly below it.
    pub fn token(self, kind: SyntaxKind) -> Option<Token<'t>> {
        self.own_tokens().find(|token| token.kind() == kind)
    }

    /// The nodes and tokens directly below it, trivia included, in the order of the text.
    pub fn elements(self) -> impl Iterator<Item = Element<'t>> {
        let (tree, end) = (self.tree, self.raw().end);
        let mut at = self.raw().first;
        let mut children = self.children().peekable();
        std::iter::from_fn(move || {
            if let Some(node) = children.next_if(|node| node.raw().first <= at) {
                at = at.max(node.raw().end);
                return Some(Element::Node(node));
            }
            let token = (at < end).then(|| Token::new(tree, at))?;
            at += 1;
            Some(Element::Token(token))
        })
    }

    /// The first node of this kind directly below it.
    pub fn child(self, kind: SyntaxKind) -> Option<Self> {
        self.children().find(|node| node.kind() == kind)
    }

    /// The node and its descendants as an indented list of kinds: for tests and for looking at.
    pub fn outline(self) -> String {
        let mut lines = String::new();
        let depth = self.ancestors().count();
        for node in self.descendants() {
            let indent = "  ".repeat(node.ancestors().count() - depth);
            let tokens: Vec<&str> = node.own_tokens().map(Token::text).collect();
            lines.push_str(&format!("{indent}{:?} {}\n", node.kind(), tokens.join(" ")).replace(" \n", "\n"));
        }
        lines
    }
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.index == other.index
    }
}

impl Eq for Node<'_> {}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.kind(), self.span().range())
    }
}
