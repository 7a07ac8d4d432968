//! IAM grants in words.

use std::collections::{BTreeMap, BTreeSet};

use super::iam::{Grant, Term};
use super::who::Who;

/// Grants in words: those on the roles of one bootstrap together, and of the others those that differ in their actions or in
/// their resources alone.
pub(super) fn told<'a>(who: &Who<'_>, grants: &[&'a Grant]) -> Vec<(&'a Grant, String)> {
    let mut plain = Vec::new();
    let mut bootstraps: BTreeMap<Bootstrap, (&Grant, BTreeSet<&str>)> = BTreeMap::new();
    for &grant in grants {
        match Bootstrap::of(grant) {
            Some((bootstrap, kind)) => {
                bootstraps.entry(bootstrap).or_insert_with(|| (grant, BTreeSet::new())).1.insert(kind);
            }
            None => plain.push(grant),
        }
    }
    let bootstraps = bootstraps.into_iter().map(|(bootstrap, (grant, kinds))| (grant, bootstrap.words(who, &kinds)));
    let plain = grouped(&plain).into_iter().map(|(grant, actions, resources)| {
        (grant, who.words(&format!("{} on {}{}", listed(&actions), resources.join(", "), grant.when())))
    });
    bootstraps.chain(plain).collect()
}

/// What is granted on the roles that one `cdk bootstrap` made.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Bootstrap<'a> {
    allow: bool,
    verb: String,
    account: &'a str,
    region: &'a str,
    qualifier: &'a str,
    when: String,
}

impl<'a> Bootstrap<'a> {
    /// Of `…:iam::<account>:role/cdk-<qualifier>-<kind>-role-<account>-<region>`, which is no pattern; and the kind.
    fn of(grant: &'a Grant) -> Option<(Self, &'a str)> {
        let Term::Pattern(arn) = &grant.resource else { return None };
        let (head, name) = arn.text.split_once(":role/cdk-").filter(|_| !arn.text.contains(['*', '?']))?;
        let (_, account) = head.rsplit_once("iam::")?;
        let (qualifier, rest) = name.split_once('-')?;
        let (kind, region) = rest.split_once(&format!("-role-{account}-"))?;
        let (allow, verb, when) = (grant.allow, verb(grant), grant.when());
        Some((Self { allow, verb, account, region, qualifier, when }, kind))
    }

    fn words(&self, who: &Who<'_>, kinds: &BTreeSet<&str>) -> String {
        let Self { allow: _, verb, account, region, qualifier, when } = self;
        let kinds: Vec<&str> = kinds.iter().copied().collect();
        let (plural, kinds) = (if kinds.len() == 1 { "" } else { "s" }, kinds.join(", "));
        let is_usual = who.usual("/cdk_qualifier") == Some(*qualifier);
        let qualifier = if is_usual { String::new() } else { format!(", qualifier {qualifier}") };
        format!("{verb} the CDK bootstrap role{plural} {kinds} of {account} in {region}{qualifier}{when}")
    }
}

/// The word for what may be done to a role.
fn verb(grant: &Grant) -> String {
    let action = if let Term::Pattern(action) = &grant.action { action.text.as_str() } else { "" };
    match action {
        "sts:assumerole" => "assume".to_owned(),
        "sts:tagsession" => "tag sessions of".to_owned(),
        "iam:passrole" => "pass on".to_owned(),
        _ => format!("{} on", grant.action.show()),
    }
}

/// Actions, the service named once for those that follow each other.
pub(super) fn listed(actions: &[String]) -> String {
    let mut texts = Vec::new();
    let mut last = "";
    for action in actions {
        let (service, name) = action.split_once(':').unwrap_or(("", action));
        let is_same = !last.is_empty() && service == last && name != "*`";
        texts.push(if is_same { format!("`{name}") } else { action.clone() });
        last = service;
    }
    texts.join(", ")
}

/// A grant, the actions and the resources that it stands for.
pub(super) type Group<'a> = (&'a Grant, Vec<String>, Vec<String>);

/// Actions with the same resources are told together, those with the same actions too.
pub(super) fn grouped<'a>(grants: &[&'a Grant]) -> Vec<Group<'a>> {
    let mut by_action: BTreeMap<_, (&Grant, Vec<String>)> = BTreeMap::new();
    for &grant in grants {
        let key = (grant.allow, grant.when(), &grant.principal, &grant.action);
        by_action.entry(key).or_insert_with(|| (grant, Vec::new())).1.push(grant.resource.show());
    }
    let mut by_resources: BTreeMap<_, Group<'a>> = BTreeMap::new();
    for ((allow, when, principal, action), (grant, resources)) in by_action {
        let group = by_resources
            .entry((allow, when, principal, resources.clone()))
            .or_insert_with(|| (grant, Vec::new(), resources));
        group.1.push(action.show());
    }
    by_resources.into_values().collect()
}
