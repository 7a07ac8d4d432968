//! A git revision as a project: its files are read by `git`, and nothing else of it is looked at.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::cli::Failure;
use crate::cli::script::Script;
use crate::source::{Host, ReadError, SourceMap, normalize};

/// The longest list of files that is read: more than a million of them.
const MAX_LIST: u64 = 256 << 20;

/// A script of a commit.
pub(super) struct Revision {
    root: PathBuf,
    /// As the command line has it.
    given: String,
    commit: String,
    /// The script's, from the root.
    pub(super) path: String,
}

impl Revision {
    /// The commit that `other` names, as git understands it, with the path of `script` or the one behind a colon.
    pub(super) fn find(other: &str, script: &Script) -> Result<Self, Failure> {
        let root = script.root().to_owned();
        let unknown = |why: &str| Failure::Usage(format!("`{other}` is no file and no folder, and {why}"));
        if !root.join(".git").exists() {
            return Err(unknown(&format!("`{}` is in no git repository", script.path)));
        }
        // What begins with a dash would be an option, and what holds a control character is no name.
        if other.is_empty() || other.starts_with('-') || other.contains(char::is_control) {
            return Err(unknown("no git revision is called so"));
        }
        let found = |given: &str, commit: String, path: String| Self {
            root: root.clone(),
            given: given.to_owned(),
            commit,
            path,
        };
        if let Some(commit) = resolve(&root, other)? {
            if script.is_stdin() {
                return Err(Failure::Usage(format!("standard input has no path in `{other}`; write `{other}:PATH`")));
            }
            return Ok(found(other, commit, script.path.clone()));
        }
        if let Some((revision, path)) = other.split_once(':')
            && let Some(commit) = resolve(&root, revision)?
        {
            let path = normalize("", path).filter(|path| !path.is_empty());
            let path = path.ok_or_else(|| Failure::Usage(format!("`{other}` names no file of the repository")))?;
            return Ok(found(revision, commit, path));
        }
        Err(unknown("git knows no such revision"))
    }

    /// What a report calls the script.
    pub(super) fn name(&self) -> String {
        format!("{}:{}", self.given, self.path)
    }

    /// The script's text.
    pub(super) fn script(&self, host: &dyn Host) -> Result<Vec<u8>, Failure> {
        let words = match host.read(&self.path) {
            Ok(bytes) => return Ok(bytes),
            Err(ReadError::NotFound) => format!(
                "there is no `{}` in `{}`; where it had another path there, write `{}:PATH`",
                self.path, self.given, self.given
            ),
            Err(ReadError::Io(words)) => format!("cannot read `{}`: {words}", self.name()),
            Err(ReadError::TooLarge) => format!("`{}` is longer than a script may be", self.name()),
            Err(ReadError::OutsideRoot) => format!("`{}` is outside of the repository", self.name()),
        };
        Err(Failure::Outside(words))
    }
}

/// The files of a commit. Links are not followed.
pub(super) struct RevisionHost {
    root: PathBuf,
    entries: BTreeMap<String, Entry>,
}

struct Entry {
    mode: String,
    object: String,
}

impl RevisionHost {
    /// All of them; their texts are read when they are asked for.
    pub(super) fn of(revision: &Revision) -> Result<Self, Failure> {
        let Revision { root, given, commit, path: _ } = revision;
        let failed = |words: String| Failure::Outside(format!("cannot read the files of `{given}`: {words}"));
        let list = run(root, &["ls-tree", "-r", "-t", "-z", "--full-tree", commit], MAX_LIST).map_err(failed)?;
        if list.len() as u64 > MAX_LIST {
            return Err(failed("there are too many".to_owned()));
        }
        // What is no UTF-8 is no path that a script can name.
        let lines = list.split(|byte| *byte == 0).filter_map(|line| std::str::from_utf8(line).ok());
        Ok(Self { root: root.clone(), entries: lines.filter_map(entry).collect() })
    }
}

/// `<mode> <type> <object>`, a tab, and the path.
fn entry(line: &str) -> Option<(String, Entry)> {
    let (head, path) = line.split_once('\t')?;
    let mut words = head.split(' ');
    let (mode, object) = (words.next()?.to_owned(), words.nth(1)?.to_owned());
    Some((path.to_owned(), Entry { mode, object }))
}

const LINK: &str = "120000";
const FOLDER: &str = "040000";
const SUBMODULE: &str = "160000";

impl Host for RevisionHost {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let path = normalize("", path).ok_or(ReadError::OutsideRoot)?;
        let entry = self.entries.get(&path).ok_or(ReadError::NotFound)?;
        match entry.mode.as_str() {
            LINK => return Err(ReadError::Io("it is a link, and links of a revision are not followed".into())),
            FOLDER | SUBMODULE => return Err(ReadError::Io("it is not a file".into())),
            _ => {}
        }
        let limit = SourceMap::MAX_BYTES;
        let bytes = run(&self.root, &["cat-file", "blob", &entry.object], limit as u64).map_err(ReadError::Io)?;
        if bytes.len() > limit { Err(ReadError::TooLarge) } else { Ok(bytes) }
    }

    fn exists(&self, path: &str) -> Option<bool> {
        let path = normalize("", path)?;
        if path.is_empty() || self.entries.contains_key(&path) {
            return Some(true);
        }
        // What is behind a link or in another repository is not in the list.
        let above = path.match_indices('/').filter_map(|(end, _)| self.entries.get(&path[..end]));
        let is_unknown = above.into_iter().any(|entry| entry.mode == LINK || entry.mode == SUBMODULE);
        (!is_unknown).then_some(false)
    }
}

/// The commit of that name, where there is one.
fn resolve(root: &Path, name: &str) -> Result<Option<String>, Failure> {
    let wanted = format!("{name}^{{commit}}");
    match run(root, &["rev-parse", "--verify", "--end-of-options", &wanted], 1_000) {
        Ok(line) => {
            let id = String::from_utf8_lossy(&line).trim().to_owned();
            let is_id = matches!(id.len(), 40 | 64) && id.chars().all(|letter| letter.is_ascii_hexdigit());
            Ok(is_id.then_some(id))
        }
        // Git has many words for a name that is none. Whether it can read the repository at all, it says of any command.
        Err(_) => match run(root, &["rev-parse", "--git-dir"], 10_000) {
            Ok(_) => Ok(None),
            Err(words) => Err(Failure::Outside(format!("cannot read the git repository: {words}"))),
        },
    }
}

/// What git prints, at most one byte more than `limit`; or why it does not, in its words. It looks at the repository in
/// `root` and at no other, asks nobody for anything and fetches nothing.
fn run(root: &Path, arguments: &[&str], limit: u64) -> Result<Vec<u8>, String> {
    let mut command = Command::new("git");
    // A clone that lacks something would fetch it, by whatever command its configuration names.
    command.args(["-c", "protocol.allow=never", "-C"]).arg(root).args(arguments);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_NAMESPACE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    let fixed =
        [("LC_ALL", "C"), ("GIT_TERMINAL_PROMPT", "0"), ("GIT_NO_LAZY_FETCH", "1"), ("GIT_OPTIONAL_LOCKS", "0")];
    command.envs(fixed).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no `git` to run".to_owned(),
        _ => format!("cannot run `git`: {error}"),
    })?;
    let mut bytes = Vec::new();
    let stream = child.stdout.take().expect("standard output is a pipe");
    let read = stream.take(limit + 1).read_to_end(&mut bytes);
    if bytes.len() as u64 > limit {
        // Enough is known; whether it can be ended or has ended, it is waited for.
        let _ = child.kill();
        let _ = child.wait();
        return Ok(bytes);
    }
    let mut words = String::new();
    let _ = child.stderr.take().expect("standard error is a pipe").take(4_096).read_to_string(&mut words);
    let status = child.wait().map_err(|error| error.to_string())?;
    read.map_err(|error| error.to_string())?;
    let first = words.lines().next().unwrap_or("it failed without a word");
    if status.success() { Ok(bytes) } else { Err(first.trim_start_matches("fatal: ").to_owned()) }
}
