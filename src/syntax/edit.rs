//! Changes of a text: what formatting, renaming and fixes are made of.

use super::{Array, Entry, Map, Node, SyntaxKind as K, Token};
use crate::source::Span;

/// One change of a text: what stands at `span` becomes `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What goes; empty where something is added alone.
    pub span: Span,
    /// What comes.
    pub text: String,
}

impl Edit {
    /// `span` becomes `text`.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// `text` comes in at `offset` of what `span` is in, which stays.
    fn insert(span: Span, offset: u32, text: String) -> Self {
        Self { span: Span::new(span.source, offset, offset), text }
    }

    /// `text` with `edits` made, which are in order and do not overlap. One that does not fit there is left out.
    pub fn apply(text: &str, edits: &[Self]) -> String {
        let mut changed = String::with_capacity(text.len() + 64);
        let mut at = 0;
        for Self { span, text: new } in edits {
            let Some(kept) = text.get(at..span.start as usize).filter(|_| span.end as usize <= text.len()) else {
                continue;
            };
            changed.push_str(kept);
            changed.push_str(new);
            at = span.end as usize;
        }
        changed.push_str(&text[at..]);
        changed
    }
}

impl Entry<'_> {
    /// Another key, quoted where a key must be.
    pub fn rename(self, key: &str) -> Option<Edit> {
        let token = self.key_token()?;
        let is_plain = super::words::is_name(key) && super::words::keyword(key).is_none();
        let is_plain = is_plain && !super::words::is_reserved(key);
        Some(Edit::replace(token.span(), if is_plain { key.to_owned() } else { format!("{key:?}") }))
    }

    /// Another value.
    pub fn set_value(self, value: &str) -> Option<Edit> {
        Some(Edit::replace(self.value()?.span(), value))
    }

    /// Takes it out, with the comma and the line that it has for itself.
    pub fn remove(self) -> Edit {
        remove_item(self.node())
    }
}

impl Map<'_> {
    /// Adds an entry, written as `key: value`, at the end.
    pub fn push(self, entry: &str) -> Edit {
        push_item(self.node(), entry)
    }
}

impl Array<'_> {
    /// Adds an item at the end.
    pub fn push(self, item: &str) -> Edit {
        push_item(self.node(), item)
    }
}

/// Adds an item to a list in brackets as the list is written: on a line of its own where its last item has one.
fn push_item(list: Node<'_>, item: &str) -> Edit {
    let span = list.span();
    let is_map = list.kind() == K::Map;
    let Some(last) = list.children().last() else {
        let inside = if is_map { format!("#{{ {item} }}") } else { format!("[{item}]") };
        return Edit::replace(span, inside);
    };
    let comma = token_after(last).filter(|token| token.kind() == K::Comma);
    let (offset, before) = comma.map_or((last.span().end, ","), |comma| (comma.span().end, ""));
    let line = own_line(last);
    let (gap, after) = line.map_or((" ", ""), |indent| (indent, ","));
    let after = if comma.is_some() || line.is_some() { after } else { "" };
    Edit::insert(span, offset, format!("{before}{gap}{item}{after}"))
}

/// Takes an item out of a list in brackets.
fn remove_item(item: Node<'_>) -> Edit {
    let mut span = item.span();
    let comma = token_after(item).filter(|token| token.kind() == K::Comma);
    if let Some(comma) = comma {
        span.end = comma.span().end;
    }
    if let Some(line) = own_line(item) {
        // The line break before it goes, the one after it stays.
        span.start = span.start.saturating_sub(u32::try_from(line.len()).unwrap_or(0));
    } else if let Some(after) = comma.and_then(Token::next).filter(|token| token.kind() == K::Whitespace) {
        span.end = after.span().end;
    }
    Edit::replace(span, "")
}

/// The token after a node that is no trivia.
fn token_after(node: Node<'_>) -> Option<Token<'_>> {
    let last = node.tokens().next_back()?;
    std::iter::successors(last.next(), |token| token.next()).find(|token| !token.kind().is_trivia())
}

/// The line break and the blanks before a node that starts a line.
fn own_line(node: Node<'_>) -> Option<&str> {
    let before = node.tokens().next()?.previous().filter(|token| token.kind() == K::Whitespace)?;
    before.text().rfind('\n').map(|at| &before.text()[at..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;
    use crate::syntax::{Tree, parse};

    /// `text` after the change that `make` makes of its first map.
    fn changed(text: &str, make: impl Fn(Map<'_>) -> Option<Edit>) -> String {
        let tree = parse(SourceId(0), text).tree;
        let edit = tree.nodes().find_map(Map::cast).and_then(make).unwrap();
        let changed = Edit::apply(text, &[edit]);
        assert_eq!(parse(SourceId(0), &changed).diagnostics, [], "{changed}");
        changed
    }

    fn array(tree: &Tree) -> Array<'_> {
        tree.nodes().find_map(Array::cast).unwrap()
    }

    #[test]
    fn an_entry_is_added_as_the_others_are_written() {
        let push = |text| changed(text, |map| Some(map.push("b: 2")));
        assert_eq!(push("x(#{ a: 1 })"), "x(#{ a: 1, b: 2 })");
        assert_eq!(push("x(#{ a: 1, })"), "x(#{ a: 1, b: 2 })");
        assert_eq!(push("x(#{})"), "x(#{ b: 2 })");
        assert_eq!(push("x(#{\n    a: 1,\n})"), "x(#{\n    a: 1,\n    b: 2,\n})");
        assert_eq!(push("x(#{\n    a: 1 // c\n})"), "x(#{\n    a: 1,\n    b: 2, // c\n})");
    }

    #[test]
    fn an_item_is_added() {
        let push = |text: &str| Edit::apply(text, &[array(&parse(SourceId(0), text).tree).push("3")]);
        assert_eq!(push("[]"), "[3]");
        assert_eq!(push("[1, 2]"), "[1, 2, 3]");
        assert_eq!(push("[\n  1,\n  2\n]"), "[\n  1,\n  2,\n  3,\n]");
    }

    #[test]
    fn an_entry_goes_with_its_comma_and_its_line() {
        let first = |text| changed(text, |map| map.entries().next().map(Entry::remove));
        assert_eq!(first("x(#{ a: 1, b: 2 })"), "x(#{ b: 2 })");
        assert_eq!(first("x(#{ a: 1 })"), "x(#{  })");
        assert_eq!(first("x(#{\n    a: 1,\n    b: 2,\n})"), "x(#{\n    b: 2,\n})");
        let last = changed("x(#{ a: 1, b: 2 })", |map| map.entries().last().map(Entry::remove));
        assert_eq!(last, "x(#{ a: 1,  })");
    }

    #[test]
    fn a_key_is_quoted_where_it_must_be() {
        let rename = |key| changed("x(#{ a: 1 })", |map| map.entry("a")?.rename(key));
        assert_eq!(rename("account"), "x(#{ account: 1 })");
        assert_eq!(rename("default"), "x(#{ \"default\": 1 })");
        assert_eq!(rename("if"), "x(#{ \"if\": 1 })");
        assert_eq!(changed("x(#{ a: 1 })", |map| map.entry("a")?.set_value("\"1\"")), "x(#{ a: \"1\" })");
    }

    #[test]
    fn changes_that_overlap_are_left_out() {
        let span = |start, end| Span::new(SourceId(0), start, end);
        let edits = [Edit::replace(span(0, 2), "x"), Edit::replace(span(1, 3), "y"), Edit::replace(span(3, 9), "z")];
        assert_eq!(Edit::apply("abcd", &edits), "xcd");
    }
}
