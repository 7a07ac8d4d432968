//! The objects by which External Secrets brings the pipeline's Secrets from AWS Secrets Manager.

use serde::Serialize;

use super::objects::metadata;
use super::types::Resource;
use crate::emit::secrets::{Keys, remote, remote_signature, secrets, signs};
use crate::model::Pipeline;

const API_VERSION: &str = "external-secrets.io/v1";

/// How often External Secrets looks for a new value.
const REFRESH: &str = "1h";

/// `spec` of an ExternalSecret.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct ExternalSecretSpec {
    pub(in crate::emit) refresh_interval: &'static str,
    pub(in crate::emit) secret_store_ref: StoreRef,
    pub(in crate::emit) target: Target,
    pub(in crate::emit) data: Vec<Data>,
}

#[derive(Debug, Clone, Serialize)]
pub(in crate::emit) struct StoreRef {
    pub(in crate::emit) kind: &'static str,
    pub(in crate::emit) name: String,
}

/// The Secret. It belongs to the ExternalSecret and goes with it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct Target {
    pub(in crate::emit) name: String,
    pub(in crate::emit) creation_policy: &'static str,
}

/// One key of the Secret.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::emit) struct Data {
    pub(in crate::emit) secret_key: String,
    pub(in crate::emit) remote_ref: RemoteRef,
}

#[derive(Debug, Serialize)]
pub(in crate::emit) struct RemoteRef {
    pub(in crate::emit) key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::emit) property: Option<String>,
}

/// One object for each Secret that `pipeline` uses; none where it takes Secrets that exist already.
pub(super) fn external_secrets(pipeline: &Pipeline) -> Vec<Resource<ExternalSecretSpec>> {
    let Some((kind, name)) = pipeline.secret_store.external() else { return Vec::new() };
    let store = StoreRef { kind: kind.as_str(), name: name.to_owned() };
    let made = secrets(pipeline).into_iter().map(|((namespace, name), keys)| Resource {
        api_version: API_VERSION,
        kind: "ExternalSecret",
        metadata: metadata(pipeline, namespace, &name),
        spec: ExternalSecretSpec {
            refresh_interval: REFRESH,
            secret_store_ref: store.clone(),
            data: data(pipeline, &name, keys),
            target: Target { name, creation_policy: "Owner" },
        },
    });
    made.collect()
}

fn data(pipeline: &Pipeline, secret: &str, keys: Keys<'_>) -> Vec<Data> {
    let one = |(key, purposes): (String, Vec<_>)| {
        let remote_ref = if signs(&purposes) {
            RemoteRef { key: remote_signature(pipeline), property: None }
        } else {
            RemoteRef { key: remote(pipeline, secret), property: Some(key.clone()) }
        };
        Data { secret_key: key, remote_ref }
    };
    keys.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::emit::testing::{call, environment, pipeline};

    fn written(keys: Value) -> Vec<Value> {
        let objects = external_secrets(&pipeline(keys));
        objects.iter().map(|object| serde_json::to_value(object).unwrap()).collect()
    }

    /// Namespace, name and data of each, in short: `argo/npm token=aphex/my-app/npm#token`.
    fn brief(objects: &[Value]) -> Vec<String> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let key = |data: &Value| {
            let property = data["remoteRef"].get("property").map(|property| format!("#{}", text(property)));
            format!(" {}={}{}", text(&data["secretKey"]), text(&data["remoteRef"]["key"]), property.unwrap_or_default())
        };
        let one = |object: &Value| {
            let keys: String = object["spec"]["data"].as_array().unwrap().iter().map(key).collect();
            format!("{}/{}{keys}", text(&object["metadata"]["namespace"]), text(&object["metadata"]["name"]))
        };
        objects.iter().map(one).collect()
    }

    #[test]
    fn without_a_store_there_is_none() {
        assert!(written(json!({})).is_empty() && written(json!({ "secret_store": "kubernetes" })).is_empty());
    }

    #[test]
    fn a_store_brings_what_signs_deliveries() {
        let [object] = &written(json!({ "secret_store": { "name": "aws", "kind": "SecretStore" } }))[..] else {
            panic!("not one")
        };
        assert_eq!(
            (&object["apiVersion"], &object["kind"]),
            (&json!("external-secrets.io/v1"), &json!("ExternalSecret"))
        );
        assert_eq!(object["metadata"]["namespace"], "argo-events");
        let expected = json!({
            "refreshInterval": "1h",
            "secretStoreRef": { "kind": "SecretStore", "name": "aws" },
            "target": { "name": "my-app-github", "creationPolicy": "Owner" },
            "data": [{ "secretKey": "webhook-secret", "remoteRef": { "key": "aphex/my-app/github/webhook" } }],
        });
        assert_eq!(object["spec"], expected);
    }

    #[test]
    fn every_secret_comes_once_with_all_its_keys_in_the_namespace_where_it_is_used() {
        let secret = |name: &str, key: &str| call("secret", [name, key]);
        let step = |name: &str| {
            let keys = json!({ "image": "a/b:1", "commands": ["x"], "secrets": { "A": secret("shared", name) } });
            call("step", [json!(name), keys])
        };
        let tests = json!({ "commands": ["x"], "secrets": { "T": secret("shared", "t"), "U": secret("shared", "t") } });
        let hook = json!({ "url": "https://a.example", "headers": { "X-A": secret("hook", "a"), "X-B": "plain" } });
        let source = json!({ "clone_token": secret("my-app-github", "clone"), "token": secret("org", "admin") });
        let found = written(json!({
            "secret_store": { "name": "aws" },
            "event_source": { "url": "https://hooks.example.com" },
            "source": call("github", [json!("my-org/my-app"), source]),
            "build": { "commands": ["x"], "secrets": { "NPM": secret("npm", "token") } },
            "stages": [step("first"), environment("dev", json!({ "tests": tests, "after": step("second") }))],
            "notifications": [call("slack", [json!({ "url": secret("hook", "slack") })]), call("webhook", [hook])],
        }));
        let expected = [
            "argo-events/org admin=aphex/my-app/org#admin",
            "argo-events/my-app-github webhook-secret=aphex/my-app/github/webhook",
            "argo/my-app-github clone=aphex/my-app/my-app-github#clone",
            "argo/npm token=aphex/my-app/npm#token",
            "argo/shared t=aphex/my-app/shared#t first=aphex/my-app/shared#first second=aphex/my-app/shared#second",
            "argo/hook slack=aphex/my-app/hook#slack a=aphex/my-app/hook#a",
        ];
        assert_eq!(brief(&found), expected);
        assert!(found.iter().all(|object| object["spec"]["secretStoreRef"]["kind"] == "ClusterSecretStore"));
    }
}
