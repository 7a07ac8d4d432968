//! How a text stands in YAML: plain, in double quotes, or as a block of lines.

use std::fmt::Write;

/// The words that some reader takes for a bool, a number or nothing, in small letters.
const WORDS: &[&str] = &["y", "n", "on", "no", "yes", "off", "nan", "inf", "null", "true", "false"];

/// The longest of [`WORDS`].
const LONGEST: usize = 5;

/// Characters that start something else than a text, by their number.
static INDICATORS: [bool; 256] = {
    let mut table = [false; 256];
    let mut indicators: &[u8] = b",:[]{}#&*!|>'\"%@`~";
    while let [first, rest @ ..] = indicators {
        table[*first as usize] = true;
        indicators = rest;
    }
    table
};

/// Characters that stand for themselves wherever they stand behind the first, by their number: most texts have no other.
static PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = b' ';
    while byte <= b'~' {
        table[byte as usize] = byte != b':' && byte != b'#';
        byte += 1;
    }
    table
};

/// Adds `text` in the shortest form that every reader takes for this text, on one line.
pub(super) fn line(text: &str, out: &mut String) {
    if is_plain(text) { out.push_str(text) } else { quote(text, out) }
}

/// Whether `text` means itself without quotes.
pub(super) fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else { return false };
    let starts = match first {
        b'-' | b'?' => bytes.get(1).is_some_and(|next| *next != b' '),
        _ => first != b' ' && !INDICATORS[usize::from(first)],
    };
    starts && last != b' ' && last != b':' && is_one_line(text) && !is_another_type(text)
}

/// Whether a plain text could hold these characters behind its first.
fn is_one_line(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.iter().all(|byte| PLAIN[usize::from(*byte)]) {
        return true;
    }
    let mut before = 0;
    for (index, &byte) in bytes.iter().enumerate() {
        match byte {
            b' ' if before == b':' => return false,
            b'#' if before == b' ' => return false,
            b' '..=b'~' => {}
            // The rest is looked at letter by letter.
            0x80.. => return text[index..].chars().all(|letter| letter == ' ' || is_visible(letter)) && joins(text),
            _ => return false,
        }
        before = byte;
    }
    true
}

/// Whether nothing in `text` starts a comment or ends a key.
fn joins(text: &str) -> bool {
    !text.contains(": ") && !text.contains(" #")
}

/// Whether some reader takes a plain `text` for something else than a text.
fn is_another_type(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned.as_bytes() {
        [b'0'..=b'9' | b'.' | b'_', rest @ ..] => {
            is_word(unsigned.strip_prefix('.').unwrap_or("")) || rest.starts_with(b"..") || is_number(unsigned)
        }
        [] | [b'<', b'<'] | [b'='] => true,
        [b'-', b'-', ..] => text.starts_with("---"),
        _ => is_word(unsigned),
    }
}

fn is_word(text: &str) -> bool {
    text.len() <= LONGEST && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether `text`, which starts with a digit, a dot or a `_`, could be a number or a moment: rather once too often.
fn is_number(text: &str) -> bool {
    match text.as_bytes() {
        [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', rest @ ..] => {
            rest.iter().all(|byte| byte.is_ascii_hexdigit() || b"_+-".contains(byte))
        }
        bytes => bytes.iter().all(|byte| byte.is_ascii_digit() || b"_+-.:,eEtTzZ ".contains(byte)),
    }
}

/// Whether a reader takes the letter as it stands, and a person sees it.
fn is_visible(letter: char) -> bool {
    match letter {
        ' '..='~' => true,
        '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{e000}'..='\u{f8ff}' => false,
        '\u{a1}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}' => !letter.is_control() && !letter.is_whitespace(),
        _ => false,
    }
}

/// Adds `text` in double quotes.
pub(super) fn quote(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if is_visible(letter) => out.push(letter),
            _ => escape(u32::from(letter), out),
        }
    }
    out.push('"');
}

fn escape(code: u32, out: &mut String) {
    let written = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
    written.expect("a string takes every text");
}

/// The header of a block for `text`; none where it has one line, or where a block would not come back the same.
pub(super) fn block(text: &str) -> Option<&'static str> {
    // Where the first line starts with a space or a tab, readers would take that for indentation.
    let starts = !text.starts_with(['\n', ' ', '\t']);
    let fits = || text.chars().all(|letter| letter == '\n' || letter == '\t' || is_visible(letter));
    if !text.contains('\n') || !starts || !fits() {
        return None;
    }
    Some(match text.strip_suffix('\n') {
        None => "|-",
        Some(rest) if rest.ends_with('\n') => "|+",
        Some(_) => "|",
    })
}

/// Adds a number with a fraction, in the form that readers of 1.1 know too.
pub(super) fn float(value: f64, out: &mut String) {
    let text = format!("{value:?}");
    match text.split_once('e') {
        Some((digits, exponent)) => {
            let point = if digits.contains('.') { "" } else { ".0" };
            let sign = if exponent.starts_with('-') { "" } else { "+" };
            out.extend([digits, point, "e", sign, exponent]);
        }
        None => out.push_str(&text),
    }
}
