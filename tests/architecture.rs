//! Holds the direction of the imports: a floor may use those below it, and nothing else. And that no record of the language
//! gets a key that no emitter knows.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

use std::path::{Path, PathBuf};

/// Each floor with those that it may use.
const FLOORS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("stdlib", &[]),
    ("diagnostic", &["source"]),
    ("syntax", &["source", "diagnostic"]),
    ("format", &["source", "diagnostic", "syntax"]),
    ("schema", &["source", "diagnostic"]),
    ("model", &["source", "stdlib", "diagnostic", "schema"]),
    ("eval", &["source", "stdlib", "diagnostic", "syntax", "schema", "model"]),
    ("check", &["source", "diagnostic", "syntax", "schema", "model"]),
    ("emit", &["source", "diagnostic", "schema", "model"]),
    ("reference", &["source", "stdlib", "diagnostic", "syntax", "schema", "model"]),
    ("simulate", &["diagnostic"]),
    ("draft", &["source", "syntax", "format", "schema", "model"]),
    ("import", &["source", "diagnostic", "schema", "model", "draft"]),
    ("init", &["source", "schema", "model", "draft"]),
    ("event", &["diagnostic"]),
    ("compile", &["source", "diagnostic", "syntax", "schema", "model", "eval", "check", "emit"]),
    (
        "interpreter",
        &["source", "diagnostic", "syntax", "schema", "model", "eval", "check", "emit", "reference", "compile"],
    ),
    ("report", &["source", "diagnostic"]),
    ("graph", &["source", "diagnostic", "schema", "model", "report"]),
    ("diff", &["report"]),
    (
        "ide",
        &[
            "source",
            "diagnostic",
            "syntax",
            "format",
            "schema",
            "model",
            "eval",
            "check",
            "emit",
            "reference",
            "compile",
            "interpreter",
            "report",
            "graph",
        ],
    ),
    ("playground", &["syntax", "model", "eval", "interpreter", "ide"]),
    ("lsp", &["source", "diagnostic", "syntax", "model", "eval", "reference", "interpreter", "ide"]),
    (
        "cli",
        &[
            "source",
            "diagnostic",
            "syntax",
            "format",
            "schema",
            "model",
            "draft",
            "import",
            "init",
            "emit",
            "reference",
            "simulate",
            "graph",
            "event",
            "compile",
            "interpreter",
            "report",
            "diff",
            "playground",
            "lsp",
        ],
    ),
];

/// Each heavy dependency with the floors that may name it.
const DOORS: &[(&str, &[&str])] = &[
    ("rhai", &["eval"]),
    ("clap", &["cli"]),
    ("miette", &["report"]),
    ("codespan_reporting", &["report"]),
    ("similar", &["report"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("axum", &["cli"]),
    ("tokio", &["cli"]),
    ("getrandom", &["cli"]),
    ("granit_parser", &["import"]),
    ("gen_lsp_types", &["lsp"]),
    ("lsp_server", &["lsp"]),
    ("percent_encoding", &["lsp"]),
    ("serde_yaml", &["emit", "cli", "diff"]),
    // `diff` holds its own matching against it, and `reference` what reads texts against their patterns, in tests.
    ("regex", &["event", "diff", "reference"]),
    ("k8s_openapi", &["emit"]),
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// Every file but the two roots, with its floor and its text.
fn sources() -> Vec<(PathBuf, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    let read = |path: PathBuf| {
        let inside = path.strip_prefix(&root).unwrap().to_owned();
        let floor = inside.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        (inside, floor, text)
    };
    found.into_iter().map(read).filter(|(_, floor, _)| floor != "lib" && floor != "main").collect()
}

/// The words after each `prefix` in code, comments left out.
fn after<'a>(text: &'a str, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(move |line| line.split(prefix).skip(1))
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
}

#[test]
fn imports_point_down() {
    let mut wrong = Vec::new();
    for (path, floor, text) in sources() {
        let Some((_, allowed)) = FLOORS.iter().find(|(name, _)| *name == floor) else {
            wrong.push(format!("{}: `{floor}` is not in the table", path.display()));
            continue;
        };
        for used in after(&text, "crate::") {
            let known = FLOORS.iter().any(|(name, _)| *name == used);
            if known && used != floor && !allowed.contains(&used) {
                wrong.push(format!("{}: `{floor}` uses `{used}`", path.display()));
            }
        }
        if text.contains("super::super::super") {
            wrong.push(format!("{}: write `crate::` across floors", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_heavy_dependency_has_one_door() {
    let mut wrong = Vec::new();
    for (path, floor, text) in sources() {
        for (dependency, floors) in DOORS {
            let names = |line: &str| {
                let line = line.trim_start();
                !line.starts_with("//")
                    && (line.contains(&format!("{dependency}::")) || line.starts_with(&format!("use {dependency}")))
            };
            if !floors.contains(&floor.as_str()) && text.lines().any(names) {
                wrong.push(format!("{}: `{floor}` names `{dependency}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What stands between the braces wherever `code` takes a value of the type `name` apart.
fn taken_apart<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let found = code.match_indices(name).map(move |(at, _)| (&code[..at], &code[at + name.len()..]));
    found.filter_map(|(before, after)| {
        let before = before.trim_end_matches("model::");
        before.ends_with("let ").then(|| after.strip_prefix(" {")?.split('}').next())?
    })
}

/// A pattern that names every key does not compile when there is another one: whoever adds it is led to the emitters.
#[test]
fn the_emitters_take_every_record_apart() {
    let (emitters, others): (Vec<_>, Vec<_>) = sources().into_iter().partition(|(_, floor, _)| floor == "emit");
    let model = others.iter().filter(|(_, floor, _)| floor == "model").flat_map(|(_, _, text)| text.lines());
    let declared = model.filter_map(|line| line.strip_prefix("    pub struct ")?.split_once(" = \""));
    let records: Vec<&str> = declared.map(|(name, _)| name).collect();
    let is_whole =
        |name: &str| emitters.iter().any(|(_, _, text)| taken_apart(text, name).any(|keys| !keys.contains("..")));
    let missing: Vec<&&str> = records.iter().filter(|name| !is_whole(name)).collect();
    assert!(missing.is_empty(), "take these apart where they are used, or in `src/emit/keys.rs`: {missing:?}");
    assert!(records.len() > 20, "{records:?}");
}
