//! `aphex watch`, as somebody at an editor meets it. Nothing is timed: a test waits for what it expects to be said.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test sets its scene, and stops where it cannot")]

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// Longer than any machine needs.
const PATIENCE: Duration = Duration::from_mins(1);

const MODULE: &str = "export const REGION = \"us-east-1\";\n";
const SCRIPT: &str = r#"import "./platform/regions" as regions;
let app = stack("App", "lib/app.ts");
pipeline("my-app", #{
    cluster: "tools", account: "999999999999", region: "us-east-1", source: github("org/my-app"),
    stages: [environment("dev", #{ account: "111111111111", region: regions::REGION, stacks: [app] })],
});
"#;

/// A project, and the command that watches its script.
struct Watching {
    folder: PathBuf,
    child: Child,
    lines: Receiver<String>,
}

impl Watching {
    fn new(name: &str, arguments: &[&str]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("watch-{name}"));
        let _ = fs::remove_dir_all(&folder);
        for inside in [".git", "platform", "lib"] {
            fs::create_dir_all(folder.join(inside)).unwrap();
        }
        for (path, text) in [("pipeline.aphex", SCRIPT), ("platform/regions.aphex", MODULE), ("lib/app.ts", "")] {
            fs::write(folder.join(path), text).unwrap();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_aphex"));
        command.arg("watch").arg("pipeline.aphex").args(arguments).current_dir(&folder);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        read(child.stdout.take().unwrap(), sender.clone());
        read(child.stderr.take().unwrap(), sender);
        Self { folder, child, lines }
    }

    /// Waits for a line with this in it; gives the lines before it.
    fn expect(&self, part: &str) -> Vec<String> {
        let mut before = Vec::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("nothing says {part:?}, but {before:#?}"));
            if line.contains(part) {
                return before;
            }
            before.push(line);
        }
    }

    /// As most editors save: a new file in the place of the old one.
    fn replace(&self, path: &str, text: &str) {
        let temporary = self.folder.join(format!("{path}~"));
        fs::write(&temporary, text).unwrap();
        fs::rename(temporary, self.folder.join(path)).unwrap();
    }

    /// As some others save: into the same file, which is empty for a moment.
    fn overwrite(&self, path: &str, text: &str) {
        fs::write(self.folder.join(path), text).unwrap();
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.folder.join(path)).unwrap();
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(stream: impl Read + Send + 'static, sender: Sender<String>) {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
}

#[test]
fn every_way_of_saving_is_a_change() {
    let watching = Watching::new("saving", &[]);
    watching.expect("no problem; my-app");
    watching.replace("pipeline.aphex", &SCRIPT.replace("tools", "others"));
    watching.expect("pipeline.aphex changed");
    watching.expect("no problem; since [1]:");
    watching.overwrite("pipeline.aphex", &SCRIPT.replace("tools", "tools-2"));
    watching.expect("tools-2");
    watching.replace("platform/regions.aphex", &MODULE.replace("east", "west"));
    watching.expect("platform/regions.aphex changed");
    watching.expect("us-west-1");
    watching.remove("lib/app.ts");
    watching.expect("lib/app.ts changed");
    watching.expect("warning[missing-file]");
    watching.overwrite("lib/app.ts", "x");
    watching.expect("no problem; the output is as in [");
}

#[test]
fn an_error_is_told_and_its_repair_is_compared_with_the_last_good_round() {
    let watching = Watching::new("error", &["--message-format", "short"]);
    watching.expect("no problem; my-app");
    watching.replace("platform/regions.aphex", "export const REGION = ;\n");
    watching.expect("platform/regions.aphex:1:22: error[missing-expression]");
    watching.replace("platform/regions.aphex", &format!("// the same\n{MODULE}"));
    watching.expect("no problem; the output is as in [1]");
}

#[test]
fn what_is_gone_is_waited_for() {
    let watching = Watching::new("gone", &["--param-file", "parameters.json"]);
    watching.expect("error: cannot read the parameters in `parameters.json`");
    drop(watching);
    let watching = Watching::new("gone", &[]);
    watching.expect("no problem; my-app");
    watching.remove("pipeline.aphex");
    watching.expect("error: cannot read `pipeline.aphex`: no such file");
    watching.replace("pipeline.aphex", SCRIPT);
    watching.expect("no problem; the output is as in [1]");
    // A folder goes, comes back, and is watched again.
    fs::remove_dir_all(watching.folder.join("platform")).unwrap();
    watching.expect("error[import-not-found]");
    fs::create_dir(watching.folder.join("platform")).unwrap();
    watching.overwrite("platform/regions.aphex", MODULE);
    watching.expect("no problem; the output is as in [1]");
    watching.overwrite("platform/regions.aphex", &MODULE.replace("east", "west"));
    watching.expect("no problem; since [1]:");
}

#[test]
fn the_same_bytes_are_no_change() {
    let watching = Watching::new("same", &[]);
    watching.expect("no problem; my-app");
    watching.replace("pipeline.aphex", SCRIPT);
    watching.replace("platform/regions.aphex", MODULE);
    watching.replace("another.aphex", "fail(\"nobody imports this\");");
    watching.replace("pipeline.aphex", &format!("{SCRIPT}\n"));
    // Nothing was said in between: the next round is the second one.
    assert_eq!(watching.expect("[2] pipeline.aphex changed"), [""]);
}

#[test]
fn problems_alone_are_lines_of_json() {
    let watching = Watching::new("json", &["--quiet", "--message-format", "json"]);
    watching.replace("pipeline.aphex", &SCRIPT.replace("\"org/my-app\"", "\"org\""));
    let before = watching.expect(r#""code":"bad-value""#);
    assert_eq!(before, Vec::<String>::new());
}

#[test]
fn standard_input_and_what_is_not_there_are_refused() {
    for (file, status, words) in [("-", 2, "cannot be watched"), ("none.aphex", 3, "no such file"), (".", 3, "folder")]
    {
        let output = Command::new(env!("CARGO_BIN_EXE_aphex")).args(["watch", file]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{said}");
        assert!(said.contains(words), "{said}");
    }
}
