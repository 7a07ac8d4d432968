//! Whatever an import says, nothing outside of the project is looked at.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex};

use aphex::source::{DiskHost, imported, normalize};
use aphex::{Host, ReadError, Script};

use super::choices::Choices;
use super::problems;
use super::scripts::INTERPRETER;

/// What stands in a file that lies outside of every project.
const SECRET: &[u8] = b"export const SECRET = 1;";

/// Parts of paths, and whole ones.
const PARTS: &[&str] = &[
    "..", ".", "/", "/", "/", "a", "b", "a.aphex", "", "\\", "aphex", "node", "link", "outside", "secret", " ", "ä",
    "..", "../", "./", "%2e%2e", "~", "C:", "\\u0000", "\\n", "${a}", "file",
];

pub(super) fn run(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let own = choices.one_of(&["pipeline.aphex", "a/pipeline.aphex", "a/b/c/pipeline.aphex"]);
    let texts: Vec<String> = (0..4).map(|_| text(&mut choices)).collect();
    let host = Arc::new(Watched { texts, asked: Mutex::default() });
    let script = Script::new(own, host.texts[0].as_str()).module();
    let evaluation = INTERPRETER.with_host(Arc::clone(&host)).evaluate(&script);
    problems::check(&evaluation.diagnostics, &evaluation.sources);

    let path = String::from_utf8_lossy(choices.rest());
    for path in [&*path, host.texts[1].as_str()] {
        let inside = imported(own, path);
        assert!(inside.is_none_or(|inside| is_inside(&inside)), "{path:?}");
        let read = DISK.read(path);
        assert!(!read.is_ok_and(|bytes| bytes == SECRET), "{path:?} leads out of the project");
    }
}

/// A text that imports this and that.
fn text(choices: &mut Choices<'_>) -> String {
    let mut text = String::new();
    for number in 0..=choices.below(3) {
        let path = path(choices);
        let line = match choices.below(4) {
            0 => format!("stack(\"S{number}\", \"{path}\");\n"),
            _ => format!("import \"{path}\" as m{number};\n"),
        };
        text.push_str(&line);
    }
    text
}

fn path(choices: &mut Choices<'_>) -> String {
    let start = choices.one_of(&["./", "../", "", "./a/", "aphex/"]);
    (0..choices.below(8)).fold(start.to_owned(), |path, _| path + choices.one_of(PARTS))
}

/// A path as a host may be asked for it: from the root, and without ways to leave it.
fn is_inside(path: &str) -> bool {
    normalize("", path).as_deref() == Some(path)
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(['\\', '\0'])
}

/// Has a module at half of all paths, and looks what it is asked for.
struct Watched {
    texts: Vec<String>,
    asked: Mutex<usize>,
}

impl Host for Watched {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        assert!(is_inside(path), "{path:?} is asked for");
        let mut asked = self.asked.lock().expect("nobody panics here");
        *asked += 1;
        let text = self.texts.get(path.len() % (2 * self.texts.len())).filter(|_| *asked < 50);
        text.map(|text| text.clone().into_bytes()).ok_or(ReadError::NotFound)
    }

    fn exists(&self, path: &str) -> Option<bool> {
        assert!(is_inside(path), "{path:?} is asked for");
        Some(path.len().is_multiple_of(2))
    }
}

/// A project on the disk, in which links lead out of it.
static DISK: LazyLock<DiskHost> = LazyLock::new(|| {
    let folder: PathBuf = std::env::temp_dir().join(format!("aphex-fuzz-{}", std::process::id()));
    let root = folder.join("project");
    std::fs::create_dir_all(root.join("a/b")).expect("the folder for temporary files takes some");
    for (path, text) in [("project/a.aphex", &b""[..]), ("project/a/a.aphex", b""), ("secret.aphex", SECRET)] {
        std::fs::write(folder.join(path), text).expect("the folder for temporary files takes some");
    }
    #[cfg(unix)]
    for (link, target) in [("link", "../"), ("file.aphex", "../secret.aphex"), ("a/link", "../../")] {
        // It may be there from a run before.
        let _ = std::os::unix::fs::symlink(target, root.join(link));
    }
    DiskHost::new(&root).expect("the folder was made")
});
