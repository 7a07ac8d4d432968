//! The interpreter as an embedder uses it: its own functions, modules, rules, emitters, limits, and files.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

mod additions;
mod emitters;
mod running;

use aphex::{Evaluation, Interpreter, Script};

/// What is wrong with a script, a line each, its help lines below it.
fn problems(evaluation: &Evaluation) -> Vec<String> {
    let lines = evaluation.problems().flat_map(|problem| {
        let help = problem.help.clone().unwrap_or_default();
        let help: Vec<String> = help.lines().map(|line| format!("  help: {line}")).collect();
        std::iter::once(problem.to_string()).chain(help)
    });
    lines.collect()
}

/// What is wrong with the module `text`.
fn check(interpreter: &Interpreter, text: &str) -> Vec<String> {
    problems(&interpreter.evaluate(&Script::new("a.aphex", text).module()))
}

/// What the module `text` prints; it has no problem.
fn printed(interpreter: &Interpreter, text: &str) -> Vec<String> {
    let evaluation = interpreter.evaluate(&Script::new("a.aphex", text).module());
    assert_eq!(problems(&evaluation), [""; 0]);
    evaluation.printed
}

/// A pipeline that has no problem.
const PIPELINE: &str = r#"
let app = stack("AppStack");
let dev = environment("dev", #{ account: "111111111111", region: "eu-west-1", stacks: [app] });
pipeline("my-app", #{
    cluster: "pipelines",
    account: "999999999999",
    region:  "eu-west-1",
    source:  github("my-org/my-app"),
    stages:  [dev],
});
"#;
