//! The order of a run: what each task waits for. A task names every task that it waits for with its result, so that
//! nothing starts after one that failed or did not run. All stages are in one graph, as long as it has room for them;
//! what is too much becomes a graph of its own, which stands in the first one as a single task. Argo says of a graph
//! what it says of a task: it failed where one of its branches did.

use super::types::{Body, Dag, Task, Template};
use crate::model::{Flow, Stage};
use crate::source::Spanned;

/// The most tasks of one graph: Argo 4 refuses more.
const TASKS: usize = 200;

/// How many pairs of a task and one that waits for it two sets of tasks may have. Three hundred environments that each
/// wait for three hundred others would be ninety thousand names.
const PAIRS: usize = 64;

/// Tasks in their order.
#[derive(Debug)]
pub(super) struct Plan {
    parts: Parts,
    /// How many tasks there are, how many of them wait for what stands before, and for how many the next one waits.
    tasks: usize,
    starts: usize,
    ends: usize,
}

#[derive(Debug)]
enum Parts {
    Knot(Vec<Node>),
    Flow(Flow, Vec<Plan>),
    Answered(Box<Plan>, Box<[Task; 2]>),
}

/// A task among others that wait for each other.
#[derive(Debug)]
pub(super) struct Node {
    /// The task.
    pub(super) task: Task,
    /// For which of those before it this one waits; for none where it starts with the first.
    pub(super) after: Vec<usize>,
    /// The result with which what comes later may start.
    pub(super) result: &'static str,
}

impl Node {
    /// A task that succeeds.
    pub(super) const fn new(task: Task, after: Vec<usize>) -> Self {
        Self { task, after, result: "Succeeded" }
    }
}

impl Plan {
    /// One task.
    pub(super) fn task(task: Task) -> Self {
        Self::knot(vec![Node::new(task, Vec::new())])
    }

    /// Tasks that wait for each other. What comes after them waits for those for which none of them waits.
    pub(super) fn knot(nodes: Vec<Node>) -> Self {
        let starts = nodes.iter().filter(|node| node.after.is_empty()).count();
        let ends = ends(&nodes).len();
        Self { tasks: nodes.len(), starts, ends, parts: Parts::Knot(nodes) }
    }

    fn flow(flow: Flow, parts: Vec<Self>) -> Self {
        let sum = |count: fn(&Self) -> usize| parts.iter().map(count).sum();
        let (starts, ends) = match flow {
            Flow::Parallel => (sum(|part| part.starts), sum(|part| part.ends)),
            Flow::Sequence => (parts.first().map_or(0, |part| part.starts), parts.last().map_or(0, |part| part.ends)),
        };
        Self { tasks: sum(|part| part.tasks), parts: Parts::Flow(flow, parts), starts, ends }
    }
}

/// Puts tasks into graphs.
#[derive(Debug, Default)]
pub(super) struct Order {
    graphs: Vec<Template>,
}

impl Order {
    /// Parts in order, or side by side, in as few tasks as one graph has room for.
    pub(super) fn flow(&mut self, flow: Flow, parts: Vec<Plan>) -> Plan {
        // A part without a task would let what comes after it start at once.
        let parts: Vec<Plan> = parts.into_iter().filter(|part| part.tasks > 0).collect();
        let mut parts = match flow {
            Flow::Sequence => self.narrow(parts),
            Flow::Parallel => parts,
        };
        while parts.iter().map(|part| part.tasks).sum::<usize>() > TASKS {
            let packed = pack(parts);
            parts = packed.into_iter().map(|parts| self.graph(Plan::flow(flow, parts))).collect();
        }
        Plan::flow(flow, parts)
    }

    /// `plan`, then one task where all of it succeeded, and another where something in it failed. The first one belongs
    /// to it: with the other alone at its end, a graph whose failure was answered would count as succeeded. A task that
    /// was left out counts as what it waited for.
    pub(super) fn answered(&mut self, plan: Plan, success: Task, failure: Task) -> Plan {
        let plan = if plan.tasks + 2 > TASKS { self.graph(plan) } else { plan };
        let (tasks, starts) = (plan.tasks + 2, plan.starts);
        Plan { tasks, starts, ends: 1, parts: Parts::Answered(Box::new(plan), Box::new([success, failure])) }
    }

    /// Tasks that wait for each other, each for some before it. Where they are too many for one graph, those in front
    /// come before the others.
    pub(super) fn knot(&mut self, nodes: Vec<Node>) -> Plan {
        let mut parts = Vec::with_capacity(nodes.len().div_ceil(TASKS));
        let mut nodes = nodes.into_iter().enumerate().peekable();
        while let Some((first, _)) = nodes.peek() {
            let first = *first;
            let part = nodes.by_ref().take(TASKS).map(|(_, node)| {
                let after = node.after.iter().filter_map(|before| before.checked_sub(first)).collect();
                Node { after, ..node }
            });
            parts.push(Plan::knot(part.collect()));
        }
        self.flow(Flow::Sequence, parts)
    }

    /// The stages in order. `plan` makes the tasks of a stage that is no wave; it gets the stage after it too.
    pub(super) fn stages(
        &mut self,
        flow: Flow,
        stages: &[Spanned<Stage>],
        plan: &mut dyn FnMut(&mut Self, &Stage, Option<&Stage>) -> Plan,
    ) -> Plan {
        let parts = Stage::with_next(flow, stages).map(|(stage, next)| match stage {
            Stage::Wave(wave) => self.stages(wave.flow, &wave.stages, plan),
            Stage::Environment(_) | Stage::Step(_) | Stage::Approval(_) => plan(self, stage, next),
        });
        let parts = parts.collect();
        self.flow(flow, parts)
    }

    /// The graph of `plan` under that name, then the graphs that are tasks in it or in each other.
    pub(super) fn finish(self, name: &str, plan: Plan) -> Vec<Template> {
        [template(name.to_owned(), plan)].into_iter().chain(self.graphs).collect()
    }

    /// Gives a part that ends in many tasks an end of its own where many would wait for it.
    fn narrow(&mut self, parts: Vec<Plan>) -> Vec<Plan> {
        let starts: Vec<usize> = parts.iter().skip(1).map(|part| part.starts).chain([0]).collect();
        let narrowed = parts.into_iter().zip(starts).map(|(part, starts)| {
            let wide = part.ends > 1 && starts > 1 && part.ends * starts > PAIRS;
            if wide { self.graph(part) } else { part }
        });
        narrowed.collect()
    }

    /// The task that stands for a graph of `plan`.
    fn graph(&mut self, plan: Plan) -> Plan {
        if plan.tasks == 1 {
            return plan;
        }
        let name = format!("stages-{}", self.graphs.len() + 1);
        let task = Task::of(&name);
        self.graphs.push(template(name, plan));
        Plan::task(task)
    }
}

/// Neighbours together, as many as one graph has room for. Each part has room in one.
fn pack(parts: Vec<Plan>) -> Vec<Vec<Plan>> {
    let (mut packed, mut room): (Vec<Vec<Plan>>, usize) = (Vec::new(), 0);
    for part in parts {
        match packed.last_mut() {
            Some(last) if part.tasks <= room => {
                room -= part.tasks;
                last.push(part);
            }
            _ => {
                room = TASKS - part.tasks.min(TASKS);
                packed.push(vec![part]);
            }
        }
    }
    packed
}

fn template(name: String, plan: Plan) -> Template {
    let mut tasks = Vec::with_capacity(plan.tasks);
    place(plan, &[], &mut tasks);
    Template::new(name, Body::Dag(Dag { fail_fast: false, tasks }))
}

/// The nodes for which no other one waits.
fn ends(nodes: &[Node]) -> Vec<usize> {
    let mut last = vec![true; nodes.len()];
    nodes.iter().flat_map(|node| &node.after).for_each(|before| last[*before] = false);
    (0..nodes.len()).filter(|node| last[*node]).collect()
}

/// Adds the tasks of `plan` after those results; gives the results that end it.
fn place(plan: Plan, after: &[String], tasks: &mut Vec<Task>) -> Vec<String> {
    match plan.parts {
        Parts::Knot(nodes) => knot(nodes, after, tasks),
        Parts::Flow(Flow::Parallel, parts) => parts.into_iter().flat_map(|part| place(part, after, tasks)).collect(),
        Parts::Flow(Flow::Sequence, parts) => {
            parts.into_iter().fold(after.to_vec(), |after, part| place(part, &after, tasks))
        }
        Parts::Answered(plan, tails) => {
            let (first, [success, failure]) = (tasks.len(), *tails);
            let succeeded = place(*plan, after, tasks).join(" && ");
            let failed = tasks[first..].iter().map(|task| format!("{0}.Failed || {0}.Errored", task.name));
            let failed = failed.collect::<Vec<_>>().join(" || ");
            let end = format!("{}.Succeeded", success.name);
            tasks.push(Task { depends: Some(succeeded), ..success });
            tasks.push(Task { depends: Some(failed), ..failure });
            vec![end]
        }
    }
}

fn knot(nodes: Vec<Node>, after: &[String], tasks: &mut Vec<Task>) -> Vec<String> {
    let results: Vec<String> = nodes.iter().map(|node| format!("{}.{}", node.task.name, node.result)).collect();
    let ends = ends(&nodes);
    for Node { task, after: before, result: _ } in nodes {
        let before: Vec<String> = before.into_iter().map(|node| results[node].clone()).collect();
        let depends = if before.is_empty() { after } else { &before };
        tasks.push(Task { depends: (!depends.is_empty()).then(|| depends.join(" && ")), ..task });
    }
    ends.into_iter().map(|node| results[node].clone()).collect()
}
