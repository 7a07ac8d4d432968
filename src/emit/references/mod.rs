//! Whether everything that one object of the output says of another is there and takes what it is given: templates,
//! parameters, outputs, expressions, service accounts, roles, Secrets, ConfigMaps, exports. It is asked before anything
//! is written, and guards aphex's own emitters and the user's names alike.
//!
//! Kubernetes takes each object by itself, and Argo finds out during a run: a parameter that a Sensor puts into nothing,
//! or an output that no task has, waits for ever.

mod events;
mod identities;
mod secrets;
mod stack;
mod tags;
#[cfg(test)]
mod tests;
mod workflow;

use std::collections::{HashMap, HashSet};

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::Bundle;
use super::argo::rbac::Object;
use super::argo::types::{Resource, WorkflowSpec};
use super::secrets::Keys;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Pipeline;
use crate::schema::Config;
use crate::source::Span;

/// Everything is looked up by name: the hash that is made for speed.
type Hasher = foldhash::fast::RandomState;
type Names<'a> = HashSet<&'a str, Hasher>;
type ByName<'a, T> = HashMap<&'a str, T, Hasher>;

/// How many findings are told.
const TOLD: usize = 8;

/// What is in the output, by its names.
struct Index<'a> {
    pipeline: &'a Pipeline,
    /// Every WorkflowTemplate.
    workflows: Vec<&'a Resource<WorkflowSpec>>,
    /// Every object in Kubernetes: kind, namespace, name.
    objects: HashSet<(&'static str, &'a str, &'a str), Hasher>,
    /// Every Secret that somebody brings, with its keys.
    secrets: indexmap::IndexMap<(&'a str, String), Keys<'a>>,
}

/// What does not fit together, in words.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

/// One thing that does not fit.
#[derive(Debug)]
struct Finding {
    /// The name that leads nowhere.
    name: String,
    words: String,
}

impl Findings {
    /// Says that `who` has something to do with `name`, which is not so in the output.
    fn add(&mut self, name: &str, words: impl Into<String>) {
        self.0.push(Finding { name: name.to_owned(), words: words.into() });
    }
}

/// The name of an object.
fn name(metadata: &ObjectMeta) -> &str {
    metadata.name.as_deref().unwrap_or_default()
}

/// The namespace of an object.
fn namespace(metadata: &ObjectMeta) -> &str {
    metadata.namespace.as_deref().unwrap_or_default()
}

impl<'a> Index<'a> {
    fn of(bundle: &'a Bundle<'_>) -> Self {
        let objects = &bundle.objects;
        let workflows: Vec<_> = objects.workflows().collect();
        let accounts = objects.rbac.iter().filter_map(|object| match object {
            Object::Account(account) => Some(("ServiceAccount", &account.metadata)),
            Object::Role(role) => Some(("Role", &role.metadata)),
            Object::Binding(_) => None,
        });
        let templates = workflows.iter().map(|workflow| ("WorkflowTemplate", &workflow.metadata));
        let sensors = objects.sensors.iter().map(|sensor| ("Sensor", &sensor.metadata));
        let rest = [("EventSource", &objects.event_source.metadata), ("Service", &objects.service.metadata)];
        let maps = objects.config_map.iter().map(|map| ("ConfigMap", &map.metadata));
        let all = accounts.chain(templates).chain(sensors).chain(rest).chain(maps);
        let objects = all.map(|(kind, metadata)| (kind, namespace(metadata), name(metadata))).collect();
        Self { pipeline: bundle.pipeline, workflows, objects, secrets: super::secrets::secrets(bundle.pipeline) }
    }

    /// Adds a finding where an object that `who` names is not in the output.
    fn has(&self, kind: &'static str, namespace: &str, name: &str, who: &dyn Fn() -> String, found: &mut Findings) {
        if !self.objects.contains(&(kind, namespace, name)) {
            found.add(name, format!("{} names the {kind} `{name}` in `{namespace}`", who()));
        }
    }

    /// The user's name of that text, else the pipeline's: what a person could change.
    fn place(&self, name: &str) -> Span {
        let names = self.pipeline.names.entries();
        let given =
            names.iter().find(|(_, value)| matches!(&value.node, crate::schema::Value::Str(text) if text == name));
        given.map_or(self.pipeline.name.span, |(_, value)| value.span)
    }
}

/// What in the output does not fit together: one problem, however much it is.
pub(super) fn problem(bundle: &Bundle<'_>) -> Option<Diagnostic> {
    let index = Index::of(bundle);
    let mut found = Findings::default();
    for workflow in &index.workflows {
        workflow::check(&index, workflow, &mut found);
    }
    events::check(&index, &bundle.objects, &mut found);
    identities::check(&index, bundle, &mut found);
    secrets::check(&index, &bundle.objects, &mut found);
    stack::check(&index, &bundle.stack, &mut found);
    let (first, rest) = found.0.split_first()?;
    let message = format!("the output would not fit together: {}, and there is no such thing", first.words);
    let problem = Diagnostic::new(Code::DanglingReference, index.place(&first.name), message);
    let told = rest.iter().take(TOLD).map(|finding| format!("neither fits that {}", finding.words));
    let problem = told.fold(problem, Diagnostic::help);
    let left = rest.len().saturating_sub(TOLD);
    let problem = if left > 0 { problem.help(format!("{left} more are left out")) } else { problem };
    Some(problem.help("this is a mistake of aphex's own: nothing is written; please report it with the script"))
}
