#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt, symlink};

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::emit::Artifact;

/// A folder that goes when the test ends.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("aphex-{name}-{}", std::process::id()));
        let _ = remove(&path);
        fs::create_dir(&path).unwrap();
        Self(path.canonicalize().unwrap())
    }

    fn out(&self) -> Folder {
        Folder::new(Some(self.0.join("out"))).unwrap()
    }

    fn file(&self, path: &str, text: &str) {
        let full = self.0.join(path);
        make(full.parent().unwrap()).unwrap();
        fs::File::create(full).unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// Every file and link below it, with its text.
    fn tree(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        walk(&self.0, &mut |path| {
            let text = Folder::new(Some(self.0.clone())).unwrap();
            let name = path.strip_prefix(&self.0).unwrap().to_str().unwrap().to_owned();
            found.push((name.clone(), text.read(&name).unwrap_or_default()));
        });
        found.sort();
        found
    }

    fn names(&self) -> Vec<String> {
        self.tree().into_iter().map(|(name, _)| name).collect()
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = remove(&self.0);
    }
}

#[expect(clippy::disallowed_methods, reason = "a test tidies up")]
fn remove(path: &Path) -> std::io::Result<()> {
    fs::remove_dir_all(path)
}

#[expect(clippy::disallowed_methods, reason = "a test sets its scene")]
fn make(path: &Path) -> std::io::Result<()> {
    fs::create_dir_all(path)
}

fn walk(folder: &Path, see: &mut impl FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.file_type().unwrap().is_dir() { walk(&entry.path(), see) } else { see(&entry.path()) }
    }
}

fn output(pipeline: &str, files: &[(&str, &str)]) -> Output {
    let artifact = |(path, text): &(&str, &str)| {
        let mut artifact = Artifact::new((*path).into());
        artifact.add("Role", |out| out.push_str(text));
        artifact
    };
    let listed: serde_json::Map<_, _> = files.iter().map(|(path, _)| ((*path).to_owned(), json!(""))).collect();
    let manifest = json!({"version": 1, "script": "pipeline.aphex", "parameters": {"a": "1"}, "files": listed});
    Output {
        pipeline: pipeline.into(),
        artifacts: files.iter().map(artifact).collect(),
        manifest: manifest.to_string(),
        next_steps: vec![],
    }
}

fn run(folder: &Folder, outputs: Vec<Output>) -> Result<Vec<Plan>, Failure> {
    let plans = plan(folder, outputs, Some("pipeline.aphex"))?;
    write(folder, &plans)?;
    Ok(plans)
}

fn refusal(folder: &Folder, outputs: Vec<Output>) -> String {
    match run(folder, outputs) {
        Err(Failure::Outside(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_second_run_touches_nothing() {
    let here = Temporary::new("second");
    let files = [("k/a.yaml", "a\n"), ("b.yaml", "b\n")];
    run(&here.out(), vec![output("app", &files)]).unwrap();
    let stamps = || {
        let mut stamps = Vec::new();
        walk(&here.0, &mut |path| {
            let data = fs::metadata(path).unwrap();
            stamps.push((path.to_owned(), data.ino(), data.mtime_nsec()));
        });
        stamps
    };
    let before = stamps();
    assert_eq!(before.len(), 3);
    let plans = run(&here.out(), vec![output("app", &files)]).unwrap();
    assert!(plans.iter().all(Plan::is_done));
    assert_eq!(before, stamps());
}

#[test]
fn what_no_longer_belongs_goes_and_what_is_not_ours_stays() {
    let here = Temporary::new("stale");
    run(&here.out(), vec![output("app", &[("k/a.yaml", "a"), ("old/deep/c.yaml", "c"), ("b.yaml", "b")])]).unwrap();
    here.file("out/app/mine.txt", "mine");
    let plans = run(&here.out(), vec![output("app", &[("b.yaml", "B")])]).unwrap();
    assert_eq!(here.names(), ["out/app/b.yaml", "out/app/mine.txt", "out/app/pipeline.json"]);
    assert!(!here.0.join("out/app/old").exists() && !here.0.join("out/app/k").exists());
    let changes: Vec<_> = plans[0].files.iter().map(|file| (file.path.as_str(), file.change)).collect();
    assert_eq!(changes[0], ("b.yaml", Change::Changed));
    assert_eq!(changes[2..], [("k/a.yaml", Change::Removed), ("old/deep/c.yaml", Change::Removed)]);
}

#[test]
fn a_renamed_pipeline_leaves_nothing_behind() {
    let here = Temporary::new("renamed");
    run(&here.out(), vec![output("old", &[("k/a.yaml", "a")])]).unwrap();
    here.file("out/foreign/pipeline.json", r#"{"script": "other.aphex", "files": {"x": ""}}"#);
    here.file("out/foreign/x", "x");
    run(&here.out(), vec![output("new", &[("k/a.yaml", "a")])]).unwrap();
    let left = ["out/foreign/pipeline.json", "out/foreign/x", "out/new/k/a.yaml", "out/new/pipeline.json"];
    assert_eq!(here.names(), left);
    assert!(!here.0.join("out/old").exists());
    let plans = plan(&here.out(), vec![output("third", &[])], None).unwrap();
    assert_eq!(plans.len(), 1, "with `--pipeline` the others stay");
}

#[test]
fn a_hostile_list_removes_nothing_outside() {
    let here = Temporary::new("hostile");
    here.file("precious", "p");
    here.file("outside/precious", "p");
    let list = json!({"script": "pipeline.aphex", "files": {
        "../../precious": "", "/etc/passwd": "", "link/precious": "", "a/../../../precious": "", "..": "", "": "",
        "pipeline.json/../../../precious": "", "folder": "", ".": "", "B.YAML": "", "c:\\x": "",
    }});
    here.file("out/app/pipeline.json", &list.to_string());
    here.file("out/gone/pipeline.json", &list.to_string());
    here.file("out/app/folder/x", "x");
    symlink(here.0.join("outside"), here.0.join("out/app/link")).unwrap();
    symlink(here.0.join("outside"), here.0.join("out/linked")).unwrap();
    run(&here.out(), vec![output("app", &[("b.yaml", "b")])]).unwrap();
    let left = ["out/app/b.yaml", "out/app/folder/x", "out/app/link", "out/app/pipeline.json", "out/linked"];
    assert_eq!(here.names(), [&left[..], &["outside/precious", "precious"]].concat());
}

#[test]
fn nothing_is_written_through_a_link_or_over_a_folder() {
    let here = Temporary::new("links");
    here.file("outside/keep", "k");
    here.file("out/app/folder/x", "x");
    here.file("out/app/file", "x");
    symlink(here.0.join("outside"), here.0.join("out/app/k")).unwrap();
    symlink(here.0.join("outside/keep"), here.0.join("out/app/b.yaml")).unwrap();
    symlink(here.0.join("outside"), here.0.join("out/linked")).unwrap();
    let before = here.tree();
    for (pipeline, path, words) in [
        ("app", "k/a.yaml", "is a link"),
        ("app", "b.yaml", "is a link"),
        ("linked", "a.yaml", "is a link"),
        ("app", "folder", "is a folder where a file belongs"),
        ("app", "file/a.yaml", "is a file where a folder belongs"),
        ("app", "../a.yaml", "is no path below"),
        ("..", "a.yaml", "is no path below"),
    ] {
        // The good one comes first and is not written either.
        let outputs = vec![output("good", &[("a", "a")]), output(pipeline, &[("first", "1"), (path, "text")])];
        let said = refusal(&here.out(), outputs);
        assert!(said.contains(words), "{said}");
        assert_eq!(here.tree(), before);
    }
}

#[test]
fn what_fails_half_way_leaves_the_earlier_output_and_no_scraps() {
    let here = Temporary::new("halfway");
    run(&here.out(), vec![output("app", &[("a.yaml", "old")])]).unwrap();
    let before = here.tree();
    let long = "x".repeat(300);
    let said =
        refusal(&here.out(), vec![output("app", &[("a.yaml", "new"), ("k/b", "b"), (&format!("z/{long}"), "c")])]);
    assert!(said.contains("file name too long"), "{said}");
    assert_eq!(here.tree(), before);
    assert!(!here.0.join("out/app/k").exists() && !here.0.join("out/app/z").exists());
}

#[test]
fn a_scrap_of_a_killed_run_is_no_obstacle() {
    let here = Temporary::new("killed");
    here.file("precious", "p");
    here.file("out/app/x", "");
    let scrap = here.0.join(format!("out/app/.a.yaml.{}{TEMPORARY}", std::process::id()));
    symlink(here.0.join("precious"), &scrap).unwrap();
    run(&here.out(), vec![output("app", &[("a.yaml", "new")])]).unwrap();
    assert_eq!(here.names(), ["out/app/a.yaml", "out/app/pipeline.json", "out/app/x", "precious"]);
    assert_eq!(here.tree().last().unwrap().1, "p");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn after_any_two_runs_there_is_what_the_second_says(
        first in proptest::collection::btree_map("[ab](/[cd]){1,2}\\.y", "[xy]{0,2}", 0..6),
        second in proptest::collection::btree_map("[ab](/[cd]){1,2}\\.y", "[xy]{0,2}", 0..6),
    ) {
        let here = Temporary::new("any");
        for files in [&first, &second] {
            let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
            run(&here.out(), vec![output("app", &files)]).unwrap();
        }
        let mut expected: Vec<_> = second.into_iter().map(|(path, text)| (format!("out/app/{path}"), text)).collect();
        let mut found = here.tree();
        let manifest = found.iter().position(|(name, _)| name == "out/app/pipeline.json").unwrap();
        found.remove(manifest);
        expected.sort();
        prop_assert_eq!(found, expected);
    }
}
