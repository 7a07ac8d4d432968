//! Markdown for a terminal: the few forms that our own pages use.

mod fit;

use crate::report::Style;

pub(super) use fit::fit;

/// `text` with colours in place of its marks; without colours it stays as it is.
pub(super) fn render(text: &str, style: Style) -> String {
    let mut shown = String::with_capacity(text.len() + 256);
    let mut code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            code = !code;
            if style.color {
                continue;
            }
        }
        shown.push_str(&if code { block(line, style) } else { prose(line, style) });
        shown.push('\n');
    }
    shown
}

fn block(line: &str, style: Style) -> String {
    if style.color && !line.is_empty() { format!("    {}", style.paint("36", line)) } else { line.to_owned() }
}

fn prose(line: &str, style: Style) -> String {
    if !style.color {
        return line.to_owned();
    }
    let heading = line.trim_start_matches('#');
    if heading.len() < line.len() && heading.starts_with(' ') {
        return style.paint("1", &heading.trim().replace('`', ""));
    }
    let parts = line.split('`').enumerate();
    let open = line.matches('`').count() % 2 == 1;
    if open {
        return line.to_owned();
    }
    parts.map(|(index, part)| if index % 2 == 1 { style.paint("36", part) } else { part.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# `bad-value`\n\nA `key` is wrong.\n\n```rhai\nlet a = `x`;\n```\n";

    #[test]
    fn without_colours_a_page_stays_as_it_is() {
        assert_eq!(render(PAGE, Style::PLAIN), PAGE);
    }

    #[test]
    fn with_colours_the_marks_go() {
        let shown = render(PAGE, Style { color: true, ..Style::PLAIN }).replace('\u{1b}', "");
        assert_eq!(shown, "[1mbad-value[0m\n\nA [36mkey[0m is wrong.\n\n    [36mlet a = `x`;[0m\n");
    }
}
