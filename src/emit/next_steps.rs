//! What a user does with the files, line by line.

use std::borrow::Cow;

use super::{cloudformation, secret_steps};
use crate::model::{IdentityKind, Pipeline};

/// The qualifier that a CDK bootstrap has where none is given.
const DEFAULT_QUALIFIER: &str = "hnb659fds";

/// The lines to print after writing into `folder`: commands for a shell, and comments, which start with `#`. `uploads`:
/// whether the template is too large to be sent.
pub(super) fn next_steps(pipeline: &Pipeline, uploads: bool, folder: &str) -> Vec<String> {
    let objects = quote(&format!("{folder}/kubernetes")).into_owned();
    let mut lines = bootstrap(pipeline, uploads);
    lines.extend(deploy(pipeline, uploads, folder));
    lines.push("# Access to the cluster.".into());
    lines.push(kubeconfig(pipeline));
    lines.extend(secret_steps::lines(pipeline));
    if pipeline.identity.kind.node == IdentityKind::PodIdentity {
        lines.push("# The objects in the cluster, which has the add-on `eks-pod-identity-agent`.".into());
    } else {
        lines.push("# The objects in the cluster.".into());
    }
    lines.push(format!("kubectl apply --server-side -k {objects}"));
    lines.extend(webhook(pipeline));
    lines.extend(super::gates::gates(pipeline));
    lines.extend(take_down(pipeline, &objects));
    lines
}

fn bootstrap(pipeline: &Pipeline, uploads: bool) -> Vec<String> {
    let (account, region) = (&pipeline.account.node, &pipeline.region.node);
    let mut targets = cloudformation::targets(pipeline);
    // The updater hands the stack to the execution role of the pipeline's own bootstrap; a large template goes to its bucket.
    if pipeline.self_update.node || uploads {
        targets.insert((account, region));
    }
    let policy = format!("arn:{}:iam::aws:policy/AdministratorAccess", region.partition().id());
    let qualifier = match pipeline.cdk_qualifier.as_str() {
        DEFAULT_QUALIFIER => String::new(),
        // In the stack of another qualifier's bootstrap it would replace the roles that others use.
        other => format!(" --qualifier {other} --toolkit-stack-name CDKToolkit-{}", other.replace('_', "-")),
    };
    let mut lines = vec![
        "# Once for each account and region, as its administrator. Where it is bootstrapped already, repeat --trust for".into(),
        "# the accounts that it trusts: the list is replaced. The policy is what CloudFormation may do; narrow it if you can.".into(),
    ];
    if pipeline.identity.kind.node == IdentityKind::PodIdentity {
        let tags = "# Pod Identity gives sessions tags, which the roles of an old bootstrap refuse: version 33 and later take them.";
        lines.push(tags.into());
    }
    lines.extend(targets.into_iter().map(|(target, region)| {
        let trusted = target != account;
        let trust = if trusted { format!(" --trust {account} --trust-for-lookup {account}") } else { String::new() };
        format!("cdk bootstrap aws://{target}/{region}{trust} --cloudformation-execution-policies {policy}{qualifier}")
    }));
    lines
}

fn deploy(pipeline: &Pipeline, uploads: bool, folder: &str) -> Vec<String> {
    let (account, region, stack) = (&pipeline.account.node, &pipeline.region.node, pipeline.names.stack.as_str());
    let template = format!("{folder}/cloudformation.yaml");
    let template = quote(&template);
    let bucket = if uploads {
        // The pipeline's own bucket is not there before the first deployment.
        format!(" --s3-bucket cdk-{}-assets-{account}-{region}", pipeline.cdk_qualifier.as_str())
    } else {
        String::new()
    };
    vec![
        format!("# The roles and the artifact bucket, in the account {account}."),
        format!(
            "aws cloudformation deploy --template-file {template} --stack-name {stack} \
             --capabilities CAPABILITY_NAMED_IAM --region {region}{bucket}"
        ),
    ]
}

fn kubeconfig(pipeline: &Pipeline) -> String {
    let (cluster, region) = (pipeline.cluster.name.as_str(), &pipeline.region.node);
    let role = output(pipeline, "KubectlRoleArn");
    format!("aws eks update-kubeconfig --name {cluster} --region {region} --role-arn \"$({role})\"")
}

fn output(pipeline: &Pipeline, name: &str) -> String {
    let (stack, region) = (pipeline.names.stack.as_str(), &pipeline.region.node);
    format!(
        "aws cloudformation describe-stacks --stack-name {stack} --region {region} \
         --query \"Stacks[0].Outputs[?OutputKey=='{name}'].OutputValue\" --output text"
    )
}

fn webhook(pipeline: &Pipeline) -> Vec<String> {
    let address = cloudformation::webhook_url(pipeline);
    let clone = pipeline.source.clone_url();
    let page = format!("{}/settings/hooks", clone.strip_suffix(".git").unwrap_or(&clone));
    if pipeline.event_source.url.node.is_some() {
        return vec![
            format!("# The event source then registers {address} as a webhook at GitHub. It shows on"),
            format!("# {page}"),
        ];
    }
    let ((name, key), events) = (pipeline.webhook_secret(), pipeline.argo.events_namespace.as_str());
    let sent = if pipeline.has_pull_requests() { "the events pushes and pull requests" } else { "the push event" };
    vec![
        format!("# Without `event_source.url` no webhook is registered. Bring a public address to {address}"),
        format!("# and add a webhook on {page}: that address with the path {},", pipeline.webhook_path()),
        format!("# content type application/json, {sent}, and as its secret what this prints:"),
        format!(
            "kubectl get secret {name} --namespace {events} -o go-template='{{{{index .data \"{key}\" | base64decode}}}}'"
        ),
    ]
}

fn take_down(pipeline: &Pipeline, objects: &str) -> Vec<String> {
    let (stack, region) = (pipeline.names.stack.as_str(), &pipeline.region.node);
    let bucket = pipeline.artifacts.bucket.as_str();
    let store = pipeline.secret_store.external();
    let secrets = store.map_or("Secrets", |_| "secrets in AWS Secrets Manager");
    vec![
        "# To take the pipeline down again. What it deployed, the cluster and the bootstraps stay as they are; so do the".into(),
        format!("# {secrets}, the webhook at GitHub and the bucket {bucket}, which you delete by hand."),
        format!("# kubectl delete -k {objects}"),
        format!("# aws cloudformation delete-stack --stack-name {stack} --region {region}"),
    ]
}

/// `text` as a shell reads it back.
fn quote(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::testing::{environment, pipeline};
    use serde_json::json;

    fn commands(lines: &[String], start: &str) -> Vec<String> {
        lines.iter().filter(|line| line.starts_with(start)).cloned().collect()
    }

    #[test]
    fn each_target_is_bootstrapped_once_and_trusts_the_pipelines_account() {
        let own = json!({ "account": "999999999999", "region": "us-east-1" });
        let stages = json!([environment("a", json!({})), environment("b", json!({})), environment("c", own)]);
        let lines = next_steps(&pipeline(json!({ "stages": stages })), false, "aphex.out/my-app");
        let policy = "--cloudformation-execution-policies arn:aws:iam::aws:policy/AdministratorAccess";
        let trust = "--trust 999999999999 --trust-for-lookup 999999999999";
        let expected = [
            format!("cdk bootstrap aws://111111111111/eu-west-1 {trust} {policy}"),
            format!("cdk bootstrap aws://999999999999/us-east-1 {policy}"),
        ];
        assert_eq!(commands(&lines, "cdk "), expected);
    }

    #[test]
    fn paths_are_quoted_and_every_other_line_is_a_comment() {
        let lines = next_steps(&pipeline(json!({})), false, "it's out/my-app");
        assert_eq!(
            commands(&lines, "kubectl apply"),
            [r"kubectl apply --server-side -k 'it'\''s out/my-app/kubernetes'"]
        );
        let tools = ["# ", "aws ", "cdk ", "kubectl "];
        assert!(lines.iter().all(|line| tools.iter().any(|tool| line.starts_with(tool)) && !line.contains('\n')));
        assert!(
            lines.iter().rev().take(4).all(|line| line.starts_with("# ")),
            "what deletes is not pasted by accident"
        );
    }

    #[test]
    fn without_an_address_the_webhook_is_added_by_hand_and_needs_no_token() {
        let by_hand = next_steps(&pipeline(json!({})), false, "out");
        assert_eq!(commands(&by_hand, "kubectl get secret my-app-github").len(), 1);
        assert!(by_hand.iter().all(|line| !line.contains("`token`")));

        let registered =
            next_steps(&pipeline(json!({ "event_source": { "url": "https://hooks.example.com/" } })), false, "out");
        assert!(registered.iter().any(|line| line.contains("`token`")));
        assert!(registered.iter().any(|line| line.contains(" https://hooks.example.com/my-app/push as a webhook")));
    }
}
