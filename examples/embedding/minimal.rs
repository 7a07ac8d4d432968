//! The least that embeds aphex: a script goes in, problems and files come out.
//!
//! `cargo run --example minimal` evaluates the script below, `cargo run --example minimal -- "$(cat pipeline.aphex)"` one
//! of yours.

#![expect(clippy::print_stdout, reason = "an example shows what it gets")]

use std::process::ExitCode;

use aphex::{Interpreter, Script};

const SCRIPT: &str = r#"
let app = stack("AppStack");
let dev = environment("dev", #{ account: "111111111111", region: "eu-west-1", stacks: [app] });

pipeline("my-app", #{
    cluster: "company-pipelines",
    account: "999999999999",
    region:  "eu-west-1",
    source:  github("my-org/my-app"),
    build:   ["npm ci", "npm run build"],
    stages:  [dev],
});
"#;

fn main() -> ExitCode {
    let text = std::env::args().nth(1).unwrap_or_else(|| SCRIPT.to_owned());
    let evaluation = Interpreter::default().evaluate(&Script::new("pipeline.aphex", text));
    for problem in evaluation.problems() {
        println!("{problem}");
    }
    for artifact in evaluation.outputs.iter().flat_map(|output| &output.artifacts) {
        println!("{}", artifact.path);
    }
    if evaluation.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
