//! The command as a user meets it: exit codes, flags, paths, and what is on the disk afterwards.
// What the language does is no business of this file: it counts on `pipeline`, `param` and `fail`, no more.
#![expect(clippy::unwrap_used, reason = "a test that cannot set its scene fails")]

#[path = "cli/diff.rs"]
mod diff;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

/// One project in a folder of its own, and the next command in it.
struct Test {
    folder: PathBuf,
    arguments: Vec<String>,
    input: String,
    environment: Vec<(&'static str, &'static str)>,
    expected: [Vec<String>; 2],
    exact: [Option<String>; 2],
}

/// What a command left.
struct Ran {
    folder: PathBuf,
    stdout: String,
    stderr: String,
}

impl Test {
    fn new() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{number}"));
        remove(&folder);
        make(&folder.join(".git"));
        Self::at(folder)
    }

    fn at(folder: PathBuf) -> Self {
        let (expected, exact) = ([vec![], vec![]], [None, None]);
        Self { folder, arguments: vec![], input: String::new(), environment: vec![], expected, exact }
    }

    fn file(self, path: &str, text: &str) -> Self {
        let full = self.folder.join(path);
        make(full.parent().unwrap());
        fs::File::create(full).unwrap().write_all(text.as_bytes()).unwrap();
        self
    }

    fn args<'a>(mut self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        self.arguments = arguments.into_iter().map(str::to_owned).collect();
        self
    }

    fn stdin(mut self, text: &str) -> Self {
        text.clone_into(&mut self.input);
        self
    }

    fn env(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    /// A part of what it prints; no text at all means that it prints nothing.
    fn stdout(self, text: &str) -> Self {
        self.expect(0, text)
    }

    fn stderr(self, text: &str) -> Self {
        self.expect(1, text)
    }

    fn expect(mut self, stream: usize, text: &str) -> Self {
        if text.is_empty() {
            self.exact[stream] = Some(String::new());
        } else {
            self.expected[stream].push(text.to_owned());
        }
        self
    }

    fn status(self, status: i32) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aphex"));
        command.args(&self.arguments).current_dir(&self.folder).env_remove("NO_COLOR");
        command.envs(self.environment.iter().copied());
        let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(self.input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let streams = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        let said = format!("{:?}\n--- stdout\n{}--- stderr\n{}", self.arguments, streams[0], streams[1]);
        assert_eq!(output.status.code(), Some(status), "{said}");
        for (stream, text) in streams.iter().enumerate() {
            let parts = &self.expected[stream];
            assert!(
                parts.iter().all(|part| text.contains(part)),
                "expected {parts:#?} in stream {}\n{said}",
                stream + 1
            );
            assert!(self.exact[stream].as_ref().is_none_or(|exact| exact == text), "{said}");
        }
        let [stdout, stderr] = streams;
        Ran { folder: self.folder, stdout, stderr }
    }
}

impl Ran {
    /// Another command in the same folder.
    fn then(self) -> Test {
        Test::at(self.folder)
    }

    fn read(&self, path: &str) -> String {
        read(&self.folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn has(&self, path: &str) -> bool {
        self.folder.join(path).exists()
    }
}

#[expect(clippy::disallowed_methods, reason = "a test sets its scene")]
fn make(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "what the last test run left")]
fn remove(folder: &Path) {
    let _ = fs::remove_dir_all(folder);
}

#[expect(clippy::disallowed_methods, reason = "a test looks at what was written")]
fn read(path: &Path) -> std::io::Result<String> {
    fs::read_to_string(path)
}

/// A script that declares these pipelines.
fn script(names: &[&str], rest: &str) -> String {
    let mut text = format!("{rest}\nlet app = stack(\"App\");\n");
    for name in names {
        let pipeline = format!(
            r#"pipeline("{name}", #{{
    cluster: "tools",
    account: "999999999999",
    region: "us-east-1",
    source: github("org/{name}"),
    stages: [environment("dev", #{{ account: "111111111111", region: "us-east-1", stacks: [app] }})],
}});
"#
        );
        text.push_str(&pipeline);
    }
    text
}

#[test]
fn run_writes_says_so_and_touches_nothing_the_second_time() {
    let ran = Test::new()
        .file("pipeline.aphex", &script(&["my-app"], ""))
        .args(["run", "pipeline.aphex"])
        .stdout("aphex.out/my-app\n")
        .stdout("new      cloudformation.yaml")
        .stdout("\nNext:\n")
        .stderr("")
        .status(0);
    let manifest: Value = serde_json::from_str(&ran.read("aphex.out/my-app/pipeline.json")).unwrap();
    let files = manifest["files"].as_object().unwrap();
    assert!(files.keys().is_sorted() && files.contains_key("cloudformation.yaml"), "{files:?}");
    assert!(files.keys().all(|path| ran.has(&format!("aphex.out/my-app/{path}"))));
    let again = ran.then().args(["run", "pipeline.aphex"]).stdout("files are up to date").status(0);
    again.then().args(["run", "pipeline.aphex", "--quiet"]).stdout("").stderr("").status(0);
}

#[test]
fn nothing_is_written_where_there_is_an_error() {
    let ran = Test::new()
        .file("pipeline.aphex", &script(&["my-app"], "fail(\"not today\");"))
        .args(["run", "pipeline.aphex"])
        .stdout("")
        .stderr("error[user-error]: not today")
        .stderr("1 error; `aphex explain user-error` tells more")
        .status(1);
    assert!(!ran.has("aphex.out"));
}

#[test]
fn what_does_not_belong_any_more_goes() {
    let ran =
        Test::new().file("pipeline.aphex", &script(&["one", "two"], "")).args(["run", "pipeline.aphex"]).status(0);
    let ran = ran.then().file("aphex.out/mine", "").file("pipeline.aphex", &script(&["two", "three"], ""));
    let ran = ran.args(["run", "pipeline.aphex", "--pipeline", "three"]).stdout("aphex.out/three").status(0);
    assert!(ran.has("aphex.out/one") && ran.has("aphex.out/two"), "{}", ran.stdout);
    let ran = ran.then().args(["run", "pipeline.aphex"]).stdout("aphex.out/one: the script does not declare").status(0);
    assert!(!ran.has("aphex.out/one") && ran.has("aphex.out/three") && ran.has("aphex.out/mine"));
}

#[test]
fn another_project_in_the_same_folder_is_left_alone() {
    let first = Test::new().file("p.aphex", &script(&["first"], ""));
    let first = first.file("b/.git/x", "").file("b/p.aphex", &script(&["second"], ""));
    let ran = first.args(["run", "p.aphex"]).status(0);
    let ran = ran.then().args(["run", "b/p.aphex"]).stdout("aphex.out/second").status(0);
    assert!(ran.has("aphex.out/first") && ran.has("aphex.out/second"));
}

#[test]
fn out_names_another_folder_and_the_next_steps_name_it_too() {
    let test = Test::new().file("pipeline.aphex", &script(&["my-app"], ""));
    let ran = test.args(["run", "pipeline.aphex", "--out", "a b/c"]).stdout("a\\ b/c/my-app/kubernetes").status(0);
    assert!(ran.has("a b/c/my-app/pipeline.json") && !ran.has("aphex.out"));
}

#[test]
fn check_writes_nothing_and_uses_the_parameters_of_the_last_run() {
    let text = script(&["my-app"], "let unused = param(\"region\");");
    let ran = Test::new().file("pipeline.aphex", &text).args(["run", "pipeline.aphex", "--check"]).status(1);
    assert!(ran.stderr.contains("missing-parameter") && !ran.has("aphex.out"));
    let with = ["run", "pipeline.aphex", "--check", "--param", "region=eu-west-1"];
    let ran = ran.then().args(with).stdout("is not up to date").stdout("missing    cloudformation.yaml").status(1);
    assert!(!ran.has("aphex.out"));
    let ran = ran.then().file("p.yaml", "region: eu-west-1\n");
    let ran = ran.args(["run", "pipeline.aphex", "--param-file", "p.yaml"]).status(0);
    let ran = ran.then().args(["run", "pipeline.aphex", "--check"]).stdout("aphex.out/my-app is up to date").status(0);
    let other = ["run", "pipeline.aphex", "--check", "--param", "region=eu-west-2"];
    let ran = ran.then().args(other).stdout("differs    pipeline.json").status(1);
    let ran = ran.then().file("aphex.out/my-app/cloudformation.yaml", "mine\n");
    let ran = ran.args(["run", "pipeline.aphex", "--check"]).stdout("differs    cloudformation.yaml").status(1);
    assert_eq!(ran.read("aphex.out/my-app/cloudformation.yaml"), "mine\n");
}

#[test]
fn stdout_prints_documents_and_only_chooses_among_them() {
    let test = Test::new().file("pipeline.aphex", &script(&["my-app"], ""));
    let ran = test.args(["run", "pipeline.aphex", "--stdout"]).stdout("---\n").stdout("kind: Sensor").status(0);
    assert!(!ran.has("aphex.out"));
    let ran = ran.then().args(["run", "pipeline.aphex", "--only", "sensor,role"]).stdout("kind: Sensor").status(0);
    assert!(!ran.stdout.contains("ServiceAccount\n"), "{}", ran.stdout);
    let ran = ran.then().args(["run", "pipeline.aphex", "--only", "Kubernetes", "--format", "json"]).status(0);
    for document in serde_json::Deserializer::from_str(&ran.stdout).into_iter::<Value>() {
        assert!(document.unwrap()["kind"].is_string(), "{}", ran.stdout);
    }
    let ran = ran.then().args(["run", "pipeline.aphex", "--only", "Pipeline"]).stdout("\"files\"").status(0);
    ran.then().args(["run", "pipeline.aphex", "--only", "Sensr"]).stderr("did you mean `Sensor`?").status(2);
}

#[test]
fn a_script_may_come_in_on_standard_input() {
    let ran = Test::new().stdin(&script(&["my-app"], "")).args(["run", "-"]).stdout("aphex.out/my-app").status(0);
    let test = ran.then().stdin(&script(&["a"], "fail(\"no\");"));
    test.args(["check", "-", "--message-format", "short"]).stderr("<stdin>:1:").status(1);
}

#[test]
fn check_takes_several_files_and_modules() {
    let test = Test::new().file("module.aphex", "fn twice(x) { x + x }\n").file("ok.aphex", &script(&["ok"], ""));
    let ran = test.args(["check", "module.aphex", "ok.aphex"]).stdout("").stderr("").status(0);
    let test = ran.then().file("a.aphex", "fail(\"first\");\n").file("sub/b.aphex", "fail(\"second\");\n");
    let test = test.stderr("a.aphex:1:").stderr("sub/b.aphex:1:").stderr("2 errors;");
    let ran = test.args(["check", "a.aphex", "ok.aphex", "sub/b.aphex"]).status(1);
    let ran = ran.then().stderr("error[user-error]: first").stderr("cannot read `none.aphex`: no such file");
    let ran = ran.args(["check", "none.aphex", "a.aphex"]).status(3);
    ran.then().args(["run", "module.aphex"]).stderr("error[no-pipeline]").status(1);
}

#[test]
fn each_message_format_has_its_own_form() {
    let run = |format: &'static str| {
        let test = Test::new().file("ci/p.aphex", "fail(\"100% wrong\");\n");
        test.args(["check", "--message-format", format, "ci/p.aphex"]).stdout("").status(1).stderr
    };
    assert_eq!(run("short").trim_end(), run("short").lines().next().unwrap());
    assert!(run("short").starts_with("ci/p.aphex:1:") && run("short").contains(": error[user-error]: 100% wrong"));
    let object: Value = serde_json::from_str(&run("json")).unwrap();
    assert_eq!(object["code"], "user-error");
    assert_eq!(object["labels"].as_array().unwrap().iter().filter(|label| label["primary"] == true).count(), 1);
    let log: Value = serde_json::from_str(&run("sarif")).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "user-error");
    assert!(run("github").starts_with("::error file=ci/p.aphex,line=1,"), "{}", run("github"));
    assert!(run("github").contains("title=user-error::100%25 wrong"), "{}", run("github"));
}

#[test]
fn a_pipe_gets_plain_text_unless_colours_are_wanted() {
    let plain = |test: Test| {
        let ran = test.file("p.aphex", "fail(\"no\");\n").args(["check", "p.aphex"]).status(1);
        assert!(ran.stderr.is_ascii() && !ran.stderr.contains('\u{1b}'), "{}", ran.stderr);
    };
    plain(Test::new());
    plain(Test::new().env("NO_COLOR", "1").env("CLICOLOR_FORCE", "1"));
    let test = Test::new().file("p.aphex", "fail(\"no\");\n").env("NO_COLOR", "1").env("LC_ALL", "C.UTF-8");
    test.args(["check", "--color", "always", "p.aphex"]).stderr("\u{1b}[").stderr("╭─").status(1);
}

#[test]
fn explain_knows_every_code() {
    Test::new().args(["explain", "bad-value"]).stdout("value").stderr("").status(0);
    Test::new().args(["explain"]).stdout("bad-value").stdout("unknown-key").status(0);
    Test::new().args(["explain", "bad-valu"]).stdout("").stderr("did you mean `bad-value`?").status(1);
}

#[test]
fn a_graph_goes_to_standard_output_and_touches_nothing() {
    let test = || Test::new().file("p.aphex", &script(&["my-app"], ""));
    let ran = test().args(["graph", "p.aphex"]).stdout("|- validate").stdout("`- dev").stderr("").status(0);
    assert!(ran.stdout.is_ascii() && !ran.has("aphex.out"));
    for (format, start) in
        [("mermaid", "---\ntitle: my-app in tools, "), ("dot", "digraph \"my-app\" {"), ("svg", "<svg xmlns")]
    {
        let ran = test().args(["graph", "p.aphex", "--format", format]).stderr("").status(0);
        assert!(ran.stdout.starts_with(start) && ran.stdout.ends_with('\n'), "{}", ran.stdout);
    }
    let colors = test().args(["graph", "--color", "always", "p.aphex"]).env("LC_ALL", "C.UTF-8");
    colors.stdout("\u{1b}[1mmy-app\u{1b}[0m").stdout("├─ validate").status(0);
    let input = Test::new().stdin(&script(&["my-app"], "")).args(["graph", "-"]);
    input.stdout("`- dev").status(0);
}

#[test]
fn a_picture_shows_one_pipeline_and_a_tree_all() {
    let test = || Test::new().file("p.aphex", &script(&["one", "two"], ""));
    let ran = test().args(["graph", "p.aphex"]).status(0);
    assert!(ran.stdout.starts_with("one\n") && ran.stdout.contains("\n\ntwo\n"), "{}", ran.stdout);
    let ran = test().args(["graph", "p.aphex", "--pipeline", "two"]).status(0);
    assert!(ran.stdout.starts_with("two\n"), "{}", ran.stdout);
    for format in ["svg", "mermaid", "dot"] {
        let several = test().args(["graph", "p.aphex", "--format", format]).stdout("");
        several.stderr("name it with `--pipeline`").stderr("`one`, `two`").status(2);
        let named = test().args(["graph", "p.aphex", "--format", format, "--pipeline", "two"]);
        named.stdout("two").stderr("").status(0);
    }
    test().args(["graph", "p.aphex", "--pipeline", "tow"]).stdout("").stderr("did you mean `two`?").status(2);
}

#[test]
fn a_graph_takes_parameters_and_reports_what_is_wrong() {
    let text = script(&["my-app"], "let name = param(\"name\");");
    let test = || Test::new().file("p.aphex", &text);
    test().args(["graph", "p.aphex"]).stdout("").stderr("missing-parameter").status(1);
    test().args(["graph", "p.aphex", "--param", "name=x"]).stdout("my-app").stderr("").status(0);
    test().args(["graph", "p.aphex", "--param", "name=x", "--param", "nam=x"]).stderr("no parameter `nam`").status(2);
    test().args(["graph", "none.aphex"]).stdout("").stderr("cannot read `none.aphex`").status(3);
    test().args(["graph", "p.aphex", "--format", "png"]).stdout("").status(2);
}

#[test]
fn simulate_says_what_runs_and_how_it_ends() {
    let test = || Test::new().file("p.aphex", &script(&["my-app"], ""));
    let good = test().args(["simulate", "p.aphex"]).stdout("all goes well").stderr("").status(0);
    assert!(good.stdout.ends_with("The run ends Succeeded.\n"), "{}", good.stdout);
    let bad = test().args(["simulate", "p.aphex", "--fail", "validate"]).stdout("Not run: ").status(0);
    assert!(bad.stdout.ends_with("The run ends Failed.\n"), "{}", bad.stdout);
    let json = test().args(["simulate", "p.aphex", "--error", "deploy-dev", "--format", "json"]).status(0);
    let json: Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&json["runs"][0]["pipeline"], &json["runs"][0]["phase"]), (&"my-app".into(), &"Error".into()));
    let near = "there is no task `deploy-dve`; did you mean `deploy-dev`?";
    test().args(["simulate", "p.aphex", "--fail", "deploy-dve"]).stdout("").stderr(near).status(2);
    test().args(["simulate", "p.aphex", "--reject", "deploy-dev"]).stderr("no approval").status(2);
    let two = Test::new().file("p.aphex", &script(&["one", "two"], ""));
    two.args(["simulate", "p.aphex", "--pipeline", "two"]).stdout("two: all goes well").status(0);
}

#[test]
fn a_wrong_command_line_is_2_and_the_outside_is_3() {
    let test = || Test::new().file("p.aphex", &script(&["my-app"], ""));
    for wrong in [
        &["run"][..],
        &["rum", "p.aphex"],
        &["run", "p.aphex", "--param", "x"],
        &["run", "p.aphex", "--stdout", "--out", "x"],
        &["run", "p.aphex", "--stdout", "--check"],
        &["run", "p.aphex", "--pipeline", "my-ap"],
        &["check", "--message-format", "loud", "p.aphex"],
    ] {
        test().args(wrong.iter().copied()).stdout("").status(2);
    }
    test().file("f.json", "[1]").args(["run", "p.aphex", "--param-file", "f.json"]).stderr("no map").status(2);
    test().args(["run", "none.aphex"]).stderr("cannot read `none.aphex`: no such file").status(3);
    test().args(["run", ".git"]).stderr("is a folder").status(3);
    test().file("aphex.out", "").args(["run", "p.aphex"]).stderr("`aphex.out` is a file").status(3);
    test().file("aphex.out/my-app", "").args(["run", "p.aphex"]).stderr("is a file where a folder belongs").status(3);
    Test::new().args(["--help"]).stdout("Examples:").stderr("").status(0);
    Test::new().args(["--version"]).stdout(env!("CARGO_PKG_VERSION")).status(0);
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_the_output_is_not_followed() {
    let test = Test::new().file("p.aphex", &script(&["my-app"], "")).file("elsewhere/keep", "");
    std::os::unix::fs::symlink(test.folder.join("elsewhere"), test.folder.join("aphex.out")).unwrap();
    let ran = test.args(["run", "p.aphex"]).stderr("`aphex.out` is a link").status(3);
    assert!(!ran.has("elsewhere/my-app"));
    let ran = ran.then().args(["run", "p.aphex", "--out", "aphex.out"]).status(0);
    assert!(ran.has("elsewhere/my-app/pipeline.json"));
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let test = Test::new().file("p.aphex", &script(&["my-app"], ""));
    let mut command = Command::new(env!("CARGO_BIN_EXE_aphex"));
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let pipes = command.args(["run", "p.aphex", "--stdout"]).current_dir(&test.folder).stdout(writer);
    let output = pipes.stderr(Stdio::piped()).output().unwrap();
    assert_eq!((output.status.code(), &output.stderr[..]), (Some(0), &b""[..]));
}

#[test]
fn fmt_writes_the_file_and_says_so_once() {
    let ran =
        Test::new().file("a.aphex", "let a=1;").args(["fmt", "a.aphex"]).stdout("1 file was formatted\n").status(0);
    assert_eq!(ran.read("a.aphex"), "let a = 1;\n");
    let ran = ran.then().args(["fmt", "a.aphex"]).stdout("1 file is formatted already\n").stderr("").status(0);
    assert!(!ran.has(".a.aphex.tmp"));
    ran.then().args(["fmt", "-q", "a.aphex"]).stdout("").status(0);
}

#[test]
fn fmt_checks_with_a_diff_and_changes_nothing() {
    let ran = Test::new()
        .file("a.aphex", "let a=1;\n")
        .file("b.aphex", "let b = 1;\n")
        .args(["fmt", "--check", "a.aphex", "b.aphex"])
        .stdout("--- a.aphex\n+++ a.aphex\n@@ -1 +1 @@\n-let a=1;\n+let a = 1;\n")
        .stdout("1 file would be formatted, 1 file is formatted already\n")
        .status(1);
    assert_eq!(ran.read("a.aphex"), "let a=1;\n");
    ran.then().args(["fmt", "--check", "b.aphex"]).status(0);
}

#[test]
fn fmt_leaves_a_script_with_an_error_alone_and_goes_on() {
    let ran = Test::new()
        .file("a.aphex", "let a=;\n")
        .file("b.aphex", "let b=1;\n")
        .args(["fmt", "--message-format", "short", "a.aphex", "b.aphex"])
        .stderr("a.aphex:1:7: error[")
        .stdout("1 file was formatted\n")
        .status(1);
    assert_eq!(ran.read("a.aphex"), "let a=;\n");
    assert_eq!(ran.read("b.aphex"), "let b = 1;\n");
}

#[test]
fn fmt_takes_standard_input_and_lines() {
    Test::new().args(["fmt", "-"]).stdin("a=1;b=2").stdout("a = 1;\nb = 2\n").stderr("").status(0);
    Test::new()
        .args(["fmt", "-", "--range", "2:2"])
        .stdin("a=1;\nb=2;\nc=3;\n")
        .stdout("a=1;\nb = 2;\nc=3;\n")
        .status(0);
    Test::new().args(["fmt", "--check", "-"]).stdin("a=1;\n").stdout("--- <stdin>\n").status(1);
    Test::new().args(["fmt", "-", "--range", "3:2"]).stderr("expected two lines").status(2);
}

#[test]
fn fmt_tells_what_it_cannot_read_or_write() {
    Test::new().args(["fmt", "none.aphex"]).stderr("cannot read `none.aphex`").status(3);
    Test::new().args(["fmt", "."]).stderr("it is a folder").status(3);
}

#[cfg(unix)]
#[test]
fn fmt_keeps_permissions_and_follows_a_link() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let ran = Test::new().file("real.aphex", "let a=1;").args(["check", "real.aphex"]).status(0);
    fs::set_permissions(ran.folder.join("real.aphex"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.aphex", ran.folder.join("link.aphex")).unwrap();
    let ran = ran.then().args(["fmt", "link.aphex"]).status(0);
    let real = ran.folder.join("real.aphex").metadata().unwrap();
    assert_eq!(real.permissions().mode() & 0o777, 0o640);
    assert!(ran.folder.join("link.aphex").is_symlink() && ran.read("real.aphex") == "let a = 1;\n");
    fs::set_permissions(ran.folder.join("real.aphex"), fs::Permissions::from_mode(0o440)).unwrap();
    let ran = ran.then().args(["fmt", "real.aphex"]).status(0);
    fs::set_permissions(ran.folder.join("real.aphex"), fs::Permissions::from_mode(0o640)).unwrap();
    let ran = ran.then().file("other.aphex", "a=1").args(["check", "other.aphex"]).status(1);
    fs::set_permissions(ran.folder.join("other.aphex"), fs::Permissions::from_mode(0o440)).unwrap();
    ran.then().args(["fmt", "other.aphex"]).stderr("it is read-only").status(3);
}

/// A configuration of the original system with one environment of that name.
fn configuration(environment: &str) -> String {
    format!(
        "version: '1.0'\nbuild: {{commands: [make]}}\nenvironments:\n- name: {environment}\n  region: us-east-1\n  \
         account: 111111111111\n  stacks: [{{name: App, path: app.ts}}]\n"
    )
}

const REMOTE: &str = "[remote \"origin\"]\n\turl = git@github.com:my-org/shop.git\n";

#[test]
fn import_prints_a_script_that_runs() {
    let test = Test::new().file("app.ts", "").file("old.yaml", &configuration("dev")).file(".git/config", REMOTE);
    let placeholders = "replace the placeholders in the script: `cluster`, `account`, `region`\n";
    let ran = test.args(["import", "old.yaml"]).stdout("github(\"my-org/shop\")").stderr(placeholders).status(0);
    let script = ran.stdout.clone();
    let ran = ran.then().stdin(&script).args(["run", "-", "--quiet"]).stdout("").stderr("").status(0);
    assert!(ran.has("aphex.out/shop/pipeline.json"));
    let given = ["import", "-", "--name", "a", "--cluster", "c", "--account", "012345678901", "--region", "eu-west-1"];
    let ran = ran.then().stdin(&configuration("dev")).args(given).stderr("").status(0);
    assert!(!ran.stdout.contains("replace"), "{}", ran.stdout);
}

#[test]
fn import_reports_as_every_command_does() {
    let test = Test::new().file("old.yaml", &configuration("1-dev"));
    let ran = test.args(["import", "old.yaml", "--message-format", "short"]).stdout("");
    let ran = ran.stderr("old.yaml:4:9: error[not-portable]: `environments.name`: a name starts with").status(1);
    let ran = ran.then().args(["import", "old.yaml", "--message-format", "json"]).status(1);
    let problem: Value = serde_json::from_str(&ran.stderr).unwrap();
    assert_eq!(problem["labels"][0]["start"]["offset"], 63);
    ran.then().args(["import", "missing.yaml"]).stderr("cannot read `missing.yaml`").status(3);
    Test::new().args(["import", "a", "--account", "12"]).stderr("an account id has 12 digits").status(2);
    let long = "a-name-that-leaves-no-room-for-the-bucket";
    Test::new().stdin("").args(["import", "-", "--name", long]).stderr("`--name` is too long").status(2);
}

#[test]
fn init_writes_a_script_once_at_the_root() {
    let test = Test::new().file("sub/cdk.json", "{}").file(".git/config", REMOTE);
    let test = test.file(".git/HEAD", "ref: refs/heads/trunk\n");
    let ran = test.args(["init", "sub"]).stdout("wrote pipeline.aphex").stdout("aphex check pipeline.aphex");
    let ran = ran.stdout("7 placeholders to replace").stderr("").status(0);
    let script = ran.read("pipeline.aphex");
    assert!(script.contains("directory: \"sub\"") && script.contains("branch: \"trunk\""), "{script}");
    let ran = ran.then().args(["check", "pipeline.aphex"]).stderr("").status(0);
    let there = "`pipeline.aphex` is there already at the root of the project; `--force` replaces it";
    let ran = ran.then().args(["init", "--template", "minimal"]).stdout("").stderr(there).status(3);
    assert_eq!(ran.read("pipeline.aphex"), script);
    let ran = ran.then().args(["init", "--template", "platform", "--force", "--quiet"]).stdout("").status(0);
    assert_ne!(ran.read("pipeline.aphex"), script);
    let ran = ran.then().args(["check", "pipeline.aphex", "platform/defaults.aphex"]).stderr("").status(0);
    assert!(
        std::fs::read_dir(&ran.folder).unwrap().all(|entry| entry
            .unwrap()
            .path()
            .extension()
            .is_none_or(|e| e != "tmp"))
    );
    Test::new().args(["init", "nowhere"]).stderr("cannot open the folder `nowhere`").status(3);
    Test::new().args(["init", "--template", "best"]).stderr("possible values: minimal").status(2);
}

#[test]
fn init_reads_the_git_folder_of_a_worktree() {
    let test = Test::new().file("main/.git/config", REMOTE).file("tree/.git", "gitdir: ../main/.git/worktrees/tree\n");
    let test = test.file("main/.git/worktrees/tree/commondir", "../..\n");
    let test = test.file("main/.git/worktrees/tree/HEAD", "ref: refs/heads/feature/x\n");
    let ran = test.args(["init", "tree"]).stdout("aphex check tree/pipeline.aphex").status(0);
    let script = ran.read("tree/pipeline.aphex");
    assert!(script.contains("github(\"my-org/shop\", #{ branch: \"feature/x\" })"), "{script}");
}

#[cfg(unix)]
#[test]
fn init_writes_through_no_link() {
    let test = Test::new().file("elsewhere", "kept");
    std::os::unix::fs::symlink("elsewhere", test.folder.join("pipeline.aphex")).unwrap();
    let ran = test.args(["init"]).stderr("is there already").status(3);
    let ran = ran.then().args(["init", "--force"]).stderr("`pipeline.aphex` is a link").status(3);
    assert_eq!(ran.read("elsewhere"), "kept");
}
