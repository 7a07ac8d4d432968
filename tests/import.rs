//! Every configuration in `tests/import` becomes the script beside it, or the problems beside it, and the script does what
//! the configuration says. `APHEX_UPDATE=1` rewrites what stands beside it.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

#[path = "import/known.rs"]
mod known;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aphex::compile::{Evaluation, Options, compile};
use aphex::diagnostic::Code;
use aphex::draft::Settings;
use aphex::import::{Imported, import};
use aphex::report::{Format, Style, render};
use aphex::source::{Host, MemoryHost, SourceId};
use known::known;
use proptest::prelude::*;
use serde_json::Value;

fn configurations() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import");
    let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = all.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")).collect();
    found.sort();
    found
}

fn run(script: &str) -> Evaluation {
    let host: Arc<dyn Host> = Arc::new(MemoryHost::new());
    compile(&host, "pipeline.aphex", "pipeline.aphex", script, &Options::default())
}

/// What `pipeline.json` says of the one pipeline of a script, which has no problem but files that are not here.
fn model(script: &str) -> Value {
    let compiled = run(script);
    let problems: Vec<_> = compiled.diagnostics.iter().filter(|problem| problem.code != Code::MissingFile).collect();
    assert!(problems.is_empty(), "{problems:#?}\n{script}");
    let manifest: Value = serde_json::from_str(&compiled.outputs[0].manifest).unwrap();
    manifest["pipeline"].clone()
}

/// Compares `text` with the file beside `path`; no text means that there is none.
fn beside(path: &Path, ending: &str, text: Option<&str>) {
    let path = path.with_extension(ending);
    if std::env::var_os("APHEX_UPDATE").is_some() {
        match text {
            Some(text) => std::fs::write(&path, text).unwrap(),
            None => drop(std::fs::remove_file(&path)),
        }
    }
    let there = std::fs::read_to_string(&path).ok();
    assert_eq!(there.as_deref(), text, "{}; see `APHEX_UPDATE=1`", path.display());
}

#[test]
fn configurations_become_the_scripts_beside_them() {
    for path in configurations() {
        let name = path.file_name().unwrap().to_str().unwrap();
        let settings = if name.starts_with("placeholders") { Settings::default() } else { known() };
        let Imported { sources, diagnostics, script } = import(name, std::fs::read(&path).unwrap(), &settings);
        let problems = render(Format::Human, &diagnostics, &sources, Style::PLAIN);
        beside(&path, "txt", (!problems.is_empty()).then_some(&*problems));
        beside(&path, "aphex", script.as_deref());
        if let Some(script) = script {
            model(&script);
            let parsed = aphex::syntax::parse(SourceId::FIRST, &script);
            assert_eq!(aphex::format::format(&parsed).as_ref(), Some(&script), "{name}: as `aphex fmt` leaves it");
        }
    }
}

#[test]
fn the_guide_shows_what_its_configuration_becomes() {
    let page = include_str!("../docs/guide/moving.md");
    let block = |language: &str| page.split(&format!("```{language}\n")).nth(1).unwrap().split("```").next().unwrap();
    let settings = Settings { cluster: None, account: None, region: None, ..known() };
    let Imported { diagnostics, script, .. } = import("aphex-config.yaml", block("yaml").into(), &settings);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    assert_eq!(script.as_deref(), Some(block("rhai")));
}

#[test]
fn nothing_hostile_takes_long_or_panics() {
    let alias = |levels: usize| {
        let level = |at: usize| format!("a{}: &a{} [{}]\n", at, at, vec![format!("*a{}", at - 1); 9].join(", "));
        format!("a0: &a0 [x]\n{}", (1..levels).map(level).collect::<String>())
    };
    let one = |command: &str, region: &str| {
        let place = format!("name: a, region: {region}, account: 111111111111, stacks: [{{name: A, path: a}}]");
        format!("{{version: '1.0', build: {{commands: [{command}]}}, environments: [{{{place}}}]}}")
    };
    let environment = "- {name: a, region: b, account: c, stacks: [d]}\n";
    let cases: Vec<(Vec<u8>, Code)> = vec![
        (alias(12).into(), Code::LimitReached),
        ("[".repeat(100_000).into(), Code::TooDeep),
        ("- ".repeat(100_000).into(), Code::TooDeep),
        ("{a: ".repeat(100_000).into(), Code::TooDeep),
        ("a: &a [*a]".into(), Code::BadYaml),
        ("a: *b".into(), Code::BadYaml),
        ("? [a]\n: b".into(), Code::BadYaml),
        ("a: b\n".repeat(1_000_000).into(), Code::TooLong),
        (b"version: \xff".to_vec(), Code::NotUtf8),
        ("".into(), Code::MissingKey),
        ("\u{feff}".into(), Code::MissingKey),
        ("# nothing\n".repeat(100_000).into(), Code::MissingKey),
        ("---\n...\n".into(), Code::MissingKey),
        ("just a text".into(), Code::BadType),
        ("a: 1\na: 2\n".repeat(10_000).into(), Code::DuplicateKey),
        (format!("environments:\n{}", environment.repeat(1_000)).into(), Code::BadValue),
        ("\0".into(), Code::BadYaml),
        (one(&"x".repeat(70_000), "us-east-1").into(), Code::NotPortable),
        (one("make", "cn-north-1").into(), Code::MixedPartitions),
    ];
    for (bytes, code) in cases {
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).into_owned();
        let Imported { sources, diagnostics, script } = import("a.yaml", bytes, &known());
        assert!(script.is_none(), "{start}");
        assert!(diagnostics.iter().any(|problem| problem.code == code), "{start}: {diagnostics:#?}");
        render(Format::Human, &diagnostics, &sources, Style::PLAIN);
    }
}

/// An environment: its name, account, region, stacks by number, tests.
type Target = (String, String, &'static str, Vec<usize>, Vec<String>);

fn command() -> impl Strategy<Value = String> {
    // What YAML, the language, a shell, Argo and the kubelet each read in a way of their own.
    let odd = "[ -~]|\"|\\\\|'|`|\\$\\{(dev|e1|s_1)\\}|\\$\\(X\\)|\\{\\{|#|: |\t|é|😀|\u{202e}|\u{feff}";
    proptest::string::string_regex(&format!("([!-~]|é)({odd}){{0,12}}[!-~]")).unwrap()
}

fn targets() -> impl Strategy<Value = Vec<Target>> {
    let region = prop::sample::select(vec!["us-east-1", "eu-west-1"]);
    let stacks = prop::sample::subsequence((0..5).collect::<Vec<_>>(), 1..5).prop_shuffle();
    let one = ("[0-9]{12}", region, stacks, prop::collection::vec(command(), 0..3));
    prop::collection::vec(one, 1..4).prop_map(|all| {
        let named = all.into_iter().enumerate();
        named
            .map(|(number, (account, region, stacks, tests))| (format!("e{number}"), account, region, stacks, tests))
            .collect()
    })
}

/// The configuration, as JSON or in block style; YAML takes both.
fn yaml(build: &[String], targets: &[Target], block: bool) -> String {
    let stack = |number: &usize| serde_json::json!({"name": format!("s-{number}"), "path": format!("lib/{number}.ts")});
    let environments: Vec<Value> = targets
        .iter()
        .map(|(name, account, region, stacks, tests)| {
            let stacks: Vec<Value> = stacks.iter().map(stack).collect();
            serde_json::json!({"name": name, "account": account, "region": region, "stacks": stacks, "tests": {"commands": tests}})
        })
        .collect();
    if !block {
        let all = serde_json::json!({"version": "1.0", "build": {"commands": build}, "environments": environments});
        return serde_json::to_string_pretty(&all).unwrap();
    }
    // An account without quotes keeps its digits.
    let each = environments.iter().zip(targets).map(|(one, (_, account, ..))| {
        let one = one.as_object().unwrap().iter().map(|(key, value)| match key.as_str() {
            "account" => format!("  account: {account}\n"),
            key => format!("  {key}: {value}\n"),
        });
        one.collect::<String>().replacen("  ", "- ", 1)
    });
    let build: Vec<String> = build.iter().map(|command| format!("  - {}\n", Value::from(command.as_str()))).collect();
    let build = build.concat();
    format!("version: '1.0'\nbuild:\n  commands:\n{build}environments:\n{}", each.collect::<String>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_a_configuration_says_is_what_the_script_says(
        build in prop::collection::vec(command(), 1..4),
        targets in targets(),
        block in any::<bool>(),
    ) {
        let text = yaml(&build, &targets, block);
        let Imported { diagnostics, script, .. } = import("a.yaml", text.clone().into(), &known());
        prop_assert!(diagnostics.is_empty(), "{diagnostics:#?}\n{text}");
        let script = script.unwrap();
        let compiled = run(&script);
        // A comment in a command is the user's, and a warning of the language.
        let unexpected = |code: Code| code != Code::MissingFile && code != Code::SwallowedCommand;
        let problems: Vec<_> = compiled.diagnostics.iter().filter(|problem| unexpected(problem.code)).collect();
        prop_assert!(problems.is_empty(), "{problems:#?}\n{script}");
        let manifest: Value = serde_json::from_str(&compiled.outputs[0].manifest).unwrap();
        let pipeline = &manifest["pipeline"];
        let formatted = aphex::format::format(&aphex::syntax::parse(SourceId::FIRST, &script));
        prop_assert_eq!(formatted.as_ref(), Some(&script));
        prop_assert_eq!(&pipeline["build"]["commands"], &serde_json::json!(build));
        let stages = pipeline["stages"].as_array().unwrap();
        prop_assert_eq!(stages.len(), targets.len());
        for (stage, (name, account, region, stacks, tests)) in stages.iter().zip(&targets) {
            prop_assert_eq!(&stage["name"], name);
            prop_assert_eq!(&stage["account"], account);
            prop_assert_eq!(&stage["region"], region);
            let stacks: Vec<String> = stacks.iter().map(|number| format!("s-{number}")).collect();
            prop_assert_eq!(&stage["stacks"], &serde_json::json!(stacks));
            let given = stage["tests"]["commands"].as_array().cloned().unwrap_or_default();
            prop_assert_eq!(serde_json::json!(given), serde_json::json!(tests));
        }
    }
}
