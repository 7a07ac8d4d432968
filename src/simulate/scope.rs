//! What an expression of a task can see.

use std::collections::{BTreeMap, BTreeSet};

use super::Phase;
use super::expression::Value;
use super::plan::{Plan, Work};
use super::walk::State;

/// Where a task stands, for the expressions in its `when` and its arguments.
pub(super) struct Scope<'a> {
    pub(super) plan: &'a Plan,
    pub(super) states: &'a [State],
    /// How the workflow ended; only its exit handler knows.
    pub(super) status: Option<Phase>,
    pub(super) node: usize,
}

impl Scope<'_> {
    /// The value of a name that an expression starts from.
    pub(super) fn name(&self, name: &str) -> Value {
        let Some(template) = self.plan.template_of(self.node) else { return Value::Missing };
        let steps = matches!(self.plan.nodes[template].work, Work::Steps(_));
        match name {
            "tasks" if !steps => self.results(&self.ancestors()),
            "steps" if steps => self.results(&self.earlier(template)),
            "inputs" => map([("parameters", Value::Map(self.states[template].inputs.clone()))]),
            "workflow" => {
                let status = self.status.map(|phase| ("status", Value::Text(phase.name().to_owned())));
                map(status.into_iter().chain([("parameters", Value::Unknown), ("name", Value::Unknown)]))
            }
            _ => Value::Missing,
        }
    }

    /// All tasks that it waits for, however far back (`GetTaskAncestry`, ancestry.go): it sees no others.
    fn ancestors(&self) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut open = self.plan.nodes[self.node].after.clone();
        while let Some(id) = open.pop() {
            if found.insert(id) {
                open.extend(&self.plan.nodes[id].after);
            }
        }
        found
    }

    /// The steps of the groups before its own.
    fn earlier(&self, template: usize) -> BTreeSet<usize> {
        let Work::Steps(groups) = &self.plan.nodes[template].work else { return BTreeSet::new() };
        let before = groups.iter().take_while(|&&group| Some(group) != self.plan.nodes[self.node].parent);
        let steps = before.flat_map(|&group| match &self.plan.nodes[group].work {
            Work::Group(steps) => steps.as_slice(),
            _ => &[],
        });
        steps.copied().collect()
    }

    fn results(&self, nodes: &BTreeSet<usize>) -> Value {
        let results = nodes.iter().map(|&id| (self.plan.nodes[id].task.as_str(), self.result(id)));
        map(results)
    }

    fn result(&self, id: usize) -> Value {
        let State { phase, outputs, .. } = &self.states[id];
        let status = phase.map(|phase| ("status", Value::Text(phase.name().to_owned())));
        let outputs = outputs.clone().map(|outputs| ("outputs", map([("parameters", outputs)])));
        map(status.into_iter().chain(outputs))
    }
}

fn map<'a>(keys: impl IntoIterator<Item = (&'a str, Value)>) -> Value {
    Value::Map(keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<BTreeMap<_, _>>())
}
