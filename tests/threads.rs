//! A thousand scripts on four threads give what they give one after another.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use aphex::{DiskHost, Evaluation, Interpreter, Script};

const SCRIPTS: usize = 1_000;
const THREADS: usize = 4;

/// Every script below `folder`.
fn scripts(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            scripts(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "aphex") {
            found.push(path);
        }
    }
}

/// The repository's scripts, each without one of its lines, so that most of them have problems: always the same ones.
fn corpus() -> Vec<Script> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["tests/suite", "examples"] {
        scripts(&root.join(folder), &mut found);
    }
    // What runs into limits takes seconds each.
    found.retain(|path| !path.file_name().unwrap().to_str().unwrap().starts_with("limit-"));
    let corpus = (0..SCRIPTS).map(|number| {
        let path = &found[number % found.len()];
        let text = String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
        let round = number / found.len();
        let left_out = (round * 7) % text.lines().count().max(1);
        let lines = text.lines().enumerate().filter(|(line, _)| round == 0 || *line != left_out);
        let text = lines.flat_map(|(_, line)| [line, "\n"]).collect::<String>();
        Script::new(path.strip_prefix(root).unwrap().to_str().unwrap(), text).module()
    });
    corpus.collect()
}

/// Everything that came of a script. What ran into the limit of time, which is not the same on every machine, is left out.
fn said(evaluation: &Evaluation) -> Option<String> {
    let problems: Vec<String> = evaluation.problems().map(|one| serde_json::to_string(&one).unwrap()).collect();
    let outputs = evaluation.outputs.iter().map(|output| output.manifest.as_str());
    let said = problems.iter().map(String::as_str).chain(evaluation.printed.iter().map(String::as_str)).chain(outputs);
    let said = said.collect::<Vec<_>>().join("\n");
    (!said.contains("takes longer than")).then_some(said)
}

#[test]
fn a_thousand_scripts_on_four_threads_give_the_same_as_one_after_another() {
    let host = DiskHost::new(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    let interpreter = Interpreter::builder().host(host).build().unwrap();
    let session = interpreter.session();
    let corpus = corpus();
    let alone: Vec<_> = corpus.iter().map(|script| said(&interpreter.evaluate(script))).collect();
    assert!(alone.iter().flatten().filter(|said| said.contains("\"severity\":\"error\"")).count() > SCRIPTS / 4);

    let next = AtomicUsize::new(0);
    let (interpreter, session, corpus, alone, next) = (&interpreter, &session, &corpus, &alone, &next);
    let different = move |thread: usize| {
        let mut different = Vec::new();
        while let Some(script) = corpus.get(next.fetch_add(1, Ordering::Relaxed)) {
            // Half of the threads share what they read.
            let evaluation =
                if thread.is_multiple_of(2) { interpreter.evaluate(script) } else { session.evaluate(script) };
            different.push((script, said(&evaluation)));
        }
        different
    };
    let done: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || different(thread))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(done.len(), SCRIPTS);
    for (script, said) in done {
        let number = corpus.iter().position(|other| std::ptr::eq(other, script)).unwrap();
        let expected = &alone[number];
        if said.is_some() && expected.is_some() {
            assert_eq!(&said, expected, "{script:?}");
        }
    }
}
