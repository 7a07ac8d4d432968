//! Who may become a role: one service account of the cluster each.

use serde_json::{Value, json};

use crate::model::{IdentityKind, Pipeline};

/// The export of the cluster's stack whose name ends with `name`.
pub(super) fn import(pipeline: &Pipeline, name: &str) -> Value {
    json!({ "Fn::ImportValue": format!("{}{name}", pipeline.cluster.export_prefix.as_str()) })
}

/// The trust policy that lets `service_account` of the namespace of workflows, and nobody else, become the role.
pub(super) fn trust(pipeline: &Pipeline, service_account: &str) -> Value {
    match pipeline.identity.kind.node {
        IdentityKind::Irsa => irsa(pipeline, service_account),
        // The association with the service account, which Pod Identity keeps beside the role, is not emitted yet.
        IdentityKind::PodIdentity => json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": { "Service": "pods.eks.amazonaws.com" },
                "Action": ["sts:AssumeRole", "sts:TagSession"],
            }],
        }),
    }
}

/// The keys of the condition begin with the OIDC provider's host, which only the import knows, and CloudFormation takes no
/// expression as a key: so it fills in the whole document as a text.
fn irsa(pipeline: &Pipeline, service_account: &str) -> Value {
    let subject = format!("system:serviceaccount:{}:{service_account}", pipeline.argo.namespace.as_str());
    let document = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Federated": "${OidcArn}" },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": { "StringEquals": {
                "${OidcHost}:aud": "sts.amazonaws.com",
                "${OidcHost}:sub": subject,
            } },
        }],
    });
    let provider = import(pipeline, "OIDCProviderArn");
    json!({ "Fn::Sub": [format!("{document:#}"), {
        "OidcArn": provider,
        // arn:PARTITION:iam::ACCOUNT:oidc-provider/HOST/id/ID
        "OidcHost": { "Fn::Select": [1, { "Fn::Split": [":oidc-provider/", provider] }] },
    }] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::testing;

    #[test]
    fn the_filled_document_names_one_service_account_and_the_audience() {
        let pipeline = testing::pipeline(json!({ "argo": { "namespace": "workflows" }, "cluster": "main" }));
        let trust = trust(&pipeline, "my-app-executor");
        let [text, variables] = &trust["Fn::Sub"].as_array().unwrap()[..] else { panic!("{trust}") };
        let export = json!({ "Fn::ImportValue": "AphexCluster-main-OIDCProviderArn" });
        assert_eq!(variables["OidcArn"], export);
        assert_eq!(variables["OidcHost"], json!({ "Fn::Select": [1, { "Fn::Split": [":oidc-provider/", export] }] }));

        let arn = "arn:aws-cn:iam::123456789012:oidc-provider/oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLE";
        let host = arn.split(":oidc-provider/").nth(1).unwrap();
        let filled = text.as_str().unwrap().replace("${OidcArn}", arn).replace("${OidcHost}", host);
        let filled: Value = serde_json::from_str(&filled).unwrap();
        let expected = json!({ "Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Principal": { "Federated": arn },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": { "StringEquals": {
                "oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLE:aud": "sts.amazonaws.com",
                "oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLE:sub": "system:serviceaccount:workflows:my-app-executor",
            } },
        }] });
        assert_eq!(filled, expected);
    }
}
