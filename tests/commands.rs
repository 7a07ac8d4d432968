//! The commands that answer questions, as a user meets them: `event`, `simulate`, `completions` and `man`.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test sets its scene, and stops where it cannot")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

const SCRIPT: &str = r#"let app = stack("App");
let dev = environment("dev", #{ account: "111111111111", region: "us-east-1", stacks: [app] });
for name in ["my-app", "other"] {
    pipeline(name, #{
        cluster: "tools", account: "999999999999", region: "us-east-1", source: github(`org/${name}`), stages: [dev],
    });
}
"#;

const PUSH: &str = r#"{"ref": "refs/heads/main", "before": "", "after": "0123456789abcdef0123456789abcdef01234567",
    "deleted": false, "commits": [], "repository": {"full_name": "org/my-app"}}"#;

/// A folder with a script, a payload and what a test adds.
struct Project(PathBuf);

/// What a command left.
struct Ran {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Project {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("commands-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join(".git")).unwrap();
        Self(folder).with("p.aphex", SCRIPT).with("push.json", PUSH)
    }

    fn with(self, path: &str, text: &str) -> Self {
        let full = self.0.join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
        self
    }

    fn run(&self, line: &str) -> Ran {
        self.run_with(line, "")
    }

    /// Runs `aphex` with the words of `line` and this on standard input.
    fn run_with(&self, line: &str, input: &str) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aphex"));
        command.args(line.split_whitespace()).current_dir(&self.0).stdin(Stdio::piped());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        Ran { status: output.status.code().unwrap(), stdout, stderr }
    }
}

impl Ran {
    /// Holds that it did what it was asked for, said nothing of problems, and said this.
    fn says(&self, parts: &[&str]) {
        assert_eq!((self.status, &*self.stderr), (0, ""), "{}", self.stdout);
        assert!(parts.iter().all(|part| self.stdout.contains(part)), "expected {parts:#?}\n{}", self.stdout);
    }

    /// Holds that it ended so, said why, and nothing else.
    fn fails(&self, status: i32, why: &str) {
        assert_eq!((self.status, &*self.stdout), (status, ""), "{}", self.stderr);
        assert!(self.stderr.contains(why), "expected {why:?}\n{}", self.stderr);
    }
}

#[test]
fn event_says_what_a_delivery_starts() {
    let project = Project::new("event");
    project.run("event p.aphex --payload push.json").says(&["its keys are those of `push`", "One run starts."]);
    project.run("event p.aphex --payload push.json --event push --pipeline other").says(&["No run starts."]);
    project.run("event p.aphex --payload push.json --event release").says(&["GitHub does not send it"]);
    project.run_with("event - --payload push.json", SCRIPT).says(&["One run starts."]);
    let quiet = project.run("event p.aphex --payload push.json --quiet");
    assert!(!quiet.stdout.contains("its keys"), "{}", quiet.stdout);
}

#[test]
fn event_as_json_has_every_filter() {
    let ran = Project::new("event-json").run_with("event p.aphex --payload - --format json", PUSH);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&json["event"], &json["event_from"]), (&"push".into(), &"keys".into()));
    let [push, pull_request] = &json["pipelines"][0]["sensors"].as_array().unwrap()[..] else { panic!("{json:#}") };
    assert_eq!(push["run"]["parameters"][0]["from"]["event"], "body.after");
    assert!(push["filters"].as_array().unwrap().iter().all(|filter| filter["holds"] == true));
    assert_eq!((&pull_request["run"], &pull_request["filters"][0]["found"]), (&Value::Null, &"push".into()));
    let refused = &json["pipelines"][1];
    assert_eq!((&refused["starts"], &refused["refused"]["start"]["line"]), (&false.into(), &5.into()), "{json:#}");
}

#[test]
fn event_takes_no_payload_that_is_none() {
    let project =
        Project::new("payloads").with("bad.json", "{").with("list.json", "[]").with("broken.aphex", "let a = ;");
    project.run("event p.aphex --payload bad.json").fails(2, "it is not JSON");
    project.run("event p.aphex --payload list.json").fails(2, "no JSON object");
    project.run("event p.aphex --payload push.json --event pull-request").fails(2, "as GitHub spells it");
    project.run("event p.aphex --payload none.json").fails(3, "cannot read `none.json`");
    project.run("event p.aphex --payload .git").fails(3, "cannot read `.git`");
    project.run("event - --payload -").fails(2, "cannot both be standard input");
    project.run("event p.aphex").fails(2, "--payload");
    project.run("event broken.aphex --payload push.json").fails(1, "error[");
}

#[test]
fn nothing_of_a_payload_steers_the_terminal() {
    let hostile = PUSH.replace("refs/heads/main", "refs/heads/\\u001b[2J\\n\\u202eerror: no");
    let project = Project::new("hostile").with("hostile.json", &hostile);
    let ran = project.run("event p.aphex --payload hostile.json --color always");
    ran.says(&[r"\u{1b}[2J\n\u{202e}error: no"]);
    assert!(!ran.stdout.contains("\u{1b}[2J") && !ran.stdout.contains('\u{202e}'), "{:?}", ran.stdout);
}

#[test]
fn simulate_says_what_a_name_could_mean_and_what_makes_no_difference() {
    let project = Project::new("simulate");
    project.run("simulate p.aphex --fail dev").fails(2, "there is no task `dev`; did you mean `deploy-dev`?");
    let ran = project.run("simulate p.aphex --fail validate,deploy-dev");
    ran.says(&["deploy-dev does not run here, so that it makes no difference."]);
}

#[test]
fn simulate_shows_what_runs_after_a_run_and_what_does_not() {
    let notify = |on: &str| {
        let text = format!("notifications: [slack(#{{ url: secret(\"s\", \"k\"), on: [\"{on}\"] }})], stages:");
        Project::new(on).with("p.aphex", &SCRIPT.replace("stages:", &text)).run("simulate p.aphex")
    };
    let ran = notify("failure");
    ran.says(&["Not run after it: notify"]);
    assert!(!ran.stdout.contains("however it ends"), "{}", ran.stdout);
    notify("success").says(&["After it, however it ends:\n\n"]);
}

#[test]
fn completions_are_for_the_shells_that_there_are() {
    let project = Project::new("shells");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        project.run(&format!("completions {shell}")).says(&["message-format"]);
    }
    project.run("completions csh").fails(2, "bash, elvish, fish, powershell, zsh");
    // The codes are offered, and others are still told what is nearest.
    project.run("explain bad-vale").fails(1, "did you mean `bad-value`?");
}

/// What bash offers for a line, by the completions that the command prints.
#[cfg(unix)]
#[test]
fn bash_completes_commands_options_values_and_scripts() {
    let project = Project::new("bash").with("a folder/in.aphex", "").with("other.txt", "");
    let text = project.run("completions bash").stdout;
    let project = project.with("completions.sh", &text);
    let program = r#"source ./completions.sh; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
        _aphex_scripts aphex "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}" 2> /dev/null
        printf '%s\n' "${COMPREPLY[@]}""#;
    for (line, expected) in [
        (&["ru"][..], &["run"][..]),
        (&["run", "--form"], &["--format"]),
        (&["run", "--format", ""], &["json", "yaml"]),
        (&["explain", "bad-v"], &["bad-value"]),
        (&["run", ""], &[".git", "a folder", "p.aphex"]),
        (&["check", "p.aphex", "a"], &["a folder"]),
        (&["run", "--stdout", "p"], &["p.aphex"]),
        (&["event", "p.aphex", "--payload", "o"], &["other.txt"]),
    ] {
        let mut command = Command::new("bash");
        command.current_dir(&project.0).args(["--norc", "-c", program, "bash", "aphex"]).args(line);
        let Ok(output) = command.output() else { return };
        let said = String::from_utf8(output.stdout).unwrap();
        let mut offered: Vec<&str> = said.lines().collect();
        offered.sort_unstable();
        assert_eq!(offered, expected, "{line:?}");
    }
}

#[test]
fn man_prints_a_page_or_writes_all() {
    let project = Project::new("man");
    project.run("man").says(&[".TH APHEX 1", ".SH COMMANDS"]);
    project.run("man run").says(&[".TH APHEX-RUN 1", "\\-\\-param\\-file"]);
    project.run("man rnu").fails(2, "did you mean `run`?");
    let ran = project.run("man --out man/man1");
    ran.says(&["aphex-run.1"]);
    let read = |path: &str| fs::read_to_string(project.0.join(path)).unwrap();
    for page in ran.stdout.lines() {
        assert!(read(page).starts_with(".TH APHEX"), "{page}");
    }
    assert_eq!(project.run("man check --out one --quiet").stdout, "");
    assert_eq!(fs::read_dir(project.0.join("one")).unwrap().count(), 1);
    project.run("man --out p.aphex").fails(3, "cannot");
}
