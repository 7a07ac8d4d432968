//! What holds for every text.

use proptest::prelude::*;

use super::{Element, Node, SyntaxKind, Token, parse};
use crate::source::SourceId;

/// Texts that look like scripts, more than characters at random do.
fn script() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "let", "const", "if", "else", "for", "in", "fn", "switch", "=>", "(", ")", "[", "]", "{", "}", "#{", ":", "::",
        ",", ";", ".", "=", "+", "-", "!", "|", "||", "&&", "..", "?", "\"a\"", "\"", "'", "`", "`${", "}`", "${", "a",
        "b1", "_", "1", "0x", "2.5", "//", "/*", "*/", "\n", " ", "\\", "ä", "\u{feff}", "return", "break", "import",
        "default", "#\"", "\"#", "loop", "do", "while", "try", "catch", "export", "private", "\r",
    ]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.join(" "))
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let parsed = parse(SourceId(0), text);
    let (tree, end) = (&parsed.tree, u32::try_from(text.len()).unwrap_or(u32::MAX));
    let written: String = tree.tokens().map(Token::text).collect();
    prop_assert_eq!(&written, text);
    prop_assert!(tree.tokens().all(|token| !token.span().is_empty()));
    prop_assert_eq!(tree.root().span().range(), 0..text.len());
    for node in tree.nodes() {
        check_node(node)?;
    }
    for problem in &parsed.diagnostics {
        let span = problem.primary.span;
        prop_assert!(span.start <= span.end && span.end <= end && text.get(span.range()).is_some(), "{:?}", problem);
    }
    Ok(())
}

/// Its children lie in it, one after the other, and its elements are its tokens.
fn check_node(node: Node<'_>) -> Result<(), TestCaseError> {
    let mut after = node.span().start;
    for child in node.children() {
        prop_assert_eq!(child.parent(), Some(node));
        prop_assert!(child.span().start >= after && child.span().end <= node.span().end, "{:?} {:?}", node, child);
        after = child.span().end;
    }
    let mut text = String::new();
    for element in node.elements() {
        match element {
            Element::Node(child) => text.push_str(child.text()),
            Element::Token(token) => {
                prop_assert_eq!(token.node(), node);
                text.push_str(token.text());
            }
        }
    }
    prop_assert_eq!(text, node.text());
    prop_assert!(!node.kind().is_token());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_characters_are_read(text in "\\PC{0,60}") {
        check(&text)?;
    }

    #[test]
    fn any_words_are_read(text in script()) {
        check(&text)?;
    }

    #[test]
    fn any_words_without_blanks_are_read(text in script()) {
        check(&text.replace(' ', ""))?;
    }
}

#[test]
fn what_is_missing_lies_in_what_misses_it() {
    check("switch let { if else |").unwrap();
}

#[test]
fn long_texts_take_linear_time() {
    let pieces = [
        "(",
        ")",
        "[1,",
        "a;",
        "`${",
        "\"",
        "'",
        "#{a:1};",
        "(]",
        "{\n",
        "f(\n",
        "((;",
        "let a = 1\n",
        "a=1;",
        "}",
        "1+",
        "f(a: 1, ",
        "if x\n}",
        "#{a: 1 }}",
        "f \"a\")",
        "a: b, c]",
        "`a${b\n",
        "fn f",
        "\"a, \"b\"\n",
    ];
    for piece in pieces {
        let start = std::time::Instant::now();
        let problems = parse(SourceId(0), &piece.repeat(100_000 / piece.len())).diagnostics;
        assert!(problems.len() <= super::MAX_PROBLEMS + 1, "{piece}: {}", problems.len());
        assert!(start.elapsed().as_secs() < 10, "{piece}: {:?}", start.elapsed());
    }
}

#[test]
fn an_empty_text_has_a_root() {
    let tree = parse(SourceId(0), "").tree;
    assert_eq!(tree.root().kind(), SyntaxKind::Root);
    assert_eq!(tree.root().children().count(), 0);
}
