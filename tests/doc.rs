//! `aphex doc` as a user meets it: what it prints, and how it ends.

use std::process::Command;

use serde_json::{Value, json};

/// What `aphex doc` with these arguments prints: its standard output and its standard error, after it ended with `status`.
fn doc(arguments: &[&str], status: i32) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aphex"));
    let output = command.arg("doc").args(arguments).env_remove("NO_COLOR").output().expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("it prints UTF-8");
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(status), "{arguments:?}\n{stdout}{stderr}");
    (stdout, stderr)
}

/// What is printed about a part, which has this in it.
fn told(arguments: &[&str], part: &str) -> String {
    let (stdout, stderr) = doc(arguments, 0);
    assert!(stdout.contains(part) && stderr.is_empty(), "{arguments:?}: no {part:?} in\n{stdout}{stderr}");
    stdout
}

/// What is said about a name that has nothing to print.
fn refused(arguments: &[&str], part: &str) {
    let (stdout, stderr) = doc(arguments, 1);
    assert!(stderr.contains(part) && stdout.is_empty(), "{arguments:?}: no {part:?} in\n{stderr}{stdout}");
    assert!(!stderr.contains('\u{1b}'), "{stderr:?}");
}

fn data(arguments: &[&str]) -> Value {
    serde_json::from_str(&told(arguments, "")).expect("it prints JSON")
}

#[test]
fn the_whole_fits_a_terminal() {
    let whole = told(&[], "# Reference of the language\n");
    assert!(whole.contains("# environment\n") && whole.contains("# aphex/node\n"), "{whole}");
    // Scripts keep their lines, and a piece of code is not broken.
    let prose = whole.split("\n```").step_by(2).flat_map(str::lines);
    let long: Vec<&str> = prose.filter(|line| line.chars().count() > 80 && !line.starts_with("  `")).collect();
    assert_eq!(long, Vec::<&str>::new());
}

#[test]
fn a_name_gives_its_part() {
    told(&["environment"], "- `account`: an AWS account id; required\n");
    let deploy = told(&["environment.deploy"], "- default: those of its keys");
    assert!(deploy.contains("- `mode`: "), "{deploy}");
    let retries = told(&["retries"], "# step.retries");
    assert!(retries.contains("# pipeline.build.retries"), "{retries}");
    told(&["aphex/node"], "# aphex/node\n");
    told(&["node::build"], "`build()` or `build(given)`");
    told(&["regions::EUROPE"], "\"eu-central-1\"");
    told(&["duration"], "- pattern: ");
    told(&["step", "--format", "markdown"], "| key | type | default | meaning |");
    let colored = told(&["step", "--color", "always"], "\u{1b}[1mstep\u{1b}[0m");
    assert!(!colored.contains("```"), "{colored}");
}

#[test]
fn data_is_what_an_editor_reads() {
    let whole = data(&["--format", "json"]);
    assert_eq!((&whole["version"], &whole["functions"][0]["name"]), (&json!(1), &json!("stack")));
    let key = data(&["environment.account", "--format", "json"]);
    assert_eq!(key["value"][1]["type"]["form"], "AccountId");
    assert_eq!(data(&["retries", "--format", "json"]).as_array().map(Vec::len), Some(4));
}

#[test]
fn a_schema_has_what_it_needs_and_no_more() {
    let draft = "https://json-schema.org/draft/2020-12/schema";
    assert_eq!(data(&["--format", "schema"])["$schema"], draft);
    let deploy = data(&["environment.deploy", "--format", "schema"]);
    assert_eq!((&deploy["$schema"], &deploy["$ref"]), (&json!(draft), &json!("#/$defs/written.deploy")));
    let written = &deploy["$defs"]["written.deploy"]["anyOf"];
    assert_eq!(written[0]["enum"], json!(["together", "per_stack"]));
    assert_eq!((&written[1]["type"], &written[1]["additionalProperties"]), (&json!("object"), &json!(false)));
    assert!(deploy["$defs"].get("pipeline").is_none(), "what it does not need is not in it");
}

#[test]
fn what_is_not_there_is_an_error_with_the_way_on() {
    refused(&["enviroment"], "did you mean `environment`?");
    refused(&["environment.acount"], "did you mean `environment.account`?");
    refused(&["bad-value"], "`aphex explain bad-value` tells about it");
    refused(&["flatten", "--format", "schema"], "`flatten` has no JSON Schema");
    for odd in ["", ".", "::", "aphex/", "environment.", "environment.account.x", "\u{1b}[31m", "node::"] {
        refused(&[odd], "the language has nothing called");
    }
    let (stdout, stderr) = doc(&["step", "--format", "html"], 2);
    assert!(stdout.is_empty() && stderr.contains("html"), "{stderr}");
}
