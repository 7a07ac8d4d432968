//! Any value is written as YAML and JSON that say the same.

use serde_json::{Map, Number, Value};

use super::choices::Choices;

/// How deep a value lies in others.
const DEEPEST: usize = 6;

pub(super) fn run(bytes: &[u8]) {
    let value = serde_json::from_slice(bytes).unwrap_or_else(|_| value(&mut Choices::new(bytes), 0));
    // A reader of YAML counts how deep it is; what is emitted is far from that.
    if depth(&value) > 60 {
        return;
    }
    let mut yaml = String::new();
    aphex::emit::yaml::write(&value, &mut yaml);
    let read: Value = serde_yaml::from_str(&yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
    assert_eq!(read, value, "{yaml}");
    assert!(yaml.ends_with('\n') && !yaml.contains('\r') && !yaml.contains('\u{85}'), "{yaml:?}");
    let json = serde_json::to_string_pretty(&value).expect("texts are keys");
    let read: Value = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}\n{json}"));
    assert_eq!(read, value);
}

fn value(choices: &mut Choices<'_>, depth: usize) -> Value {
    let kinds = if depth < DEEPEST { 9 } else { 6 };
    match choices.below(kinds) {
        0 => Value::Null,
        1 => choices.byte().is_multiple_of(2).into(),
        2 => Number::from(i64::from(choices.number()) - i64::from(choices.number())).into(),
        3 => (u64::from(choices.number()) << 48).into(),
        4 | 5 => choices.text().into(),
        6 => (0..choices.below(4)).map(|_| value(choices, depth + 1)).collect(),
        _ => {
            let mut map = Map::new();
            for _ in 0..choices.below(4) {
                map.insert(choices.text(), value(choices, depth + 1));
            }
            map.into()
        }
    }
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
