//! Holds `examples/everything` against the declarations of the language: no function, key or choice is left out.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use aphex::model::{FUNCTIONS, METHODS};
use aphex::schema::{Kind, Record};
use aphex::source::{Origin, SourceMap};
use aphex::syntax::{Call, Literal, Map, Node, Tree, parse};

/// The keys that were found, by the path of the record that they belong to: `pipeline.identity`.
type Found = BTreeMap<String, BTreeSet<String>>;

fn script() -> Tree {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/everything/pipeline.aphex");
    let text = std::fs::read_to_string(path).unwrap();
    let source = SourceMap::new().add("pipeline.aphex", "pipeline.aphex", &text, Origin::Script);
    let parsed = parse(source, &text);
    assert!(parsed.diagnostics.is_empty(), "{:#?}", parsed.diagnostics);
    parsed.tree
}

fn calls(tree: &Tree) -> impl Iterator<Item = (String, Call<'_>)> {
    tree.nodes().filter_map(Call::cast).filter_map(|call| Some((call.name()?.text().to_owned(), call)))
}

/// The record among what a key takes.
fn record(kind: &Kind) -> Option<&'static Record> {
    match kind {
        Kind::Record(record) => Some(record),
        Kind::List(item, _) => record_in(item),
        Kind::Table(_, value) => record_in(value),
        Kind::Either(kinds) => kinds.iter().find_map(record),
        _ => None,
    }
}

fn record_in(kind: &'static Kind) -> Option<&'static Record> {
    record(kind)
}

/// The texts of which a key takes one.
fn choices(kind: &Kind, found: &mut BTreeSet<&'static str>) {
    match kind {
        Kind::OneOf(choices) => found.extend(choices.iter().map(|choice| choice.text)),
        Kind::List(kind, _) | Kind::Table(_, kind) => choices(kind, found),
        Kind::Either(kinds) => kinds.iter().for_each(|kind| choices(kind, found)),
        Kind::Record(record) => record.fields.iter().for_each(|field| choices(&field.kind, found)),
        _ => {}
    }
}

/// The maps that make up a value, those inside of other maps and of calls left out.
fn maps(node: Node<'_>) -> Vec<Map<'_>> {
    match Map::cast(node) {
        Some(map) => vec![map],
        None => node.children().flat_map(maps).collect(),
    }
}

/// Notes the keys of the literals for `record` at `path`, and of those inside of them.
fn collect(record: &Record, path: &str, maps: Vec<Map<'_>>, found: &mut Found) {
    for entry in maps.into_iter().flat_map(Map::entries) {
        let Some(key) = entry.key() else { continue };
        let value = entry.value();
        let field = record.fields.iter().find(|field| field.key == key.node);
        if let (Some(inner), Some(value)) = (field.and_then(|field| self::record(&field.kind)), value)
            && Call::cast(value).is_none()
        {
            collect(inner, &format!("{path}.{}", key.node), self::maps(value), found);
        }
        found.entry(path.to_owned()).or_default().insert(key.node);
    }
}

/// The keys that the language has, by path.
fn declared(record: &Record, path: &str, keys: &mut Found) {
    for field in record.fields {
        keys.entry(path.to_owned()).or_default().insert(field.key.to_owned());
        if let Some(inner) = self::record(&field.kind) {
            declared(inner, &format!("{path}.{}", field.key), keys);
        }
    }
}

#[test]
fn every_key_stands_in_the_script() {
    let tree = script();
    let (mut wanted, mut found) = (Found::new(), Found::new());
    for function in FUNCTIONS {
        let Some(record) = function.params.iter().find_map(|param| record(&param.kind)) else { continue };
        declared(record, function.name, &mut wanted);
        for (_, call) in calls(&tree).filter(|(name, _)| name == function.name) {
            collect(record, function.name, call.arguments().flat_map(maps).collect(), &mut found);
        }
    }
    let missing = wanted.iter().flat_map(|(path, keys)| {
        let there = found.get(path);
        let absent = keys.iter().filter(move |key| !there.is_some_and(|there| there.contains(*key)));
        absent.map(move |key| format!("{path}.{key}"))
    });
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn every_function_and_method_is_called() {
    let tree = script();
    let called: BTreeSet<String> = calls(&tree).map(|(name, _)| name).collect();
    let names = FUNCTIONS.iter().map(|function| function.name).chain(METHODS.iter().map(|method| method.name));
    let missing: Vec<&str> = names.filter(|name| !called.contains(*name)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn every_choice_is_made_or_is_the_default() {
    let tree = script();
    let literals = tree.nodes().filter_map(Literal::cast).filter_map(Literal::text_value);
    let literals: BTreeSet<String> = literals.collect();
    let mut wanted = BTreeSet::new();
    FUNCTIONS.iter().flat_map(|function| function.params.iter()).for_each(|param| choices(&param.kind, &mut wanted));
    let missing: Vec<&str> = wanted.into_iter().filter(|text| !literals.contains(*text)).collect();
    // What holds where nothing is said.
    assert_eq!(missing, ["ClusterIP", "ClusterSecretStore"]);
}
