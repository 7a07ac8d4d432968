//! Many jobs, few templates: jobs of one shape share one, and what they differ in is its parameters.

use indexmap::IndexMap;

use super::job::{Job, Shape, Values};
use super::types::{Parameter, Task, Template};

/// The jobs of one kind, by shape.
pub(super) struct Groups {
    kind: &'static str,
    groups: IndexMap<Shape, IndexMap<String, Values>>,
}

impl Groups {
    /// No jobs yet. A template for several is called `kind`, others like their first task.
    pub(super) fn new(kind: &'static str) -> Self {
        Self { kind, groups: IndexMap::new() }
    }

    /// Adds the job of the task of that name.
    pub(super) fn add(&mut self, task: String, job: Job) {
        let Job { shape, values } = job;
        self.groups.entry(shape).or_default().insert(task, values);
    }

    /// The templates, and the tasks by name.
    pub(super) fn finish(self) -> (Vec<Template>, IndexMap<String, Task>) {
        let mut templates = Vec::with_capacity(self.groups.len());
        let mut tasks = IndexMap::new();
        let mut plain = Some(self.kind.to_owned());
        for (shape, jobs) in self.groups {
            let first = jobs.keys().next().expect("a group is made with its first job");
            // The first template with several users has the plain name, any other one that of its first task.
            let shared = (jobs.len() > 1).then(|| plain.take()).flatten();
            let name = shared.unwrap_or_else(|| first.clone());
            let open = different(jobs.values());
            let open: Vec<&str> = open.iter().map(String::as_str).collect();
            for (task, values) in &jobs {
                let parameters = open.iter().map(|name| Parameter::new(*name, values[*name].clone()));
                tasks.insert(task.clone(), Task::new(task, &name, parameters.collect()));
            }
            let values = jobs.values().next().expect("a group is made with its first job");
            templates.push(shape.template(name, values, &open));
        }
        (templates, tasks)
    }
}

/// The names of the values that are not the same in all jobs. All jobs of a shape have the same names.
fn different<'a>(mut jobs: impl Iterator<Item = &'a Values>) -> Vec<String> {
    let Some(first) = jobs.next() else { return Vec::new() };
    let mut same: IndexMap<&String, bool> = first.keys().map(|name| (name, true)).collect();
    for values in jobs {
        for (name, same) in &mut same {
            *same &= values[*name] == first[*name];
        }
    }
    same.into_iter().filter(|(_, same)| !same).map(|(name, _)| name.clone()).collect()
}
