//! Text to tokens: every byte in exactly one of them, whatever the text.

mod number;
mod quoted;

use super::words;
use super::{MAX_PROBLEMS, SyntaxKind as K, tree::RawToken};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceId, Span};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The tokens of `text`, and what is wrong with them.
pub(super) fn lex(source: SourceId, text: &str) -> (Vec<RawToken>, Vec<Diagnostic>) {
    let mut lexer = Lexer {
        source,
        text,
        pos: 0,
        tokens: Vec::with_capacity(text.len() / 4),
        diagnostics: Vec::new(),
        open: Vec::new(),
        last: None,
        second_looks: 0,
    };
    // Each text that is left open at the end is closed on its line, and what follows is read anew.
    for _ in 0..MAX_REWINDS {
        while lexer.pos < text.len() {
            lexer.next();
        }
        if !lexer.rewind() {
            break;
        }
    }
    while lexer.pos < text.len() {
        lexer.next();
    }
    lexer.finish();
    (lexer.tokens, lexer.diagnostics)
}

/// How often the rest of a text is read anew.
const MAX_REWINDS: usize = 20;

/// An interpolation that is open.
struct Interpolation {
    /// Its text's number among the tokens.
    token: usize,
    /// Where its text starts.
    text: usize,
    /// Where its `${` stands.
    dollar: usize,
    /// How many braces are open in it.
    braces: usize,
}

struct Lexer<'t> {
    source: SourceId,
    text: &'t str,
    pos: usize,
    tokens: Vec<RawToken>,
    diagnostics: Vec<Diagnostic>,
    open: Vec<Interpolation>,
    /// The last token that is no trivia.
    last: Option<K>,
    /// How often a line was read anew because of its quotes.
    second_looks: usize,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        &self.text[self.pos..]
    }

    fn peek(&self) -> char {
        self.rest().chars().next().unwrap_or('\0')
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, to_u32(start), to_u32(end))
    }

    fn push(&mut self, kind: K, end: usize) {
        self.add(kind, end, false);
    }

    /// Adds a token about which something was reported.
    fn push_bad(&mut self, kind: K, end: usize) {
        self.add(kind, end, true);
    }

    fn add(&mut self, kind: K, end: usize, bad: bool) {
        self.tokens.push(RawToken { start: to_u32(self.pos), kind, bad });
        self.pos = end;
        if !kind.is_trivia() {
            self.last = Some(kind);
        }
    }

    fn report(&mut self, code: Code, start: usize, end: usize, message: impl Into<String>, help: &str) {
        let diagnostic = Diagnostic::new(code, self.span(start, end), message);
        if self.diagnostics.len() < MAX_PROBLEMS {
            self.diagnostics.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
        }
    }

    fn next(&mut self) {
        match self.peek() {
            BYTE_ORDER_MARK if self.pos == 0 => self.push(K::ByteOrderMark, BYTE_ORDER_MARK.len_utf8()),
            first if first.is_ascii_whitespace() => self.whitespace(),
            '0'..='9' => self.number(self.pos),
            '-' if self.is_sign() => self.number(self.pos + 1),
            'a'..='z' | 'A'..='Z' | '_' => self.word(),
            first if first.is_alphabetic() => self.word(),
            '"' => self.plain_text(),
            '\'' => self.single_quoted(),
            '`' => self.template(),
            '/' if self.rest().starts_with("//") => self.line_comment(),
            '/' if self.rest().starts_with("/*") => self.block_comment(),
            '#' => self.hash(),
            _ => self.symbol(),
        }
    }

    /// Whether the `-` here belongs to the number after it.
    fn is_sign(&self) -> bool {
        let digit = self.rest().as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        digit && self.last.is_none_or(K::precedes_sign)
    }

    fn whitespace(&mut self) {
        let rest = self.rest();
        let length = rest.find(|next: char| !next.is_ascii_whitespace()).unwrap_or(rest.len());
        self.push(K::Whitespace, self.pos + length);
    }

    fn line_comment(&mut self) {
        let rest = self.rest();
        let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let is_doc = rest.starts_with("//!") || rest.starts_with("///") && !rest.starts_with("////");
        self.push(if is_doc { K::DocComment } else { K::LineComment }, self.pos + length);
    }

    fn block_comment(&mut self) {
        let rest = self.rest();
        let is_doc = rest.starts_with("/**") && !rest.starts_with("/***") && !rest.starts_with("/**/");
        let kind = if is_doc { K::DocComment } else { K::BlockComment };
        if let Some(length) = comment_length(rest) {
            return self.push(kind, self.pos + length);
        }
        let message = "this comment has no end";
        self.report(Code::UnclosedComment, self.pos, self.pos + 2, message, "close it with `*/`");
        self.push_bad(kind, self.text.len());
    }

    fn word(&mut self) {
        let rest = self.rest();
        let length = rest.find(|next: char| !(next.is_alphanumeric() || next == '_')).unwrap_or(rest.len());
        let (word, end) = (rest[..length].to_owned(), self.pos + length);
        if word == "_" {
            self.push(K::Underscore, end);
        } else if let Some(kind) = words::keyword(&word) {
            self.push(kind, end);
        } else if words::is_reserved(&word) {
            self.push(K::Reserved, end);
        } else if words::is_name(&word) {
            self.push(K::Ident, end);
        } else {
            let message = format!("`{word}` cannot be a name");
            let help =
                "a name is made of the letters a to z and A to Z, digits and `_`, and has a letter before a digit";
            self.report(Code::UnknownCharacter, self.pos, end, message, help);
            self.push_bad(K::Ident, end);
        }
    }

    /// What starts with `#`: a map, a raw text, or something of another language.
    fn hash(&mut self) {
        let rest = self.rest();
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        if rest[hashes..].starts_with('"') {
            return self.raw_text(hashes);
        }
        let starts_line = self.tokens.last().is_none_or(|last| {
            last.kind == K::ByteOrderMark
                || last.kind == K::Whitespace && self.text[last.start as usize..self.pos].contains('\n')
        });
        let after = rest[hashes..].chars().next().unwrap_or('\n');
        let is_comment = after.is_ascii_whitespace() && !rest.starts_with("# {")
            || starts_line && (after == '!' || after.is_ascii_alphabetic());
        if is_comment {
            let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
            let help = "a comment starts with `//`";
            self.report(Code::ForeignSpelling, self.pos, self.pos + hashes, "`#` does not start a comment", help);
            return self.push_bad(K::Unknown, self.pos + line);
        }
        self.symbol();
    }

    fn symbol(&mut self) {
        for length in (1..=3).rev() {
            let Some(text) = self.rest().get(..length) else { continue };
            if let Some(symbol) = words::RESERVED_SYMBOLS.iter().find(|symbol| symbol.text == text) {
                let (text, instead, help) = (symbol.text, symbol.instead, symbol.help);
                let message = format!("the language has no `{text}`");
                self.report(Code::ForeignSpelling, self.pos, self.pos + length, message, help);
                self.brace(instead);
                return self.push_bad(instead, self.pos + length);
            }
            if text == "!in"
                && self.text[self.pos + 3..].starts_with(|next: char| next.is_ascii_alphanumeric() || next == '_')
            {
                continue;
            }
            if let Some(kind) = K::symbol(text) {
                if kind == K::RBrace && self.closes_interpolation() {
                    return self.template_rest();
                }
                self.brace(kind);
                return self.push(kind, self.pos + length);
            }
        }
        self.unknown();
    }

    /// Counts the braces inside an interpolation.
    fn brace(&mut self, kind: K) {
        let Some(open) = self.open.last_mut() else { return };
        match kind {
            K::LBrace | K::MapStart => open.braces += 1,
            K::RBrace => open.braces -= 1,
            _ => {}
        }
    }

    fn closes_interpolation(&self) -> bool {
        self.open.last().is_some_and(|open| open.braces == 0)
    }

    fn unknown(&mut self) {
        let character = self.peek();
        if matches!(character, '“' | '”' | '‘' | '’' | '„' | '«' | '»') {
            return self.smart_quoted(character);
        }
        let end = self.pos + character.len_utf8();
        let (message, help) = if character.is_whitespace() || character.is_control() || is_invisible(character) {
            (
                format!("an invisible character, U+{:04X}", u32::from(character)),
                "replace it with a plain space, or remove it",
            )
        } else {
            (format!("the language has no `{character}`"), "leave it out")
        };
        self.report(Code::UnknownCharacter, self.pos, end, message, help);
        self.push_bad(K::Unknown, end);
    }

    /// Ends the outermost text that is open at the end of all on its own line, and goes back to there.
    fn rewind(&mut self) -> bool {
        let Some(open) = self.open.first() else { return false };
        let (token, text, dollar) = (open.token, open.text, open.dollar);
        let line = self.text[dollar..].find(['\n', '\r']).map_or(self.text.len(), |length| dollar + length);
        let kept = self.text[dollar..line].trim_end_matches(quoted::AFTER_TEXT);
        let end = (dollar + kept.len()).max(dollar + 2);
        self.open.clear();
        self.tokens.truncate(token);
        self.last = self.tokens.iter().rev().map(|token| token.kind).find(|kind| !kind.is_trivia());
        let passed = to_u32(text);
        self.diagnostics.retain(|problem| problem.primary.span.start < passed);
        self.unclosed_interpolation(dollar);
        self.pos = text;
        self.push_bad(K::Text, end);
        true
    }

    /// Reports what is open at the end of the text.
    fn finish(&mut self) {
        if let Some(open) = self.open.pop() {
            self.unclosed_interpolation(open.dollar);
        }
    }

    fn unclosed_interpolation(&mut self, dollar: usize) {
        let message = "this `${` has no `}`";
        self.report(
            Code::UnclosedInterpolation,
            dollar,
            dollar + 2,
            message,
            "close it with `}` before the text goes on",
        );
    }
}

fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | BYTE_ORDER_MARK)
}

/// Length of the block comment that `text` starts with; comments nest.
fn comment_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut depth) = (2, 1);
    while depth > 0 {
        match bytes.get(at..at + 2) {
            Some(b"/*") => (depth, at) = (depth + 1, at + 2),
            Some(b"*/") => (depth, at) = (depth - 1, at + 2),
            Some(_) => at += 1,
            None => return None,
        }
    }
    Some(at)
}

fn to_u32(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
