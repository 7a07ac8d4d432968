//! The roles, and what each of them may do.

use serde_json::json;

use super::policy::{Resource, Statement};
use crate::model::{AccountId, Pipeline, Region};

/// The roles of a CDK bootstrap that deployments assume. Never `cfn-exec`: CloudFormation alone becomes that one.
const BOOTSTRAP_ROLES: [&str; 4] = ["deploy-role", "file-publishing-role", "image-publishing-role", "lookup-role"];

/// Where in the artifact bucket a template goes that is too large to be sent. The build must not write there: it could
/// slip a template of its own to CloudFormation.
const TEMPLATES: &str = "cloudformation";

/// What `aws cloudformation deploy` calls on its stack.
pub(super) const CHANGE_SET_ACTIONS: [&str; 8] = [
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplate",
    "cloudformation:GetTemplateSummary",
];

/// One role of the pipeline.
pub(super) struct Role {
    /// What its logical ids start with.
    pub(super) id: &'static str,
    /// The output that tells its ARN.
    pub(super) output: &'static str,
    /// Its name in IAM.
    pub(super) name: String,
    /// What it is for.
    pub(super) description: &'static str,
    /// The service account that becomes it.
    pub(super) service_account: String,
    /// The name of its inline policy.
    pub(super) policy: &'static str,
    /// What it may do.
    pub(super) statements: Vec<Statement>,
}

/// Every role. `uploads`: whether the template is too large to be sent, so that the updater must store it first.
pub(super) fn roles(pipeline: &Pipeline, uploads: bool) -> Vec<Role> {
    let mut roles = vec![executor(pipeline), builder(pipeline, uploads)];
    if pipeline.self_update.node {
        roles.push(updater(pipeline, uploads));
    }
    roles
}

fn executor(pipeline: &Pipeline) -> Role {
    let mut statements = artifacts(pipeline, &["s3:GetObject"]);
    let assumed = targets(pipeline)
        .into_iter()
        .flat_map(|(account, region)| BOOTSTRAP_ROLES.map(|role| bootstrap_role(pipeline, role, account, region)));
    statements.push(Statement::allow("AssumeCdkBootstrapRoles", &["sts:AssumeRole"], assumed.collect()));
    Role {
        id: "Executor",
        output: "WorkflowExecutionRoleArn",
        name: pipeline.names.executor_role.as_str().to_owned(),
        description: "Deployments by the pipeline",
        service_account: pipeline.names.executor_service_account.as_str().to_owned(),
        policy: "deploy",
        statements,
    }
}

fn builder(pipeline: &Pipeline, uploads: bool) -> Role {
    let mut statements = artifacts(pipeline, &["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]);
    if uploads {
        let deny = Statement::allow("LeaveTemplatesAlone", &["s3:PutObject"], vec![templates(pipeline)]);
        statements.push(Statement { effect: "Deny", ..deny });
    }
    let users = pipeline.permissions.iter().map(|statement| Statement {
        sid: None,
        effect: statement.effect.as_str(),
        actions: statement.actions.iter().map(|action| action.as_str().to_owned()).collect(),
        resources: statement.resources.iter().map(|arn| Resource::Users(arn.as_str().to_owned())).collect(),
        conditions: statement.conditions.node.as_ref().map(|conditions| conditions.json().clone()),
        span: Some(statement.span),
    });
    statements.extend(users);
    Role {
        id: "Builder",
        output: "BuilderRoleArn",
        name: pipeline.names.builder_role.as_str().to_owned(),
        description: "Build, tests and steps by the pipeline",
        service_account: pipeline.names.builder_service_account.as_str().to_owned(),
        policy: "build",
        statements,
    }
}

fn updater(pipeline: &Pipeline, uploads: bool) -> Role {
    let (account, region) = (&pipeline.account.node, &pipeline.region.node);
    let stack = format!("cloudformation:{region}:{account}:stack/{}/*", pipeline.names.stack.as_str());
    let execution = bootstrap_role(pipeline, "cfn-exec-role", account, region);
    let pass = Statement::allow("PassCdkExecutionRole", &["iam:PassRole"], vec![execution]);
    let service = json!({ "StringEquals": { "iam:PassedToService": "cloudformation.amazonaws.com" } });
    let mut statements = artifacts(pipeline, &["s3:GetObject"]);
    if uploads {
        statements.push(Statement::allow("StoreTemplate", &["s3:PutObject"], vec![templates(pipeline)]));
    }
    statements.push(Statement::allow("ChangeOwnStack", &CHANGE_SET_ACTIONS, vec![Resource::Ours(stack)]));
    statements.push(Statement { conditions: Some(service), ..pass });
    Role {
        id: "Updater",
        output: "UpdaterRoleArn",
        name: pipeline.updater_role(),
        description: "Self-update by the pipeline",
        service_account: pipeline.updater_service_account(),
        policy: "update",
        statements,
    }
}

/// Each account and region that is deployed to, once, sorted: the order of the stages does not change a permission.
pub(in crate::emit) fn targets(pipeline: &Pipeline) -> std::collections::BTreeSet<(&AccountId, &Region)> {
    let environments = pipeline.environments().into_iter();
    environments.map(|environment| (&environment.account.node, &environment.region.node)).collect()
}

fn artifacts(pipeline: &Pipeline, actions: &[&str]) -> Vec<Statement> {
    let bucket = pipeline.artifacts.bucket.as_str();
    let whole = vec![Resource::Ours(format!("s3:::{bucket}"))];
    let objects = vec![Resource::Ours(format!("s3:::{bucket}/*"))];
    vec![
        Statement::allow("ListArtifacts", &["s3:GetBucketLocation", "s3:ListBucket"], whole),
        Statement::allow("UseArtifacts", actions, objects),
    ]
}

fn templates(pipeline: &Pipeline) -> Resource {
    Resource::Ours(format!("s3:::{}/{TEMPLATES}/*", pipeline.artifacts.bucket.as_str()))
}

fn bootstrap_role(pipeline: &Pipeline, role: &str, account: &AccountId, region: &Region) -> Resource {
    let qualifier = pipeline.cdk_qualifier.as_str();
    Resource::Ours(format!("iam::{account}:role/cdk-{qualifier}-{role}-{account}-{region}"))
}
