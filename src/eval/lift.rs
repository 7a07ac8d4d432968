//! From the interpreter's values to the model's, with the place of each part.

use std::collections::BTreeMap;
use std::sync::Arc;

use rhai::{Dynamic, ImmutableString};

use super::literals::Literals;
use super::objects::{Broken, Handle};
use super::sites::{self, Sites};
use crate::schema::Value;
use crate::source::{SourceId, Span, Spanned};
use crate::syntax::{Node, Parsed, SyntaxKind};

/// How deep arrays and maps may lie in each other.
const DEPTH: usize = 60;

/// An entry of a map as it is written: its key's place and its value.
type Written<'a> = Option<(Span, Node<'a>)>;

/// What lifting reads from.
pub(super) struct Lift<'a> {
    /// Where literals were written.
    pub(super) literals: &'a Literals,
    /// The trees of the texts.
    pub(super) trees: &'a BTreeMap<SourceId, Arc<Parsed>>,
    /// What variables stand for.
    pub(super) sites: &'a Sites,
}

impl<'a> Lift<'a> {
    /// `value` with the places of its parts. `hint` is the expression that gave it, as far as that is known; where
    /// neither the value nor the hint tells a place, it is `fallback`.
    pub(super) fn lift(&self, value: &Dynamic, hint: Option<Node<'a>>, fallback: Span) -> Spanned<Value> {
        self.nested(value, hint, fallback, 0)
    }

    fn nested(&self, value: &Dynamic, hint: Option<Node<'a>>, fallback: Span, depth: usize) -> Spanned<Value> {
        let made = hint.map(|node| self.sites.source_of(node));
        let place = self.literals.place(value).or(home(value, made)).or(hint.map(Node::span));
        let span = place.or_else(|| self.around(value)).unwrap_or(fallback);
        if depth > DEPTH {
            return Spanned::new(Value::Other("something nested too deeply".into()), span);
        }
        let node = match scalar(value) {
            Some(scalar) => scalar,
            None => match value.read_lock::<rhai::Array>() {
                Some(items) => self.list(&items, made, span, depth),
                None => match value.read_lock::<rhai::Map>() {
                    Some(map) => self.map(&map, made, span, depth),
                    None => other(value),
                },
            },
        };
        Spanned::new(node, span)
    }

    fn list(&self, items: &rhai::Array, made: Option<Node<'a>>, span: Span, depth: usize) -> Value {
        let written = made.map(|node| self.sites.items(node)).filter(|hints| hints.len() == items.len());
        let lifted = items.iter().enumerate().map(|(index, item)| {
            let hint = written.as_ref().map(|hints| hints[index]);
            self.nested(item, hint, span, depth + 1)
        });
        Value::List(lifted.collect())
    }

    fn map(&self, map: &rhai::Map, made: Option<Node<'a>>, span: Span, depth: usize) -> Value {
        let mut literals: Vec<Node<'a>> = made.map(|node| self.sites.maps(node)).unwrap_or_default();
        let mut entries: Vec<(&str, &Dynamic, Written<'a>)> = Vec::new();
        for (key, value) in map {
            let written = self.leaf(value, 0).and_then(|place| self.entry_around(place, key));
            if let Some((_, literal, _)) = written
                && !literals.contains(&literal)
            {
                literals.push(literal);
            }
            entries.push((key.as_str(), value, written.map(|(key, _, value)| (key, value))));
        }
        let lifted = entries.into_iter().map(|(key, value, written)| {
            let written = written.or_else(|| literals.iter().find_map(|literal| sites::entry(*literal, key)));
            let around = written.map_or(span, |(key, _)| key);
            let value = self.nested(value, written.map(|(_, value)| value), around, depth + 1);
            (Spanned::new(key.to_owned(), written.map_or(value.span, |(key, _)| key)), value)
        });
        Value::Map(lifted.collect())
    }

    /// The array or map that holds what `value` holds, and nothing else.
    fn around(&self, value: &Dynamic) -> Option<Span> {
        if let Some(items) = value.read_lock::<rhai::Array>() {
            let place = items.iter().find_map(|item| self.literals.place(item))?;
            let array = self.trees.get(&place.source)?.tree.node_over(place)?.parent()?;
            return (array.kind() == SyntaxKind::Array && array.children().count() == items.len())
                .then(|| array.span());
        }
        let map = value.read_lock::<rhai::Map>()?;
        let (key, place) = map.iter().find_map(|(key, item)| Some((key, self.literals.place(item)?)))?;
        let (_, literal, _) = self.entry_around(place, key)?;
        let written = literal.children().filter(|node| node.kind() == SyntaxKind::Entry).count();
        (written == map.len() && map.keys().all(|key| sites::entry(literal, key).is_some())).then(|| literal.span())
    }

    /// A literal in `value` that tells where it was written.
    fn leaf(&self, value: &Dynamic, depth: usize) -> Option<Span> {
        if let Some(place) = self.literals.place(value) {
            return Some(place);
        }
        if depth > 4 {
            return None;
        }
        if let Some(items) = value.read_lock::<rhai::Array>() {
            return items.iter().take(8).find_map(|item| self.leaf(item, depth + 1));
        }
        let map = value.read_lock::<rhai::Map>()?;
        map.values().take(8).find_map(|item| self.leaf(item, depth + 1))
    }

    /// The entry `key` around a place: the key, the map, the value.
    fn entry_around(&self, place: Span, key: &str) -> Option<(Span, Node<'a>, Node<'a>)> {
        let tree = &self.trees.get(&place.source)?.tree;
        sites::entry_around(tree, place, key)
    }
}

/// The literal that an array or map was written as: the hint's where it is one, else the one around its first text.
fn home(value: &Dynamic, made: Option<Node<'_>>) -> Option<Span> {
    let is_list = value.is_array();
    if !is_list && !value.is_map() {
        return None;
    }
    let written = made.filter(|node| node.kind() == if is_list { SyntaxKind::Array } else { SyntaxKind::Map });
    written.map(Node::span)
}

fn scalar(value: &Dynamic) -> Option<Value> {
    if value.is_unit() {
        return Some(Value::Unit);
    }
    if let Some(text) = value.read_lock::<ImmutableString>() {
        return Some(Value::Str(text.to_string()));
    }
    if let Some(handle) = value.read_lock::<Handle>() {
        return Some(Value::Object(handle.object.clone()));
    }
    if let Some(broken) = value.read_lock::<Broken>() {
        return Some(Value::Broken(broken.0.clone()));
    }
    let number = value.as_int().map(Value::Int).or_else(|_| value.as_float().map(Value::Float));
    number.or_else(|_| value.as_bool().map(Value::Bool)).ok()
}

fn other(value: &Dynamic) -> Value {
    if value.is_fnptr() {
        return Value::Function;
    }
    Value::Other(match value.type_name() {
        "char" => "a character; texts stand in double quotes".into(),
        name if name.contains("range") || name.contains("Range") => "a range".into(),
        name if name.contains("blob") || name.contains("u8") => "bytes".into(),
        _ => "a value of another kind".into(),
    })
}
