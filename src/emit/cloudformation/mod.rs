//! The CloudFormation template: IAM roles, the artifact bucket, outputs.

mod bucket;
#[cfg(test)]
mod least_privilege;
mod policy;
mod problems;
mod roles;
mod signature;
#[cfg(test)]
mod tests;
mod trust;

use serde_json::{Map, Value, json};

use super::{Artifact, Format, yaml};
use crate::model::Pipeline;

pub(super) use roles::targets;

use policy::Split;
use roles::Role;
use trust::{association, import, trust};

/// What it is among documents.
const KIND: &str = "CloudFormation";

/// The largest template that CloudFormation takes in a call; a larger one is read from S3.
const SENT: usize = 51_200;

/// The stack of a pipeline.
pub(super) struct Stack {
    template: Value,
    /// The template as YAML, in which its size is counted.
    text: String,
    roles: Vec<Role>,
    /// Whether the template is too large to be sent, and must be stored in S3.
    pub(super) uploads: bool,
}

impl Stack {
    /// The stack of `pipeline`. What a template that is too large to be sent takes is in it only then.
    pub(super) fn of(pipeline: &Pipeline) -> Self {
        let sent = Self::assemble(pipeline, false);
        if sent.text.len() <= SENT { sent } else { Self::assemble(pipeline, true) }
    }

    fn assemble(pipeline: &Pipeline, uploads: bool) -> Self {
        let roles = roles::roles(pipeline, uploads);
        let template = assemble(pipeline, &roles);
        let mut text = String::new();
        yaml::write(&template, &mut text);
        Self { template, text, roles, uploads }
    }

    /// `cloudformation.yaml`.
    pub(super) fn write(self, format: Format) -> Artifact {
        let mut file = Artifact::new("cloudformation.yaml".into());
        match format {
            Format::Yaml => file.add(KIND, |text| *text = self.text),
            Format::Json => yaml::add(&mut file, KIND, &self.template, format),
        }
        file
    }
}

/// The address that GitHub delivers to, or inside the cluster where no public one is given.
pub(super) fn webhook_url(pipeline: &Pipeline) -> String {
    let inside = || {
        let namespace = pipeline.argo.events_namespace.as_str();
        format!("http://{}.{namespace}.svc:{}", pipeline.service(), pipeline.event_source.port.number())
    };
    let url = pipeline.event_source.url.node.as_ref();
    let base = url.map_or_else(inside, |url| url.as_str().trim_end_matches('/').to_owned());
    format!("{base}{}", pipeline.webhook_path())
}

fn assemble(pipeline: &Pipeline, roles: &[Role]) -> Value {
    json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": format!("Roles and artifacts of the pipeline {}", pipeline.name.as_str()),
        // The outputs promise what the cluster exports; cfn-lint warns of each output that is an import.
        "Metadata": { "cfn-lint": { "config": { "ignore_checks": ["W6001"] } } },
        "Resources": resources(pipeline, roles),
        "Outputs": outputs(pipeline, roles),
    })
}

fn resources(pipeline: &Pipeline, roles: &[Role]) -> Map<String, Value> {
    let mut resources = Map::new();
    resources.insert("ArtifactBucket".into(), bucket::bucket(pipeline));
    resources.insert("ArtifactBucketPolicy".into(), bucket::bucket_policy());
    resources.extend(signature::secret(pipeline).map(|secret| ("WebhookSecret".to_owned(), secret)));
    for role in roles {
        let split = policy::split(&role.statements, pipeline.region.partition());
        resources.insert(format!("{}Role", role.id), role_resource(pipeline, role, &split));
        for (index, policy) in split.managed.iter().enumerate() {
            let properties = json!({
                "ManagedPolicyName": format!("{}-{}", role.name, index + 1),
                "PolicyDocument": policy.template(),
            });
            let resource = json!({ "Type": "AWS::IAM::ManagedPolicy", "Properties": properties });
            resources.insert(policy_id(role, index), resource);
        }
        let association = association(pipeline, &role.service_account, &format!("{}Role", role.id));
        resources.extend(association.map(|association| (format!("{}Association", role.id), association)));
    }
    resources
}

fn role_resource(pipeline: &Pipeline, role: &Role, split: &Split) -> Value {
    let mut properties = Map::new();
    properties.insert("RoleName".into(), role.name.as_str().into());
    properties.insert("Description".into(), role.description.as_str().into());
    properties.insert("AssumeRolePolicyDocument".into(), trust(pipeline, &role.service_account));
    if let Some(boundary) = &pipeline.permissions_boundary.node {
        properties.insert("PermissionsBoundary".into(), boundary.as_str().into());
    }
    let inline = json!([{ "PolicyName": role.policy, "PolicyDocument": split.inline.template() }]);
    properties.insert("Policies".into(), inline);
    if !split.managed.is_empty() {
        let arns = (0..split.managed.len()).map(|index| json!({ "Ref": policy_id(role, index) }));
        properties.insert("ManagedPolicyArns".into(), arns.collect());
    }
    properties.insert("Tags".into(), tags(pipeline));
    json!({ "Type": "AWS::IAM::Role", "Properties": properties })
}

fn policy_id(role: &Role, index: usize) -> String {
    format!("{}Policy{}", role.id, index + 1)
}

fn tags(pipeline: &Pipeline) -> Value {
    json!([{ "Key": "aphex:pipeline", "Value": pipeline.name.as_str() }])
}

fn outputs(pipeline: &Pipeline, roles: &[Role]) -> Map<String, Value> {
    let roles =
        roles.iter().map(|role| (role.output.as_str(), json!({ "Fn::GetAtt": [format!("{}Role", role.id), "Arn"] })));
    let bucket = ("ArtifactBucketName", json!({ "Ref": "ArtifactBucket" }));
    let rest = [
        ("WorkflowTemplateName", pipeline.names.workflow_template.as_str().into()),
        ("WebhookUrl", webhook_url(pipeline).into()),
        ("ClusterName", import(pipeline, "ClusterName")),
        ("KubectlRoleArn", import(pipeline, "KubectlRoleArn")),
        ("ClusterSecurityGroupId", import(pipeline, "ClusterSecurityGroupId")),
    ];
    let all = std::iter::once(bucket).chain(roles).chain(rest);
    all.map(|(name, value): (&str, Value)| (name.to_owned(), json!({ "Value": value }))).collect()
}
