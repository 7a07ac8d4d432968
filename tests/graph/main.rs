//! The graph of every example, held against what is emitted for it, and its pictures, held against the files beside this
//! one and in the guide. `APHEX_UPDATE=1` rewrites them.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

#[path = "../depends/mod.rs"]
mod depends;
mod order;

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use aphex::compile::{Evaluation, Options, compile};
use aphex::emit::{Artifact, Format};
use aphex::graph::{self, Graph, Node};
use aphex::report::Style;
use aphex::source::{DiskHost, Host};
use serde_json::Value;

/// Examples whose pictures are kept.
const DRAWN: &[&str] = &["approval", "everything", "quickstart", "rollback", "waves"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn compiled(name: &str, script: Vec<u8>) -> Evaluation {
    let host: Arc<dyn Host> = Arc::new(DiskHost::new(root()).unwrap());
    let compiled = compile(&host, name, name, script, &Options { format: Format::Json, ..Options::default() });
    assert!(!compiled.has_errors(), "{name}: {:#?}", compiled.diagnostics);
    compiled
}

fn read(path: &str) -> Evaluation {
    compiled(path, std::fs::read(root().join(path)).unwrap())
}

/// The script, with stacks `app` and `db`, and functions that declare a small environment and a step.
fn script(stages: &str) -> Evaluation {
    let text = format!(
        "let db = stack(\"DbStack\"); let app = stack(\"AppStack\", #{{ depends_on: [db] }});
         fn env(name, keys) {{
             environment(name, #{{ account: \"111111111111\", region: \"eu-west-1\", stacks: [\"AppStack\"] }} + keys)
         }}
         fn job(name) {{ step(name, #{{ image: \"x:1\", commands: [\"make\"] }}) }}
         let base = environment(\"base\", #{{ account: \"111111111111\", region: \"eu-west-1\", stacks: [app, db] }});
         pipeline(\"my-app\", #{{ cluster: \"c\", account: \"999999999999\", region: \"eu-west-1\",
             source: github(\"my-org/my-app\"), stages: {stages} + [base] }});"
    );
    compiled("pipeline.aphex", text.into_bytes())
}

fn graphs(compiled: &Evaluation) -> Vec<Graph> {
    compiled.project.pipelines.iter().map(|pipeline| Graph::of(pipeline)).collect()
}

/// Where graphs and what is emitted do not agree.
fn differences(compiled: &Evaluation) -> Vec<String> {
    let mut wrong = Vec::new();
    for (graph, output) in graphs(compiled).iter().zip(&compiled.outputs) {
        let documents = output.artifacts.iter().flat_map(Artifact::documents);
        let templates = documents.filter(|document| document.kind == "WorkflowTemplate");
        let templates: Vec<Value> = templates.map(|document| serde_json::from_str(document.text).unwrap()).collect();
        wrong.extend(order::differences(graph, &templates[0]));
        wrong.extend(order::misplaced(&graph::tree(graph, Style::PLAIN), &templates[0]));
        let checked = templates.get(1).map(order::tasks).unwrap_or_default();
        if checked != graph.source.pull_request {
            wrong.push(format!("pull requests run {checked:?}, and the graph shows {:?}", graph.source.pull_request));
        }
    }
    wrong
}

/// Every script of this repository that declares pipelines.
fn scripts() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["tests/delivery", "tests/conformance/scripts", "tests/render/scripts"] {
        let entries = std::fs::read_dir(root().join(folder)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let scripts = paths.filter(|path| path.extension().is_some_and(|ending| ending == "aphex"));
        found.extend(scripts.map(|path| format!("{folder}/{}", path.file_name().unwrap().display())));
    }
    let examples = std::fs::read_dir(root().join("examples")).unwrap();
    let examples = examples.map(|entry| format!("examples/{}/pipeline.aphex", entry.unwrap().file_name().display()));
    found.extend(examples.filter(|path| root().join(path).exists()));
    found.sort();
    found
}

#[test]
fn the_order_is_that_of_the_workflow_templates() {
    let scripts = scripts();
    assert!(scripts.len() > 15, "{scripts:?}");
    for path in scripts {
        assert_eq!(differences(&read(&path)), Vec::<String>::new(), "{path}");
    }
}

#[test]
fn the_order_is_that_of_a_delivery_that_is_too_large_for_one_graph() {
    let wave = |letter: char| {
        let lanes = (0..90).map(|number| format!("env(\"{letter}{number}\", #{{ rollback: true, approval: true }})"));
        format!("parallel([{}])", lanes.collect::<Vec<_>>().join(",\n"))
    };
    let compiled = script(&format!("[{}, {}, job(\"end\")]", wave('a'), wave('b')));
    assert_eq!(differences(&compiled), Vec::<String>::new());
}

#[test]
fn waves_that_say_nothing_are_not_shown() {
    let stages = "[sequence(job(\"a\"), sequence(job(\"b\"))), parallel(job(\"c\")),
        parallel(sequence(job(\"d\"), parallel(job(\"e\"), job(\"f\"))), parallel(job(\"g\"), sequence(job(\"h\")))),
        parallel(step(\"checks\", #{ image: \"x:1\", commands: [\"x\"], on: [\"pull_request\"] }))]";
    let compiled = script(stages);
    assert_eq!(differences(&compiled), Vec::<String>::new());
    let task = |name: &str| Node::Task(format!("step-{name}"));
    let nodes = graphs(&compiled).remove(0).nodes;
    let inner = Node::Sequence(vec![task("d"), Node::Parallel(vec![task("e"), task("f")])]);
    assert_eq!(nodes[2..6], [task("a"), task("b"), task("c"), Node::Parallel(vec![inner, task("g"), task("h")])]);
}

#[test]
fn pictures_are_as_in_the_files() {
    let mut wrong = Vec::new();
    for name in DRAWN {
        let graphs = graphs(&read(&format!("examples/{name}/pipeline.aphex")));
        let screen = Style { color: false, unicode: true, width: Some(80) };
        let trees = |style: Style| graphs.iter().map(|graph| graph::tree(graph, style)).collect::<Vec<_>>().join("\n");
        let first = &graphs[0];
        for (ending, text) in [
            ("txt", trees(Style::PLAIN)),
            ("80.txt", trees(screen)),
            ("mmd", graph::mermaid(first)),
            ("dot", graph::dot(first)),
            ("svg", graph::svg(first)),
        ] {
            held(&format!("tests/graph/{name}.{ending}"), &text, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_guide_shows_the_graph_of_its_script() {
    let page = std::fs::read_to_string(root().join("docs/guide/graph.md")).unwrap();
    let block = |language: &str| {
        let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
        rest.split_once("```").unwrap().0.to_owned()
    };
    let graph = graphs(&compiled("pipeline.aphex", block("rhai").into_bytes())).remove(0);
    let mut wrong = Vec::new();
    held("docs/guide/graph.svg", &graph::svg(&graph), &mut wrong);
    let shown = block("console");
    let tree = graph::tree(&graph, Style { color: false, unicode: true, width: Some(100) });
    if shown != format!("$ aphex graph pipeline.aphex\n{tree}") {
        wrong.push(format!("docs/guide/graph.md shows another tree than\n{tree}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Compares `text` with the file, or rewrites it.
fn held(path: &str, text: &str, wrong: &mut Vec<String>) {
    let full = root().join(path);
    if std::env::var_os("APHEX_UPDATE").is_some() {
        std::fs::write(full, text).unwrap();
    } else if std::fs::read_to_string(full).unwrap_or_default() != text {
        wrong.push(format!("{path} is not as expected; see `APHEX_UPDATE=1`"));
    }
}

#[test]
fn a_tree_is_no_wider_than_the_screen() {
    let message = "Please read the notes of this release and ask the team of support, ".repeat(6);
    let stages = format!(
        "[parallel(sequence(job(\"one\"), parallel(env(\"a\", #{{ approval: \"{message}\", rollback: [\"{}\"] }}), job(\"b\"))),
         env(\"c\", #{{ approval: \"漢字{}\" }}))]",
        "x".repeat(300),
        "漢字".repeat(80)
    );
    let graph = graphs(&script(&stages)).remove(0);
    for width in [60, 80, 100, 120] {
        let tree = graph::tree(&graph, Style { color: false, unicode: true, width: Some(width) });
        for line in tree.lines() {
            let columns = line.chars().map(|letter| if letter > '\u{2fff}' { 2 } else { 1 }).sum::<usize>();
            assert!(columns <= width && !line.ends_with(' '), "{width}: {line:?}");
        }
    }
    assert!(
        graph::tree(&graph, Style::PLAIN).contains(message.trim_end()),
        "nothing is wrapped where there is no screen"
    );
}

#[test]
fn a_tree_is_ascii_in_a_pipe_and_harmless_anywhere() {
    let stages = "[env(\"a\", #{ approval: \"\\u202eevil\\u200b\", rollback: [\"\\u202eevil\"] })]";
    let mut graph = graphs(&script(stages)).remove(0);
    graph.source.branches.push("\u{202e}evil".to_owned());
    let tree = graph::tree(&graph, Style::PLAIN);
    assert!(tree.is_ascii() && tree.matches("\\u{202e}evil").count() == 3, "{tree}");
    for picture in [graph::mermaid(&graph), graph::dot(&graph), graph::svg(&graph)] {
        assert!(!picture.contains(['\u{202e}', '\u{200b}']));
    }
    let painted = graph::tree(&graph, Style { color: true, unicode: true, width: None });
    assert!(painted.contains("\u{1b}[33m◆ \u{1b}[0m"), "{painted}");
}

#[test]
fn a_thousand_environments_are_drawn_at_once() {
    let mut lanes = String::new();
    for number in 0..1_000 {
        writeln!(lanes, "env(\"c{number}\", #{{ rollback: true, approval: \"Go?\" }}),").unwrap();
    }
    for stages in [format!("[parallel([{lanes}])]"), format!("[{lanes}]")] {
        let graph = graphs(&script(&stages)).remove(0);
        let start = std::time::Instant::now();
        let pictures =
            [graph::svg(&graph), graph::mermaid(&graph), graph::dot(&graph), graph::tree(&graph, Style::PLAIN)];
        // Without optimisation, beside other tests; what grows with the square takes minutes.
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
        assert!(pictures.iter().all(|picture| picture.matches("rollback-c").count() >= 1_000));
    }
}
