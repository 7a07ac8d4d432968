//! What a round looked at: the script, the files of parameters, and whatever the compiler asked its host for.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Failure;
use super::folders::Folders;
use crate::source::{DiskHost, Host, ReadError, SourceMap};

/// What the compiler found at each path from the project root.
#[derive(Debug, Default)]
struct Asked {
    reads: BTreeMap<String, Result<Vec<u8>, ReadError>>,
    exists: BTreeMap<String, Option<bool>>,
}

/// A host that notes what it is asked for.
#[derive(Debug, Clone)]
pub(super) struct Recorder {
    host: DiskHost,
    asked: Arc<Mutex<Asked>>,
}

impl Recorder {
    pub(super) fn new(host: DiskHost) -> Self {
        Self { host, asked: Arc::default() }
    }

    /// For the compiler.
    pub(super) fn host(&self) -> Arc<dyn Host> {
        Arc::new(self.clone())
    }

    /// Forgets what was asked: whoever asks again is answered as it is then.
    pub(super) fn forget(&self) {
        *self.asked() = Asked::default();
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host for Recorder {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let found = self.host.read(path);
        self.asked().reads.insert(path.to_owned(), found.clone());
        found
    }

    fn exists(&self, path: &str) -> Option<bool> {
        let found = self.host.exists(path);
        self.asked().exists.insert(path.to_owned(), found);
        found
    }
}

/// Everything that a round depends on, as it was.
#[derive(Debug, Clone)]
pub(super) struct Inputs {
    /// The script and the files of parameters, as they are named on the command line.
    named: Vec<(PathBuf, Option<Vec<u8>>)>,
    /// What was read through it, and is while it is in use.
    recorder: Option<Recorder>,
}

impl Inputs {
    /// The files that the command line names, as they are now.
    pub(super) fn of(script: &Path, parameters: &[PathBuf]) -> Self {
        let files = [script].into_iter().chain(parameters.iter().map(PathBuf::as_path));
        let named = files.map(|file| (file.to_owned(), bytes(file))).collect();
        Self { named, recorder: None }
    }

    /// Adds what the compiler asks for.
    pub(super) fn add(&mut self, recorder: Recorder) {
        self.recorder = Some(recorder);
    }

    /// Waits until something is not as it was, and gives its names.
    pub(super) fn wait(&self, folders: &mut Folders) -> Vec<String> {
        loop {
            folders.watch(&self.folders());
            if self.changed().is_empty() {
                folders.wait();
                continue;
            }
            // Whoever saves into the same file empties it first.
            folders.settle(|| self.is_emptied());
            let changed = self.changed();
            if !changed.is_empty() {
                return changed;
            }
        }
    }

    /// The names of what is not as it was.
    fn changed(&self) -> Vec<String> {
        let named = self.named.iter().filter(|(path, was)| bytes(path) != *was);
        let mut changed: Vec<String> = named.map(|(path, _)| path.display().to_string()).collect();
        if let Some(recorder) = &self.recorder {
            let (host, asked) = (&recorder.host, recorder.asked());
            let reads = asked.reads.iter().filter(|(path, was)| host.read(path) != **was).map(|(path, _)| path);
            let exists = asked.exists.iter().filter(|(path, was)| host.exists(path) != **was).map(|(path, _)| path);
            changed.extend(reads.chain(exists).cloned());
        }
        changed
    }

    /// Whether a text that was there is empty now: it may be about to be written.
    fn is_emptied(&self) -> bool {
        let is = |was: &[u8], is: &[u8]| !was.is_empty() && is.is_empty();
        let mut named = self.named.iter();
        named.any(|(path, was)| was.as_ref().is_some_and(|was| bytes(path).is_some_and(|found| is(was, &found))))
            || self.recorder.as_ref().is_some_and(|recorder| {
                let (host, asked) = (&recorder.host, recorder.asked());
                let mut reads = asked.reads.iter();
                reads
                    .any(|(path, was)| was.as_ref().is_ok_and(|was| host.read(path).is_ok_and(|found| is(was, &found))))
            })
    }

    /// The folders in which a change can be seen: those of the files, and of what links lead to. Editors put a new file in
    /// the place of the old one, which only the folder tells. Of a folder that is not there the next one above it.
    fn folders(&self) -> BTreeSet<PathBuf> {
        let mut paths: Vec<PathBuf> = self.named.iter().map(|(path, _)| path.clone()).collect();
        if let Some(recorder) = &self.recorder {
            let (root, asked) = (recorder.host.root(), recorder.asked());
            paths.extend(asked.reads.keys().chain(asked.exists.keys()).map(|path| root.join(path)));
        }
        let mut folders = BTreeSet::new();
        for path in paths {
            folders.extend(path.canonicalize().ok().and_then(|full| full.parent().map(Path::to_owned)));
            let above = path.ancestors().skip(1);
            let above = above.map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
            folders.extend(above.filter_map(|folder| folder.canonicalize().ok()).find(|folder| folder.is_dir()));
        }
        folders
    }
}

/// An error where `file` is none that can be watched.
pub(super) fn watchable(file: &Path) -> Result<(), Failure> {
    if file == Path::new("-") {
        return Err(Failure::Usage("standard input cannot be watched; name a file".to_owned()));
    }
    if file.exists() && !file.is_dir() && !file.is_file() {
        return Err(Failure::Usage(format!("`{}` is no file, and only files can be watched", file.display())));
    }
    Ok(())
}

/// The bytes of a file; nothing where there is none that can be read. A pipe would block.
fn bytes(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).ok().filter(|_| path.is_file())?;
    file.take(SourceMap::MAX_BYTES as u64 + 1).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
