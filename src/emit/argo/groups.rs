//! Many jobs, few templates: jobs of one shape share one, and what they differ in is its parameters.

use std::rc::Rc;

use indexmap::IndexMap;

use super::job::{Hasher, Job, Shape, Values};
use super::types::{Parameter, Task, Template};

/// The jobs of one kind, by shape, each by its task's name.
pub(super) struct Groups<'a> {
    kind: &'static str,
    groups: IndexMap<Shape<'a>, IndexMap<String, Values<'a>, Hasher>, Hasher>,
}

impl<'a> Groups<'a> {
    /// No jobs yet. A template for several is called `kind`, others like their first task.
    pub(super) fn new(kind: &'static str) -> Self {
        Self { kind, groups: IndexMap::default() }
    }

    /// Adds the job of the task of that name.
    pub(super) fn add(&mut self, task: String, job: Job<'a>) {
        let (shape, values) = job.into_parts();
        self.groups.entry(shape).or_default().insert(task, values);
    }

    /// The templates, and the tasks by name.
    pub(super) fn finish(self) -> (Vec<Template>, Vec<Task>) {
        let mut templates = Vec::with_capacity(self.groups.len());
        let mut tasks = Vec::new();
        let mut plain = Some(self.kind.to_owned());
        for (shape, jobs) in self.groups {
            let first = jobs.keys().next().expect("a group is made with its first job");
            // The first template with several users has the plain name, any other one that of its first task.
            let shared = (jobs.len() > 1).then(|| plain.take()).flatten();
            let name = shared.unwrap_or_else(|| first.clone());
            let values = jobs.values().next().expect("a group is made with its first job");
            let open: Vec<&str> = values.names().filter(|name| !is_same(name, jobs.values())).collect();
            let template = shape.template(name.clone(), values, &open);
            let (called, open): (Rc<str>, Vec<Rc<str>>) = (name.into(), open.into_iter().map(Rc::from).collect());
            tasks.extend(jobs.iter().map(|(task, values)| {
                let parameters = open.iter().map(|name| Parameter::new(Rc::clone(name), values.get(name)));
                Task::new(task, Rc::clone(&called), parameters.collect())
            }));
            templates.push(template);
        }
        (templates, tasks)
    }
}

/// Whether the value of that name is the same in all jobs. All jobs of a shape have the same names.
fn is_same<'v>(name: &str, mut all: impl Iterator<Item = &'v Values<'v>>) -> bool {
    let first = all.next().map(|values| values.get(name));
    all.all(|values| Some(values.get(name)) == first)
}
