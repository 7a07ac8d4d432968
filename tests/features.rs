//! What the crate depends on without its commands.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use std::collections::BTreeSet;
use std::process::Command;

/// The packages that cargo would build for a user of the library, to that depth: their names, or as `format` says.
fn packages(features: &[&str], depth: &str, format: &str) -> BTreeSet<String> {
    let tree = ["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none", "--depth", depth, "--format"];
    let output = Command::new(env!("CARGO"))
        .args(tree.iter().chain([&format]).chain(features))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).filter(|name| !name.is_empty()).collect()
}

#[test]
fn a_library_leaves_out_what_the_commands_need() {
    let lean = ["--no-default-features"];
    let with = packages(&[], "1", "{lib}");
    let without = packages(&lean, "1", "{lib}");
    let own = ["aphex", "foldhash", "indexmap", "k8s_openapi", "memory_stats", "rhai", "serde", "serde_json", "sha2"];
    assert_eq!(without.iter().map(String::as_str).collect::<Vec<_>>(), own);
    assert!(["clap", "miette", "codespan_reporting", "notify", "regex"].iter().all(|name| with.contains(*name)));
    let all = packages(&lean, "99", "{lib}");
    // Another version of one of them may be there.
    let versions = packages(&lean, "99", "{p}");
    for version in packages(&[], "1", "{p}").difference(&packages(&lean, "1", "{p}")) {
        assert!(!versions.contains(version), "something of the library still needs {version}");
    }
    assert!(!all.iter().any(|name| name.starts_with("clap") || name.contains("miette") || name.contains("anstyle")));
}
