//! Keys that the original system took no notice of.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Sink, did_you_mean};
use crate::schema::{Kind, Record, Value, and};
use crate::source::Spanned;

/// Takes the keys out of `value` that `record` does not have, each with a warning. One that is nearly a key of the
/// record stays, since it is a mistake; one that holds what other places refer to (`holders`) needs no warning.
pub(super) fn drop_ignored(
    value: &mut Spanned<Value>,
    record: &'static Record,
    holders: &BTreeSet<u32>,
    sink: &mut Sink,
) {
    let Value::Map(entries) = &mut value.node else { return };
    let known = || record.fields.iter().map(|field| field.key);
    entries.retain(|(key, _)| {
        if known().any(|field| field == key.node) || did_you_mean(&key.node, known()).is_some() {
            return true;
        }
        if !holders.contains(&key.span.start) {
            sink.push(ignored(record, key));
        }
        false
    });
    for (key, value) in entries {
        if let Some(field) = record.field(&key.node) {
            descend(value, &field.kind, holders, sink);
        }
    }
}

fn ignored(record: &Record, key: &Spanned<String>) -> Diagnostic {
    let message = format!("`{}` has no key `{}`: the original system took no notice of it", record.name, key.node);
    let known = and(record.fields.iter().map(|field| format!("`{}`", field.key)));
    let help = format!("it has {known}; what the key was meant to do is not in the script");
    Diagnostic::new(Code::IgnoredKey, key.span, message).help(help)
}

fn descend(value: &mut Spanned<Value>, kind: &Kind, holders: &BTreeSet<u32>, sink: &mut Sink) {
    match (kind, &mut value.node) {
        (Kind::Record(record), _) => drop_ignored(value, record, holders, sink),
        (Kind::List(kind, _), Value::List(items)) => {
            for item in items {
                descend(item, kind, holders, sink);
            }
        }
        _ => {}
    }
}
