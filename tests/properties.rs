//! What holds of every script: what its output depends on, what formatting leaves alone, and that texts arrive.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test sets its scene, and stops where it cannot")]

#[path = "support/files.rs"]
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use aphex::source::{DiskHost, SourceId};
use aphex::syntax::{Parsed, SyntaxKind as K, parse};
use aphex::{Evaluation, Interpreter, Script};
use proptest::prelude::*;
use support::files;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The scripts of the examples, by path.
fn examples() -> Vec<String> {
    let names = fs::read_dir(Path::new(ROOT).join("examples")).unwrap().map(|entry| entry.unwrap().file_name());
    let paths = names.map(|name| format!("examples/{}/pipeline.aphex", name.into_string().unwrap()));
    let mut paths: Vec<String> = paths.filter(|path| Path::new(ROOT).join(path).exists()).collect();
    paths.sort();
    paths
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy(&entry, &target);
        } else {
            fs::copy(&entry, target).unwrap();
        }
    }
}

#[test]
fn the_same_script_gives_the_same_bytes_wherever_and_whenever_it_runs() {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("anywhere");
    let _ = fs::remove_dir_all(&base);
    let homes = [base.join("a"), base.join("b").join("with blanks").join("ä")];
    for home in &homes {
        fs::create_dir_all(home.join(".git")).unwrap();
        copy(&Path::new(ROOT).join("examples"), &home.join("examples"));
    }
    let environments: [&[(&str, &str)]; 6] = [
        &[],
        &[("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8"), ("LANGUAGE", "tr")],
        &[("TZ", "Pacific/Kiritimati"), ("SOURCE_DATE_EPOCH", "0"), ("COLUMNS", "20"), ("TERM", "dumb")],
        &[("HOME", "/nowhere"), ("USER", "nobody"), ("AWS_REGION", "eu-west-1"), ("AWS_PROFILE", "other")],
        &[("GITHUB_REF", "refs/heads/x"), ("CI", "true"), ("KUBECONFIG", "/nowhere"), ("RUST_BACKTRACE", "full")],
        &[("MALLOC_PERTURB_", "85"), ("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")],
    ];
    for script in examples() {
        let mut outcomes = Vec::new();
        for (number, environment) in environments.iter().enumerate() {
            // From its root, from its own folder, from far away by its whole path.
            let home = &homes[number % 2];
            let whole = home.join(&script);
            let (from, named) = match number % 3 {
                0 => (home.clone(), PathBuf::from(&script)),
                1 => (whole.parent().unwrap().to_owned(), PathBuf::from("pipeline.aphex")),
                _ => (PathBuf::from("/"), whole.clone()),
            };
            let out = base.join("out").join(script.replace('/', "-")).join(number.to_string());
            let mut command = Command::new(env!("CARGO_BIN_EXE_aphex"));
            command.arg("run").arg(named).arg("--out").arg(&out).arg("--quiet").current_dir(from);
            let output = command.env_clear().envs(environment.iter().copied()).output().unwrap();
            assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
            outcomes.push(files(&out));
        }
        assert!(!outcomes[0].is_empty());
        assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{script}");
    }
}

fn read(text: &str) -> Parsed {
    parse(SourceId::FIRST, text)
}

fn evaluated(path: &str, text: &str) -> Evaluation {
    let host = DiskHost::new(Path::new(ROOT)).unwrap();
    Interpreter::default().with_host(host).evaluate(&Script::new(path, text))
}

/// What a run gives, but the places.
fn outcome(path: &str, text: &str) -> (Vec<String>, Vec<(String, String)>, Vec<String>) {
    let evaluation = evaluated(path, text);
    let messages = evaluation.diagnostics.iter().map(|problem| format!("{:?}: {}", problem.code, problem.message));
    let written = evaluation.outputs.iter().flat_map(|output| {
        let artifacts = output.artifacts.iter().map(|one| (one.path.clone(), one.contents().to_owned()));
        artifacts.chain([(output.pipeline.clone(), output.manifest.clone())])
    });
    (messages.collect(), written.collect(), evaluation.printed.clone())
}

/// The same script with other blanks: of each blank another one, chosen by what comes out of `random`.
fn with_other_blanks(text: &str, random: &mut impl FnMut() -> usize) -> String {
    let parsed = read(text);
    let mut other = String::new();
    for token in parsed.tree.tokens() {
        let ends_comment = other.rsplit('\n').next().is_some_and(|line| line.contains("//"));
        match token.kind() {
            K::Whitespace if ends_comment => other.push_str(["\n", "\n\n", "\n   "][random() % 3]),
            K::Whitespace => other.push_str([" ", "\n", "\n\n  ", "\t", "      "][random() % 5]),
            _ => other.push_str(token.text()),
        }
    }
    other
}

#[test]
fn blanks_and_formatting_change_no_output() {
    for path in examples() {
        let text = fs::read_to_string(Path::new(ROOT).join(&path)).unwrap();
        let expected = outcome(&path, &text);
        assert!(!expected.1.is_empty(), "{path}");
        let mut seed = path.len();
        for _ in 0..3 {
            let other = with_other_blanks(&text, &mut || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                seed >> 33
            });
            assert!(outcome(&path, &other) == expected, "{path}, with other blanks:\n{other}");
            let formatted = aphex::format::format(&read(&other)).unwrap();
            assert!(outcome(&path, &formatted) == expected, "{path}, formatted:\n{formatted}");
        }
    }
}

/// A text in quotes over several lines, some escapes in it.
fn continued() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", " ", "   ", "\\t", "\\\\", "\\x20", "\u{a0}", "\\\n", "\\\n    ", "\\\n\t", "\"\"", "ä",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_text_over_several_lines_says_the_same_when_it_is_formatted(
        first in continued(), second in continued(), third in continued(), blanks in "[ \t\n]{0,9}",
    ) {
        let text = format!(
            "let  one{blanks}={blanks}{first};\nprint({blanks}[{second}, one ,{blanks}{third}]);\nif true {{ print(`x${{ {third}}}y`) }}\n"
        );
        let formatted = aphex::format::format(&read(&text)).expect("it has no mistake");
        let said = |text: &str| Interpreter::default().evaluate(&Script::new("p.aphex", text).module()).printed;
        prop_assert_eq!(said(&text), said(&formatted), "{}\n---\n{}", text, formatted);
    }

    #[test]
    fn any_text_arrives_in_the_output(any in "[^\\p{Cc}]{0,30}", plain in "([\n\t ]|[^\\p{Cc}{$]){0,30}") {
        let literal = |text: &str| serde_json::to_string(text).unwrap();
        let script = format!(
            "let app = stack(\"App\");\nlet dev = environment(\"dev\", #{{ account: \"111111111111\", region: \"us-east-1\", stacks: [app],\n\
             variables: #{{ PLAIN: {}, ANY: {} }} }});\npipeline(\"p\", #{{ cluster: \"tools\", account: \"999999999999\", region: \"us-east-1\",\n\
             source: github(\"org/app\"), stages: [dev] }});\n",
            literal(&plain), literal(&any)
        );
        let evaluation = evaluated("p.aphex", &script);
        prop_assert!(!evaluation.outputs.is_empty(), "{:?}\n{}", evaluation.diagnostics, script);
        let output = &evaluation.outputs[0];
        let manifest: serde_json::Value = serde_json::from_str(&output.manifest).unwrap();
        prop_assert!(has(&manifest, &plain) && has(&manifest, &any), "pipeline.json");
        let documents = output.artifacts.iter().flat_map(aphex::Artifact::documents);
        let mut templates = documents.filter(|document| document.kind == "WorkflowTemplate");
        let arrives = templates.any(|document| has(&serde_yaml::from_str(document.text).unwrap(), &plain));
        // What Argo and the kubelet would replace is written otherwise there, which tests beside the emitter hold.
        prop_assert!(arrives, "{:?} is not in the template", plain);
    }
}

/// Whether a text is somewhere in a value.
fn has(value: &serde_json::Value, wanted: &str) -> bool {
    match value {
        serde_json::Value::String(text) => text == wanted,
        serde_json::Value::Array(items) => items.iter().any(|item| has(item, wanted)),
        serde_json::Value::Object(map) => map.values().any(|value| has(value, wanted)),
        _ => false,
    }
}
