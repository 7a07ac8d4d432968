//! The stages of a model as a plan: what waits for what, and which gates stand before it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::Value;

/// What a stage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Environment,
    Step,
    Approval,
}

impl Kind {
    /// What several of them are called.
    pub(super) fn many(self) -> &'static str {
        match self {
            Self::Environment => "environments",
            Self::Step => "steps",
            Self::Approval => "approvals",
        }
    }
}

/// A stage that is no group of others.
#[derive(Debug, Clone)]
pub(super) struct Unit<'a> {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) value: &'a Value,
}

/// Stages in order or side by side.
#[derive(Debug, Clone)]
enum Tree {
    One(usize),
    Sequence(Vec<Tree>),
    Parallel(Vec<Tree>),
}

/// The stages of a pipeline.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    /// In the order in which they are written.
    pub(super) units: Vec<Unit<'a>>,
    tree: Tree,
}

/// Stages by their place in `units`.
pub(super) type Places = Rc<Vec<usize>>;

impl<'a> Plan<'a> {
    /// The plan of a model. What is no stage is left out.
    pub(super) fn of(model: &'a Value) -> Self {
        let mut units = Vec::new();
        let tree = Tree::Sequence(trees(&model["stages"], &mut units));
        let mut plan = Self { units, tree };
        plan.name_approvals();
        plan
    }

    /// An approval without a name is called after the stage that it stands before.
    fn name_approvals(&mut self) {
        for at in (0..self.units.len()).rev() {
            if self.units[at].name.is_empty() {
                let next = self.units.get(at + 1).map(|next| next.name.as_str()).unwrap_or_default();
                self.units[at].name = gate_name(next);
            }
        }
    }

    /// What each unit directly waits for, among those that `counts` takes; the others are passed over.
    pub(super) fn before(&self, counts: &dyn Fn(usize) -> bool) -> Vec<Places> {
        let nothing = Places::default();
        let mut walk = Walk { before: vec![Rc::clone(&nothing); self.units.len()], counts };
        walk.tree(&self.tree, &nothing);
        walk.before
    }

    /// The gates before each unit: those of stages, and an environment's own.
    pub(super) fn guards(&self, gates: &[Gate<'_>]) -> Vec<Places> {
        let by_unit: BTreeMap<usize, usize> =
            gates.iter().enumerate().map(|(number, gate)| (gate.unit, number)).collect();
        let nothing = Places::default();
        let mut guards = vec![Rc::clone(&nothing); self.units.len()];
        guard(&self.tree, &nothing, &by_unit, &mut guards);
        guards
    }

    /// Every place that waits for a person, in the order of the stages.
    pub(super) fn gates(&self) -> Vec<Gate<'a>> {
        let gate = |(unit, stage): (usize, &Unit<'a>)| Gate::of(unit, stage);
        self.units.iter().enumerate().filter_map(gate).collect()
    }

    /// The order in which units are written, where what runs side by side stands by name: its order says nothing.
    pub(super) fn flat(&self) -> Vec<usize> {
        let mut order = Vec::new();
        self.flatten(&self.tree, &mut order);
        order
    }

    fn flatten(&self, tree: &Tree, order: &mut Vec<usize>) {
        match tree {
            Tree::One(unit) => order.push(*unit),
            Tree::Sequence(trees) => trees.iter().for_each(|tree| self.flatten(tree, order)),
            Tree::Parallel(trees) => {
                let mut branches: Vec<Vec<usize>> = Vec::new();
                for tree in trees {
                    let mut branch = Vec::new();
                    self.flatten(tree, &mut branch);
                    branches.push(branch);
                }
                branches.sort_by_cached_key(|branch| branch.first().map(|unit| self.units[*unit].name.clone()));
                order.extend(branches.into_iter().flatten());
            }
        }
    }
}

/// A place that waits for a person.
#[derive(Debug)]
pub(super) struct Gate<'a> {
    /// The approval, or the environment that has it.
    pub(super) unit: usize,
    /// Its task.
    pub(super) name: String,
    /// The approval as it is written.
    pub(super) value: &'a Value,
    /// Whether it is a key of an environment.
    pub(super) own: bool,
}

impl<'a> Gate<'a> {
    fn of(unit: usize, stage: &Unit<'a>) -> Option<Self> {
        let (value, own) = match stage.kind {
            Kind::Approval => (stage.value, false),
            Kind::Environment => (stage.value.get("approval").filter(|value| !value.is_null())?, true),
            Kind::Step => return None,
        };
        let default = if own { gate_name(&stage.name) } else { stage.name.clone() };
        let name = value["name"].as_str().map_or(default, str::to_owned);
        Some(Self { unit, name, value, own })
    }

    /// What the person is asked.
    pub(super) fn message(&self) -> Option<&str> {
        self.value.as_str().or_else(|| self.value["message"].as_str())
    }

    /// How long it waits, where that is said.
    pub(super) fn timeout(&self) -> Option<&str> {
        self.value["timeout"].as_str()
    }
}

fn gate_name(stage: &str) -> String {
    format!("approve-{stage}")
}

fn trees<'a>(stages: &'a Value, units: &mut Vec<Unit<'a>>) -> Vec<Tree> {
    let stages = stages.as_array().map_or(&[][..], Vec::as_slice);
    stages.iter().filter_map(|stage| tree(stage, units)).collect()
}

fn tree<'a>(stage: &'a Value, units: &mut Vec<Unit<'a>>) -> Option<Tree> {
    let kind = match stage["kind"].as_str()? {
        "parallel" => return Some(Tree::Parallel(trees(&stage["stages"], units))),
        "sequence" => return Some(Tree::Sequence(trees(&stage["stages"], units))),
        "environment" => Kind::Environment,
        "step" => Kind::Step,
        "approval" => Kind::Approval,
        _ => return None,
    };
    let name = stage["name"].as_str().unwrap_or_default().to_owned();
    units.push(Unit { kind, name, value: stage });
    Some(Tree::One(units.len() - 1))
}

struct Walk<'a> {
    before: Vec<Places>,
    counts: &'a dyn Fn(usize) -> bool,
}

impl Walk<'_> {
    /// What comes after `tree` waits for what this gives.
    fn tree(&mut self, tree: &Tree, before: &Places) -> Places {
        match tree {
            Tree::One(unit) => {
                self.before[*unit] = Rc::clone(before);
                if (self.counts)(*unit) { Rc::new(vec![*unit]) } else { Rc::clone(before) }
            }
            Tree::Sequence(trees) => trees.iter().fold(Rc::clone(before), |before, tree| self.tree(tree, &before)),
            Tree::Parallel(trees) => {
                // A branch in which nothing counts ends where it began; the others wait for that already.
                let ends: Vec<Places> = trees.iter().map(|tree| self.tree(tree, before)).collect();
                let real: BTreeSet<usize> =
                    ends.iter().filter(|end| !Rc::ptr_eq(end, before)).flat_map(|end| end.iter().copied()).collect();
                if real.is_empty() { Rc::clone(before) } else { Rc::new(real.into_iter().collect()) }
            }
        }
    }
}

fn guard(tree: &Tree, before: &Places, gates: &BTreeMap<usize, usize>, guards: &mut [Places]) -> Places {
    match tree {
        Tree::One(unit) => {
            let after = match gates.get(unit) {
                Some(gate) => Rc::new(before.iter().copied().chain([*gate]).collect()),
                None => Rc::clone(before),
            };
            guards[*unit] = Rc::clone(&after);
            after
        }
        Tree::Sequence(trees) => {
            trees.iter().fold(Rc::clone(before), |before, tree| guard(tree, &before, gates, guards))
        }
        Tree::Parallel(trees) => {
            let ends: Vec<Places> = trees.iter().map(|tree| guard(tree, before, gates, guards)).collect();
            if ends.iter().all(|end| Rc::ptr_eq(end, before)) {
                return Rc::clone(before);
            }
            let all: BTreeSet<usize> = ends.iter().flat_map(|end| end.iter().copied()).collect();
            Rc::new(all.into_iter().collect())
        }
    }
}
