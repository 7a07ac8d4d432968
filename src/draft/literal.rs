//! Texts and comments as a script writes them, whatever characters they have.

use std::fmt::Write;

use crate::source::is_hidden;

/// `text` in double quotes. What cannot be seen, or would end the text, is an escape.
pub fn literal(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for character in text.chars() {
        match character {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            hidden if is_hidden(hidden) => push_escape(&mut written, hidden),
            plain => written.push(plain),
        }
    }
    written.push('"');
    written
}

/// The most bytes of a comment, which has to fit on a line of a script however it is written.
const LONGEST_COMMENT: usize = 5_000;

/// `text` as one line of comment. What cannot be seen is shown, since somebody else wrote it.
pub fn comment(text: &str) -> String {
    let text = text[..text.floor_char_boundary(LONGEST_COMMENT)].trim_end();
    let mut written = String::from("//");
    if !text.is_empty() && !text.starts_with(' ') {
        written.push(' ');
    }
    for character in text.chars() {
        match character {
            '\t' => written.push(' '),
            hidden if is_hidden(hidden) => push_escape(&mut written, hidden),
            plain => written.push(plain),
        }
    }
    written
}

fn push_escape(written: &mut String, character: char) {
    let number = u32::from(character);
    let done = if number <= 0xffff { write!(written, "\\u{number:04x}") } else { write!(written, "\\U{number:08x}") };
    done.expect("a String takes any text");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_an_escape() {
        assert_eq!(literal("a \"b\" \\ ${c} `d` é 😀"), "\"a \\\"b\\\" \\\\ ${c} `d` é 😀\"");
        assert_eq!(literal("\t\u{1b}\u{202e}\u{e0001}"), "\"\\t\\u001b\\u202e\\U000e0001\"");
    }

    #[test]
    fn a_comment_stays_one_line() {
        assert_eq!(comment(" plain"), "// plain");
        assert_eq!(comment("/ no doc\u{1b}[2J\ttab  "), "// / no doc\\u001b[2J tab");
        assert_eq!(comment(""), "//");
    }
}
