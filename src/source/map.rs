//! Texts by number, with the arithmetic between bytes, lines and columns.

use std::sync::Arc;

use super::{SourceId, Span};

/// The byte order mark, which may stand at the start of a text and means nothing.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Who wrote a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The script that a command was given.
    Script,
    /// A module in the project, imported by a script.
    Module,
    /// A module of the standard library.
    Stdlib,
}

/// A line and a column, each counted from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// One text.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Source {
    /// Its number in the map.
    pub id: SourceId,
    /// Its name as a report shows it.
    pub name: Arc<str>,
    /// Its path from the project root, with `/` between folders; tells two files apart.
    pub path: Arc<str>,
    /// The text, byte order mark included.
    pub text: Arc<str>,
    /// Who wrote it.
    pub origin: Origin,
    lines: Vec<u32>,
}

impl Source {
    /// Length of the byte order mark at the start: 0 or 3.
    pub fn mark(&self) -> u32 {
        if self.text.starts_with(BYTE_ORDER_MARK) { 3 } else { 0 }
    }

    /// How many lines the text has; at least 1.
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// Line and column of a byte; an offset inside a character counts as its start, one past the end as the end.
    pub fn position(&self, offset: u32) -> LineColumn {
        let offset = self.floor(offset);
        let index = self.lines.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.lines[index] as usize;
        let column = self.text[start.min(offset as usize)..offset as usize].chars().count();
        LineColumn { line: to_u32(index + 1), column: to_u32(column + 1) }
    }

    /// Offset of a line and column, clamped to the line's end and the text's.
    pub fn offset(&self, at: LineColumn) -> u32 {
        let index = (at.line.max(1) as usize - 1).min(self.lines.len() - 1);
        let line = self.line_text(index);
        let column = at.column.max(1) as usize - 1;
        let inside = line.char_indices().nth(column).map_or(line.len(), |(offset, _)| offset);
        self.lines[index] + to_u32(inside)
    }

    /// The text of line `index`, counted from 0, without its line break.
    pub fn line_text(&self, index: usize) -> &str {
        let start = self.lines[index] as usize;
        let end = self.lines.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }

    /// A span of this text.
    pub fn span(&self, start: u32, end: u32) -> Span {
        Span::new(self.id, start, end)
    }

    fn floor(&self, offset: u32) -> u32 {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        to_u32(offset).max(self.mark())
    }
}

/// Every text of one run, by number.
#[derive(Debug, Clone, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
}

impl SourceMap {
    /// The longest text that is taken, in bytes.
    pub const MAX_BYTES: usize = 1 << 20;
    /// The most bytes of all texts of one run, the standard library's counted too.
    pub const MAX_TOGETHER: usize = 2 << 20;
    /// The most lines that a text may have, and the most characters of a line: Rhai counts both with 16 bits.
    pub const MAX_LINES: usize = 65_000;
    /// The most texts of one run.
    pub const MAX_SOURCES: usize = 1_000;

    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text. The caller holds the map to [`Self::MAX_SOURCES`] texts.
    pub fn add(&mut self, name: &str, path: &str, text: &str, origin: Origin) -> SourceId {
        let id = SourceId(u16::try_from(self.sources.len()).unwrap_or(u16::MAX));
        let mark = if text.starts_with(BYTE_ORDER_MARK) { 3 } else { 0 };
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(mark).chain(breaks.map(|(at, _)| to_u32(at + 1))).collect();
        self.sources.push(Source { id, name: name.into(), path: path.into(), text: text.into(), origin, lines });
        id
    }

    /// The text of that number.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    /// The text that `span` covers; what lies outside of the text is left out.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source).text.get(span.range()).unwrap_or_default()
    }

    /// The text that has this path from the project root.
    pub fn find(&self, path: &str) -> Option<&Source> {
        self.sources.iter().find(|source| &*source.path == path)
    }

    /// Every text, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter()
    }
}

fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(text: &str) -> SourceMap {
        let mut map = SourceMap::new();
        map.add("a.aphex", "a.aphex", text, Origin::Script);
        map
    }

    #[test]
    fn a_byte_order_mark_counts_in_offsets_and_not_in_columns() {
        let map = one("\u{feff}ab\nc");
        let source = map.get(SourceId(0));
        assert_eq!(source.position(3), LineColumn { line: 1, column: 1 });
        assert_eq!(source.offset(LineColumn { line: 1, column: 2 }), 4);
        assert_eq!(source.position(6), LineColumn { line: 2, column: 1 });
    }

    proptest! {
        #[test]
        fn position_and_offset_are_inverse(text in "\u{feff}?(\\PC|\n|\r\n){0,40}") {
            let map = one(&text);
            let source = map.get(SourceId(0));
            for (offset, character) in text.char_indices() {
                let offset = to_u32(offset);
                if offset < source.mark() || character == '\n' || character == '\r' { continue; }
                prop_assert_eq!(source.offset(source.position(offset)), offset);
            }
        }

        #[test]
        fn no_offset_is_out_of_reach(text in "(\\PC|\n){0,20}", offset in any::<u32>()) {
            let map = one(&text);
            let at = map.get(SourceId(0)).position(offset);
            prop_assert!(map.get(SourceId(0)).offset(at) as usize <= text.len());
        }
    }
}
