//! Everything that could run: each task of each template that the entry point and the exit handler reach.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::condition::Condition;
use super::depends::Depends;
use super::raw::{self, ContinueOn, Task, Template, Workflow};
use super::{Error, Kind, unsupported};

/// How deep templates may stand in each other.
const DEPTH: usize = 16;

/// How many tasks there may be.
const TASKS: usize = 20_000;

/// All nodes of a workflow.
#[derive(Debug)]
pub(super) struct Plan {
    /// A node stands before those in it.
    pub(super) nodes: Vec<Node>,
    /// The entry point.
    pub(super) main: usize,
    /// The exit handler.
    pub(super) exit: Option<usize>,
    /// The environments that the workflow can go back to the last good commit of.
    pub(super) environments: BTreeSet<String>,
}

/// One node of a run.
#[derive(Debug)]
pub(super) struct Node {
    /// As people call it.
    pub(super) name: String,
    /// As the template that it stands in calls it.
    pub(super) task: String,
    pub(super) parent: Option<usize>,
    pub(super) work: Work,
    pub(super) depends: Option<Depends>,
    /// The nodes that `depends` names.
    pub(super) after: Vec<usize>,
    pub(super) when: Option<Condition>,
    /// Which of its ends do not count for what it is in.
    pub(super) continue_on: ContinueOn,
    /// What it gives to its template.
    pub(super) arguments: BTreeMap<String, Given>,
    /// What its template takes.
    pub(super) inputs: Vec<Input>,
}

/// A value that a task gives, or that a template takes where no task gives one.
#[derive(Debug)]
pub(super) struct Given {
    /// The key of a `ConfigMap` that holds it.
    pub(super) key: Option<String>,
    /// The value, or what counts where the key is not there.
    pub(super) text: Option<String>,
}

/// What a node does.
#[derive(Debug)]
pub(super) enum Work {
    /// A container, or a change of an object.
    Pod {
        /// Whether it is there to fail.
        fails: bool,
    },
    /// Waits for a person.
    Gate(Vec<Answer>),
    /// Tasks, in an order in which each stands behind those that it waits for.
    Dag(Vec<usize>),
    /// Groups of steps, one after the other.
    Steps(Vec<usize>),
    /// Steps side by side.
    Group(Vec<usize>),
}

/// An output of a gate.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) name: String,
    /// Whether a person gives it.
    pub(super) supplied: bool,
    pub(super) default: Option<String>,
}

/// An input of a template.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) name: String,
    pub(super) default: Given,
}

impl Node {
    /// Whether people know it: neither a whole workflow nor a group of steps.
    pub(super) fn is_task(&self) -> bool {
        self.parent.is_some() && !matches!(self.work, Work::Group(_))
    }

    pub(super) fn kind(&self) -> Kind {
        match self.work {
            Work::Pod { .. } => Kind::Task,
            Work::Gate(_) => Kind::Approval,
            Work::Dag(_) if self.inputs.is_empty() => Kind::Graph,
            Work::Dag(_) | Work::Steps(_) | Work::Group(_) => Kind::Group,
        }
    }
}

impl Plan {
    /// The plan of a WorkflowTemplate.
    pub(super) fn of(workflow: &serde_json::Value) -> Result<Self, Error> {
        let Workflow { spec } =
            Workflow::deserialize(workflow).map_err(|error| Error::Unsupported(error.to_string()))?;
        if spec.hooks.is_some() {
            return unsupported("hooks of a workflow; write `onExit`");
        }
        let mut templates = BTreeMap::new();
        for template in &spec.templates {
            if templates.insert(template.name.as_str(), template).is_some() {
                return unsupported(format!("two templates are called `{}`", template.name));
            }
        }
        let mut builder = Builder { templates, nodes: Vec::new(), environments: BTreeSet::new() };
        let main = builder.root(&spec.entrypoint)?;
        let exit = spec.on_exit.as_deref().map(|name| builder.root(name)).transpose()?;
        let Builder { templates: _, mut nodes, environments } = builder;
        name(&mut nodes);
        Ok(Self { nodes, main, exit, environments })
    }

    /// The template's own node in which a task stands, past a group of steps.
    pub(super) fn template_of(&self, node: usize) -> Option<usize> {
        let parent = self.nodes[node].parent?;
        if matches!(self.nodes[parent].work, Work::Group(_)) { self.nodes[parent].parent } else { Some(parent) }
    }
}

struct Builder<'a> {
    templates: BTreeMap<&'a str, &'a Template>,
    nodes: Vec<Node>,
    environments: BTreeSet<String>,
}

impl<'a> Builder<'a> {
    fn root(&mut self, template: &'a str) -> Result<usize, Error> {
        let id = self.add(template, None)?;
        self.fill(id, template, 0)?;
        Ok(id)
    }

    fn add(&mut self, task: &str, parent: Option<usize>) -> Result<usize, Error> {
        if self.nodes.len() >= TASKS {
            return unsupported(format!("more than {TASKS} tasks"));
        }
        self.nodes.push(Node {
            name: task.to_owned(),
            task: task.to_owned(),
            parent,
            work: Work::Pod { fails: false },
            depends: None,
            after: Vec::new(),
            when: None,
            continue_on: ContinueOn::default(),
            arguments: BTreeMap::new(),
            inputs: Vec::new(),
        });
        Ok(self.nodes.len() - 1)
    }

    /// Gives the node the work of its template.
    fn fill(&mut self, id: usize, name: &str, depth: usize) -> Result<(), Error> {
        let Some(&template) = self.templates.get(name) else {
            return unsupported(format!("`{}` names the template `{name}`, which is not there", self.nodes[id].task));
        };
        if depth > DEPTH {
            return unsupported(format!("templates stand in each other more than {DEPTH} deep, at `{name}`"));
        }
        if template.daemon == Some(true) {
            return unsupported(format!("`{name}` is a daemon"));
        }
        self.nodes[id].inputs = self.inputs(template);
        self.nodes[id].work = match template {
            Template { dag: Some(dag), .. } => {
                if dag.fail_fast != Some(false) {
                    return unsupported(format!("the graph `{name}` has no `failFast: false`"));
                }
                self.dag(id, &dag.tasks, depth)?
            }
            Template { steps: Some(steps), .. } => self.steps(id, steps, depth)?,
            Template { suspend: Some(_), .. } => Work::Gate(answers(template)),
            Template { container: Some(container), .. } => Work::Pod { fails: container.always_fails() },
            Template { script: Some(_), .. }
            | Template { container_set: Some(_), .. }
            | Template { resource: Some(_), .. } => Work::Pod { fails: false },
            _ => return unsupported(format!("the template `{name}` does nothing that is known")),
        };
        Ok(())
    }

    fn inputs(&mut self, template: &Template) -> Vec<Input> {
        let inputs = template.inputs.parameters.iter();
        inputs.map(|parameter| Input { name: parameter.name.clone(), default: self.given(parameter) }).collect()
    }

    fn given(&mut self, parameter: &raw::Parameter) -> Given {
        let from = parameter.value_from.as_ref();
        let key = from.and_then(|from| from.config_map_key_ref.as_ref()).map(|key| key.key.clone());
        self.environments.extend(key.clone());
        let default = from.and_then(|from| from.default.as_ref());
        Given { key, text: parameter.value.as_ref().or(parameter.default.as_ref()).or(default).map(raw::text) }
    }

    /// Adds a task, without the tasks in it.
    fn task(&mut self, task: &Task, parent: usize) -> Result<usize, Error> {
        let id = self.add(&task.name, Some(parent))?;
        let given = task.arguments.parameters.iter();
        let given = given.map(|parameter| (parameter.name.clone(), self.given(parameter))).collect();
        let node = &mut self.nodes[id];
        node.arguments = given;
        node.continue_on = task.continue_on;
        node.when = task.when.as_deref().map(|when| Condition::parse(when, &task.name)).transpose()?;
        node.depends = task.depends.as_deref().map(|depends| Depends::parse(depends, &task.name)).transpose()?;
        Ok(id)
    }

    fn dag(&mut self, id: usize, tasks: &[Task], depth: usize) -> Result<Work, Error> {
        let mut ids = BTreeMap::new();
        let mut all = Vec::with_capacity(tasks.len());
        for task in tasks {
            let child = self.task(task, id)?;
            if task.continue_on != ContinueOn::default() {
                return unsupported(format!("the task `{}` of a graph has a `continueOn`", task.name));
            }
            all.push(child);
            if ids.insert(task.name.as_str(), child).is_some() {
                return unsupported(format!("two tasks of one graph are called `{}`", task.name));
            }
        }
        for &child in &all {
            let names = self.nodes[child].depends.iter().flat_map(Depends::names);
            let after = names.map(|name| ids.get(name).copied().ok_or(name)).collect::<Result<Vec<_>, _>>();
            let after = after.map_err(|name| {
                Error::Unsupported(format!("`{}` waits for `{name}`, which is not there", self.nodes[child].task))
            })?;
            self.nodes[child].after = after;
        }
        for (task, &child) in tasks.iter().zip(&all) {
            self.fill(child, &task.template, depth + 1)?;
        }
        Ok(Work::Dag(self.ordered(&all)?))
    }

    /// The tasks of a graph, each behind those that it waits for.
    fn ordered(&self, tasks: &[usize]) -> Result<Vec<usize>, Error> {
        let mut waits: BTreeMap<usize, usize> = tasks.iter().map(|&id| (id, self.nodes[id].after.len())).collect();
        let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &id in tasks {
            self.nodes[id].after.iter().for_each(|&before| next.entry(before).or_default().push(id));
        }
        let mut ordered: Vec<usize> = tasks.iter().copied().filter(|id| waits[id] == 0).collect();
        let mut at = 0;
        while let Some(&id) = ordered.get(at) {
            at += 1;
            for &later in next.get(&id).into_iter().flatten() {
                let left = waits.entry(later).or_default();
                *left -= 1;
                if *left == 0 {
                    ordered.push(later);
                }
            }
        }
        match tasks.iter().find(|id| !ordered.contains(id)) {
            Some(&id) if ordered.len() < tasks.len() => {
                unsupported(format!("`{}` waits for itself in a circle", self.nodes[id].task))
            }
            _ => Ok(ordered),
        }
    }

    fn steps(&mut self, id: usize, groups: &[Vec<Task>], depth: usize) -> Result<Work, Error> {
        let mut ids = Vec::with_capacity(groups.len());
        for (number, group) in groups.iter().enumerate() {
            let parent = self.add(&format!("[{number}]"), Some(id))?;
            ids.push(parent);
            let mut steps = Vec::with_capacity(group.len());
            for step in group {
                if step.depends.is_some() {
                    return unsupported(format!("the step `{}` has a `depends`", step.name));
                }
                let child = self.task(step, parent)?;
                self.fill(child, &step.template, depth + 1)?;
                steps.push(child);
            }
            self.nodes[parent].work = Work::Group(steps);
        }
        Ok(Work::Steps(ids))
    }
}

fn answers(template: &Template) -> Vec<Answer> {
    let outputs = template.outputs.parameters.iter().map(|parameter| {
        let from = parameter.value_from.as_ref();
        Answer {
            name: parameter.name.clone(),
            supplied: from.is_some_and(|from| from.supplied.is_some()),
            default: from.and_then(|from| from.default.as_ref()).map(raw::text),
        }
    });
    outputs.collect()
}

/// Gives each node the name that people call it by: its own, where no other task in a graph has it; behind the name of
/// what it is in, where it is a step or its name is not its own.
fn name(nodes: &mut [Node]) {
    let mut inside = vec![false; nodes.len()];
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for id in 0..nodes.len() {
        let Some(parent) = nodes[id].parent else { continue };
        let top = nodes[parent].parent.is_none();
        let detail = nodes[parent].is_task() && nodes[parent].kind() == Kind::Group;
        inside[id] = inside[parent] || (detail && !top);
        if !inside[id] {
            *uses.entry(nodes[id].task.clone()).or_default() += 1;
        }
    }
    for id in 0..nodes.len() {
        let Some(parent) = nodes[id].parent else { continue };
        let group = matches!(nodes[id].work, Work::Group(_));
        let plain = group || (!inside[id] && uses[&nodes[id].task] == 1);
        let above = &nodes[parent];
        let above =
            if matches!(above.work, Work::Group(_)) { above.parent.map_or(above, |id| &nodes[id]) } else { above };
        if !plain {
            nodes[id].name = format!("{}/{}", above.name, nodes[id].task);
        }
    }
}
