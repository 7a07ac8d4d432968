//! Inputs to start from: what the tests and examples of the repository have anyhow.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::editor::MOST_QUESTIONS;

/// The longest file that is taken, in bytes: a short input is tried more often.
const LONGEST: u64 = 2_048;
/// The longest data that is taken: with less than that there is no push.
const LONGEST_DATA: usize = 4_096;
/// How many lines a piece of a script has.
const LINES: usize = 6;

/// The root of the repository: the fuzz targets are built by a crate of their own within it.
pub(super) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.ancestors().find(|folder| folder.join("stdlib").is_dir()).expect("the crate is in the repository").to_owned()
}

/// The files below `folders` with that ending, each folder's in the order of their names.
fn files(folders: &[&str], ending: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for folder in folders {
        collect(&root().join(folder), ending, LONGEST, &mut found);
    }
    assert!(!found.is_empty(), "there is no {ending} in {folders:?}");
    found
}

fn collect(folder: &Path, ending: &str, longest: u64, found: &mut Vec<Vec<u8>>) {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder is there").flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, ending, longest, found);
        } else if path.extension().is_some_and(|own| own == ending)
            && path.metadata().is_ok_and(|file| file.len() <= longest)
        {
            found.extend(std::fs::read(path));
        }
    }
}

pub(super) fn scripts() -> Vec<Vec<u8>> {
    files(&["tests/suite", "tests/format", "tests/import", "tests/events", "examples", "stdlib"], "aphex")
}

/// Scripts in pieces of a few lines: enough for what looks at the form of a text alone.
pub(super) fn pieces() -> Vec<Vec<u8>> {
    let pieces = |text: &Vec<u8>| -> Vec<Vec<u8>> {
        let lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
        lines.chunks(LINES).map(<[_]>::concat).collect()
    };
    scripts().iter().flat_map(pieces).collect()
}

pub(super) fn configurations() -> Vec<Vec<u8>> {
    files(&["tests/import"], "yaml")
}

/// Data without the blanks that a person would read it by.
fn data(folders: &[&str]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for folder in folders {
        collect(&root().join(folder), "json", u64::MAX, &mut found);
    }
    let short = found.iter().map(|bytes| match serde_json::from_slice::<Value>(bytes) {
        Ok(value) => value.to_string().into_bytes(),
        Err(_) => bytes.clone(),
    });
    short.filter(|bytes| bytes.len() <= LONGEST_DATA).collect()
}

pub(super) fn deliveries() -> Vec<Vec<u8>> {
    data(&["tests/events/payloads"])
}

pub(super) fn json() -> Vec<Vec<u8>> {
    let mut found = data(&["tests/events/payloads", "examples"]);
    found.extend(choices());
    found
}

/// Texts with projects in them: the language server's fixtures, and scripts as projects of one file, each behind some of the
/// questions that can be asked.
pub(super) fn editor() -> Vec<Vec<u8>> {
    let fixtures = files(&["tests/lsp"], "txt");
    let scripts = scripts().into_iter().map(|text| [b"=== pipeline.aphex\n", &*text].concat());
    let asked = |(number, text): (usize, Vec<u8>)| {
        let questions = (0..MOST_QUESTIONS).flat_map(|at| {
            let some = number.to_le_bytes()[0].wrapping_mul(23).wrapping_add(at.wrapping_mul(11));
            [some, some.wrapping_mul(37), some, at]
        });
        [MOST_QUESTIONS].into_iter().chain(questions).chain(text).collect()
    };
    fixtures.into_iter().chain(scripts).enumerate().map(asked).collect()
}

/// Bytes that choose this and that.
pub(super) fn choices() -> Vec<Vec<u8>> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (1..64_usize).map(|length| (0..length * 16).map(|_| next()).collect()).collect()
}
