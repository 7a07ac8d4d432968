//! Which stage of one side is which of the other.

use std::collections::BTreeMap;

use super::plan::{Kind, Plan, Unit};

/// Stages of two plans, each with the one that it is on the other side.
#[derive(Debug)]
pub(super) struct Pairs {
    /// Of each new stage the old one.
    pub(super) old_of: Vec<Option<usize>>,
    /// Of each old stage the new one.
    pub(super) new_of: Vec<Option<usize>>,
}

impl Pairs {
    /// Stages of one kind and name are the same; so are two environments that deploy the same stacks to the same place
    /// where no other one does.
    pub(super) fn of(old: &Plan<'_>, new: &Plan<'_>) -> Self {
        let mut pairs = Self { old_of: vec![None; new.units.len()], new_of: vec![None; old.units.len()] };
        pairs.match_by(old, new, |unit| Some((unit.kind, unit.name.clone())));
        pairs.match_by(old, new, target);
        pairs
    }

    /// Pairs what has one key, where each side has it once among what has no pair yet.
    fn match_by(&mut self, old: &Plan<'_>, new: &Plan<'_>, key: impl Fn(&Unit<'_>) -> Option<(Kind, String)>) {
        let left = unique(old, &self.new_of, &key);
        for (key, at) in unique(new, &self.old_of, &key) {
            if let (Some(at), Some(Some(before))) = (at, left.get(&key)) {
                self.old_of[at] = Some(*before);
                self.new_of[*before] = Some(at);
            }
        }
    }
}

/// Each key with the stage that has it; with none where several do.
fn unique(
    plan: &Plan<'_>,
    taken: &[Option<usize>],
    key: impl Fn(&Unit<'_>) -> Option<(Kind, String)>,
) -> BTreeMap<(Kind, String), Option<usize>> {
    let mut found = BTreeMap::new();
    for (at, unit) in plan.units.iter().enumerate().filter(|(at, _)| taken[*at].is_none()) {
        if let Some(key) = key(unit) {
            found.entry(key).and_modify(|only| *only = None).or_insert(Some(at));
        }
    }
    found
}

fn target(unit: &Unit<'_>) -> Option<(Kind, String)> {
    let value = unit.value;
    let place = format!("{} {} {}", value["account"], value["region"], value["stacks"]);
    (unit.kind == Kind::Environment).then_some((unit.kind, place))
}
