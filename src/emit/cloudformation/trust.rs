//! Who may become a role: one service account of the cluster each.

use crate::emit::tree::{Node, tree};

use crate::model::{IdentityKind, Pipeline};

/// The export of the cluster's stack whose name ends with `name`.
pub(super) fn import<'a>(pipeline: &Pipeline, name: &str) -> Node<'a> {
    tree!({ "Fn::ImportValue": format!("{}{name}", pipeline.cluster.export_prefix.as_str()) })
}

/// The trust policy that lets `service_account` of the namespace of workflows, and nobody else, become the role.
pub(super) fn trust<'a>(pipeline: &'a Pipeline, service_account: &str) -> Node<'a> {
    match pipeline.identity.kind.node {
        IdentityKind::Irsa => irsa(pipeline, service_account),
        IdentityKind::PodIdentity => pod_identity(pipeline, service_account),
    }
}

/// Every association of an account may name a role that trusts Pod Identity. The tags that it gives each session tell the
/// cluster, namespace and service account of the pod.
fn pod_identity<'a>(pipeline: &'a Pipeline, service_account: &str) -> Node<'a> {
    let (region, account) = (pipeline.region.as_str(), pipeline.account.as_str());
    let cluster = format!("arn:${{AWS::Partition}}:eks:{region}:{account}:cluster/${{ClusterName}}");
    tree!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "pods.eks.amazonaws.com" },
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": { "StringEquals": {
                "aws:SourceAccount": account,
                "aws:RequestTag/eks-cluster-arn": {
                    "Fn::Sub": [cluster, { "ClusterName": import(pipeline, "ClusterName") }],
                },
                "aws:RequestTag/kubernetes-namespace": pipeline.argo.namespace.as_str(),
                "aws:RequestTag/kubernetes-service-account": service_account.to_owned(),
            } },
        }],
    })
}

/// What lets Pod Identity give `service_account` the role of the logical id `role`; with IRSA an annotation does.
pub(super) fn association(pipeline: &Pipeline, service_account: String, role: String) -> Option<Node<'_>> {
    if pipeline.identity.kind.node != IdentityKind::PodIdentity {
        return None;
    }
    let association = tree!({
        "Type": "AWS::EKS::PodIdentityAssociation",
        "Properties": {
            "ClusterName": import(pipeline, "ClusterName"),
            "Namespace": pipeline.argo.namespace.as_str(),
            "ServiceAccount": service_account,
            "RoleArn": { "Fn::GetAtt": [role, "Arn"] },
            "Tags": super::tags(pipeline),
        },
    });
    Some(association)
}

/// The keys of the condition begin with the OIDC provider's host, which only the import knows, and CloudFormation takes no
/// expression as a key: so it fills in the whole document as a text.
fn irsa<'a>(pipeline: &'a Pipeline, service_account: &str) -> Node<'a> {
    let subject = format!("system:serviceaccount:{}:{service_account}", pipeline.argo.namespace.as_str());
    let document = tree!({
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
    tree!({ "Fn::Sub": [serde_json::to_string_pretty(&document).expect("a tree has texts for keys"), {
        "OidcArn": provider.clone(),
        // arn:PARTITION:iam::ACCOUNT:oidc-provider/HOST/id/ID
        "OidcHost": { "Fn::Select": [1, { "Fn::Split": [":oidc-provider/", provider] }] },
    }] })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::emit::testing;

    #[test]
    fn the_filled_document_names_one_service_account_and_the_audience() {
        let pipeline = testing::pipeline(json!({ "argo": { "namespace": "workflows" }, "cluster": "main" }));
        let trust = trust(&pipeline, "my-app-executor").json();
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

    #[test]
    fn pod_identity_binds_a_role_to_a_cluster_a_namespace_and_a_service_account() {
        let pipeline = testing::pipeline(json!({ "identity": "pod_identity", "argo": { "namespace": "workflows" } }));
        let name = json!({ "Fn::ImportValue": "AphexCluster-company-pipelines-ClusterName" });
        let cluster = "arn:${AWS::Partition}:eks:us-east-1:999999999999:cluster/${ClusterName}";
        let expected = json!({ "StringEquals": {
            "aws:SourceAccount": "999999999999",
            "aws:RequestTag/eks-cluster-arn": { "Fn::Sub": [cluster, { "ClusterName": name }] },
            "aws:RequestTag/kubernetes-namespace": "workflows",
            "aws:RequestTag/kubernetes-service-account": "my-app-executor",
        } });
        let trust = trust(&pipeline, "my-app-executor").json();
        let statement = &trust["Statement"][0];
        assert_eq!(statement["Condition"], expected);
        assert_eq!(statement["Action"], json!(["sts:AssumeRole", "sts:TagSession"]));

        let association = association(&pipeline, "my-app-executor".into(), "ExecutorRole".into()).unwrap().json();
        assert_eq!(association["Properties"]["ClusterName"], name);
        assert_eq!(association["Properties"]["Namespace"], "workflows");
        assert_eq!(association["Properties"]["RoleArn"], json!({ "Fn::GetAtt": ["ExecutorRole", "Arn"] }));
    }

    #[test]
    fn irsa_has_no_association() {
        assert!(association(&testing::pipeline(json!({})), "my-app-executor".into(), "ExecutorRole".into()).is_none());
    }
}
