//! Ways around a gate: what reaches a place, or runs, without the question that was asked before.

use std::collections::BTreeMap;

use serde_json::Value;

use super::pairs::Pairs;
use super::plan::{Kind, Places, Plan, Unit};
use super::{Action, Change, Effect, Topic};

/// One side: its stages, and the gates before each.
pub(super) type Guarded<'a> = (&'a Plan<'a>, &'a [Places]);

/// Adds environments that nobody is asked before, where somebody was asked before whatever deployed to their place, and
/// steps that went to where nobody is asked.
pub(super) fn compare(old: Guarded<'_>, new: Guarded<'_>, pairs: &Pairs, changes: &mut Vec<Change>) {
    let naked = |at: usize| new.1[at].is_empty();
    for (at, unit) in new.0.units.iter().enumerate().filter(|(at, _)| naked(*at)) {
        let Some(place) = place(unit) else { continue };
        let stays = pairs.old_of[at].is_some_and(|was| self::place(&old.0.units[was]) == Some(place));
        let mut others =
            old.0.units.iter().zip(old.1).filter(|(other, _)| self::place(other) == Some(place)).peekable();
        // What stays where it was lost a gate of its own, which is told as that.
        if !stays && others.peek().is_some() && others.all(|(_, guards)| !guards.is_empty()) {
            let (account, region) = place;
            let text =
                format!("nobody is asked before it; somebody was before all that deployed to {account} {region}");
            changes.push(widens(&unit.name, text));
        }
    }
    let before = steps(old.0);
    for (name, at) in steps(new.0).into_iter().filter(|(_, at)| naked(*at)) {
        let moved = before.get(name).filter(|was| pairs.old_of[at] != Some(**was) && !old.1[**was].is_empty());
        if moved.is_some() {
            changes.push(widens(name, "nobody is asked before this step any more".to_owned()));
        }
    }
}

fn widens(name: &str, text: String) -> Change {
    Change::new(Topic::Gates, Action::Changed, format!("gates/{name}"), text).effect(Effect::Widens)
}

/// Where an environment deploys to.
fn place<'a>(unit: &Unit<'a>) -> Option<(&'a str, &'a str)> {
    let value = unit.value;
    let place = || Some((value["account"].as_str()?, value["region"].as_str()?));
    (unit.kind == Kind::Environment).then(place)?
}

/// Every step by its name, with the stage that it is or is in.
fn steps<'a>(plan: &'a Plan<'a>) -> BTreeMap<&'a str, usize> {
    let mut found = BTreeMap::new();
    for (at, unit) in plan.units.iter().enumerate() {
        let inside = unit.value.as_object().into_iter().flatten().flat_map(|(_, value)| super::iam::many(value));
        let all = inside.chain([unit.value]).filter(|value| value["kind"] == "step");
        found.extend(all.filter_map(|step: &Value| Some((step["name"].as_str()?, at))));
    }
    found
}
