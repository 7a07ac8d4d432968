//! What holds for every input (`tests/fuzz/bodies`), held of the repository's own files, of inputs that once failed, and of
//! what a little chance makes of them. `tests/fuzz/run` looks further.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

#[path = "fuzz/bodies/mod.rs"]
mod bodies;

use std::panic::catch_unwind;
use std::path::Path;

use bodies::Body;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How many seeds each body is tried on, and how many inputs by chance.
const TRIES: usize = 36;

/// Runs a body; where it panics, says on what.
fn run(body: &Body, input: &[u8]) {
    let shown = || String::from_utf8_lossy(input).into_owned();
    assert!(catch_unwind(|| (body.run)(input)).is_ok(), "{} does not hold for {:?}", body.name, shown());
}

/// A seed in which some bytes became others, or words came in.
fn changed(seeds: Vec<Vec<u8>>, words: Vec<String>) -> impl Strategy<Value = Vec<u8>> {
    let words: Vec<Vec<u8>> = words.into_iter().map(String::into_bytes).chain([vec![0], vec![255]]).collect();
    let change = (any::<prop::sample::Index>(), 0..8_usize, prop::sample::select(words));
    (prop::sample::select(seeds), prop::collection::vec(change, 1..6)).prop_map(|(mut bytes, changes)| {
        for (at, gone, new) in changes {
            let start = at.index(bytes.len() + 1);
            let end = (start + gone).min(bytes.len());
            bytes.splice(start..end, new);
        }
        bytes
    })
}

/// An input of words alone.
fn made(words: Vec<String>) -> impl Strategy<Value = Vec<u8>> {
    let gap = prop::sample::select(vec![" ", "", "\n"]);
    prop::collection::vec((prop::sample::select(words), gap), 0..40)
        .prop_map(|words| words.into_iter().map(|(word, gap)| word + gap).collect::<String>().into_bytes())
}

fn holds(name: &str) {
    let body = bodies::named(name);
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/found").join(name);
    for entry in std::fs::read_dir(found).into_iter().flatten() {
        run(body, &std::fs::read(entry.unwrap().path()).unwrap());
    }
    let seeds = (body.seeds)();
    seeds.iter().step_by(seeds.len().div_ceil(TRIES)).for_each(|seed| run(body, seed));

    let tries = u32::try_from(TRIES).unwrap();
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config { cases: tries, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let words = (body.words)();
    let inputs = prop_oneof![4 => changed(seeds, words.clone()), 1 => made(words)];
    let hold = |input: Vec<u8>| {
        run(body, &input);
        Ok(())
    };
    runner.run(&inputs, hold).unwrap();
}

/// How many scripts `tests/conformance/run` takes.
const ACCEPTED: usize = 24;

/// Writes scripts that chance made and that have no error into `accepted` in cargo's folder for tests, so that what they become
/// can be held against those that read it.
#[test]
#[ignore = "writes files, which tests/conformance/run asks for"]
fn accepted_scripts() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("accepted");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let interpreter = aphex::Interpreter::builder().parameter("given", "a").build().unwrap();
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let bytes = prop::collection::vec(any::<u8>(), 100..1_500);
    let made = std::iter::repeat_with(|| bytes.new_tree(&mut runner).unwrap().current()).take(20_000);
    let accepted = made.map(|bytes| bodies::generated::script(&bytes)).filter(|script| {
        let evaluation = interpreter.evaluate(&aphex::Script::new("pipeline.aphex", script.as_str()));
        // Whether IAM has an action is nothing that aphex checks; `node:22` looks like one.
        let mut actions = script.split("actions: [").skip(1).filter_map(|rest| rest.split(']').next());
        !evaluation.has_errors() && !script.contains("param(") && !actions.any(|actions| actions.contains("node:22"))
    });
    let written = accepted.take(ACCEPTED).enumerate();
    let count = written
        .map(|(number, script)| std::fs::write(folder.join(format!("chance-{number:02}.aphex")), script).unwrap());
    assert_eq!(count.count(), ACCEPTED);
}

/// A test for each body, and none forgotten.
macro_rules! bodies {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            holds(stringify!($name));
        })*

        #[test]
        fn each_body_is_held() {
            let held = [$(stringify!($name)),*];
            assert_eq!(bodies::ALL.iter().map(|body| body.name).collect::<Vec<_>>(), held);
        }
    };
}

bodies!(syntax agreement style scripts generated emission modules editor server import event);
