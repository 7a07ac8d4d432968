//! The one writer of YAML and JSON. YAML is written so that readers of 1.1 and of 1.2 read the same: a text that either
//! would take for something else (`on`, `012`, `12:30:45`, `2024-01-01`, `<<`, …) is quoted, as key and as value; a
//! text of several lines is a literal block; no line is ever folded. Measured with 20,000 random documents and the
//! readers of Python and Go, serde-saphyr does all that but for one thing, which [`Careful`] mends.

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Document, Format};

/// `value` as a document of that kind.
pub(super) fn document<T: Serialize>(kind: &'static str, value: &T, format: Format) -> Document {
    let text = match format {
        Format::Yaml => yaml(value),
        Format::Json => json(value),
    };
    Document { kind, text }
}

fn yaml<T: Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value).expect("what aphex emits has texts for keys");
    let options = serde_yaml::ser_options! { folded_wrap_chars: usize::MAX, min_fold_chars: usize::MAX };
    let mut text = serde_yaml::to_string_with_options(&Careful(&value), options).expect("JSON has a form in YAML");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// A value in which a text of several lines is quoted where its first line starts with a tab: Go's reader would take
/// the tab in a block for indentation, and refuse it.
struct Careful<'a>(&'a Value);

impl Serialize for Careful<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::String(text) if text.contains('\n') && text.trim_start_matches('\n').starts_with('\t') => {
                serde_yaml::DoubleQuoted(text).serialize(serializer)
            }
            Value::Array(items) => serializer.collect_seq(items.iter().map(Careful)),
            Value::Object(map) => serializer.collect_map(map.iter().map(|(key, value)| (key, Careful(value)))),
            other => other.serialize(serializer),
        }
    }
}

fn json<T: Serialize>(value: &T) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("what aphex emits has texts for keys");
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

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
