//! What the crate depends on without its commands.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::collections::BTreeSet;
use std::process::Command;

/// The names of the packages that cargo would build for a user of the library, to that depth.
fn packages(features: &[&str], depth: &str) -> BTreeSet<String> {
    let tree =
        ["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{lib}", "--depth"];
    let output = Command::new(env!("CARGO"))
        .args(tree.iter().chain([&depth]).chain(features))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).filter(|name| !name.is_empty()).collect()
}

#[test]
fn a_library_leaves_out_what_the_commands_need() {
    let with = packages(&[], "1");
    let without = packages(&["--no-default-features"], "1");
    let own = ["aphex", "foldhash", "indexmap", "k8s_openapi", "memory_stats", "rhai", "serde", "serde_json", "sha2"];
    assert_eq!(without.iter().map(String::as_str).collect::<Vec<_>>(), own);
    assert!(["clap", "miette", "codespan_reporting", "notify", "regex"].iter().all(|name| with.contains(*name)));
    let all = packages(&["--no-default-features"], "99");
    for name in with.difference(&without) {
        assert!(!all.contains(name), "something of the library still needs {name}");
    }
    assert!(!all.iter().any(|name| name.starts_with("clap") || name.contains("miette") || name.contains("anstyle")));
}
