//! What `aphex diff` says of two scripts: `tests/diff/<case>/old.aphex` and `new.aphex`, with `expected.txt` beside them,
//! and `expected.json` where there is one. `APHEX_UPDATE=1` rewrites what is expected.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

use std::path::Path;
use std::sync::Arc;

use aphex::compile::{Options, Output, compile};
use aphex::diff::{Changes, Snapshot, changes};
use aphex::report::{Format, Style, render};
use aphex::source::{Host, MemoryHost};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diff");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    let trials = cases.into_iter().map(|case| {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        Trial::test(name, move || run(&case))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

fn run(case: &Path) -> Result<(), Failed> {
    let found = compared(case)?;
    expect(&case.join("expected.txt"), &found.text(Style::PLAIN))?;
    let json = case.join("expected.json");
    if json.exists() { expect(&json, &format!("{:#}\n", found.json())) } else { Ok(()) }
}

fn compared(case: &Path) -> Result<Changes, Failed> {
    let [old, new] = ["old", "new"].map(|side| snapshot(&case.join(format!("{side}.aphex"))));
    let (old, new) = (old?, new?);
    assert!(changes(&old, &old).is_empty() && changes(&new, &new).is_empty(), "a thing is the same as itself");
    Ok(changes(&old, &new))
}

/// What a script becomes; both sides of a case are the same script at different times.
fn snapshot(script: &Path) -> Result<Snapshot, Failed> {
    let host: Arc<dyn Host> = Arc::new(MemoryHost::new());
    let name = script.to_string_lossy();
    let bytes = std::fs::read(script).unwrap();
    let compiled = compile(&host, &name, "pipeline.aphex", bytes, &Options::default());
    if compiled.has_errors() {
        return Err(render(Format::Short, &compiled.diagnostics, &compiled.sources, Style::PLAIN).into());
    }
    let mut snapshot = Snapshot::new();
    for Output { pipeline, artifacts, manifest, .. } in compiled.outputs {
        let files = artifacts.into_iter().map(|artifact| (artifact.path.clone(), artifact.into_contents()));
        snapshot.add(&pipeline, files.chain([("pipeline.json".to_owned(), manifest)]))?;
    }
    Ok(snapshot)
}

fn expect(path: &Path, text: &str) -> Result<(), Failed> {
    if std::env::var_os("APHEX_UPDATE").is_some() {
        std::fs::write(path, text).unwrap();
        return Ok(());
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    if expected == text { Ok(()) } else { Err(format!("expected\n{expected}\nfound\n{text}").into()) }
}
