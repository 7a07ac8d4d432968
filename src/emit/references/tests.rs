//! An emitter that is broken in one place, for each kind of reference.

use serde_json::json;

use super::*;
use crate::emit::argo::tests::samples;
use crate::emit::argo::types::{Body, Dag, Parameter, Task, Template};
use crate::emit::testing::{call, environment, pipeline};
use crate::emit::tree::Node;
use crate::model::Pipeline;

/// A pipeline in which everything refers to something: gate, rollback, notification, Secrets of a store, pull requests.
fn whole() -> std::sync::Arc<Pipeline> {
    let secret = |name: &str, key: &str| call("secret", [name, key]);
    let dev =
        environment("dev", json!({ "tests": { "commands": ["make"], "secrets": { "KEY": secret("e2e", "key") } } }));
    let prod = environment("prod", json!({ "approval": true, "rollback": true, "account": "222222222222" }));
    pipeline(json!({
        "source": call("github", [json!("my-org/my-app"), json!({ "clone_token": secret("clone", "token") })]),
        "event_source": { "url": "https://hooks.example.com" },
        "secret_store": { "name": "aws" },
        "names": { "sensor": "my-sensor" },
        "notifications": [call("slack", [json!({ "url": secret("chat", "url") })])],
        "stages": [dev, environment("qa", json!({})), prod],
    }))
}

/// What is said of an output that `break_it` has changed.
fn said(break_it: impl FnOnce(&mut Bundle<'_>)) -> String {
    let pipeline = whole();
    let mut bundle = Bundle::of(&pipeline, "pipeline.aphex");
    break_it(&mut bundle);
    let problem = problem(&bundle).map(|problem| problem.message).unwrap_or_default();
    let inside = problem.strip_prefix("the output would not fit together: ");
    inside.and_then(|rest| rest.strip_suffix(", and there is no such thing")).unwrap_or(&problem).to_owned()
}

fn template<'b>(bundle: &'b mut Bundle<'_>, name: &str) -> &'b mut Template {
    bundle.objects.delivery.spec.templates.iter_mut().find(|template| template.name == name).unwrap()
}

fn dag<'b>(bundle: &'b mut Bundle<'_>, name: &str) -> &'b mut Dag {
    let Body::Dag(dag) = &mut template(bundle, name).body else { panic!("no graph") };
    dag
}

fn task<'b>(bundle: &'b mut Bundle<'_>, name: &str) -> &'b mut Task {
    dag(bundle, "main").tasks.iter_mut().find(|task| task.name == name).unwrap()
}

fn arguments<'b>(bundle: &'b mut Bundle<'_>, name: &str) -> &'b mut Vec<Parameter> {
    &mut task(bundle, name).arguments.as_mut().unwrap().parameters
}

#[test]
fn what_aphex_writes_fits_together() {
    for (name, pipeline) in samples() {
        assert_eq!(problem(&Bundle::of(&pipeline, "pipeline.aphex")), None, "{name}");
    }
    assert_eq!(said(|_| {}), "");
}

#[test]
fn a_template_that_is_not_there() {
    assert_eq!(
        said(|bundle| task(bundle, "deploy-dev").template = "gone".into()),
        "the task `deploy-dev` of `my-app-template` calls the template `gone`"
    );
    assert_eq!(
        said(|bundle| bundle.objects.delivery.spec.entrypoint = "start"),
        "the WorkflowTemplate `my-app-template` calls the template `start`"
    );
    let twice = said(|bundle| template(bundle, "build").name = "validate".into());
    assert_eq!(twice, "two templates of `my-app-template` have one name");
}

#[test]
fn an_argument_that_is_not_taken_or_not_given() {
    assert_eq!(
        said(|bundle| arguments(bundle, "deploy-dev").push(Parameter::new("colour", "red"))),
        "the task `deploy-dev` of `my-app-template` gives the parameter `colour` to the template `deploy`"
    );
    assert_eq!(
        said(|bundle| arguments(bundle, "deploy-dev").retain(|given| &*given.name != "environment")),
        "the task `deploy-dev` of `my-app-template` gets the parameter `environment` of the template `deploy` from"
    );
}

#[test]
fn an_output_that_no_task_has() {
    assert_eq!(
        said(|bundle| template(bundle, "build").outputs = None),
        "the template `update-pipeline` of `my-app-template` reads `workflow.outputs.parameters.build-output`"
    );
    assert_eq!(
        said(|bundle| template(bundle, "approve").outputs = None),
        "the task `reject-prod` of `my-app-template` reads `tasks.approve-prod.outputs.parameters.decision`"
    );
}

#[test]
fn an_expression_that_reads_nothing() {
    let when = |text: &str| said(|bundle| task(bundle, "reject-prod").when = Some(text.into()));
    let who = "the task `reject-prod` of `my-app-template`";
    assert_eq!(when("{{=inputs.parameters['typo'] == ''}}"), format!("{who} reads `inputs.parameters.typo`"));
    assert_eq!(
        when("{{=tasks['later'].outputs.parameters.x}}"),
        format!("{who} reads `tasks.later.outputs.parameters.x`")
    );
    assert_eq!(when("{{workflow.parameters.typo}}"), format!("{who} reads `workflow.parameters.typo`"));
    assert_eq!(when("{{=sum(1)"), format!("{who} has the tag `{{{{=sum(1)`"));
    let env = said(|bundle| {
        let Body::Container(container) = &mut template(bundle, "validate").body else { panic!("no container") };
        container.env.as_mut().unwrap()[0].value = Some("{{item}}".into());
    });
    assert_eq!(env, "the template `validate` of `my-app-template` reads `item`");
}

#[test]
fn a_task_that_waits_for_nobody() {
    let waits = |text: &str| said(|bundle| task(bundle, "deploy-dev").depends = Some(text.into()));
    let who = "the task `deploy-dev` of `my-app-template`";
    assert_eq!(waits("nobody.Succeeded"), format!("{who} waits for `nobody.Succeeded`"));
    assert_eq!(waits("build.Succeded"), format!("{who} waits for `build.Succeded`"));
    assert_eq!(waits("build"), format!("{who} waits for `build`"));
    assert_eq!(waits("test-dev.Succeeded"), format!("{who} waits for `test-dev.Succeeded`"));
}

#[test]
fn a_sensor_that_starts_or_fills_nothing() {
    let sensor = |change: fn(&mut crate::emit::argo::sensor::SensorSpec)| {
        said(|bundle| change(&mut bundle.objects.sensors[0].spec))
    };
    assert_eq!(
        sensor(|spec| spec.triggers[0].template.k8s.source.resource.spec.workflow_template_ref.name = "old".into()),
        "the Sensor `my-sensor` starts the WorkflowTemplate `old` in `argo`"
    );
    assert_eq!(
        sensor(|spec| spec.triggers[0].template.k8s.parameters[0].dest = "spec.arguments.parameters.1.value"),
        "the Sensor `my-sensor` puts a value into `spec.arguments.parameters.1.value` of its Workflow"
    );
    assert_eq!(
        sensor(|spec| spec.triggers[0].template.k8s.parameters[0].src.dependency_name = "pull"),
        "the Sensor `my-sensor` takes a value from the dependency `pull`"
    );
    assert_eq!(
        sensor(|spec| spec.triggers[0].template.k8s.source.resource.spec.arguments.parameters.clear()),
        "the Sensor `my-sensor` gets the parameter `commit-sha` of `my-app-template` from"
    );
    assert_eq!(
        sensor(|spec| spec.dependencies[0].event_name = "other".into()),
        "the Sensor `my-sensor` waits for the event `other`"
    );
}

#[test]
fn a_service_that_leads_nowhere() {
    let port = said(|bundle| {
        let ports = bundle.objects.service.spec.as_mut().unwrap().ports.as_mut().unwrap();
        ports[0].target_port = Some(k8s_openapi::apimachinery::pkg::util::intstr::IntOrString::Int(1));
    });
    assert_eq!(port, "the Service sends to the port 1 of the EventSource");
    let selector = said(|bundle| bundle.objects.service.spec.as_mut().unwrap().selector = None);
    assert_eq!(selector, "the Service selects the EventSource ``");
}

#[test]
fn an_account_or_a_role_that_is_nobodys() {
    assert_eq!(
        said(|bundle| template(bundle, "build").service_account_name = Some("root".into())),
        "the template `build` of `my-app-template` names the ServiceAccount `root` in `argo`"
    );
    let binding = |change: fn(&mut k8s_openapi::api::rbac::v1::RoleBinding)| {
        said(|bundle| {
            let bindings = bundle.objects.rbac.iter_mut().filter_map(|object| match object {
                Object::Binding(binding) => Some(binding),
                Object::Account(_) | Object::Role(_) => None,
            });
            change(bindings.last().unwrap());
        })
    };
    assert_eq!(
        binding(|binding| binding.role_ref.name = "cluster-admin".into()),
        "the RoleBinding `my-app-updater-events` names the Role `cluster-admin` in `argo-events`"
    );
    assert_eq!(
        binding(|binding| binding.subjects.as_mut().unwrap()[0].namespace = Some("argo-events".into())),
        "the RoleBinding `my-app-updater-events` names the ServiceAccount `my-app-updater` in `argo-events`"
    );
    let rule = said(|bundle| {
        let roles = bundle.objects.rbac.iter_mut().filter_map(|object| match object {
            Object::Role(role) => role.rules.as_mut(),
            Object::Account(_) | Object::Binding(_) => None,
        });
        roles.last().unwrap()[0].resource_names = Some(vec!["theirs".into()]);
    });
    assert_eq!(rule, "the Role `my-app-updater-events` names the EventSource `theirs` in `argo-events`");
    let irsa = said(|bundle| {
        let Object::Account(account) = &mut bundle.objects.rbac[0] else { panic!("no account") };
        let annotations = account.metadata.annotations.as_mut().unwrap();
        annotations.insert("eks.amazonaws.com/role-arn".into(), "arn:aws:iam::999999999999:role/admin".into());
    });
    assert_eq!(irsa, "the ServiceAccount `my-app-builder` becomes the IAM role `admin`, which trusts it");
}

#[test]
fn a_secret_or_a_config_map_that_nobody_brings() {
    assert_eq!(
        said(|bundle| bundle.objects.event_source.spec.github.values_mut().next().unwrap().webhook_secret.key =
            "x".into()),
        "the EventSource reads the key `x` of the Secret `my-app-github` in `argo-events`"
    );
    let variable = said(|bundle| {
        let Body::Container(container) = &mut template(bundle, "test-dev").body else { panic!("no container") };
        let sources = container.env.as_mut().unwrap().iter_mut().filter_map(|one| one.value_from.as_mut());
        sources.last().unwrap().secret_key_ref.as_mut().unwrap().name = "lost".into();
    });
    assert_eq!(variable, "the template `test-dev` reads the key `key` of the Secret `lost` in `argo`");
    assert_eq!(
        said(|bundle| bundle.objects.config_map = None).split(" names ").last(),
        Some("the ConfigMap `my-app-last-good` in `argo`")
    );
    let store = said(|bundle| bundle.objects.external_secrets.retain(|object| object.spec.target.name != "chat"));
    assert_eq!(store, "the pipeline reads the key `url` of the ExternalSecret `chat` in `argo`");
}

#[test]
fn a_stack_that_refers_to_what_it_has_not() {
    let resource = |name: &'static str, value: fn() -> Node<'static>| {
        said(move |bundle| {
            let resources = bundle.stack.template_mut().get_mut("Resources").unwrap();
            *resources.get_mut("ArtifactBucketPolicy").unwrap() = Node::Map(vec![(name.into(), value())]);
        })
    };
    let bucket = "the stack refers to its resource `Bucket`";
    assert_eq!(resource("Ref", || "Bucket".into()), bucket);
    assert_eq!(resource("Fn::GetAtt", || Node::List(vec!["Bucket".into(), "Arn".into()])), bucket);
    assert_eq!(resource("Fn::Sub", || "arn:${AWS::Partition}:s3:::${!a}${Bucket.Arn}".into()), bucket);
    assert_eq!(resource("Fn::ImportValue", || "Theirs".into()), "the stack imports `Theirs` from the cluster");
    let output = said(|bundle| {
        let Some(Node::Map(outputs)) = bundle.stack.template_mut().get_mut("Outputs") else { panic!("no outputs") };
        outputs.retain(|(name, _)| name != "WebhookUrl");
    });
    assert_eq!(output, "the stack promises the output `WebhookUrl`");
}

#[test]
fn the_users_name_is_blamed_where_it_is_the_one_and_the_rest_is_told_too() {
    let pipeline = whole();
    let mut bundle = Bundle::of(&pipeline, "pipeline.aphex");
    bundle
        .objects
        .rbac
        .retain(|object| !matches!(object, Object::Account(one) if one.metadata.name.as_deref() == Some("my-sensor")));
    let problem = problem(&bundle).unwrap();
    assert_eq!(problem.code, Code::DanglingReference);
    assert_eq!(problem.primary.span, pipeline.names.sensor.span);
    assert!(problem.help.len() > 1 && problem.help.last().unwrap().contains("aphex's own"), "{:?}", problem.help);
}
