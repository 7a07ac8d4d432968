//! The part of gjson's paths that the Sensors use: keys, `#` for each item of an array, and `[a,b]` for several paths
//! in one array. A value is text, as gjson has it, so that what matches it sees what Argo Events sees.

use serde_json::Value;

/// What a path leads to, if it leads anywhere.
pub(crate) fn get(value: &Value, path: &str) -> Option<Value> {
    if let Some(inner) = path.strip_prefix('[').and_then(|path| path.strip_suffix(']')) {
        return Some(inner.split(',').filter_map(|path| get(value, path)).collect());
    }
    let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
    match (key, value, rest) {
        ("#", Value::Array(items), Some(rest)) => Some(items.iter().filter_map(|item| get(item, rest)).collect()),
        (_, Value::Object(map), rest) => match (map.get(key), rest) {
            (Some(found), None) => Some(found.clone()),
            (Some(found), Some(rest)) => get(found, rest),
            (None, _) => None,
        },
        _ => None,
    }
}

/// gjson's `String()`: a text without its quotes, nothing for null, and JSON for all else.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => go_json(other),
    }
}

/// JSON as Go writes it: three characters of HTML are escaped.
fn go_json(value: &Value) -> String {
    value.to_string().replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e")
}
