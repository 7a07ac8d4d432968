//! Argo Workflows, Argo Events and the Kubernetes objects around them.

mod approvals;
mod delivery;
mod escape;
pub(super) mod event_source;
pub(super) mod external_secret;
mod groups;
mod job;
pub(super) mod notify;
mod objects;
mod order;
mod ordered;
mod pull_request;
pub(super) mod rbac;
mod rollback;
#[cfg(test)]
mod schemas;
pub(super) mod sensor;
mod stages;
mod steps;
mod triggers;
pub(super) mod types;
mod workflow_template;

use k8s_openapi::api::core::v1::{ConfigMap, Service};
use serde::Serialize;

use super::sizes::{Shares, Size, bytes, grouped};
use super::yaml::add;
use super::{Artifact, Format};
use crate::diagnostic::Diagnostic;
use crate::model::Pipeline;
use event_source::EventSourceSpec;
use external_secret::ExternalSecretSpec;
use ordered::Ordered;
use sensor::SensorSpec;
pub use triggers::Subject;
use types::{Body, Resource, Template, WorkflowSpec};

const FOLDER: &str = "kubernetes";

/// The most templates of a workflow: Argo 4 refuses more.
const TEMPLATES: usize = 200;

/// The most bytes of a WorkflowTemplate. etcd takes a little more, and a run holds it together with its own state.
const SIZE: usize = 1 << 20;

/// From how many hundredths of that on there is a warning.
const NEAR: usize = 70;

/// What `kubectl apply -k` reads first.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Kustomization {
    api_version: &'static str,
    kind: &'static str,
    resources: Vec<String>,
}

/// The objects of a pipeline in Kubernetes.
pub(super) struct Objects {
    pub(super) rbac: Vec<rbac::Object>,
    pub(super) external_secrets: Vec<Resource<ExternalSecretSpec>>,
    pub(super) config_map: Option<ConfigMap>,
    pub(super) event_source: Resource<EventSourceSpec>,
    pub(super) service: Service,
    pub(super) sensors: Vec<Resource<SensorSpec>>,
    pub(super) delivery: Resource<WorkflowSpec>,
    pub(super) pull_requests: Option<Resource<WorkflowSpec>>,
}

impl Objects {
    /// The objects of `pipeline`; the script at `script` in the repository declares it.
    pub(super) fn of(pipeline: &Pipeline, script: &str) -> Self {
        Self {
            rbac: rbac::rbac(pipeline),
            external_secrets: external_secret::external_secrets(pipeline),
            config_map: rollback::is_used(pipeline).then(|| rollback::config_map(pipeline)),
            event_source: event_source::event_source(pipeline),
            service: event_source::service(pipeline),
            sensors: sensor::sensors(pipeline),
            delivery: workflow_template::workflow_template(pipeline, script),
            pull_requests: pull_request::workflow_template(pipeline, script),
        }
    }

    /// Every WorkflowTemplate.
    pub(super) fn workflows(&self) -> impl Iterator<Item = &Resource<WorkflowSpec>> {
        std::iter::once(&self.delivery).chain(&self.pull_requests)
    }

    /// The files.
    pub(super) fn write(&self, format: Format) -> Vec<Artifact> {
        let Self { rbac, external_secrets, config_map, event_source, service, sensors, delivery: _, pull_requests: _ } =
            self;
        let mut files = Files { format, files: Vec::with_capacity(7) };
        files.add("rbac", |file| rbac.iter().for_each(|object| object.add(file, format)));
        files.add("external-secret", |file| {
            for object in external_secrets {
                add(file, "ExternalSecret", object, format);
            }
        });
        files.add("config-map", |file| {
            if let Some(map) = config_map {
                add(file, "ConfigMap", &Ordered(map), format);
            }
        });
        files.add("event-source", |file| {
            add(file, "EventSource", event_source, format);
            add(file, "Service", &Ordered(service), format);
        });
        files.add("sensor", |file| sensors.iter().for_each(|sensor| add(file, "Sensor", sensor, format)));
        files.add("workflow-template", |file| {
            self.workflows().for_each(|workflow| add(file, "WorkflowTemplate", workflow, format));
        });
        files.finish()
    }

    /// What a cluster would not take, or nearly not. No text of theirs is longer than `longest`.
    pub(super) fn problems(&self, pipeline: &Pipeline, longest: usize) -> Vec<Diagnostic> {
        // As compact JSON a document has at most twice the bytes that it has as YAML: each byte of a text may need an
        // escape, and the quotes and commas are fewer than the rest. So most need not be counted.
        let is_small = longest.saturating_mul(2) < SIZE / 100 * NEAR;
        self.workflows().flat_map(|workflow| size_problems(pipeline, workflow, is_small)).collect()
    }
}

/// What is too much, or nearly so, in a WorkflowTemplate.
fn size_problems(pipeline: &Pipeline, workflow: &Resource<WorkflowSpec>, is_small: bool) -> Vec<Diagnostic> {
    let templates = &workflow.spec.templates;
    let size = |count: usize, unit: &'static str, limit: usize, help: &'static str| Size {
        what: format!("the WorkflowTemplate `{}`", workflow.metadata.name.as_deref().unwrap_or_default()),
        count,
        unit,
        limit: ("a cluster", limit),
        span: pipeline.name.span,
        help,
    };
    let alike = "give more environments the same image, retries, timeout, resources, secrets and names of variables: \
                 those share their templates";
    let split = "declare several pipelines with fewer environments each";
    let many = size(templates.len(), "templates", TEMPLATES, alike).problem(|| kinds(templates));
    let bytes = size(if is_small { 0 } else { bytes(workflow) }, "bytes", SIZE, split);
    let shares = || parts(templates);
    many.into_iter().chain(bytes.problem(shares)).chain(bytes.warning(NEAR, shares)).collect()
}

/// How many templates there are of each kind, which their names start with.
fn kinds(templates: &[Template]) -> Shares {
    let kind = |template: &Template| format!("`{}-…`", template.name.split('-').next().unwrap_or_default());
    templates.iter().map(|template| (kind(template), 1)).collect()
}

/// How many bytes each template has; the graphs are one thing, however many they are.
fn parts(templates: &[Template]) -> Shares {
    let tasks = |template: &Template| if let Body::Dag(dag) = &template.body { dag.tasks.len() } else { 0 };
    let all = grouped(templates.iter().map(tasks).sum());
    let name = |template: &Template| match &template.body {
        Body::Dag(_) => format!("the graphs of {all} tasks"),
        _ => format!("the template `{}`", template.name),
    };
    templates.iter().map(|template| (name(template), bytes(template))).collect()
}

/// The files on their way, and what `kubectl apply -k` reads of them.
struct Files {
    format: Format,
    files: Vec<Artifact>,
}

impl Files {
    /// Adds the file of that name, unless nothing is put into it.
    fn add(&mut self, name: &str, fill: impl FnOnce(&mut Artifact)) {
        let extension = match self.format {
            Format::Yaml => "yaml",
            Format::Json => "json",
        };
        let mut file = Artifact::new(format!("{FOLDER}/{name}.{extension}"));
        fill(&mut file);
        if !file.contents().is_empty() {
            self.files.push(file);
        }
    }

    fn finish(mut self) -> Vec<Artifact> {
        let name = |file: &Artifact| file.path[FOLDER.len() + 1..].to_owned();
        let kustomization = Kustomization {
            api_version: "kustomize.config.k8s.io/v1beta1",
            kind: "Kustomization",
            resources: self.files.iter().map(name).collect(),
        };
        // Its name is fixed; JSON is YAML too.
        let mut file = Artifact::new(format!("{FOLDER}/kustomization.yaml"));
        add(&mut file, "Kustomization", &kustomization, self.format);
        self.files.push(file);
        self.files
    }
}

#[cfg(test)]
pub(super) mod tests;
