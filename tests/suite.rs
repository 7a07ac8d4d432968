//! Runs the behaviours in `tests/suite`: each file is a script that a user could have written, with the problems that
//! are expected of it as comments under the text that is wrong.
//!
//! ```text
//! environment("dev", #{ account: "12" });
//! //                             ^^^^ error[bad-value]: `account`: an account id has 12 digits, this one has 2
//! //                             help: …
//! ```
//!
//! Carets mark the columns of the nearest line of code above; `~` in their place marks an empty range. A problem of an
//! imported module is expected in the module. `//! parameters: {"a": "b"}` gives parameters, `//! module` checks the
//! file as a module. `APHEX_UPDATE=1` rewrites the expectations to what is found.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aphex::compile::{Evaluation, Options, compile};
use aphex::source::{DiskHost, Host, Origin};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let trials = files.into_iter().map(|file| {
        let name = file.strip_prefix(&root).unwrap().with_extension("").display().to_string();
        let root = root.clone();
        Trial::test(name, move || run(&root, &file))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// Every script but those in folders named `modules`, which others import.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().unwrap() != "modules" {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "aphex") {
            files.push(path);
        }
    }
}

fn run(root: &Path, file: &Path) -> Result<(), Failed> {
    let path = file.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
    let bytes = std::fs::read(file).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let host: Arc<dyn Host> = Arc::new(DiskHost::new(root).unwrap());
    let compiled = compile(&host, &path, &path, bytes, &options(&text));
    let mut wrong = String::new();
    for source in compiled.sources.iter().filter(|source| source.origin != Origin::Stdlib) {
        let code = strip(&source.text);
        let annotated = annotate(&code, &compiled, source.id);
        if annotated == *source.text {
            continue;
        }
        if std::env::var_os("APHEX_UPDATE").is_some() {
            std::fs::write(root.join(&*source.path), annotated).unwrap();
        } else {
            write!(wrong, "{}", difference(&source.path, &source.text, &annotated)).unwrap();
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

fn options(text: &str) -> Options {
    let head = text.lines().take_while(|line| line.starts_with("//!"));
    let mut options = Options::default();
    for line in head {
        let line = line.trim_start_matches("//!").trim();
        if line == "module" {
            options.module = true;
        }
        if let Some(json) = line.strip_prefix("parameters:") {
            options.parameters = serde_json::from_str(json).unwrap();
        }
    }
    options
}

/// The text without expectations. Lines are blanked and not removed only by the caller's doing: an expectation never
/// counts as a line of the script's, so places do not move.
fn strip(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !is_expectation(line)).collect()
}

fn is_expectation(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("//") else { return false };
    let rest = rest.trim_start();
    (rest.starts_with(['^', '~']) && rest.contains('[')) || rest.starts_with("help: ") || rest.starts_with("see: ")
}

/// `code` with what was found in it. The problems were found in the text with expectations, which are comments.
fn annotate(code: &str, compiled: &Evaluation, id: aphex::source::SourceId) -> String {
    let source = compiled.sources.get(id);
    let mut below: BTreeMap<usize, String> = BTreeMap::new();
    for diagnostic in compiled.diagnostics.iter().filter(|diagnostic| diagnostic.primary.span.source == id) {
        let span = diagnostic.primary.span;
        let (start, end) = (source.position(span.start), source.position(span.end));
        let line = start.line as usize;
        // The number of the line among those of the code.
        let number = source.text.split('\n').take(line).filter(|line| !is_expectation(line)).count();
        let width = if end.line == start.line { (end.column - start.column) as usize } else { usize::MAX };
        let text = below.entry(number).or_default();
        let indent = (start.column as usize).saturating_sub(3);
        let (indent, carets) = match width {
            0 => (indent, "~".to_owned()),
            usize::MAX => {
                let rest = source.line_text(line - 1).chars().count() + 2 - start.column as usize;
                (indent, "^".repeat(rest.max(2) - 1) + "…")
            }
            _ => (indent, "^".repeat(width)),
        };
        let early = if (start.column as usize) < 3 { format!(" @{}", start.column) } else { String::new() };
        let spaces = " ".repeat(indent);
        let severity = diagnostic.code.severity().name();
        writeln!(text, "//{spaces}{carets}{early} {severity}[{}]: {}", diagnostic.code.id(), diagnostic.message)
            .unwrap();
        for help in &diagnostic.help {
            writeln!(text, "//{spaces}help: {help}").unwrap();
        }
        for related in &diagnostic.related {
            let place = compiled.sources.get(related.span.source).position(related.span.start);
            let other = if related.span.source == id {
                let number =
                    source.text.split('\n').take(place.line as usize).filter(|line| !is_expectation(line)).count();
                format!("line {number}")
            } else {
                compiled.sources.get(related.span.source).path.to_string()
            };
            writeln!(text, "//{spaces}see: {other}: {}", related.node).unwrap();
        }
    }
    let mut out = String::new();
    for (index, line) in code.split_inclusive('\n').enumerate() {
        out.push_str(line);
        if let Some(found) = below.get(&(index + 1)) {
            if !line.ends_with('\n') {
                out.push('\n');
            }
            out.push_str(found);
        }
    }
    out
}

fn difference(path: &str, expected: &str, found: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    let mut out = format!("{path}\n");
    for line in old.iter().filter(|line| is_expectation(line) && !new.contains(line)) {
        writeln!(out, "  expected, not found: {line}").unwrap();
    }
    for line in new.iter().filter(|line| is_expectation(line) && !old.contains(line)) {
        writeln!(out, "  found, not expected: {line}").unwrap();
    }
    if out.lines().count() == 1 {
        writeln!(out, "  the problems are at other lines; this is what is found:\n{found}").unwrap();
    }
    out
}
