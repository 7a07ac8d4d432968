//! What comes out for small pipelines, and for large ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::emit::testing::{call, environment, named, pipeline};

mod delivery;

fn emit(pipeline: &Pipeline, script: &str, format: Format) -> Vec<Artifact> {
    Objects::of(pipeline, script).write(format)
}

fn problems(pipeline: &Pipeline) -> Vec<Diagnostic> {
    Objects::of(pipeline, "").problems(pipeline, usize::MAX)
}

/// Every document of a pipeline, by kind and name.
fn documents(pipeline: &Pipeline) -> BTreeMap<(String, String), Value> {
    let files = emit(pipeline, "ci/pipeline.aphex", Format::Json);
    let documents = files.iter().flat_map(Artifact::documents).map(|document| {
        let value: Value = serde_json::from_str(document.text).unwrap();
        assert_eq!(value["kind"], document.kind);
        ((document.kind.to_owned(), value["metadata"]["name"].as_str().unwrap_or_default().to_owned()), value)
    });
    documents.collect()
}

/// The only document of that kind.
fn document_of(pipeline: &Pipeline, kind: &str) -> Value {
    let mut found = documents(pipeline).into_iter().filter(|((of, _), _)| of == kind).map(|(_, value)| value);
    let only = found.next().unwrap();
    assert!(found.next().is_none());
    only
}

/// The names of that kind.
fn names_of(pipeline: &Pipeline, kind: &str) -> Vec<String> {
    documents(pipeline).into_keys().filter(|(of, _)| of == kind).map(|(_, name)| name).collect()
}

fn templates(pipeline: &Pipeline) -> BTreeMap<String, Value> {
    let name = pipeline.names.workflow_template.as_str().to_owned();
    let document = documents(pipeline).remove(&("WorkflowTemplate".to_owned(), name)).unwrap();
    let templates = document["spec"]["templates"].as_array().unwrap().iter();
    templates.map(|template| (text(&template["name"]), template.clone())).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// The tasks of the first graph with what each waits for.
fn order(pipeline: &Pipeline) -> Vec<String> {
    let tasks = templates(pipeline).remove("main").unwrap()["dag"]["tasks"].as_array().unwrap().clone();
    let line = |task: &Value| format!("{} < {}", text(&task["name"]), task["depends"].as_str().unwrap_or("-"));
    tasks.iter().map(|task| line(task).replace(".Succeeded", "")).collect()
}

/// The container of a task, filled in as Argo does it.
fn container(pipeline: &Pipeline, task: &str) -> Value {
    let templates = templates(pipeline);
    let graphs = templates.values().filter_map(|template| template["dag"]["tasks"].as_array());
    let task = graphs.flatten().find(|found| found["name"] == task).unwrap();
    let mut container = templates[task["template"].as_str().unwrap()]["container"].to_string();
    for parameter in task["arguments"]["parameters"].as_array().into_iter().flatten() {
        let tag = format!("{{{{inputs.parameters.{}}}}}", text(&parameter["name"]));
        let value = parameter["value"].to_string();
        container = container.replace(&tag, &value[1..value.len() - 1]);
    }
    serde_json::from_str(&container).unwrap()
}

fn variables(container: &Value) -> BTreeMap<String, Value> {
    let variables = container["env"].as_array().unwrap().iter();
    variables
        .map(|variable| (text(&variable["name"]), variable.get("value").or(variable.get("valueFrom")).unwrap().clone()))
        .collect()
}

#[test]
fn argo_takes_what_is_written() {
    for (name, pipeline) in samples() {
        for document in documents(&pipeline).values() {
            assert_eq!(schemas::problems(document), Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn stages_run_in_order_and_waves_side_by_side() {
    let with_tests = |name: &str| environment(name, json!({ "tests": ["npm test"] }));
    let plain = |name: &str| environment(name, json!({}));
    let inner = call("parallel", [with_tests("c"), plain("d")]);
    let wave = call("parallel", [plain("a"), call("sequence", [plain("b"), inner])]);
    let pipeline = pipeline(json!({ "stages": [with_tests("dev"), wave, plain("prod")] }));
    assert_eq!(
        order(&pipeline),
        [
            "validate < -",
            "build < validate",
            "update-pipeline < build",
            "deploy-dev < update-pipeline",
            "test-dev < deploy-dev",
            "deploy-a < test-dev",
            "deploy-b < test-dev",
            "deploy-c < deploy-b",
            "test-c < deploy-c",
            "deploy-d < deploy-b",
            "deploy-prod < deploy-a && test-c && deploy-d",
        ]
    );
}

#[test]
fn stages_that_are_not_wanted_are_not_there_and_neither_is_what_they_need() {
    let bare = pipeline(json!({ "build": null, "validate": false, "self_update": false }));
    assert_eq!(order(&bare), ["deploy-dev < -"]);
    assert!(!variables(&container(&bare, "deploy-dev")).contains_key("ARTIFACT_PATH"));
    // The stack promises the builder's role, which trusts an account.
    let accounts = ["my-app-builder", "my-app-executor", "my-app-github", "my-app-sensor"];
    assert_eq!(names_of(&bare, "ServiceAccount"), accounts);
    assert_eq!(names_of(&bare, "Role"), ["my-app-sensor", "my-app-task-results"]);
    assert_eq!(templates(&bare).len(), 2);
}

#[test]
fn many_environments_stay_small_and_within_argos_limits() {
    for (name, pipeline) in samples().into_iter().filter(|(_, pipeline)| pipeline.environments().len() > 100) {
        let files = emit(&pipeline, "pipeline.aphex", Format::Yaml);
        let size = files.iter().map(|file| file.contents().len()).sum::<usize>();
        assert!(size < 1_024 * pipeline.environments().len(), "{name}: {size} bytes");
        let templates = templates(&pipeline);
        assert!(templates.len() < 20, "{name}");
        let tasks: Vec<usize> =
            templates.values().filter_map(|template| Some(template["dag"]["tasks"].as_array()?.len())).collect();
        assert!(tasks.iter().all(|tasks| *tasks <= 200), "{name}: {tasks:?}");
        assert!(tasks.iter().sum::<usize>() > 603, "{name}: {tasks:?}");
    }
}

#[test]
fn more_templates_than_argo_takes_are_a_problem() {
    let stages = |count: usize| -> Value {
        let made = (0..count).map(|n| environment(&format!("e-{n}"), json!({ "variables": { format!("V{n}"): "x" } })));
        made.collect()
    };
    assert_eq!(problems(&pipeline(json!({ "stages": stages(196) }))), []);
    let [problem] = &problems(&pipeline(json!({ "stages": stages(197) })))[..] else { panic!("not one problem") };
    assert_eq!(problem.message, "the WorkflowTemplate `my-app-template` has 201 templates, and a cluster takes 200");
}

#[test]
fn environments_of_one_shape_share_a_template_and_get_what_was_written() {
    let made = |name: &str, command: &str, more: Value| {
        environment(name, json!({ "tests": { "commands": [command, "true"], "variables": more } }))
    };
    let pipeline = pipeline(json!({ "stages": [
        made("a", "echo {{x}} $(id) $$", json!({ "V": "{{" })),
        made("b", "echo \"quoted\" {{y}}", json!({ "V": "$HOME" })),
        made("c", "echo", json!({ "W": "1" })),
        made("d", "🏴\u{e0067}", json!({ "W": "1" })),
    ] }));
    let names = templates(&pipeline).into_keys().filter(|name| name.starts_with("test"));
    assert_eq!(names.collect::<Vec<_>>(), ["test", "test-c", "test-d"]);
    let arrives = |task: &str, commands: &str, variable: &str, value: &str| {
        let container = container(&pipeline, task);
        assert_eq!(escape::kubelet(container["args"][0].as_str().unwrap()), commands);
        assert_eq!(escape::kubelet(variables(&container)[variable].as_str().unwrap()), value);
    };
    arrives("test-a", "echo {{x}} $(id) $$ && true", "V", "{{");
    arrives("test-b", "echo \"quoted\" {{y}} && true", "V", "$HOME");
    arrives("test-c", "echo && true", "W", "1");
    arrives("test-d", "🏴\u{e0067} && true", "W", "1");
    assert_eq!(container(&pipeline, "test-a")["env"][0], json!({ "name": "APHEX_LBRACE", "value": "{" }));
}

#[test]
fn the_narrowest_variable_wins_and_none_of_aphex_is_replaced() {
    let keys = json!({
        "variables": { "A": "environment", "B": "environment", "AWS_REGION": "x" },
        "tests": { "commands": ["x"], "variables": { "B": "tests" }, "secrets": { "A": call("secret", ["s", "k"]) } },
    });
    let pipeline = pipeline(json!({ "stages": [environment("dev", keys)] }));
    let variables = variables(&container(&pipeline, "test-dev"));
    assert_eq!(variables["A"], json!({ "secretKeyRef": { "name": "s", "key": "k" } }));
    assert_eq!((&variables["B"], &variables["AWS_REGION"]), (&json!("tests"), &json!("eu-west-1")));
    assert_eq!(variables["ARTIFACT_PATH"], "{{inputs.parameters.artifact-path}}");
}

#[test]
fn what_the_build_reports_is_read_where_it_is_needed() {
    let templates = templates(&pipeline(json!({})));
    let output = &templates["build"]["outputs"]["parameters"][0];
    assert_eq!(output["valueFrom"]["path"], "/tmp/output.json");
    let read = format!("workflow.outputs.parameters['{}']", text(&output["globalName"]));
    for later in ["update-pipeline", "deploy-dev"] {
        assert!(text(&templates[later]["inputs"]["parameters"][0]["value"]).contains(&read), "{later}");
    }
}

#[test]
fn each_stage_runs_as_who_may_do_it() {
    let pipeline = pipeline(json!({ "stages": [environment("dev", json!({ "tests": ["x"] }))] }));
    let who = templates(&pipeline).into_iter().filter(|(name, _)| name != "main");
    let who: Vec<_> = who.map(|(name, template)| (name, text(&template["serviceAccountName"]))).collect();
    let expected = [
        ("build", "my-app-builder"),
        ("deploy-dev", "my-app-executor"),
        ("test-dev", "my-app-builder"),
        ("update-pipeline", "my-app-updater"),
        ("validate", "my-app-builder"),
    ];
    assert_eq!(who, expected.map(|(name, account)| (name.to_owned(), account.to_owned())));
}

#[test]
fn without_an_address_no_webhook_is_registered() {
    let source = document_of(&pipeline(json!({})), "EventSource");
    let github = &source["spec"]["github"]["my-app"];
    assert_eq!((&github["webhook"]["url"], github.get("apiToken")), (&json!(""), None));
    let given = pipeline(json!({ "event_source": { "url": "https://hooks.example.com/", "port": 80 } }));
    let github = &document_of(&given, "EventSource")["spec"]["github"]["my-app"];
    assert_eq!(github["webhook"]["url"], "https://hooks.example.com");
    assert_eq!(github["apiToken"], json!({ "name": "my-app-github", "key": "token" }));
    // A port that only root may listen on is the Service's alone.
    let port = &document_of(&given, "Service")["spec"]["ports"][0];
    assert_eq!(
        (&port["port"], &port["targetPort"], &github["webhook"]["port"]),
        (&json!(80), &json!(12000), &json!("12000"))
    );
}

#[test]
fn labels_are_everywhere_and_ours_stand() {
    let keys =
        json!({ "labels": { "team": "a", "app.kubernetes.io/managed-by": "me" }, "annotations": { "tag": "{{x}}" } });
    for ((kind, name), document) in documents(&pipeline(keys)) {
        let metadata = &document["metadata"];
        if kind != "Kustomization" {
            assert_eq!(
                (&metadata["labels"]["team"], &metadata["annotations"]["tag"]),
                (&json!("a"), &json!("{{x}}")),
                "{kind} {name}"
            );
            assert_eq!(metadata["labels"]["app.kubernetes.io/managed-by"], "aphex", "{kind} {name}");
        }
        assert!(!document["spec"].to_string().contains("{{x}}") || kind == "Sensor", "{kind} {name}");
    }
}

#[test]
fn the_kustomization_lists_the_files_of_its_format() {
    for (format, extension) in [(Format::Yaml, "yaml"), (Format::Json, "json")] {
        let files = emit(&pipeline(json!({})), "pipeline.aphex", format);
        let names: Vec<_> = files.iter().map(|file| file.path.strip_prefix("kubernetes/").unwrap()).collect();
        let (last, others) = names.split_last().unwrap();
        assert_eq!(*last, "kustomization.yaml");
        let listed = serde_yaml::from_str::<Value>(files.last().unwrap().contents()).unwrap();
        assert_eq!(listed["resources"], json!(others));
        assert!(others.iter().all(|name| name.ends_with(extension)));
    }
}

/// Pipelines that use little, everything, and much of one thing.
pub(in crate::emit) fn samples() -> Vec<(&'static str, Arc<Pipeline>)> {
    let many = |prefix: &str, count: usize| -> Vec<Value> {
        let made = (0..count).map(|n| {
            environment(
                &format!("{prefix}-{n}"),
                json!({
                    "account": format!("{n:012}"),
                    "variables": { "LEVEL": format!("{}", n % 7) },
                    "tests": ["npm run test:smoke", format!("curl -fsS https://{n}.example.com")],
                }),
            )
        });
        made.collect()
    };
    let secret = |name: &str, key: &str| call("secret", [name, key]);
    vec![
        ("minimal", pipeline(json!({}))),
        ("bare", pipeline(json!({ "build": null, "validate": false, "self_update": false }))),
        (
            "nested",
            pipeline(json!({ "stages": [
                environment("dev", json!({ "tests": ["npm test"] })),
                call("parallel", [
                    environment("eu", json!({ "tests": ["npm test"] })),
                    call("sequence", [
                        environment("us", json!({})),
                        call("parallel", [environment("us-a", json!({})), environment("us-b", json!({ "tests": ["npm run b"] }))]),
                    ]),
                ]),
                call("sequence", [environment("prod", json!({ "deploy": { "timeout": "1h", "retries": 2 } }))]),
            ] })),
        ),
        (
            "everything",
            named(
                "shop",
                json!({
                    "cluster": { "name": "company", "export_prefix": "Company-" },
                    "region": "cn-north-1",
                    "source": { "$github": ["my-org/my.app", {
                        "branch": ["main", "release/**", "v?.*"],
                        "tags": ["v*"],
                        "paths": ["apps/**", "**/x?y\"&.ts"],
                        "url": "https://git.example.com/$(x)/$$a.git",
                        "token": secret("hooks", "token"),
                        "webhook_secret": secret("hooks", "hmac"),
                        "clone_token": secret("clone", "token"),
                    }] },
                    "build": {
                        "commands": ["docker inspect -f '{{.State.Status}}' x", "echo $(date) $$ \"${HOME}\" \\ 🚀 {{{x}}} {{=1}}"],
                        "image": "node:22", "timeout": "20m", "retries": 3,
                        "variables": { "ON": "yes", "TEMPLATE": "{{workflow.name}} $(HOME)", "LINES": "a\nb\n", "CI": "true" },
                        "secrets": { "NPM_TOKEN": secret("npm", "token") },
                        "resources": { "cpu": "2", "memory": "4Gi" },
                    },
                    "stages": [environment("dev", json!({
                        "region": "cn-northwest-1",
                        "stacks": [call("stack", ["Api"]), { "$stack": ["Web", { "depends_on": ["Db"] }] }, call("stack", ["Db"])],
                        "deploy": { "mode": "together", "image": "deploy:1", "timeout": "2h", "retries": 1, "variables": { "A": "1" }, "resources": { "memory": "1Gi" } },
                        "tests": { "commands": ["{{"], "image": "test:1", "timeout": "90s", "retries": 2, "variables": { "B": "{{" },
                            "secrets": { "KEY": secret("keys", "a") }, "resources": { "cpu": "1" } },
                        "variables": { "A": "2", "B": "3", "FLAG": "🏴\u{e0067}" },
                    }))],
                    "directory": "apps/{{shop}}",
                    "validate": "ci/$$deploy.aphex",
                    "self_update": true,
                    "images": { "builder": "b:1", "deployer": "d:1", "tester": "t:1", "validator": "v:1" },
                    "pin_images": true,
                    "names": { "workflow_template": "wt", "event_source": "es", "sensor": "se", "workflow_prefix": "run-",
                        "executor_service_account": "ex", "builder_service_account": "bu", "executor_role": "Ex", "builder_role": "Bu", "stack": "Stack" },
                    "artifacts": { "bucket": "bucket", "retention": "30d" },
                    "argo": { "namespace": "workflows", "events_namespace": "events", "event_bus": "bus" },
                    "event_source": { "url": "https://hooks.example.com/", "type": "LoadBalancer", "port": 443,
                        "annotations": { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal" } },
                    "identity": { "kind": "irsa", "explicit_variables": true },
                    "permissions": [{ "actions": ["s3:GetObject"], "resources": ["arn:aws-cn:s3:::x/*"] }],
                    "permissions_boundary": "arn:aws-cn:iam::999999999999:policy/boundary",
                    "cdk_qualifier": "abc",
                    "concurrency": "parallel",
                    "notifications": [
                        call("slack", [json!({ "url": secret("chat", "url") })]),
                        call("webhook", [json!({ "url": "https://example.com/x", "headers": { "X": "{{y}}" }, "on": ["success"] })]),
                    ],
                    "timeout": "2d", "retention": "14d",
                    "resources": { "cpu": "250m", "memory": "1Gi" },
                    "labels": { "team": "shop", "on": "yes", "app.kubernetes.io/managed-by": "me" },
                    "annotations": { "note": "on", "tag": "{{x}}", "date": "2024-01-01" },
                }),
            ),
        ),
        ("wide", pipeline(json!({ "stages": [call("parallel", many("e", 300))] }))),
        ("long", pipeline(json!({ "stages": many("e", 300) }))),
        ("twice", pipeline(json!({ "stages": [call("parallel", many("a", 150)), call("parallel", many("b", 150))] }))),
    ]
}
