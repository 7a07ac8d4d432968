//! The value of a text literal.

use std::ops::Range;

/// The value of the text literal at `range` of `source`: quotes off, escapes read. What cannot be read is left as it
/// is.
pub(crate) fn decode_text(source: &str, range: Range<usize>) -> String {
    let literal = &source[range.clone()];
    match literal.chars().next() {
        Some('#') => decode_raw(literal).to_owned(),
        Some('`') => decode_verbatim(literal),
        Some('"' | '\'') => decode_escaped(literal, column_of(source, range.start)),
        _ => literal.to_owned(),
    }
}

/// How many characters stand before `offset` on its line.
fn column_of(source: &str, offset: usize) -> usize {
    let line = source[..offset].rfind('\n').map_or(0, |end| end + 1);
    source[line..offset].trim_start_matches('\u{feff}').chars().count()
}

fn decode_raw(literal: &str) -> &str {
    let hashes = literal.len() - literal.trim_start_matches('#').len();
    let body = literal.get(hashes + 1..).unwrap_or_default();
    body.get(..body.len().saturating_sub(hashes + 1)).unwrap_or(body)
}

fn decode_verbatim(literal: &str) -> String {
    let body = &literal[1..];
    let body = body.strip_suffix('`').unwrap_or(body);
    let body = body.strip_prefix("\r\n").or(body.strip_prefix(['\n', '\r'])).unwrap_or(body);
    body.replace("\r\n", "\n").replace("``", "`").replace("\\${", "${")
}

/// The text literal at `range` of `source`, written so that it has the same value where `to` characters stand before it
/// on its line: as many blanks as stand before its quote are left out of a line that goes on after `\`.
pub(crate) fn move_text(source: &str, range: Range<usize>, to: usize) -> String {
    let literal = &source[range.clone()];
    let mut moved = String::with_capacity(literal.len());
    // Of a line that goes on: how many characters stand on it, whether they are blanks alone, and whether blanks are still
    // left out.
    let (mut column, mut is_margin, mut is_open) = (0, false, false);
    for Written { text, value } in Escaped::new(literal, column_of(source, range.start)) {
        let (is_escape, is_blank) = (text.starts_with('\\'), text.trim().is_empty());
        match value {
            None if is_blank && column > to => continue,
            Some(_) if is_blank && is_margin && column <= to => {
                moved.extend(std::iter::repeat_n(' ', to + 1 - column));
                moved.push_str(text);
                column = to + 1;
            }
            Some(blank) if is_blank && is_open && column <= to => {
                let escape = format!("\\U{:08x}", u32::from(blank));
                column += escape.len();
                moved.push_str(&escape);
                continue;
            }
            _ => moved.push_str(text),
        }
        if is_escape && value.is_none() {
            (column, is_margin, is_open) = (0, true, true);
        } else {
            column += text.chars().count();
            is_margin &= is_blank && value.is_none();
            is_open &= is_escape || value.is_none();
        }
    }
    moved
}

fn decode_escaped(literal: &str, start: usize) -> String {
    Escaped::new(literal, start).filter_map(|written| written.value).collect()
}

/// A piece of a literal with escapes.
struct Written<'t> {
    text: &'t str,
    /// The character that it is in the value; `None` where it is left out.
    value: Option<char>,
}

/// The pieces of a text literal with escapes, its quotes too.
struct Escaped<'t> {
    rest: &'t str,
    quote: char,
    /// How many characters stand before the quote.
    start: usize,
    /// How many stand before the next piece on a line that goes on after `\`, while blanks are left out there.
    after: Option<usize>,
    is_open: bool,
}

impl<'t> Escaped<'t> {
    fn new(literal: &'t str, start: usize) -> Self {
        let quote = literal.chars().next().unwrap_or('"');
        Self { rest: literal, quote, start, after: None, is_open: false }
    }

    /// How long the next piece is, and its value.
    fn read(&self) -> Option<(usize, Option<char>)> {
        let mut chars = self.rest.chars();
        let next = chars.next()?;
        let then = chars.next();
        let two = then.map_or(1, |then| 1 + then.len_utf8());
        Some(match (next, then) {
            (quote, _) if quote == self.quote && !self.is_open => (1, None),
            (quote, Some(then)) if quote == self.quote && then == quote => (2, Some(quote)),
            (quote, None) if quote == self.quote => (1, None),
            ('\r', Some('\n')) => (1, None),
            ('\\', Some('n')) => (2, Some('\n')),
            ('\\', Some('t')) => (2, Some('\t')),
            ('\\', Some('r')) => (2, Some('\r')),
            ('\\', Some('\r')) if self.rest[2..].starts_with('\n') => (3, None),
            ('\\', Some('\r' | '\n')) => (2, None),
            ('\\', Some('x')) => self.code(2),
            ('\\', Some('u')) => self.code(4),
            ('\\', Some('U')) => self.code(8),
            ('\\', Some(other)) => (two, Some(other)),
            (blank, _) if blank.is_whitespace() && self.after.is_some_and(|after| after <= self.start) => {
                (blank.len_utf8(), None)
            }
            (other, _) => (other.len_utf8(), Some(other)),
        })
    }

    /// `\xHH` and its like, with up to `most` digits.
    fn code(&self, most: usize) -> (usize, Option<char>) {
        let digits = self.rest[2..].bytes().take(most).take_while(u8::is_ascii_hexdigit).count();
        let code = u32::from_str_radix(&self.rest[2..2 + digits], 16).unwrap_or(0);
        // What lacks digits is no escape, and has been reported.
        let code = code.wrapping_shl(4 * u32::try_from(most - digits).unwrap_or(0));
        (2 + digits, Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)))
    }
}

impl<'t> Iterator for Escaped<'t> {
    type Item = Written<'t>;

    fn next(&mut self) -> Option<Written<'t>> {
        let (length, value) = self.read()?;
        let (text, rest) = self.rest.split_at(length);
        (self.rest, self.is_open) = (rest, true);
        let is_escape = text.starts_with('\\');
        if is_escape && value.is_none() {
            self.after = Some(0);
        } else {
            // After an escape blanks are left out too, after any other character of the value they are not.
            let after = self.after.filter(|_| is_escape || value.is_none());
            self.after = after.map(|after| after + text.chars().count());
        }
        Some(Written { text, value })
    }
}

#[cfg(test)]
mod tests {
    use super::{decode_text, move_text};

    fn decode(literal: &str) -> String {
        decode_text(literal, 0..literal.len())
    }

    #[test]
    fn escapes_are_read() {
        assert_eq!(decode(r#""a\n\t\\\"\x41\u00e4""#), "a\n\t\\\"Aä");
        assert_eq!(decode(r#""say ""hi"""#), "say \"hi\"");
        assert_eq!(decode("##\"a\"#b\"##"), "a\"#b");
        assert_eq!(decode("`\na ``b`` \\${c}`"), "a `b` ${c}");
        assert_eq!(decode("\"a\\\n   b\""), "a  b");
    }

    #[test]
    fn a_text_that_moves_keeps_its_value() {
        let lines = [
            "b",
            "  b",
            "      b",
            "\t\tb",
            "  \\\n    b",
            "\\t   b",
            " \\x20   b",
            "     \\t  ",
            "\u{a0} \\t \u{a0}  b",
        ];
        for (line, from, to) in lines.iter().flat_map(|line| (0..81).map(move |place| (line, place / 9, place % 9))) {
            let literal = format!("\"a\\\n{line}\"");
            let value = |literal: &str, column| {
                let source = format!("{}{literal}", " ".repeat(column));
                (decode_text(&source, column..source.len()), source)
            };
            let (before, source) = value(&literal, from);
            let moved = move_text(&source, from..source.len(), to);
            assert_eq!(value(&moved, to).0, before, "{line:?} from {from} to {to}: {moved:?}");
            assert!(from != to || moved == literal, "{moved:?}");
        }
    }
}
