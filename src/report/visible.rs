//! Text that somebody else wrote, made safe to print: what would steer a terminal is shown as an escape.

use std::borrow::Cow;

use crate::source::is_hidden;

/// `text` with each character that steers a terminal or hides something written as `\u{…}`. Line breaks and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, |character| !matches!(character, '\n' | '\t') && is_hidden(character))
}

/// The same for text that must stay on one line: line breaks and tabs are written as escapes too.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    escape(text, is_hidden)
}

fn escape(text: &str, hidden: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if hidden(character) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}
