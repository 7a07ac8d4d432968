//! What runs, and in what order: stages that came, went, moved or changed, the build, and the two stages of aphex's own.

use serde_json::Value;

use super::pairs::Pairs;
use super::plan::{Kind, Plan, Unit};
use super::snapshot::Side;
use super::values::{self, Difference, show};
use super::{Action, Change, Topic};

/// Keys of a stage that are told elsewhere: as gates, as permissions, or as the stage itself.
const ELSEWHERE: [&str; 4] = ["kind", "name", "approval", "permissions"];

/// Adds what changed about stages.
pub(super) fn compare(old: &Side, new: &Side, changes: &mut Vec<Change>) {
    let (before, after) = (Plan::of(&old.model), Plan::of(&new.model));
    let pairs = Pairs::of(&before, &after);
    if !old.model.is_null() {
        whole(old, new, changes);
    }
    let waits = after.before(&|_| true);
    for (at, unit) in after.units.iter().enumerate() {
        match pairs.old_of[at] {
            Some(was) => changed(&before.units[was], unit, changes),
            None => changes.extend(added(unit, &place(&after, &waits[at]))),
        }
    }
    let gone =
        before.units.iter().zip(&pairs.new_of).filter(|(unit, now)| now.is_none() && unit.kind != Kind::Approval);
    changes.extend(gone.map(|(unit, _)| change(unit, Action::Removed, &format!("was {}", about(unit)))));
    moved((&before, &after), &pairs, changes);
}

/// What a pipeline has beside its stages.
fn whole(old: &Side, new: &Side, changes: &mut Vec<Change>) {
    let mut found = Vec::new();
    values::compare("", &old.model["build"], &new.model["build"], &mut found);
    found.retain(|difference| is_here(difference, &old.model["build"], &new.model["build"]));
    changes.extend(found.into_iter().map(|difference| keyed("stages/build", "build", difference)));
    for (key, stage) in [("validate", "validate"), ("self_update", "update-pipeline")] {
        let mut found = Vec::new();
        values::compare(key, &old.model[key], &new.model[key], &mut found);
        changes.extend(found.into_iter().map(|difference| {
            let change = keyed(&format!("stages/{stage}"), stage, difference);
            match (&old.model[key], &new.model[key]) {
                (_, Value::Bool(false)) => {
                    Change { action: Action::Removed, text: "does not run any more".into(), ..change }
                }
                (Value::Bool(false), _) => {
                    let text = match key {
                        "self_update" => "whoever can push to the branch can change the pipeline",
                        _ => "runs in every run",
                    };
                    Change { action: Action::Added, text: text.into(), ..change }
                }
                _ => change,
            }
        }));
    }
}

/// Whether it is told as a stage, of which both sides are given. A Secret that both have, and one of them in another
/// variable, is no permission.
fn is_here(difference: &Difference, old: &Value, new: &Value) -> bool {
    if difference.key.split('.').any(|part| part == "secrets") {
        let (value, other) = if difference.new.is_some() { (&difference.new, old) } else { (&difference.old, new) };
        return value.as_ref().is_some_and(|value| value["kind"] == "secret" && holds(other, value));
    }
    !difference.key.split('.').any(|part| part == "permissions")
}

fn holds(value: &Value, wanted: &Value) -> bool {
    let inside = || match value {
        Value::Array(items) => items.iter().any(|item| holds(item, wanted)),
        Value::Object(map) => map.values().any(|item| holds(item, wanted)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    value == wanted || inside()
}

fn keyed(path: &str, subject: &str, difference: Difference) -> Change {
    let Difference { key, action, text, old, new } = difference;
    let text = if key.is_empty() { text } else { format!("{key}: {text}") };
    let path = if key.is_empty() { path.to_owned() } else { format!("{path}/{key}") };
    Change::new(Topic::Stages, action, path, text).subject(subject).values(old, new)
}

/// What changed inside of a stage that stays.
fn changed(old: &Unit<'_>, new: &Unit<'_>, changes: &mut Vec<Change>) {
    if new.kind == Kind::Approval {
        return;
    }
    if old.name != new.name {
        changes.push(change(new, Action::Changed, &format!("was called {}", old.name)));
    }
    let (Some(before), Some(after)) = (old.value.as_object(), new.value.as_object()) else { return };
    let mut found = Vec::new();
    for (key, old, new) in values::both(before, after).filter(|(key, ..)| !ELSEWHERE.contains(key)) {
        values::compare(key, old, new, &mut found);
    }
    let path = path(new);
    found.retain(|difference| is_here(difference, old.value, new.value));
    changes.extend(found.into_iter().map(|difference| {
        let gone = difference.key == "rollback" && difference.action == Action::Removed;
        let change = keyed(&path, &new.name, difference);
        let text = if gone { format!("{}; nothing answers a failure there", change.text) } else { change.text };
        Change { text, ..change }
    }));
}

/// A stage that was not there. An approval is a gate.
fn added(unit: &Unit<'_>, place: &str) -> Option<Change> {
    (unit.kind != Kind::Approval).then(|| change(unit, Action::Added, &format!("{}, {place}", about(unit))))
}

/// What a stage is, in a few words.
fn about(unit: &Unit<'_>) -> String {
    let text = |key: &str| show(&unit.value[key]);
    match unit.kind {
        Kind::Environment => {
            let stacks = show(&unit.value["stacks"]);
            format!("environment in {} {} with {stacks}", text("account"), text("region"))
        }
        Kind::Step => format!("step in {}", text("image")),
        Kind::Approval => "approval".to_owned(),
    }
}

/// Where a stage stands, by what it waits for.
fn place(plan: &Plan<'_>, before: &[usize]) -> String {
    const NAMED: usize = 6;
    let mut names: Vec<&str> = before.iter().map(|unit| plan.units[*unit].name.as_str()).collect();
    names.sort_unstable();
    match names.len() {
        0 => "at the start".to_owned(),
        1..=NAMED => format!("after {}", names.join(", ")),
        more => format!("after {} and {} more", names[..NAMED].join(", "), more - NAMED),
    }
}

/// Stages that wait for others than before, among those that are on both sides: first the fewest that explain the new
/// order, then what is still different when these are left out.
fn moved((old, new): (&Plan<'_>, &Plan<'_>), pairs: &Pairs, changes: &mut Vec<Change>) {
    let mut stays: Vec<bool> = pairs.old_of.iter().map(Option::is_some).collect();
    let wait = differing((old, new), pairs, &stays);
    let kept = longest_in_order(&new.flat(), &ranks(old, pairs));
    let mut moved: Vec<usize> = wait.into_iter().filter(|at| !kept.contains(at)).collect();
    for at in &moved {
        stays[*at] = false;
    }
    moved.extend(differing((old, new), pairs, &stays));
    moved.sort_unstable();
    if moved.is_empty() {
        return;
    }
    let (before, after) = (old.before(&|_| true), new.before(&|_| true));
    for at in moved {
        let (Some(was), unit) = (pairs.old_of[at], &new.units[at]) else { continue };
        let (from, to) = (place(old, &before[was]), place(new, &after[at]));
        let topic = if unit.kind == Kind::Approval { Topic::Gates } else { Topic::Stages };
        // Of many stages only the first are named.
        let other = || "waits for other stages than before".to_owned();
        let text = if from == to { other() } else { format!("runs {to}; ran {from}") };
        changes.push(Change { topic, ..change(unit, Action::Moved, &text) });
    }
}

/// Of the stages that count, those that directly wait for others of them than before.
fn differing((old, new): (&Plan<'_>, &Plan<'_>), pairs: &Pairs, counts: &[bool]) -> Vec<usize> {
    let counted_before = |was: usize| pairs.new_of[was].is_some_and(|at| counts[at]);
    let (before, after) = (old.before(&counted_before), new.before(&|at| counts[at]));
    let is_different = |at: &usize| {
        let Some(was) = pairs.old_of[*at].filter(|_| counts[*at]) else { return false };
        let mut then: Vec<usize> = before[was].iter().filter_map(|was| pairs.new_of[*was]).collect();
        then.sort_unstable();
        then != *after[*at]
    };
    (0..new.units.len()).filter(is_different).collect()
}

/// Of each new stage the place of the old one in the order.
fn ranks(old: &Plan<'_>, pairs: &Pairs) -> Vec<Option<usize>> {
    let mut ranks = vec![None; pairs.old_of.len()];
    for (rank, was) in old.flat().into_iter().enumerate() {
        if let Some(at) = pairs.new_of[was] {
            ranks[at] = Some(rank);
        }
    }
    ranks
}

/// The longest part of `order` whose ranks rise: what did not move.
fn longest_in_order(order: &[usize], ranks: &[Option<usize>]) -> std::collections::BTreeSet<usize> {
    // By length: the last stage of the best run of that length, and of each stage the one before it.
    let mut ends: Vec<usize> = Vec::new();
    let mut previous = vec![None; ranks.len()];
    for &at in order.iter().filter(|at| ranks[**at].is_some()) {
        let length = ends.partition_point(|end| ranks[*end] < ranks[at]);
        previous[at] = length.checked_sub(1).map(|before| ends[before]);
        if length == ends.len() { ends.push(at) } else { ends[length] = at }
    }
    std::iter::successors(ends.last().copied(), |at| previous[*at]).collect()
}

fn path(unit: &Unit<'_>) -> String {
    format!("{}/{}", unit.kind.many(), unit.name)
}

fn change(unit: &Unit<'_>, action: Action, text: &str) -> Change {
    Change::new(Topic::Stages, action, path(unit), text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn env(name: &str) -> Value {
        json!({ "kind": "environment", "name": name, "account": name, "region": "r", "stacks": ["S"] })
    }

    fn wave(kind: &str, names: &[&str]) -> Value {
        json!({ "kind": kind, "stages": names.iter().map(|name| env(name)).collect::<Vec<_>>() })
    }

    fn moves(old: &Value, new: &Value) -> Vec<String> {
        let side = |stages: &Value| Side { model: json!({ "stages": stages }), ..Side::default() };
        let mut changes = Vec::new();
        compare(&side(old), &side(new), &mut changes);
        changes
            .into_iter()
            .map(|change| format!("{} {}: {}", change.action.name(), change.subject, change.text))
            .collect()
    }

    #[test]
    fn the_fewest_stages_explain_a_new_order() {
        let order = |names: &[&str]| json!(names.iter().map(|name| env(name)).collect::<Vec<_>>());
        assert_eq!(
            moves(&order(&["a", "b", "c", "d"]), &order(&["b", "c", "a", "d"])),
            ["moved a: runs after c; ran at the start"]
        );
        assert_eq!(moves(&order(&["a", "b"]), &order(&["a", "b"])), Vec::<String>::new());
        assert_eq!(moves(&order(&["a", "b"]), &order(&["b", "a"])).len(), 1);
    }

    #[test]
    fn a_wave_is_no_order_and_an_order_is_no_wave() {
        let parallel = json!([env("a"), wave("parallel", &["b", "c"])]);
        assert_eq!(moves(&parallel, &json!([env("a"), wave("parallel", &["c", "b"])])), Vec::<String>::new());
        let row = json!([env("a"), env("b"), env("c")]);
        assert_eq!(moves(&parallel, &row), ["moved c: runs after b; ran after a"]);
        assert_eq!(moves(&json!([wave("sequence", &["a", "b"]), env("c")]), &row), Vec::<String>::new());
    }

    #[test]
    fn a_stage_that_came_or_went_moves_no_other() {
        let with = json!([env("a"), env("x"), env("b")]);
        let without = json!([env("a"), env("b")]);
        assert_eq!(moves(&without, &with), ["added x: environment in x r with S, after a"]);
        assert_eq!(moves(&with, &without), ["removed x: was environment in x r with S"]);
    }

    #[test]
    fn an_environment_under_another_name_is_the_same_one() {
        let named = |name: &str| json!([{ "kind": "environment", "name": name, "account": "1", "region": "r", "stacks": ["S"] }]);
        assert_eq!(moves(&named("prod"), &named("live")), ["changed live: was called prod"]);
    }
}
