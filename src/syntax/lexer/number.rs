//! Numbers.

use super::Lexer;
use crate::diagnostic::Code;
use crate::syntax::SyntaxKind as K;

impl Lexer<'_> {
    /// A number whose digits start at `digits`; a sign may stand before them.
    pub(super) fn number(&mut self, digits: usize) {
        let signed = digits > self.pos;
        let text = &self.text[digits..];
        let (kind, length) = scan(text);
        let end = digits + length;
        let number = self.text[self.pos..end].to_owned();
        let help = match &kind {
            Number::Integer | Number::Float => None,
            Number::Radix { digits, .. } if digits.is_empty() => {
                Some("write at least one digit after the prefix".to_owned())
            }
            Number::Radix { .. } if signed => Some(format!("write `-({})`", &number[1..])),
            Number::Radix { radix, digits } => {
                u64::from_str_radix(digits, *radix).err().map(|_| "it must fit into 64 bits".to_owned())
            }
            Number::BareExponent => Some("write digits after the `e`".to_owned()),
        };
        if let Some(help) = help {
            self.report(Code::BadNumber, self.pos, end, format!("`{number}` is not a number"), &help);
            return self.push_bad(K::Int, end);
        }
        let is_integer = match kind {
            Number::Integer => number.replace('_', "").parse::<i64>().is_ok(),
            Number::Float => false,
            Number::Radix { .. } | Number::BareExponent => true,
        };
        self.push(if is_integer { K::Int } else { K::Float }, end);
    }
}

enum Number {
    Integer,
    Float,
    Radix { radix: u32, digits: String },
    BareExponent,
}

/// What kind of number `text` starts with, and how long it is.
fn scan(text: &str) -> (Number, usize) {
    let bytes = text.as_bytes();
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let skip = |mut at: usize, is_digit: fn(&u8) -> bool| {
        while byte(at) == b'_' || is_digit(&byte(at)) {
            at += 1;
        }
        at
    };
    // `0_x1` is read like `0x1`.
    let mut at = skip(1, |_| false);
    if byte(0) == b'0'
        && let Some((radix, is_digit)) = radix(byte(at))
    {
        let end = skip(at + 1, is_digit);
        let digits = text[at + 1..end].replace('_', "");
        return (Number::Radix { radix, digits }, end);
    }
    at = skip(at, u8::is_ascii_digit);
    let mut kind = Number::Integer;
    let after = text[at..].chars().nth(1);
    if byte(at) == b'.' && after.is_some_and(|next| next != '_' && next != '.' && !next.is_ascii_alphabetic()) {
        kind = Number::Float;
        at = skip(at + 1, u8::is_ascii_digit);
    }
    if matches!(byte(at), b'e' | b'E') && (byte(at + 1).is_ascii_digit() || matches!(byte(at + 1), b'+' | b'-')) {
        let start = at + 2;
        at = skip(start, u8::is_ascii_digit);
        let has_digit = text[start - 1..at].bytes().any(|digit| digit.is_ascii_digit());
        kind = if has_digit { Number::Float } else { Number::BareExponent };
    }
    (kind, at)
}

/// A base, and which digits it has.
type Radix = (u32, fn(&u8) -> bool);

fn radix(letter: u8) -> Option<Radix> {
    match letter {
        b'x' | b'X' => Some((16, u8::is_ascii_hexdigit)),
        b'o' | b'O' => Some((8, |digit| matches!(digit, b'0'..=b'7'))),
        b'b' | b'B' => Some((2, |digit| matches!(digit, b'0' | b'1'))),
        _ => None,
    }
}
