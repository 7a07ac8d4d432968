//! Texts: in double quotes, in backticks, raw, and in the quotes that are wrong.

use super::{Interpolation, Lexer, to_u32};
use crate::diagnostic::Code;
use crate::syntax::SyntaxKind as K;

/// What probably stands after a text whose end is missing, up to the end of the line.
pub(super) const AFTER_TEXT: &[char] = &[' ', '\t', ',', ';', ')', ']', '}', '{', '#', '('];

/// How a piece of a text in backticks ends.
enum Piece {
    Closed(usize),
    Interpolation(usize),
    Unclosed,
}

impl Lexer<'_> {
    /// `"…"`, on one line unless the line ends with `\`.
    pub(super) fn plain_text(&mut self) {
        let start = self.pos;
        let mut at = start + 1;
        let mut escapes = Vec::new();
        loop {
            match self.text[at..].chars().next() {
                Some('"') if self.text[at + 1..].starts_with('"') => at += 2,
                Some('"') => break,
                Some('\\') => match escape(&self.text[at + 1..], '"') {
                    Ok(length) => at += 1 + length,
                    Err(length) => {
                        escapes.push((at, at + 1 + length));
                        at += 1 + length;
                    }
                },
                Some('\n') | None if self.second_look(start) => return,
                Some('\n') | None => return self.unclosed_text(start, "\""),
                Some(next) => at += next.len_utf8(),
            }
        }
        self.bad_escapes(&escapes);
        self.add(K::Text, at + 1, !escapes.is_empty());
    }

    /// A text at the end of a line has no end because one before it on the line has none: `f("a, "b");` reads as
    /// `"a, "`, `b`, `");`. Ends that one where it was probably meant to, and goes back to there.
    fn second_look(&mut self, start: usize) -> bool {
        if !self.open.is_empty() || self.second_looks >= 200 {
            return false;
        }
        self.second_looks += 1;
        let line = self.text[..start].rfind('\n').map_or(0, |end| end + 1);
        let is_before = |kind: K| matches!(kind, K::TemplateStart | K::TemplateMiddle | K::TemplateEnd);
        let before = self.tokens.iter().rposition(|token| (token.start as usize) < line || is_before(token.kind));
        let first = before.map_or(0, |before| before + 1);
        let found = (first..self.tokens.len()).find_map(|at| Some((at, self.early_end(at)?)));
        let Some((token, end)) = found else { return false };
        self.pos = self.tokens[token].start as usize;
        self.tokens.truncate(token);
        let passed = to_u32(self.pos);
        self.diagnostics.retain(|problem| problem.primary.span.start < passed);
        self.report(Code::UnclosedText, self.pos, end, "this text has no end", "close it with `\"`");
        self.push_bad(K::Text, end);
        true
    }

    /// Where the text of token `at` should end, where its closing quote looks like an opening one.
    fn early_end(&self, at: usize) -> Option<usize> {
        let token = self.tokens[at];
        let start = token.start as usize;
        let end = self.tokens.get(at + 1).map_or(self.pos, |next| next.start as usize);
        let inner = self.text[start..end].strip_prefix('"')?.strip_suffix('"').filter(|_| !token.bad)?;
        let opens_next =
            inner.ends_with([' ', '(', '[', '{', ',', ':']) && self.text[end..].starts_with(char::is_alphanumeric);
        let length = inner.find([',', ')', ']', '}', ';'])?;
        opens_next.then_some(start + 1 + length)
    }

    fn bad_escapes(&mut self, escapes: &[(usize, usize)]) {
        for (start, end) in escapes {
            let message = format!("a text has no escape `{}`", &self.text[*start..*end]);
            let help = "write `\\\\` for a backslash; there are `\\n`, `\\t`, `\\r`, `\\\"`, `\\xHH`, `\\uHHHH`, `\\UHHHHHHHH`";
            self.report(Code::BadEscape, *start, *end, message, help);
        }
    }

    /// Reports a text without its end and takes as much of the line as was probably meant: all but the punctuation
    /// after it, so that what follows is still read.
    fn unclosed_text(&mut self, start: usize, quote: &str) {
        let line = self.text[start..].find(['\n', '\r']).map_or(self.text.len(), |length| start + length);
        let kept = self.text[start + quote.len()..line]
            .trim_end_matches(|next| AFTER_TEXT.contains(&next) || next == '`' && !self.open.is_empty());
        let end = start + quote.len() + kept.len();
        let help = match quote {
            "'" => "write it in double quotes: `\"…\"`",
            "`" => "close it with a backtick",
            _ => "close it with `\"`",
        };
        self.report(Code::UnclosedText, start, end, "this text has no end", help);
        self.push_bad(K::Text, end);
    }

    /// `'a'` is a character; anything longer was meant to be a text.
    pub(super) fn single_quoted(&mut self) {
        let start = self.pos;
        let mut at = start + 1;
        let (mut characters, mut escapes) = (0, Vec::new());
        loop {
            match self.text[at..].chars().next() {
                Some('\'') if at == start + 1 => break,
                Some('\'') if self.text[at + 1..].starts_with('\'') => (at, characters) = (at + 2, characters + 1),
                Some('\'') => break,
                Some('\\') => {
                    let length = escape(&self.text[at + 1..], '\'').unwrap_or_else(|length| {
                        escapes.push((at, at + 1 + length));
                        length
                    });
                    let continues_line = self.text[at + 1..].starts_with(['\n', '\r']);
                    if continues_line {
                        return self.unclosed_text(start, "'");
                    }
                    (at, characters) = (at + 1 + length, characters + 1);
                }
                Some('\n') | None => return self.unclosed_text(start, "'"),
                Some(next) => (at, characters) = (at + next.len_utf8(), characters + 1),
            }
        }
        if characters == 1 {
            self.bad_escapes(&escapes);
            return self.add(K::Char, at + 1, !escapes.is_empty());
        }
        let inner = self.text[start + 1..at].replace('"', "\\\"");
        let help = format!("write it in double quotes: `\"{inner}\"`");
        self.report(Code::SingleQuotes, start, at + 1, "a text stands in double quotes", &help);
        self.push_bad(K::Text, at + 1);
    }

    /// `#"…"#`, with as many `#` at its end as at its start.
    pub(super) fn raw_text(&mut self, hashes: usize) {
        let body = self.pos + hashes + 1;
        let close = format!("\"{}", "#".repeat(hashes));
        if let Some(length) = self.text[body..].find(&close) {
            return self.push(K::Text, body + length + close.len());
        }
        let help = format!("close it with `{close}`");
        self.report(Code::UnclosedText, self.pos, body, "this text has no end", &help);
        self.push_bad(K::Text, self.text.len());
    }

    /// A text in backticks, up to its end or its first `${`.
    pub(super) fn template(&mut self) {
        let start = self.pos;
        // A text cannot follow a value: this backtick ends the text around an interpolation that was left open.
        if self.closes_interpolation() && self.last.is_some_and(K::ends_operand) {
            if let Some(open) = self.open.pop() {
                self.unclosed_interpolation(open.dollar);
            }
            return self.push_bad(K::TemplateEnd, start + 1);
        }
        match self.piece(start + 1) {
            Piece::Closed(end) => self.push(K::Text, end),
            Piece::Interpolation(end) => {
                let token = self.tokens.len();
                self.open.push(Interpolation { token, text: start, dollar: end - 2, braces: 0 });
                self.push(K::TemplateStart, end);
            }
            Piece::Unclosed => self.unclosed_text(start, "`"),
        }
    }

    /// The text goes on after an interpolation's `}`.
    pub(super) fn template_rest(&mut self) {
        let start = self.pos;
        match self.piece(start + 1) {
            Piece::Closed(end) => {
                self.open.pop();
                self.push(K::TemplateEnd, end);
            }
            Piece::Interpolation(end) => {
                if let Some(open) = self.open.last_mut() {
                    open.dollar = end - 2;
                }
                self.push(K::TemplateMiddle, end);
            }
            Piece::Unclosed => {
                let text = self.open.pop().map_or(start, |open| open.text);
                self.report(Code::UnclosedText, text, text + 1, "this text has no end", "close it with a backtick");
                let line = self.text[start..].find(['\n', '\r']).map_or(self.text.len(), |length| start + length);
                let kept = self.text[start + 1..line].trim_end_matches([' ', '\t', ',', ';', ')', ']', '}']);
                self.push_bad(K::TemplateEnd, start + 1 + kept.len());
            }
        }
    }

    fn piece(&self, start: usize) -> Piece {
        let bytes = self.text.as_bytes();
        let mut at = start;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'`' if bytes.get(at + 1) == Some(&b'`') => at += 2,
                b'`' => return Piece::Closed(at + 1),
                b'\\' if bytes[at..].starts_with(b"\\${") => at += 3,
                b'$' if bytes.get(at + 1) == Some(&b'{') => return Piece::Interpolation(at + 2),
                _ => at += 1,
            }
        }
        Piece::Unclosed
    }

    /// A text in quotes of a word processor.
    pub(super) fn smart_quoted(&mut self, open: char) {
        let body = self.pos + open.len_utf8();
        let line = self.text[body..].find(['\n', '\r']).map_or(self.text.len(), |length| body + length);
        let quotes = ['“', '”', '‘', '’', '„', '«', '»'];
        let close = self.text[body..line].char_indices().find(|(_, next)| quotes.contains(next));
        let end = close.map_or(body, |(at, quote)| body + at + quote.len_utf8());
        let message = format!("`{open}` is not a quote of the language");
        self.report(Code::UnknownCharacter, self.pos, body, message, "write a text in plain quotes: `\"…\"`");
        self.push_bad(if close.is_some() { K::Text } else { K::Unknown }, end);
    }
}

/// Length of the escape that stands after a `\`; as an error where there is no such escape.
fn escape(text: &str, quote: char) -> Result<usize, usize> {
    let Some(first) = text.chars().next() else { return Err(0) };
    let digits = match first {
        'n' | 't' | 'r' | '\\' | '\n' => return Ok(1),
        '\r' if text.starts_with("\r\n") => return Ok(2),
        next if next == quote => return Ok(1),
        'x' => 2,
        'u' => 4,
        'U' => 8,
        '"' | '\'' => return Err(1),
        other => return Err(other.len_utf8()),
    };
    let found = text[1..].bytes().take(digits).take_while(u8::is_ascii_hexdigit).count();
    let value = u32::from_str_radix(&text[1..=found], 16).ok().and_then(char::from_u32);
    if found == digits && value.is_some() { Ok(1 + digits) } else { Err(1 + found) }
}
