//! `aphex check`: diagnostics alone.

use std::collections::HashSet;
use std::path::PathBuf;

use clap::Args;

use super::args::Global;
use super::params::Parameters;
use super::script::Script;
use super::{Exit, Failure, report, say};
use crate::compile::{Evaluation, Options};
use crate::interpreter::Interpreter;
use crate::report::Problem;

/// Report what is wrong with scripts, and write nothing
///
/// A file without a pipeline is taken as a module.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Check {
    /// The scripts; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    #[command(flatten)]
    parameters: Parameters,
}

const EXAMPLES: &str = "Examples:
  aphex check pipeline.aphex platform/*.aphex
  aphex check --message-format sarif pipeline.aphex 2> aphex.sarif";

impl Check {
    pub(super) fn run(self, interpreter: &Interpreter, global: Global) -> Result<Exit, Failure> {
        let options = Options { module: true, parameters: self.parameters.values()?, ..Options::default() };
        let mut compiled = Vec::new();
        let mut failures = Vec::new();
        for file in &self.files {
            match Script::read(interpreter, file) {
                Ok(script) => compiled.push(script.compile(&options)),
                Err(failure) => failures.push(failure),
            }
        }
        for compiled in &compiled {
            super::say_printed(&compiled.printed);
        }
        let problems = problems(&compiled);
        report(global, &problems);
        let last = failures.pop();
        for failure in &failures {
            say(&failure.text(global));
        }
        let failed = compiled.iter().any(Evaluation::has_errors);
        last.map_or(Ok(if failed { Exit::Script } else { Exit::Done }), Err)
    }
}

/// What is wrong in all of them; what is wrong in a module that several import comes once.
fn problems(compiled: &[Evaluation]) -> Vec<Problem<'_>> {
    let mut seen = HashSet::new();
    let all = compiled.iter().flat_map(|Evaluation { sources, diagnostics, .. }| {
        diagnostics.iter().map(move |diagnostic| Problem { diagnostic, sources })
    });
    all.filter(|Problem { diagnostic, sources }| {
        let span = diagnostic.primary.span;
        let path = &sources.get(span.source).path;
        seen.insert((diagnostic.code, path, span.start, span.end, &diagnostic.message))
    })
    .collect()
}
