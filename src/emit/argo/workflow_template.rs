//! The WorkflowTemplate: what holds for all of a run.

use k8s_openapi::api::core::v1::{PodSecurityContext, SeccompProfile};

use super::delivery::{ENTRYPOINT, templates};
use super::notify;
use super::objects::{metadata, run_metadata};
use super::types::{
    Arguments, Mutex, Parameter, PodGc, Resource, Synchronization, Template, TtlStrategy, WorkflowSpec,
};
use crate::model::{Concurrency, Duration, Pipeline, Purpose, Rollback, Validate};

/// The WorkflowTemplate of `pipeline`, which the script at `script` declares.
pub(super) fn workflow_template(pipeline: &Pipeline, script: &str) -> Resource<WorkflowSpec> {
    let name = pipeline.names.workflow_template.as_str();
    let notices = notify::templates(pipeline);
    let spec = WorkflowSpec {
        on_exit: (!notices.is_empty()).then_some(notify::EXIT_HANDLER),
        arguments: arguments(pipeline),
        synchronization: synchronization(pipeline),
        ..spec(pipeline, default_account(pipeline), templates(pipeline, script).into_iter().chain(notices).collect())
    };
    Resource::argo("WorkflowTemplate", metadata(pipeline, pipeline.argo.namespace.as_str(), name), spec)
}

/// What the runs of all events have in common. They run as `account`, where a template does not say otherwise.
pub(super) fn spec(pipeline: &Pipeline, account: String, templates: Vec<Template>) -> WorkflowSpec {
    WorkflowSpec {
        entrypoint: ENTRYPOINT,
        on_exit: None,
        service_account_name: account,
        arguments: Arguments { parameters: given(pipeline) },
        workflow_metadata: run_metadata(pipeline),
        pod_metadata: run_metadata(pipeline),
        synchronization: None,
        active_deadline_seconds: pipeline.timeout.node.as_ref().map(Duration::seconds),
        ttl_strategy: pipeline
            .retention
            .node
            .as_ref()
            .map(|retention| TtlStrategy { seconds_after_completion: retention.seconds() }),
        pod_gc: PodGc { strategy: "OnPodSuccess", delete_delay_duration: "600s" },
        security_context: security_context(),
        templates,
    }
}

/// Whether some task runs as the builder.
pub(super) fn has_builder(pipeline: &Pipeline) -> bool {
    let is_builder = |purpose| matches!(purpose, Purpose::Builder);
    let environments = pipeline.environments();
    let in_environments = || {
        environments.iter().any(|environment| {
            let tests = environment.tests.node.is_some() && is_builder(pipeline.tester(environment).purpose);
            tests || matches!(environment.rollback.node, Some(Rollback::Commands(_)))
        })
    };
    !matches!(pipeline.validate.node, Validate::Off)
        || pipeline.build.node.is_some()
        || in_environments()
        || pipeline.push_steps().any(|step| is_builder(pipeline.stepper(step).purpose))
        || !pipeline.gates().is_empty()
}

/// Each template names its own; this is for what somebody adds by hand, so the one that may do less.
fn default_account(pipeline: &Pipeline) -> String {
    let names = &pipeline.names;
    let account = if has_builder(pipeline) { &names.builder_service_account } else { &names.executor_service_account };
    account.as_str().to_owned()
}

/// What is built, and where it is kept.
fn arguments(pipeline: &Pipeline) -> Arguments {
    let bucket = Parameter::new("artifact-bucket", pipeline.artifacts.bucket.as_str());
    Arguments { parameters: given(pipeline).into_iter().chain([bucket]).collect() }
}

/// What is built.
fn given(pipeline: &Pipeline) -> Vec<Parameter> {
    let commit = Parameter { description: Some("40 hexadecimal digits".into()), ..Parameter::open("commit-sha") };
    let url = super::escape::protect(pipeline.source.clone_url());
    vec![commit, Parameter::new("repo-url", url)]
}

fn synchronization(pipeline: &Pipeline) -> Option<Synchronization> {
    match pipeline.concurrency.node {
        Concurrency::Queue => {
            Some(Synchronization { mutexes: vec![Mutex { name: pipeline.name.as_str().to_owned() }] })
        }
        Concurrency::Parallel => None,
    }
}

fn security_context() -> PodSecurityContext {
    PodSecurityContext {
        run_as_non_root: Some(true),
        run_as_user: Some(1000),
        // Lets that user read the token that EKS mounts.
        fs_group: Some(1000),
        seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".to_owned(), localhost_profile: None }),
        ..PodSecurityContext::default()
    }
}
