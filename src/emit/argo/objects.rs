//! What all objects have in common: metadata, labels, names of roles.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::types::Metadata;
use crate::model::Pipeline;

/// The label that names the pipeline on everything that it makes, runs and pods included.
pub(super) const PIPELINE_LABEL: &str = "aphex.dev/pipeline";

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
