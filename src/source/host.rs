//! Where files come from: the one door between a script and the outside.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::SourceMap;

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// There is no such file.
    NotFound,
    /// The path leads out of the project root, by `..` or through a link.
    OutsideRoot,
    /// The file is longer than [`SourceMap::MAX_BYTES`].
    TooLarge,
    /// The file is there and cannot be read; the operating system's words.
    Io(String),
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotFound => f.write_str("there is no such file"),
            Self::OutsideRoot => f.write_str("the path leads out of the project"),
            Self::TooLarge => write!(f, "the file is longer than {} bytes", SourceMap::MAX_BYTES),
            Self::Io(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads a project's files. Every path is relative to the project root, with `/` between folders, and has been normalised:
/// no `.`, no `..` and no `\` in it.
///
/// ```
/// use aphex::{Host, Interpreter, ReadError, Script};
///
/// /// Modules of a database of ours.
/// struct Shared;
///
/// impl Host for Shared {
///     fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
///         match path {
///             "team.aphex" => Ok(b"export const NAME = \"shop\";".to_vec()),
///             _ => Err(ReadError::NotFound),
///         }
///     }
///
///     fn exists(&self, _: &str) -> Option<bool> {
///         None // whether a stack's file is there, nobody knows here
///     }
/// }
///
/// let interpreter = Interpreter::builder().host(Shared).build()?;
/// let script = Script::new("a.aphex", r#"import "./team" as team; print(team::NAME);"#).module();
/// assert_eq!(interpreter.evaluate(&script).printed, ["shop"]);
/// # Ok::<(), aphex::BuildError>(())
/// ```
pub trait Host: Send + Sync {
    /// The bytes of the file at `path`.
    ///
    /// # Errors
    /// Where there is none, it lies outside of the root, it is too large, or it cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// Whether something is at `path`; `None` where this host cannot tell.
    fn exists(&self, path: &str) -> Option<bool>;

    /// The scripts of the project, from its root, for an editor that looks for who imports a module; none where this host
    /// does not know them. There may be more.
    fn scripts(&self) -> Vec<String> {
        Vec::new()
    }
}

impl<T: Host + ?Sized> Host for Arc<T> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        (**self).read(path)
    }

    fn exists(&self, path: &str) -> Option<bool> {
        (**self).exists(path)
    }

    fn scripts(&self) -> Vec<String> {
        (**self).scripts()
    }
}

/// The files below a folder of the disk. Links that lead out of it are not followed.
#[derive(Debug, Clone)]
pub struct DiskHost {
    root: PathBuf,
}

impl DiskHost {
    /// The files below `root`, which must exist.
    ///
    /// # Errors
    /// Where `root` cannot be resolved.
    pub fn new(root: &Path) -> std::io::Result<Self> {
        Ok(Self { root: root.canonicalize()? })
    }

    /// The folder, without links in it.
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn resolve(&self, path: &str) -> Result<PathBuf, ReadError> {
        let path = normalize("", path).ok_or(ReadError::OutsideRoot)?;
        let full = self.root.join(path).canonicalize().map_err(|error| read_error(&error))?;
        if full.starts_with(&self.root) { Ok(full) } else { Err(ReadError::OutsideRoot) }
    }
}

impl Host for DiskHost {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let full = self.resolve(path)?;
        // A device or a pipe would block for ever.
        if !full.is_file() {
            return Err(ReadError::Io("it is not a file".into()));
        }
        let file = std::fs::File::open(full).map_err(|error| read_error(&error))?;
        let mut bytes = Vec::new();
        let limit = SourceMap::MAX_BYTES as u64 + 1;
        file.take(limit).read_to_end(&mut bytes).map_err(|error| read_error(&error))?;
        if bytes.len() > SourceMap::MAX_BYTES { Err(ReadError::TooLarge) } else { Ok(bytes) }
    }

    fn exists(&self, path: &str) -> Option<bool> {
        Some(self.resolve(path).is_ok())
    }

    /// Those below the root, at most 1,000 in 10,000 folders; none of what is hidden, linked, installed or built.
    fn scripts(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = std::collections::VecDeque::from([String::new()]);
        for _ in 0..MOST_FOLDERS {
            let Some(folder) = folders.pop_front() else { break };
            for entry in std::fs::read_dir(self.root.join(&folder)).into_iter().flatten().flatten() {
                let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
                let Ok(kind) = entry.file_type() else { continue };
                let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
                if kind.is_dir() && !name.starts_with('.') && !SKIPPED.contains(&&*name) {
                    folders.push_back(path);
                } else if kind.is_file() && name.ends_with(ENDING) {
                    found.push(path);
                }
            }
            if found.len() >= SourceMap::MAX_SOURCES {
                break;
            }
        }
        found.sort();
        found.truncate(SourceMap::MAX_SOURCES);
        found
    }
}

/// The most folders that are looked through for scripts.
const MOST_FOLDERS: usize = 10_000;

/// Folders that hold nobody's scripts, and many files.
const SKIPPED: &[&str] = &["node_modules", "target", "cdk.out", "aphex.out"];

/// Files in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryHost {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryHost {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same files and one more.
    #[must_use]
    pub fn with(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), bytes.into());
        self
    }
}

impl Host for MemoryHost {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let path = normalize("", path).ok_or(ReadError::OutsideRoot)?;
        self.files.get(&path).cloned().ok_or(ReadError::NotFound)
    }

    fn exists(&self, path: &str) -> Option<bool> {
        let path = normalize("", path)?;
        let folder = format!("{path}/");
        let inside = || self.files.range(folder.clone()..).next().is_some_and(|(file, _)| file.starts_with(&folder));
        Some(self.files.contains_key(&path) || inside())
    }

    fn scripts(&self) -> Vec<String> {
        self.files.keys().filter(|path| path.ends_with(ENDING)).cloned().collect()
    }
}

/// The project root of a script: the folder of the nearest `.git` above it, else the script's own.
pub fn find_root(script: &Path) -> PathBuf {
    let folder = script.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let root = full.ancestors().find(|above| above.join(".git").exists());
    root.map_or_else(|| full.clone(), Path::to_owned)
}

/// `path` seen from `folder`, without `.` and `..`; `None` where it leads above the root.
pub fn normalize(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains(['\\', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// The file name's ending, which an import leaves out.
const ENDING: &str = ".aphex";

/// The file, from the project root, that `import "path"` in the file at `from` names; `None` where that leads out of the
/// project. `path` is one of a project's modules: it starts with `./` or `../`.
pub fn imported(from: &str, path: &str) -> Option<String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let full = normalize(folder, path)?;
    Some(if full.ends_with(ENDING) { full } else { format!("{full}{ENDING}") })
}

/// Whether an import's path names a module of the project, and not one of a library.
pub fn is_project_path(path: &str) -> bool {
    path.starts_with("./") || path.starts_with("../")
}

fn read_error(error: &std::io::Error) -> ReadError {
    if error.kind() == std::io::ErrorKind::NotFound { ReadError::NotFound } else { ReadError::Io(error.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_climb_above_the_root() {
        assert_eq!(normalize("a/b", "../c/./d").as_deref(), Some("a/c/d"));
        assert_eq!(normalize("a", "../../c"), None);
        assert_eq!(normalize("", "/etc/passwd"), None);
    }
}
