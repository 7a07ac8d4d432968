//! On which line each token stands, and how far that line is indented.

use crate::syntax::tree::RawToken;

/// The lines of a text, by token.
pub(super) struct Layout {
    /// Line and indentation of each token's start, and the line of its end.
    places: Vec<Place>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    line: u32,
    indentation: u32,
    last_line: u32,
}

impl Layout {
    pub(super) fn new(text: &str, tokens: &[RawToken]) -> Self {
        let mut now = Place::default();
        let mut places = Vec::with_capacity(tokens.len());
        for (at, token) in tokens.iter().enumerate() {
            let end = tokens.get(at + 1).map_or(text.len(), |next| next.start as usize);
            let written = &text[token.start as usize..end];
            let mut place = now;
            if let Some(last) = written.rfind('\n') {
                now.line += count(written.bytes().filter(|byte| *byte == b'\n').count());
                now.indentation = indentation(&written[last + 1..]);
            } else if at == 0 {
                now.indentation = indentation(written);
                place.indentation = now.indentation;
            }
            places.push(Place { last_line: now.line, ..place });
        }
        Self { places }
    }

    fn place(&self, raw: u32) -> Place {
        self.places.get(raw as usize).or(self.places.last()).copied().unwrap_or_default()
    }

    pub(super) fn line(&self, raw: u32) -> u32 {
        self.place(raw).line
    }

    pub(super) fn last_line(&self, raw: u32) -> u32 {
        self.place(raw).last_line
    }

    /// How far the line is indented on which the token starts.
    pub(super) fn indentation(&self, raw: u32) -> u32 {
        self.place(raw).indentation
    }
}

fn indentation(line: &str) -> u32 {
    count(line.bytes().take_while(u8::is_ascii_whitespace).count())
}

fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
