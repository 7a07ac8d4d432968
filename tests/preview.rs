//! `aphex preview`, as a browser meets it over HTTP; `tests/playground/run` is the page in Chromium.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test sets its scene, and stops where it cannot")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

const SCRIPT: &str = r#"let app = stack("App");
pipeline("my-app", #{
    cluster: "tools", account: "999999999999", region: "us-east-1", source: github("org/my-app"),
    stages: [environment("dev", #{ account: "111111111111", region: "us-east-1", stacks: [app] })],
});
"#;

/// A project, and the command that shows its script.
struct Showing {
    folder: PathBuf,
    child: Child,
    /// `127.0.0.1` and the port.
    at: String,
    /// What stands behind it, with a slash at both ends.
    key: String,
}

impl Showing {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("preview-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join(".git")).unwrap();
        fs::write(folder.join("pipeline.aphex"), SCRIPT).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_aphex"));
        command.args(["preview", "pipeline.aphex"]).current_dir(&folder);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (at, key) = line.trim().strip_prefix("http://").and_then(|rest| rest.split_once('/')).unwrap();
        Self { at: at.to_owned(), key: format!("/{key}"), folder, child }
    }

    /// The status of an answer, and its body.
    fn request(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.at).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let length = body.len();
        let head =
            format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {length}", self.at);
        stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    fn get(&self, path: &str) -> (u16, String) {
        self.request("GET", &format!("{}{path}", self.key), "")
    }

    fn ask(&self, question: &Value) -> Value {
        let (status, body) = self.request("POST", &format!("{}ask", self.key), &question.to_string());
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    /// What is told of the file after `seen`.
    fn follow(&self, seen: u64) -> Value {
        let (status, body) = self.get(&format!("follow/{seen}"));
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }
}

impl Drop for Showing {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_page_is_served_and_answered() {
    let showing = Showing::new("page");
    for file in ["", "playground.css", "playground.js", "engine.js"] {
        assert_eq!(showing.get(file).0, 200, "{file}");
    }
    let seen = showing.follow(0);
    assert_eq!((&seen["name"], &seen["text"]), (&json!("pipeline.aphex"), &json!(SCRIPT)));
    let shown = showing.ask(&json!({ "ask": "show", "text": SCRIPT }));
    assert_eq!((&shown["problems"], &shown["pipelines"]), (&json!([]), &json!(["my-app"])));
    let wrong = showing.ask(&json!({ "ask": "show", "text": SCRIPT.replace("stages", "stage") }));
    assert!(wrong["problems"][0]["help"].to_string().contains("stages"), "{wrong}");
    assert!(showing.ask(&json!({ "ask": "nothing" }))["error"].is_string());
}

#[test]
fn a_change_is_told_when_it_is_made() {
    let showing = Showing::new("change");
    let first = showing.follow(0);
    let path = showing.folder.join("pipeline.aphex");
    std::thread::scope(|scope| {
        let told = scope.spawn(|| showing.follow(first["number"].as_u64().unwrap()));
        fs::write(&path, SCRIPT.replace("\"dev\"", "\"test\"")).unwrap();
        assert!(told.join().unwrap()["text"].as_str().unwrap().contains("\"test\""));
    });
    fs::remove_file(&path).unwrap();
    let mut seen = showing.follow(0);
    while !seen["text"].is_null() {
        seen = showing.follow(seen["number"].as_u64().unwrap());
    }
    assert!(seen["said"].as_str().unwrap().contains("cannot read `pipeline.aphex`"), "{seen}");
}

#[test]
fn without_the_address_there_is_nothing() {
    let showing = Showing::new("secret");
    let other = Showing::new("other");
    assert!(showing.key.len() == 34 && showing.key != other.key);
    for path in ["/", "/ask", "/follow/0", "/playground.js", &other.key, &showing.key.to_uppercase()] {
        assert_eq!(showing.request("GET", path, "").0, 404, "{path}");
    }
    assert_eq!(showing.request("POST", "/ask", "{}").0, 404);
    // A byte more than is read, so that there is nothing left to be refused.
    assert_eq!(showing.request("POST", &format!("{}ask", showing.key), &" ".repeat((8 << 20) + 1)).0, 413);
    assert!(showing.at.starts_with("127.0.0.1:"));
}

#[test]
fn what_cannot_be_served_is_told() {
    let showing = Showing::new("port");
    let port = showing.at.strip_prefix("127.0.0.1:").unwrap();
    let run = |arguments: &[&str]| {
        let output =
            Command::new(env!("CARGO_BIN_EXE_aphex")).args(arguments).current_dir(&showing.folder).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let taken = run(&["preview", "pipeline.aphex", "--port", port]);
    assert!(taken.0 == Some(3) && taken.1.contains(&format!("cannot serve at 127.0.0.1:{port}")), "{taken:?}");
    let gone = run(&["preview", "gone.aphex"]);
    assert!(gone.0 == Some(3) && gone.1.contains("gone.aphex"), "{gone:?}");
    let stdin = run(&["preview", "-"]);
    assert!(stdin.0 == Some(2) && stdin.1.contains("name a file"), "{stdin:?}");
}
