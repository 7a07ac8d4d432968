//! Our parser and Rhai's accept the same texts: those of the repository, generated ones, and broken variants of both.

mod difference;
mod places;
mod style;
mod writer;

use std::fmt::Write as _;
use std::path::Path;

use aphex::syntax::{SyntaxKind, Token};

use self::difference::{difference, engine, read};
use self::writer::{LITERALS, Random, TOKENS, Writer};

/// `text` with a few tokens removed, doubled, swapped, replaced or added, or with its end cut off.
fn mutate(text: &str, random: &mut Random) -> String {
    let parsed = read(text);
    let mut pieces: Vec<String> = parsed.tree.tokens().map(|token| token.text().to_owned()).collect();
    let places: Vec<usize> =
        parsed.tree.tokens().filter(|token| token.kind() != SyntaxKind::Whitespace).map(Token::index).collect();
    if places.is_empty() {
        return random.pick(TOKENS).to_owned();
    }
    for _ in 0..=random.below(2) {
        let (at, other) = (places[random.below(places.len())], places[random.below(places.len())]);
        match random.below(7) {
            0 => pieces[at].clear(),
            1 => pieces[at] = pieces[at].repeat(2),
            2 => pieces.swap(at, other),
            3 | 4 => pieces[at] = format!(" {} ", random.pick(TOKENS)),
            5 => pieces[at].insert_str(0, &format!(" {} ", random.pick(TOKENS))),
            _ if random.below(3) == 0 => pieces.iter_mut().skip(at).for_each(String::clear),
            _ => random.pick(LITERALS).clone_into(&mut pieces[at]),
        }
    }
    pieces.concat()
}

/// Every script of the repository.
fn scripts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["stdlib", "examples", "tests"] {
        collect(&root.join(folder), &mut found);
    }
    found
}

#[expect(clippy::disallowed_methods, reason = "the test reads the repository, not what a script names")]
fn collect(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "aphex") {
            found.extend(std::fs::read_to_string(&path));
        }
    }
}

/// Compares over `seeds`, each with `variants` broken ones; the differences.
fn compare(seeds: std::ops::Range<u64>, variants: usize) -> (usize, Vec<String>) {
    let engine = engine();
    let mut random = Random(0x5eed);
    let (mut valid, mut differences) = (0, Vec::new());
    for text in seeds.map(Writer::script).chain(scripts()) {
        valid += usize::from(engine.compile(&text).is_ok());
        differences.extend(difference(&engine, &text));
        for _ in 0..variants {
            differences.extend(difference(&engine, &mutate(&text, &mut random)));
        }
    }
    (valid, differences)
}

fn shown(differences: &[String]) -> String {
    let mut shortest: Vec<&String> = differences.iter().collect();
    shortest.sort_by_key(|one| one.len());
    shortest.into_iter().take(8).fold(format!("{} differences\n", differences.len()), |mut all, one| {
        let _ = writeln!(all, "{one}");
        all
    })
}

#[test]
fn both_accept_the_same_texts() {
    let (valid, differences) = compare(0..400, 2);
    assert!(valid > 60, "only {valid} of the generated scripts are valid: they should be");
    assert!(differences.is_empty(), "{}", shown(&differences));
}

/// Ways to nest: what comes before, in the middle, and after.
const NESTING: &[(&str, &str, &str)] = &[
    ("(", "1", ")"),
    ("[", "", "]"),
    ("#{a: ", "1", "}"),
    ("{ ", "", "}"),
    ("f(", "", ")"),
    ("f(1, ", "", ")"),
    ("-", "a", ""),
    ("!", "a", ""),
    ("1 + ", "1", ""),
    ("2 ** ", "2", ""),
    ("1 * 2 + ", "1", ""),
    ("a && ", "b", ""),
    ("a ?? ", "b", ""),
    ("a[", "0", "]"),
    ("a", "", ".b"),
    ("a", "", "[1]"),
    ("a", "", ".f()"),
    ("a", "", ".f(1)[2]"),
    ("|x| ", "x", ""),
    ("|| { ", "", "}"),
    ("if a { ", "", "}"),
    ("if a { } else ", "{}", ""),
    ("if a { } else { ", "", "}"),
    ("while a { ", "", "}"),
    ("loop { ", "", "}"),
    ("do { ", "", "} while x"),
    ("for x in y { ", "", "}"),
    ("switch a { 1 => ", "1", " }"),
    ("switch ", "a", " { }"),
    ("try { ", "", "} catch { }"),
    ("`${", "1", "}`"),
    ("return ", "1", ""),
    ("a ?? return ", "1", ""),
    ("x = ", "1", ""),
    ("let x = [", "1", "]"),
    ("f(#{a: [", "1", "]})"),
    ("import ", "\"a\"", ""),
    ("export let x = ", "1", ""),
    ("m::f(|x| x.g(", "1", "))"),
    ("(a.b[", "1", "])"),
];

#[test]
fn both_stop_at_the_same_depth() {
    let engine = engine();
    let mut differences = Vec::new();
    for (before, middle, after) in NESTING {
        for depth in 1..=70 {
            let text = format!("{}{middle}{}", before.repeat(depth), after.repeat(depth));
            let chain = format!("{before}{middle}{}", after.repeat(depth));
            for text in [text, chain] {
                for around in
                    [text.clone(), format!("fn f() {{ {text} }}"), format!("let x = {text};"), format!("f(|| {text})")]
                {
                    differences.extend(difference(&engine, &around));
                }
            }
        }
    }
    assert!(differences.is_empty(), "{}", shown(&differences));
}

#[test]
#[ignore = "minutes long: for a change of the parser"]
fn both_accept_the_same_of_many_texts() {
    let (_, differences) = compare(1_000..21_000, 8);
    assert!(differences.is_empty(), "{}", shown(&differences));
}
