//! The types of Argo Workflows that aphex writes, as far as it writes them; fields in the order in which people write
//! them. `tests/schemas` holds them against Argo's own schemas.

use std::rc::Rc;

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
    pub(in crate::emit) api_version: &'static str,
    pub(in crate::emit) kind: &'static str,
    #[serde(serialize_with = "ordered")]
    pub(in crate::emit) metadata: ObjectMeta,
    pub(in crate::emit) spec: S,
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
    pub(in crate::emit) entrypoint: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) on_exit: Option<&'static str>,
    pub(in crate::emit) service_account_name: String,
    pub(in crate::emit) arguments: Arguments,
    pub(in crate::emit) workflow_metadata: Metadata,
    pub(in crate::emit) pod_metadata: Metadata,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) synchronization: Option<Synchronization>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) active_deadline_seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) ttl_strategy: Option<TtlStrategy>,
    #[serde(rename = "podGC")]
    pub(in crate::emit) pod_gc: PodGc,
    pub(in crate::emit) security_context: PodSecurityContext,
    pub(in crate::emit) templates: Vec<Template>,
}

/// Labels and annotations.
#[derive(Debug, Clone, Serialize)]
pub(in crate::emit) struct Metadata {
    pub(in crate::emit) labels: Strings,
    #[serde(skip_serializing_if = "Strings::is_empty")]
    pub(in crate::emit) annotations: Strings,
}

/// Locks that a workflow holds from its start to its end.
#[derive(Debug, Serialize)]
pub(in crate::emit) struct Synchronization {
    pub(in crate::emit) mutexes: Vec<Mutex>,
}

#[derive(Debug, Serialize)]
pub(in crate::emit) struct Mutex {
    pub(in crate::emit) name: String,
}

/// How long a finished workflow stays.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct TtlStrategy {
    pub(in crate::emit) seconds_after_completion: i64,
}

/// Which pods go, and when.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct PodGc {
    pub(in crate::emit) strategy: &'static str,
    pub(in crate::emit) delete_delay_duration: &'static str,
}

/// One template of a workflow.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct Template {
    pub(in crate::emit) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) inputs: Option<Inputs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) outputs: Option<Outputs>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) service_account_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) retry_strategy: Option<RetryStrategy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) active_deadline_seconds: Option<i64>,
    #[serde(flatten)]
    pub(in crate::emit) body: Body,
}

impl Template {
    /// The parameters that go in.
    pub(in crate::emit) fn inputs(&self) -> &[Parameter] {
        self.inputs.as_ref().map_or(&[], |inputs| &inputs.parameters)
    }

    /// The artifacts that go in.
    pub(in crate::emit) fn artifacts(&self) -> &[Artifact] {
        self.inputs.as_ref().map_or(&[], |inputs| &inputs.artifacts)
    }

    /// The parameters that come out.
    pub(in crate::emit) fn outputs(&self) -> &[Parameter] {
        self.outputs.as_ref().map_or(&[], |outputs| &outputs.parameters)
    }
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
pub(in crate::emit) enum Body {
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
pub(in crate::emit) struct Suspend {
    pub(in crate::emit) duration: String,
}

/// Something done to an object of Kubernetes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct ResourceAction {
    pub(in crate::emit) action: &'static str,
    pub(in crate::emit) merge_strategy: &'static str,
    pub(in crate::emit) manifest: String,
}

/// Tasks and what each waits for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct Dag {
    pub(in crate::emit) fail_fast: bool,
    pub(in crate::emit) tasks: Vec<Task>,
}

/// One task.
#[derive(Debug, Clone, Serialize)]
pub(in crate::emit) struct Task {
    pub(in crate::emit) name: String,
    /// Shared with the other tasks of the template, as are the names of parameters.
    pub(in crate::emit) template: Rc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) depends: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) when: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) arguments: Option<Arguments>,
}

impl Task {
    /// The task of a template that has its name and no parameters.
    pub(super) fn of(template: &str) -> Self {
        Self::new(template, template, Vec::new())
    }

    /// The task of that name, which gives a template its parameters.
    pub(super) fn new(name: impl Into<String>, template: impl Into<Rc<str>>, parameters: Vec<Parameter>) -> Self {
        let arguments = (!parameters.is_empty()).then_some(Arguments { parameters });
        Self { name: name.into(), template: template.into(), depends: None, when: None, arguments }
    }
}

/// One step of a template that has steps.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct Step {
    pub(in crate::emit) name: String,
    pub(in crate::emit) template: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) when: Option<&'static str>,
    pub(in crate::emit) continue_on: ContinueOn,
}

/// After which ends of a step the next ones run, and what has the step succeeds.
#[derive(Debug, Serialize)]
pub(in crate::emit) struct ContinueOn {
    pub(in crate::emit) error: bool,
    pub(in crate::emit) failed: bool,
}

/// How often a task is tried again, and after what.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct RetryStrategy {
    pub(in crate::emit) limit: String,
    pub(in crate::emit) retry_policy: &'static str,
}

impl RetryStrategy {
    /// So many further tries, whether the container failed or its pod was lost.
    pub(super) fn times(limit: u32) -> Self {
        Self { limit: limit.to_string(), retry_policy: "Always" }
    }
}

/// Values that go into a workflow or a template.
#[derive(Debug, Clone, Serialize)]
pub(in crate::emit) struct Arguments {
    pub(in crate::emit) parameters: Vec<Parameter>,
}

/// What goes into a template.
#[derive(Debug, Default, Serialize)]
pub(in crate::emit) struct Inputs {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit) parameters: Vec<Parameter>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(in crate::emit) artifacts: Vec<Artifact>,
}

impl Inputs {
    /// Parameters alone.
    pub(super) const fn parameters(parameters: Vec<Parameter>) -> Self {
        Self { parameters, artifacts: Vec::new() }
    }
}

/// What comes out of a template.
#[derive(Debug, Serialize)]
pub(in crate::emit) struct Outputs {
    pub(in crate::emit) parameters: Vec<Parameter>,
}

/// A parameter: declared, given, or filled from a file. There are thousands, most with a name and a value alone, so what
/// is rare is kept elsewhere.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct Parameter {
    pub(in crate::emit) name: Rc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) description: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) default: Option<&'static str>,
    #[serde(rename = "enum", skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) choices: Option<&'static [&'static str]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) value_from: Option<Box<ValueFrom>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) global_name: Option<&'static str>,
}

impl Parameter {
    /// A parameter with a value.
    pub(in crate::emit) fn new(name: impl Into<Rc<str>>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: Some(value.into()), ..Self::default() }
    }

    /// A parameter that must be given a value.
    pub(super) fn open(name: impl Into<Rc<str>>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }
}

/// Where a parameter's value comes from.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct ValueFrom {
    /// A file in the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) path: Option<&'static str>,
    /// A key of a ConfigMap, read when the task starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) config_map_key_ref: Option<ConfigMapKeyRef>,
    /// A person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) supplied: Option<Supplied>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) default: Option<&'static str>,
}

/// A value that somebody gives while the workflow runs.
#[derive(Debug, Clone, Serialize)]
pub(in crate::emit) struct Supplied {}

/// A key of a ConfigMap.
#[derive(Debug, Clone, Serialize)]
pub(in crate::emit) struct ConfigMapKeyRef {
    pub(in crate::emit) name: String,
    pub(in crate::emit) key: String,
}

/// A folder that is filled before the container starts.
#[derive(Debug, Serialize)]
pub(in crate::emit) struct Artifact {
    pub(in crate::emit) name: &'static str,
    pub(in crate::emit) path: &'static str,
    pub(in crate::emit) git: Git,
}

/// A checkout.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct Git {
    pub(in crate::emit) repo: String,
    pub(in crate::emit) revision: String,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "ordered_option")]
    pub(in crate::emit) password_secret: Option<SecretKeySelector>,
}
