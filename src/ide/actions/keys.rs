//! Keys of a map: those that are missing, and their order.

use std::sync::Arc;

use super::Fix;
use crate::ide::completion::{placeholder, plain};
use crate::ide::place::Places;
use crate::ide::workspace::{File, Workspace, around};
use crate::reference::{Record, Reference};
use crate::source::{SourceId, Span};
use crate::syntax::{Call, Edit, Entry, Map, Node, SyntaxKind as K, Token};

/// The keys that the map at `span` must have and does not, with places for their values.
pub(super) fn missing_keys(file: &File, reference: &Reference, span: Span, message: &str) -> Option<Fix> {
    let map = map_at(file, span)?;
    let places = Places::of(reference, file.tree());
    let records = places.records(map.node());
    let [(record, _)] = &records[..] else { return None };
    let said: Vec<&str> = message.split("misses ").nth(1)?.lines().next()?.split('`').skip(1).step_by(2).collect();
    let is_open = |key: &&str| map.entry(key).is_none();
    // Of two that exclude each other the first will do.
    let wanted = if message.contains("` or `") { &said[..1] } else { &said[..] };
    let open: Vec<&str> = wanted.iter().copied().filter(is_open).collect();
    if open.is_empty() {
        return None;
    }
    let entries = open.iter().filter_map(|key| {
        let key = record.key(key)?;
        Some(format!("{}: {}", key.key, plain(&placeholder(&key.kind, 1))))
    });
    let entries: Vec<String> = entries.collect();
    let keys = open.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    let separator = map.entries().last().map_or(", ".to_owned(), |last| {
        let indent = own_line(file, last.node());
        indent.map_or(", ".to_owned(), |indent| format!(",\n{indent}"))
    });
    Some(Fix::new(format!("Add {keys}"), vec![map.push(&entries.join(&separator))]))
}

/// The map that a problem at `span` is about: itself, the value of a key, or the options of a call.
fn map_at(file: &File, span: Span) -> Option<Map<'_>> {
    let tree = file.tree();
    if let Some(map) = tree.literal_at(span.start).and_then(Map::cast) {
        return Some(map);
    }
    let node = tree.token_from(span.start)?.node();
    if let Some(entry) = Entry::cast(node) {
        return entry.value().and_then(Map::cast);
    }
    let call = Call::cast(node).or_else(|| node.parent().and_then(Call::cast))?;
    call.arguments().filter_map(Map::cast).last()
}

/// The blanks before a node that starts a line.
fn own_line<'t>(file: &'t File, node: Node<'_>) -> Option<&'t str> {
    let before = &file.text()[..node.span().start as usize];
    let line = &before[before.rfind('\n')? + 1..];
    line.trim().is_empty().then_some(line)
}

impl Workspace {
    /// The keys of the map around `offset` in the order in which the reference lists them, where they are in another.
    pub(super) fn sorted_keys(&mut self, file: &Arc<File>, offset: u32) -> Option<Fix> {
        let reference = self.reference();
        let places = Places::of(&reference, file.tree());
        let node = file.tree().node_at(offset.min(u32::try_from(file.text().len()).ok()?.saturating_sub(1)))?;
        let map = around(node).find_map(Map::cast)?;
        let records = places.records(map.node());
        let [(record, _)] = &records[..] else { return None };
        let entries: Vec<Entry<'_>> = map.entries().collect();
        let mut sorted: Vec<usize> = (0..entries.len()).collect();
        sorted.sort_by_key(|index| rank(record, entries[*index]));
        if entries.len() < 2 || sorted.is_sorted() {
            return None;
        }
        let chunks: Vec<Chunk<'_>> =
            entries.iter().enumerate().map(|(index, _)| chunk(file, &entries, index)).collect();
        let is_over_lines = chunks.iter().all(|chunk| chunk.text.starts_with('\n'));
        let mut text = String::new();
        for (place, index) in sorted.iter().enumerate() {
            let Chunk { text: own, has_comma, entry_end, .. } = chunks[*index];
            let (entry, rest) = own.split_at(entry_end);
            let entry = if is_over_lines { entry } else { entry.trim_start() };
            let last = place + 1 == sorted.len();
            text.push_str(if is_over_lines || place == 0 { "" } else { " " });
            text.push_str(entry);
            // The last one has a comma where the last one had it.
            let wants_comma = !last || chunks.last().is_some_and(|chunk| chunk.has_comma);
            text.push_str(if wants_comma { "," } else { "" });
            text.push_str(if has_comma { &rest[1..] } else { rest });
        }
        let (first, last) = (chunks.first()?, chunks.last()?);
        let start = if is_over_lines { first.start } else { entries[0].node().span().start };
        let span = Span::new(SourceId::FIRST, start, last.end);
        Some(Fix::new(format!("Sort the keys as `{}` lists them", record.name), vec![Edit::replace(span, text)]))
    }
}

/// An entry with what belongs to it: the comments above it and behind it, and its comma.
struct Chunk<'t> {
    text: &'t str,
    start: u32,
    end: u32,
    /// Where in the text the entry ends.
    entry_end: usize,
    has_comma: bool,
}

fn chunk<'t>(file: &'t File, entries: &[Entry<'_>], index: usize) -> Chunk<'t> {
    let own = entries[index].node();
    let start = if index == 0 {
        own.parent().map_or(own.span().start, |map| map.span().start + 2)
    } else {
        end_of(entries[index - 1].node())
    };
    let end = end_of(own);
    let entry_end = (own.span().end - start) as usize;
    let text = &file.text()[start as usize..end as usize];
    Chunk { text, start, end, entry_end, has_comma: text[entry_end..].starts_with(',') }
}

/// Where an entry ends with its comma and the comment behind it on the same line.
fn end_of(node: Node<'_>) -> u32 {
    let mut end = node.span().end;
    let last = node.tokens().next_back();
    for token in std::iter::successors(last.and_then(Token::next), |token| token.next()) {
        match token.kind() {
            K::Comma if token.span().start == end => end = token.span().end,
            K::Whitespace if !token.text().contains('\n') => {}
            K::LineComment => return token.span().end,
            _ => break,
        }
    }
    end
}

/// Where a key stands in the reference; an unknown one comes last.
fn rank(record: &Record, entry: Entry<'_>) -> usize {
    let key = entry.key().map(|key| key.node).unwrap_or_default();
    record.keys.iter().position(|known| known.key == key).unwrap_or(record.keys.len())
}
