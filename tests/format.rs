//! The style of scripts: what comes out of `tests/format/*.before.aphex`, and that the repository's own scripts have it.
//!
//! `APHEX_UPDATE=1` rewrites what is expected, and formats the scripts.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

use std::fs;
use std::path::{Path, PathBuf};

use aphex::format;
use aphex::source::SourceId;
use aphex::syntax::{Edit, Parsed, parse};

fn read(text: &str) -> Parsed {
    parse(SourceId::FIRST, text)
}

fn formatted(text: &str) -> Option<String> {
    format::format(&read(text))
}

/// Every file below `folder` that ends so, sorted.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().unwrap().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Compares what a file holds with what it should, or makes it so.
fn expect(path: &Path, text: &str, wrong: &mut Vec<String>) {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return;
    }
    if std::env::var_os("APHEX_UPDATE").is_some() {
        return fs::write(path, text).unwrap();
    }
    wrong.push(format!("--- {} should be\n{text}", path.display()));
}

#[test]
fn each_script_comes_out_as_it_should() {
    let mut wrong = Vec::new();
    for before in files("tests/format", ".before.aphex") {
        let after = PathBuf::from(before.to_str().unwrap().replace(".before.", ".after."));
        let text = formatted(&fs::read_to_string(&before).unwrap()).unwrap();
        expect(&after, &text, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_scripts_of_the_repository_are_formatted() {
    let mut wrong = Vec::new();
    let folders = ["examples", "stdlib", "benches", "tests/conformance", "tests/delivery"];
    for path in folders.iter().flat_map(|folder| files(folder, ".aphex")) {
        let text = formatted(&fs::read_to_string(&path).unwrap()).unwrap();
        expect(&path, &text, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_scripts_in_the_documentation_are_formatted() {
    let mut wrong = Vec::new();
    for path in files("docs", ".md").into_iter().chain([PathBuf::from("README.md")]) {
        let page = fs::read_to_string(&path).unwrap();
        let mut blocks = page.split("```");
        let mut text = blocks.next().unwrap_or_default().to_owned();
        for (number, block) in blocks.enumerate() {
            let script = block.strip_prefix("rhai\n").filter(|_| number % 2 == 0);
            let new = script.and_then(formatted).map(|script| format!("rhai\n{script}"));
            text.push_str("```");
            text.push_str(new.as_deref().unwrap_or(block));
        }
        expect(&path, &text, &mut wrong);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn line_breaks_and_the_byte_order_mark_stay_as_they_are() {
    assert_eq!(formatted("a = 1;\r\n\r\n\r\nb = 2;").as_deref(), Some("a = 1;\r\n\r\nb = 2;\r\n"));
    assert_eq!(formatted("\u{feff}a=1;").as_deref(), Some("\u{feff}a = 1;\n"));
    assert_eq!(formatted("\u{feff}").as_deref(), Some("\u{feff}"));
    assert_eq!(formatted("\n\n").as_deref(), Some(""));
}

#[test]
fn a_text_with_an_error_has_no_style() {
    assert_eq!(formatted("let a = ;"), None);
}

#[test]
fn a_range_changes_nothing_else() {
    let text = "a=1;\nb=2;\nc=3;\n";
    let edits = format::edits(&read(text), 5..9).unwrap();
    assert_eq!(Edit::apply(text, &edits), "a=1;\nb = 2;\nc=3;\n");
    let in_lines = |text: &str, range| Edit::apply(text, &format::edits(&read(text), range).unwrap());
    assert_eq!(in_lines("f(#{\n  a:1,\n  b:2\n});\n", 5..12), "f(#{\n    a: 1,\n  b:2\n});\n");
    assert_eq!(in_lines("f(#{\n  a:1,\n  b:2\n});\n", 12..18), "f(#{\n  a:1,\n    b: 2,\n});\n");
}

#[test]
fn a_comment_that_goes_over_the_end_of_a_range_is_there_once() {
    let text = "f(a // x\n , b);\n";
    for range in [0..9, 9..16] {
        let edits = format::edits(&read(text), range).unwrap();
        assert_eq!(Edit::apply(text, &edits).matches("// x").count(), 1);
    }
}

#[test]
fn a_text_over_lines_moves_as_a_whole_or_not_at_all() {
    let text = "let a    =    \"over \\\n                 two\";\n";
    let whole = formatted(text).unwrap();
    assert_eq!(whole, "let a = \"over \\\n           two\";\n");
    for range in [0..20, 0..21, 15..40, 20..40] {
        let edits = format::edits(&read(text), range).unwrap();
        assert!(edits.is_empty(), "{edits:?}");
    }
    let edits = format::edits(&read(text), 0..u32::try_from(text.len()).unwrap()).unwrap();
    assert_eq!(Edit::apply(text, &edits), whole);
}

#[test]
fn long_texts_take_linear_time() {
    for piece in ["a.b(#{ c: [1, 2] });\n", "let a = b;\n", "f(|x| x + 1) // c\n;", "[a, b,\n c];", "`${x}` + y;\n"] {
        let start = std::time::Instant::now();
        assert!(formatted(&piece.repeat(50_000 / piece.len())).is_some(), "{piece}");
        assert!(start.elapsed().as_secs() < 20, "{piece}: {:?}", start.elapsed());
    }
}
