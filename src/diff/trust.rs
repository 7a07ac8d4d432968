//! Who may become a role.

use std::collections::BTreeSet;

use super::iam::{Grant, Term, beyond};
use super::identities::own_account;
use super::roles::Role;
use super::snapshot::Side;
use super::who::Who;
use super::{Change, Effect};

/// The ways from a ServiceAccount to a role.
const IRSA: &str = " (IRSA)";
const POD_IDENTITY: &str = " (EKS Pod Identity)";

/// The keys that say which cluster a ServiceAccount is in.
const CLUSTER: [&str; 3] = ["/cluster/export_prefix", "/account", "/region"];

/// Adds who may become a role now. What is new is told with what it stands instead of.
pub(super) fn trusted(who: &Who<'_>, old: &Role, new: &Role, changes: &mut Vec<Change>) {
    let (gained, lost) = differing(old, new);
    let (own_before, own) = (own(who, who.old), own(who, who.new));
    let is_only = |all: &[String], one: &str| matches!(all, [only] if bare(only) == one);
    let (effect, text) = match (gained.join(", "), lost.join(", ")) {
        (is, was) if is.is_empty() && was.is_empty() => return,
        // A role that comes or goes with the ServiceAccount that it is for.
        (_, was) if was.is_empty() && !old.exists && is_only(&gained, &own) => return,
        (is, _) if is.is_empty() && !new.exists && is_only(&lost, &own_before) => return,
        (is, was) if was.is_empty() => (Effect::Widens, format!("may be assumed by {is}")),
        (is, was) if is.is_empty() => (Effect::Narrows, format!("may no longer be assumed by {was}")),
        (is, was) => {
            // The ServiceAccount that it is for, by another way or under another name, is no more than before.
            let same_cluster = CLUSTER.iter().all(|pointer| who.usual(pointer).is_some());
            let is_same = same_cluster && is_only(&gained, &own) && is_only(&lost, &own_before);
            let effect = if is_same { Effect::Neutral } else { Effect::Widens };
            (effect, format!("may be assumed by {is}; before by {was}"))
        }
    };
    changes.push(Change { text: format!("the role of {} {text}", who.doers), ..who.change(effect, "") });
}

/// Who may become the new role and not the old one, and the other way round, in words. What is not told apart in short is
/// told in full.
fn differing(old: &Role, new: &Role) -> (Vec<String>, Vec<String>) {
    let (gained, lost) = (beyond(&old.trust, &new.trust), beyond(&new.trust, &old.trust));
    let short: [BTreeSet<String>; 2] = [&gained, &lost].map(|all| all.iter().map(|grant| trust(grant)).collect());
    let words = |all: &[&Grant], others: &BTreeSet<String>| -> Vec<String> {
        let words = |grant: &&Grant| {
            let text = Some(trust(grant)).filter(|text| !others.contains(text));
            text.or_else(|| with_provider(grant)).unwrap_or_else(|| in_full(grant))
        };
        let mut texts: Vec<String> = all.iter().map(words).collect();
        texts.dedup();
        texts
    };
    (words(&gained, &short[1]), words(&lost, &short[0]))
}

/// The ServiceAccount that a role is for.
fn own(who: &Who<'_>, side: &Side) -> String {
    account(&own_account(side, who.purpose))
}

/// Who a grant of trust is for: one ServiceAccount, where it has the form that aphex writes, and else all that it says.
fn trust(grant: &Grant) -> String {
    let principal = grant.principal.as_ref().map(Term::show).unwrap_or_default();
    let value = |ending: &str| {
        let is_wanted =
            |(operator, key, _): &&(String, String, Vec<String>)| operator == "StringEquals" && key.ends_with(ending);
        let (_, _, values) = grant.conditions.iter().find(is_wanted)?;
        if let [only] = &values[..] { Some(only.as_str()) } else { None }
    };
    let irsa = principal.starts_with("`Federated ") && value(":aud") == Some("sts.amazonaws.com");
    let pods = principal == "`Service pods.eks.amazonaws.com`";
    match (value(":sub"), value("/kubernetes-namespace"), value("/kubernetes-service-account")) {
        (Some(subject), _, _) if grant.allow && irsa && grant.conditions.len() == 2 => {
            format!("{}{IRSA}", account(subject.trim_start_matches("system:serviceaccount:")))
        }
        (_, Some(namespace), Some(name)) if grant.allow && pods && grant.conditions.len() == 4 => {
            format!("{}{POD_IDENTITY}", account(&format!("{namespace}:{name}")))
        }
        _ => in_full(grant),
    }
}

/// The same with the export of the cluster that a ServiceAccount is in, where its conditions are about no other.
fn with_provider(grant: &Grant) -> Option<String> {
    let short = trust(grant);
    let account = short.strip_suffix(IRSA)?;
    let principal = grant.principal.as_ref().map(Term::show)?;
    let export = principal.strip_prefix("`Federated ${")?.strip_suffix("}`")?;
    let quoted = format!("\"{export}\"");
    let is_its = |key: &str| key.matches("Fn::ImportValue").count() == 1 && key.contains(&quoted);
    let is_one = grant.conditions.iter().all(|(_, key, _)| is_its(key));
    is_one.then(|| format!("{account} of the cluster behind `{export}`{IRSA}"))
}

/// All that a grant of trust says.
fn in_full(grant: &Grant) -> String {
    let principal = grant.principal.as_ref().map_or_else(|| "anybody".to_owned(), Term::show);
    let denied = if grant.allow { "" } else { "nobody by the denial of " };
    format!("{denied}{principal} by {}{}", grant.action.show(), grant.when())
}

fn account(name: &str) -> String {
    format!("the ServiceAccount {}", name.replacen(':', "/", 1))
}

/// A ServiceAccount without the way from it to the role.
fn bare(account: &str) -> &str {
    account.strip_suffix(IRSA).or(account.strip_suffix(POD_IDENTITY)).unwrap_or(account)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::diff::iam::grants;
    use crate::diff::identities::trust_document;

    /// The trust that aphex writes for a ServiceAccount of the cluster with these exports.
    fn policy(account: &str, exports: &str) -> Value {
        let equals = json!({ "${Host}:aud": "sts.amazonaws.com", "${Host}:sub": format!("system:serviceaccount:argo:{account}") });
        let statement = json!({
            "Effect": "Allow",
            "Principal": { "Federated": "${Arn}" },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": { "StringEquals": equals },
        });
        let provider = json!({ "Fn::ImportValue": format!("{exports}OIDCProviderArn") });
        json!({ "Fn::Sub": [json!({ "Statement": [statement] }).to_string(), { "Arn": provider, "Host": host(&provider) }] })
    }

    fn host(provider: &Value) -> Value {
        json!({ "Fn::Select": [1, { "Fn::Split": [":oidc-provider/", provider] }] })
    }

    fn lines(old: &Value, new: &Value) -> Vec<String> {
        let role = |policy: &Value| {
            let mut role = Role::default();
            (role.trust, role.exists) = (grants([&trust_document(policy)]), true);
            role
        };
        let model = json!({
            "argo": { "namespace": "argo" },
            "cluster": { "export_prefix": "A-" },
            "account": "1",
            "region": "r",
            "names": { "builder_service_account": "p-builder" },
        });
        let side = Side { name: "p".into(), model, ..Side::default() };
        let who = Who { purpose: "builder", doers: "build, tests and steps".into(), old: &side, new: &side };
        let mut changes = Vec::new();
        trusted(&who, &role(old), &role(new), &mut changes);
        changes.into_iter().map(|change| format!("{}: {}", change.effect.name(), change.text)).collect()
    }

    #[test]
    fn another_account_is_wider_and_the_same_one_is_nothing() {
        let own = policy("p-builder", "A-");
        assert_eq!(lines(&own, &own), Vec::<String>::new());
        let text = "widens: the role of build, tests and steps may be assumed by the ServiceAccount argo/other (IRSA); before \
                    by the ServiceAccount argo/p-builder (IRSA)";
        assert_eq!(lines(&own, &policy("other", "A-")), [text]);
    }

    #[test]
    fn an_account_of_another_cluster_is_told_with_its_cluster() {
        let text = "widens: the role of build, tests and steps may be assumed by the ServiceAccount argo/p-builder of the \
                    cluster behind `B-OIDCProviderArn` (IRSA); before by the ServiceAccount argo/p-builder of the cluster \
                    behind `A-OIDCProviderArn` (IRSA)";
        assert_eq!(lines(&policy("p-builder", "A-"), &policy("p-builder", "B-")), [text]);
    }

    #[test]
    fn a_condition_about_another_cluster_is_told_in_full() {
        let mut mixed = policy("p-builder", "B-");
        mixed["Fn::Sub"][1]["Host"] = host(&json!({ "Fn::ImportValue": "C-OIDCProviderArn" }));
        let found = lines(&policy("p-builder", "A-"), &mixed);
        assert!(found[0].contains("C-OIDCProviderArn") && found[0].contains("StringEquals"), "{found:#?}");
    }

    #[test]
    fn a_condition_less_is_no_form_of_ours() {
        let mut open = policy("p-builder", "A-");
        open["Fn::Sub"][0] =
            json!({ "Statement": [{ "Effect": "Allow", "Principal": { "AWS": "*" }, "Action": "sts:AssumeRole" }] })
                .to_string()
                .into();
        let found = lines(&policy("p-builder", "A-"), &open);
        assert!(
            found[0].starts_with("widens: the role of build, tests and steps may be assumed by `AWS *` by"),
            "{found:#?}"
        );
    }
}
