//! What `CONTRIBUTING.md` names is there: paths, aliases, tests.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

use std::path::Path;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

#[test]
fn every_path_is_there() {
    let guide = read("CONTRIBUTING.md");
    let quoted = guide.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_path = |word: &&str| {
        !word.contains([' ', '<', '!', '='])
            && (word.contains('/') || Path::new(word).extension().is_some_and(|ending| ending == "md"))
    };
    let paths: Vec<&str> = quoted.filter(is_path).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let missing: Vec<&&str> = paths.iter().filter(|path| !root.join(path).exists()).collect();
    assert!(paths.len() > 15 && missing.is_empty(), "{missing:?}");
}

#[test]
fn every_command_is_one() {
    let (guide, aliases) = (read("CONTRIBUTING.md"), read(".cargo/config.toml"));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for rest in guide.split("cargo ").skip(1) {
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap();
        assert!(["", "test"].contains(&name) || aliases.contains(&format!("\n{name} = ")), "cargo {name}");
    }
    for rest in guide.split("--test ").skip(1) {
        let name = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap();
        let is_test =
            root.join(format!("tests/{name}.rs")).exists() || root.join(format!("tests/{name}/main.rs")).exists();
        assert!(is_test, "--test {name}");
    }
}
