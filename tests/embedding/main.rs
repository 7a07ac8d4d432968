//! Runs the programs in `examples/embedding` as a user would, and holds what they say against the files beside this one.
//! `APHEX_UPDATE=1` rewrites them. `cargo test` builds the programs; `cargo test --test embedding` alone does not.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

mod service;
mod workflows;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program of that name, which Cargo puts beside the folder of the tests.
fn example(name: &str) -> Command {
    let tests = std::env::current_exe().unwrap();
    let examples = tests.parent().and_then(Path::parent).unwrap().join("examples");
    let path = examples.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let built = |path: &Path| path.metadata().and_then(|file| file.modified()).ok();
    let source = built(&root().join(format!("examples/embedding/{name}.rs")));
    assert!(built(&path) >= source, "{name} is not built as it stands: `cargo build --examples` does it");
    let mut command = Command::new(path);
    command.current_dir(root());
    command
}

/// What it prints, after it was held against the file of its name; and how it ended.
fn run(name: &str) -> Output {
    let output = example(name).output().unwrap();
    assert_eq!(text(&output.stderr), "");
    expect(name, text(&output.stdout));
    output
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn expect(name: &str, text: &str) {
    let path = root().join(format!("tests/embedding/{name}.txt"));
    if std::env::var_os("APHEX_UPDATE").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "not as in {}; see `APHEX_UPDATE=1`\n{text}", path.display());
}

#[test]
fn minimal() {
    assert!(run("minimal").status.success());
    let wrong = example("minimal").arg("let app = stak(\"AppStack\");").output().unwrap();
    assert_eq!(text(&wrong.stdout), "pipeline.aphex:1:11: error[unknown-function]: there is no function `stak`\n");
    assert_eq!(wrong.status.code(), Some(1));
}

#[test]
fn own_function() {
    assert!(run("own_function").status.success());
}

#[test]
fn own_command() {
    let said = |arguments: &[&str]| {
        let output = example("own_command").args(arguments).output().unwrap();
        let status = output.status.code().unwrap();
        format!("$ {}\n{}{}[{status}]\n\n", arguments.join(" "), text(&output.stdout), text(&output.stderr))
    };
    let script = root().join("tests/embedding/own_command.aphex");
    let script = script.strip_prefix(root()).unwrap().to_str().unwrap();
    let commands: [&[&str]; 7] = [
        &["doc", "service"],
        &["doc", "service.team"],
        &["doc", "acme/accounts"],
        &["explain", "acme-team"],
        &["explain", "acme-tem"],
        &["check", script],
        &["check", script, "--message-format", "short", "--param", "team=shop"],
    ];
    let said: Vec<String> = commands.iter().map(|arguments| said(arguments)).collect();
    expect("own_command", &said.concat());
}

#[test]
fn in_memory() {
    assert!(run("in_memory").status.success());
}

/// The programs, by their names.
fn programs() -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join("examples/embedding")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.map(|path: PathBuf| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

#[test]
fn each_program_is_declared_and_tested() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let declared = manifest.lines().filter_map(|line| line.strip_prefix("path = \"examples/embedding/"));
    let declared: BTreeSet<String> = declared.map(|line| line.trim_end_matches(".rs\"").to_owned()).collect();
    assert_eq!(declared, programs());
    for name in programs() {
        assert!(manifest.contains(&format!("name = \"{name}\"\npath = \"examples/embedding/{name}.rs\"\n")), "{name}");
        assert!(root().join(format!("tests/embedding/{name}.txt")).exists(), "{name}");
    }
}

/// What a text names right below `aphex`: `aphex::config!`, and each of `use aphex::{records::Name, Script}`.
fn named(text: &str) -> Vec<&str> {
    let paths = text.split("aphex::").skip(1).flat_map(|rest| match rest.strip_prefix('{') {
        Some(list) => list.split_once('}').unwrap().0.split(',').map(str::trim).collect(),
        None => vec![rest],
    });
    let word = |path: &'_ str| path.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(path.len());
    paths.map(|path| &path[..word(path)]).collect()
}

/// The tests see every floor of aphex, and so do the programs, which must not name any.
#[test]
fn each_program_names_what_is_public_and_says_how_it_is_run() {
    for name in programs() {
        let text = std::fs::read_to_string(root().join(format!("examples/embedding/{name}.rs"))).unwrap();
        let is_module = |name: &&str| name.starts_with(|first: char| first.is_ascii_lowercase());
        let modules: BTreeSet<&str> = named(&text).into_iter().filter(is_module).collect();
        let public = BTreeSet::from(["choices", "cli", "config", "declare", "language", "records", "text"]);
        assert!(modules.is_subset(&public), "{name}: {modules:?}");
        assert!(text.starts_with("//! ") && text.contains(&format!("//! `cargo run --example {name}")), "{name}");
    }
}
