//! The language server as an editor sees it: `tests/lsp/*.txt` hold files and requests in one text, and what is answered.
//!
//! A file starts with `=== path`, a request with `>>> request`; the answer stands below it. `<|>` is the cursor, in the file
//! that it stands in. Everything goes over the protocol, once in UTF-16 and once in UTF-8. `APHEX_UPDATE=1` rewrites the
//! answers.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

#[path = "lsp/client.rs"]
mod client;
#[path = "lsp/render.rs"]
mod render;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use client::{Client, Encoding, Project};
use libtest_mimic::{Arguments, Failed, Trial};

const CURSOR: &str = "<|>";

/// A fixture, taken apart.
struct Fixture {
    files: Vec<(String, String)>,
    /// The file with the cursor, and the cursor in it.
    cursor: Option<(String, usize)>,
    requests: Vec<String>,
}

impl Fixture {
    fn read(text: &str) -> Self {
        let (mut files, mut requests, mut cursor) = (Vec::new(), Vec::new(), None);
        for part in text.split_inclusive('\n') {
            if let Some(path) = part.strip_prefix("=== ") {
                files.push((path.trim().to_owned(), String::new()));
            } else if let Some(request) = part.strip_prefix(">>> ") {
                requests.push(request.trim().to_owned());
            } else if requests.is_empty() {
                files.last_mut().unwrap().1.push_str(part);
            }
        }
        for (path, text) in &mut files {
            text.truncate(text.trim_end().len());
            text.push('\n');
            if let Some(at) = text.find(CURSOR) {
                text.replace_range(at..at + CURSOR.len(), "");
                cursor = Some((path.clone(), at));
            }
        }
        Self { files, cursor, requests }
    }

    /// The answers, as the fixture should have them.
    fn answers(&self, name: &str, encoding: Encoding) -> Vec<String> {
        let project = Project::new(name, &self.files);
        let mut client = Client::start(encoding);
        for (path, text) in &self.files {
            // What is not named with a star is open.
            if !path.starts_with('*') {
                client.open(&project, path, text);
            }
        }
        let answers = self.requests.iter().map(|request| {
            let (path, at) = self.cursor.clone().unwrap_or_else(|| (self.files[0].0.clone(), 0));
            render::answer(&mut client, &project, request, &path, at)
        });
        let answers = answers.collect();
        client.stop();
        answers
    }

    fn write(&self, original: &str, answers: &[String]) -> String {
        let head = original.find(">>> ").unwrap_or(original.len());
        let mut text = original[..head].trim_end().to_owned() + "\n";
        for (request, answer) in self.requests.iter().zip(answers) {
            write!(text, "\n>>> {request}\n{}\n", answer.trim_end()).unwrap();
        }
        text
    }
}

fn check(path: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path).unwrap();
    let fixture = Fixture::read(&text);
    let name = path.file_stem().unwrap().to_str().unwrap();
    let answers = fixture.answers(&format!("{name}-16"), Encoding::Utf16);
    let in_bytes = fixture.answers(&format!("{name}-8"), Encoding::Utf8);
    if answers != in_bytes {
        return Err(format!("in UTF-8 the answers differ:\n{answers:#?}\n{in_bytes:#?}").into());
    }
    let expected = fixture.write(&text, &answers);
    if text == expected {
        return Ok(());
    }
    if std::env::var_os("APHEX_UPDATE").is_some() {
        std::fs::write(path, expected).unwrap();
        return Ok(());
    }
    let patch = aphex::report::patch((name, &text), ("answered", &expected), aphex::report::Style::PLAIN);
    Err(format!("{patch}\n`APHEX_UPDATE=1 cargo test --test lsp` rewrites it").into())
}

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lsp");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "txt")).collect();
    files.sort();
    let trials = files.into_iter().map(|path| {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        Trial::test(name, move || check(&path))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}
