//! Argo Workflows, Argo Events and the Kubernetes objects around them.

mod approvals;
mod delivery;
mod escape;
mod event_source;
mod external_secret;
mod groups;
mod job;
mod notify;
mod objects;
mod order;
mod pull_request;
mod rbac;
mod rollback;
#[cfg(test)]
mod schemas;
mod sensor;
mod stages;
mod steps;
mod triggers;
mod types;
mod workflow_template;

use serde::Serialize;

use super::yaml::document;
use super::{Artifact, Document, Format};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Pipeline, PipelineKeys};
use objects::Ordered;

const FOLDER: &str = "kubernetes";

/// The most templates of a workflow: Argo 4 refuses more.
const TEMPLATES: usize = 200;

/// The most bytes of a WorkflowTemplate. etcd takes a little more, and a run holds it together with its own state.
const SIZE: usize = 1 << 20;

/// What `kubectl apply -k` reads first.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Kustomization {
    api_version: &'static str,
    kind: &'static str,
    resources: Vec<String>,
}

/// The files of `pipeline` for Kubernetes; the script at `script` in the repository declares it.
pub(super) fn emit(pipeline: &Pipeline, script: &str, format: Format) -> Vec<Artifact> {
    all_keys_have_a_place(&pipeline.keys);
    let mut files = vec![
        ("rbac", rbac(pipeline, format)),
        ("external-secret", external_secrets(pipeline, format)),
        ("config-map", config_maps(pipeline, format)),
        ("event-source", event_source(pipeline, format)),
        ("sensor", sensors(pipeline, format)),
        ("workflow-template", workflow_templates(pipeline, script, format)),
    ];
    files.retain(|(_, documents)| !documents.is_empty());
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

/// What a cluster would not take.
pub(super) fn problems(pipeline: &Pipeline) -> Vec<Diagnostic> {
    let written = workflow_template::workflow_template(pipeline, "");
    let templates = written.spec.templates.len();
    let size = serde_json::to_string(&written).map_or(0, |text| text.len());
    let problem = |count: usize, unit: &str, limit: usize, help: &str| {
        let message = format!("the WorkflowTemplate would have {count} {unit}, and a cluster takes {limit}");
        Diagnostic::new(Code::TooLarge, pipeline.name.span, message).help(help)
    };
    let alike = "give more environments the same image, retries, timeout, resources, secrets and names of variables: \
                 those share their templates";
    let split = "declare several pipelines with fewer environments each";
    let many = (templates > TEMPLATES).then(|| problem(templates, "templates", TEMPLATES, alike));
    let large = (size > SIZE).then(|| problem(size, "bytes", SIZE, split));
    many.into_iter().chain(large).collect()
}

/// Stops the build when a pipeline gets a key that nobody has thought of here.
fn all_keys_have_a_place(keys: &PipelineKeys) {
    let PipelineKeys {
        // Used in the files of this folder.
        account: _,
        region: _,
        source: _,
        build: _,
        stages: _,
        directory: _,
        validate: _,
        self_update: _,
        images: _,
        names: _,
        artifacts: _,
        argo: _,
        event_source: _,
        identity: _,
        concurrency: _,
        timeout: _,
        retention: _,
        resources: _,
        notifications: _,
        labels: _,
        annotations: _,
        secret_store: _,
        // The business of CloudFormation.
        cluster: _,
        permissions: _,
        permissions_boundary: _,
        cdk_qualifier: _,
        // A rule.
        pin_images: _,
    } = keys;
}

fn workflow_templates(pipeline: &Pipeline, script: &str, format: Format) -> Vec<Document> {
    let delivery = workflow_template::workflow_template(pipeline, script);
    let pull_requests = pull_request::workflow_template(pipeline, script);
    let all = [Some(delivery), pull_requests].into_iter().flatten();
    all.map(|template| document("WorkflowTemplate", &template, format)).collect()
}

fn sensors(pipeline: &Pipeline, format: Format) -> Vec<Document> {
    sensor::sensors(pipeline).iter().map(|sensor| document("Sensor", sensor, format)).collect()
}

fn external_secrets(pipeline: &Pipeline, format: Format) -> Vec<Document> {
    let objects = external_secret::external_secrets(pipeline);
    objects.iter().map(|object| document("ExternalSecret", object, format)).collect()
}

fn config_maps(pipeline: &Pipeline, format: Format) -> Vec<Document> {
    let written = |map| document("ConfigMap", &Ordered(map), format);
    rollback::is_used(pipeline).then(|| written(rollback::config_map(pipeline))).into_iter().collect()
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
