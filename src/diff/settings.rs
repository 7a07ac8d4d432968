//! Keys of the pipeline, what starts a run, and parameters.

use serde_json::Value;

use super::snapshot::Side;
use super::values::{self, Difference};
use super::{Action, Change, Effect, Topic};

/// Keys that are told elsewhere: as stages, gates and permissions.
const ELSEWHERE: [&str; 9] =
    ["kind", "name", "stages", "build", "validate", "self_update", "source", "permissions", "permissions_boundary"];

/// Adds what changed about everything else. Of a new pipeline that would be all of it.
pub(super) fn compare(old: &Side, new: &Side, changes: &mut Vec<Change>) {
    source(old, new, changes);
    if old.model.is_null() {
        return;
    }
    let (Some(before), Some(after)) = (old.model.as_object(), new.model.as_object()) else { return };
    let mut found = Vec::new();
    for (key, old, new) in values::both(before, after).filter(|(key, ..)| !ELSEWHERE.contains(key)) {
        values::compare(key, old, new, &mut found);
    }
    values::compare("script", &old.script, &new.script, &mut found);
    changes.extend(found.into_iter().map(|difference| change(Topic::Settings, difference)));
    let mut found = Vec::new();
    values::compare("", &old.parameters, &new.parameters, &mut found);
    changes.extend(found.into_iter().map(|difference| change(Topic::Parameters, difference)));
}

fn source(old: &Side, new: &Side, changes: &mut Vec<Change>) {
    let triggers = |key: &str| ["branch", "tags", "paths", "pull_requests"].contains(&key);
    let (before, after) = (&old.model["source"], &new.model["source"]);
    let nothing = serde_json::Map::new();
    let (before, after) = (before.as_object().unwrap_or(&nothing), after.as_object().unwrap_or(&nothing));
    // Of a new pipeline only what starts it says something.
    let is_new = old.model.is_null();
    let mut found = Vec::new();
    for (key, old, new) in values::both(before, after).filter(|(key, ..)| *key != "kind" && (!is_new || triggers(key)))
    {
        values::compare(key, old, new, &mut found);
    }
    changes.extend(found.into_iter().map(|difference| {
        let effect = if is_new { Effect::Neutral } else { effect(&difference) };
        change(Topic::Triggers, words(difference)).effect(effect)
    }));
}

/// Whether more starts a run than before, or less. Code of another repository was never delivered here, and a pattern that is
/// new takes what none took, as far as is known. Pull requests are told as a permission.
fn effect(Difference { key, old, new, .. }: &Difference) -> Effect {
    let texts = |value: &Option<Value>| value.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
    let (before, after) = (texts(old), texts(new));
    let has_more = after.iter().any(|text| !before.contains(text));
    match key.as_str() {
        "name" | "url" => Effect::Widens,
        "branch" | "tags" if has_more => Effect::Widens,
        // Without any, every push counts.
        "paths" if after.is_empty() || (has_more && !before.is_empty()) => Effect::Widens,
        "branch" | "tags" | "paths" if before.len() != after.len() => Effect::Narrows,
        _ => Effect::Neutral,
    }
}

/// A list of patterns that is gone lets more through, not less.
fn words(difference: Difference) -> Difference {
    let gone = difference.key == "paths" && difference.action == Action::Removed;
    if !gone {
        return difference;
    }
    Difference { text: format!("{}; every push counts", difference.text), ..difference }
}

fn change(topic: Topic, Difference { key, action, text, old, new }: Difference) -> Change {
    let key = if key.is_empty() { "all".to_owned() } else { key };
    let given = |value: Option<Value>| value.filter(|value| !value.is_null());
    Change::new(topic, action, format!("{}/{key}", topic.name()), text).values(given(old), given(new))
}
