//! The order of a run: what each task waits for. A task names every task that it waits for with its result, so that
//! nothing starts after one that failed or did not run. All stages are in one graph, as long as it has room for them;
//! what is too much becomes a graph of its own, which stands in the first one as a single task.

use super::types::{Body, Dag, Task, Template};
use crate::model::{Environment, Flow, Stage};
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
    Task(Box<Task>),
    Flow(Flow, Vec<Plan>),
}

impl Plan {
    fn task(task: Task) -> Self {
        Self { parts: Parts::Task(Box::new(task)), tasks: 1, starts: 1, ends: 1 }
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
    /// Tasks one after the other.
    pub(super) fn chain(tasks: impl IntoIterator<Item = Task>) -> Plan {
        Plan::flow(Flow::Sequence, tasks.into_iter().map(Plan::task).collect())
    }

    /// Parts in order, or side by side, in as few tasks as one graph has room for.
    pub(super) fn flow(&mut self, flow: Flow, parts: Vec<Plan>) -> Plan {
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

    /// The stages in order. `tasks` makes those of an environment.
    pub(super) fn stages(
        &mut self,
        flow: Flow,
        stages: &[Spanned<Stage>],
        tasks: &mut dyn FnMut(&Environment) -> Vec<Task>,
    ) -> Plan {
        let parts = stages.iter().filter_map(|stage| match &stage.node {
            Stage::Environment(environment) => Some(Self::chain(tasks(environment))),
            Stage::Wave(wave) => Some(self.stages(wave.flow, &wave.stages, tasks)),
            // Refused when the script is read, until this version of aphex emits them.
            Stage::Step(_) | Stage::Approval(_) => None,
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
    Template {
        name,
        inputs: None,
        outputs: None,
        service_account_name: None,
        retry_strategy: None,
        active_deadline_seconds: None,
        body: Body::Dag(Dag { fail_fast: false, tasks }),
    }
}

/// Adds the tasks of `plan` after those named; gives the names of those that end it.
fn place(plan: Plan, after: &[String], tasks: &mut Vec<Task>) -> Vec<String> {
    match plan.parts {
        Parts::Task(task) => {
            let results: Vec<_> = after.iter().map(|name| format!("{name}.Succeeded")).collect();
            let name = task.name.clone();
            tasks.push(Task { depends: (!results.is_empty()).then(|| results.join(" && ")), ..*task });
            vec![name]
        }
        Parts::Flow(Flow::Parallel, parts) => parts.into_iter().flat_map(|part| place(part, after, tasks)).collect(),
        Parts::Flow(Flow::Sequence, parts) => {
            parts.into_iter().fold(after.to_vec(), |after, part| place(part, &after, tasks))
        }
    }
}
