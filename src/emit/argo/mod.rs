//! Argo Workflows, Argo Events and the Kubernetes objects around them.

mod escape;
mod event_source;
mod groups;
mod job;
mod objects;
mod order;
mod rbac;
mod sensor;
mod stages;
mod types;
mod workflow_template;

use serde::Serialize;

use super::yaml::document;
use super::{Artifact, Document, Format};
use crate::model::Pipeline;
use objects::Ordered;

const FOLDER: &str = "kubernetes";

/// What `kubectl apply -k` reads first.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Kustomization {
    api_version: &'static str,
    kind: &'static str,
    resources: Vec<String>,
}

pub(super) fn emit(pipeline: &Pipeline, script: &str, format: Format) -> Vec<Artifact> {
    let files = [
        ("rbac", rbac(pipeline, format)),
        ("event-source", event_source(pipeline, format)),
        ("sensor", vec![document("Sensor", &sensor::sensor(pipeline), format)]),
        ("workflow-template", workflow_templates(pipeline, script, format)),
    ];
    let extension = match format {
        Format::Yaml => "yaml",
        Format::Json => "json",
    };
    let kustomization = Kustomization {
        api_version: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        resources: files.iter().map(|(name, _)| format!("{name}.{extension}")).collect(),
    };
    let kustomization = vec![document("Kustomization", &kustomization, format)];
    let files = files.into_iter().map(|(name, documents)| (format!("{name}.{extension}"), documents));
    // Its name is fixed; JSON is YAML too.
    let files = files.chain([("kustomization.yaml".to_owned(), kustomization)]);
    files.map(|(name, documents)| Artifact { path: format!("{FOLDER}/{name}"), documents }).collect()
}

fn workflow_templates(pipeline: &Pipeline, script: &str, format: Format) -> Vec<Document> {
    vec![document("WorkflowTemplate", &workflow_template::workflow_template(pipeline, script), format)]
}

fn event_source(pipeline: &Pipeline, format: Format) -> Vec<Document> {
    vec![
        document("EventSource", &event_source::event_source(pipeline), format),
        document("Service", &Ordered(event_source::service(pipeline)), format),
    ]
}

fn rbac(pipeline: &Pipeline, format: Format) -> Vec<Document> {
    let written = |object| match object {
        rbac::Object::Account(account) => document("ServiceAccount", &Ordered(account), format),
        rbac::Object::Role(role) => document("Role", &Ordered(role), format),
        rbac::Object::Binding(binding) => document("RoleBinding", &Ordered(binding), format),
    };
    rbac::rbac(pipeline).into_iter().map(written).collect()
}

#[cfg(test)]
mod tests;
