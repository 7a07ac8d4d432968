//! From the interpreter's lines and columns back to offsets.

use super::Tree;
use crate::syntax::SyntaxKind as K;

/// Where each token of a text starts, by line and column as Rhai counts them.
///
/// Rhai's count differs from an editor's in a few places: it takes a bare `\r` after a comment for the end of a line,
/// misses one column at each `\${` and one line at each `"` that ends a line inside a raw text, and stops at 65,535.
#[derive(Debug, Clone)]
pub struct Positions {
    /// Line, column and offset of each token, in order.
    starts: Vec<(u16, u16, u32)>,
}

impl Tree {
    /// The places of its tokens as the interpreter names them; the text goes to it without the byte order mark.
    pub fn positions(&self) -> Positions {
        let mut cursor = Cursor { line: 1, column: 0 };
        let mut starts = Vec::with_capacity(self.tokens.len());
        let mut after_comment = false;
        for token in self.tokens() {
            let kind = token.kind();
            if !kind.is_trivia() {
                starts.push((cursor.line, cursor.column.saturating_add(1), token.span().start));
            }
            cursor.pass(kind, token.text(), after_comment);
            after_comment = is_line_comment(kind, token.text());
        }
        Positions { starts }
    }
}

impl Positions {
    /// The offset of the token that starts at `line` and `column`, both counted from 1.
    pub fn offset(&self, line: usize, column: usize) -> Option<u32> {
        let key = (u16::try_from(line).ok()?, u16::try_from(column).ok()?);
        let at = self.starts.partition_point(|(line, column, _)| (*line, *column) < key);
        self.starts.get(at).filter(|(line, column, _)| (*line, *column) == key).map(|(_, _, offset)| *offset)
    }
}

fn is_line_comment(kind: K, text: &str) -> bool {
    kind == K::LineComment || kind == K::DocComment && text.starts_with("//")
}

struct Cursor {
    line: u16,
    column: u16,
}

impl Cursor {
    fn advance(&mut self, count: usize) {
        self.column = self.column.saturating_add(u16::try_from(count).unwrap_or(u16::MAX));
    }

    fn new_line(&mut self) {
        self.line = self.line.saturating_add(1);
        self.column = 0;
    }

    fn character(&mut self, ends_line: bool) {
        if ends_line {
            self.new_line();
        } else {
            self.advance(1);
        }
    }

    fn pass(&mut self, kind: K, text: &str, after_comment: bool) {
        match kind {
            K::ByteOrderMark => {}
            K::Whitespace if after_comment && text.starts_with('\r') => {
                self.new_line();
                self.lines(text[1..].strip_prefix('\n').unwrap_or(&text[1..]));
            }
            K::TemplateStart | K::TemplateMiddle | K::TemplateEnd => self.backticked(text, kind == K::TemplateStart),
            K::Text if text.starts_with('`') => self.backticked(text, true),
            K::Text if text.starts_with('#') => self.raw(text),
            _ => self.lines(text),
        }
    }

    fn lines(&mut self, text: &str) {
        for next in text.chars() {
            self.character(next == '\n');
        }
    }

    fn backticked(&mut self, text: &str, opens: bool) {
        let body = &text[1..];
        self.advance(1);
        let first = if opens { ["\r\n", "\n", "\r"].into_iter().find(|end| body.starts_with(end)) } else { None };
        if first.is_some() {
            self.new_line();
        }
        let body = &body[first.map_or(0, str::len)..];
        // The parts between: what Rhai takes for `\${` counts one less.
        for (index, part) in body.split("\\${").enumerate() {
            self.advance(if index > 0 { 2 } else { 0 });
            self.lines(part);
        }
    }

    fn raw(&mut self, text: &str) {
        // Once a quote may be the end, the characters after it, up to the first that is no `#`, are not looked at.
        let (mut after_quote, mut hashes) = (false, true);
        for next in text.chars() {
            self.character(next == '\n' && !after_quote);
            if hashes {
                hashes = next != '"';
            } else {
                after_quote = next == '"' || after_quote && next == '#';
            }
        }
    }
}
