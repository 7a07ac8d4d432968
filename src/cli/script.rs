//! The script that a command is given: a file, or standard input.

use std::io::Read;
use std::path::{Path, PathBuf};

use std::sync::Arc;

use super::Failure;
use super::args::Global;
use super::params::Parameters;
use crate::compile::{Evaluation, Input, Options, Output};
use crate::interpreter::Interpreter;
use crate::report::Problem;
use crate::source::{DiskHost, Host, SourceMap, find_root};

/// A script before it is compiled.
#[derive(Debug)]
pub(super) struct Script {
    /// As a person knows it.
    pub(super) name: String,
    /// From the project root.
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
    interpreter: Interpreter,
    host: DiskHost,
}

impl Script {
    /// Reads `file`, where `-` is standard input.
    pub(super) fn read(interpreter: &Interpreter, file: &Path) -> Result<Self, Failure> {
        let interpreter = interpreter.clone();
        if file == Path::new("-") {
            let what = "cannot read standard input";
            let bytes = bytes(std::io::stdin().lock(), 0).map_err(|error| Failure::io(what, &error))?;
            let host = host(Path::new("."))?;
            return Ok(Self { name: STDIN.into(), path: STDIN.into(), bytes, interpreter, host });
        }
        let name = file.to_string_lossy().into_owned();
        let what = format!("cannot read `{name}`");
        if file.is_dir() {
            return Err(Failure::Outside(format!("{what}: it is a folder; name the script in it")));
        }
        let open = std::fs::File::open(file).and_then(|file| {
            let length = file.metadata().map_or(0, |found| found.len());
            bytes(file, length)
        });
        let bytes = open.map_err(|error| Failure::io(&what, &error))?;
        let host = host(&find_root(file))?;
        let path = path_from_root(file, host.root());
        Ok(Self { name, path, bytes, interpreter, host })
    }

    /// As a person knows it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What the compiler takes.
    pub(super) fn input(&self) -> Input<'_> {
        Input { name: &self.name, path: &self.path, bytes: &self.bytes }
    }

    /// What evaluates it.
    pub(super) const fn interpreter(&self) -> &Interpreter {
        &self.interpreter
    }

    /// Whether the script came in on standard input.
    pub(super) fn is_stdin(&self) -> bool {
        self.path == STDIN
    }

    /// The folder that the script's imports stay in.
    pub(super) fn root(&self) -> &Path {
        self.host.root()
    }

    /// The script, taken for what stood in the place of `other` where both are in one folder: what it says of itself, and
    /// where its imports are, is then the same.
    pub(super) fn in_place_of(mut self, other: &Self) -> Self {
        let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        if self.root() == other.root() && !other.is_stdin() && folder(&self.path) == folder(&other.path) {
            self.path.clone_from(&other.path);
        }
        self
    }

    /// Compiles it for a command that goes on with the files: as [`compiled`](Self::compiled).
    pub(super) fn outputs(
        &self,
        global: Global,
        options: &Options,
        parameters: &Parameters,
    ) -> Result<Option<Vec<Output>>, Failure> {
        Ok(self.compiled(global, options, parameters)?.map(|compiled| compiled.outputs))
    }

    /// Compiles it for a command that goes on with what comes out: tells what was printed and what is wrong, and gives
    /// nothing where there is an error.
    pub(super) fn compiled(
        &self,
        global: Global,
        options: &Options,
        parameters: &Parameters,
    ) -> Result<Option<Evaluation>, Failure> {
        let compiled = self.compile(options);
        super::say_printed(&compiled.printed);
        let sources = &compiled.sources;
        let problems = compiled.diagnostics.iter().map(|diagnostic| Problem { diagnostic, sources });
        super::report(global, &problems.collect::<Vec<_>>());
        if compiled.has_errors() {
            return Ok(None);
        }
        self.know_pipeline(options, &compiled.outputs)?;
        parameters.know(&compiled.project)?;
        Ok(Some(compiled))
    }

    /// Compiles it.
    pub(super) fn compile(&self, options: &Options) -> Evaluation {
        let host: Arc<dyn Host> = Arc::new(self.host.clone());
        self.compile_with(&host, options)
    }

    /// Compiles it with another door to its project's files.
    pub(super) fn compile_with(&self, host: &Arc<dyn Host>, options: &Options) -> Evaluation {
        self.interpreter.compile_here(host, self.input(), options)
    }

    /// What reads its project's files.
    pub(super) fn host(&self) -> &DiskHost {
        &self.host
    }

    /// An error where the pipeline that is wanted is none of the script's, so that `outputs` is empty.
    fn know_pipeline(&self, options: &Options, outputs: &[Output]) -> Result<(), Failure> {
        let Some(wanted) = options.pipeline.as_deref().filter(|_| outputs.is_empty()) else { return Ok(()) };
        let all = self.compile(&Options { pipeline: None, ..options.clone() }).outputs;
        let names: Vec<&str> = all.iter().map(|output| output.pipeline.as_str()).collect();
        let near = super::near(wanted, names.iter().copied());
        Err(Failure::Usage(format!(
            "the script declares no pipeline `{wanted}`{near}\nit declares {}",
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        )))
    }
}

const STDIN: &str = "<stdin>";

/// One byte more than a script may have, so that the compiler sees that it is too long. `expected`: how long it is, as
/// far as that is known.
fn bytes(stream: impl Read, expected: u64) -> std::io::Result<Vec<u8>> {
    let most = SourceMap::MAX_BYTES as u64 + 1;
    // With room to see that there is no more, it is one read.
    let mut bytes = Vec::with_capacity(usize::try_from(expected.min(most)).unwrap_or(0) + 64);
    stream.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn host(root: &Path) -> Result<DiskHost, Failure> {
    DiskHost::new(root).map_err(|error| Failure::io(&format!("cannot open the folder `{}`", root.display()), &error))
}

fn path_from_root(file: &Path, root: &Path) -> String {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().unwrap_or_else(|_| PathBuf::from(folder));
    let inside = folder.strip_prefix(root).unwrap_or(Path::new(""));
    let inside = inside.join(file.file_name().unwrap_or_default());
    let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
