//! A Sensor, an EventSource and a WorkflowTemplate as they stand in JSON, as far as they decide what a delivery does. A
//! field that is not known here is an error, since it could decide something too.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

/// An object, of which only this is looked at.
#[derive(Debug, Deserialize)]
pub(super) struct Object<S> {
    pub(super) metadata: Metadata,
    pub(super) spec: S,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Metadata {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) generate_name: String,
    #[serde(default)]
    pub(super) namespace: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Sensor {
    #[serde(rename = "eventBusName")]
    pub(super) _event_bus_name: IgnoredAny,
    #[serde(rename = "template")]
    pub(super) _template: IgnoredAny,
    pub(super) dependencies: Vec<Dependency>,
    pub(super) triggers: Vec<Trigger>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Dependency {
    pub(super) name: String,
    #[serde(rename = "eventSourceName")]
    pub(super) _event_source_name: IgnoredAny,
    #[serde(rename = "eventName")]
    pub(super) _event_name: IgnoredAny,
    pub(super) filters: Filters,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filters {
    pub(super) data: Vec<Filter>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    pub(super) path: String,
    pub(super) r#type: String,
    pub(super) value: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Trigger {
    pub(super) template: TriggerTemplate,
    // How often it is tried, and how many it starts a minute: the rest is tried later.
    #[serde(rename = "retryStrategy")]
    pub(super) _retry_strategy: Option<IgnoredAny>,
    #[serde(rename = "atLeastOnce")]
    pub(super) _at_least_once: Option<IgnoredAny>,
    #[serde(rename = "rateLimit")]
    pub(super) _rate_limit: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TriggerTemplate {
    pub(super) name: String,
    pub(super) conditions: String,
    pub(super) k8s: Kubernetes,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kubernetes {
    pub(super) operation: String,
    pub(super) source: Source,
    pub(super) parameters: Vec<TriggerParameter>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub(super) resource: Resource,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Resource {
    #[serde(rename = "apiVersion")]
    pub(super) _api_version: IgnoredAny,
    pub(super) kind: String,
    pub(super) metadata: Metadata,
    pub(super) spec: RunSpec,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RunSpec {
    pub(super) workflow_template_ref: TemplateRef,
    pub(super) arguments: Arguments,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TemplateRef {
    pub(super) name: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Arguments {
    #[serde(default)]
    pub(super) parameters: Vec<Argument>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Argument {
    pub(super) name: String,
    pub(super) value: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TriggerParameter {
    pub(super) src: Origin,
    pub(super) dest: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Origin {
    pub(super) dependency_name: String,
    pub(super) data_key: String,
}

/// `spec` of a WorkflowTemplate.
#[derive(Debug, Deserialize)]
pub(super) struct Workflow {
    #[serde(default)]
    pub(super) arguments: Arguments,
}

/// `spec` of an EventSource.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct EventSource {
    #[serde(rename = "eventBusName")]
    pub(super) _event_bus_name: IgnoredAny,
    #[serde(rename = "template")]
    pub(super) _template: IgnoredAny,
    pub(super) github: std::collections::BTreeMap<String, Github>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Github {
    pub(super) repositories: Vec<Repository>,
    pub(super) webhook: Webhook,
    pub(super) events: Vec<String>,
    #[serde(rename = "apiToken")]
    pub(super) _api_token: Option<IgnoredAny>,
    #[serde(rename = "webhookSecret")]
    pub(super) _webhook_secret: Option<IgnoredAny>,
    #[serde(rename = "insecure")]
    pub(super) _insecure: IgnoredAny,
    pub(super) active: bool,
    pub(super) content_type: String,
    #[serde(rename = "deleteHookOnFinish")]
    pub(super) _delete_hook_on_finish: IgnoredAny,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Repository {
    pub(super) owner: String,
    pub(super) names: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Webhook {
    #[serde(rename = "endpoint")]
    pub(super) _endpoint: IgnoredAny,
    #[serde(rename = "port")]
    pub(super) _port: IgnoredAny,
    #[serde(rename = "method")]
    pub(super) _method: IgnoredAny,
    #[serde(rename = "url")]
    pub(super) _url: IgnoredAny,
    pub(super) max_payload_size: Option<usize>,
}
