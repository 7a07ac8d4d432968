//! What the language server does when things go wrong: a mistake of its own, a client that changes its mind, the end.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

#[path = "lsp/client.rs"]
mod client;

use aphex::Interpreter;
use aphex::declare::Function;
use client::{Client, Encoding, Project};
use serde_json::{Value, json};

fn project(name: &str, text: &str) -> Project {
    Project::new(name, &[("pipeline.aphex".to_owned(), text.to_owned())])
}

fn opened(client: &mut Client, project: &Project) {
    let text = project.files["pipeline.aphex"].clone();
    client.open(project, "pipeline.aphex", &text);
}

#[test]
fn a_panic_ends_one_request_alone() {
    let boom = Function::new("boom", "Fails.").body(|_| panic!("on purpose"));
    let interpreter = Interpreter::builder().function(boom).build().unwrap();
    let project = project("panic", "let a = 1;\nprint(a);\n");
    let mut client = Client::with(&interpreter, Encoding::Utf16);
    opened(&mut client, &project);
    assert!(client.problems(&project, "pipeline.aphex").is_empty());

    client.change(&project, "pipeline.aphex", "let a = boom();\nprint(a);\n");
    let document = json!({ "uri": project.uri("pipeline.aphex") });
    let (code, message) = client.ask("textDocument/codeLens", json!({ "textDocument": document })).unwrap_err();
    assert_eq!((code, message.as_str()), (-32603, "`textDocument/codeLens` failed; the rest goes on"));
    assert!(client.told.iter().any(|one| one.method == "window/logMessage"), "it is logged");

    // What needs no evaluation goes on, and so does everything once the script is another one.
    let symbols = client.ask("textDocument/documentSymbol", json!({ "textDocument": document })).unwrap();
    assert_eq!(symbols[0]["name"], "a");
    client.change(&project, "pipeline.aphex", "let b = c;\n");
    assert_eq!(client.problems(&project, "pipeline.aphex")[0]["code"], "unknown-variable");
    assert!(client.stop());
}

#[test]
fn nothing_is_done_after_shutdown() {
    let project = project("shutdown", "let a = 1;\n");
    let mut client = Client::start(Encoding::Utf16);
    opened(&mut client, &project);
    client.ask("shutdown", Value::Null).unwrap();
    let document = json!({ "uri": project.uri("pipeline.aphex") });
    let (code, _) = client.ask("textDocument/documentSymbol", json!({ "textDocument": document })).unwrap_err();
    assert_eq!(code, -32600);
    client.tell("exit", Value::Null);
    assert!(client.ended());
}

#[test]
fn a_client_that_leaves_without_a_word_ends_the_server() {
    let client = Client::start(Encoding::Utf16);
    client.tell("exit", Value::Null);
    assert!(!client.ended());
}

#[test]
fn a_cancelled_request_is_answered_as_such_and_does_not_wait() {
    // It would take until a limit ends it.
    let project = project("cancel", "let n = 0;\nloop { n += 1; if n < 0 { break; } }\n");
    let mut client = Client::start(Encoding::Utf16);
    opened(&mut client, &project);
    let document = json!({ "uri": project.uri("pipeline.aphex") });
    let lenses = client.send("textDocument/codeLens", json!({ "textDocument": document }));
    client.tell("$/cancelRequest", json!({ "id": client.last() }));
    assert_eq!(client.wait(&lenses).unwrap_err().0, -32800);
    // A change ends what is being said of the text before it.
    client.change(&project, "pipeline.aphex", "let n = m;\n");
    assert_eq!(client.problems(&project, "pipeline.aphex")[0]["code"], "unknown-variable");
    assert!(client.stop());
}

#[test]
fn what_is_no_request_and_no_document_is_refused_in_words() {
    let project = project("refused", "let a = 1;\n");
    let mut client = Client::start(Encoding::Utf8);
    opened(&mut client, &project);
    assert_eq!(client.ask("textDocument/nonsense", json!({})).unwrap_err().0, -32601);
    assert_eq!(client.ask("textDocument/hover", json!({ "position": 1 })).unwrap_err().0, -32602);
    let nowhere =
        json!({ "textDocument": { "uri": "file:///nowhere.aphex" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(client.ask("textDocument/hover", nowhere).unwrap_err().0, -32602);
    // A place that the text does not have is its end.
    let document = json!({ "uri": project.uri("pipeline.aphex") });
    let beyond = json!({ "textDocument": document, "position": { "line": 99, "character": 99 } });
    assert_eq!(client.ask("textDocument/hover", beyond).unwrap(), Value::Null);
    client.tell("textDocument/didChange", json!({ "nonsense": true }));
    assert!(client.stop());
}

#[test]
fn a_text_that_was_never_saved_is_looked_at_too() {
    let mut client = Client::start(Encoding::Utf16);
    let document = json!({ "uri": "untitled:Untitled-1", "languageId": "aphex", "version": 1, "text": "let a = b;\n" });
    client.tell("textDocument/didOpen", json!({ "textDocument": document }));
    let symbols = client.ask("textDocument/documentSymbol", json!({ "textDocument": document })).unwrap();
    assert_eq!(symbols[0]["name"], "a");
    assert!(client.stop());
}

/// What the fixtures say of single problems holds for every fix: it takes its problem away, and makes no syntax error.
#[test]
fn every_fix_in_the_suite_takes_its_problem_away() {
    use aphex::eval::Cancellation;
    use aphex::ide::Workspace;
    use aphex::source::MemoryHost;
    use aphex::syntax::Edit;

    let mut scripts = Vec::new();
    collect(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite"), &mut scripts);
    let stop = Cancellation::new();
    let reference = std::sync::Arc::new(Interpreter::default().reference());
    let (mut fixed, mut wrong) = (0, Vec::new());
    for path in scripts {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        // What runs into a limit takes its time.
        if text.contains("limit-reached") {
            continue;
        }
        let open = |text: &str| {
            let interpreter = Interpreter::default().with_host(MemoryHost::new());
            let mut workspace = Workspace::new(&interpreter, std::sync::Arc::clone(&reference));
            workspace.open("a.aphex", text);
            workspace
        };
        let mut before = open(&text);
        let end = u32::try_from(text.len()).unwrap();
        let problems =
            |workspace: &mut Workspace| workspace.problems(&stop).unwrap().remove("a.aphex").unwrap_or_default();
        let count = problems(&mut before).len();
        for action in before.actions("a.aphex", 0..end, &stop).unwrap() {
            let Some(problem) = action.fixes else { continue };
            let changed = Edit::apply(&text, &action.edits["a.aphex"]);
            let after = problems(&mut open(&changed));
            fixed += 1;
            let place = (problem.code, problem.marked.0);
            let is_there = after.iter().any(|one| (one.code, one.marked.0) == place && one.message == problem.message);
            // One problem may have hidden others, but its answer makes no heap of new ones.
            if is_there || after.len() > count + 3 {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                wrong.push(format!("{name}: {} {:?}: {}", problem.code.id(), problem.message, action.title));
            }
        }
    }
    assert!(fixed > 50, "{fixed} fixes were tried");
    assert!(wrong.is_empty(), "{fixed} fixes were tried:\n{}", wrong.join("\n"));
}

fn collect(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "aphex") {
            found.push(path);
        }
    }
}
