//! Words that inputs are made of: for the fuzzer's dictionary, and for inputs by chance.

use std::sync::LazyLock;

use aphex::Interpreter;
use aphex::language::Reference;

/// What the language has.
pub(super) static REFERENCE: LazyLock<Reference> = LazyLock::new(|| Interpreter::default().reference());

/// What a script is written with, whatever it says.
const SIGNS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "#{",
    ":",
    "::",
    ",",
    ";",
    ".",
    "=",
    "+",
    "-",
    "!",
    "|",
    "||",
    "&&",
    "..",
    "?",
    "=>",
    "==",
    "**",
    "??",
    "?.",
    "\"a\"",
    "\"",
    "'",
    "`",
    "`${",
    "}`",
    "${",
    "a",
    "b1",
    "_",
    "1",
    "0x",
    "2.5",
    "//",
    "///",
    "//!",
    "/*",
    "*/",
    "\n",
    "\r",
    "\t",
    "\\",
    "\\\n",
    "ä",
    "\u{feff}",
    "#\"",
    "\"#",
    "1e9",
    "\u{1f600}",
    "\u{301}",
];

/// The first and the last choice there are.
pub(super) fn choices() -> Vec<String> {
    own(&["\0", "\u{7f}"])
}

/// The signs and keywords of scripts.
pub(super) fn script() -> Vec<String> {
    let keywords = REFERENCE.words.keywords.iter().chain(&REFERENCE.words.reserved);
    SIGNS.iter().chain(keywords).map(ToString::to_string).collect()
}

/// The same, with what the language has: functions, keys, methods, modules.
pub(super) fn language() -> Vec<String> {
    let reference = &*REFERENCE;
    let functions = reference.functions.iter().map(|function| format!("{}(", function.name));
    let methods = reference.methods.iter().map(|method| format!(".{}(", method.name));
    let keys = reference.records.iter().flat_map(|record| &record.keys).map(|key| format!("{}: ", key.key));
    let modules = reference.modules.iter().map(|module| format!("import \"{}\" as m;", module.path));
    let mut words = script();
    words.extend(functions.chain(methods).chain(keys).chain(modules));
    words.sort();
    words.dedup();
    words
}

fn own(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

/// The signs of YAML and JSON, and the keys of the original's configurations.
pub(super) fn yaml() -> Vec<String> {
    own(&[
        "- ",
        ": ",
        "{",
        "}",
        "[",
        "]",
        ",",
        "&a ",
        "*a",
        "!",
        "|\n",
        ">-\n",
        "'",
        "\"",
        "%",
        "# ",
        "---\n",
        "...\n",
        "? ",
        "@",
        "`",
        "~",
        "\n  ",
        "\t",
        "\r",
        "\u{feff}",
        "<<: ",
        "null",
        "true",
        "!!str ",
        "0o7",
        "1.5",
        "-1e300",
        "version: '1.0'\n",
        "build:\n  commands:\n",
        "environments:\n",
        "name: ",
        "region: ",
        "account: ",
        "stacks:",
        "path: ",
        "tests:",
        "commands:",
        "\u{2028}",
        "\u{85}",
        "\\u0000",
        "012",
        "12:30:45",
        "2024-01-01",
        "=",
        "on",
    ])
}

/// Parts of the paths of modules.
pub(super) fn paths() -> Vec<String> {
    own(&["..", ".", "/", "\\", "\0", "aphex/", ".aphex", "%2e", "\u{2024}", "link", "inside", "~", "C:", "//"])
}

/// What GitHub's deliveries are made of.
pub(super) fn deliveries() -> Vec<String> {
    own(&[
        "\"ref\":",
        "\"refs/heads/main\"",
        "\"refs/tags/v1\"",
        "\"before\":",
        "\"after\":",
        "\"deleted\":",
        "true",
        "\"commits\":[",
        "\"added\":[",
        "\"modified\":[",
        "\"removed\":[",
        "\"head_commit\":",
        "\"id\":",
        "null",
        "\"repository\":{",
        "\"full_name\":",
        "\"pull_request\":{",
        "\"base\":{",
        "\"head\":{",
        "\"sha\":",
        "\"action\":",
        "\"opened\"",
        "\"synchronize\"",
        "\"headers\":{",
        "\"body\":{",
        "\"request\":{",
        "\"payload\":{",
        "\"X-GitHub-Event\":",
        "\"push\"",
        "\\u0000",
        "0000000000000000000000000000000000000000",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\\",
        "1e999",
        "-0",
    ])
}
