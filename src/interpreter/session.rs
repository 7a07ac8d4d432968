//! The texts of a project between evaluations: what did not change is not read again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Interpreter, Script};
use crate::compile::Evaluation;
use crate::eval::{Cancellation, Cancelled};
use crate::source::{Host, ReadError};

/// The files of a project as they were read, and the texts of an editor in their place.
///
/// A file is read from the interpreter's host once, and looked for once; [`changed`](Self::changed) says that it is another
/// one now.
///
/// ```
/// use aphex::{Interpreter, MemoryHost, Script};
///
/// let files = MemoryHost::new().with("accounts.aphex", r#"export const DEV = "111111111111";"#);
/// let mut session = Interpreter::builder().host(files).build()?.session();
/// let script = Script::new("a.aphex", r#"import "./accounts" as accounts; print(accounts::DEV);"#).module();
/// assert_eq!(session.evaluate(&script).printed, ["111111111111"]);
///
/// // What stands in an editor counts before what is in the file.
/// session.open("accounts.aphex", r#"export const DEV = "222222222222";"#);
/// assert_eq!(session.evaluate(&script).printed, ["222222222222"]);
/// # Ok::<(), aphex::BuildError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Session {
    interpreter: Interpreter,
    files: Arc<Files>,
}

impl Session {
    pub(super) fn new(interpreter: &Interpreter) -> Self {
        let files = Arc::new(Files { host: Arc::clone(&interpreter.host), known: Mutex::default() });
        let interpreter = Interpreter { known: Some(Arc::default()), ..interpreter.with_host(Arc::clone(&files)) };
        Self { interpreter, files }
    }

    /// Lets the file at `path` from the project root be `text`, whatever the host says.
    pub fn open(&mut self, path: impl Into<String>, text: impl Into<Vec<u8>>) {
        self.files.known().open.insert(path.into(), text.into());
    }

    /// Lets the file at `path` be what the host says.
    pub fn close(&mut self, path: &str) {
        self.files.known().open.remove(path);
        self.changed(path);
    }

    /// Lets the host be asked again for the file at `path`.
    pub fn changed(&mut self, path: &str) {
        let mut known = self.files.known();
        let gone = known.read.remove(path).and_then(Result::ok);
        known.bytes -= gone.map_or(0, |bytes| bytes.len());
        // With a file its folders come and go.
        known.exists.clear();
    }

    /// Lets the host be asked again for every file.
    pub fn all_changed(&mut self) {
        self.files.known().forget();
    }

    /// As [`Interpreter::evaluate`].
    ///
    /// # Panics
    /// As that does.
    pub fn evaluate(&self, script: &Script) -> Evaluation {
        self.interpreter.evaluate(script)
    }

    /// As [`Interpreter::evaluate_until`].
    ///
    /// # Errors
    /// Where `cancellation` ended it.
    ///
    /// # Panics
    /// As that does.
    pub fn evaluate_until(&self, script: &Script, cancellation: &Cancellation) -> Result<Evaluation, Cancelled> {
        self.interpreter.evaluate_until(script, cancellation)
    }

    /// What stands in the file at `path`.
    pub(crate) fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.files.read(path)
    }

    /// The scripts of the project, those of an editor among them.
    pub(crate) fn scripts(&self) -> Vec<String> {
        self.files.scripts()
    }

    /// The interpreter, which reads through this.
    pub const fn interpreter(&self) -> &Interpreter {
        &self.interpreter
    }
}

/// A host that remembers.
struct Files {
    host: Arc<dyn Host>,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    open: BTreeMap<String, Vec<u8>>,
    read: BTreeMap<String, Result<Vec<u8>, ReadError>>,
    /// How many bytes were read.
    bytes: usize,
    exists: BTreeMap<String, Option<bool>>,
}

impl Known {
    /// The most answers of one kind that are remembered: a script may ask for any path.
    const MOST: usize = 10_000;
    /// The most bytes of files that are remembered.
    const MOST_BYTES: usize = 64 << 20;

    /// Forgets everything that was read where one more answer would be too much.
    fn make_room(&mut self, bytes: usize) {
        let most = self.read.len().max(self.exists.len());
        if most >= Self::MOST || self.bytes + bytes > Self::MOST_BYTES {
            self.forget();
        }
        self.bytes += bytes;
    }

    fn forget(&mut self) {
        (self.read, self.exists, self.bytes) = Default::default();
    }
}

impl Files {
    fn known(&self) -> MutexGuard<'_, Known> {
        // What is remembered is whole after each step.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Files").field("known", &self.known).finish_non_exhaustive()
    }
}

impl Host for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let mut known = self.known();
        if let Some(text) = known.open.get(path) {
            return Ok(text.clone());
        }
        if let Some(read) = known.read.get(path) {
            return read.clone();
        }
        let read = self.host.read(path);
        known.make_room(read.as_ref().map_or(0, Vec::len));
        known.read.insert(path.to_owned(), read.clone());
        read
    }

    fn exists(&self, path: &str) -> Option<bool> {
        let mut known = self.known();
        if known.open.contains_key(path) {
            return Some(true);
        }
        if let Some(exists) = known.exists.get(path) {
            return *exists;
        }
        let exists = self.host.exists(path);
        known.make_room(0);
        known.exists.insert(path.to_owned(), exists);
        exists
    }

    fn scripts(&self) -> Vec<String> {
        let known = self.known();
        let mut scripts = self.host.scripts();
        scripts.extend(known.open.keys().cloned());
        scripts.sort();
        scripts.dedup();
        scripts
    }
}
