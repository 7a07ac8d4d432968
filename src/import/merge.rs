//! The keys of a map: each once, and those that `<<` brings along.

use std::collections::HashMap;

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::schema::Value;
use crate::source::{Span, Spanned};

type Entry = (Spanned<String>, Spanned<Value>);

/// `entries` with each key once. The keys of the maps at `<<` (YAML 1.1, which the original's reader takes) are added
/// where there is none of that name; of several maps the first one counts.
pub(super) fn merged(entries: Vec<Entry>, sink: &mut Sink) -> Vec<Entry> {
    let mut own: Vec<Entry> = Vec::with_capacity(entries.len());
    let mut places: HashMap<String, Span> = HashMap::with_capacity(entries.len());
    let mut brought = Vec::new();
    for (key, value) in entries {
        match places.get(&key.node) {
            Some(first) => sink.push(twice(&key, *first)),
            None if key.node == "<<" => brought.push(value),
            None => {
                places.insert(key.node.clone(), key.span);
                own.push((key, value));
            }
        }
    }
    for (key, value) in brought.into_iter().flat_map(|value| maps(value, sink)) {
        if !places.contains_key(&key.node) {
            places.insert(key.node.clone(), key.span);
            own.push((key, value));
        }
    }
    own
}

fn twice(key: &Spanned<String>, first: Span) -> Diagnostic {
    let message = format!("the key `{}` stands twice in one map", key.node);
    Diagnostic::new(Code::DuplicateKey, key.span, message)
        .related(first, "the first is here")
        .help("remove one of them")
}

/// The entries of a map, or of several.
fn maps(value: Spanned<Value>, sink: &mut Sink) -> Vec<Entry> {
    let Spanned { node, span } = value;
    match node {
        Value::Map(entries) => entries,
        Value::List(items) if items.iter().all(|item| matches!(item.node, Value::Map(_))) => {
            items.into_iter().flat_map(|item| maps(item, sink)).collect()
        }
        _ => {
            let message = "`<<` takes a map, or a list of maps";
            sink.push(Diagnostic::new(Code::BadYaml, span, message).help("let it name maps, such as `<<: *defaults`"));
            Vec::new()
        }
    }
}
