//! The output folder: what is in it, without a step through a link.

use std::path::{Path, PathBuf};

use super::Failure;
use super::write::Change;

/// The folder that pipelines are written into.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder that the user named, through links if need be, or else `aphex.out`.
    pub(super) fn new(named: Option<PathBuf>) -> Result<Self, Failure> {
        let default = Path::new(DEFAULT);
        // A repository may bring the link along; a folder that is named on the command line is the user's own wish.
        if named.is_none() && default.is_symlink() {
            return Err(Failure::Outside(format!(
                "`{DEFAULT}` is a link; name the folder that it leads to by `--out`"
            )));
        }
        let path = named.unwrap_or_else(|| default.to_owned());
        if path.exists() && !path.is_dir() {
            return Err(Failure::Outside(format!("`{}` is a file; the output needs a folder", path.display())));
        }
        Ok(Self { path })
    }

    /// As it was named.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The full path of something below it.
    pub(super) fn at(&self, path: &str) -> PathBuf {
        path.split('/').fold(self.path.clone(), |full, part| full.join(part))
    }

    /// A line about `aphex.out/<pipeline>`, said of this folder instead, as a shell reads it.
    pub(super) fn rename(&self, line: &str, pipeline: &str) -> String {
        let special = |letter: char| !(letter.is_alphanumeric() || "/._-+=@%,:".contains(letter));
        let mut name = String::new();
        for letter in self.path.to_string_lossy().chars() {
            name.extend(special(letter).then_some('\\'));
            name.push(letter);
        }
        line.replace(&format!("{DEFAULT}/{pipeline}"), &format!("{}/{pipeline}", name.trim_end_matches('/')))
    }

    /// Whether it lies below `root`, which has no links in it.
    pub(super) fn is_below(&self, root: &Path) -> bool {
        self.path.canonicalize().is_ok_and(|full| full.starts_with(root))
    }

    /// The names of the folders in it, sorted.
    pub(super) fn folders(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.path).into_iter().flatten().flatten();
        let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let mut names: Vec<String> = folders.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    /// What writing `bytes` to `path` would do.
    ///
    /// # Errors
    /// Where a link or something else is in the way.
    pub(super) fn compare(&self, path: &str, bytes: &[u8]) -> Result<Change, Failure> {
        let Some(length) = self.find(path)? else { return Ok(Change::New) };
        if length != bytes.len() as u64 {
            return Ok(Change::Changed);
        }
        let full = self.at(path);
        let there = read(&full).map_err(|error| Failure::io(&format!("cannot read `{}`", full.display()), &error))?;
        Ok(if there == bytes { Change::Unchanged } else { Change::Changed })
    }

    /// Whether there is anything at all of that pipeline.
    pub(super) fn has(&self, pipeline: &str) -> bool {
        std::fs::symlink_metadata(self.at(pipeline)).is_ok()
    }

    /// Whether a file is at `path`, with nothing but real folders above it.
    pub(super) fn is_own_file(&self, path: &str) -> bool {
        matches!(self.find(path), Ok(Some(_)))
    }

    /// The text of the file at `path`; `None` where there is nothing.
    ///
    /// # Errors
    /// Where something is there that is no text of a sensible size, or that is behind a link.
    pub(super) fn text(&self, path: &str) -> Result<Option<String>, Failure> {
        let Some(length) = self.find(path)? else { return Ok(None) };
        let what = format!("cannot read `{}`", self.at(path).display());
        if length > MAX_BYTES {
            return Err(Failure::Outside(format!("{what}: it is longer than any output")));
        }
        let bytes = read(&self.at(path)).map_err(|error| Failure::io(&what, &error))?;
        String::from_utf8(bytes).map(Some).map_err(|_| Failure::Outside(format!("{what}: it is not UTF-8")))
    }

    /// The text of the file at `path`, where there is one of a sensible size.
    pub(super) fn read(&self, path: &str) -> Option<String> {
        let length = self.find(path).ok()??;
        let text = read(&self.at(path)).ok().filter(|_| length <= MAX_BYTES)?;
        String::from_utf8(text).ok()
    }

    /// Removes the file at `path`, and the folders of this one that are empty then.
    #[expect(clippy::disallowed_methods, reason = "the file was written by an earlier run")]
    pub(super) fn remove(&self, path: &str) -> Result<(), Failure> {
        let full = self.at(path);
        match std::fs::remove_file(&full) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Failure::io(&format!("cannot remove `{}`", full.display()), &error));
            }
            _ => {}
        }
        let above = full.ancestors().skip(1).take_while(|folder| *folder != self.path);
        // A folder that is not empty cannot be removed.
        let _ = above.map(std::fs::remove_dir).find(Result::is_err);
        Ok(())
    }

    /// The length of the file at `path`; `None` where there is nothing.
    fn find(&self, path: &str) -> Result<Option<u64>, Failure> {
        if !is_clean(path) {
            return Err(Failure::Outside(format!("`{path}` is no path below the output folder")));
        }
        let parts: Vec<&str> = path.split('/').collect();
        let mut full = self.path.clone();
        for (index, part) in parts.iter().enumerate() {
            full.push(part);
            let name = full.display();
            let there = match std::fs::symlink_metadata(&full) {
                Ok(there) => there,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(Failure::io(&format!("cannot look at `{name}`"), &error)),
            };
            let last = index + 1 == parts.len();
            let wrong = match (there.is_symlink(), there.is_dir(), there.is_file()) {
                (true, ..) => "is a link, and nothing is written through links; remove it",
                (_, true, _) if last => "is a folder where a file belongs; remove it",
                (_, _, true) if !last => "is a file where a folder belongs; remove it",
                (_, false, false) => "is neither a file nor a folder; remove it",
                _ if last => return Ok(Some(there.len())),
                _ => continue,
            };
            return Err(Failure::Outside(format!("`{name}` {wrong}")));
        }
        Ok(None)
    }
}

const DEFAULT: &str = "aphex.out";
/// More than any file of ours.
const MAX_BYTES: u64 = 64 << 20;

/// Whether a path stays below its folder, on every operating system.
pub(super) fn is_clean(path: &str) -> bool {
    let is_name = |part: &str| !part.is_empty() && part != "." && part != "..";
    path.split('/').all(is_name) && !path.contains(['\\', ':', '\0'])
}

#[expect(clippy::disallowed_methods, reason = "it is output, not a script")]
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_clean_path_stays_below(path in "([a.]{0,3}[/\\\\:]?){0,6}") {
            let full = Path::new("/out").join(&path);
            let plain = full.components().all(|part| !matches!(part, std::path::Component::ParentDir));
            prop_assert!(!is_clean(&path) || (plain && full.starts_with("/out") && full != Path::new("/out")));
        }
    }
}
