//! The part of gjson's paths that aphex writes: keys, `#` for each item of an array, and `[a,b]` for several paths in one
//! array. A value is text, as gjson has it, so that what matches it sees what Argo Events sees.

use std::borrow::Cow;

use serde_json::Value;

/// A path into a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Path {
    /// From key to key.
    Keys(Vec<String>),
    /// What several lead to, without those that lead nowhere.
    All(Vec<Self>),
}

impl Path {
    /// Reads a path; `None` where it is of a form that is not known here: gjson has many more.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(inside) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            return inside.split(',').map(Self::parse_keys).collect::<Option<_>>().map(Self::All);
        }
        Self::parse_keys(text)
    }

    fn parse_keys(text: &str) -> Option<Self> {
        let keys: Vec<String> = text.split('.').map(str::to_owned).collect();
        let plain = |key: &String| {
            let mut letters = key.chars();
            letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
                && letters.all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter))
        };
        // A `#` at the end would count, and an item of an array stands behind one.
        let ends = keys.last().is_some_and(plain);
        (ends && keys.iter().all(|key| key == "#" || plain(key))).then_some(Self::Keys(keys))
    }

    /// What it leads to in `value`, if anywhere.
    pub(super) fn get<'a>(&self, value: &'a Value) -> Option<Cow<'a, Value>> {
        match self {
            Self::Keys(keys) => follow(value, keys),
            Self::All(paths) => {
                let found = paths.iter().filter_map(|path| path.get(value));
                Some(Cow::Owned(found.map(Cow::into_owned).collect()))
            }
        }
    }
}

fn follow<'a>(value: &'a Value, keys: &[String]) -> Option<Cow<'a, Value>> {
    let Some((key, rest)) = keys.split_first() else { return Some(Cow::Borrowed(value)) };
    match value {
        Value::Array(items) if key == "#" => {
            let found = items.iter().filter_map(|item| follow(item, rest));
            Some(Cow::Owned(found.map(Cow::into_owned).collect()))
        }
        Value::Object(map) => follow(map.get(key)?, rest),
        _ => None,
    }
}

/// gjson's `String()`: a text without its quotes, nothing for null, and JSON for all else.
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(go_json(other)),
    }
}

/// gjson's `Bool()`: also a text that says so, and a number that is not 0.
pub(super) fn truth(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::String(text) => ["1", "t", "true"].contains(&text.to_lowercase().as_str()),
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    }
}

/// JSON as Go writes it: three characters of HTML are escaped, and two that JavaScript takes for line breaks.
fn go_json(value: &Value) -> String {
    let mut text = String::new();
    for letter in value.to_string().chars() {
        match letter {
            '&' => text.push_str("\\u0026"),
            '<' => text.push_str("\\u003c"),
            '>' => text.push_str("\\u003e"),
            '\u{2028}' => text.push_str("\\u2028"),
            '\u{2029}' => text.push_str("\\u2029"),
            letter => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(value: &Value, path: &str) -> Option<String> {
        Path::parse(path).unwrap().get(value).map(|found| text(&found).into_owned())
    }

    #[test]
    fn a_path_leads_where_gjson_goes() {
        let value = json!({ "a": { "b": null, "X-Y": 1 }, "l": [{ "x": ["1"] }, { "y": 2 }, { "x": [] }], "e": [] });
        assert_eq!(found(&value, "a.X-Y").as_deref(), Some("1"));
        assert_eq!(found(&value, "a.b").as_deref(), Some(""));
        assert_eq!(found(&value, "a.b.c"), None);
        assert_eq!(found(&value, "l.x"), None);
        assert_eq!(found(&value, "l.#.x").as_deref(), Some(r#"[["1"],[]]"#));
        assert_eq!(found(&value, "e.#.x").as_deref(), Some("[]"));
        assert_eq!(found(&value, "[l.#.x,n.#.x,l.#.y]").as_deref(), Some(r#"[[["1"],[]],[2]]"#));
    }

    #[test]
    fn other_forms_of_paths_are_not_guessed_at() {
        for path in
            ["", "a.", "a.0", "a.*", "a?", "a|b", "@this", "a.#", "a.#(b==1)", "a\\.b", "[a,[b]]", "{a,b}", "a:b"]
        {
            assert_eq!(Path::parse(path), None, "{path}");
        }
    }

    #[test]
    fn json_is_written_as_go_does() {
        assert_eq!(text(&json!(["<&>\u{2028}é\u{7f}"])), "[\"\\u003c\\u0026\\u003e\\u2028é\u{7f}\"]");
        assert_eq!(text(&json!({ "a": "\u{1}\"\\\n" })), r#"{"a":"\u0001\"\\\n"}"#);
    }
}
