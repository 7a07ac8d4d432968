//! What pipelines create has names of its own: within a pipeline, and between those of one script.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{Event, Pipeline, Purpose, SecretUse, Worker};
use crate::schema::and;
use crate::source::Span;

/// Reports objects that would overwrite each other, at the later one.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut owners: HashMap<Key, Owner<'_>> = HashMap::new();
    let mut fights: IndexMap<(Span, &str), Fight<'_>> = IndexMap::new();
    for (pipeline, _) in context.pipelines() {
        for object in objects(pipeline) {
            let owner = Owner { pipeline, what: object.what, span: object.span };
            let Some(first) = owners.get(&object.key) else {
                owners.insert(object.key, owner);
                continue;
            };
            if Arc::ptr_eq(first.pipeline, pipeline) {
                sink.push(within(first, &owner, object.name()));
            } else if first.pipeline.name.node != pipeline.name.node {
                // Where pipelines share their name, that is the problem, and it has been reported.
                let place = (object.span, first.pipeline.name.as_str());
                let fight =
                    fights.entry(place).or_insert_with(|| Fight { first: *first, second: owner, objects: Vec::new() });
                fight.objects.push(format!("{} `{}`", object.what, object.name()));
            }
        }
    }
    sink.extend(fights.values().map(Fight::describe));
}

/// Where a name must be alone, and the name.
type Key = (&'static str, Vec<String>);

struct Object {
    what: &'static str,
    key: Key,
    span: Span,
}

impl Object {
    fn new(what: &'static str, kind: &'static str, scope: &[&str], name: &str, span: Span) -> Self {
        let key = scope.iter().chain(&[name]).map(|part| (*part).to_owned()).collect();
        Self { what, key: (kind, key), span }
    }

    fn name(&self) -> &str {
        self.key.1.last().map_or("", |name| name)
    }
}

#[derive(Clone, Copy)]
struct Owner<'a> {
    pipeline: &'a Arc<Pipeline>,
    what: &'static str,
    span: Span,
}

struct Fight<'a> {
    first: Owner<'a>,
    second: Owner<'a>,
    objects: Vec<String>,
}

impl Fight<'_> {
    fn describe(&self) -> Diagnostic {
        let (first, second) = (self.first.pipeline, self.second.pipeline);
        let (a, b) = (first.name.as_str(), second.name.as_str());
        let message = format!("the pipelines `{a}` and `{b}` would both own {}", and(self.objects.iter().cloned()));
        let found = Diagnostic::new(Code::PipelineConflict, self.second.span, message);
        let found = if self.first.span == self.second.span {
            found.related(first.site, format!("`{a}` is declared here")).related(second.site, format!("and `{b}` here"))
        } else {
            found.related(self.first.span, format!("`{a}` has the name from here"))
        };
        found.help(format!("give `{b}` names of its own, or leave them out: they are made from the pipeline's name"))
    }
}

fn within(first: &Owner<'_>, second: &Owner<'_>, name: &str) -> Diagnostic {
    let message =
        format!("{} and {} of `{}` are both called `{name}`", first.what, second.what, second.pipeline.name.as_str());
    // The one that was given is the one to change; what was made from the pipeline's name has that name's place.
    let made = second.span == second.pipeline.name.span;
    let (blamed, other) = if made { (first.span, second.span) } else { (second.span, first.span) };
    let found = Diagnostic::new(Code::DuplicateName, blamed, message).help("give one of them another name");
    if blamed == other { found } else { found.related(other, "the other has its name from here") }
}

/// Everything that a pipeline creates under a name that others could take.
fn objects(pipeline: &Pipeline) -> Vec<Object> {
    let names = &pipeline.names;
    let own = pipeline.name.span;
    let (account, region) = (pipeline.account.as_str(), pipeline.region.as_str());
    let (argo, events) = (pipeline.argo.namespace.as_str(), pipeline.argo.events_namespace.as_str());
    let object = Object::new;
    let kubernetes =
        |what, kind, namespace, name: &str, span| object(what, kind, &in_cluster(pipeline, namespace), name, span);
    let (executor, builder) = (&names.executor_service_account, &names.builder_service_account);
    let (event_source, sensor) = (&names.event_source, &names.sensor);
    let started = |event: Event| kubernetes(event.sensor(), "Sensor", events, &pipeline.sensor(event), sensor.span);
    let sensors = pipeline.events().into_iter().map(started);
    let pull_requests = pipeline.has_pull_requests().then(|| pipeline.pull_request_template());
    let template = pull_requests
        .map(|name| kubernetes("the WorkflowTemplate of pull requests", "WorkflowTemplate", argo, &name, own));
    let plain = pipeline.has_plain_worker().then(|| pipeline.pull_request_worker().service_account);
    let plain = plain.map(|name| kubernetes("the ServiceAccount of pull requests", "ServiceAccount", argo, &name, own));
    let fixed = vec![
        kubernetes(
            "the WorkflowTemplate",
            "WorkflowTemplate",
            argo,
            names.workflow_template.as_str(),
            names.workflow_template.span,
        ),
        kubernetes("the workflow prefix", "Workflow", argo, names.workflow_prefix.as_str(), names.workflow_prefix.span),
        kubernetes("the EventSource", "EventSource", events, event_source.as_str(), event_source.span),
        kubernetes("the Service", "Service", events, &pipeline.service(), event_source.span),
        kubernetes("the executor's ServiceAccount", "ServiceAccount", argo, executor.as_str(), executor.span),
        kubernetes("the builder's ServiceAccount", "ServiceAccount", argo, builder.as_str(), builder.span),
        kubernetes("the updater's ServiceAccount", "ServiceAccount", argo, &pipeline.updater_service_account(), own),
        kubernetes(
            "the Sensor's ServiceAccount",
            "ServiceAccount",
            events,
            pipeline.sensor_service_account(),
            sensor.span,
        ),
        kubernetes(
            "the EventSource's ServiceAccount",
            "ServiceAccount",
            events,
            pipeline.event_source_service_account(),
            event_source.span,
        ),
        object("the executor's IAM role", "role", &[account], names.executor_role.as_str(), names.executor_role.span),
        object("the builder's IAM role", "role", &[account], names.builder_role.as_str(), names.builder_role.span),
        object("the updater's IAM role", "role", &[account], &pipeline.updater_role(), own),
        object("the CloudFormation stack", "stack", &[account, region], names.stack.as_str(), names.stack.span),
        object("the bucket", "bucket", &[], pipeline.artifacts.bucket.as_str(), pipeline.artifacts.bucket.span),
    ];
    let mut objects: Vec<Object> = sensors.chain(fixed).chain(template).chain(plain).collect();
    objects.extend(own_identities(pipeline));
    objects.extend(own_secrets(pipeline));
    objects
}

/// What tests and steps with permissions of their own run as.
fn own_identities(pipeline: &Pipeline) -> Vec<Object> {
    let cluster = in_cluster(pipeline, pipeline.argo.namespace.as_str());
    let mut objects = Vec::new();
    for Worker { purpose, service_account, role, permissions: _ } in pipeline.own_workers() {
        let (account, what, span) = match purpose {
            Purpose::Tests(environment) => ("the tests' ServiceAccount", "the tests' IAM role", environment.name.span),
            Purpose::Step(step) => ("the step's ServiceAccount", "the step's IAM role", step.name.span),
            Purpose::Executor | Purpose::Builder | Purpose::Updater | Purpose::PullRequest => continue,
        };
        objects.push(Object::new(account, "ServiceAccount", &cluster, &service_account, span));
        objects.extend(role.iter().map(|role| Object::new(what, "role", &[pipeline.account.as_str()], role, span)));
    }
    objects
}

/// The Secrets that External Secrets makes. Those that exist already may be shared.
fn own_secrets(pipeline: &Pipeline) -> Vec<Object> {
    if pipeline.secret_store.external().is_none() {
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let mut secrets = pipeline.secrets();
    secrets.retain(|used| seen.insert((used.namespace, used.name.clone())));
    let object = |used: SecretUse<'_>| {
        Object::new("the Secret", "Secret", &in_cluster(pipeline, used.namespace), &used.name, used.span)
    };
    secrets.into_iter().map(object).collect()
}

/// A namespace of a pipeline's cluster.
fn in_cluster<'a>(pipeline: &'a Pipeline, namespace: &'a str) -> [&'a str; 4] {
    [pipeline.account.as_str(), pipeline.region.as_str(), pipeline.cluster.name.as_str(), namespace]
}

#[cfg(test)]
mod tests {
    use super::super::testing::{holds, related};

    #[test]
    fn two_pipelines_of_one_name_given_are_marked_at_the_second() {
        let script = r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("one", base + #{ stages: [dev], names: #{ sensor: "events" } });
pipeline("two", base + #{ stages: [dev], names: #{ sensor: "events" } });
//                                                         ^^^^^^^^ error[pipeline-conflict]: the pipelines `one` and `two` would both own the Sensor `events`, the Sensor of pull requests `events-pull-request` and the Sensor's ServiceAccount `events`
//                                                         help: give `two` names of its own, or leave them out: they are made from the pipeline's name
"#;
        holds(script);
        assert_eq!(related(script), [r#""events": `one` has the name from here"#]);
    }

    #[test]
    fn a_name_that_was_written_once_for_both_is_marked_with_the_calls() {
        let script = r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
let own = base + #{ stages: [dev], artifacts: #{ bucket: "all-artifacts" } };
//                                                       ^^^^^^^^^^^^^^^ error[pipeline-conflict]: the pipelines `one` and `two` would both own the bucket `all-artifacts`
//                                                       help: give `two` names of its own, or leave them out: they are made from the pipeline's name
pipeline("one", own);
pipeline("two", own);
"#;
        holds(script);
        assert_eq!(related(script), ["pipeline: `one` is declared here", "pipeline: and `two` here"]);
    }

    #[test]
    fn one_name_in_two_places_is_no_conflict() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("app", base + #{ stages: [dev], names: #{ sensor: "s", executor_service_account: "x" } });
pipeline("app-web", base + #{ stages: [dev], names: #{ sensor: "s", executor_service_account: "x" }, cluster: "other" });
pipeline("team", base + #{ stages: [dev], names: #{ sensor: "s", executor_service_account: "x" },
    argo: #{ namespace: "team", events_namespace: "team-events" } });
"#,
        );
    }

    #[test]
    fn names_of_one_pipeline_are_different_too() {
        let script = r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("app", base + #{ stages: [dev], names: #{ executor_role: "app-us-east-1-updater" } });
//                                                                ^^^^^^^^^^^^^^^^^^^^^^^ error[duplicate-name]: the executor's IAM role and the updater's IAM role of `app` are both called `app-us-east-1-updater`
//                                                                help: give one of them another name
"#;
        holds(script);
        assert_eq!(related(script), [r#""app": the other has its name from here"#]);
    }

    #[test]
    fn pipelines_of_one_name_are_one_problem() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("app", base + #{ stages: [dev] });
pipeline("app", base + #{ stages: [dev] });
//       ^^^^^ error[duplicate-name]: two pipelines are called `app`
//       help: give each a name of its own
"#,
        );
    }

    #[test]
    fn secrets_that_a_store_brings_and_identities_of_tests_are_owned_too() {
        let script = r#"
let own = [#{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/*"] }];
let tests = environment("executor", aws + #{ stacks: [stack("A")], tests: #{ commands: ["x"], permissions: own } });
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
let npm = #{ commands: ["x"], secrets: #{ NPM: secret("npm", "token") } };
//                                                    ^^^^^ error[pipeline-conflict]: the pipelines `app` and `app-test` would both own the Secret `npm`
//                                                    help: give `app-test` names of its own, or leave them out: they are made from the pipeline's name
pipeline("app", base + #{ stages: [tests], build: npm, secret_store: #{ name: "aws" } });
pipeline("app-test", base + #{ stages: [dev], build: npm, secret_store: #{ name: "aws" } });
//       ^^^^^^^^^^ error[pipeline-conflict]: the pipelines `app` and `app-test` would both own the executor's ServiceAccount `app-test-executor`
//                  help: give `app-test` names of its own, or leave them out: they are made from the pipeline's name
pipeline("other", base + #{ stages: [dev], build: npm });
"#;
        holds(script);
    }
}
