//! The controller's walk through a plan.

use std::collections::BTreeMap;

use super::condition::argument;
use super::expression::Value;
use super::plan::{Answer, Given, Input, Plan, Work};
use super::scope::Scope;
use super::{Error, ExitHandler, Outcome, Phase, Run, Scenario, TaskRun, phase};

/// What is known of a node so far.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) phase: Option<Phase>,
    pub(super) inputs: BTreeMap<String, Value>,
    pub(super) outputs: Option<Value>,
    /// When it began or was passed over, and when it ended, as if each task took 1.
    start: usize,
    end: usize,
    decision: Option<String>,
    /// The nodes that follow it, in Argo's sense: a graph's first tasks are its children, and what waits for a task is a
    /// child of the nodes that the task ends with.
    pub(super) children: Vec<usize>,
    /// The nodes that it ends with (`getOutboundNodes`, operator.go).
    outbound: Vec<usize>,
}

/// Walks through the whole of it.
pub(super) fn walk(plan: &Plan, scenario: &Scenario) -> Result<Run, Error> {
    let states = vec![State::default(); plan.nodes.len()];
    let mut walk = Walk { plan, scenario, states, status: None };
    let main = walk.root(plan.main, 0)?;
    walk.status = Some(main);
    let end = walk.states[plan.main].end;
    let exit = plan.exit.map(|exit| walk.root(exit, end)).transpose()?;
    let runs = |root: usize| walk.runs(root);
    let exit_handler = plan.exit.zip(exit).map(|(root, phase)| ExitHandler { phase, tasks: runs(root) });
    // A handler that fails makes a run fail that had succeeded (operator.go).
    let phase = exit.filter(|exit| main == Phase::Succeeded && exit.is_failure()).unwrap_or(main);
    Ok(Run { phase, tasks: runs(plan.main), exit_handler })
}

struct Walk<'a> {
    plan: &'a Plan,
    scenario: &'a Scenario,
    states: Vec<State>,
    status: Option<Phase>,
}

impl<'a> Walk<'a> {
    fn root(&mut self, id: usize, start: usize) -> Result<Phase, Error> {
        self.execute(id, start, None)?;
        Ok(self.states[id].phase.unwrap_or(Phase::Error))
    }

    /// Runs a node whose turn it is. `above` is what happens to the group that it is in.
    fn execute(&mut self, id: usize, start: usize, above: Option<Outcome>) -> Result<(), Error> {
        let plan: &'a Plan = self.plan;
        let node = &plan.nodes[id];
        let outcome = self.scenario.outcomes.get(&node.name).copied().filter(|_| node.is_task()).or(above);
        let inputs = node.inputs.iter().map(|input| (input.name.clone(), self.input(id, input))).collect();
        self.states[id] = State { inputs, start, end: start, outbound: vec![id], ..State::default() };
        let phase = match &node.work {
            Work::Pod { fails } => self.pod(id, outcome.or(fails.then_some(Outcome::Fail))),
            Work::Gate(answers) => self.gate(id, answers, outcome),
            Work::Dag(tasks) => self.dag(id, tasks, outcome)?,
            Work::Steps(groups) => self.steps(id, groups, outcome)?,
            Work::Group(steps) => self.group(id, steps, outcome)?,
        };
        self.states[id].phase = Some(phase);
        Ok(())
    }

    fn pod(&mut self, id: usize, outcome: Option<Outcome>) -> Phase {
        let state = &mut self.states[id];
        state.end = state.start + 1;
        state.outputs = Some(Value::Unknown);
        match outcome {
            None | Some(Outcome::Reject | Outcome::TimeOut | Outcome::Resume) => Phase::Succeeded,
            Some(Outcome::Fail) => Phase::Failed,
            Some(Outcome::Error) => Phase::Error,
        }
    }

    /// A gate that is answered succeeds, whatever the answer is. One that times out takes its outputs' defaults, and one
    /// that is resumed without an answer may not even do that (`updateSuspendedNode`, workflow/util/util.go).
    fn gate(&mut self, id: usize, answers: &[Answer], outcome: Option<Outcome>) -> Phase {
        let phase = self.pod(id, outcome);
        let mut outputs = BTreeMap::new();
        for Answer { name, supplied, default } in answers {
            let value = match outcome {
                None if *supplied => Some("approve".to_owned()),
                Some(Outcome::Reject) if *supplied => Some("reject".to_owned()),
                Some(Outcome::Fail | Outcome::Error | Outcome::Resume) => None,
                _ => default.clone(),
            };
            if value.is_none() && outcome == Some(Outcome::TimeOut) {
                return Phase::Error;
            }
            self.states[id].decision.clone_from(&value);
            outputs.extend(value.map(|value| (name.clone(), Value::Text(value))));
        }
        self.states[id].outputs = Some(Value::Map(outputs));
        phase
    }

    fn dag(&mut self, dag: usize, tasks: &[usize], outcome: Option<Outcome>) -> Result<Phase, Error> {
        for &id in tasks {
            self.task(dag, id, outcome)?;
        }
        let targets = phase::targets(self.plan, tasks);
        let phase = phase::assess(self.plan, &self.states, dag, &targets)?;
        self.close(dag, tasks, &targets);
        Ok(phase)
    }

    /// Runs a task of a graph, all that it waits for having ended, or passes it over.
    fn task(&mut self, dag: usize, id: usize, above: Option<Outcome>) -> Result<(), Error> {
        let node = &self.plan.nodes[id];
        let start = node.after.iter().map(|&before| self.states[before].end).max().unwrap_or(self.states[dag].start);
        let ready = node.depends.as_ref().is_none_or(|depends| {
            let phase = |name: &str| {
                let before = node.after.iter().find(|&&before| self.plan.nodes[before].task == name);
                before.and_then(|&before| self.states[before].phase).unwrap_or(Phase::Omitted)
            };
            depends.holds(&phase)
        });
        if !ready {
            self.pass(id, start, Phase::Omitted);
        } else if !self.holds(id)? {
            self.pass(id, start, Phase::Skipped);
        } else {
            self.execute(id, start, above)?;
        }
        let parents: Vec<usize> = match node.after.as_slice() {
            [] => vec![dag],
            after => after.iter().flat_map(|&before| self.states[before].outbound.clone()).collect(),
        };
        self.follow(&parents, id);
        Ok(())
    }

    fn steps(&mut self, steps: usize, groups: &[usize], outcome: Option<Outcome>) -> Result<Phase, Error> {
        let mut before = vec![steps];
        let mut failed = false;
        for &group in groups {
            if failed {
                self.leave(group, self.states[steps].end);
                continue;
            }
            self.execute(group, self.states[steps].end, outcome)?;
            self.follow(&before, group);
            self.states[steps].end = self.states[group].end;
            before.clone_from(&self.states[group].outbound);
            failed = self.states[group].phase.is_some_and(Phase::is_failure);
        }
        self.states[steps].outbound = before;
        // A step in error fails its group: `executeStepGroup` knows one word for both (steps.go).
        Ok(if failed { Phase::Failed } else { Phase::Succeeded })
    }

    fn group(&mut self, group: usize, steps: &[usize], outcome: Option<Outcome>) -> Result<Phase, Error> {
        let start = self.states[group].start;
        for &id in steps {
            if self.holds(id)? {
                self.execute(id, start, outcome)?;
            } else {
                self.pass(id, start, Phase::Skipped);
            }
            self.follow(&[group], id);
        }
        self.close(group, steps, steps);
        let failed = |&id: &usize| match self.states[id].phase {
            Some(Phase::Failed) => !self.plan.nodes[id].continue_on.failed,
            Some(Phase::Error) => !self.plan.nodes[id].continue_on.error,
            _ => false,
        };
        Ok(if steps.iter().any(failed) { Phase::Failed } else { Phase::Succeeded })
    }

    /// Sets the end of a node that is made of others, the last of which are `ends`.
    fn close(&mut self, id: usize, parts: &[usize], ends: &[usize]) {
        let start = self.states[id].start;
        self.states[id].end = parts.iter().map(|&part| self.states[part].end).max().unwrap_or(start);
        let outbound: Vec<usize> = ends.iter().flat_map(|&end| self.states[end].outbound.clone()).collect();
        if !outbound.is_empty() {
            self.states[id].outbound = outbound;
        }
    }

    /// Passes a node over, with all that is in it.
    fn pass(&mut self, id: usize, at: usize, phase: Phase) {
        self.leave(id, at);
        self.states[id].phase = Some(phase);
        self.states[id].outbound = vec![id];
    }

    /// Notes that a node and all in it never came up.
    fn leave(&mut self, id: usize, at: usize) {
        let plan: &'a Plan = self.plan;
        self.states[id] = State { start: at, end: at, ..State::default() };
        match &plan.nodes[id].work {
            Work::Pod { .. } | Work::Gate(_) => {}
            Work::Dag(parts) | Work::Steps(parts) | Work::Group(parts) => {
                for &part in parts {
                    self.leave(part, at);
                }
            }
        }
    }

    fn follow(&mut self, parents: &[usize], id: usize) {
        for &parent in parents {
            if !self.states[parent].children.contains(&id) {
                self.states[parent].children.push(id);
            }
        }
    }

    fn scope(&self, node: usize) -> Scope<'_> {
        Scope { plan: self.plan, states: &self.states, status: self.status, node }
    }

    fn holds(&self, id: usize) -> Result<bool, Error> {
        let scope = self.scope(id);
        let node = &self.plan.nodes[id];
        node.when.as_ref().map_or(Ok(true), |when| when.holds(&node.name, &|name| scope.name(name)))
    }

    /// An argument, or what the template says itself. `Missing` stays: a condition that asks for it is an error.
    fn input(&self, id: usize, input: &Input) -> Value {
        let Given { key, text } = self.plan.nodes[id].arguments.get(&input.name).unwrap_or(&input.default);
        let scope = self.scope(id);
        match (key, text) {
            (Some(key), _) if !self.scenario.first_releases.contains(key) => Value::Text(LAST_GOOD.to_owned()),
            (_, Some(text)) => argument(text, &|name| scope.name(name)),
            (_, None) => Value::Missing,
        }
    }

    /// What became of every task below `root`.
    fn runs(&self, root: usize) -> Vec<TaskRun> {
        let mut below = vec![false; self.plan.nodes.len()];
        below[root] = true;
        let mut runs = Vec::new();
        for (id, node) in self.plan.nodes.iter().enumerate() {
            let Some(parent) = node.parent.filter(|&parent| below[parent]) else { continue };
            below[id] = true;
            let state = &self.states[id];
            let template = self.plan.template_of(id).unwrap_or(parent);
            // What stands in a graph that was passed over was passed over too; steps alone are a detail of their task.
            let passed = matches!(self.plan.nodes[template].work, Work::Dag(_)).then_some(Phase::Omitted);
            let Some(phase) = state.phase.or(passed).filter(|_| node.is_task()) else { continue };
            let started = phase.ran();
            let run = TaskRun {
                name: node.name.clone(),
                kind: node.kind(),
                within: (template != root).then(|| self.plan.nodes[template].name.clone()),
                phase,
                started,
                wave: started.then_some(state.start + 1),
                decision: state.decision.clone(),
            };
            runs.push((state.start, run));
        }
        runs.sort_by_key(|(start, _)| *start);
        runs.into_iter().map(|(_, run)| run).collect()
    }
}

/// A commit that succeeded before.
const LAST_GOOD: &str = "0123456789abcdef0123456789abcdef01234567";
