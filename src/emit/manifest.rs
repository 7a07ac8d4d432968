//! `pipeline.json`: the typed model as it was emitted.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::Artifact;

use crate::model::{Environment, Github, Pipeline, Project, SecretKeyRef, StackIndex, StackName, Stage};
use crate::schema::Declared;
use crate::source::Spanned;

/// The text of `pipeline.json`: the manifest, and the digest of each file.
pub fn manifest_text(manifest: &Value, artifacts: &[Artifact]) -> String {
    let digests = artifacts.iter().map(|artifact| (artifact.path.as_str(), digest(artifact.text())));
    let files: BTreeMap<&str, String> = digests.collect();
    let mut whole = manifest.clone();
    whole["files"] = files.into_iter().map(|(path, digest)| (path.to_owned(), Value::from(digest))).collect();
    format!("{whole:#}\n")
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a string takes every text");
        hex
    })
}

/// `pipeline.json` without its `files`.
pub fn manifest(project: &Project, pipeline: &Pipeline) -> Value {
    json!({
        "version": 1,
        "script": project.script,
        "pipeline": pipeline_json(pipeline),
        "parameters": project.parameters,
    })
}

/// A stack stands once, beside the stages; everywhere else by its name.
fn pipeline_json(pipeline: &Pipeline) -> Map<String, Value> {
    let index = StackIndex::of(pipeline);
    let mut json = Map::new();
    json.insert("kind".into(), pipeline.kind().into());
    json.insert("name".into(), pipeline.name.as_str().into());
    for (key, value) in pipeline.keys() {
        let value = match key {
            "source" => source_json(pipeline, &pipeline.source),
            "secret_store" => store_json(pipeline, value.to_json()),
            "stages" => stages_json(&pipeline.stages, &index),
            _ => value.to_json(),
        };
        if !value.is_null() {
            json.insert(key.into(), value);
        }
    }
    json.insert("stacks".into(), index.iter().map(|stack| stack.to_json()).collect());
    json
}

fn source_json(pipeline: &Pipeline, source: &Github) -> Value {
    let mut json = source.to_json();
    json["branch"] = source.branches().into();
    json["url"] = source.clone_url().into();
    json["token"] = secret_json(pipeline.token());
    json["webhook_secret"] = secret_json(pipeline.webhook_secret());
    json
}

fn store_json(pipeline: &Pipeline, mut json: Value) -> Value {
    if let Some((kind, _)) = pipeline.secret_store.external() {
        json["kind"] = kind.as_str().into();
    }
    json
}

fn secret_json((name, key): SecretKeyRef) -> Value {
    json!({ "kind": "secret", "name": name, "key": key })
}

fn stages_json(stages: &[Spanned<Stage>], index: &StackIndex) -> Value {
    let stage = |stage: &Spanned<Stage>| match &stage.node {
        Stage::Environment(environment) => environment_json(environment, index),
        Stage::Wave(wave) => json!({ "kind": wave.kind(), "stages": stages_json(&wave.stages, index) }),
        Stage::Step(step) => step.to_json(),
        Stage::Approval(approval) => approval.to_json(),
    };
    stages.iter().map(stage).collect()
}

fn environment_json(environment: &Environment, index: &StackIndex) -> Value {
    let mut json = environment.to_json();
    // Where there is a circle, nothing is written at all.
    if let Ok(order) = index.order(environment) {
        json["stacks"] = order.into_iter().map(StackName::as_str).collect();
    }
    json
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::testing::{call, environment, pipeline};

    fn emitted(keys: Value) -> Value {
        manifest(&Project::new("pipeline.aphex"), &pipeline(keys))
    }

    #[test]
    fn what_is_known_only_at_emission_is_filled_in() {
        let json = emitted(json!({}));
        assert_eq!(
            (&json["version"], &json["script"], &json["parameters"]),
            (&json!(1), &json!("pipeline.aphex"), &json!({}))
        );
        let pipeline = &json["pipeline"];
        assert_eq!(pipeline["region"], "us-east-1");
        assert_eq!(pipeline["names"]["executor_role"], "my-app-us-east-1-executor");
        assert_eq!(pipeline["source"]["branch"], json!(["main"]));
        assert_eq!(pipeline["source"]["url"], "https://github.com/my-org/my-app.git");
        assert_eq!(pipeline["source"]["token"], json!({ "kind": "secret", "name": "my-app-github", "key": "token" }));
        assert_eq!(pipeline["source"]["webhook_secret"]["key"], "webhook-secret");
        let stored = emitted(json!({ "secret_store": { "name": "aws" } }));
        assert_eq!(stored["pipeline"]["secret_store"], json!({ "name": "aws", "kind": "ClusterSecretStore" }));
    }

    #[test]
    fn stacks_stand_once_and_environments_name_them_in_order() {
        let network = call("stack", ["Network", "lib/network.ts"]);
        let api = call("stack", [json!("Api"), json!({ "depends_on": [network] })]);
        let dev = environment("dev", json!({ "stacks": [api, network] }));
        let json = emitted(json!({ "stages": [call("parallel", [dev])] }));
        let pipeline = &json["pipeline"];
        assert_eq!(pipeline["stages"][0]["kind"], "parallel");
        assert_eq!(pipeline["stages"][0]["stages"][0]["stacks"], json!(["Network", "Api"]));
        let stacks = json!([
            { "kind": "stack", "name": "Api", "depends_on": ["Network"] },
            { "kind": "stack", "name": "Network", "path": "lib/network.ts", "depends_on": [] },
        ]);
        assert_eq!(pipeline["stacks"], stacks);
    }

    #[test]
    fn a_thousand_environments_of_deeply_dependent_stacks_stay_small() {
        let mut stack = call("stack", ["S0"]);
        for i in 1..20 {
            stack = call("stack", [json!(format!("S{i}")), json!({ "depends_on": [stack] })]);
        }
        let stacks: Vec<Value> = (0..19).map(|i| json!(format!("S{i}"))).chain([stack]).collect();
        let stages = (0..1_000).map(|i| environment(&format!("e{i}"), json!({ "stacks": stacks })));
        let json = emitted(json!({ "stages": stages.collect::<Vec<_>>() }));
        assert_eq!(json["pipeline"]["stages"][999]["stacks"].as_array().unwrap().len(), 20);
        let size = json.to_string().len();
        assert!(size < 1_000_000, "{size}");
    }
}
