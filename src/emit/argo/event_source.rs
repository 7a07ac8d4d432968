//! The EventSource that receives GitHub's deliveries, and the Service in front of it.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{SecretKeySelector, Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde::Serialize;

use super::job::selector;
use super::objects::{metadata, run_metadata};
use super::ordered::{ordered, ordered_option};
use super::types::{Metadata, Resource};
use crate::model::{EventSource, Pipeline};

/// Where the EventSource listens when the Service has a port that only root may listen on.
const UNPRIVILEGED_PORT: u16 = 12_000;

/// `spec` of an EventSource.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct EventSourceSpec {
    pub(in crate::emit) event_bus_name: String,
    pub(in crate::emit) template: PodTemplate,
    pub(in crate::emit) github: BTreeMap<String, Github>,
}

/// What the pod of an EventSource or a Sensor has.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct PodTemplate {
    pub(in crate::emit) metadata: Metadata,
    pub(in crate::emit) service_account_name: String,
}

/// One repository's webhook.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct Github {
    pub(in crate::emit) repositories: Vec<Repository>,
    pub(in crate::emit) webhook: Webhook,
    pub(in crate::emit) events: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "ordered_option")]
    pub(in crate::emit) api_token: Option<SecretKeySelector>,
    #[serde(serialize_with = "ordered")]
    pub(in crate::emit) webhook_secret: SecretKeySelector,
    pub(in crate::emit) insecure: bool,
    pub(in crate::emit) active: bool,
    pub(in crate::emit) content_type: &'static str,
    pub(in crate::emit) delete_hook_on_finish: bool,
}

#[derive(Debug, Serialize)]
pub(in crate::emit) struct Repository {
    pub(in crate::emit) owner: String,
    pub(in crate::emit) names: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit) struct Webhook {
    pub(in crate::emit) endpoint: String,
    pub(in crate::emit) port: String,
    pub(in crate::emit) method: &'static str,
    pub(in crate::emit) url: String,
}

/// The EventSource of `pipeline`.
pub(super) fn event_source(pipeline: &Pipeline) -> Resource<EventSourceSpec> {
    let EventSource { url, type_: _, port, annotations: _ } = &pipeline.event_source.node;
    let (owner, repository) = pipeline.source.name.parts();
    let github = Github {
        repositories: vec![Repository { owner: owner.to_owned(), names: vec![repository.to_owned()] }],
        webhook: Webhook {
            endpoint: pipeline.webhook_path(),
            port: listen(port.number()).to_string(),
            method: "POST",
            // Argo Events puts the endpoint right behind it.
            url: url.node.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned()).unwrap_or_default(),
        },
        events: pipeline.webhook_events(),
        api_token: url.node.is_some().then(|| selector(pipeline.token())),
        webhook_secret: selector(pipeline.webhook_secret()),
        insecure: false,
        active: true,
        content_type: "json",
        delete_hook_on_finish: false,
    };
    let spec = EventSourceSpec {
        event_bus_name: pipeline.argo.event_bus.as_str().to_owned(),
        template: PodTemplate {
            metadata: run_metadata(pipeline),
            service_account_name: pipeline.event_source_service_account().to_owned(),
        },
        github: BTreeMap::from([(event_name(pipeline).to_owned(), github)]),
    };
    let name = pipeline.names.event_source.as_str();
    Resource::argo("EventSource", metadata(pipeline, pipeline.argo.events_namespace.as_str(), name), spec)
}

/// What its events are called.
pub(super) fn event_name(pipeline: &Pipeline) -> &str {
    pipeline.name.as_str()
}

/// The Service in front of it. Argo Events would make one of its own, but for tests only.
pub(super) fn service(pipeline: &Pipeline) -> Service {
    let EventSource { url: _, type_, port, annotations } = &pipeline.event_source.node;
    let mut metadata = metadata(pipeline, pipeline.argo.events_namespace.as_str(), &pipeline.service());
    let given = annotations.iter().map(|(key, value)| (key.as_str().to_owned(), value.as_str().to_owned()));
    metadata.annotations.get_or_insert_default().extend(given);
    metadata.annotations = metadata.annotations.filter(|annotations| !annotations.is_empty());
    let port = port.number();
    let port = ServicePort {
        name: Some("webhook".to_owned()),
        port: port.into(),
        target_port: Some(IntOrString::Int(listen(port).into())),
        protocol: Some("TCP".to_owned()),
        ..ServicePort::default()
    };
    let selector = ("eventsource-name".to_owned(), pipeline.names.event_source.as_str().to_owned());
    let spec = ServiceSpec {
        type_: Some(type_.as_str().to_owned()),
        selector: Some(BTreeMap::from([selector])),
        ports: Some(vec![port]),
        ..ServiceSpec::default()
    };
    Service { metadata, spec: Some(spec), status: None }
}

const fn listen(port: u16) -> u16 {
    if port < 1_024 { UNPRIVILEGED_PORT } else { port }
}
