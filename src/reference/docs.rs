//! Doc comments as text.

/// The text of a declaration's doc comment, whose lines begin with a space: one line a paragraph, lists kept apart.
pub(super) fn declared(doc: &str) -> String {
    let mut text = String::with_capacity(doc.len());
    let mut open = false;
    for line in doc.lines().map(str::trim) {
        let item = line.starts_with("- ");
        if !line.is_empty() && !text.is_empty() {
            text.push_str(if open && !item {
                " "
            } else if open {
                "\n"
            } else {
                "\n\n"
            });
        }
        text.push_str(line);
        open = !line.is_empty();
    }
    text
}

/// The text of comments whose lines begin with one of `marks`.
pub(super) fn comment<'a>(lines: impl Iterator<Item = &'a str>, mark: &str) -> String {
    let texts = lines.filter_map(|line| line.strip_prefix(mark));
    let text: String = texts.flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"]).collect();
    text.trim().to_owned()
}

/// The first sentence of a text.
pub(super) fn first_sentence(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    line.split_once(". ").map_or(line, |(sentence, _)| &line[..=sentence.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_one_line() {
        assert_eq!(declared(" One\n line.\n\n - a\n - b\n"), "One line.\n\n- a\n- b");
        assert_eq!(comment("/// A\n///\n///   b".lines(), "///"), "A\n\n  b");
        assert_eq!(first_sentence("One. Two.\nThree."), "One.");
    }
}
