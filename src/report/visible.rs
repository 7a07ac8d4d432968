//! Text that somebody else wrote, made safe to print: what would steer a terminal is shown as an escape.

use std::borrow::Cow;

/// `text` with each character that steers a terminal or hides something written as `\u{…}`. Line breaks and tabs stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, |character| !matches!(character, '\n' | '\t') && is_hidden(character))
}

/// The same for text that must stay on one line: line breaks and tabs are written as escapes too.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    escape(text, is_hidden)
}

/// Controls, characters that turn the direction of writing, separators of lines, and what has no width and no use.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
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
