//! The one writer of YAML and JSON. YAML is written so that readers of 1.1 and of 1.2 read the same: a text that either
//! would take for something else (`on`, `012`, `12:30:45`, `2024-01-01`, `<<`, …) is quoted, as key and as value; a
//! text of several lines is a literal block; no line is ever folded.
//!
//! It is our own, since it runs over every byte of the output: it writes straight from the typed objects, in one pass and
//! without a tree between, which took a tenth of the instructions of the library that it replaced (`docs/performance.md`).
//! Libraries read back what it writes, here and in `tests/conformance`.

mod scalar;
mod writer;

use serde::Serialize;

use super::{Artifact, Format};
use writer::Writer;

/// Adds `value` to the documents of a file.
pub(super) fn add<T: Serialize>(file: &mut Artifact, kind: &'static str, value: &T, format: Format) {
    file.add(kind, |text| match format {
        Format::Yaml => write(value, text),
        Format::Json => {
            text.push_str(&serde_json::to_string_pretty(value).expect("what aphex emits has texts for keys"));
            text.push('\n');
        }
    });
}

/// Adds `value` to `text` as YAML.
pub fn write<T: Serialize>(value: &T, text: &mut String) {
    value.serialize(&mut Writer::new(text)).expect("what aphex emits has texts for keys");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use serde_json::Value;

    use super::*;

    fn yaml<T: Serialize>(value: &T) -> String {
        let mut text = String::new();
        write(value, &mut text);
        text
    }

    /// Texts that some reader of YAML takes for something else.
    const TRAPS: &[&str] = &[
        "",
        " ",
        "~",
        "null",
        "Null",
        "true",
        "False",
        "yes",
        "No",
        "on",
        "OFF",
        "y",
        "N",
        "012",
        "0o7",
        "0x1f",
        "0b1",
        "1_000",
        "1e3",
        "1.",
        ".5",
        "+1",
        "-0",
        "12:30:45",
        "1:1",
        "190:20:30.15",
        "2024-01-01",
        "2024-1-1T1:2:3Z",
        ".inf",
        "-.INF",
        ".nan",
        "=",
        "<<",
        "!",
        "!!str",
        "&a",
        "*a",
        "? x",
        "?",
        "-",
        "- a",
        "--- a",
        "---",
        "...",
        "#",
        "a #b",
        "a: b",
        "a:",
        ":a",
        "[",
        "{a}",
        "}",
        ",",
        "@a",
        "`a",
        "%a",
        "'",
        "\"",
        "\\",
        "a\\nb",
        " a",
        "a ",
        "\ta",
        "a\t",
        "a\nb",
        "a\n",
        "\na",
        "\n",
        "a\n\n",
        " a\nb",
        "a\n b \n",
        "a\rb",
        "a\r\nb",
        "é",
        "\u{85}",
        "\u{2028}",
        "\u{feff}a",
        "\u{7f}",
        "\u{1b}[0m",
        "🏴\u{e0067}",
        "|",
        ">",
        "{{x}}",
        "{$(A)",
        "0123456789012",
        "!x\n",
        "#x\ny",
        "%x\ny",
        "---\na",
        "...\na",
        "\t\na",
        "a\n\tb",
    ];

    fn assert_survives(value: &Value) {
        let text = yaml(value);
        let read: Value = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(&read, value, "{text}");
        // What `argo::Objects::problems` counts on.
        assert!(value.to_string().len() <= 2 * text.len(), "{text}");
    }

    #[test]
    fn texts_that_look_like_something_else_stay_texts() {
        for trap in TRAPS {
            assert_survives(&json!({ *trap: trap, "list": [trap, { *trap: [trap, [trap]] }], "a": { "b": trap } }));
        }
        for trap in TRAPS.iter().filter(|trap| trap.chars().all(|c| c.is_ascii_alphanumeric() || "._-:+".contains(c))) {
            if trap.parse::<f64>().is_ok()
                || trap.contains(':')
                || trap.len() < 4 && trap.chars().all(char::is_alphabetic)
            {
                assert_eq!(yaml(&json!({ *trap: trap })), format!("{trap:?}: {trap:?}\n"));
            }
        }
    }

    #[test]
    fn long_lines_are_not_folded_and_lines_stay_lines() {
        let long = "word ".repeat(60) + "end";
        assert_eq!(yaml(&json!({ "a": long })), format!("a: {long}\n"));
        assert_eq!(yaml(&json!(["\ta\nb"])), "- \"\\ta\\nb\"\n");
        assert_eq!(yaml(&json!({ "a": "one\ntwo\n" })), "a: |\n  one\n  two\n");
    }

    fn value() -> impl Strategy<Value = Value> {
        let text = prop_oneof![
            any::<String>(),
            "[ -~\n\t]{0,12}",
            "[0-9+._:eExbo-]{0,8}",
            proptest::sample::select(TRAPS).prop_map(str::to_owned),
        ];
        let leaf =
            prop_oneof![text.clone().prop_map(Value::from), any::<i64>().prop_map(Value::from), Just(json!(true))];
        leaf.prop_recursive(4, 24, 4, move |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::vec((text.clone(), inner), 0..4)
                    .prop_map(|entries| entries.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_again(value in value()) {
            assert_survives(&value);
        }
    }
}
