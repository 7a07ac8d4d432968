//! The Sensor, which starts a run for the pushes that deliver and for nothing else.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use super::event_source::{PodTemplate, event_name};
use super::objects::{metadata, run_metadata};
use super::types::{Arguments, Parameter, Resource};
use crate::model::Pipeline;

/// What the dependency and the trigger are called.
const PUSH: &str = "push";

/// `spec` of a Sensor.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SensorSpec {
    event_bus_name: String,
    template: PodTemplate,
    dependencies: Vec<Dependency>,
    triggers: Vec<Trigger>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Dependency {
    name: &'static str,
    event_source_name: String,
    event_name: String,
    filters: Filters,
}

#[derive(Debug, Serialize)]
struct Filters {
    data: Vec<Filter>,
}

/// What a value of the event must be: one of `value`.
#[derive(Debug, Serialize)]
struct Filter {
    path: &'static str,
    r#type: &'static str,
    value: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Trigger {
    template: TriggerTemplate,
    retry_strategy: Backoff,
    at_least_once: bool,
}

#[derive(Debug, Serialize)]
struct TriggerTemplate {
    name: &'static str,
    conditions: &'static str,
    k8s: KubernetesTrigger,
}

#[derive(Debug, Serialize)]
struct KubernetesTrigger {
    operation: &'static str,
    source: Source,
    parameters: Vec<TriggerParameter>,
}

#[derive(Debug, Serialize)]
struct Source {
    resource: Resource<RunSpec>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RunSpec {
    workflow_template_ref: TemplateRef,
    arguments: Arguments,
}

#[derive(Debug, Serialize)]
struct TemplateRef {
    name: String,
}

#[derive(Debug, Serialize)]
struct TriggerParameter {
    src: Origin,
    dest: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Origin {
    dependency_name: &'static str,
    data_key: &'static str,
}

#[derive(Debug, Serialize)]
struct Backoff {
    steps: i32,
    duration: &'static str,
    factor: i32,
}

/// The Sensor of `pipeline`.
pub(super) fn sensor(pipeline: &Pipeline) -> Resource<SensorSpec> {
    let spec = SensorSpec {
        event_bus_name: pipeline.argo.event_bus.as_str().to_owned(),
        template: PodTemplate {
            metadata: run_metadata(pipeline),
            service_account_name: pipeline.sensor_service_account().to_owned(),
        },
        dependencies: vec![Dependency {
            name: PUSH,
            event_source_name: pipeline.names.event_source.as_str().to_owned(),
            event_name: event_name(pipeline).to_owned(),
            filters: Filters { data: filters(pipeline) },
        }],
        triggers: vec![trigger(pipeline)],
    };
    let name = pipeline.names.sensor.as_str();
    Resource::argo("Sensor", metadata(pipeline, pipeline.argo.events_namespace.as_str(), name), spec)
}

/// Each filter must hold. Argo Events takes a text for a regular expression that may match anywhere, hence the anchors.
fn filters(pipeline: &Pipeline) -> Vec<Filter> {
    let text = |path, value: Vec<String>| Filter { path, r#type: "string", value };
    let branches = pipeline.source.branches();
    vec![
        // Argo Events copies the header into the body; among the headers it is an array.
        text("body.X-GitHub-Event", vec!["^push$".to_owned()]),
        text("body.ref", branches.into_iter().map(|glob| format!("^refs/heads/{}$", pattern(glob))).collect()),
        Filter { path: "body.deleted", r#type: "bool", value: vec!["false".to_owned()] },
        text("body.after", vec!["^[0-9a-f]{40}$".to_owned()]),
        text("body.repository.full_name", vec![format!("^{}$", pattern(pipeline.source.name.as_str()))]),
    ]
}

fn trigger(pipeline: &Pipeline) -> Trigger {
    let metadata = ObjectMeta {
        name: None,
        generate_name: Some(pipeline.names.workflow_prefix.as_str().to_owned()),
        ..metadata(pipeline, pipeline.argo.namespace.as_str(), "")
    };
    let spec = RunSpec {
        workflow_template_ref: TemplateRef { name: pipeline.names.workflow_template.as_str().to_owned() },
        arguments: Arguments { parameters: vec![Parameter::new("commit-sha", "")] },
    };
    let run = Resource::argo("Workflow", metadata, spec);
    // Of the event nothing but the commit reaches the run.
    let commit = TriggerParameter {
        src: Origin { dependency_name: PUSH, data_key: "body.after" },
        dest: "spec.arguments.parameters.0.value",
    };
    let k8s = KubernetesTrigger { operation: "create", source: Source { resource: run }, parameters: vec![commit] };
    Trigger {
        template: TriggerTemplate { name: PUSH, conditions: PUSH, k8s },
        retry_strategy: Backoff { steps: 3, duration: "2s", factor: 2 },
        at_least_once: true,
    }
}

/// A pattern of branches as a regular expression: `*` is anything but `/`, `**` anything, `?` one character but `/`.
fn pattern(glob: &str) -> String {
    let mut out = String::with_capacity(glob.len());
    let mut rest = glob;
    while let Some(next) = rest.chars().next() {
        let stars = rest.len() - rest.trim_start_matches('*').len();
        rest = &rest[stars.max(next.len_utf8())..];
        match (stars, next) {
            (0, '?') => out.push_str("[^/]"),
            (0, '.' | '+' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$' | '\\') => out.extend(['\\', next]),
            (0, _) => out.push(next),
            (1, _) => out.push_str("[^/]*"),
            (_, _) => out.push_str(".*"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_what_they_say_and_names_match_themselves() {
        assert_eq!(pattern("main"), "main");
        assert_eq!(pattern("release/*"), "release/[^/]*");
        assert_eq!(pattern("**/v?.x"), r".*/v[^/]\.x");
        assert_eq!(pattern("a+b(c)|$d"), r"a\+b\(c\)\|\$d");
    }
}
