//! Formatting keeps the meaning of a script, and what was formatted stays as it is.

use std::sync::Arc;

use aphex::compile::{Options, compile};
use aphex::format;
use aphex::source::{Host, MemoryHost};
use aphex::syntax::{Edit, SyntaxKind};
use regex::Regex;

use super::{Random, Writer, engine, mutate, read, scripts};

/// Rhai's tree of a text, without the places in it and what is computed from them.
fn meaning(engine: &rhai::Engine, places: &Regex, text: &str) -> Option<Vec<String>> {
    let tree = engine.compile(text.trim_start_matches('\u{feff}')).ok()?;
    let plain = |text: String| places.replace_all(&text, "").into_owned();
    let mut functions: Vec<String> = tree.iter_fn_def().map(|function| plain(format!("{function:?}"))).collect();
    functions.sort();
    functions.push(plain(format!("{:?}", tree.statements())));
    Some(functions)
}

/// What is wrong with how `text` is formatted; whether it could be.
fn problem(engine: &rhai::Engine, places: &Regex, text: &str) -> (bool, Option<String>) {
    let parsed = read(text);
    if parsed.diagnostics.iter().any(aphex::diagnostic::Diagnostic::is_error) {
        return (false, None);
    }
    let shown = |what: &str, new: &str| (true, Some(format!("--- {what}\n{text}\n--- formatted\n{new}\n---\n")));
    let Some(formatted) = format::format(&parsed) else { return shown("it has no style", "") };
    let again = format::format(&read(&formatted));
    if again.as_deref() != Some(&*formatted) {
        return shown("it is not stable", &format!("{formatted}\n--- again\n{}", again.unwrap_or_default()));
    }
    if meaning(engine, places, text) != meaning(engine, places, &formatted) {
        let both = [text, &formatted].map(|text| meaning(engine, places, text));
        return shown("it means something else", &format!("{formatted}\n{both:#?}"));
    }
    let blank = |line: &str| line.ends_with([' ', '\t']) && !text.contains('`');
    if formatted.lines().any(blank) || formatted.contains("\n\n\n") && !text.contains(['`', '*']) {
        return shown("it has blanks that nobody needs", &formatted);
    }
    let all = u32::try_from(text.len()).map_or(0..0, |end| 0..end.saturating_add(1));
    let edits = format::edits(&parsed, all).unwrap_or_default();
    if Edit::apply(text, &edits) != formatted {
        return shown("its edits give something else", &Edit::apply(text, &edits));
    }
    // The first half of the lines alone.
    let half = text[..text.floor_char_boundary(text.len() / 2)].rfind('\n').map_or(0, |at| at + 1);
    let edits = format::edits(&parsed, 0..u32::try_from(half).unwrap_or(0)).unwrap_or_default();
    let part = Edit::apply(text, &edits);
    if !part.ends_with(&text[half..]) || meaning(engine, places, text) != meaning(engine, places, &part) {
        return shown("half of its edits change the rest", &part);
    }
    if format::format(&read(&part)).is_none() || part.matches("c */").count() != text.matches("c */").count() {
        return shown("half of its edits break it", &part);
    }
    (true, None)
}

/// What depends on the places of things in what Rhai shows of a tree.
const PLACES: &str = r"(, )?( @ )?\d+:\d+(-(\d+:)?\d+)?| @ none|anon\$[0-9a-f]+|hash: \d+|\(Position.*?\)";

/// Formats each of `texts`; how many could be, and what is wrong.
fn check(texts: impl Iterator<Item = String>) -> (usize, Vec<String>) {
    let (engine, places) = (engine(), Regex::new(PLACES).expect("a regular expression"));
    let (mut valid, mut problems) = (0, Vec::new());
    for text in texts {
        let (is_valid, problem) = problem(&engine, &places, &text);
        valid += usize::from(is_valid);
        problems.extend(problem);
    }
    problems.sort_by_key(String::len);
    (valid, problems)
}

fn assert_kept(texts: impl Iterator<Item = String>, least: usize) {
    let (valid, problems) = check(texts);
    let first: String = problems.iter().take(5).map(String::as_str).collect();
    assert!(problems.is_empty(), "{} of {valid} scripts\n{first}", problems.len());
    assert!(valid >= least, "only {valid} scripts could be formatted");
}

#[test]
fn scripts_of_all_syntax_mean_the_same_when_they_are_formatted() {
    assert_kept((0..3_000).map(Writer::script), 400);
}

#[test]
fn the_scripts_of_the_repository_mean_the_same() {
    assert_kept(scripts().into_iter(), 50);
}

/// `text` with other blanks between its words, and with line breaks and comments in places.
fn shaken(text: &str, random: &mut Random) -> String {
    let parsed = read(text);
    let pieces = parsed.tree.tokens().map(|token| match token.kind() {
        SyntaxKind::Whitespace => random.pick(&[" ", "  ", "\n", "\n\n\n", "\t", " \r\n ", " // c\n", "\n/* c */ "]),
        _ => token.text(),
    });
    pieces.collect()
}

#[test]
fn other_blanks_and_comments_do_not_matter() {
    let mut random = Random(0x57e1e);
    let texts: Vec<String> = scripts().iter().map(|text| shaken(text, &mut random)).collect();
    assert_kept(texts.into_iter(), 50);
}

#[test]
fn broken_variants_of_the_examples_are_read_formatted_and_checked() {
    let scripts = scripts();
    let scripts: Vec<&String> = scripts.iter().filter(|text| text.contains("pipeline(")).collect();
    let host: Arc<dyn Host> = Arc::new(MemoryHost::new());
    let mut random = Random(0xf022);
    for _ in 0..1_000 {
        let text = mutate(scripts[random.below(scripts.len())], &mut random);
        let parsed = read(&text);
        if let Some(formatted) = format::format(&parsed) {
            assert!(!formatted.is_empty() || text.trim().is_empty(), "{text}");
        }
        let options = Options { module: true, ..Options::default() };
        compile(&host, "pipeline.aphex", "pipeline.aphex", text.into_bytes(), &options);
    }
}

#[test]
#[ignore = "minutes long: for a change of the formatter"]
fn many_scripts_mean_the_same() {
    assert_kept((10_000..150_000).map(Writer::script), 10_000);
}
