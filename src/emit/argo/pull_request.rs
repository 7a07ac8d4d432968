//! The WorkflowTemplate of pull requests: validate and build, and deploy nothing. It has an identity of its own, and
//! shares no lock and no exit handler with deliveries.

use std::collections::HashMap;

use super::delivery::{ENTRYPOINT, single};
use super::groups::Groups;
use super::objects::metadata;
use super::order::{Order, Plan};
use super::stages::Stages;
use super::types::{Resource, Task, Template, WorkflowSpec};
use super::workflow_template::spec;
use crate::model::{Flow, Pipeline, Stage, TaskNames};

/// The WorkflowTemplate of pull requests, where they start runs; the script at `script` declares the pipeline.
pub(super) fn workflow_template(pipeline: &Pipeline, script: &str) -> Option<Resource<WorkflowSpec>> {
    if !pipeline.has_pull_requests() {
        return None;
    }
    let account = pipeline.pull_request_worker().service_account.into_owned();
    let spec = spec(pipeline, account, templates(pipeline, script));
    let metadata = metadata(pipeline, pipeline.argo.namespace.as_str(), &pipeline.pull_request_template());
    Some(Resource::argo("WorkflowTemplate", metadata, spec))
}

fn templates(pipeline: &Pipeline, script: &str) -> Vec<Template> {
    let stages = Stages::of_pull_requests(pipeline);
    let first = [
        stages.validate(script).map(|job| single(TaskNames::VALIDATE, job)),
        stages.build().map(|job| single(TaskNames::BUILD, job)),
    ];
    let first: Vec<Template> = first.into_iter().flatten().collect();

    let names = TaskNames::of(pipeline);
    let mut steps = Groups::new("step");
    for step in pipeline.pull_request_steps() {
        steps.add(names.stage(step), stages.step(pipeline.pull_request_worker(), step, None));
    }
    let (shared, tasks) = steps.finish();
    let mut tasks: HashMap<String, Task> = tasks.into_iter().map(|task| (task.name.clone(), task)).collect();

    let mut order = Order::default();
    let mut plans: Vec<Plan> = first.iter().map(|template| Plan::task(Task::of(&template.name))).collect();
    plans.push(order.stages(Flow::Sequence, &pipeline.stages, &mut |order, stage, _| {
        let task = match stage {
            Stage::Step(step) => tasks.remove(&names.stage(step)),
            Stage::Environment(_) | Stage::Approval(_) | Stage::Wave(_) => None,
        };
        order.flow(Flow::Sequence, task.map(Plan::task).into_iter().collect())
    }));
    let plan = order.flow(Flow::Sequence, plans);
    order.finish(ENTRYPOINT, plan).into_iter().chain(first).chain(shared).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::emit::testing::{call, environment, pipeline};

    fn written(keys: Value) -> Option<Value> {
        let pipeline = pipeline(keys);
        workflow_template(&pipeline, "pipeline.aphex").map(|template| serde_json::to_value(template).unwrap())
    }

    #[test]
    fn a_pull_request_gets_no_secret_but_the_one_that_clones_and_no_role() {
        let secret = |name: &str| call("secret", [name, "key"]);
        let keys = json!({
            "source": { "$github": ["my-org/my-app", { "clone_token": secret("clone") }] },
            "build": { "commands": ["make"], "secrets": { "NPM": secret("npm") }, "variables": { "CI": "1" } },
            "stages": [environment("dev", json!({ "tests": ["make test"] }))],
            "notifications": [call("slack", [json!({ "url": secret("chat") })])],
            "identity": { "explicit_variables": true },
        });
        let written = written(keys).unwrap();
        let text = written.to_string();
        for absent in ["npm", "chat", "AWS_", "onExit", "synchronization", "deploy", "update-pipeline", "make test"] {
            assert!(!text.contains(absent), "{absent}");
        }
        assert_eq!(text.matches(r#""name":"clone","key":"key""#).count(), 2);
        let templates = written["spec"]["templates"].as_array().unwrap();
        let accounts: Vec<_> = templates[1..].iter().map(|template| &template["serviceAccountName"]).collect();
        assert_eq!(accounts, ["my-app-pull-request", "my-app-pull-request"]);
        let args = templates[2]["container"]["args"].as_array().unwrap();
        assert_eq!(args[2..], [json!("make"), json!("")]);
        assert!(templates[2]["container"]["env"].as_array().unwrap().contains(&json!({ "name": "CI", "value": "1" })));
    }

    #[test]
    fn steps_before_the_first_environment_take_part() {
        let step = |name: &str, keys: Value| {
            let mut all = json!({ "image": "x:1", "commands": ["make"], "on": ["push", "pull_request"] });
            all.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
            call("step", [json!(name), all])
        };
        let plain = |name: &str| step(name, json!({}));
        let own = json!({
            "secrets": { "KEY": call("secret", ["hidden", "key"]) },
            "permissions": [{ "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::x/*"] }],
        });
        let stages = json!([
            call("parallel", [plain("lint"), step("scan", own), step("push", json!({ "on": ["push"] }))]),
            call("approval", [json!("Go on?"), json!({ "name": "go" })]),
            plain("size"),
            call("sequence", [environment("dev", json!({})), plain("late")]),
        ]);
        let written = written(json!({ "stages": stages, "build": null })).unwrap();
        let templates = written["spec"]["templates"].as_array().unwrap();
        let tasks = templates[0]["dag"]["tasks"].as_array().unwrap().iter();
        let order = tasks.map(|task| (task["name"].as_str().unwrap(), task["depends"].as_str().unwrap_or_default()));
        let expected = [
            ("validate", ""),
            ("step-lint", "validate.Succeeded"),
            ("step-scan", "validate.Succeeded"),
            ("step-size", "step-lint.Succeeded && step-scan.Succeeded"),
        ];
        assert_eq!(order.collect::<Vec<_>>(), expected);
        assert!(!written.to_string().contains("hidden"));
        assert!(templates[1..].iter().all(|template| template["serviceAccountName"] == "my-app-pull-request"));
    }

    #[test]
    fn where_there_is_nothing_to_check_no_pull_request_starts_a_run() {
        assert!(written(json!({ "validate": false })).is_some());
        assert!(written(json!({ "build": null })).is_some());
        assert!(written(json!({ "validate": false, "build": null })).is_none());
        let source = |keys: Value| json!({ "source": { "$github": ["my-org/my-app", keys] } });
        assert!(written(source(json!({ "pull_requests": false }))).is_none());
        assert!(written(source(json!({ "tags": ["v*"] }))).is_none());
        assert!(written(source(json!({ "tags": ["v*"], "branch": "main" }))).is_some());
    }
}
