//! Two texts become a patch: what is different between them, line by line, for people and for `patch`.

use similar::TextDiff;

use super::{Style, visible};

/// How many lines stand around a difference.
const CONTEXT: usize = 3;

/// The unified diff from `old` to `new`, each with the name that its head shows; nothing where they are the same.
///
/// On a terminal what could steer it is made visible; elsewhere the lines are as they are, so that `patch` takes them.
pub fn patch(old: (&str, &str), new: (&str, &str), style: Style) -> String {
    let diff = TextDiff::from_lines(old.1, new.1);
    let text = diff.unified_diff().context_radius(CONTEXT).header(old.0, new.0).to_string();
    if !style.color {
        return text;
    }
    let lines = text.split_inclusive('\n').map(|line| {
        let (text, end) = line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n"));
        let text = visible(text);
        let text = color(line).map_or_else(|| text.to_string(), |color| style.paint(color, &text));
        text + end
    });
    lines.collect()
}

/// The colour of a line of a patch.
fn color(line: &str) -> Option<&'static str> {
    match line.as_bytes() {
        [b'+', b'+', b'+', b' ', ..] | [b'-', b'-', b'-', b' ', ..] => Some("1"),
        [b'@', ..] => Some("36"),
        [b'+', ..] => Some("32"),
        [b'-', ..] => Some("31"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_shows_what_is_different_and_what_stands_around_it() {
        let (old, new) = ("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nd\nE\nf\n");
        let expected = "--- old\n+++ new\n@@ -2,5 +2,5 @@\n b\n c\n d\n-e\n+E\n f\n";
        assert_eq!(patch(("old", old), ("new", new), Style::PLAIN), expected);
        assert_eq!(patch(("old", old), ("new", old), Style::PLAIN), "");
    }

    #[test]
    fn a_text_without_a_last_line_break_says_so() {
        let text = patch(("old", "a"), ("new", "a\n"), Style::PLAIN);
        assert!(text.contains("\\ No newline at end of file"), "{text}");
    }

    #[test]
    fn on_a_terminal_nothing_steers_it() {
        let style = Style { color: true, ..Style::PLAIN };
        let text = patch(("old", "a\n"), ("new", "\u{1b}[2Jb\n"), style);
        assert!(text.contains("\u{1b}[31m-a\u{1b}[0m\n") && !text.contains("\u{1b}[2J"), "{text:?}");
    }
}
