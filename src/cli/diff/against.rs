//! The old side of a comparison: a folder, another script, or a git revision.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::revision::{Revision, RevisionHost};
use super::{folder_snapshot, snapshot};
use crate::cli::args::Global;
use crate::cli::folder::Folder;
use crate::cli::script::Script;
use crate::cli::{Failure, report, screen};
use crate::compile::{Evaluation, Input, Options, Output};
use crate::diff::Snapshot;
use crate::report::Problem;
use crate::source::Host;

/// What FILE is compared with.
pub(super) enum Against {
    /// Output of an earlier run.
    Folder(Folder),
    /// Another script.
    Script(Box<Script>),
    /// A script of a commit, read from git.
    Revision(Revision),
}

impl Against {
    /// What the command line names: what is there as a file or folder, and else a git revision.
    pub(super) fn find(other: Option<&str>, out: Option<PathBuf>, script: &Script) -> Result<Self, Failure> {
        let Some(other) = other else { return Ok(Self::Folder(existing(out)?)) };
        let path = Path::new(other);
        if path.is_dir() {
            return Ok(Self::Folder(Folder::new(Some(path.to_owned()))?));
        }
        if path.exists() {
            let other = Script::read(script.interpreter(), path)?;
            return Ok(Self::Script(Box::new(other.in_place_of(script))));
        }
        Ok(Self::Revision(Revision::find(other, script)?))
    }

    /// What it holds; nothing where it is a script with errors, which are reported.
    pub(super) fn snapshot(
        &self,
        global: Global,
        options: &Options,
        (script, outputs): (&Script, &[Output]),
    ) -> Result<Option<Snapshot>, Failure> {
        let compiled = match self {
            Self::Folder(folder) => {
                return folder_snapshot(folder, script, outputs, options.pipeline.is_none()).map(Some);
            }
            Self::Script(other) => other.compile(options),
            Self::Revision(revision) => {
                let host: Arc<dyn Host> = Arc::new(RevisionHost::of(revision)?);
                let bytes = revision.script(&*host)?;
                let input = Input { name: &revision.name(), path: &revision.path, bytes: &bytes };
                script.interpreter().compile_here(&host, input, options)
            }
        };
        let failed = compiled.has_errors();
        let Evaluation { sources, diagnostics, outputs, project: _, printed: _ } = compiled;
        if !failed {
            return snapshot(outputs).map(Some);
        }
        // Its warnings are of no use any more; its errors are why there is no comparison.
        let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
        report(global, &errors.map(|diagnostic| Problem { diagnostic, sources: &sources }).collect::<Vec<_>>());
        if !global.quiet && global.message_format == crate::cli::args::MessageFormat::Human {
            let bold = screen::error_style(global).paint("1", "the old side");
            crate::cli::say(&format!("{bold} of the comparison has these errors\n"));
        }
        Ok(None)
    }
}

/// The folder of output. One that was named must be there; without the usual one everything is new.
fn existing(named: Option<PathBuf>) -> Result<Folder, Failure> {
    match &named {
        Some(path) if !path.exists() => {
            Err(Failure::Outside(format!("there is no folder `{}` to compare with", path.display())))
        }
        _ => Folder::new(named),
    }
}
