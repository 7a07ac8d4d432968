//! Any text is read, and nothing of it is lost.

use aphex::diagnostic::Diagnostic;
use aphex::source::SourceId;
use aphex::syntax::{Array, Edit, Element, Entry, Map, Node, Parsed, Token, Tree, parse};

pub(super) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let parsed = parse(SourceId::FIRST, &text);
    check_tree(&parsed.tree, &text);
    for problem in &parsed.diagnostics {
        let span = problem.primary.span;
        assert!(span.start <= span.end && text.get(span.range()).is_some(), "{problem:?}");
    }
    check_edits(&parsed, &text);
}

fn check_tree(tree: &Tree, text: &str) {
    let written: String = tree.tokens().map(Token::text).collect();
    assert_eq!(written, text);
    assert_eq!(tree.root().span().range(), 0..text.len());
    for token in tree.tokens() {
        assert!(!token.span().is_empty());
        assert_eq!(tree.token_at(token.span().start), Some(token));
        assert_eq!(tree.token_at(token.span().end - 1), Some(token));
    }
    tree.nodes().for_each(check_node);
    tree.positions();
}

/// Its children lie in it, one after the other, and its elements are its tokens.
fn check_node(node: Node<'_>) {
    let mut after = node.span().start;
    for child in node.children() {
        assert_eq!(child.parent(), Some(node));
        assert!(child.span().start >= after && child.span().end <= node.span().end, "{node:?} {child:?}");
        after = child.span().end;
    }
    let mut end = node.span().start;
    for element in node.elements() {
        let span = match element {
            Element::Node(child) => child.span(),
            Element::Token(token) => {
                assert_eq!(token.node(), node);
                token.span()
            }
        };
        assert_eq!(span.start, end, "{node:?}");
        end = span.end;
    }
    assert_eq!(end, node.span().end, "{node:?}");
    assert!(!node.kind().is_token());
}

/// A change of a list is one of its text alone, and makes no syntax error. Some list by chance is changed: that of the
/// text's length.
fn check_edits(parsed: &Parsed, text: &str) {
    let is_sound = !parsed.diagnostics.iter().any(Diagnostic::is_error);
    let nodes = || parsed.tree.nodes();
    let arrays = nodes().filter_map(Array::cast).map(|array| array.push("0"));
    let maps = nodes().filter_map(Map::cast).map(|map| map.push("new_key: 0"));
    let entries = || nodes().filter_map(Entry::cast);
    let renamed = entries().filter_map(|entry| entry.rename("new_key"));
    let values = entries().filter_map(|entry| entry.set_value("0"));
    let removed = entries().map(Entry::remove);
    let edits: Vec<Edit> = arrays.chain(maps).chain(renamed).chain(values).chain(removed).collect();
    for edit in &edits {
        assert!(text.get(edit.span.range()).is_some(), "{edit:?}");
    }
    if is_sound && !edits.is_empty() {
        let edit = &edits[text.len() % edits.len()];
        let changed = Edit::apply(text, std::slice::from_ref(edit));
        let after = parse(SourceId::FIRST, &changed).diagnostics;
        assert!(!after.iter().any(Diagnostic::is_error), "{edit:?} makes {after:?}\n{changed}");
    }
}
