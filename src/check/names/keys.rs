//! Keys of maps that are written at a call of a function with keys: `environment("x", #{ acount: … })`.

use super::Check;
use super::scopes::Called;
use crate::model::Function;
use crate::schema::{Kind, Record};
use crate::source::Spanned;
use crate::syntax::{Array, Binary, Call, Map, Node, SyntaxKind as K};

/// Reports the keys that the records of `function` do not have.
pub(super) fn check(check: &mut Check<'_, '_>, called: &Called<'_>, function: &Function) {
    let call = called.call;
    let arguments = call.receiver().into_iter().chain(call.arguments());
    for (index, argument) in arguments.enumerate() {
        let param = if function.variadic { function.params.last() } else { function.params.get(index) };
        if let Some(param) = param {
            value(check, argument, &param.kind);
        }
    }
}

/// Holds `node` against `kind`, as far as it is written out. The parser bounds how deep that goes.
fn value(check: &mut Check<'_, '_>, node: Node<'_>, kind: &Kind) {
    match node.kind() {
        K::Paren => node.children().for_each(|inner| value(check, inner, kind)),
        // Both sides give their keys to the sum; of arrays, both give their items.
        K::Binary if node.token(K::Plus).is_some() => {
            if let Some(sum) = Binary::cast(node) {
                [sum.left(), sum.right()].into_iter().flatten().for_each(|side| value(check, side, kind));
            }
        }
        K::MethodCall => {
            let merge = Call::cast(node).filter(|call| call.name().is_some_and(|name| name.text() == "merge"));
            if let Some(call) = merge {
                call.receiver().into_iter().chain(call.arguments()).for_each(|side| value(check, side, kind));
            }
        }
        K::Map => map(check, node, kind),
        K::Array => array(check, node, kind),
        _ => {}
    }
}

fn map(check: &mut Check<'_, '_>, node: Node<'_>, kind: &Kind) {
    let Some(map) = Map::cast(node) else { return };
    let (record, table) = (record(kind), table(kind));
    for entry in map.entries() {
        let Some(key) = entry.key() else { continue };
        if let Some(record) = record
            && let Some(problem) = record.unknown_key(Spanned::new(&key.node, key.span))
        {
            check.report(node, problem);
        }
        let inner = record.and_then(|record| record.field(&key.node)).map(|field| &field.kind).or(table);
        if let (Some(kind), Some(inside)) = (inner, entry.value()) {
            value(check, inside, kind);
        }
    }
}

fn array(check: &mut Check<'_, '_>, node: Node<'_>, kind: &Kind) {
    if let (Some(kind), Some(array)) = (item(kind), Array::cast(node)) {
        array.items().for_each(|item| value(check, item, kind));
    }
}

/// The one kind of `kinds` that `pick` takes; none where several do, or where something else takes a map.
fn only<T>(kinds: &'static [Kind], pick: impl Fn(&'static Kind) -> Option<T>) -> Option<T> {
    let mut found = kinds.iter().filter_map(pick);
    let first = found.next()?;
    if found.next().is_some() { None } else { Some(first) }
}

/// The record that a map of this kind is.
fn record(kind: &Kind) -> Option<&'static Record> {
    match kind {
        Kind::Record(record) => Some(record),
        Kind::Either(kinds) if !kinds.iter().any(|kind| matches!(kind, Kind::Table(..))) => only(kinds, record),
        _ => None,
    }
}

/// What the values of a map of this kind are, where its keys are the user's.
fn table(kind: &Kind) -> Option<&'static Kind> {
    match kind {
        Kind::Table(_, value) => Some(value),
        Kind::Either(kinds) if record(kind).is_none() => only(kinds, table),
        _ => None,
    }
}

/// What the items of an array of this kind are.
fn item(kind: &Kind) -> Option<&'static Kind> {
    match kind {
        Kind::List(item, _) => Some(item),
        Kind::Record(record) => record.shorthand.and_then(|key| record.field(key)).and_then(|field| item(&field.kind)),
        Kind::Either(kinds) => only(kinds, item),
        _ => None,
    }
}
