//! The WorkflowTemplate: one graph of tasks, and the templates that they share.

use k8s_openapi::api::core::v1::{PodSecurityContext, SeccompProfile};

use super::groups::Groups;
use super::job::{BUILD_OUTPUT, Job, selector};
use super::notify;
use super::objects::{metadata, run_metadata};
use super::order::Order;
use super::stages::Stages;
use super::types::{
    Arguments, Artifact, Body, Git, Mutex, Outputs, Parameter, PodGc, Resource, Synchronization, Task, Template,
    TtlStrategy, ValueFrom, WorkflowSpec,
};
use crate::model::{Concurrency, Duration, Flow, Pipeline};

pub(super) const ENTRYPOINT: &str = "main";

/// Where the validation stage finds the repository.
const WORKSPACE: &str = "/workspace";

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
    let stages = Stages::of(pipeline);
    let tested = || pipeline.environments().iter().any(|environment| environment.tests.node.is_some());
    stages.validate("").is_some() || pipeline.build.node.is_some() || tested()
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
    let commit = Parameter { description: Some("40 hexadecimal digits"), ..Parameter::open("commit-sha") };
    let url = super::escape::protect(&pipeline.source.clone_url());
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

fn templates(pipeline: &Pipeline, script: &str) -> Vec<Template> {
    let stages = Stages::of(pipeline);
    let single = [
        stages.validate(script).map(|job| checkout(pipeline, single("validate", job))),
        stages.build().map(|job| reported(single("build", job))),
        stages.update().map(|job| single("update-pipeline", job)),
    ];
    let single: Vec<Template> = single.into_iter().flatten().collect();

    let (mut deploy, mut test) = (Groups::new("deploy"), Groups::new("test"));
    for environment in pipeline.environments() {
        deploy.add(environment.name.as_str(), stages.deploy(environment));
        stages.test(environment).into_iter().for_each(|job| test.add(environment.name.as_str(), job));
    }
    let (deploy, mut deployments) = deploy.finish();
    let (test, mut tests) = test.finish();

    let mut order = Order::default();
    let first = Order::chain(single.iter().map(|template| Task::of(&template.name)));
    let stages = order.stages(Flow::Sequence, &pipeline.stages, &mut |environment| {
        let name = environment.name.as_str();
        deployments.swap_remove(name).into_iter().chain(tests.swap_remove(name)).collect()
    });
    let plan = order.flow(Flow::Sequence, vec![first, stages]);
    let graphs = order.finish(ENTRYPOINT, plan);
    graphs.into_iter().chain(single).chain(deploy).chain(test).collect()
}

/// The template of a job that no other one is like.
pub(super) fn single(name: &str, job: Job) -> Template {
    let Job { shape, values } = job;
    shape.template(name.to_owned(), &values, &[])
}

/// The same, with the repository at the commit, from which it starts.
pub(super) fn checkout(pipeline: &Pipeline, mut template: Template) -> Template {
    let secret = pipeline.source.clone_token.node.as_ref();
    let git = Git {
        repo: "{{workflow.parameters.repo-url}}".to_owned(),
        revision: "{{workflow.parameters.commit-sha}}".to_owned(),
        password_secret: secret
            .map(|secret| selector((secret.name.as_str().to_owned(), secret.key.as_str().to_owned()))),
    };
    let inputs = template.inputs.get_or_insert_default();
    inputs.artifacts.push(Artifact { name: "source", path: WORKSPACE, git });
    if let Body::Container(container) = &mut template.body {
        container.working_dir = Some(WORKSPACE.to_owned());
    }
    template
}

/// The same, with what it reports open to the rest of the run.
fn reported(template: Template) -> Template {
    let output = Parameter {
        value_from: Some(ValueFrom { path: "/tmp/output.json" }),
        global_name: Some(BUILD_OUTPUT),
        ..Parameter::open("output")
    };
    Template { outputs: Some(Outputs { parameters: vec![output] }), ..template }
}
