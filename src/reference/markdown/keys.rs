//! Records and their keys.

use super::links::{Links, Teller, path_on};
use super::{paragraphs, table};
use crate::reference::data::{Key, Record, Reference};

/// The table of a record's keys.
pub(super) fn keys(record: &Record, teller: Teller<'_>) -> String {
    let row = |key: &Key| [format!("`{}`", key.key), teller.one(&key.kind), default(key), key.meaning()];
    table(["key", "type", "default", "meaning"], record.keys.iter().map(row))
}

/// The sections of the records inside of `record`, which the page about `path` is about: each once, in the order of the
/// keys that take them.
pub(super) fn sections(reference: &Reference, record: &Record, path: &str, links: Links) -> Vec<String> {
    let mut inside = Vec::new();
    collect(reference, record, &mut inside);
    let teller = Teller { reference, links, page: path };
    let section = |record: &Record| {
        let own = path_on(record, path);
        let begin = format!("{path}.");
        let others = record.paths.iter().filter(|other| *other != own && other.starts_with(&begin));
        let others: Vec<String> = others.map(|path| format!("`{path}`")).collect();
        let also = if others.is_empty() { String::new() } else { format!("Also {}.", others.join(", ")) };
        paragraphs([format!("## `{own}`"), record.doc.clone(), also, shorthand(record, own), keys(record, teller)])
    };
    inside.into_iter().map(section).collect()
}

/// Adds the records that the keys of a record take, each with those inside of it behind it.
fn collect<'a>(reference: &'a Reference, record: &Record, found: &mut Vec<&'a Record>) {
    for inner in record.keys.iter().filter_map(|key| reference.record(key.kind.record()?)) {
        if !found.iter().any(|known| known.id == inner.id) {
            found.push(inner);
            collect(reference, inner, found);
        }
    }
}

/// The page about a key of the record at `path`: its facts, and the keys of the map that it takes.
pub(super) fn key_page(reference: &Reference, path: &str, key: &Key) -> String {
    let path = format!("{path}.{}", key.key);
    let teller = Teller { reference, links: Links::None, page: &path };
    let facts = format!("- type: {}\n- default: {}", teller.one(&key.kind), default(key));
    let mut parts = vec![format!("# {path}"), facts, key.meaning()];
    if let Some(record) = reference.records.iter().find(|record| record.paths.contains(&path)) {
        parts.extend(["## Keys".to_owned(), record.doc.clone(), shorthand(record, &path), keys(record, teller)]);
        parts.extend(sections(reference, record, &path, Links::None));
    }
    let forms = reference.texts.iter().filter(|form| form.used_by.contains(&path));
    parts.extend(forms.map(|form| format!("{}: {}", form.title, form.doc)));
    paragraphs(parts)
}

/// What a value that is no map stands for.
fn shorthand(record: &Record, path: &str) -> String {
    let key = path.rsplit('.').next().unwrap_or(path);
    match record.shorthand {
        Some(short) if path.contains('.') => {
            format!("A value that is no map is its `{short}`: `{key}: x` means `{key}: #{{ {short}: x }}`.")
        }
        Some(short) => format!("A value that is no map is its `{short}`."),
        None => String::new(),
    }
}

fn default(key: &Key) -> String {
    key.default.as_ref().map_or_else(|| "required".to_owned(), |default| default.words.clone())
}
