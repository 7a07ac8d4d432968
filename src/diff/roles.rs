//! IAM: what each role may do, who may become it, and the boundary around it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::iam::{Grant, Term, beyond, grants, many, text};
use super::identities::{Identities, doers, own_account, trust_document};
use super::snapshot::Side;
use super::{Action, Change, Effect, Topic};

/// The ways from a ServiceAccount to a role.
const IRSA: &str = " (IRSA)";
const POD_IDENTITY: &str = " (EKS Pod Identity)";

/// The keys that say which cluster a ServiceAccount is in.
const CLUSTER: [&str; 3] = ["/cluster/export_prefix", "/account", "/region"];

/// What belongs to one identity, or to a resource with a policy of its own.
#[derive(Debug, Default)]
struct Role {
    grants: BTreeSet<Grant>,
    /// Policies that are only named.
    attached: BTreeSet<String>,
    trust: BTreeSet<Grant>,
    boundary: Option<String>,
    /// Whether it is a role, and no other resource with a policy.
    is_role: bool,
}

/// Adds what changed about roles, and about policies of other resources.
pub(super) fn compare(old: &Side, new: &Side, changes: &mut Vec<Change>) {
    let (before, after) = (roles(old), roles(new));
    boundaries(&before, &after, changes);
    let purposes: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let nothing = Role::default();
    for purpose in purposes {
        let (was, is) = (before.get(purpose).unwrap_or(&nothing), after.get(purpose).unwrap_or(&nothing));
        let who = Who { purpose, doers: doers(purpose), old, new };
        if was.is_role || is.is_role {
            granted(&who, &was.grants, &is.grants, changes);
            attached(&who, was, is, changes);
            trusted(&who, was, is, changes);
        } else {
            of_resource(&who, &was.grants, &is.grants, changes);
        }
    }
}

/// The policies of a side, by what they are for.
fn roles(side: &Side) -> BTreeMap<String, Role> {
    let identities = Identities::of(side);
    let resources: BTreeMap<&str, &Value> = side.resources().collect();
    let mut found: BTreeMap<String, Role> = BTreeMap::new();
    for (id, resource) in &resources {
        let properties = &resource["Properties"];
        match resource["Type"].as_str().unwrap_or_default() {
            "AWS::IAM::Role" => {
                let role = found.entry(identities.role_purpose(id)).or_default();
                role.is_role = true;
                read(properties, &resources, role);
            }
            "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => {
                let roles = many(&properties["Roles"]).filter_map(|role| role["Ref"].as_str());
                for role in roles {
                    let role = found.entry(identities.role_purpose(role)).or_default();
                    role.grants.extend(grants([&properties["PolicyDocument"]]));
                }
            }
            "AWS::EKS::PodIdentityAssociation" => {}
            _ if properties["PolicyDocument"].is_object() => {
                found.entry((*id).to_owned()).or_default().grants.extend(grants([&properties["PolicyDocument"]]));
            }
            _ => {}
        }
    }
    found
}

fn read(properties: &Value, resources: &BTreeMap<&str, &Value>, role: &mut Role) {
    role.grants.extend(grants(many(&properties["Policies"]).map(|policy| &policy["PolicyDocument"])));
    for arn in many(&properties["ManagedPolicyArns"]) {
        match arn["Ref"].as_str().and_then(|id| resources.get(id)) {
            Some(policy) => role.grants.extend(grants([&policy["Properties"]["PolicyDocument"]])),
            None => {
                role.attached.insert(text(arn));
            }
        }
    }
    role.trust.extend(grants([&trust_document(&properties["AssumeRolePolicyDocument"])]));
    role.boundary = Some(&properties["PermissionsBoundary"]).filter(|arn| !arn.is_null()).map(text);
}

/// Whose permissions they are.
struct Who<'a> {
    purpose: &'a str,
    doers: String,
    old: &'a Side,
    new: &'a Side,
}

impl Who<'_> {
    /// A value of both models, where it is the same in both: what need not be told of each grant.
    fn usual(&self, pointer: &str) -> Option<&str> {
        let new = self.new.model.pointer(pointer)?.as_str()?;
        let old = self.old.model.pointer(pointer);
        (self.old.model.is_null() || old.and_then(Value::as_str) == Some(new)).then_some(new)
    }

    /// The text of a grant, with the pipeline's own bucket by what it is.
    fn words(&self, text: &str) -> String {
        let Some(bucket) = self.usual("/artifacts/bucket") else { return text.to_owned() };
        let objects = text.replace(&format!("`s3:::{bucket}/*`"), "the artifacts");
        objects.replace(&format!("`s3:::{bucket}`"), "the artifact bucket")
    }

    fn change(&self, effect: Effect, text: &str) -> Change {
        let action = match effect {
            Effect::Widens => Action::Added,
            Effect::Narrows => Action::Removed,
            Effect::Neutral => Action::Changed,
        };
        let path = format!("permissions/{}", self.purpose);
        Change::new(Topic::Permissions, action, path, format!("{} {text}", self.doers)).effect(effect)
    }
}

fn granted(who: &Who<'_>, old: &BTreeSet<Grant>, new: &BTreeSet<Grant>, changes: &mut Vec<Change>) {
    let (gained, lost) = (beyond(old, new), beyond(new, old));
    let instead = |grant: &Grant| -> Vec<&Grant> {
        let narrower = |other: &&Grant| !new.contains(*other) && grant.covers(other);
        old.iter().filter(narrower).take(4).collect()
    };
    // What the new grants swallow is told only of a few: of many it would say nothing.
    let short = gained.len() <= 20;
    for (grant, words) in told(who, &gained) {
        let (effect, verb) = if grant.allow { (Effect::Widens, "may") } else { (Effect::Narrows, "are denied") };
        let before = if short && grant.allow { before(&instead(grant), grant) } else { String::new() };
        changes.push(who.change(effect, &format!("{verb} {words}{before}")));
    }
    for (grant, words) in told(who, &lost) {
        let (effect, verb) =
            if grant.allow { (Effect::Narrows, "may no longer") } else { (Effect::Widens, "are no longer denied") };
        changes.push(who.change(effect, &format!("{verb} {words}")));
    }
}

/// What a wider grant stands instead of.
fn before(instead: &[&Grant], grant: &Grant) -> String {
    let differs = |other: &Grant| -> Vec<String> {
        let mut words = Vec::new();
        if other.action != grant.action {
            words.push(other.action.show());
        }
        if other.resource != grant.resource {
            words.push(format!("on {}", other.resource.show()));
        }
        if other.conditions != grant.conditions {
            words.push(other.when().trim_start().to_owned());
        }
        words
    };
    let all: Vec<String> = instead.iter().map(|other| differs(other).join(" ")).collect();
    if all.is_empty() { String::new() } else { format!("; before only {}", all.join(", ")) }
}

/// Grants in words: those that differ in their actions or in their resources alone are told together.
fn told<'a>(who: &Who<'_>, grants: &[&'a Grant]) -> Vec<(&'a Grant, String)> {
    let mut lines = Vec::new();
    let mut plain = Vec::new();
    let mut bootstrap: BTreeMap<(bool, String, String, String), (&Grant, BTreeSet<String>)> = BTreeMap::new();
    for &grant in grants {
        match BootstrapRole::of(grant) {
            Some(BootstrapRole { kind, account, region, qualifier }) => {
                let place = (grant.allow, account, region, format!("{}\0{qualifier}", verb(grant)));
                bootstrap.entry(place).or_insert_with(|| (grant, BTreeSet::new())).1.insert(kind);
            }
            None => plain.push(grant),
        }
    }
    for ((_, account, region, qualifier), (grant, kinds)) in bootstrap {
        let (verb, qualifier) = qualifier.split_once('\0').unwrap_or_default();
        let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
        let (plural, kinds) = (if kinds.len() == 1 { "" } else { "s" }, kinds.join(", "));
        let is_usual = who.usual("/cdk_qualifier") == Some(qualifier);
        let qualifier = if is_usual { String::new() } else { format!(", qualifier {qualifier}") };
        lines.push((grant, format!("{verb} the CDK bootstrap role{plural} {kinds} of {account} in {region}{qualifier}")));
    }
    lines.extend(grouped(&plain).into_iter().map(|(grant, actions, resources)| {
        (grant, who.words(&format!("{} on {}{}", listed(&actions), resources.join(", "), grant.when())))
    }));
    lines
}

/// The word for what may be done to a bootstrap role.
fn verb(grant: &Grant) -> String {
    match &grant.action {
        Term::Pattern(action) if action.text == "sts:assumerole" => "assume".to_owned(),
        Term::Pattern(action) if action.text == "sts:tagsession" => "tag sessions of".to_owned(),
        Term::Pattern(action) if action.text == "iam:passrole" => "pass on to CloudFormation".to_owned(),
        other => format!("{} on", other.show()),
    }
}

/// One of the roles that `cdk bootstrap` makes.
struct BootstrapRole {
    kind: String,
    account: String,
    region: String,
    qualifier: String,
}

impl BootstrapRole {
    /// `…:iam::<account>:role/cdk-<qualifier>-<kind>-role-<account>-<region>`, and no pattern.
    fn of(grant: &Grant) -> Option<Self> {
        let Term::Pattern(arn) = &grant.resource else { return None };
        let arn = &arn.text;
        if arn.contains(['*', '?']) || !(grant.conditions.is_empty() || verb(grant).starts_with("pass")) {
            return None;
        }
        let (head, name) = arn.split_once(":role/cdk-")?;
        let account = head.rsplit_once("iam::")?.1;
        let (qualifier, rest) = name.split_once('-')?;
        let (kind, region) = rest.split_once(&format!("-role-{account}-"))?;
        let [kind, account, region, qualifier] = [kind, account, region, qualifier].map(str::to_owned);
        Some(Self { kind, account, region, qualifier })
    }
}

/// Actions, the service named once for those that follow each other.
fn listed(actions: &[String]) -> String {
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

type Group<'a> = (&'a Grant, Vec<String>, Vec<String>);

/// Actions with the same resources are told together, those with the same actions too.
fn grouped<'a>(grants: &[&'a Grant]) -> Vec<Group<'a>> {
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

fn attached(who: &Who<'_>, old: &Role, new: &Role, changes: &mut Vec<Change>) {
    for arn in new.attached.difference(&old.attached) {
        changes.push(who.change(Effect::Widens, &format!("may whatever the policy `{arn}` lets them")));
    }
    for arn in old.attached.difference(&new.attached) {
        changes.push(who.change(Effect::Narrows, &format!("may no longer what the policy `{arn}` lets them")));
    }
}

/// Who may become the role. What is new is told with what it stands instead of.
fn trusted(who: &Who<'_>, old: &Role, new: &Role, changes: &mut Vec<Change>) {
    let (gained, lost) = (beyond(&old.trust, &new.trust), beyond(&new.trust, &old.trust));
    let short: [BTreeSet<String>; 2] = [&gained, &lost].map(|all| all.iter().map(|grant| trust(grant)).collect());
    // What is not told apart in short is told in full.
    let words = |all: &[&Grant], others: &BTreeSet<String>| -> Vec<String> {
        let words = |grant: &&Grant| Some(trust(grant)).filter(|text| !others.contains(text));
        let mut texts: Vec<String> = all.iter().map(|grant| words(grant).unwrap_or_else(|| in_full(grant))).collect();
        texts.dedup();
        texts
    };
    let (gained, lost) = (words(&gained, &short[1]), words(&lost, &short[0]));
    let role = |effect, text: String| {
        let change = who.change(effect, "");
        Change { text: format!("the role of {} {text}", who.doers), ..change }
    };
    let own = |side: &Side| account(&own_account(side, who.purpose));
    let is_only = |all: &[String], one: &str| matches!(all, [only] if bare(only) == one);
    match (gained.is_empty(), lost.is_empty()) {
        (true, true) => {}
        // A role that comes or goes with the ServiceAccount that it is for.
        (false, true) if !old.is_role && is_only(&gained, &own(who.new)) => {}
        (true, false) if !new.is_role && is_only(&lost, &own(who.old)) => {}
        (false, true) => changes.push(role(Effect::Widens, format!("may be assumed by {}", gained.join(", ")))),
        (true, false) => changes.push(role(Effect::Narrows, format!("may no longer be assumed by {}", lost.join(", ")))),
        (false, false) => {
            // The ServiceAccount that it is for, by another way or under another name, is no more than before.
            let same_cluster = CLUSTER.iter().all(|pointer| who.usual(pointer).is_some());
            let is_same = same_cluster && is_only(&gained, &own(who.new)) && is_only(&lost, &own(who.old));
            let effect = if is_same { Effect::Neutral } else { Effect::Widens };
            changes.push(role(effect, format!("may be assumed by {}; before by {}", gained.join(", "), lost.join(", "))));
        }
    }
}

/// Who a grant of trust is for: one ServiceAccount, where it has the form that aphex writes, and else all that it says.
fn trust(grant: &Grant) -> String {
    let principal = grant.principal.as_ref().map(Term::show).unwrap_or_default();
    let value = |ending: &str| {
        let is_wanted = |(operator, key, _): &&(String, String, Vec<String>)| operator == "StringEquals" && key.ends_with(ending);
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

/// The policy of a resource says who may do what to it.
fn of_resource(who: &Who<'_>, old: &BTreeSet<Grant>, new: &BTreeSet<Grant>, changes: &mut Vec<Change>) {
    let to = |grant: &Grant| match grant.principal.as_ref().map(Term::show).as_deref() {
        None | Some("`*`") => "everybody".to_owned(),
        Some(other) => other.to_owned(),
    };
    let tell = |grants: &[&Grant], verbs: [(Effect, &str); 2], changes: &mut Vec<Change>| {
        for (grant, actions, resources) in grouped(grants) {
            let (effect, verb) = if grant.allow { verbs[0] } else { verbs[1] };
            let text = format!("{verb} {} {} on {}{}", to(grant), listed(&actions), resources.join(", "), grant.when());
            changes.push(Change { text, ..who.change(effect, "") });
        }
    };
    tell(&beyond(old, new), [(Effect::Widens, "allows"), (Effect::Narrows, "denies")], changes);
    tell(&beyond(new, old), [(Effect::Narrows, "no longer allows"), (Effect::Widens, "no longer denies")], changes);
}

/// What became of the boundaries, where the same became of several told once.
fn boundaries(old: &BTreeMap<String, Role>, new: &BTreeMap<String, Role>, changes: &mut Vec<Change>) {
    let mut same: BTreeMap<(Option<&str>, Option<&str>), Vec<&str>> = BTreeMap::new();
    let kept = new.iter().filter_map(|(purpose, role)| Some((purpose, old.get(purpose)?, role)));
    for (purpose, was, is) in kept.filter(|(_, was, is)| was.boundary != is.boundary) {
        same.entry((was.boundary.as_deref(), is.boundary.as_deref())).or_default().push(purpose);
    }
    for ((was, is), purposes) in same {
        let whose = format!("the roles of {}", purposes.join(", "));
        let (action, effect, text) = match (was, is) {
            (Some(was), None) => (Action::Removed, Effect::Widens, format!("{whose} have no permissions boundary any more; it was `{was}`")),
            (None, Some(is)) => (Action::Added, Effect::Narrows, format!("{whose} are bounded by `{is}`")),
            (was, is) => {
                let (was, is) = (was.unwrap_or_default(), is.unwrap_or_default());
                (Action::Changed, Effect::Widens, format!("{whose} are bounded by `{is}` instead of `{was}`; what either allows is not known here"))
            }
        };
        let change = Change::new(Topic::Permissions, action, "permissions/permissions_boundary", text);
        changes.push(change.effect(effect).subject("boundary"));
    }
}
