//! `aphex diff`: what would change, by meaning.

mod against;
mod revision;

use std::path::PathBuf;

use clap::Args;

use super::args::{AnswerFormat, Global};
use super::folder::Folder;
use super::manifest;
use super::params::Parameters;
use super::script::Script;
use super::write::files;
use super::{Exit, Failure, orphans, screen};
use crate::compile::{Options, Output};
use crate::diff::{Changes, Snapshot, changes};
use crate::interpreter::Interpreter;
use against::Against;

/// Show what would change, by meaning: gates and permissions first, then stages, then files
///
/// The new side is FILE as it is now. The old side is what is in aphex.out, unless --against or --out name another one.
/// What makes more possible than before is marked with `!`: an approval that is gone, a permission that is wider.
/// Exit status: 0 nothing would change, 1 something would, or a script has errors.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Diff {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Compare with this: a folder of output, another script, or a git revision of FILE; with `REVISION:PATH` of another
    /// script in it. What is there as a file counts first
    #[arg(long, value_name = "OTHER", conflicts_with = "out")]
    against: Option<String>,

    /// Compare with what is in DIR instead of aphex.out
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Compare this pipeline of the script alone
    #[arg(long, value_name = "NAME")]
    pipeline: Option<String>,

    /// Print the text difference of each file too
    #[arg(long, conflicts_with_all = ["list_changed", "format"])]
    files: bool,

    /// Print the name of each thing that changed, one a line, such as `my-app/environments/prod`
    #[arg(long, conflicts_with = "format")]
    list_changed: bool,

    /// How to print it
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<AnswerFormat>,

    #[command(flatten)]
    parameters: Parameters,
}

const EXAMPLES: &str = "Examples:
  aphex diff pipeline.aphex                        with aphex.out
  aphex diff pipeline.aphex --against origin/main  with the branch it goes to
  aphex diff pipeline.aphex --against v1.2:ci/pipeline.aphex
  aphex diff pipeline.aphex --files                with each line that differs
  aphex diff pipeline.aphex --list-changed | grep /permissions/";

impl Diff {
    pub(super) fn run(self, interpreter: &Interpreter, global: Global) -> Result<Exit, Failure> {
        let script = Script::read(interpreter, &self.file)?;
        let against = Against::find(self.against.as_deref(), self.out.clone(), &script)?;
        let options = self.options(&against, &script)?;
        let Some(outputs) = script.outputs(global, &options, &self.parameters)? else { return Ok(Exit::Script) };
        let Some(old) = against.snapshot(global, &options, (&script, &outputs))? else { return Ok(Exit::Script) };
        let new = snapshot(outputs)?;
        let changes = changes(&old, &new);
        self.print(global, &changes, (&old, &new))?;
        Ok(if changes.is_empty() { Exit::Done } else { Exit::Script })
    }

    /// As `run --check`: against a folder the parameters that it was made with count, where none are given.
    fn options(&self, against: &Against, script: &Script) -> Result<Options, Failure> {
        let pipeline = self.pipeline.clone();
        let parameters = match against {
            Against::Folder(folder) if self.parameters.is_empty() => {
                orphans::parameters(folder, &script.path, pipeline.as_deref())
            }
            _ => self.parameters.values()?,
        };
        Ok(Options { parameters, pipeline, ..Options::default() })
    }

    fn print(&self, global: Global, changes: &Changes, (old, new): (&Snapshot, &Snapshot)) -> Result<(), Failure> {
        let style = screen::output_style(global);
        if self.list_changed {
            let lines = changes.paths().into_iter().map(|path| format!("{}\n", crate::report::visible_line(&path)));
            return super::print(&lines.collect::<String>());
        }
        match self.format {
            Some(AnswerFormat::Json) => super::print(&format!("{:#}\n", changes.json())),
            // The exit status says what a quiet command was asked for.
            None if global.quiet && !self.files => Ok(()),
            None | Some(AnswerFormat::Text) => {
                super::print(&changes.text(style))?;
                let patches = if self.files { changes.patches(old, new, style) } else { String::new() };
                super::print(&if patches.is_empty() { patches } else { format!("\n{patches}") })
            }
        }
    }
}

/// What a compiled script gives, for a comparison.
pub(super) fn snapshot(outputs: Vec<Output>) -> Result<Snapshot, Failure> {
    let mut snapshot = Snapshot::new();
    for (pipeline, files) in outputs.into_iter().map(files) {
        snapshot.add(&pipeline, files).map_err(|words| Failure::Outside(format!("`{pipeline}`: {words}")))?;
    }
    Ok(snapshot)
}

/// What a folder holds of the pipelines that `outputs` are, and of those that the script declared once.
fn folder_snapshot(folder: &Folder, script: &Script, outputs: &[Output], all: bool) -> Result<Snapshot, Failure> {
    let mut names: Vec<String> = outputs.iter().map(|output| output.pipeline.clone()).collect();
    let gone = |name: &String| !names.iter().any(|stays| stays.eq_ignore_ascii_case(name));
    let gone: Vec<String> = orphans::names(folder, &script.path).into_iter().filter(|name| all && gone(name)).collect();
    names.extend(gone);
    let mut snapshot = Snapshot::new();
    for name in names.iter().filter(|name| folder.has(name)) {
        let ours = outputs.iter().find(|output| output.pipeline == **name);
        let ours = ours.into_iter().flat_map(|output| output.artifacts.iter().map(|artifact| artifact.path.clone()));
        let listed = manifest::Manifest::read(folder, name).map(|manifest| manifest.files).unwrap_or_default();
        let mut paths: Vec<String> = ours.chain(listed).chain([manifest::NAME.to_owned()]).collect();
        paths.sort();
        paths.dedup();
        let mut files = Vec::new();
        for path in paths.into_iter().filter(|path| super::folder::is_clean(path)) {
            files.extend(folder.text(&format!("{name}/{path}"))?.map(|text| (path, text)));
        }
        if files.is_empty() {
            continue;
        }
        let broken = |words: String| {
            let place = folder.at(name);
            Failure::Outside(format!(
                "`{}` cannot be compared: {words}\n`aphex run` writes it anew; `--against` takes a git revision instead",
                place.display()
            ))
        };
        snapshot.add(name, files).map_err(broken)?;
    }
    Ok(snapshot)
}
