//! What holds for long and for empty texts. What holds for every text is in `tests/fuzz/bodies/syntax.rs`.

use super::{SyntaxKind, parse};
use crate::source::SourceId;

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
