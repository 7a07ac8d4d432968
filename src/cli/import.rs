//! `aphex import`: a script from the original system's configuration.

use std::path::PathBuf;

use clap::Args;

use super::args::Global;
use super::origin::{Given, git};
use super::script::Script;
use super::{Exit, Failure, print, report, say};
use crate::import::{Imported, import};
use crate::interpreter::Interpreter;
use crate::report::Problem;

/// Write a script that does what a configuration of the original system did
///
/// The script goes to standard output: the same stacks to the same places in the same order, with the comments. What an
/// aphex-config.yaml does not say comes from the options below, from the git remote of its folder, or is a placeholder
/// with a comment.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Import {
    /// The configuration, such as aphex-config.yaml; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    given: Given,
}

const EXAMPLES: &str = "Examples:
  aphex import aphex-config.yaml > pipeline.aphex
  aphex import aphex-config.yaml --cluster pipelines --account 999999999999
  aphex import aphex-config.yaml | aphex check -";

impl Import {
    pub(super) fn run(self, interpreter: &Interpreter, global: Global) -> Result<Exit, Failure> {
        let file = Script::read(interpreter, &self.file)?;
        let git = git(file.root());
        let branch = git.default_branch.clone();
        let settings = self.given.settings(git, branch)?;
        let Imported { sources, diagnostics, script } = import(&file.name, file.bytes, &settings);
        let problems = diagnostics.iter().map(|diagnostic| Problem { diagnostic, sources: &sources });
        report(global, &problems.collect::<Vec<_>>());
        let Some(script) = script else { return Ok(Exit::Script) };
        print(&script)?;
        let open = settings.open();
        if !global.quiet && !open.is_empty() {
            say(&format!("replace the placeholders in the script: {}\n", open.join(", ")));
        }
        Ok(Exit::Done)
    }
}
