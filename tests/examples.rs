//! Compiles every example and holds its output against the files beside it, in `examples/<name>/aphex.out`.
//! `APHEX_UPDATE=1` rewrites them.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aphex::compile::{Options, compile};
use aphex::source::{DiskHost, Host};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<String> = std::fs::read_dir(root.join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| root.join("examples").join(name).join("pipeline.aphex").exists())
        .collect();
    names.sort();
    let trials = names.into_iter().map(|name| Trial::test(name.clone(), move || example(&name)));
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

fn example(name: &str) -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = format!("examples/{name}/pipeline.aphex");
    let host: Arc<dyn Host> = Arc::new(DiskHost::new(root).unwrap());
    let bytes = std::fs::read(root.join(&path)).unwrap();
    let compiled = compile(&host, &path, &path, bytes, &Options::default());
    if !compiled.diagnostics.is_empty() {
        let messages: Vec<&str> = compiled.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
        return Err(format!("an example is clean, not even a warning: {messages:#?}").into());
    }
    let mut files = BTreeMap::new();
    for output in &compiled.outputs {
        for artifact in &output.artifacts {
            files.insert(format!("{}/{}", output.pipeline, artifact.path), artifact.contents().to_owned());
        }
        files.insert(format!("{}/pipeline.json", output.pipeline), output.manifest.clone());
    }
    let folder = root.join("examples").join(name).join("aphex.out");
    let mut there = BTreeMap::new();
    read(&folder, &folder, &mut there);
    if std::env::var_os("APHEX_UPDATE").is_some() {
        update(&folder, &files, &there);
        return Ok(());
    }
    let paths = files.keys().chain(there.keys());
    let mut wrong: Vec<&String> = paths.filter(|path| files.get(*path) != there.get(*path)).collect();
    wrong.dedup();
    if wrong.is_empty() { Ok(()) } else { Err(format!("not as expected: {wrong:#?}; see `APHEX_UPDATE=1`").into()) }
}

fn read(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            read(root, &path, files);
        } else {
            let inside = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            files.insert(inside, std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn update(folder: &Path, files: &BTreeMap<String, String>, there: &BTreeMap<String, String>) {
    for path in there.keys().filter(|path| !files.contains_key(*path)) {
        std::fs::remove_file(folder.join(path)).unwrap();
    }
    for (path, text) in files {
        let full = folder.join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, text).unwrap();
    }
}
