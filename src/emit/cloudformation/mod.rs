//! The CloudFormation template: IAM roles, the artifact bucket, outputs.

mod bucket;
mod policy;
mod problems;
mod roles;
mod signature;
#[cfg(test)]
mod tests;
mod trust;

use std::borrow::Cow;

use super::tree::{Node, tree};
use super::{Artifact, Format, Permission, yaml};
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
pub(super) struct Stack<'a> {
    template: Node<'a>,
    /// The template as YAML, in which its size is counted.
    text: String,
    /// Every role with its policies.
    roles: Vec<(Split, Role)>,
    /// Whether the template is too large to be sent, and must be stored in S3.
    pub(super) uploads: bool,
}

impl<'a> Stack<'a> {
    /// The stack of `pipeline`. What a template that is too large to be sent takes is in it only then.
    pub(super) fn of(pipeline: &'a Pipeline) -> Self {
        let sent = Self::assemble(pipeline, false);
        if sent.text.len() <= SENT { sent } else { Self::assemble(pipeline, true) }
    }

    fn assemble(pipeline: &'a Pipeline, uploads: bool) -> Self {
        let partition = pipeline.region.partition();
        let split = |role: Role| (policy::split(&role.statements, partition), role);
        let roles: Vec<(Split, Role)> = roles::roles(pipeline, uploads).into_iter().map(split).collect();
        let template = assemble(pipeline, &roles);
        let mut text = String::new();
        yaml::write(&template, &mut text);
        Self { template, text, roles, uploads }
    }

    /// The template.
    pub(super) const fn template(&self) -> &Node<'a> {
        &self.template
    }

    /// The template, for tests that break it.
    #[cfg(test)]
    pub(super) const fn template_mut(&mut self) -> &mut Node<'a> {
        &mut self.template
    }

    /// Every role with the ServiceAccount that it trusts.
    pub(super) fn trusted(&self) -> impl Iterator<Item = (&str, &str)> {
        self.roles.iter().map(|(_, role)| (role.name.as_str(), role.service_account.as_str()))
    }

    /// Whether there is a role of that name that trusts that ServiceAccount.
    pub(super) fn has_role(&self, role: &str, service_account: &str) -> bool {
        self.trusted().any(|trusted| trusted == (role, service_account))
    }

    /// `cloudformation.yaml`.
    pub(super) fn write(&self, format: Format) -> Artifact {
        let mut file = Artifact::new("cloudformation.yaml".into());
        match format {
            Format::Yaml => file.add(KIND, |text| text.push_str(&self.text)),
            Format::Json => yaml::add(&mut file, KIND, &self.template, format),
        }
        file
    }
}

/// Every statement of every role.
pub(super) fn permissions(pipeline: &Pipeline) -> Vec<Permission> {
    let (mut found, partition) = (Vec::new(), pipeline.region.partition());
    for Role { name, service_account, holder, description, statements, .. } in roles::roles(pipeline, false) {
        found.extend(statements.iter().map(|statement| Permission {
            role: name.clone(),
            service_account: service_account.clone(),
            holder: holder.clone(),
            description: description.clone(),
            allows: statement.effect == "Allow",
            actions: statement.actions.iter().map(|action| action.clone().into_owned()).collect(),
            resources: statement.resources.iter().map(|resource| resource.text(partition)).collect(),
        }));
    }
    found
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

/// Resources or outputs by name.
type Named<'a> = Vec<(Cow<'a, str>, Node<'a>)>;

fn assemble<'a>(pipeline: &'a Pipeline, roles: &[(Split, Role)]) -> Node<'a> {
    tree!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": format!("Roles and artifacts of the pipeline {}", pipeline.name.as_str()),
        // The outputs promise what the cluster exports; cfn-lint warns of each output that is an import.
        "Metadata": { "cfn-lint": { "config": { "ignore_checks": ["W6001"] } } },
        "Resources": Node::Map(resources(pipeline, roles)),
        "Outputs": Node::Map(outputs(pipeline, roles)),
    })
}

fn resources<'a>(pipeline: &'a Pipeline, roles: &[(Split, Role)]) -> Named<'a> {
    let mut resources: Named<'a> = vec![
        (bucket::BUCKET.into(), bucket::bucket(pipeline)),
        ("ArtifactBucketPolicy".into(), bucket::bucket_policy()),
    ];
    resources.extend(signature::secret(pipeline).map(|secret| ("WebhookSecret".into(), secret)));
    for (split, role) in roles {
        resources.push((role_id(role).into(), role_resource(pipeline, role, split)));
        for (index, policy) in split.managed.iter().enumerate() {
            let resource = tree!({
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {
                    "ManagedPolicyName": format!("{}-{}", role.name, index + 1),
                    "PolicyDocument": policy.template(),
                },
            });
            resources.push((policy_id(role, index).into(), resource));
        }
        let association = association(pipeline, role.service_account.clone(), role_id(role));
        resources.extend(association.map(|association| (format!("{}Association", role.id).into(), association)));
    }
    resources
}

fn role_resource<'a>(pipeline: &'a Pipeline, role: &Role, split: &Split) -> Node<'a> {
    let mut properties: Named<'a> = vec![
        ("RoleName".into(), role.name.clone().into()),
        ("Description".into(), role.description.clone().into()),
        ("AssumeRolePolicyDocument".into(), trust(pipeline, &role.service_account)),
    ];
    if let Some(boundary) = &pipeline.permissions_boundary.node {
        properties.push(("PermissionsBoundary".into(), boundary.as_str().into()));
    }
    let inline = tree!([{ "PolicyName": role.policy, "PolicyDocument": split.inline.template() }]);
    properties.push(("Policies".into(), inline));
    if !split.managed.is_empty() {
        let arns = (0..split.managed.len()).map(|index| tree!({ "Ref": policy_id(role, index) }));
        properties.push(("ManagedPolicyArns".into(), arns.collect()));
    }
    properties.push(("Tags".into(), tags(pipeline)));
    tree!({ "Type": "AWS::IAM::Role", "Properties": Node::Map(properties) })
}

fn role_id(role: &Role) -> String {
    format!("{}Role", role.id)
}

fn policy_id(role: &Role, index: usize) -> String {
    format!("{}Policy{}", role.id, index + 1)
}

fn tags(pipeline: &Pipeline) -> Node<'_> {
    tree!([{ "Key": "aphex:pipeline", "Value": pipeline.name.as_str() }])
}

fn outputs<'a>(pipeline: &'a Pipeline, roles: &[(Split, Role)]) -> Named<'a> {
    let arn = |(_, role): &(Split, Role)| (role.output.clone().into(), tree!({ "Fn::GetAtt": [role_id(role), "Arn"] }));
    let bucket = ("ArtifactBucketName".into(), tree!({ "Ref": bucket::BUCKET }));
    let rest = [
        ("WorkflowTemplateName".into(), pipeline.names.workflow_template.as_str().into()),
        ("WebhookUrl".into(), webhook_url(pipeline).into()),
        ("ClusterName".into(), import(pipeline, "ClusterName")),
        ("KubectlRoleArn".into(), import(pipeline, "KubectlRoleArn")),
        ("ClusterSecurityGroupId".into(), import(pipeline, "ClusterSecurityGroupId")),
    ];
    let all = std::iter::once(bucket).chain(roles.iter().map(arn)).chain(rest);
    all.map(|(name, value): (Cow<'a, str>, Node<'a>)| (name, tree!({ "Value": value }))).collect()
}
