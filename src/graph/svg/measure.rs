//! How wide a text may become, as it is shown. Nobody knows the reader's fonts, so letters are taken for as wide as in a wide one.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

use crate::report::visible_line;

/// A font: its size in pixels, and how wide it is in percent of a plain one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Font {
    /// The class of the style sheet that sets it.
    pub(super) class: &'static str,
    size: i32,
    percent: i32,
    mono: bool,
}

impl Font {
    const fn new(class: &'static str, size: i32, percent: i32) -> Self {
        Self { class, size, percent, mono: false }
    }

    /// The head of the picture.
    pub(super) const TITLE: Self = Self::new("title", 22, 113);
    /// What stands below it.
    pub(super) const SUBTITLE: Self = Self::new("subtitle", 13, 100);
    /// The name of an environment.
    pub(super) const NAME: Self = Self::new("name", 14, 113);
    /// A task.
    pub(super) const TASK: Self = Self::new("task", 12, 100);
    /// What a task is about.
    pub(super) const DETAIL: Self = Self::new("detail", 11, 100);
    /// The key that asks for a task.
    pub(super) const KEY: Self = Self::new("key", 10, 100);
    /// Numbers of accounts.
    pub(super) const MONO: Self = Self { mono: true, ..Self::new("place", 11, 100) };
    /// The name of a gate.
    pub(super) const GATE: Self = Self::new("gate-name", 13, 113);
    /// What a gate asks.
    pub(super) const MESSAGE: Self = Self::new("message", 12, 100);
    /// The name of a rollback.
    pub(super) const ROLLBACK: Self = Self::new("rollback-name", 12, 113);

    /// How wide a text becomes at most, in pixels.
    pub(super) fn width(self, text: &str) -> i32 {
        let text = visible_line(text);
        self.pixels(text.chars().map(|letter| self.advance(letter)).sum())
    }

    fn pixels(self, advance: i64) -> i32 {
        let scaled = advance * i64::from(self.size) * i64::from(self.percent) / 100_000;
        i32::try_from(scaled + 1).unwrap_or(i32::MAX / 4)
    }

    /// The text, or as much of it as has room before an ellipsis.
    pub(super) fn fit(self, text: &str, room: i32) -> Cow<'_, str> {
        let text = visible_line(text);
        if self.overflow(&text, room, 0).is_none() {
            return text;
        }
        let cut = self.overflow(&text, room, self.advance('…')).unwrap_or(text.len());
        Cow::Owned(format!("{}…", text[..cut].trim_end()))
    }

    /// The text in at most `most` lines, broken at spaces where there are any; the last line ends in an ellipsis where
    /// there is more.
    pub(super) fn wrap(self, text: &str, room: i32, most: usize) -> Vec<String> {
        let text = visible_line(text);
        let (mut lines, mut rest) = (Vec::new(), text.trim());
        while lines.len() + 1 < most
            && let Some(end) = self.overflow(rest, room, 0)
        {
            let letter = rest.chars().next().map_or(0, char::len_utf8);
            // The first that has no room may be the space itself.
            let space = if rest[end..].starts_with(' ') { Some(end) } else { rest[..end].rfind(' ') };
            let cut = space.filter(|space| *space > 0).unwrap_or(end.max(letter));
            lines.push(rest[..cut].trim_end().to_owned());
            rest = rest[cut..].trim_start();
        }
        lines.push(self.fit(rest, room).into_owned());
        lines
    }

    /// Where a text ends that has no room, with `spare` left beside it.
    fn overflow(self, text: &str, room: i32, spare: i64) -> Option<usize> {
        let mut advance = spare;
        text.char_indices().find_map(|(at, letter)| {
            advance += self.advance(letter);
            (self.pixels(advance) > room).then_some(at)
        })
    }

    /// In thousandths of the font's size.
    fn advance(self, letter: char) -> i64 {
        match letter.width().unwrap_or(0) {
            0 => 0,
            1 if self.mono => 620,
            1 => proportional(letter),
            _ => 1_300,
        }
    }
}

/// As in the font `DejaVu Sans`, which is wider than most.
fn proportional(letter: char) -> i64 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | ' ' => 320,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '/' | '\\' | '-' | '!' => 420,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '…' => 1_000,
        '+' | '=' | '<' | '>' | '~' | '^' | '#' | '&' | '→' => 840,
        'A'..='Z' => 760,
        'a'..='z' | '0'..='9' => 640,
        _ if letter.is_ascii() => 640,
        _ => 760,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_ends_in_an_ellipsis() {
        let room = Font::TASK.width("deploy-prod");
        assert_eq!(Font::TASK.fit("deploy-prod", room), "deploy-prod");
        let cut = Font::TASK.fit("deploy-production", room);
        assert!(cut.ends_with('…') && Font::TASK.width(&cut) <= room, "{cut}");
        assert_eq!(Font::TASK.fit("deploy", 0), "…");
        assert!(Font::TASK.width("\u{202e}") > Font::TASK.width("u{202e}"), "as it is shown");
    }

    #[test]
    fn lines_break_at_spaces_or_anywhere() {
        let room = Font::TASK.width("one two");
        assert_eq!(Font::TASK.wrap("one two three", room, 3), ["one two", "three"]);
        let lines = Font::TASK.wrap(&"x".repeat(90), room, 3);
        assert!(lines.len() == 3 && lines[2].ends_with('…'), "{lines:?}");
        assert_eq!(Font::TASK.wrap("漢字", 1, 2), ["漢", "…"]);
    }
}
