//! Who is asked before what: what stands before each stage, and what stood there.

use std::collections::BTreeSet;

use super::bypass;
use super::iam::many;
use super::pairs::Pairs;
use super::plan::{Gate, Kind, Places, Plan};
use super::snapshot::Side;
use super::{Action, Change, Effect, Topic};

/// The most stages that a line names.
const NAMED: usize = 6;

/// One side of the comparison.
struct Guarded<'a> {
    plan: Plan<'a>,
    gates: Vec<Gate<'a>>,
    guards: Vec<Places>,
}

impl<'a> Guarded<'a> {
    fn of(side: &'a Side) -> Self {
        let plan = Plan::of(&side.model);
        let gates = plan.gates();
        let guards = plan.guards(&gates);
        Self { plan, gates, guards }
    }

    /// The stages that are no approvals and wait for that gate.
    fn behind(&self, gate: usize) -> Vec<usize> {
        let units = self.plan.units.iter().enumerate().filter(|(_, unit)| unit.kind != Kind::Approval);
        units.map(|(at, _)| at).filter(|at| has(&self.guards[*at], gate)).collect()
    }
}

/// Adds what changed about gates.
pub(super) fn compare(old: &Side, new: &Side, changes: &mut Vec<Change>) {
    let sides = (old, new);
    let (old, new) = (Guarded::of(old), Guarded::of(new));
    if old.gates.is_empty() && new.gates.is_empty() {
        return;
    }
    let both = Both::of(&old, &new);
    changes.extend((0..old.gates.len()).filter_map(|gate| both.lost(gate)));
    for gate in 0..new.gates.len() {
        match both.old_of[gate] {
            Some(before) => changes.extend(both.changed(before, gate, sides)),
            None => changes.push(both.added(gate)),
        }
    }
    bypass::compare((&old.plan, &old.guards), (&new.plan, &new.guards), &both.units, changes);
}

/// Both sides, with what of one is what of the other.
struct Both<'a> {
    old: &'a Guarded<'a>,
    new: &'a Guarded<'a>,
    units: Pairs,
    /// Of each new gate the old one.
    old_of: Vec<Option<usize>>,
    /// Of each old gate the new one.
    new_of: Vec<Option<usize>>,
    /// Of each new stage the gates that did not stand before it.
    gained: Vec<Vec<usize>>,
}

impl<'a> Both<'a> {
    fn of(old: &'a Guarded<'a>, new: &'a Guarded<'a>) -> Self {
        let units = Pairs::of(&old.plan, &new.plan);
        let (old_of, new_of) = (vec![None; new.gates.len()], vec![None; old.gates.len()]);
        let mut both = Self { old, new, units, old_of, new_of, gained: Vec::new() };
        both.pair(|both, before, after| {
            both.old.gates[before].own == both.new.gates[after].own
                && both.units.old_of[both.new.gates[after].unit] == Some(both.old.gates[before].unit)
        });
        // One that went from a stage into an environment, or back, keeps its name.
        both.pair(|both, before, after| both.old.gates[before].name == both.new.gates[after].name);
        // One that is called otherwise asks the same question.
        both.pair(|both, before, after| {
            let (before, after) = (&both.old.gates[before], &both.new.gates[after]);
            !before.own && !after.own && before.message() == after.message()
        });
        both.gained = (0..new.plan.units.len()).map(|unit| both.gained(unit)).collect();
        both
    }

    fn pair(&mut self, is_same: impl Fn(&Self, usize, usize) -> bool) {
        for after in 0..self.new.gates.len() {
            if self.old_of[after].is_some() {
                continue;
            }
            let free = (0..self.old.gates.len()).filter(|before| self.new_of[*before].is_none());
            let same = free.into_iter().find(|before| is_same(self, *before, after));
            if let Some(before) = same {
                self.old_of[after] = Some(before);
                self.new_of[before] = Some(after);
            }
        }
    }

    /// What became of the stages that waited for a gate and do not any more.
    fn lost(&self, gate: usize) -> Option<Change> {
        let stays = self.new_of[gate];
        let is_lost = |unit: &usize| stays.is_none_or(|stays| !has(&self.new.guards[*unit], stays));
        let behind = self.old.behind(gate);
        let lost: Vec<usize> = behind.iter().filter_map(|unit| self.units.new_of[*unit]).filter(is_lost).collect();
        let name = &self.old.gates[gate].name;
        if lost.is_empty() {
            // What it guarded is gone too, or there never was anything.
            let alone = stays.is_none() && (behind.is_empty() || !self.old.gates[gate].own);
            return alone.then(|| change(Action::Removed, name, "it stood before nothing that is still there"));
        }
        let action = if stays.is_some() { Action::Moved } else { Action::Removed };
        if lost.iter().all(|unit| !self.gained[*unit].is_empty()) {
            let instead: BTreeSet<usize> = lost.iter().flat_map(|unit| &self.gained[*unit]).copied().collect();
            let others = quoted(instead.iter().map(|gate| self.new.gates[*gate].name.as_str()));
            let text = format!("{others} asks before {} instead", self.named(&lost));
            return Some(change(Action::Changed, name, &text));
        }
        Some(change(action, name, &self.loss(&lost)).effect(Effect::Widens))
    }

    /// The gates before a new stage that did not stand before the old one.
    fn gained(&self, unit: usize) -> Vec<usize> {
        let before = self.units.old_of[unit].map(|before| &self.old.guards[before]);
        let is_new =
            |gate: &&usize| self.old_of[**gate].is_none_or(|old| before.is_none_or(|before| !has(before, old)));
        self.new.guards[unit].iter().filter(is_new).copied().collect()
    }

    /// Which stages nobody is asked before any more, and which are asked for less often.
    fn loss(&self, lost: &[usize]) -> String {
        let (some, none): (Vec<usize>, Vec<usize>) = lost.iter().partition(|unit| !self.new.guards[**unit].is_empty());
        let mut texts = Vec::new();
        if !none.is_empty() {
            texts.push(format!("nobody is asked before {} any more", self.named(&none)));
        }
        if !some.is_empty() {
            texts.push(format!("{} before {}", self.left(&some), self.named(&some)));
        }
        texts.join("; ")
    }

    /// Who still asks before stages that lost a gate, where few do.
    fn left(&self, units: &[usize]) -> String {
        let guards = &self.new.guards[units[0]];
        let alike = guards.len() <= NAMED && units.iter().all(|unit| self.new.guards[*unit] == *guards);
        if !alike {
            return "one question less".to_owned();
        }
        format!("only {} still asks", quoted(guards.iter().map(|gate| self.new.gates[*gate].name.as_str())))
    }

    fn added(&self, gate: usize) -> Change {
        let behind = self.new.behind(gate);
        let text = match (&behind[..], self.new.gates[gate].message()) {
            ([], _) => "it stands before nothing".to_owned(),
            (_, Some(message)) => format!("asks {message:?} before {}", self.named(&behind)),
            (_, None) => format!("a person is asked before {}", self.named(&behind)),
        };
        change(Action::Added, &self.new.gates[gate].name, &text).effect(Effect::Narrows)
    }

    /// What is different about a gate that stays.
    fn changed(&self, before: usize, after: usize, sides: (&Side, &Side)) -> Option<Change> {
        let (old, new) = (&self.old.gates[before], &self.new.gates[after]);
        let mut texts = Vec::new();
        if old.name != new.name {
            texts.push(format!("was called `{}`", old.name));
        }
        if old.message() != new.message() {
            let question =
                |gate: &Gate<'_>| gate.message().map_or("the standard question".to_owned(), |text| format!("{text:?}"));
            texts.push(format!("asks {} instead of {}", question(new), question(old)));
        }
        let (was, is) = (waits(sides.0, old), waits(sides.1, new));
        if was != is {
            let wait = |time: Option<&str>| time.unwrap_or("the default").to_owned();
            texts.push(format!("timeout: {} -> {}", wait(was), wait(is)));
        }
        let known = |unit: &usize| self.units.old_of[*unit].is_some_and(|old| !has(&self.old.guards[old], before));
        let more: Vec<usize> = self.new.behind(after).into_iter().filter(known).collect();
        if !more.is_empty() {
            texts.push(format!("stands before {} too", self.named(&more)));
        }
        let effect = if more.is_empty() { Effect::Neutral } else { Effect::Narrows };
        let told = || change(Action::Changed, &new.name, &texts.join("; ")).effect(effect);
        (!texts.is_empty()).then(told)
    }

    /// New stages by their names; of many the first.
    fn named(&self, units: &[usize]) -> String {
        let names: Vec<&str> = units.iter().map(|unit| self.new.plan.units[*unit].name.as_str()).collect();
        match names.len().checked_sub(NAMED) {
            Some(more) if more > 0 => format!("{} and {more} others", names[..NAMED].join(", ")),
            _ => names.join(", "),
        }
    }
}

/// How long a gate waits: as it is written, and where nothing is, as its task has it.
fn waits<'a>(side: &'a Side, gate: &'a Gate<'_>) -> Option<&'a str> {
    let in_task = || {
        let templates = || side.kind("WorkflowTemplate").flat_map(|workflow| many(&workflow["spec"]["templates"]));
        let mut tasks = templates().flat_map(|template| many(&template["dag"]["tasks"]));
        let used = &tasks.find(|task| task["name"] == gate.name.as_str())?["template"];
        templates().find(|template| template["name"] == *used)?["suspend"]["duration"].as_str()
    };
    gate.timeout().or_else(in_task)
}

fn change(action: Action, gate: &str, text: &str) -> Change {
    Change::new(Topic::Gates, action, format!("gates/{gate}"), text)
}

/// Whether a gate is one of `guards`, which are in the order of the stages.
fn has(guards: &Places, gate: usize) -> bool {
    guards.binary_search(&gate).is_ok()
}

fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
