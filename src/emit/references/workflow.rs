//! A WorkflowTemplate in itself: every task's template, what it gives and gets, and for whom it waits.

use std::fmt;

use super::tags::{self, Path};
use super::{ByName, Findings, Hasher, Index, Names};
use crate::emit::argo::notify::EXIT_HANDLER;
use crate::emit::argo::types::{Arguments, Body, Dag, Parameter, Resource, Task, Template, ValueFrom, WorkflowSpec};

/// The results that a `depends` may ask for: Argo's `workflow/common/ancestry.go`.
const RESULTS: [&str; 8] =
    ["Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned", "AnySucceeded", "AllFailed"];

/// What Argo knows of every run.
const OF_RUNS: [&str; 5] = ["name", "namespace", "uid", "status", "failures"];

/// One WorkflowTemplate.
struct Workflow<'a> {
    spec: &'a WorkflowSpec,
    name: &'a str,
    templates: ByName<'a, &'a Template>,
    /// What a run is given.
    parameters: Names<'a>,
    /// What a task gives to the rest of a run.
    outputs: Names<'a>,
}

/// Who could read a value: a template's inputs, and the tasks before one with what they give.
struct Reader<'r, 'a> {
    who: &'r dyn Fn() -> String,
    inputs: &'r [Parameter],
    tasks: Option<&'r ByName<'a, &'a Template>>,
}

/// Looks for what does not fit in a WorkflowTemplate.
pub(super) fn check(index: &Index<'_>, workflow: &Resource<WorkflowSpec>, found: &mut Findings) {
    let spec = &workflow.spec;
    let outputs = spec.templates.iter().flat_map(Template::outputs).filter_map(|output| output.global_name);
    let this = Workflow {
        spec,
        name: super::name(&workflow.metadata),
        templates: spec.templates.iter().map(|template| (template.name.as_str(), template)).collect(),
        parameters: spec.arguments.parameters.iter().map(|parameter| &*parameter.name).collect(),
        outputs: outputs.collect(),
    };
    if this.templates.len() < spec.templates.len() {
        found.add(this.name, format!("two templates of `{}` have one name", this.name));
    }
    for name in [Some(spec.entrypoint), spec.on_exit].into_iter().flatten() {
        this.template(name, &|| format!("the WorkflowTemplate `{}`", this.name), found);
    }
    let namespace = super::namespace(&workflow.metadata);
    let accounts =
        spec.templates.iter().filter_map(|template| Some((template, template.service_account_name.as_deref()?)));
    for (template, account) in accounts {
        index.has("ServiceAccount", namespace, account, &|| this.who(template), found);
    }
    index.has(
        "ServiceAccount",
        namespace,
        &spec.service_account_name,
        &|| format!("the WorkflowTemplate `{}`", this.name),
        found,
    );
    for template in &spec.templates {
        this.body(template, found);
    }
}

impl<'a> Workflow<'a> {
    fn who(&self, template: &Template) -> String {
        format!("the template `{}` of `{}`", template.name, self.name)
    }

    fn template(&self, name: &str, who: &dyn Fn() -> String, found: &mut Findings) -> Option<&'a Template> {
        let template = self.templates.get(name).copied();
        if template.is_none() {
            found.add(name, format!("{} calls the template `{name}`", who()));
        }
        template
    }

    fn body(&self, template: &'a Template, found: &mut Findings) {
        let who = || self.who(template);
        let reader = Reader { who: &who, inputs: template.inputs(), tasks: None };
        for input in reader.inputs {
            self.value(input, &reader, found);
        }
        match &template.body {
            Body::Dag(dag) => self.dag(dag, &reader, found),
            Body::Steps(groups) => {
                for step in groups.iter().flatten() {
                    let who = || format!("the step `{}` of `{}`", step.name, self.name);
                    let called = self.template(&step.template, &who, found);
                    call(called, None, &who, found);
                    self.text(step.when.unwrap_or_default(), &reader, found);
                }
            }
            Body::Suspend(_) => self.supplied(template, found),
            Body::Resource(action) => self.text(&action.manifest, &reader, found),
            Body::Container(container) => {
                let words = [&container.command, &container.args].into_iter().flatten().flatten();
                let values = container.env.iter().flatten().filter_map(|variable| variable.value.as_ref());
                words.chain(values).for_each(|text| self.text(text, &reader, found));
                for artifact in template.artifacts() {
                    self.text(&artifact.git.repo, &reader, found);
                    self.text(&artifact.git.revision, &reader, found);
                }
            }
        }
    }

    fn dag(&self, dag: &'a Dag, reader: &Reader<'_, 'a>, found: &mut Findings) {
        let mut before: ByName<'a, &'a Template> = ByName::with_capacity_and_hasher(dag.tasks.len(), Hasher::default());
        for task in &dag.tasks {
            let who = || format!("the task `{}` of `{}`", task.name, self.name);
            let called = self.template(&task.template, &who, found);
            call(called, task.arguments.as_ref(), &who, found);
            let reader = Reader { who: &who, inputs: reader.inputs, tasks: Some(&before) };
            let given = task.arguments.iter().flat_map(|arguments| &arguments.parameters);
            given.for_each(|parameter| self.value(parameter, &reader, found));
            self.text(task.when.as_deref().unwrap_or_default(), &reader, found);
            depends(task, &before, &who, found);
            if let Some(called) = called {
                before.insert(&task.name, called);
            }
        }
    }

    /// A person's answer goes in and comes out under one name: Argo's page changes no other.
    fn supplied(&self, template: &Template, found: &mut Findings) {
        let inputs = template.inputs();
        for output in template.outputs().iter().filter(|output| inputs.iter().all(|input| input.name != output.name)) {
            found.add(&output.name, format!("{} asks a person for its output `{}`", self.who(template), output.name));
        }
    }

    fn value(&self, parameter: &Parameter, reader: &Reader<'_, 'a>, found: &mut Findings) {
        self.text(parameter.value.as_deref().unwrap_or_default(), reader, found);
    }

    fn text(&self, text: &str, reader: &Reader<'_, 'a>, found: &mut Findings) {
        let mut see = |path: Path<'_>| {
            if !self.knows(&path, reader) {
                found.add(path.names().last().unwrap_or(&""), format!("{} reads `{path}`", (reader.who)()));
            }
        };
        if let Err(tag) = tags::read(text, &mut see) {
            found.add(tag, format!("{} has the tag `{tag}`", (reader.who)()));
        }
    }

    /// Whether there is such a value where the tag stands.
    fn knows(&self, path: &Path<'_>, reader: &Reader<'_, 'a>) -> bool {
        match path.names() {
            ["inputs", "parameters", name] => reader.inputs.iter().any(|input| *input.name == **name),
            ["workflow", "parameters", name] => self.parameters.contains(name),
            ["workflow", "outputs", "parameters", name] => self.outputs.contains(name),
            ["workflow", "status" | "failures"] => self.spec.on_exit == Some(EXIT_HANDLER),
            ["workflow", name] => OF_RUNS.contains(name),
            ["tasks", task, "outputs", "parameters", name] => {
                let called = reader.tasks.and_then(|tasks| tasks.get(task));
                called.is_some_and(|called| called.outputs().iter().any(|output| *output.name == **name))
            }
            _ => false,
        }
    }
}

/// Whether a template gets what it asks for, and nothing else.
fn call(called: Option<&Template>, given: Option<&Arguments>, who: &dyn Fn() -> String, found: &mut Findings) {
    let Some(called) = called else { return };
    let given = given.map_or(&[][..], |given| &given.parameters);
    handed_over(given, called.inputs(), who, format_args!("the template `{}`", called.name), found);
}

/// Looks for what `who` gives and `whom` does not ask for, and for what is asked for and not given.
pub(super) fn handed_over(
    given: &[Parameter],
    asked: &[Parameter],
    who: &dyn Fn() -> String,
    whom: fmt::Arguments<'_>,
    found: &mut Findings,
) {
    for parameter in given.iter().filter(|given| asked.iter().all(|asked| asked.name != given.name)) {
        found.add(&parameter.name, format!("{} gives the parameter `{}` to {whom}", who(), parameter.name));
    }
    let open = asked.iter().filter(|asked| is_open(asked));
    for parameter in open.filter(|asked| given.iter().all(|given| given.name != asked.name)) {
        found.add(&parameter.name, format!("{} gets the parameter `{}` of {whom} from", who(), parameter.name));
    }
}

/// Whether a parameter has no value unless it is given one.
fn is_open(input: &Parameter) -> bool {
    let from = |from: &ValueFrom| from.default.is_some() || from.config_map_key_ref.is_some();
    input.value.is_none() && input.default.is_none() && !input.value_from.as_deref().is_some_and(from)
}

/// Whether those that a task waits for stand before it in its graph, so that none waits for itself either.
fn depends<T>(task: &Task, before: &ByName<'_, T>, who: &dyn Fn() -> String, found: &mut Findings) {
    let words = task.depends.iter().flat_map(|text| text.split([' ', '(', ')', '!', '&', '|']));
    for word in words.filter(|word| !word.is_empty()) {
        let (name, result) = word.split_once('.').unwrap_or((word, ""));
        if !before.contains_key(name) || !RESULTS.contains(&result) {
            found.add(name, format!("{} waits for `{word}`", who()));
        }
    }
}
