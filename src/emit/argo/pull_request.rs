//! The WorkflowTemplate of pull requests: validate and build, and deploy nothing. It has an identity of its own, and
//! shares no lock and no exit handler with deliveries.

use super::objects::metadata;
use super::order::{Order, Plan};
use super::stages::Stages;
use super::types::{Resource, Task, Template, WorkflowSpec};
use super::workflow_template::{ENTRYPOINT, checkout, single, spec};
use crate::model::{Flow, Pipeline, Stage, Step, Trigger};
use crate::source::Spanned;

/// The WorkflowTemplate of pull requests, where they start runs; the script at `script` declares the pipeline.
pub(super) fn workflow_template(pipeline: &Pipeline, script: &str) -> Option<Resource<WorkflowSpec>> {
    if !pipeline.has_pull_requests() {
        return None;
    }
    let account = pipeline.pull_request_worker().service_account;
    let spec = spec(pipeline, account, templates(pipeline, script));
    let metadata = metadata(pipeline, pipeline.argo.namespace.as_str(), &pipeline.pull_request_template());
    Some(Resource::argo("WorkflowTemplate", metadata, spec))
}

fn templates(pipeline: &Pipeline, script: &str) -> Vec<Template> {
    let stages = Stages::of_pull_requests(pipeline);
    let first = [
        stages.validate(script).map(|job| checkout(pipeline, single("validate", job))),
        stages.build().map(|job| single("build", job)),
    ];
    let first: Vec<Template> = first.into_iter().flatten().collect();

    let mut checks = Checks { order: Order::default(), templates: Vec::new(), done: false };
    let steps = checks.stages(Flow::Sequence, &pipeline.stages);
    let Checks { mut order, templates: steps_templates, done: _ } = checks;
    let chain = (!first.is_empty()).then(|| Order::chain(first.iter().map(|template| Task::of(&template.name))));
    let plan = order.flow(Flow::Sequence, chain.into_iter().chain(steps).collect());
    order.finish(ENTRYPOINT, plan).into_iter().chain(first).chain(steps_templates).collect()
}

/// Collects the steps that stand before the first environment, as the script is read.
struct Checks {
    order: Order,
    templates: Vec<Template>,
    /// Whether there was an environment.
    done: bool,
}

impl Checks {
    /// The steps among `stages`; nothing where there is none, since nothing could wait for it.
    fn stages(&mut self, flow: Flow, stages: &[Spanned<Stage>]) -> Option<Plan> {
        let mut parts = Vec::new();
        for stage in stages {
            if self.done {
                break;
            }
            match &stage.node {
                Stage::Environment(_) => self.done = true,
                Stage::Step(step) => parts.extend(self.step(step)),
                Stage::Wave(wave) => parts.extend(self.stages(wave.flow, &wave.stages)),
                // There is nothing to approve.
                Stage::Approval(_) => {}
            }
        }
        (!parts.is_empty()).then(|| self.order.flow(flow, parts))
    }

    fn step(&mut self, step: &Step) -> Option<Plan> {
        if !step.runs_on(Trigger::PullRequest) {
            return None;
        }
        // TODO: the job of a step, from `steps.rs`.
        let template: Option<Template> = None;
        let template = template?;
        let plan = Order::chain([Task::of(&template.name)]);
        self.templates.push(template);
        Some(plan)
    }
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
