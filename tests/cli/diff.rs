//! `aphex diff` against folders, scripts and git revisions.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{Test, remove, script};

#[expect(clippy::disallowed_methods, reason = "a test makes a mess")]
fn remove_file(path: &Path) {
    fs::remove_file(path).unwrap();
}

/// A project in a git repository of its own with one commit, and a script that is `new` now.
fn committed(old: &str, new: &str) -> Test {
    let test = Test::new().file("pipeline.aphex", old);
    remove(&test.folder.join(".git"));
    git(&test.folder, &["init", "--quiet"]);
    commit(&test.folder, "pipeline.aphex");
    git(&test.folder, &["tag", "v1"]);
    test.file("pipeline.aphex", new)
}

fn commit(folder: &Path, path: &str) {
    git(folder, &["add", path]);
    let who = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
    git(folder, &[&who[..], &["commit", "--quiet", "-m", path]].concat());
}

fn git(folder: &Path, arguments: &[&str]) {
    let run = Command::new("git").arg("-C").arg(folder).args(arguments).output().unwrap();
    assert!(run.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
}

const ASKS: &str = "stacks: [app], approval: true";

#[test]
fn diff_says_what_is_new_what_is_the_same_and_which_gate_is_gone() {
    let plain = script(&["my-app"], "");
    let gated = plain.replace("stacks: [app]", ASKS);
    let test = Test::new().file("p.aphex", &gated).args(["diff", "p.aphex"]);
    let ran = test.stdout("my-app: new").stdout("1 pipeline added").stderr("").status(1);
    assert!(!ran.has("aphex.out"), "nothing is written");
    let ran = ran.then().args(["run", "p.aphex"]).status(0);
    let ran = ran.then().args(["diff", "p.aphex"]).stdout("no change\n").stderr("").status(0);
    let ran = ran.then().file("p.aphex", &plain).args(["diff", "p.aphex"]).status(1);
    assert!(
        ran.stdout.starts_with("my-app\n\n  gates\n  ! removed  approve-dev  nobody is asked before dev any more\n")
    );
    let ran = ran.then().args(["diff", "p.aphex", "--quiet"]).stdout("").stderr("").status(1);
    let ran = ran.then().args(["diff", "p.aphex", "--list-changed"]).status(1);
    assert_eq!(
        ran.stdout,
        "my-app/gates/approve-dev\nmy-app/files/kubernetes/workflow-template.yaml\nmy-app/files/pipeline.json\n"
    );
    let ran =
        ran.then().args(["diff", "p.aphex", "--files"]).stdout("--- a/my-app/pipeline.json").stdout("@@").status(1);
    let ran = ran.then().args(["diff", "p.aphex", "--format", "json", "--quiet"]).status(1);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&json["version"], &json["same"]), (&Value::from(1), &Value::from(false)));
    assert_eq!(json["pipelines"][0]["changes"][0]["effect"], "widens");
}

#[test]
fn diff_takes_the_parameters_that_the_output_was_made_with() {
    let text =
        script(&["my-app"], "let r = param(\"r\", \"us-east-1\");").replace("\"us-east-1\", stacks", "r, stacks");
    let ran = Test::new().file("p.aphex", &text).args(["run", "p.aphex", "--param", "r=eu-west-1"]).status(0);
    let ran = ran.then().args(["diff", "p.aphex"]).stdout("no change").status(0);
    ran.then().args(["diff", "p.aphex", "--param", "r=us-west-2"]).stdout("r  eu-west-1 -> us-west-2").status(1);
}

#[test]
fn diff_tells_pipelines_that_are_gone_but_not_those_of_other_scripts() {
    let ran = Test::new().file("p.aphex", &script(&["one", "two"], "")).args(["run", "p.aphex"]).status(0);
    let ran = ran.then().file("q.aphex", &script(&["three"], "")).args(["run", "q.aphex"]).status(0);
    let one = script(&["one"], "");
    let ran = ran.then().file("p.aphex", &one).args(["diff", "p.aphex"]).stdout("two: not declared any more").status(1);
    assert!(!ran.stdout.contains("three"));
    ran.then().args(["diff", "p.aphex", "--pipeline", "one"]).stdout("no change").status(0);
}

#[test]
fn diff_of_output_that_cannot_be_read_says_so() {
    let ran = Test::new().file("p.aphex", &script(&["my-app"], "")).args(["run", "p.aphex"]).status(0);
    let rbac = ran.read("aphex.out/my-app/kubernetes/rbac.yaml");
    let diff = |test: Test| test.args(["diff", "p.aphex"]);
    let ran = diff(ran.then().file("aphex.out/my-app/kubernetes/rbac.yaml", "a: ["))
        .stderr("rbac.yaml` cannot be read")
        .status(3);
    let ran = ran.then().file("aphex.out/my-app/kubernetes/rbac.yaml", &rbac);
    let ran =
        diff(ran.file("aphex.out/my-app/pipeline.json", "{\"version\": 2}")).stdout("").stderr("version 2").status(3);
    let ran = diff(ran.then().file("aphex.out/my-app/pipeline.json", "{\"ver")).stderr("aphex run").status(3);
    // What has no `pipeline.json` was never finished: the pipeline is new, and of its files only that one.
    remove_file(&ran.folder.join("aphex.out/my-app/pipeline.json"));
    let ran = diff(ran.then()).stdout("my-app: new").stdout("\n    added  pipeline.json\n\n").status(1);
    assert!(!ran.stdout.contains("rbac.yaml"), "{}", ran.stdout);
    // An older version knew fewer keys.
    let old = "{\"version\": 1, \"script\": \"p.aphex\", \"pipeline\": {\"kind\": \"pipeline\", \"name\": \"my-app\"}}";
    let ran = diff(ran.then().file("aphex.out/my-app/pipeline.json", old))
        .stdout("environment in 111111111111 us-east-1 with App")
        .status(1);
    ran.then().args(["diff", "p.aphex", "--out", "nowhere"]).stderr("there is no folder `nowhere`").status(3);
}

#[cfg(unix)]
#[test]
fn diff_steps_through_no_link_of_the_output() {
    let ran = Test::new().file("p.aphex", &script(&["my-app"], "")).args(["run", "p.aphex"]).status(0);
    let rbac = ran.folder.join("aphex.out/my-app/kubernetes/rbac.yaml");
    remove_file(&rbac);
    std::os::unix::fs::symlink("/etc/passwd", &rbac).unwrap();
    ran.then().args(["diff", "p.aphex", "--files"]).stdout("").stderr("is a link").status(3);
}

#[test]
fn diff_against_another_script_in_the_same_folder_takes_it_for_an_earlier_one() {
    let test = Test::new().file("p.aphex", &script(&["my-app"], "")).file("old.aphex", &script(&["my-app"], "// old"));
    let ran = test.args(["diff", "p.aphex", "--against", "old.aphex"]).stdout("no change").status(0);
    let ran = ran.then().file("old.aphex", "pipelin(1);\n").args(["diff", "p.aphex", "--against", "old.aphex"]);
    let ran = ran.stdout("").stderr("old.aphex:1").stderr("the old side").status(1);
    let ran = ran.then().file("p.aphex", "fail(\"no\");\n").args(["diff", "p.aphex", "--against", "old.aphex"]);
    let ran = ran.stdout("").stderr("p.aphex:1").status(1);
    let other = ran.then().file("p.aphex", &script(&["my-app"], "")).file("ci/p.aphex", &script(&["my-app"], ""));
    other.args(["diff", "p.aphex", "--against", "ci/p.aphex"]).stdout("script  ci/p.aphex -> p.aphex").status(1);
}

#[test]
fn diff_against_a_revision_reads_the_script_and_its_modules_from_git() {
    let module = "import \"./platform/targets\" as targets;\n";
    let old =
        script(&["my-app"], module).replace("\"111111111111\"", "targets::ACCOUNT").replace("stacks: [app]", ASKS);
    let new = old.replace(", approval: true", "");
    // The first commit lacks the module, the second has it, and now it is another one.
    let test = committed(&old, &new).file("platform/targets.aphex", "export const ACCOUNT = \"111111111111\";\n");
    // The script of the second commit still asks.
    let test = test.file("pipeline.aphex", &old);
    commit(&test.folder, ".");
    let test = test.file("pipeline.aphex", &new);
    let test = test.file("platform/targets.aphex", "export const ACCOUNT = \"222222222222\";\n");
    let mut ran = test.args(["diff", "pipeline.aphex", "--against", "v1"]).stderr("platform/targets").status(1);
    for revision in ["HEAD", "HEAD:pipeline.aphex", "HEAD:./pipeline.aphex", "HEAD^0", "@"] {
        let test = ran.then().args(["diff", "pipeline.aphex", "--against", revision]);
        ran = test.stdout("! removed  approve-dev").stdout("of 222222222222 in us-east-1").stderr("").status(1);
    }
    let ran = ran.then().args(["diff", "pipeline.aphex", "--against", "HEAD~5"]).stderr("no such revision").status(2);
    let ran =
        ran.then().args(["diff", "pipeline.aphex", "--against", "HEAD:no.aphex"]).stderr("no `no.aphex`").status(3);
    let ran =
        ran.then().args(["diff", "pipeline.aphex", "--against", "HEAD:../x.aphex"]).stderr("names no file").status(2);
    let ran = ran.then().args(["diff", "pipeline.aphex", "--against=--output=x"]).stderr("no git revision").status(2);
    let ran = ran.then().stdin(&new).args(["diff", "-", "--against", "HEAD"]).stderr("HEAD:PATH").status(2);
    assert!(!ran.has("x") && !ran.has("aphex.out"));
}

#[test]
fn diff_against_a_revision_follows_no_link_and_needs_a_repository() {
    let text = script(&["my-app"], "");
    let test = committed(&text, &text);
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", test.folder.join("link.aphex")).unwrap();
    #[cfg(unix)]
    commit(&test.folder, "link.aphex");
    let ran = test.args(["diff", "pipeline.aphex", "--against", "HEAD"]).stdout("no change").status(0);
    #[cfg(unix)]
    let ran = ran.then().args(["diff", "pipeline.aphex", "--against", "HEAD:link.aphex"]).stderr("is a link").status(3);
    let without = ran.then().args(["diff", "pipeline.aphex", "--against", "HEAD"]).env("PATH", "/nowhere");
    without.stdout("").stderr("there is no `git` to run").status(3);
    Test::new().file("p.aphex", &text).args(["diff", "p.aphex", "--against", "HEAD"]).stderr("HEAD").status(3);
}
