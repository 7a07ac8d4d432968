//! How the Secrets come to be that a pipeline uses. No value stands in a line, so that none stays in a shell's history.

use super::secrets::{Keys, remote, remote_prefix, secrets, signs};
use crate::model::{Pipeline, SecretPurpose, StoreKind};

/// The lines to print: commands for a shell, and comments.
pub(super) fn lines(pipeline: &Pipeline) -> Vec<String> {
    match pipeline.secret_store.external() {
        None => in_cluster(pipeline),
        Some((kind, name)) => in_store(pipeline, kind, name),
    }
}

/// Every Secret, in the namespace where it is used.
fn in_cluster(pipeline: &Pipeline) -> Vec<String> {
    let mut lines = vec![
        "# Secrets, where they are not there yet. A command reads what you paste, key by key in the order of the lines"
            .into(),
        "# before it; end each with Enter and Ctrl-D.".to_owned(),
    ];
    for ((namespace, name), keys) in secrets(pipeline) {
        lines.extend(pasted(pipeline, &keys).map(|(key, what)| format!("# As `{key}` of `{name}`: {what}.")));
        let value = |signed| if signed { "$(openssl rand -hex 32)" } else { "$(cat)" };
        let option = |(key, uses): (&String, &Vec<_>)| format!(" --from-literal={key}=\"{}\"", value(signs(uses)));
        let options: String = keys.iter().map(option).collect();
        lines.push(format!("kubectl create secret generic {name} --namespace {namespace}{options}"));
    }
    lines
}

/// Every secret that the store reads and that the pipeline's stack does not make, once whatever the namespaces.
fn in_store(pipeline: &Pipeline, kind: StoreKind, store: &str) -> Vec<String> {
    let (account, region) = (pipeline.account.as_str(), pipeline.region.as_str());
    let (partition, prefix) = (pipeline.region.partition().id(), remote_prefix(pipeline));
    let mut lines = vec![
        format!("# The {kind} `{store}` of External Secrets brings the Secrets. It needs", kind = kind.as_str()),
        "# secretsmanager:GetSecretValue and secretsmanager:DescribeSecret on".into(),
        format!("# arn:{partition}:secretsmanager:{region}:{account}:secret:{prefix}*"),
        "# The stack has made the secret of the webhook. These are not there yet; each command reads a JSON object from".into(),
        "# what you paste, ended with Enter and Ctrl-D.".into(),
    ];
    let mut made: Keyed<'_> = Keyed::new();
    for ((_, name), keys) in secrets(pipeline) {
        let all = made.entry(name).or_default();
        for (key, uses) in keys.into_iter().filter(|(_, uses)| !signs(uses)) {
            all.entry(key).or_default().extend(uses);
        }
    }
    made.retain(|_, keys| !keys.is_empty());
    if made.is_empty() {
        lines.truncate(3);
    }
    for (name, keys) in &made {
        lines.extend(pasted(pipeline, keys).map(|(key, what)| format!("# `{key}`: {what}.")));
        let name = remote(pipeline, name);
        lines.push(format!(
            "aws secretsmanager create-secret --name {name} --region {region} --secret-string file:///dev/stdin"
        ));
    }
    lines
}

type Keyed<'a> = indexmap::IndexMap<String, Keys<'a>>;

/// The keys whose values a person has, each with what it is.
fn pasted<'a>(pipeline: &'a Pipeline, keys: &'a Keys<'a>) -> impl Iterator<Item = (&'a str, String)> {
    let given = keys.iter().filter(|(_, uses)| !signs(uses));
    given.map(|(key, uses)| {
        let words: Vec<String> = uses.iter().map(|purpose| words(pipeline, purpose)).collect();
        (key.as_str(), words.join("; "))
    })
}

/// What a value is, or who gets it.
fn words(pipeline: &Pipeline, purpose: &SecretPurpose<'_>) -> String {
    let repository = pipeline.source.name.as_str();
    match purpose {
        SecretPurpose::Token => format!("a GitHub token that may administer the webhooks of {repository}"),
        SecretPurpose::Clone => format!("a GitHub token that may read the contents of {repository}"),
        SecretPurpose::Signature => "what signs GitHub's deliveries".into(),
        SecretPurpose::Build(variable) => format!("`{variable}` of the build"),
        SecretPurpose::Tests(environment, variable) => {
            format!("`{variable}` of the tests of `{}`", environment.name.as_str())
        }
        SecretPurpose::Step(step, variable) => format!("`{variable}` of the step `{}`", step.name.as_str()),
        SecretPurpose::Slack => "the address of a Slack channel's incoming webhook".into(),
        SecretPurpose::Webhook => "the address that notifications go to".into(),
        SecretPurpose::Header(header) => format!("the header `{header}` of notifications"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::emit::testing::{call, environment, pipeline};

    fn secret(name: &str, key: &str) -> Value {
        call("secret", [name, key])
    }

    /// The lines that are commands, or that tell about a key.
    fn printed(keys: Value) -> Vec<String> {
        lines(&pipeline(keys))
            .into_iter()
            .filter(|line| !line.starts_with("# ") || line.contains("`:") || line.contains("` of `"))
            .collect()
    }

    /// A pipeline with a secret in every place that takes one.
    fn everywhere() -> Value {
        let step = json!({ "image": "a/b:1", "commands": ["x"], "secrets": { "KEY": secret("scan", "key") } });
        let tests =
            json!({ "commands": ["x"], "secrets": { "USER": secret("e2e", "user"), "PASS": secret("e2e", "pass") } });
        let hook = json!({ "url": secret("hook", "url"), "headers": { "Authorization": secret("hook", "auth") } });
        json!({
            "event_source": { "url": "https://hooks.example.com/" },
            "source": call("github", [json!("my-org/my-app"), json!({ "clone_token": secret("my-app-github", "clone") })]),
            "build": { "commands": ["x"], "secrets": { "NPM": secret("npm", "token") } },
            "stages": [call("step", [json!("scan"), step]), environment("dev", json!({ "tests": tests }))],
            "notifications": [call("slack", [json!({ "url": secret("hook", "slack") })]), call("webhook", [hook])],
        })
    }

    #[test]
    fn every_secret_is_made_in_its_namespace() {
        let expected = [
            "# As `token` of `my-app-github`: a GitHub token that may administer the webhooks of my-org/my-app.",
            "kubectl create secret generic my-app-github --namespace argo-events --from-literal=token=\"$(cat)\" \
             --from-literal=webhook-secret=\"$(openssl rand -hex 32)\"",
            "# As `clone` of `my-app-github`: a GitHub token that may read the contents of my-org/my-app.",
            "kubectl create secret generic my-app-github --namespace argo --from-literal=clone=\"$(cat)\"",
            "# As `token` of `npm`: `NPM` of the build.",
            "kubectl create secret generic npm --namespace argo --from-literal=token=\"$(cat)\"",
            "# As `user` of `e2e`: `USER` of the tests of `dev`.",
            "# As `pass` of `e2e`: `PASS` of the tests of `dev`.",
            "kubectl create secret generic e2e --namespace argo --from-literal=user=\"$(cat)\" --from-literal=pass=\"$(cat)\"",
            "# As `key` of `scan`: `KEY` of the step `scan`.",
            "kubectl create secret generic scan --namespace argo --from-literal=key=\"$(cat)\"",
            "# As `slack` of `hook`: the address of a Slack channel's incoming webhook.",
            "# As `url` of `hook`: the address that notifications go to.",
            "# As `auth` of `hook`: the header `Authorization` of notifications.",
            "kubectl create secret generic hook --namespace argo --from-literal=slack=\"$(cat)\" \
             --from-literal=url=\"$(cat)\" --from-literal=auth=\"$(cat)\"",
        ];
        assert_eq!(printed(everywhere()), expected);
    }

    #[test]
    fn a_store_reads_every_secret_once_and_its_stack_makes_the_signature() {
        let mut keys = everywhere();
        keys["secret_store"] = json!({ "name": "aws" });
        let commands: Vec<String> = printed(keys).into_iter().filter(|line| !line.starts_with('#')).collect();
        let create = |name: &str| {
            format!(
                "aws secretsmanager create-secret --name aphex/my-app/{name} --region us-east-1 --secret-string file:///dev/stdin"
            )
        };
        assert_eq!(commands, ["my-app-github", "npm", "e2e", "scan", "hook"].map(create));

        let alone = lines(&pipeline(json!({ "secret_store": { "name": "aws" } })));
        assert_eq!(alone.last().unwrap(), "# arn:aws:secretsmanager:us-east-1:999999999999:secret:aphex/my-app/*");
    }
}
