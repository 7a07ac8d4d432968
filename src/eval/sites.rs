//! What the text says about a value that the interpreter does not: calls with their arguments, maps with their keys,
//! and what a variable was first given.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::source::{SourceId, Span};
use crate::syntax::{Node, Parsed, SyntaxKind as K, Tree};

/// How many steps are followed from a variable to the literal behind it.
const STEPS: usize = 16;

/// What is known of every text of a run.
#[derive(Debug, Default)]
pub(super) struct Sites {
    texts: BTreeMap<SourceId, Text>,
}

/// What is known of one text.
#[derive(Debug, Default)]
struct Text {
    names: Names,
    /// The value of each variable that is bound once and never assigned to, as its node's number.
    values: BTreeMap<String, Option<usize>>,
}

/// The names that a text binds.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// Variables, constants, parameters.
    pub(super) variables: BTreeSet<String>,
    /// Functions.
    pub(super) functions: BTreeSet<String>,
}

impl Sites {
    /// Takes in a text.
    pub(super) fn add(&mut self, source: SourceId, tree: &Tree) {
        let mut text = Text::default();
        for node in tree.nodes() {
            text.take(node);
        }
        self.texts.insert(source, text);
    }

    /// The names bound in the text of `span`.
    pub(super) fn names(&self, span: Span) -> Names {
        self.texts.get(&span.source).map(|text| text.names.clone()).unwrap_or_default()
    }

    /// The expression behind an expression: brackets are opened, and a variable that is bound once gives its value.
    pub(super) fn source_of<'a>(&self, node: Node<'a>) -> Node<'a> {
        let mut node = node;
        for _ in 0..STEPS {
            let next = match node.kind() {
                K::Paren => node.children().next(),
                K::Variable => self.value_of(node),
                _ => None,
            };
            match next {
                Some(behind) => node = behind,
                None => return node,
            }
        }
        node
    }

    /// The items of an array as it is written, of joined arrays one after the other.
    pub(super) fn items<'a>(&self, node: Node<'a>) -> Vec<Node<'a>> {
        let mut items = Vec::new();
        self.collect(node, &mut items, 0, &mut |node, items| {
            if node.kind() == K::Array {
                items.extend(node.children());
            }
        });
        items
    }

    /// The maps that an expression is made from, those that win first.
    pub(super) fn maps<'a>(&self, node: Node<'a>) -> Vec<Node<'a>> {
        let mut maps = Vec::new();
        self.collect(node, &mut maps, 0, &mut |node, maps| {
            if node.kind() == K::Map {
                maps.push(node);
            }
        });
        maps.reverse();
        maps
    }

    /// Walks through joined values: `a + b`, `a.merge(b)`, the variables between them.
    fn collect<'a>(
        &self,
        node: Node<'a>,
        found: &mut Vec<Node<'a>>,
        depth: usize,
        take: &mut dyn FnMut(Node<'a>, &mut Vec<Node<'a>>),
    ) {
        if depth > STEPS {
            return;
        }
        let node = self.source_of(node);
        match node.kind() {
            K::Binary if node.token(K::Plus).is_some() => {
                node.children().for_each(|side| self.collect(side, found, depth + 1, take));
            }
            K::MethodCall | K::Call => {
                let arguments = node.child(K::Arguments);
                let sides = node.children().filter(|child| child.kind() != K::Arguments);
                sides
                    .chain(arguments.into_iter().flat_map(Node::children))
                    .for_each(|side| self.collect(side, found, depth + 1, take));
            }
            _ => take(node, found),
        }
    }

    fn value_of<'a>(&self, variable: Node<'a>) -> Option<Node<'a>> {
        let mut tokens = variable.own_tokens().filter(|token| token.kind() == K::Ident);
        let name = tokens.next()?;
        if tokens.next().is_some() {
            return None;
        }
        let text = self.texts.get(&variable.tree().source())?;
        let index = (*text.values.get(name.text())?)?;
        variable.tree().nodes().nth(index)
    }
}

/// The expressions that a call gets, where there are `count`; a value before the dot is the first.
pub(super) fn arguments<'a>(trees: &'a BTreeMap<SourceId, Arc<Parsed>>, site: Span, count: usize) -> Vec<Node<'a>> {
    let Some(name) = trees.get(&site.source).and_then(|parsed| parsed.tree.node_at(site.start)) else {
        return Vec::new();
    };
    let mut around = std::iter::once(name).chain(name.ancestors());
    let Some(call) = around.find(|node| matches!(node.kind(), K::Call | K::MethodCall)) else { return Vec::new() };
    let Some(list) = call.child(K::Arguments) else { return Vec::new() };
    let mut hints: Vec<Node<'a>> = list.children().collect();
    if call.kind() == K::MethodCall
        && let Some(receiver) = call.children().next()
    {
        hints.insert(0, receiver);
    }
    if hints.len() == count { hints } else { Vec::new() }
}

/// The entry of a map as it is written: its key's place and its value.
pub(super) fn entry<'a>(map: Node<'a>, key: &str) -> Option<(Span, Node<'a>)> {
    map.children().filter(|node| node.kind() == K::Entry).find_map(|entry| {
        let (name, span) = key_of(entry)?;
        if name == key { Some((span, entry.children().last()?)) } else { None }
    })
}

/// The entry `key` around a place: the key's place, the map, the value.
pub(super) fn entry_around<'a>(tree: &'a Tree, place: Span, key: &str) -> Option<(Span, Node<'a>, Node<'a>)> {
    let inner = tree.node_over(place)?;
    let entries = inner.ancestors().take(STEPS * 4).filter(|node| node.kind() == K::Entry);
    entries
        .filter_map(|entry| Some((key_of(entry)?, entry.parent()?, entry.children().last()?)))
        .find_map(|((name, span), map, value)| if name == key { Some((span, map, value)) } else { None })
}

impl Text {
    fn take(&mut self, node: Node<'_>) {
        match node.kind() {
            K::Let => {
                let value = node.children().last().filter(|value| value.kind().is_expression());
                let name = node.token(K::Ident).map(|token| token.text().to_owned());
                if let Some(name) = name {
                    self.bind(name, value.map(Node::index));
                }
            }
            K::Parameters | K::For | K::Try | K::Closure | K::Import => {
                let names = node.own_tokens().filter(|token| token.kind() == K::Ident);
                names.for_each(|token| self.bind(token.text().to_owned(), None));
            }
            K::Function => {
                if let Some(name) = node.token(K::Ident) {
                    self.names.functions.insert(name.text().to_owned());
                }
            }
            K::Assignment => {
                let target = node.children().next().filter(|target| target.kind() == K::Variable);
                if let Some(name) = target.and_then(|target| target.token(K::Ident)) {
                    self.values.insert(name.text().to_owned(), None);
                }
            }
            _ => {}
        }
    }

    fn bind(&mut self, name: String, value: Option<usize>) {
        let twice = self.values.contains_key(&name);
        self.values.insert(name.clone(), if twice { None } else { value });
        self.names.variables.insert(name);
    }
}

/// The key of an entry: its text and its place.
fn key_of(entry: Node<'_>) -> Option<(String, Span)> {
    let token = entry.own_tokens().next()?;
    let text = token.text();
    let name = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    Some((name.to_owned(), token.span()))
}
