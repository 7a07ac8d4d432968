//! Reads the workflows of `github_actions` back: their form, and that no value of a script becomes more than a value.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Map, Value, json};

use super::{example, root, run, text};

/// The workflows that were printed; what stands between them are comments.
fn read(output: &Output) -> Vec<Value> {
    let texts = text(&output.stdout).split("# .github/workflows/").skip(1);
    let texts = texts.map(|text| text.split_once('\n').unwrap().1);
    let workflows: Vec<Value> = texts.map(|text| serde_yaml::from_str(text).unwrap()).collect();
    workflows.iter().for_each(assert_form);
    workflows
}

fn assert_form(workflow: &Value) {
    let mut before = BTreeSet::new();
    for (id, job) in jobs(workflow) {
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)), "{id}");
        let needs = job["needs"].as_array().into_iter().flatten().map(|name| name.as_str().unwrap().to_owned());
        for name in needs {
            assert!(before.contains(&name), "`{id}` needs `{name}`, which does not come before it");
        }
        before.insert(id.clone());
        assert_eq!(job["permissions"]["id-token"] == "write", id.starts_with("deploy_"), "{id}");
        assert_eq!(job["if"] == "github.event_name == 'push'", id != "build", "{id}");
        for step in job["steps"].as_array().unwrap() {
            let known = ["actions/checkout@v6", "aws-actions/configure-aws-credentials@v6"];
            let uses = step["uses"].as_str();
            assert!(uses.map_or(step["run"].is_string(), |uses| known.contains(&uses)), "{id}: {step}");
        }
    }
}

fn jobs(workflow: &Value) -> &Map<String, Value> {
    workflow["jobs"].as_object().unwrap()
}

/// What becomes of a script in a file.
fn written(name: &str, script: &str) -> Output {
    let folder: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("workflows");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), script).unwrap();
    example("github_actions").current_dir(folder).arg(name).output().unwrap()
}

#[test]
fn github_actions() {
    let output = run("github_actions");
    assert!(output.status.success());
    let workflow = read(&output).remove(0);
    let needs = |id: &str| workflow["jobs"][id]["needs"].clone();
    assert_eq!(needs("step_scan"), json!(["build"]));
    assert_eq!(needs("deploy_prod-eu"), json!(["step_scan", "test_dev"]));
    assert_eq!(needs("gate_us-awake"), needs("deploy_prod-eu"));
    assert_eq!(needs("deploy_prod-us"), json!(["gate_us-awake"]));
    assert_eq!(workflow["jobs"]["gate_us-awake"]["environment"], "us-awake");
    let deploy = workflow["jobs"]["deploy_dev"]["steps"].as_array().unwrap().last().unwrap();
    assert!(deploy["run"].as_str().unwrap().ends_with(" NetworkStack ShopStack"), "{deploy}");
    assert_eq!(workflow["on"]["push"]["branches"], json!(["main", "release/*"]));
}

#[test]
fn every_example_becomes_a_workflow_or_says_why_not() {
    let (mut workflows, mut gaps) = (0, 0);
    for entry in std::fs::read_dir(root().join("examples")).unwrap() {
        let path = format!("examples/{}/pipeline.aphex", entry.unwrap().file_name().display());
        if !root().join(&path).exists() {
            continue;
        }
        let output = example("github_actions").arg(&path).output().unwrap();
        if output.status.success() {
            workflows += read(&output).len();
        } else {
            let is_gap = |line: &str| line.contains(" error[github-actions-gap]: ");
            assert!(text(&output.stderr).lines().all(is_gap), "{}", text(&output.stderr));
            gaps += 1;
        }
    }
    assert!(workflows > 4 && gaps > 4, "{workflows} workflows, {gaps} gaps");
}

#[test]
fn what_a_workflow_cannot_do_is_told_where_it_was_written() {
    let script = r#"
let app  = stack("AppStack");
let lint = step("lint", #{ image: "a:1", commands: ["lint"], on: ["pull_request"], retries: 2 });
let dev  = environment("dev", #{
    account:  "111111111111",
    region:   "eu-west-1",
    stacks:   [app],
    tests:    #{ commands: ["test"], secrets: #{ TOKEN: secret("a", "b") } },
    rollback: true,
});

pipeline("shop", #{
    cluster: "company-pipelines",
    account: "999999999999",
    region:  "eu-west-1",
    source:  github("acme/shop", #{ branch: "v?" }),
    timeout: "2d",
    stages:  [lint, dev],
});
"#;
    let output = written("gaps.aphex", script);
    let expected = [
        "gaps.aphex:3:66: error[github-actions-gap]: a step runs for pushes alone here",
        "gaps.aphex:3:93: error[github-actions-gap]: `retries` has no counterpart in a workflow",
        "gaps.aphex:8:47: error[github-actions-gap]: `secrets` has no counterpart in a workflow",
        "gaps.aphex:9:15: error[github-actions-gap]: `rollback` has no counterpart in a workflow",
        "gaps.aphex:16:45: error[github-actions-gap]: a `?` in a pattern means something else to GitHub",
        "gaps.aphex:17:14: error[github-actions-gap]: `timeout` has no counterpart in a workflow",
    ];
    assert_eq!(text(&output.stderr).lines().collect::<Vec<_>>(), expected);
    assert_eq!(text(&output.stdout), "");
    assert_eq!(output.status.code(), Some(1));
}

/// What evaluates `${{ … }}` in a text: of the expressions only those that give `${{` again.
fn evaluated(value: &Value) -> String {
    let text = value.as_str().unwrap();
    let plain = text.replace("${{ '${{' }}", "\0");
    assert!(!plain.contains("${{"), "{text}");
    plain.replace('\0', "${{")
}

#[test]
fn a_value_of_a_script_stays_a_value() {
    let script = r##"
let app   = stack("AppStack");
let trap  = "\"'; $(touch x) `touch x` ${{ secrets.TOKEN }} # : - &a *b";
let lines = `on: push
  - a: ${trap}
${"${{{"} x`;
let run  = step("no", #{ image: "a:1", command: ["echo", trap, ""], variables: #{ LINES: lines, N: "on" } });
let dev  = environment("yes", #{
    account:   "111111111111",
    region:    "eu-west-1",
    stacks:    [app],
    approval:  trap,
    before:    run,
    tests:     ["echo " + trap, "test -d x && echo 1"],
    variables: #{ TRAP: trap, EMPTY: "", NULL: "~", NUMBER: "012" },
});

pipeline("null", #{
    cluster:   "company-pipelines",
    account:   "999999999999",
    region:    "eu-west-1",
    source:    github("acme/shop", #{ branch: ["!a", "b+c", "on", "#"], tags: ["v*"] }),
    directory: "a 'b' \"c\" $(x): #",
    build:     ["echo ${{ github.token }}", ": a"],
    stages:    [dev],
});
"##;
    let output = written("values.aphex", script);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let workflow = read(&output).remove(0);
    let trap = "\"'; $(touch x) `touch x` ${{ secrets.TOKEN }} # : - &a *b";
    let ids: Vec<&String> = jobs(&workflow).keys().collect();
    assert_eq!(ids, ["build", "gate_approve-yes", "step_yes_no", "deploy_yes", "test_yes"]);
    assert_eq!(workflow["on"]["push"], json!({ "branches": ["\\!a", "b\\+c", "on", "#"], "tags": ["v*"] }));

    let job = |id: &str| &workflow["jobs"][id];
    assert_eq!(evaluated(&job("gate_approve-yes")["env"]["MESSAGE"]), trap);
    assert_eq!(job("gate_approve-yes")["steps"], json!([{ "run": "printf '%s\\n' \"$MESSAGE\"" }]));
    assert_eq!(evaluated(&job("build")["steps"][1]["run"]), "echo ${{ github.token }} &&\n: a");
    let tests = format!("echo {trap} &&\ntest -d x && echo 1");
    assert_eq!(evaluated(&job("test_yes")["steps"][2]["run"]), tests);
    let directory = &job("build")["defaults"]["run"]["working-directory"];
    assert_eq!(evaluated(directory), "a 'b' \"c\" $(x): #");

    let step = job("step_yes_no");
    assert_eq!(evaluated(&step["env"]["LINES"]), format!("on: push\n  - a: {trap}\n${{{{{{ x"));
    assert_eq!(evaluated(&step["env"]["TRAP"]), trap);
    let simple = ["N", "EMPTY", "NULL", "NUMBER"].map(|name| step["env"][name].as_str().unwrap());
    assert_eq!(simple, ["on", "", "~", "012"]);
    assert_eq!(words(&evaluated(&step["steps"][1]["run"])), ["echo", trap, ""]);
}

/// The words of a line as a shell splits it, where all of them are in single quotes.
fn words(line: &str) -> Vec<String> {
    let words = line.strip_prefix('\'').and_then(|line| line.strip_suffix('\'')).unwrap().split("' '");
    words.map(|word| word.replace(r"'\''", "'")).collect()
}
