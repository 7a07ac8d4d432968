//! Markdown that fits a width: paragraphs are wrapped, and a table becomes a list, since its rows would be wrapped in the
//! middle of a cell. What comes out is Markdown still.

use crate::report::Style;

/// Where nothing says how wide the screen is.
const WIDTH: usize = 80;
/// Longer lines are not read easily, however wide the screen is.
const WIDEST: usize = 100;

/// `text` for a screen of that style.
pub(in crate::cli) fn fit(text: &str, style: Style) -> String {
    let width = style.width.unwrap_or(WIDTH).clamp(20, WIDEST);
    super::render(&layout(text, width), style)
}

fn layout(text: &str, width: usize) -> String {
    let mut out = String::with_capacity(text.len() + 256);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.starts_with("```") {
            push(&mut out, line);
            for inside in lines.by_ref() {
                push(&mut out, inside);
                if inside.starts_with("```") {
                    break;
                }
            }
        } else if line.starts_with("| ") {
            let mut rows = vec![cells(line)];
            while let Some(row) = lines.next_if(|next| next.starts_with('|')) {
                rows.push(cells(row));
            }
            list(&rows, width, &mut out);
        } else if line.starts_with('#') || line.is_empty() {
            push(&mut out, line);
        } else {
            // A paragraph or an item goes on until something else begins.
            let mut whole = line.to_owned();
            while let Some(next) = lines.next_if(|next| continues(next)) {
                whole.push(' ');
                whole.push_str(next.trim());
            }
            let hang = if line.starts_with("- ") { "  " } else { "" };
            wrap(&whole, hang, width, &mut out);
        }
    }
    out
}

fn continues(line: &str) -> bool {
    !line.is_empty() && !["- ", "|", "#", "```"].iter().any(|mark| line.starts_with(mark))
}

fn push(out: &mut String, line: &str) {
    out.push_str(line);
    out.push('\n');
}

/// The cells of a row; `\|` is no border.
fn cells(row: &str) -> Vec<String> {
    let inside = row.trim().trim_start_matches('|').trim_end_matches('|').replace("\\|", "\u{0}");
    inside.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect()
}

/// A table as a list: the first cell leads, the cells in the middle follow with the head of their column, and the last
/// one stands below.
fn list(rows: &[Vec<String>], width: usize, out: &mut String) {
    let Some((head, rows)) = rows.split_first() else { return };
    for row in rows.iter().skip(1) {
        let (Some((first, rest)), Some((_, heads))) = (row.split_first(), head.split_first()) else { continue };
        let Some((last, middle)) = rest.split_last() else {
            wrap(&format!("- {first}"), "  ", width, out);
            continue;
        };
        let facts: Vec<String> = middle
            .iter()
            .zip(heads)
            .filter(|(cell, _)| !cell.is_empty())
            .map(|(cell, head)| fact(head, cell))
            .collect();
        if facts.is_empty() {
            wrap(&format!("- {first}: {last}"), "  ", width, out);
            continue;
        }
        wrap(&format!("- {first}: {}", facts.join("; ")), "  ", width, out);
        wrap(&format!("  {last}"), "  ", width, out);
    }
}

/// A cell in the middle of a row, with what its column says about it, where that is no matter of course.
fn fact(head: &str, cell: &str) -> String {
    match head {
        "type" | "severity" => cell.to_owned(),
        _ if cell == "required" => cell.to_owned(),
        _ => format!("{head} {cell}"),
    }
}

/// Breaks a text at spaces, never inside of code, and puts `hang` before every line but the first.
fn wrap(text: &str, hang: &str, width: usize, out: &mut String) {
    let indent = &text[..text.len() - text.trim_start().len()];
    let mut line = indent.to_owned();
    let mut column = indent.len();
    for word in words(text.trim()) {
        let length = word.chars().count();
        let empty = line.trim().is_empty();
        if !empty && column + 1 + length > width {
            push(out, line.trim_end());
            hang.clone_into(&mut line);
            column = hang.len();
        } else if !empty {
            line.push(' ');
            column += 1;
        }
        line.push_str(word);
        column += length;
    }
    push(out, line.trim_end());
}

/// The words of a text; code is one word.
fn words(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut start, mut code) = (0, false);
    for (index, letter) in text.char_indices() {
        match letter {
            '`' => code = !code,
            ' ' if !code => {
                found.push(&text[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found.retain(|word| !word.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_becomes_a_list() {
        let table =
            "| key | type | default | meaning |\n|---|---|---|---|\n| `a` | a text | required | What \\| means. |\n";
        assert_eq!(layout(table, 80), "- `a`: a text; required\n  What | means.\n");
        assert_eq!(layout("| code | what |\n|---|---|\n| `a` | b |\n", 80), "- `a`: b\n");
    }

    #[test]
    fn lines_are_broken_between_words_and_never_in_code() {
        assert_eq!(layout("one two `three four` five\nsix\n", 12), "one two\n`three four`\nfive six\n");
        assert_eq!(layout("- one two\n  three\n- four\n", 9), "- one two\n  three\n- four\n");
        assert_eq!(layout("```rhai\nlet a = 1; // long\n```\n", 5), "```rhai\nlet a = 1; // long\n```\n");
    }
}
