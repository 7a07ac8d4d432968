//! Any text can be checked and run: the same twice, with problems that have places, and files that can be read.

use std::sync::LazyLock;

use aphex::source::SourceId;
use aphex::syntax::parse;
use aphex::{Artifact, Evaluation, Format, Interpreter, Limits, Script};
use serde_json::Value;

use super::{drawn, problems};

/// Limits that a short script can reach: what is tried is what comes then, not how long it takes.
pub(super) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.operations = 20_000;
    limits.text_bytes = 16 << 10;
    limits.array_items = 500;
    limits.map_keys = 500;
    limits.variables = 500;
    limits.functions = 200;
    limits.declarations = 500;
    limits.imports = 20;
    limits.printed_bytes = 4 << 10;
    limits
}

/// aphex with these limits.
pub(super) static INTERPRETER: LazyLock<Interpreter> =
    LazyLock::new(|| Interpreter::builder().limits(limits()).build().expect("limits are no problem"));

pub(super) fn run(bytes: &[u8]) {
    let script = Script::new("pipeline.aphex", bytes).parameter("given", "a text");
    let evaluation = INTERPRETER.evaluate(&script);
    problems::check(&evaluation.diagnostics, &evaluation.sources);
    for problem in &evaluation.diagnostics {
        // Our own parser takes what the interpreter takes, and reports what it does not.
        assert_ne!(problem.message, "the interpreter cannot read this", "{problem:?}");
    }
    let data = data(&evaluation);
    assert_eq!(data, self::data(&INTERPRETER.evaluate(&script)), "the same script gives the same");
    if evaluation.has_errors() {
        assert!(evaluation.outputs.is_empty());
        return;
    }
    let json = INTERPRETER.evaluate(&script.clone().format(Format::Json));
    assert_eq!(documents(&evaluation, read_yaml), documents(&json, read_json), "YAML and JSON say the same");
    drawn::check(&evaluation, &json);
    check_style(bytes, &evaluation);
}

/// Formatting changes nothing that a script says.
fn check_style(bytes: &[u8], evaluation: &Evaluation) {
    let text = std::str::from_utf8(bytes).expect("a script without an error is UTF-8");
    let Some(formatted) = aphex::format::format(&parse(SourceId::FIRST, text)) else { return };
    let after = INTERPRETER.evaluate(&Script::new("pipeline.aphex", formatted).parameter("given", "a text"));
    let codes = |one: &Evaluation| one.diagnostics.iter().map(|problem| problem.code.id()).collect::<Vec<_>>();
    assert_eq!(codes(evaluation), codes(&after));
    assert_eq!(evaluation.printed, after.printed);
    let outputs = |one: &Evaluation| serde_json::to_string(&one.outputs).expect("outputs are data");
    assert_eq!(outputs(evaluation), outputs(&after));
}

fn data(evaluation: &Evaluation) -> String {
    serde_json::to_string(evaluation).expect("an evaluation is data")
}

fn read_yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn read_json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Every document, read, but the one that names the other files; and `pipeline.json`'s model.
fn documents(evaluation: &Evaluation, read: fn(&str) -> Value) -> Vec<(&'static str, Value)> {
    let mut found = Vec::new();
    for output in &evaluation.outputs {
        let all = output.artifacts.iter().flat_map(Artifact::documents);
        let all = all.filter(|document| document.kind != "Kustomization");
        found.extend(all.map(|document| (document.kind, read(document.text))));
        found.push(("pipeline.json", read_json(&output.manifest)["pipeline"].clone()));
    }
    found
}
