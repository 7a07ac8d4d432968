//! Each step from text to files by itself, for pipelines of three, fifty, a thousand and five thousand environments:
//! `cargo bench --bench stages`. The rule about size is off here, so that the last one is emitted too.

use std::sync::Arc;

use aphex::check::{self, names::Texts};
use aphex::diagnostic::Sink;
use aphex::emit::{Bundle, Format};
use aphex::eval::{self, Cancellation, Evaluated, Limits, NATIVES, Setting};
use aphex::model::{Language, Parameters, Pipeline};
use aphex::source::{Host, MemoryHost, Origin, SourceId, SourceMap};
use aphex::{DiskHost, Interpreter, Script};
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};

/// Environments, and stacks in each.
const SIZES: [(usize, usize); 4] = [(3, 3), (50, 10), (1_000, 20), (5_000, 20)];

fn main() {
    divan::main();
}

/// The script that `benches/peers.py` gives to aphex.
const SCRIPT: &str = include_str!("peers/pipeline.aphex");

fn evaluated((environments, stacks): (usize, usize)) -> Evaluated {
    let mut sources = SourceMap::new();
    let script = sources.add("pipeline.aphex", "pipeline.aphex", SCRIPT, Origin::Script);
    let given = [("environments", environments), ("stacks", stacks)];
    let parameters: Parameters = given.into_iter().map(|(name, count)| (name.to_owned(), count.into())).collect();
    let host: Arc<dyn Host> = Arc::new(MemoryHost::new());
    eval::with_stack(|| {
        let (language, limits, cancellation) = (Arc::default(), Limits::default(), Cancellation::new());
        let setting = Setting {
            host: &host,
            language: &language,
            parameters: &parameters,
            limits: &limits,
            cancellation: &cancellation,
            known: None,
        };
        eval::evaluate(setting, sources, script)
    })
}

fn pipeline(size: (usize, usize)) -> Arc<Pipeline> {
    let mut pipelines = evaluated(size).project.pipelines;
    pipelines.pop().expect("the script declares a pipeline")
}

#[divan::bench]
fn parse(bencher: Bencher<'_, '_>) {
    bencher.bench(|| aphex::syntax::parse(SourceId::FIRST, black_box(SCRIPT)));
}

#[divan::bench(args = SIZES)]
fn evaluate(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    bencher.counter(ItemsCount::new(size.0)).bench(|| evaluated(black_box(size)));
}

#[divan::bench(args = SIZES)]
fn check(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    let Evaluated { sources, trees, faults, project, .. } = evaluated(size);
    let (host, language) = (MemoryHost::new(), Language::default());
    bencher.counter(ItemsCount::new(size.0)).bench(|| {
        let mut sink = Sink::new();
        let texts = Texts { trees: &trees, sources: &sources, natives: NATIVES, language: &language, faults: &faults };
        check::names(&texts, &mut sink);
        check::check(&project, &sources, &host, &mut sink);
        sink
    });
}

#[divan::bench(args = SIZES)]
fn emit(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    let pipeline = pipeline(size);
    let items = ItemsCount::new(size.0);
    bencher.counter(items).bench(|| {
        let bundle = Bundle::of(&pipeline, "pipeline.aphex");
        (bundle.objects(Format::Yaml), bundle.stack(Format::Yaml))
    });
}

#[divan::bench(args = SIZES)]
fn references_and_sizes(bencher: Bencher<'_, '_>, size: (usize, usize)) {
    let pipeline = pipeline(size);
    let bundle = Bundle::of(&pipeline, "pipeline.aphex");
    let artifacts = bundle.objects(Format::Yaml);
    bencher
        .counter(ItemsCount::new(size.0))
        .bench_local(|| (bundle.problems_of_objects(&artifacts), bundle.problems_of_stack()));
}

/// A script of an editor that has just been changed, as everything that evaluates it is new.
#[divan::bench(args = EVERYTHING)]
fn changed_and_all_is_new(bencher: Bencher<'_, '_>, path: &str) {
    let mut changes = 0;
    bencher.bench_local(|| {
        changes += 1;
        project().evaluate(&changed(path, changes))
    });
}

/// The same in an editor's session: the threads, the modules' texts and their trees are there.
#[divan::bench(args = EVERYTHING)]
fn changed_in_a_session(bencher: Bencher<'_, '_>, path: &str) {
    let session = project().session();
    let mut changes = 0;
    bencher.bench_local(|| {
        changes += 1;
        session.evaluate(&changed(path, changes))
    });
}

/// The same in the language server, from the change that an editor tells to the problems that it is told.
#[divan::bench(args = EVERYTHING)]
fn changed_in_the_language_server(bencher: Bencher<'_, '_>, path: &str) {
    let (server, client) = lsp_server::Connection::memory();
    let thread = std::thread::spawn(move || aphex::lsp::serve_on(&Interpreter::default(), &server).is_ok());
    let send = |message: lsp_server::Message| client.sender.send(message).expect("the server is there");
    let tell = |method: &str, params| send(lsp_server::Notification::new(method.to_owned(), params).into());
    let ask = |id, method: &str| {
        let params = serde_json::json!({ "capabilities": {} });
        send(lsp_server::Request::new(i32::into(id), method.to_owned(), params).into());
    };
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let uri = format!("file://{}", root.join(path).display());
    let text = include_str!("../examples/everything/pipeline.aphex");
    let hear = || loop {
        match client.receiver.recv().expect("the server is there") {
            lsp_server::Message::Notification(told) if told.params["uri"] == uri.as_str() => return told,
            _ => {}
        }
    };
    ask(1, "initialize");
    let document = serde_json::json!({ "uri": uri, "languageId": "aphex", "version": 1, "text": text });
    tell("textDocument/didOpen", serde_json::json!({ "textDocument": document }));
    hear();
    let line = text.lines().count();
    let mut version = 1;
    bencher.bench_local(|| {
        version += 1;
        let at = serde_json::json!({ "line": line, "character": 0 });
        let change = serde_json::json!({ "range": { "start": at, "end": at }, "text": "/" });
        let document = serde_json::json!({ "uri": uri, "version": version });
        // What was typed is taken back, so that each change is to the same text.
        let change = if version % 2 == 0 { change } else { serde_json::json!({ "text": text }) };
        let params = serde_json::json!({ "textDocument": document, "contentChanges": [change] });
        tell("textDocument/didChange", params);
        hear()
    });
    ask(2, "shutdown");
    tell("exit", serde_json::Value::Null);
    assert!(thread.join().is_ok_and(|orderly| orderly), "the server ends in order");
}

/// The example with every key of the language, which imports modules too.
const EVERYTHING: [&str; 1] = ["examples/everything/pipeline.aphex"];

fn project() -> Interpreter {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let host = DiskHost::new(root).expect("the folder of the repository is there");
    Interpreter::builder().host(host).build().expect("nothing is added that could be wrong")
}

/// The script after so many keystrokes in its last line.
fn changed(path: &str, times: usize) -> Script {
    let text = include_str!("../examples/everything/pipeline.aphex");
    Script::new(path, format!("{text}\n// {times}"))
}
