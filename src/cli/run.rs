//! `aphex run`: a script becomes files.

use std::path::PathBuf;

use clap::Args;

use super::args::Global;
use super::folder::Folder;
use super::params::Parameters;
use super::print::{self, OutputFormat};
use super::script::Script;
use super::write::{Change, File, Locks, Plan, plan, write};
use super::{Exit, Failure, orphans};
use crate::compile::{Options, Output};
use crate::interpreter::Interpreter;
use crate::report::visible;

/// Evaluate a script and write the files of its pipelines
///
/// They go into `aphex.out/<pipeline>/`. Files that are the same already are not touched, files of an earlier run that
/// do not belong any more are removed, and nothing is written where the script has an error.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Run {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Write into DIR/<pipeline>/ instead of aphex.out/<pipeline>/
    #[arg(long, value_name = "DIR", conflicts_with = "stdout")]
    out: Option<PathBuf>,

    /// Print the documents instead of writing files
    #[arg(long)]
    stdout: bool,

    /// Print in this form; implies --stdout
    #[arg(long, value_name = "FORMAT", value_enum, conflicts_with_all = ["out", "check"])]
    format: Option<OutputFormat>,

    /// Print documents of this kind alone, such as `WorkflowTemplate`, Kubernetes (all objects), CloudFormation or
    /// Pipeline (pipeline.json); may be repeated; implies --stdout
    #[arg(long, value_name = "KIND", value_delimiter = ',', conflicts_with_all = ["out", "check"])]
    only: Vec<String>,

    /// Leave the script's other pipelines alone
    #[arg(long, value_name = "NAME")]
    pipeline: Option<String>,

    #[command(flatten)]
    parameters: Parameters,

    /// Write nothing; exit with 1 where the output is not up to date. Without parameters, those of pipeline.json count
    #[arg(long, conflicts_with = "stdout")]
    check: bool,
}

const EXAMPLES: &str = "Examples:
  aphex run pipeline.aphex
  aphex run pipeline.aphex --check
  aphex run pipeline.aphex --param region=eu-west-1 --out build
  aphex run pipeline.aphex --only Kubernetes | kubectl diff -f -";

impl Run {
    pub(super) fn run(self, interpreter: &Interpreter, global: Global) -> Result<Exit, Failure> {
        let prints = self.stdout || self.format.is_some() || !self.only.is_empty();
        let folder = if prints { None } else { Some(Folder::new(self.out.clone())?) };
        let script = Script::read(interpreter, &self.file)?;
        let options = self.options(folder.as_ref(), &script)?;
        let Some(outputs) = script.outputs(global, &options, &self.parameters)? else { return Ok(Exit::Script) };
        let Some(folder) = folder else {
            super::print(&print::documents(&outputs, &self.only, self.format.unwrap_or_default())?)?;
            return Ok(Exit::Done);
        };
        let next = next_steps(&folder, &outputs);
        let mut locks = Locks::default();
        if !self.check {
            outputs.iter().try_for_each(|output| locks.take(&folder, &output.pipeline))?;
        }
        let plans = plan(&folder, outputs, self.gone_of(&folder, &script))?;
        if self.check {
            return self.compare(global, &folder, &plans, &options);
        }
        plans.iter().filter(|plan| plan.orphan).try_for_each(|plan| locks.take(&folder, &plan.pipeline))?;
        write(&folder, &plans)?;
        drop(locks);
        if !global.quiet {
            super::print(&visible(&(written(&folder, &plans) + next.as_str())))?;
        }
        Ok(Exit::Done)
    }

    fn options(&self, folder: Option<&Folder>, script: &Script) -> Result<Options, Failure> {
        let pipeline = self.pipeline.clone();
        let parameters = match folder {
            Some(folder) if self.check && self.parameters.is_empty() => {
                orphans::parameters(folder, &script.path, pipeline.as_deref())
            }
            _ => self.parameters.values()?,
        };
        let format = self.format.unwrap_or_default().into();
        Ok(Options { module: false, parameters, pipeline, format })
    }

    /// The script whose pipelines may be found to be gone: only a run of all of it knows, and only in its own project
    /// does a script's path tell it from others.
    fn gone_of<'a>(&self, folder: &Folder, script: &'a Script) -> Option<&'a str> {
        let knows = self.pipeline.is_none() && !script.is_stdin() && folder.is_below(script.root());
        knows.then_some(script.path.as_str())
    }

    fn compare(&self, global: Global, folder: &Folder, plans: &[Plan], options: &Options) -> Result<Exit, Failure> {
        let done = plans.iter().all(Plan::is_done);
        let mut lines = Vec::new();
        for plan in plans.iter().filter(|plan| !(plan.is_done() && (global.quiet || !done))) {
            let is = if done { "is" } else { "is not" };
            lines.push(format!("{} {is} up to date\n", folder.at(&plan.pipeline).display()));
            lines.push(list(plan, ["missing", "differs", "left over"]));
        }
        if !done {
            let with =
                if options.parameters.is_empty() { "" } else { ", with the parameters that `pipeline.json` records," };
            lines.push(format!("\n`aphex run {}`{with} brings it up to date\n", self.file.display()));
        }
        super::print(&visible(&lines.concat()))?;
        Ok(if done { Exit::Done } else { Exit::Script })
    }
}

/// What was done, a folder after the other.
fn written(folder: &Folder, plans: &[Plan]) -> String {
    let about = |plan: &Plan| {
        let name = folder.at(&plan.pipeline);
        let same = plan.files.iter().filter(|file| file.change == Change::Unchanged).count();
        let rest = match (plan.orphan, plan.is_done()) {
            (true, _) => ": the script does not declare this pipeline any more".to_owned(),
            (_, true) => format!(": all {same} files are up to date"),
            _ if same > 1 => format!(": {same} files are unchanged"),
            _ => String::new(),
        };
        format!("{}{rest}\n{}", name.display(), list(plan, ["new", "changed", "removed"]))
    };
    plans.iter().map(about).collect::<Vec<_>>().concat()
}

/// The files that are not as they should be, each with its word: for a new one, a changed one, one too many.
fn list(plan: &Plan, words: [&str; 3]) -> String {
    let widest = words.iter().map(|word| word.len()).max().unwrap_or(0);
    let word = |change| match change {
        Change::New => Some(words[0]),
        Change::Changed => Some(words[1]),
        Change::Removed => Some(words[2]),
        Change::Unchanged => None,
    };
    let line = |file: &File| word(file.change).map(|word| format!("  {word:widest$}  {}\n", file.path));
    plan.files.iter().filter_map(line).collect()
}

/// What to do next, each pipeline's under its own heading.
fn next_steps(folder: &Folder, outputs: &[Output]) -> String {
    let mut lines = Vec::new();
    for output in outputs.iter().filter(|output| !output.next_steps.is_empty()) {
        let of = if outputs.len() > 1 { format!(" for {}", output.pipeline) } else { String::new() };
        lines.push(format!("\nNext{of}:\n"));
        lines.extend(output.next_steps.iter().map(|line| folder.rename(line, &output.pipeline) + "\n"));
    }
    lines.concat()
}
