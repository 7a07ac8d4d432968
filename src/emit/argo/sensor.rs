//! The Sensors: each starts a run for one kind of event, and for nothing else.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use super::event_source::{PodTemplate, event_name};
use super::objects::{metadata, run_metadata};
use super::triggers::{Filter, commit, filters};
use super::types::{Arguments, Parameter, Resource};
use crate::model::{Event, Pipeline};

/// The label that says what started a run.
const EVENT_LABEL: &str = "aphex.dev/event";

/// `spec` of a Sensor.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct SensorSpec {
    pub(in crate::emit) event_bus_name: String,
    pub(in crate::emit) template: PodTemplate,
    pub(in crate::emit) dependencies: Vec<Dependency>,
    pub(in crate::emit) triggers: Vec<Trigger>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct Dependency {
    pub(in crate::emit) name: &'static str,
    pub(in crate::emit) event_source_name: String,
    pub(in crate::emit) event_name: String,
    pub(in crate::emit) filters: Filters,
}

#[derive(Debug, Serialize)]
pub(in crate::emit) struct Filters {
    pub(in crate::emit) data: Vec<Filter>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct Trigger {
    pub(in crate::emit) template: TriggerTemplate,
    pub(in crate::emit) retry_strategy: Backoff,
    pub(in crate::emit) at_least_once: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) rate_limit: Option<RateLimit>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit) struct TriggerTemplate {
    pub(in crate::emit) name: &'static str,
    pub(in crate::emit) conditions: &'static str,
    pub(in crate::emit) k8s: KubernetesTrigger,
}

#[derive(Debug, Serialize)]
pub(in crate::emit) struct KubernetesTrigger {
    pub(in crate::emit) operation: &'static str,
    pub(in crate::emit) source: Source,
    pub(in crate::emit) parameters: Vec<TriggerParameter>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit) struct Source {
    pub(in crate::emit) resource: Resource<RunSpec>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct RunSpec {
    pub(in crate::emit) workflow_template_ref: TemplateRef,
    pub(in crate::emit) arguments: Arguments,
}

#[derive(Debug, Serialize)]
pub(in crate::emit) struct TemplateRef {
    pub(in crate::emit) name: String,
}

#[derive(Debug, Serialize)]
pub(in crate::emit) struct TriggerParameter {
    pub(in crate::emit) src: Origin,
    pub(in crate::emit) dest: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct Origin {
    pub(in crate::emit) dependency_name: &'static str,
    pub(in crate::emit) data_key: &'static str,
}

#[derive(Debug, Serialize)]
pub(in crate::emit) struct Backoff {
    pub(in crate::emit) steps: i32,
    pub(in crate::emit) duration: &'static str,
    pub(in crate::emit) factor: i32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct RateLimit {
    pub(in crate::emit) unit: &'static str,
    pub(in crate::emit) requests_per_unit: i32,
}

/// The Sensors of `pipeline`.
pub(super) fn sensors(pipeline: &Pipeline) -> Vec<Resource<SensorSpec>> {
    pipeline.events().into_iter().map(|event| sensor(pipeline, event)).collect()
}

fn sensor(pipeline: &Pipeline, event: Event) -> Resource<SensorSpec> {
    let spec = SensorSpec {
        event_bus_name: pipeline.argo.event_bus.as_str().to_owned(),
        template: PodTemplate {
            metadata: run_metadata(pipeline),
            service_account_name: pipeline.sensor_service_account().to_owned(),
        },
        dependencies: vec![Dependency {
            name: word(event),
            event_source_name: pipeline.names.event_source.as_str().to_owned(),
            event_name: event_name(pipeline).to_owned(),
            filters: Filters { data: filters(pipeline, event) },
        }],
        triggers: vec![trigger(pipeline, event)],
    };
    let name = pipeline.sensor(event);
    Resource::argo("Sensor", metadata(pipeline, pipeline.argo.events_namespace.as_str(), &name), spec)
}

/// What the dependency and the trigger are called, and the label of the run.
const fn word(event: Event) -> &'static str {
    match event {
        Event::Branch => "push",
        Event::Tag => "tag",
        Event::PullRequest => "pull-request",
    }
}

fn trigger(pipeline: &Pipeline, event: Event) -> Trigger {
    let word = word(event);
    let mut metadata = ObjectMeta {
        name: None,
        generate_name: Some(pipeline.workflow_prefix(event)),
        ..metadata(pipeline, pipeline.argo.namespace.as_str(), "")
    };
    metadata.labels.get_or_insert_default().insert(EVENT_LABEL.to_owned(), word.to_owned());
    let spec = RunSpec {
        workflow_template_ref: TemplateRef { name: pipeline.workflow_template(event) },
        arguments: Arguments { parameters: vec![Parameter::new("commit-sha", "")] },
    };
    let run = Resource::argo("Workflow", metadata, spec);
    // Of the event nothing but the commit reaches the run.
    let commit = TriggerParameter {
        src: Origin { dependency_name: word, data_key: commit(event) },
        dest: "spec.arguments.parameters.0.value",
    };
    let k8s = KubernetesTrigger { operation: "create", source: Source { resource: run }, parameters: vec![commit] };
    // Whoever may push a branch can update its pull request as often as they like; the rest waits.
    let limit = RateLimit { unit: "Minute", requests_per_unit: 10 };
    Trigger {
        template: TriggerTemplate { name: word, conditions: word, k8s },
        retry_strategy: Backoff { steps: 3, duration: "2s", factor: 2 },
        at_least_once: true,
        rate_limit: (event == Event::PullRequest).then_some(limit),
    }
}
