//! Runs deliveries of GitHub through the Sensors that come out, and looks where their values get to.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

mod deliveries;
mod filters;
mod texts;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aphex::compile::{Options, compile};
use aphex::source::{Host, MemoryHost};
use serde_json::Value;

use deliveries::{COMMIT, deliveries};

/// Each Sensor of a pipeline with this `source`, and the deliveries that it starts a run for.
fn fires(source: &str) -> Vec<(String, Vec<&'static str>)> {
    let script = format!(
        r#"
let dev = environment("dev", #{{ account: "111111111111", region: "us-east-1", stacks: [stack("App")] }});
pipeline("my-app", #{{
    cluster: "c", account: "999999999999", region: "us-east-1", source: {source}, build: ["make"], stages: [dev],
}});
"#
    );
    let host: Arc<dyn Host> = Arc::new(MemoryHost::new());
    let compiled = compile(&host, "pipeline.aphex", "pipeline.aphex", script.into_bytes(), &Options::default());
    assert_eq!(compiled.diagnostics, [], "{source}");
    let artifacts = &compiled.outputs[0].artifacts;
    let sensors = artifacts.iter().find(|artifact| artifact.path == "kubernetes/sensor.yaml").unwrap();
    let sensors = sensors.documents().map(|document| serde_yaml::from_str::<Value>(document.text).unwrap());
    sensors
        .map(|sensor| (sensor["metadata"]["name"].as_str().unwrap().to_owned(), hits(&sensor, "my-org/my-app")))
        .collect()
}

fn hits(sensor: &Value, repository: &str) -> Vec<&'static str> {
    let found = deliveries(repository).into_iter().filter_map(|(name, delivery)| {
        let commit = filters::run(sensor, &delivery)?;
        assert_eq!(commit, COMMIT, "{name}");
        Some(name)
    });
    found.collect()
}

fn assert_fires(source: &str, expected: &[(&str, &[&'static str])]) {
    let expected: Vec<_> = expected.iter().map(|(sensor, names)| ((*sensor).to_owned(), names.to_vec())).collect();
    assert_eq!(fires(source), expected, "{source}");
}

const MAIN: [&str; 10] = [
    "push main",
    "push main, docs",
    "push main, api",
    "push main, api2",
    "push main, old/services/api",
    "push main, a quote before",
    "push main, R&D",
    "push main, removed",
    "push main, modified, second commit",
    "push main, no commits",
];
const PR: [&str; 3] = ["PR opened", "PR synchronize", "PR reopened"];

#[test]
fn main_delivers_and_pull_requests_to_it_are_checked() {
    let expected: &[(&str, &[&str])] = &[("my-app-sensor", &MAIN), ("my-app-sensor-pull-request", &PR)];
    assert_fires(r#"github("my-org/my-app")"#, expected);
    assert_fires(r#"github("my-org/my-app", #{ pull_requests: false })"#, &expected[..1]);
    assert_fires(
        r#"github("my-org/my-app", #{ branch: ["*"], pull_requests: false })"#,
        &[("my-app-sensor", &[&MAIN[..], &["push main-hotfix", "push xmain", "push branch v1.2"]].concat())],
    );
}

#[test]
fn tags_deliver_alone_and_beside_branches() {
    let tags = ["tag v1.2", "tag v1.2 annotated"];
    assert_fires(r#"github("my-org/my-app", #{ tags: ["v*"] })"#, &[("my-app-sensor", &tags)]);
    assert_fires(
        r#"github("my-org/my-app", #{ branch: "release/*", tags: ["v1.?", "night**"] })"#,
        &[
            ("my-app-sensor", &["push release/1"]),
            ("my-app-sensor-tag", &[&tags[..], &["tag nightly"]].concat()),
            ("my-app-sensor-pull-request", &["PR to release/1"]),
        ],
    );
    assert_fires(
        r#"github("my-org/my-app", #{ branch: ["release/**"], pull_requests: false })"#,
        &[("my-app-sensor", &["push release/1", "push release/1/fix"])],
    );
}

#[test]
fn paths_hold_for_pushes_of_branches() {
    let api = ["push main, api", "push main, removed", "push main, modified, second commit"];
    let paths = |globs: &str, expected: &[&'static str]| {
        let source = format!(r#"github("my-org/my-app", #{{ tags: ["v1.2"], branch: "main", paths: [{globs}] }})"#);
        let all =
            [("my-app-sensor", expected), ("my-app-sensor-tag", &["tag v1.2"]), ("my-app-sensor-pull-request", &PR)];
        assert_fires(&source, &all);
    };
    paths(r#""services/api/**""#, &api);
    paths(r#""services/api/*.ts""#, &api);
    paths(r#""services/api/index""#, &[]);
    paths(r#""services/*""#, &[]);
    paths(r#""*""#, &["push main", "push main, a quote before", "push main, modified, second commit"]);
    paths(r#""**/services/api/**""#, &[&api[..1], &["push main, old/services/api"], &api[1..]].concat());
    paths(r#""docs/*.md""#, &["push main, docs"]);
    paths(r#""docs/R&D/?a?.md""#, &["push main, R&D"]);
    paths(r#""docs/R?D/*""#, &["push main, R&D"]);
    paths(r#""docs/R??D/*""#, &[]);
    paths(r#""docs/R?0026D/*""#, &[]);
    paths(r#""docs/**/b.md", "README.*""#, &["push main", "push main, docs"]);
    paths(r#""?""#, &["push main, a quote before", "push main, modified, second commit"]);
    paths(r#""??""#, &["push main, a quote before"]);
    let all: Vec<&str> = MAIN.into_iter().filter(|name| *name != "push main, no commits").collect();
    paths(r#""**""#, &all);
}

/// Every file of the examples' output of that name.
fn goldens(name: &str) -> Vec<(PathBuf, Vec<Value>)> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut found = Vec::new();
    let folders = |path: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(path).into_iter().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    };
    for example in folders(&examples) {
        for pipeline in folders(&example.join("aphex.out")) {
            let path = pipeline.join("kubernetes").join(name);
            let text = std::fs::read_to_string(&path).unwrap();
            let documents = text.split("\n---\n").map(|document| serde_yaml::from_str(document).unwrap());
            found.push((path, documents.collect()));
        }
    }
    assert!(found.len() > 5);
    found
}

#[test]
fn no_example_starts_for_what_nobody_asked_for() {
    for (path, sensors) in goldens("sensor.yaml") {
        for sensor in sensors {
            let filters = &sensor["spec"]["dependencies"][0]["filters"]["data"];
            let filters = filters.as_array().unwrap();
            let repository = filters.iter().find(|filter| filter["path"] == "body.repository.full_name").unwrap();
            let repository = repository["value"][0].as_str().unwrap().trim_matches(['^', '$']).replace('\\', "");
            for name in hits(&sensor, &repository) {
                let unwanted = ["delete", "of another", "of a longer", "fork", "closed", "labeled", "review", "ping"];
                assert!(!unwanted.iter().any(|word| name.contains(word)), "{}: {name}", path.display());
            }
        }
    }
}

#[test]
fn no_value_of_an_event_stands_in_a_shells_text() {
    for (path, templates) in goldens("workflow-template.yaml") {
        for template in templates {
            assert_eq!(texts::problems(&template), Vec::<String>::new(), "{}", path.display());
        }
    }
}

/// What `aphex event` says to each payload stands beside it; `APHEX_UPDATE=1` writes it anew.
#[test]
fn each_payload_has_its_answer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/events/payloads");
    let mut payloads: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    payloads.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    payloads.sort();
    assert!(payloads.len() > 10);
    for payload in payloads {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_aphex"));
        let name = payload.file_name().unwrap();
        let output = command.current_dir(&folder).args(["event", "pipeline.aphex", "--payload"]).arg(name).output();
        let output = output.unwrap();
        assert_eq!((output.status.code(), &output.stderr[..]), (Some(0), &b""[..]), "{name:?}");
        let said = String::from_utf8(output.stdout).unwrap();
        let golden = payload.with_extension("txt");
        if std::env::var_os("APHEX_UPDATE").is_some() {
            std::fs::write(&golden, &said).unwrap();
        }
        assert_eq!(said, std::fs::read_to_string(&golden).unwrap_or_default(), "{name:?}");
    }
}
