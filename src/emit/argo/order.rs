//! The order of a run: what each task waits for. A task names every task that it waits for with its result, so that
//! nothing starts after one that failed or did not run.

use super::types::Task;
use crate::model::{Environment, Flow, Stage};
use crate::source::Spanned;

/// How many pairs of a task and what it waits for are written out between two sets of tasks. With more, both meet in a
/// task between them: three hundred environments after three hundred others would be ninety thousand names.
const PAIRS: usize = 64;

/// The template of the task between two large sets.
pub(super) const JOIN: &str = "join";

/// Tasks that are waited for together.
#[derive(Debug, Default)]
struct Set {
    names: Vec<String>,
    waiting: usize,
    join: Option<String>,
}

/// Which of the sets.
#[derive(Debug, Clone, Copy)]
pub(super) struct After(usize);

/// Tasks, each with what it waits for.
#[derive(Debug)]
pub(super) struct Order {
    sets: Vec<Set>,
    tasks: Vec<(Task, After)>,
}

impl Order {
    /// What the first task waits for: nothing.
    pub(super) const START: After = After(0);

    /// No tasks yet.
    pub(super) fn new() -> Self {
        Self { sets: vec![Set::default()], tasks: Vec::new() }
    }

    /// Adds tasks one after the other, the first after `after`; gives the last.
    pub(super) fn chain(&mut self, tasks: impl IntoIterator<Item = Task>, mut after: After) -> After {
        for task in tasks {
            self.sets[after.0].waiting += 1;
            let next = self.set(vec![task.name.clone()]);
            self.tasks.push((task, after));
            after = next;
        }
        after
    }

    /// Adds stages in order, and gives what ends them. `tasks` makes those of an environment.
    pub(super) fn stages(
        &mut self,
        stages: &[Spanned<Stage>],
        after: After,
        tasks: &mut dyn FnMut(&Environment) -> Vec<Task>,
    ) -> After {
        stages.iter().fold(after, |after, stage| self.stage(&stage.node, after, tasks))
    }

    fn stage(&mut self, stage: &Stage, after: After, tasks: &mut dyn FnMut(&Environment) -> Vec<Task>) -> After {
        match stage {
            Stage::Environment(environment) => self.chain(tasks(environment), after),
            Stage::Wave(wave) => match wave.flow {
                Flow::Sequence => self.stages(&wave.stages, after, tasks),
                Flow::Parallel => {
                    let ends: Vec<After> =
                        wave.stages.iter().map(|stage| self.stage(&stage.node, after, tasks)).collect();
                    let names = ends.iter().flat_map(|end| self.sets[end.0].names.iter().cloned()).collect();
                    self.set(names)
                }
            },
            // Refused when the script is read, until this version of aphex emits them.
            Stage::Step(_) | Stage::Approval(_) => after,
        }
    }

    /// The tasks, each with what it waits for, and whether some of them need the template [`JOIN`].
    pub(super) fn finish(mut self) -> (Vec<Task>, bool) {
        let mut done = Vec::with_capacity(self.tasks.len());
        let mut joins = 0;
        for (task, after) in self.tasks {
            let set = &mut self.sets[after.0];
            if set.names.len() > 1 && set.waiting > 1 && set.names.len() * set.waiting > PAIRS && set.join.is_none() {
                joins += 1;
                let name = format!("{JOIN}-{joins}");
                let depends = condition(&set.names);
                done.push(Task { name: name.clone(), template: JOIN.to_owned(), depends, arguments: None });
                set.join = Some(name);
            }
            let depends = set.join.as_ref().map_or_else(|| condition(&set.names), |join| condition([join]));
            done.push(Task { depends, ..task });
        }
        (done, joins > 0)
    }

    fn set(&mut self, names: Vec<String>) -> After {
        self.sets.push(Set { names, ..Set::default() });
        After(self.sets.len() - 1)
    }
}

fn condition<'a>(names: impl IntoIterator<Item = &'a String>) -> Option<String> {
    let results: Vec<_> = names.into_iter().map(|name| format!("{name}.Succeeded")).collect();
    (!results.is_empty()).then(|| results.join(" && "))
}
