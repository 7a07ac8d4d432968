//! The types of Argo Workflows that aphex writes, as far as it writes them; fields in the order in which people write
//! them. `tests/schemas` holds them against Argo's own schemas.

use k8s_openapi::api::core::v1::{Container, PodSecurityContext, SecretKeySelector};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;

use super::objects::Strings;
use super::ordered::{ordered, ordered_option};

/// The version of every type of Argo Workflows and Argo Events.
const API_VERSION: &str = "argoproj.io/v1alpha1";

/// A custom resource.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct Resource<S> {
    pub(super) api_version: &'static str,
    pub(super) kind: &'static str,
    #[serde(serialize_with = "ordered")]
    pub(super) metadata: ObjectMeta,
    pub(super) spec: S,
}

impl<S> Resource<S> {
    /// A resource of Argo Workflows or Argo Events.
    pub(super) fn argo(kind: &'static str, metadata: ObjectMeta, spec: S) -> Self {
        Self { api_version: API_VERSION, kind, metadata, spec }
    }
}

/// `spec` of a WorkflowTemplate.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct WorkflowSpec {
    pub(super) entrypoint: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) on_exit: Option<&'static str>,
    pub(super) service_account_name: String,
    pub(super) arguments: Arguments,
    pub(super) workflow_metadata: Metadata,
    pub(super) pod_metadata: Metadata,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) synchronization: Option<Synchronization>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) active_deadline_seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) ttl_strategy: Option<TtlStrategy>,
    #[serde(rename = "podGC")]
    pub(super) pod_gc: PodGc,
    pub(super) security_context: PodSecurityContext,
    pub(super) templates: Vec<Template>,
}

/// Labels and annotations.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Metadata {
    pub(super) labels: Strings,
    #[serde(skip_serializing_if = "Strings::is_empty")]
    pub(super) annotations: Strings,
}

/// Locks that a workflow holds from its start to its end.
#[derive(Debug, Serialize)]
pub(super) struct Synchronization {
    pub(super) mutexes: Vec<Mutex>,
}

#[derive(Debug, Serialize)]
pub(super) struct Mutex {
    pub(super) name: String,
}

/// How long a finished workflow stays.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TtlStrategy {
    pub(super) seconds_after_completion: i64,
}

/// Which pods go, and when.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PodGc {
    pub(super) strategy: &'static str,
    pub(super) delete_delay_duration: &'static str,
}

/// One template of a workflow.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Template {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) inputs: Option<Inputs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) outputs: Option<Outputs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) service_account_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retry_strategy: Option<RetryStrategy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) active_deadline_seconds: Option<i64>,
    #[serde(flatten)]
    pub(super) body: Body,
}

impl Template {
    /// A template that says nothing but its name and what it does.
    pub(super) fn new(name: impl Into<String>, body: Body) -> Self {
        Self {
            name: name.into(),
            inputs: None,
            outputs: None,
            service_account_name: None,
            retry_strategy: None,
            active_deadline_seconds: None,
            body,
        }
    }
}

/// What a template does.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Body {
    Dag(Dag),
    /// Groups one after the other, the steps of each side by side.
    Steps(Vec<Vec<Step>>),
    Suspend(Suspend),
    Resource(ResourceAction),
    #[serde(serialize_with = "ordered")]
    Container(Box<Container>),
}

/// Waits until somebody lets the run go on.
#[derive(Debug, Serialize)]
pub(super) struct Suspend {
    pub(super) duration: String,
}

/// Something done to an object of Kubernetes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ResourceAction {
    pub(super) action: &'static str,
    pub(super) merge_strategy: &'static str,
    pub(super) manifest: String,
}

/// Tasks and what each waits for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dag {
    pub(super) fail_fast: bool,
    pub(super) tasks: Vec<Task>,
}

/// One task.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Task {
    pub(super) name: String,
    pub(super) template: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) depends: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) when: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) arguments: Option<Arguments>,
}

impl Task {
    /// The task of a template that has its name and no parameters.
    pub(super) fn of(template: &str) -> Self {
        Self::new(template, template, Vec::new())
    }

    /// The task of that name, which gives a template its parameters.
    pub(super) fn new(name: impl Into<String>, template: impl Into<String>, parameters: Vec<Parameter>) -> Self {
        let arguments = (!parameters.is_empty()).then_some(Arguments { parameters });
        Self { name: name.into(), template: template.into(), depends: None, when: None, arguments }
    }
}

/// One step of a template that has steps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Step {
    pub(super) name: String,
    pub(super) template: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) when: Option<&'static str>,
    pub(super) continue_on: ContinueOn,
}

/// After which ends of a step the next ones run, and what has the step succeeds.
#[derive(Debug, Serialize)]
pub(super) struct ContinueOn {
    pub(super) error: bool,
    pub(super) failed: bool,
}

/// How often a task is tried again, and after what.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RetryStrategy {
    pub(super) limit: String,
    pub(super) retry_policy: &'static str,
}

impl RetryStrategy {
    /// So many further tries, whether the container failed or its pod was lost.
    pub(super) fn times(limit: u32) -> Self {
        Self { limit: limit.to_string(), retry_policy: "Always" }
    }
}

/// Values that go into a workflow or a template.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Arguments {
    pub(super) parameters: Vec<Parameter>,
}

/// What goes into a template.
#[derive(Debug, Default, Serialize)]
pub(super) struct Inputs {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) parameters: Vec<Parameter>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) artifacts: Vec<Artifact>,
}

impl Inputs {
    /// Parameters alone.
    pub(super) const fn parameters(parameters: Vec<Parameter>) -> Self {
        Self { parameters, artifacts: Vec::new() }
    }
}

/// What comes out of a template.
#[derive(Debug, Serialize)]
pub(super) struct Outputs {
    pub(super) parameters: Vec<Parameter>,
}

/// A parameter: declared, given, or filled from a file.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameter {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default: Option<&'static str>,
    #[serde(rename = "enum", skip_serializing_if = "Option::is_none")]
    pub(super) choices: Option<[&'static str; 2]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value_from: Option<ValueFrom>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) global_name: Option<&'static str>,
}

impl Parameter {
    /// A parameter with a value.
    pub(super) fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: Some(value.into()), ..Self::default() }
    }

    /// A parameter that must be given a value.
    pub(super) fn open(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

/// Where a parameter's value comes from.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ValueFrom {
    /// A file in the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<&'static str>,
    /// A key of a ConfigMap, read when the task starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) config_map_key_ref: Option<ConfigMapKeyRef>,
    /// A person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) supplied: Option<Supplied>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default: Option<&'static str>,
}

/// A value that somebody gives while the workflow runs.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Supplied {}

/// A key of a ConfigMap.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ConfigMapKeyRef {
    pub(super) name: String,
    pub(super) key: String,
}

/// A folder that is filled before the container starts.
#[derive(Debug, Serialize)]
pub(super) struct Artifact {
    pub(super) name: &'static str,
    pub(super) path: &'static str,
    pub(super) git: Git,
}

/// A checkout.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Git {
    pub(super) repo: String,
    pub(super) revision: String,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "ordered_option")]
    pub(super) password_secret: Option<SecretKeySelector>,
}
