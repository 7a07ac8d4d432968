//! The texts that a client has open.

use std::sync::Arc;

use gen_lsp_types::TextDocumentContentChangeEvent as Change;

use super::positions::{Encoding, Lines};

/// A text that a client has open.
#[derive(Debug)]
pub(super) struct Document {
    /// Its project's root.
    pub(super) root: Arc<str>,
    /// Its path from there.
    pub(super) path: Arc<str>,
    pub(super) version: i32,
    pub(super) text: String,
    pub(super) lines: Lines,
}

impl Document {
    pub(super) fn new(root: Arc<str>, path: Arc<str>, version: i32, text: String) -> Self {
        let lines = Lines::of(&text);
        Self { root, path, version, text, lines }
    }

    /// Makes the changes, one after the other: each is told in the text that those before it left.
    pub(super) fn change(&mut self, version: i32, changes: Vec<Change>, encoding: Encoding) {
        self.version = version;
        for change in changes {
            match change {
                Change::TextDocumentContentChangePartial(part) => {
                    let start = self.lines.offset(&self.text, part.range.start, encoding) as usize;
                    let end = self.lines.offset(&self.text, part.range.end, encoding) as usize;
                    self.text.replace_range(start..end.max(start), &part.text);
                }
                Change::TextDocumentContentChangeWholeDocument(whole) => self.text = whole.text,
            }
            self.lines = Lines::of(&self.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gen_lsp_types::{Position, Range, TextDocumentContentChangePartial, TextDocumentContentChangeWholeDocument};

    fn part(start: (u32, u32), end: (u32, u32), text: &str) -> Change {
        let at = |(line, character)| Position { line, character };
        let range = Range { start: at(start), end: at(end) };
        #[expect(deprecated, reason = "the struct has the field still")]
        TextDocumentContentChangePartial { range, range_length: None, text: text.into() }.into()
    }

    #[test]
    fn changes_follow_each_other() {
        let mut document = Document::new("".into(), "a.aphex".into(), 1, "let ä = 1;\nlet b = 2;\n".into());
        let changes = vec![part((0, 4), (0, 5), "\u{1f600}x"), part((0, 7), (1, 4), ""), part((0, 0), (0, 0), "// ")];
        document.change(2, changes, Encoding::Utf16);
        assert_eq!((document.text.as_str(), document.version), ("// let \u{1f600}xb = 2;\n", 2));
        let whole = TextDocumentContentChangeWholeDocument { text: "1".into() };
        document.change(3, vec![whole.into()], Encoding::Utf16);
        assert_eq!(document.text, "1");
    }

    #[test]
    fn a_range_that_ends_before_it_starts_changes_no_more_than_it_says() {
        let mut document = Document::new("".into(), "a.aphex".into(), 1, "abc".into());
        document.change(2, vec![part((0, 2), (0, 1), "x"), part((7, 0), (9, 0), "y")], Encoding::Utf8);
        assert_eq!(document.text, "abxcy");
    }
}
