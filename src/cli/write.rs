//! The writer: whole files or none, unchanged files untouched, nothing outside of the output folder.

mod lock;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::folder::{Folder, is_clean};
use super::manifest::{self, Manifest};
use super::{Failure, orphans};
use crate::compile::Output;

pub(super) use lock::Locks;

/// How the names of temporary files end.
const TEMPORARY: &str = ".aphex-tmp";

/// What happens to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    /// It is not there yet.
    New,
    /// It is there with other bytes.
    Changed,
    /// An earlier run wrote it, and it does not belong any more.
    Removed,
    /// It is there already.
    Unchanged,
}

/// What a run would do to the folder of one pipeline.
#[derive(Debug)]
pub(super) struct Plan {
    /// The pipeline's name, which is its folder's.
    pub(super) pipeline: String,
    /// Its files; `pipeline.json`, which tells what belongs here, is the last of those that stay.
    pub(super) files: Vec<File>,
    /// Whether the pipeline is gone, and its folder goes too.
    pub(super) orphan: bool,
}

/// One file below the folder of its pipeline.
#[derive(Debug)]
pub(super) struct File {
    /// With `/` between folders.
    pub(super) path: String,
    pub(super) change: Change,
    text: String,
}

impl Plan {
    /// Compares an output with what is there. Nothing is touched.
    pub(super) fn new(folder: &Folder, output: Output) -> Result<Self, Failure> {
        let (pipeline, texts) = files(output);
        let mut plan = Self { files: Vec::new(), orphan: false, pipeline };
        if !folder.has(&plan.pipeline) {
            plan.files = texts.map(|(path, text)| File { path, change: Change::New, text }).collect();
            return Ok(plan);
        }
        for (path, text) in texts {
            let change = folder.compare(&plan.below(&path), text.as_bytes())?;
            plan.files.push(File { path, change, text });
        }
        let earlier = Manifest::read(folder, &plan.pipeline).map(|earlier| earlier.files).unwrap_or_default();
        let stays = |path: &str| plan.files.iter().any(|file| file.path.eq_ignore_ascii_case(path));
        let stale: Vec<String> = earlier.into_iter().filter(|path| !stays(path)).collect();
        plan.remove(folder, stale);
        Ok(plan)
    }

    /// Everything that an earlier run wrote for a pipeline that the script does not declare any more.
    pub(super) fn orphan(folder: &Folder, pipeline: String, manifest: Manifest) -> Self {
        let mut plan = Self { pipeline, files: Vec::new(), orphan: true };
        plan.remove(folder, manifest.files);
        plan.remove(folder, vec![manifest::NAME.to_owned()]);
        plan
    }

    /// Whether everything is there already.
    pub(super) fn is_done(&self) -> bool {
        self.files.iter().all(|file| file.change == Change::Unchanged)
    }

    /// Takes what was listed out, where it is a file of ours: the list itself may be anybody's.
    fn remove(&mut self, folder: &Folder, listed: Vec<String>) {
        for path in listed {
            if is_clean(&path) && folder.is_own_file(&self.below(&path)) {
                self.files.push(File { path, change: Change::Removed, text: String::new() });
            }
        }
    }

    fn below(&self, path: &str) -> String {
        format!("{}/{path}", self.pipeline)
    }

    fn with(&self, change: impl Fn(Change) -> bool) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |file| change(file.change))
    }
}

/// The pipeline of an output, and its files: each path below the pipeline's folder, and text; `pipeline.json` comes last.
pub(super) fn files(output: Output) -> (String, impl Iterator<Item = (String, String)>) {
    let Output { pipeline, artifacts, manifest, next_steps: _ } = output;
    let texts = artifacts.into_iter().map(|artifact| {
        let path = artifact.path.clone();
        (path, artifact.into_contents())
    });
    (pipeline, texts.chain([(manifest::NAME.to_owned(), manifest)]))
}

/// What a run would do: one plan a pipeline, and one for each that is gone.
pub(super) fn plan(folder: &Folder, outputs: Vec<Output>, gone_of: Option<&str>) -> Result<Vec<Plan>, Failure> {
    let names: Vec<String> = outputs.iter().map(|output| output.pipeline.clone()).collect();
    let plans: Result<Vec<_>, _> = outputs.into_iter().map(|output| Plan::new(folder, output)).collect();
    let mut plans = plans?;
    if let Some(script) = gone_of {
        plans.extend(orphans::find(folder, script, &names));
    }
    Ok(plans)
}

/// Does what was planned, by whoever has the folders' locks. Every new text is on the disk before the first file is
/// replaced.
pub(super) fn write(folder: &Folder, plans: &[Plan]) -> Result<(), Failure> {
    for plan in plans {
        remove_scraps(folder, plan);
    }
    let mut staged = Staged::default();
    for plan in plans {
        for file in plan.with(is_written) {
            staged.stage(folder.path(), &folder.at(&plan.below(&file.path)), &file.text)?;
        }
    }
    for plan in plans {
        // The list of what belongs here comes last: until then the old one tells what is to be tidied up.
        let (last, first): (Vec<_>, Vec<_>) = plan.with(is_written).partition(|file| file.path == manifest::NAME);
        for file in first {
            staged.commit(&folder.at(&plan.below(&file.path)))?;
        }
        for file in plan.with(|change| change == Change::Removed) {
            folder.remove(&plan.below(&file.path))?;
        }
        for file in last {
            staged.commit(&folder.at(&plan.below(&file.path)))?;
        }
    }
    Ok(())
}

/// Writes files that are no output: all of them are on the disk before the first one is in its place.
pub(super) fn place(root: &Path, files: &[(PathBuf, &str)]) -> Result<(), Failure> {
    let mut staged = Staged::default();
    for (target, text) in files {
        staged.stage(root, target, text)?;
    }
    for (target, _) in files {
        staged.commit(target)?;
    }
    Ok(())
}

/// Puts `text` in the place of a file that is there, with the permissions that this one has.
pub(super) fn replace(target: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error| Failure::io(&format!("cannot write `{}`", target.display()), &error);
    // What a link leads to is replaced, and the link stays.
    let target = if target.is_symlink() { &target.canonicalize().map_err(failed)? } else { target };
    let permissions = target.metadata().map_err(failed)?.permissions();
    if permissions.readonly() {
        return Err(Failure::Outside(format!("cannot write `{}`: it is read-only", target.display())));
    }
    let mut staged = Staged::default();
    staged.stage(Path::new(""), target, text)?;
    for temporary in staged.files.values() {
        std::fs::set_permissions(temporary, permissions.clone()).map_err(failed)?;
    }
    staged.commit(target)
}

/// Removes what runs that were killed have left beside the files of a pipeline.
#[expect(clippy::disallowed_methods, reason = "the temporary files are our own")]
fn remove_scraps(folder: &Folder, plan: &Plan) {
    let paths = plan.files.iter().map(|file| plan.below(&file.path));
    let folders: BTreeSet<PathBuf> = paths.filter_map(|path| Some(folder.at(&path).parent()?.to_owned())).collect();
    for entry in folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten() {
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with('.') && name.ends_with(TEMPORARY)) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Folders that were made. Those that nothing came into go again.
#[derive(Debug, Default)]
struct Made(Vec<PathBuf>);

impl Made {
    /// Makes a folder with those above it that are not there.
    fn folder(&mut self, folder: &Path) -> Result<(), Failure> {
        let missing = folder.ancestors().take_while(|above| !above.as_os_str().is_empty() && !above.is_dir());
        for folder in missing.collect::<Vec<_>>().into_iter().rev() {
            let failed = |error| Failure::io(&format!("cannot make the folder `{}`", folder.display()), &error);
            match std::fs::create_dir(folder) {
                Ok(()) => self.0.push(folder.to_owned()),
                // Another run was faster.
                Err(_) if folder.is_dir() => {}
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(())
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // A folder with something in it stays.
        for folder in self.0.iter().rev() {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

fn is_written(change: Change) -> bool {
    matches!(change, Change::New | Change::Changed)
}

/// Texts in temporary files beside their targets. What was not committed is tidied up.
#[derive(Debug, Default)]
struct Staged {
    /// Where the text of each target is.
    files: BTreeMap<PathBuf, PathBuf>,
    /// Goes after what is in them.
    folders: Made,
    /// The folder of the last file, which is there.
    last: PathBuf,
}

impl Staged {
    fn stage(&mut self, root: &Path, target: &Path, text: &str) -> Result<(), Failure> {
        let failed = |error: &std::io::Error| Failure::io(&format!("cannot write `{}`", target.display()), error);
        let parent = target.parent().unwrap_or(root);
        if self.last != parent {
            self.folders.folder(parent)?;
            parent.clone_into(&mut self.last);
        }
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let temporary = parent.join(format!(".{name}.{}{TEMPORARY}", std::process::id()));
        let mut file = create(&temporary).map_err(|error| failed(&error))?;
        self.files.insert(target.to_owned(), temporary);
        file.write_all(text.as_bytes()).map_err(|error| failed(&error))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the writer")]
    fn commit(&mut self, target: &Path) -> Result<(), Failure> {
        let Some(temporary) = self.files.get(target) else { return Ok(()) };
        let failed = |error| Failure::io(&format!("cannot replace `{}`", target.display()), &error);
        std::fs::rename(temporary, target).map_err(failed)?;
        self.files.remove(target);
        Ok(())
    }
}

impl Drop for Staged {
    #[expect(clippy::disallowed_methods, reason = "the temporary files are our own")]
    fn drop(&mut self) {
        for temporary in self.files.values() {
            let _ = std::fs::remove_file(temporary);
        }
    }
}

/// A new file. One of that name was left by a run that was killed.
#[expect(clippy::disallowed_methods, reason = "the temporary file is our own")]
fn create(path: &Path) -> std::io::Result<std::fs::File> {
    std::fs::File::create_new(path).or_else(|error| {
        if error.kind() != std::io::ErrorKind::AlreadyExists {
            return Err(error);
        }
        std::fs::remove_file(path)?;
        std::fs::File::create_new(path)
    })
}

#[cfg(test)]
mod tests;
