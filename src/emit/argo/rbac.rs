//! Who a pipeline's pods are, and the least that each may do in Kubernetes.

use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::api::rbac::v1::{PolicyRule, Role, RoleBinding, RoleRef, Subject};

use super::objects::{metadata, role_arn};
use super::ordered::Ordered;
use super::rollback;
use crate::emit::yaml::add;
use crate::emit::{Artifact, Format};
use crate::model::{IdentityKind, Pipeline, Worker};

/// An object of this file.
pub(in crate::emit) enum Object {
    Account(ServiceAccount),
    Role(Role),
    Binding(RoleBinding),
}

impl Object {
    /// Adds it to its file.
    pub(super) fn add(&self, file: &mut Artifact, format: Format) {
        match self {
            Self::Account(account) => add(file, "ServiceAccount", &Ordered(account), format),
            Self::Role(role) => add(file, "Role", &Ordered(role), format),
            Self::Binding(binding) => add(file, "RoleBinding", &Ordered(binding), format),
        }
    }
}

/// A ServiceAccount: namespace and name.
type Account<'a> = (&'a str, String);

/// Every ServiceAccount, Role and RoleBinding of `pipeline`.
pub(super) fn rbac(pipeline: &Pipeline) -> Vec<Object> {
    let (workflows, events) = (pipeline.argo.namespace.as_str(), pipeline.argo.events_namespace.as_str());
    let workers = workers(pipeline);
    let sensor = (events, pipeline.sensor_service_account().to_owned());
    let event_source = (events, pipeline.event_source_service_account().to_owned());

    let mut objects: Vec<Object> = workers.iter().map(|one| Object::Account(worker(pipeline, one))).collect();
    objects.push(Object::Account(account(pipeline, &sensor)));
    // It asks nothing of Kubernetes: its secrets are mounted.
    let quiet = ServiceAccount { automount_service_account_token: Some(false), ..account(pipeline, &event_source) };
    objects.push(Object::Account(quiet));

    let workers: Vec<Account<'_>> =
        workers.into_iter().map(|one| (workflows, one.service_account.into_owned())).collect();
    // What the container that Argo puts beside each one needs to report its end.
    let results = rule("argoproj.io", "workflowtaskresults", &["create", "patch"], &[]);
    objects.extend(grant(pipeline, workflows, "task-results", vec![results], &workers));
    objects.extend(grant(
        pipeline,
        workflows,
        "sensor",
        vec![rule("argoproj.io", "workflows", &["create"], &[])],
        &[sensor],
    ));
    if rollback::is_used(pipeline) {
        let executor = [(workflows, pipeline.executor().service_account.into_owned())];
        objects.extend(grant(pipeline, workflows, "last-good", vec![last_good(pipeline)], &executor));
    }
    if pipeline.self_update.node {
        let updater = [(workflows, pipeline.updater_service_account())];
        let [own, theirs] = updates(pipeline);
        objects.extend(grant(pipeline, workflows, "updater", own, &updater));
        objects.extend(grant(pipeline, events, "updater-events", theirs, &updater));
    }
    objects
}

/// Those that the pods of a run are.
fn workers(pipeline: &Pipeline) -> Vec<Worker<'_>> {
    // The stack promises the builder's role; it trusts an account, which must be there even where nothing runs as it.
    let builder = Some(pipeline.builder());
    let updater = pipeline.self_update.node.then(|| pipeline.updater());
    let plain = pipeline.has_plain_worker().then(|| pipeline.pull_request_worker());
    [builder, Some(pipeline.executor()), updater, plain].into_iter().flatten().chain(pipeline.own_workers()).collect()
}

/// What the updater may change, in the namespace of the workflows and in that of the events.
fn updates(pipeline: &Pipeline) -> [Vec<PolicyRule>; 2] {
    let verbs = ["get", "patch"];
    let names = &pipeline.names;
    let pull_requests = pipeline.has_pull_requests().then(|| pipeline.pull_request_template());
    let templates: Vec<&str> = [names.workflow_template.as_str()].into_iter().chain(pull_requests.as_deref()).collect();
    let sensors: Vec<String> = pipeline.events().into_iter().map(|event| pipeline.sensor(event)).collect();
    let sensors: Vec<&str> = sensors.iter().map(String::as_str).collect();
    let mut own = vec![rule("argoproj.io", "workflowtemplates", &verbs, &templates)];
    own.extend(rollback::is_used(pipeline).then(|| last_good(pipeline)));
    let theirs = vec![
        rule("argoproj.io", "eventsources", &verbs, &[names.event_source.as_str()]),
        rule("argoproj.io", "sensors", &verbs, &sensors),
        rule("", "services", &verbs, &[&pipeline.service()]),
    ];
    [own, theirs]
}

/// Changes the record of what succeeded last.
fn last_good(pipeline: &Pipeline) -> PolicyRule {
    rule("", "configmaps", &["get", "patch"], &[&pipeline.last_good()])
}

fn account(pipeline: &Pipeline, (namespace, name): &Account<'_>) -> ServiceAccount {
    ServiceAccount { metadata: metadata(pipeline, namespace, name), ..ServiceAccount::default() }
}

fn worker(pipeline: &Pipeline, worker: &Worker<'_>) -> ServiceAccount {
    let mut made = account(pipeline, &(pipeline.argo.namespace.as_str(), worker.service_account.clone().into_owned()));
    match (pipeline.identity.kind.node, &worker.role) {
        (IdentityKind::Irsa, Some(role)) => made.metadata.annotations.get_or_insert_default().extend([
            ("eks.amazonaws.com/role-arn".to_owned(), role_arn(pipeline, role)),
            ("eks.amazonaws.com/sts-regional-endpoints".to_owned(), "true".to_owned()),
        ]),
        // The association of the account with its role is a resource of AWS.
        (IdentityKind::PodIdentity, _) | (IdentityKind::Irsa, None) => {}
    }
    made
}

fn rule(group: &str, resource: &str, verbs: &[&str], names: &[&str]) -> PolicyRule {
    let list = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    PolicyRule {
        api_groups: Some(list(&[group])),
        resources: Some(list(&[resource])),
        resource_names: (!names.is_empty()).then(|| list(names)),
        verbs: list(verbs),
        non_resource_urls: None,
    }
}

/// A Role and its RoleBinding.
fn grant(
    pipeline: &Pipeline,
    namespace: &str,
    purpose: &str,
    rules: Vec<PolicyRule>,
    accounts: &[Account<'_>],
) -> [Object; 2] {
    const GROUP: &str = "rbac.authorization.k8s.io";
    let name = format!("{}-{purpose}", pipeline.name.as_str());
    let subject = |(namespace, name): &Account<'_>| Subject {
        kind: "ServiceAccount".to_owned(),
        name: name.clone(),
        namespace: Some((*namespace).to_owned()),
        api_group: None,
    };
    let metadata = metadata(pipeline, namespace, &name);
    let role = Role { metadata: metadata.clone(), rules: Some(rules) };
    let binding = RoleBinding {
        metadata,
        role_ref: RoleRef { api_group: GROUP.to_owned(), kind: "Role".to_owned(), name },
        subjects: Some(accounts.iter().map(subject).collect()),
    };
    [Object::Role(role), Object::Binding(binding)]
}
