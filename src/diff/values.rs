//! Two values of the model, key by key, in the language's own words.

use serde_json::{Map, Value};

use super::Action;

/// The most characters of one value that a line shows.
const SHOWN: usize = 160;

/// What functions return that may stand as the value of a key.
const THINGS: [&str; 5] = ["secret", "step", "approval", "slack", "webhook"];

/// One key that is different.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    /// The key, those above it before it: `tests.commands`.
    pub(super) key: String,
    pub(super) action: Action,
    pub(super) text: String,
    pub(super) old: Option<Value>,
    pub(super) new: Option<Value>,
}

/// What is different between two values of the key `key`. A list without order is none: places count.
pub(super) fn compare(key: &str, old: &Value, new: &Value, found: &mut Vec<Difference>) {
    if old == new || (is_empty(old) && is_empty(new)) {
        return;
    }
    match (old, new) {
        (Value::Object(before), Value::Object(after)) if is_same_thing(before, after) => {
            for (name, old, new) in both(before, after) {
                compare(&join(key, name), old, new, found);
            }
        }
        (Value::Array(before), Value::Array(after)) if is_named(before) && is_named(after) => {
            named(key, before, after, found);
        }
        (Value::Array(before), Value::Array(after)) if !before.is_empty() && !after.is_empty() => {
            found.push(difference(key, Action::Changed, list(before, after), (old, new)));
        }
        _ if is_empty(old) => found.push(difference(key, Action::Added, show(new), (old, new))),
        _ if is_empty(new) => found.push(difference(key, Action::Removed, format!("was {}", show(old)), (old, new))),
        _ => {
            let text = format!("{} -> {}", show(old), show(new));
            found.push(difference(key, Action::Changed, text, (old, new)));
        }
    }
}

/// Every key of either map with its values, null where there is none: first as the new one has them.
pub(super) fn both<'a>(
    old: &'a Map<String, Value>,
    new: &'a Map<String, Value>,
) -> impl Iterator<Item = (&'a str, &'a Value, &'a Value)> {
    let gone = old.iter().filter(|(key, _)| !new.contains_key(*key)).map(|(key, value)| (key, value, &Value::Null));
    let there = new.iter().map(|(key, value)| (key, old.get(key).unwrap_or(&Value::Null), value));
    there.chain(gone).map(|(key, old, new)| (key.as_str(), old, new))
}

/// A value as a script would have it, as far as it fits on a line.
pub(super) fn show(value: &Value) -> String {
    let text = whole(value);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}... ({} characters)", &text[..end], text.chars().count()),
        None => text,
    }
}

fn whole(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) if is_plain(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
        Value::Array(items) => joined(items.iter().map(whole)),
        Value::Object(map) => object(map),
    }
}

/// The reference to a Secret as `name/key`, something that has a name by it, and anything else key by key.
fn object(map: &Map<String, Value>) -> String {
    let text = |key: &str| map.get(key).and_then(Value::as_str);
    match (text("kind"), text("name"), text("key")) {
        (Some("secret"), Some(name), Some(key)) => format!("secret {name}/{key}"),
        (Some(kind), Some(name), _) => format!("{kind} {name}"),
        (kind, _, _) => {
            let rest = map.iter().filter(|(key, value)| *key != "kind" && !is_empty(value));
            let keys = rest.map(|(key, value)| format!("{key} {}", whole(value)));
            kind.map(str::to_owned).into_iter().chain(keys).collect::<Vec<_>>().join(" ")
        }
    }
}

fn joined(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// Whether it needs no quotes to be told from the words around it.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_alphanumeric() || "-_./:*@+=".contains(letter))
}

/// What says no more than a key that was not given.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Maps of keys, or two of one thing: of an approval and a step nothing is told key by key, and a reference is one value.
fn is_same_thing(old: &Map<String, Value>, new: &Map<String, Value>) -> bool {
    let kind = |map: &Map<String, Value>| {
        map.get("kind").and_then(Value::as_str).filter(|kind| THINGS.contains(kind)).map(str::to_owned)
    };
    kind(old) == kind(new) && kind(old).as_deref() != Some("secret")
}

fn name(value: &Value) -> Option<&str> {
    value.get("name")?.as_str()
}

fn is_named(items: &[Value]) -> bool {
    items.iter().all(|item| name(item).is_some())
}

/// Lists of things with names: each by its name, and the order of those that are on both sides.
fn named(key: &str, old: &[Value], new: &[Value], found: &mut Vec<Difference>) {
    let find = |items: &'_ [Value], wanted: &Value| items.iter().position(|item| name(item) == name(wanted));
    for item in new {
        let key = join(key, name(item).unwrap_or_default());
        match find(old, item) {
            Some(at) => compare(&key, &old[at], item, found),
            None => found.push(difference(&key, Action::Added, show(item), (&Value::Null, item))),
        }
    }
    for item in old.iter().filter(|item| find(new, item).is_none()) {
        let key = join(key, name(item).unwrap_or_default());
        found.push(difference(&key, Action::Removed, format!("was {}", show(item)), (item, &Value::Null)));
    }
    let places: Vec<usize> = new.iter().filter_map(|item| find(old, item)).collect();
    if !places.is_sorted() {
        let names = joined(new.iter().filter_map(name).map(str::to_owned));
        found.push(difference(key, Action::Moved, format!("now in the order {names}"), (&Value::Null, &Value::Null)));
    }
}

/// What came and went in a list of values; where neither did, its order changed.
fn list(old: &[Value], new: &[Value]) -> String {
    let gone: Vec<&Value> = without(old, new);
    let added: Vec<&Value> = without(new, old);
    if gone.is_empty() && added.is_empty() {
        return format!("now in the order {}", show(&Value::Array(new.to_vec())));
    }
    let signed = |sign: &str, items: &[&Value]| -> Vec<String> {
        items.iter().map(|item| format!("{sign} {}", show(item))).collect()
    };
    [signed("-", &gone), signed("+", &added)].concat().join(", ")
}

/// The items of `items` that `others` do not have, each as often as it is too many.
fn without<'a>(items: &'a [Value], others: &[Value]) -> Vec<&'a Value> {
    let mut left = std::collections::BTreeMap::<String, usize>::new();
    for other in others {
        *left.entry(other.to_string()).or_default() += 1;
    }
    let mut is_missing = |item: &&Value| match left.get_mut(&item.to_string()) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    items.iter().filter(|item| is_missing(item)).collect()
}

fn join(above: &str, key: &str) -> String {
    if above.is_empty() { key.to_owned() } else { format!("{above}.{key}") }
}

fn difference(key: &str, action: Action, text: String, (old, new): (&Value, &Value)) -> Difference {
    let given = |value: &Value| (!value.is_null()).then(|| value.clone());
    Difference { key: key.to_owned(), action, text, old: given(old), new: given(new) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn lines(old: &Value, new: &Value) -> Vec<String> {
        let mut found = Vec::new();
        compare("", old, new, &mut found);
        found
            .into_iter()
            .map(|Difference { key, action, text, .. }| format!("{} {key}: {text}", action.name()))
            .collect()
    }

    #[test]
    fn keys_are_named_as_a_script_has_them() {
        let old = json!({ "tests": { "commands": ["npm test"], "timeout": "30m" }, "variables": { "A": "1" } });
        let new = json!({ "tests": { "commands": ["npm test", "npm run e2e"], "retries": 2 }, "variables": {} });
        assert_eq!(
            lines(&old, &new),
            [
                "changed tests.commands: + \"npm run e2e\"",
                "added tests.retries: 2",
                "removed tests.timeout: was 30m",
                "removed variables.A: was 1",
            ]
        );
    }

    #[test]
    fn things_with_names_are_told_by_them() {
        let step = |name: &str, timeout: &str| json!({ "kind": "step", "name": name, "timeout": timeout });
        let old = json!({ "verify": [step("a", "1m"), step("b", "1m"), step("c", "1m")] });
        let new = json!({ "verify": [step("b", "2m"), step("a", "1m"), step("d", "1m")] });
        assert_eq!(
            lines(&old, &new),
            [
                "changed verify.b.timeout: 1m -> 2m",
                "added verify.d: step d",
                "removed verify.c: was step c",
                "moved verify: now in the order b, a, d",
            ]
        );
    }

    #[test]
    fn a_list_in_another_order_and_a_list_with_twins_are_different() {
        assert_eq!(
            lines(&json!({ "a": ["x", "y"] }), &json!({ "a": ["y", "x"] })),
            ["changed a: now in the order y, x"]
        );
        assert_eq!(lines(&json!({ "a": ["x", "x"] }), &json!({ "a": ["x"] })), ["changed a: - x"]);
        let secret = |name: &str| json!({ "s": { "kind": "secret", "name": name, "key": "k" } });
        assert_eq!(lines(&secret("a"), &secret("b")), ["changed s: secret a/k -> secret b/k"]);
    }
}
