//! The value of a text literal.

use std::iter::Peekable;
use std::ops::Range;
use std::str::Chars;

/// The value of the text literal at `range` of `source`: quotes off, escapes read. What cannot be read is left as it
/// is.
pub(crate) fn decode_text(source: &str, range: Range<usize>) -> String {
    let literal = &source[range.clone()];
    match literal.chars().next() {
        Some('#') => decode_raw(literal).to_owned(),
        Some('`') => decode_verbatim(literal),
        Some(quote @ ('"' | '\'')) => decode_escaped(literal, quote, column(source, range.start)),
        _ => literal.to_owned(),
    }
}

/// How many characters stand before `offset` on its line.
fn column(source: &str, offset: usize) -> usize {
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

/// `start` is the number of characters before the quote: as many blanks are left out of a line that goes on after `\`.
fn decode_escaped(literal: &str, quote: char, start: usize) -> String {
    let body = &literal[1..];
    let body = if literal.len() > 1 { body.strip_suffix(quote).unwrap_or(body) } else { body };
    let mut value = String::with_capacity(body.len());
    let mut rest = body.chars().peekable();
    while let Some(next) = rest.next() {
        match next {
            '\\' => escape(&mut rest, &mut value, start),
            '\r' if rest.peek() == Some(&'\n') => {}
            next if next == quote => {
                rest.next_if_eq(&quote);
                value.push(quote);
            }
            next => value.push(next),
        }
    }
    value
}

fn escape(rest: &mut Peekable<Chars<'_>>, value: &mut String, start: usize) {
    let Some(first) = rest.next() else { return value.push('\\') };
    let digits = match first {
        'n' => return value.push('\n'),
        't' => return value.push('\t'),
        'r' => return value.push('\r'),
        '\r' => {
            rest.next_if_eq(&'\n');
            return skip_indentation(rest, start);
        }
        '\n' => return skip_indentation(rest, start),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        other => return value.push(other),
    };
    let mut code = 0u32;
    for _ in 0..digits {
        let digit = rest.next_if(char::is_ascii_hexdigit).and_then(|digit| digit.to_digit(16));
        code = code.wrapping_mul(16).wrapping_add(digit.unwrap_or(0));
    }
    value.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
}

fn skip_indentation(rest: &mut Peekable<Chars<'_>>, start: usize) {
    for _ in 0..=start {
        if rest.next_if(|next| next.is_whitespace() && *next != '\n').is_none() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::decode_text;

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
}
