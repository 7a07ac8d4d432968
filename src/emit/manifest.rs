//! `pipeline.json`: the typed model as it was emitted.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::Artifact;
use crate::model::{Environment, Github, Pipeline, Project, SecretKeyRef, StackIndex, Stage};
use crate::schema::{Declared, Keys, Value};
use crate::source::{Span, Spanned};

/// The text of `pipeline.json`: the typed model of `pipeline`, and the digest of each of its files.
pub fn manifest(project: &Project, pipeline: &Pipeline, artifacts: &[Artifact]) -> String {
    let digests = artifacts.iter().map(|artifact| (artifact.path.as_str(), digest(artifact.contents())));
    let manifest = Manifest {
        version: 1,
        script: &project.script,
        pipeline: Model { pipeline, index: &StackIndex::of(pipeline) },
        parameters: &project.parameters,
        files: digests.collect(),
    };
    let mut text = serde_json::to_string_pretty(&manifest).expect("the model has texts for keys");
    text.push('\n');
    text
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("a string takes every text");
        hex
    })
}

#[derive(Serialize)]
struct Manifest<'a> {
    version: u32,
    script: &'a str,
    pipeline: Model<'a>,
    parameters: &'a indexmap::IndexMap<String, serde_json::Value>,
    files: BTreeMap<&'a str, String>,
}

/// A pipeline. A stack stands once, beside the stages; everywhere else by its name.
struct Model<'a> {
    pipeline: &'a Pipeline,
    index: &'a StackIndex,
}

impl Serialize for Model<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { pipeline, index } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", pipeline.kind())?;
        map.serialize_entry("name", pipeline.name.as_str())?;
        for (key, value) in pipeline.keys().into_iter().filter(|(_, value)| !value.is_nothing()) {
            match key {
                "source" => map.serialize_entry(key, &source(pipeline, &pipeline.source))?,
                "secret_store" => map.serialize_entry(key, &store(pipeline, value.node))?,
                "stages" => map.serialize_entry(key, &Stages { stages: &pipeline.stages, index })?,
                _ => map.serialize_entry(key, &value.node)?,
            }
        }
        let stacks: Vec<Keys<'_>> = index.iter().map(|stack| Keys::of(&**stack)).collect();
        map.serialize_entry("stacks", &stacks)?;
        map.end()
    }
}

fn source<'a>(pipeline: &Pipeline, source: &'a Github) -> Keys<'a> {
    let branches = source.branches().into_iter().map(Value::text);
    Keys::of(source)
        .with("branch", Value::list(branches))
        .with("url", Value::text(source.clone_url()))
        .with("token", secret(pipeline.token()))
        .with("webhook_secret", secret(pipeline.webhook_secret()))
}

fn store(pipeline: &Pipeline, store: Value) -> Value {
    match (store, pipeline.secret_store.external()) {
        (Value::Map(mut entries), Some((kind, _))) => {
            entries.retain(|(key, _)| key.node != "kind");
            let kind = Spanned::new(Value::text(kind.as_str()), Span::NOWHERE);
            entries.push((Spanned::new("kind".to_owned(), Span::NOWHERE), kind));
            Value::Map(entries)
        }
        (store, _) => store,
    }
}

fn secret((name, key): SecretKeyRef) -> Value {
    Value::map([("kind", Value::text("secret")), ("name", Value::Str(name)), ("key", Value::Str(key))])
}

struct Stages<'a> {
    stages: &'a [Spanned<Stage>],
    index: &'a StackIndex,
}

impl Serialize for Stages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.stages.iter().map(|stage| One { stage: &stage.node, index: self.index }))
    }
}

struct One<'a> {
    stage: &'a Stage,
    index: &'a StackIndex,
}

impl Serialize for One<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.stage {
            Stage::Environment(found) => environment(found, self.index).serialize(serializer),
            Stage::Wave(wave) => {
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("kind", wave.kind())?;
                map.serialize_entry("stages", &Stages { stages: &wave.stages, index: self.index })?;
                map.end()
            }
            Stage::Step(step) => Keys::of(&**step).serialize(serializer),
            Stage::Approval(approval) => Keys::of(&**approval).serialize(serializer),
        }
    }
}

fn environment<'a>(environment: &'a Environment, index: &StackIndex) -> Keys<'a> {
    // Where there is a circle, nothing is written at all.
    match index.order(environment) {
        Ok(order) => {
            let names = order.into_iter().map(|name| Value::text(name.as_str()));
            Keys::of(environment).with("stacks", Value::list(names))
        }
        Err(_) => Keys::of(environment),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::emit::testing::{call, environment, pipeline};

    fn emitted(keys: Value) -> Value {
        let text = manifest(&Project::new("pipeline.aphex"), &pipeline(keys), &[]);
        serde_json::from_str(&text).unwrap()
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
