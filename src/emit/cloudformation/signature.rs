//! The secret that signs GitHub's deliveries, where External Secrets brings the pipeline's secrets.

use crate::emit::tree::{Node, tree};

use super::tags;
use crate::emit::secrets::remote_signature;
use crate::model::Pipeline;

/// The secret. Its value is made once and stays; it is no output.
pub(super) fn secret(pipeline: &Pipeline) -> Option<Node<'_>> {
    pipeline.secret_store.external()?;
    Some(tree!({
        "Type": "AWS::SecretsManager::Secret",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Metadata": { "checkov": { "skip": [{
            "id": "CKV_AWS_149",
            "comment": "it only tells that a delivery is from GitHub, for which the key of AWS is enough",
        }] } },
        "Properties": {
            "Name": remote_signature(pipeline),
            "Description": format!("Signs what GitHub delivers to the pipeline {}", pipeline.name.as_str()),
            "GenerateSecretString": { "PasswordLength": 64, "ExcludePunctuation": true },
            "Tags": tags(pipeline),
        },
    }))
}
