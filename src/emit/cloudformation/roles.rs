//! The roles, and what each of them may do.

use super::policy::{Resource, Statement};
use crate::emit::Holder;
use crate::emit::tree::{Node, tree};
use crate::model::{self, AccountId, IdentityKind, Pipeline, Purpose, Region, Worker};
use crate::source::{Span, Spanned};

/// The roles of a CDK bootstrap that deployments assume. Never `cfn-exec`: CloudFormation alone becomes that one.
const BOOTSTRAP_ROLES: [&str; 4] = ["deploy-role", "file-publishing-role", "image-publishing-role", "lookup-role"];

/// Where in the artifact bucket a template goes that is too large to be sent. The build must not write there: it could
/// slip a template of its own to CloudFormation.
const TEMPLATES: &str = "cloudformation";

/// What `aws cloudformation deploy` calls on its stack, and what tells why it failed and takes away a change set without a
/// change.
pub(super) const CHANGE_SET_ACTIONS: [&str; 7] = [
    "cloudformation:CreateChangeSet",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplateSummary",
];

/// One role of the pipeline.
pub(super) struct Role {
    /// What its logical ids start with.
    pub(super) id: String,
    /// The output that tells its ARN.
    pub(super) output: String,
    /// Its name in IAM.
    pub(super) name: String,
    /// What it is for.
    pub(super) description: String,
    /// Whose it is.
    pub(super) holder: Holder,
    /// The service account that becomes it.
    pub(super) service_account: String,
    /// The name of its inline policy.
    pub(super) policy: &'static str,
    /// What it may do.
    pub(super) statements: Vec<Statement>,
    /// The user's `permissions` among that, where they stand.
    pub(super) permissions: Option<Span>,
}

/// Every role. `uploads`: whether the template is too large to be sent, so that the updater must store it first.
pub(super) fn roles(pipeline: &Pipeline, uploads: bool) -> Vec<Role> {
    let mut workers = vec![pipeline.executor(), pipeline.builder()];
    if pipeline.self_update.node {
        workers.push(pipeline.updater());
    }
    workers.extend(pipeline.own_workers());
    workers.into_iter().filter_map(|worker| role(pipeline, worker, uploads)).collect()
}

/// The role of a worker that has one.
fn role(pipeline: &Pipeline, worker: Worker<'_>, uploads: bool) -> Option<Role> {
    let Worker { purpose, service_account, role, permissions } = worker;
    let (id, policy, what, span) = match purpose {
        Purpose::Executor => ("Executor".to_owned(), "deploy", "Deployments".to_owned(), None),
        Purpose::Builder => {
            ("Builder".to_owned(), "build", "Build, tests and steps".to_owned(), Some(pipeline.permissions.span))
        }
        Purpose::Updater => ("Updater".to_owned(), "update", "Self-update".to_owned(), None),
        Purpose::PullRequest => return None,
        Purpose::Tests(environment) => {
            let name = environment.name.as_str();
            let span = environment.tests.node.as_ref().map(|tests| tests.permissions.span);
            (format!("Test{}", logical(name)), "test", format!("Tests of {name}"), span)
        }
        Purpose::Step(step) => {
            let name = step.name.as_str();
            (format!("Step{}", logical(name)), "step", format!("The step {name}"), Some(step.permissions.span))
        }
    };
    let mut statements = match purpose {
        Purpose::Executor => executor(pipeline),
        Purpose::Builder => builder(pipeline, uploads),
        Purpose::Updater => updater(pipeline, uploads),
        // Exactly what the user says.
        Purpose::PullRequest | Purpose::Tests(_) | Purpose::Step(_) => Vec::new(),
    };
    statements.extend(permissions.iter().map(users));
    // Whoever reads the outputs knows this one under another name.
    let output = match purpose {
        Purpose::Executor => "WorkflowExecutionRoleArn".to_owned(),
        _ => format!("{id}RoleArn"),
    };
    let holder = match purpose {
        Purpose::Executor => Holder::Deployments,
        Purpose::Tests(environment) => Holder::Tests(environment.name.as_str().to_owned()),
        Purpose::Step(step) => Holder::Step(step.name.as_str().to_owned()),
        Purpose::Builder | Purpose::Updater | Purpose::PullRequest => Holder::Pipeline,
    };
    let description = format!("{what} by the pipeline {}", pipeline.name.as_str());
    Some(Role {
        id,
        output,
        name: role?.into_owned(),
        holder,
        description,
        service_account: service_account.into_owned(),
        policy,
        statements,
        permissions: span,
    })
}

/// A name of the language as a part of a logical id, which has no hyphens: `eu-west-1` is `EuWestZ1`. No two names come
/// out alike, since each capital letter stands for one text alone: `Z` for `-`, any other for `-` and itself.
fn logical(name: &str) -> String {
    let mut text = String::new();
    let mut letters = name.chars().peekable();
    text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
    while let Some(letter) = letters.next() {
        match letters.peek().copied() {
            Some(next) if letter == '-' && next.is_ascii_lowercase() && next != 'z' => {
                text.push(next.to_ascii_uppercase());
                letters.next();
            }
            _ if letter == '-' => text.push('Z'),
            _ => text.push(letter),
        }
    }
    text
}

fn users(statement: &Spanned<model::Statement>) -> Statement {
    let model::Statement { actions, resources, effect, conditions } = &statement.node;
    Statement {
        sid: None,
        effect: effect.as_str(),
        actions: actions.iter().map(|action| action.as_str().to_owned().into()).collect(),
        resources: resources.iter().map(|arn| Resource::Users(arn.as_str().to_owned())).collect(),
        conditions: conditions.node.as_ref().map(|conditions| Node::Json(conditions.json().clone())),
        span: Some(statement.span),
    }
}

fn executor(pipeline: &Pipeline) -> Vec<Statement> {
    let mut statements = artifacts(pipeline, &["s3:GetObject"]);
    let assumed = targets(pipeline)
        .into_iter()
        .flat_map(|(account, region)| BOOTSTRAP_ROLES.map(|role| bootstrap_role(pipeline, role, account, region)));
    let actions: &[&'static str] = match pipeline.identity.kind.node {
        IdentityKind::Irsa => &["sts:AssumeRole"],
        // The tags that Pod Identity gives a session go on to the roles that it assumes.
        IdentityKind::PodIdentity => &["sts:AssumeRole", "sts:TagSession"],
    };
    statements.push(Statement::allow("AssumeCdkBootstrapRoles", actions, assumed.collect()));
    statements
}

fn builder(pipeline: &Pipeline, uploads: bool) -> Vec<Statement> {
    let mut statements = artifacts(pipeline, &["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]);
    if uploads {
        let deny = Statement::allow("LeaveTemplatesAlone", &["s3:PutObject"], vec![templates(pipeline)]);
        statements.push(Statement { effect: "Deny", ..deny });
    }
    statements
}

fn updater(pipeline: &Pipeline, uploads: bool) -> Vec<Statement> {
    let (account, region) = (&pipeline.account.node, &pipeline.region.node);
    let stack = format!("cloudformation:{region}:{account}:stack/{}/*", pipeline.names.stack.as_str());
    let execution = bootstrap_role(pipeline, "cfn-exec-role", account, region);
    let pass = Statement::allow("PassCdkExecutionRole", &["iam:PassRole"], vec![execution]);
    let service = tree!({ "StringEquals": { "iam:PassedToService": "cloudformation.amazonaws.com" } });
    let mut statements = artifacts(pipeline, &["s3:GetObject"]);
    if uploads {
        statements.push(Statement::allow("StoreTemplate", &["s3:PutObject"], vec![templates(pipeline)]));
    }
    statements.push(Statement::allow("ChangeOwnStack", &CHANGE_SET_ACTIONS, vec![Resource::Ours(stack)]));
    statements.push(Statement { conditions: Some(service), ..pass });
    statements
}

/// Each account and region that is deployed to, once, sorted: the order of the stages does not change a permission.
pub(in crate::emit) fn targets(pipeline: &Pipeline) -> std::collections::BTreeSet<(&AccountId, &Region)> {
    let environments = pipeline.environments().into_iter();
    environments.map(|environment| (&environment.account.node, &environment.region.node)).collect()
}

fn artifacts(pipeline: &Pipeline, actions: &[&'static str]) -> Vec<Statement> {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The name that a part of a logical id was made from.
    fn name(id: &str) -> String {
        let letter = |(at, letter): (usize, char)| match letter {
            'Z' if at > 0 => "-".to_owned(),
            'A'..='Z' if at > 0 => format!("-{}", letter.to_ascii_lowercase()),
            _ => letter.to_ascii_lowercase().to_string(),
        };
        id.chars().enumerate().map(letter).collect()
    }

    #[test]
    fn names_become_parts_of_logical_ids_and_no_two_the_same() {
        assert_eq!(logical("staging-eu-west-1"), "StagingEuWestZ1");
        for text in ["a", "ab", "a-b", "a-1", "a1", "a-z1", "a-z-1", "a--z", "a---z", "a-z-z", "z-z", "zz", "a-x1"] {
            assert_eq!(name(&logical(text)), text);
            assert!(logical(text).chars().all(|c| c.is_ascii_alphanumeric()));
        }
    }
}
