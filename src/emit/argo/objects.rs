//! What all objects have in common: metadata, and keys in the order in which people write them.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Container;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::types::Metadata;
use crate::model::Pipeline;

/// The label that names the pipeline on everything that it makes, runs and pods included.
pub(super) const PIPELINE_LABEL: &str = "aphex.dev/pipeline";

/// Keys that come first, where an object of Kubernetes has them; its type lists them by the alphabet.
const FIRST: [&str; 18] = [
    "apiVersion",
    "kind",
    "metadata",
    "name",
    "generateName",
    "namespace",
    "labels",
    "annotations",
    "image",
    "command",
    "args",
    "workingDir",
    "env",
    "type",
    "selector",
    "apiGroups",
    "resources",
    "resourceNames",
];

/// Texts by key.
pub(super) type Strings = BTreeMap<String, String>;

/// The metadata of an object of `pipeline`.
pub(super) fn metadata(pipeline: &Pipeline, namespace: &str, name: &str) -> ObjectMeta {
    let annotations = annotations(pipeline);
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: Some(namespace.to_owned()),
        labels: Some(labels(pipeline)),
        annotations: (!annotations.is_empty()).then_some(annotations),
        ..ObjectMeta::default()
    }
}

/// The labels of every object: the user's and aphex's own. Of two with one key aphex's stands.
pub(super) fn labels(pipeline: &Pipeline) -> Strings {
    let name = pipeline.name.as_str();
    let own = [
        ("app.kubernetes.io/name", name),
        ("app.kubernetes.io/part-of", name),
        ("app.kubernetes.io/managed-by", "aphex"),
        (PIPELINE_LABEL, name),
    ];
    let given = pipeline.labels.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    given.chain(own).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// The metadata of runs and of pods. An annotation with `{{` stays on the objects alone: Argo would take it for a tag.
pub(super) fn run_metadata(pipeline: &Pipeline) -> Metadata {
    let mut annotations = annotations(pipeline);
    annotations.retain(|_, value| !value.contains("{{"));
    Metadata { labels: labels(pipeline), annotations }
}

fn annotations(pipeline: &Pipeline) -> Strings {
    pipeline.annotations.iter().map(|(key, value)| (key.as_str().to_owned(), value.as_str().to_owned())).collect()
}

/// The ARN of an IAM role of the pipeline's account.
pub(super) fn role_arn(pipeline: &Pipeline, role: &str) -> String {
    format!("arn:{}:iam::{}:role/{role}", pipeline.region.partition().id(), pipeline.account.as_str())
}

/// Writes an object of Kubernetes with the keys that people read first in front.
pub(super) fn ordered<T: Serialize, S: Serializer>(object: &T, serializer: S) -> Result<S::Ok, S::Error> {
    reorder(serde_json::to_value(object).map_err(serde::ser::Error::custom)?).serialize(serializer)
}

/// An object of Kubernetes whose keys come in the order in which people write them.
pub(super) struct Ordered<T>(pub(super) T);

impl<T: Serialize> Serialize for Ordered<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ordered(&self.0, serializer)
    }
}

/// Writes a container without the empty name that its type has: Argo gives it one.
pub(super) fn unnamed<S: Serializer>(container: &Container, serializer: S) -> Result<S::Ok, S::Error> {
    let mut value = reorder(serde_json::to_value(container).map_err(serde::ser::Error::custom)?);
    if let Value::Object(map) = &mut value {
        map.retain(|key, _| key != "name");
    }
    value.serialize(serializer)
}

fn reorder(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(reorder).collect(),
        Value::Object(map) => {
            let rank = |key: &str| FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len());
            let mut entries: Vec<_> = map.into_iter().map(|(key, value)| (key, reorder(value))).collect();
            entries.sort_by_key(|(key, _)| rank(key));
            Value::Object(entries.into_iter().collect())
        }
        other => other,
    }
}
