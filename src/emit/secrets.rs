//! The Secrets of a pipeline with their keys, and where AWS Secrets Manager keeps them.

use indexmap::IndexMap;

use crate::model::{Pipeline, SecretPurpose};

/// The keys of a Secret with all that each is for.
pub(super) type Keys<'a> = IndexMap<String, Vec<SecretPurpose<'a>>>;

/// Every Secret, by namespace and name.
pub(super) fn secrets(pipeline: &Pipeline) -> IndexMap<(&str, String), Keys<'_>> {
    let mut secrets: IndexMap<(&str, String), Keys<'_>> = IndexMap::new();
    for used in pipeline.secrets() {
        let keys = secrets.entry((used.namespace, used.name)).or_default();
        keys.entry(used.key).or_default().push(used.purpose);
    }
    secrets
}

/// Whether GitHub's deliveries are signed with that key, which aphex can therefore make up.
pub(super) fn signs(purposes: &[SecretPurpose<'_>]) -> bool {
    purposes.iter().any(|purpose| matches!(purpose, SecretPurpose::Signature))
}

/// What the names of all secrets of the pipeline in AWS Secrets Manager start with.
pub(super) fn remote_prefix(pipeline: &Pipeline) -> String {
    format!("aphex/{}/", pipeline.name.as_str())
}

/// The name in AWS Secrets Manager of a Secret: a map of its keys.
pub(super) fn remote(pipeline: &Pipeline, secret: &str) -> String {
    format!("{}{secret}", remote_prefix(pipeline))
}

/// The name in AWS Secrets Manager of what signs GitHub's deliveries, which CloudFormation makes: a text. No Secret has a
/// slash in its name.
pub(super) fn remote_signature(pipeline: &Pipeline) -> String {
    remote(pipeline, "github/webhook")
}
