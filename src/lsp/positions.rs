//! Offsets in bytes, and what the protocol counts.

use gen_lsp_types::{Position, Range};

/// What the columns of the protocol count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// Halves of UTF-16, which every client knows.
    #[default]
    Utf16,
}

impl Encoding {
    fn length(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.chars().map(char::len_utf16).sum(),
        }
    }
}

/// The lines of a text. They end with `\n`, `\r\n` or `\r`.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    starts: Vec<u32>,
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter_map(|(at, byte)| match byte {
            b'\n' => Some(at + 1),
            b'\r' if bytes.get(at + 1) != Some(&b'\n') => Some(at + 1),
            _ => None,
        });
        Self { starts: std::iter::once(0).chain(ends).map(to_u32).collect() }
    }

    /// Where the protocol sees the byte at `offset` of `text`; inside of a character that is its start.
    pub(super) fn position(&self, text: &str, offset: u32, encoding: Encoding) -> Position {
        let offset = text.floor_char_boundary(offset as usize);
        let line = self.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1);
        let before = text.get(self.starts[line] as usize..offset).unwrap_or_default();
        Position { line: to_u32(line), character: to_u32(encoding.length(before)) }
    }

    pub(super) fn range(&self, text: &str, start: u32, end: u32, encoding: Encoding) -> Range {
        Range { start: self.position(text, start, encoding), end: self.position(text, end, encoding) }
    }

    /// The offset of a position; beyond the end of a line that is its end, and beyond the last line the end of the text.
    pub(super) fn offset(&self, text: &str, position: Position, encoding: Encoding) -> u32 {
        let Some(start) = self.starts.get(position.line as usize) else { return to_u32(text.len()) };
        let end = self.starts.get(position.line as usize + 1).map_or(text.len(), |next| *next as usize);
        let line = text[*start as usize..end].trim_end_matches(['\n', '\r']);
        let mut left = position.character as usize;
        for (at, letter) in line.char_indices() {
            let width = encoding.length(letter.encode_utf8(&mut [0; 4]));
            if left < width {
                return *start + to_u32(at);
            }
            left -= width;
        }
        *start + to_u32(line.len())
    }
}

fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const AT: fn(u32, u32) -> Position = |line, character| Position { line, character };

    #[test]
    fn columns_count_what_the_client_asks_for() {
        let text = "a\u{1f600}b\r\nc\rd";
        let lines = Lines::of(text);
        assert_eq!(lines.position(text, 5, Encoding::Utf16), AT(0, 3));
        assert_eq!(lines.position(text, 5, Encoding::Utf8), AT(0, 5));
        assert_eq!(lines.position(text, 8, Encoding::Utf16), AT(1, 0));
        assert_eq!(lines.position(text, 10, Encoding::Utf16), AT(2, 0));
        // Inside of a character, and beyond the ends.
        assert_eq!(lines.offset(text, AT(0, 2), Encoding::Utf16), 1);
        assert_eq!(lines.offset(text, AT(0, 99), Encoding::Utf16), 6);
        assert_eq!(lines.offset(text, AT(9, 0), Encoding::Utf16), 11);
    }

    proptest! {
        #[test]
        fn an_offset_is_found_again(text in "(\\PC|\n|\r\n|\r){0,40}") {
            let lines = Lines::of(&text);
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                for (offset, letter) in text.char_indices() {
                    if matches!(letter, '\n' | '\r') { continue; }
                    let offset = to_u32(offset);
                    prop_assert_eq!(lines.offset(&text, lines.position(&text, offset, encoding), encoding), offset);
                }
            }
        }

        #[test]
        fn no_position_leads_out_of_a_text(text in "(\\PC|\n){0,20}", line in 0u32..9, character in 0u32..50) {
            let lines = Lines::of(&text);
            for encoding in [Encoding::Utf8, Encoding::Utf16] {
                let offset = lines.offset(&text, AT(line, character), encoding);
                prop_assert!(text.is_char_boundary(offset as usize));
            }
        }
    }
}
