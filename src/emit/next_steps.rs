//! What a user does with the files, line by line.

use std::borrow::Cow;

use super::cloudformation;
use crate::model::Pipeline;

/// The qualifier that a CDK bootstrap has where none is given.
const DEFAULT_QUALIFIER: &str = "hnb659fds";

/// The lines to print after writing into `folder`: commands for a shell, and comments that start with `#`.
pub fn next_steps(pipeline: &Pipeline, folder: &str) -> Vec<String> {
    let mut lines = bootstrap(pipeline);
    lines.extend(deploy(pipeline, folder));
    lines.extend(secrets(pipeline));
    lines.extend(apply(pipeline, folder));
    lines.extend(webhook(pipeline));
    lines.extend(take_down(pipeline, folder));
    lines
}

fn bootstrap(pipeline: &Pipeline) -> Vec<String> {
    let (account, region) = (&pipeline.account.node, &pipeline.region.node);
    let mut targets = cloudformation::targets(pipeline);
    // The updater hands the stack to the execution role of the pipeline's own bootstrap.
    if pipeline.self_update.node {
        targets.insert((account, region));
    }
    let partition = region.partition().id();
    let policy = format!("arn:{partition}:iam::aws:policy/AdministratorAccess");
    let qualifier = match pipeline.cdk_qualifier.as_str() {
        DEFAULT_QUALIFIER => String::new(),
        // A second bootstrap in the stack of the first would rename the roles that others use.
        other => format!(" --qualifier {other} --toolkit-stack-name CDKToolkit-{}", other.replace('_', "-")),
    };
    let mut lines = vec![
        "# Once for each account and region that is not bootstrapped yet, as an administrator of it.".to_owned(),
        "# --trust replaces the list of trusted accounts: repeat it for those that an account trusts already.".to_owned(),
        "# AdministratorAccess is what CloudFormation may do there; a policy of your own may be narrower.".to_owned(),
    ];
    lines.extend(targets.into_iter().map(|(target, region)| {
        let trust = if target == account {
            String::new()
        } else {
            format!(" --trust {account} --trust-for-lookup {account}")
        };
        format!("cdk bootstrap aws://{target}/{region}{trust} --cloudformation-execution-policies {policy}{qualifier}")
    }));
    lines
}

fn deploy(pipeline: &Pipeline, folder: &str) -> Vec<String> {
    let (account, region, stack) = (&pipeline.account.node, &pipeline.region.node, pipeline.names.stack.as_str());
    let template = quote(&format!("{folder}/cloudformation.yaml")).into_owned();
    let bucket = if cloudformation::uploads(pipeline) {
        // The pipeline's own bucket is not there before the first deployment.
        format!(" --s3-bucket cdk-{}-assets-{account}-{region}", pipeline.cdk_qualifier.as_str())
    } else {
        String::new()
    };
    vec![
        format!("# The roles and the artifact bucket, in account {account}."),
        format!(
            "aws cloudformation deploy --template-file {template} --stack-name {stack} --capabilities CAPABILITY_NAMED_IAM \
             --no-fail-on-empty-changeset --region {region}{bucket}"
        ),
    ]
}

fn apply(pipeline: &Pipeline, folder: &str) -> Vec<String> {
    let (region, stack) = (&pipeline.region.node, pipeline.names.stack.as_str());
    let role = format!(
        "aws cloudformation describe-stacks --stack-name {stack} --region {region} \
         --query \"Stacks[0].Outputs[?OutputKey=='KubectlRoleArn'].OutputValue\" --output text"
    );
    let cluster = pipeline.cluster.name.as_str();
    vec![
        "# The objects in the cluster.".to_owned(),
        format!("kubectl apply --server-side -k {}", quote(&format!("{folder}/kubernetes"))),
    ]
    .into_iter()
    .fold(vec![format!("aws eks update-kubeconfig --name {cluster} --region {region} --role-arn \"$({role})\"")], |mut a, b| {
        a.push(b);
        a
    })
}

fn secrets(_pipeline: &Pipeline) -> Vec<String> { Vec::new() }
fn webhook(_pipeline: &Pipeline) -> Vec<String> { Vec::new() }
fn take_down(_pipeline: &Pipeline, _folder: &str) -> Vec<String> { Vec::new() }

/// `text` as a shell reads it back.
fn quote(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    }
}
