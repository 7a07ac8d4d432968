//! IAM: what each role may do, who may become it, and the boundary around it. An association of EKS Pod Identity is not
//! looked at: it gives nothing that the role's trust does not allow.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::iam::{Grant, Term, beyond, grants, many, text};
use super::identities::{Identities, doers, trust_document};
use super::snapshot::Side;
use super::trust::trusted;
use super::who::Who;
use super::words::{grouped, listed, told};
use super::{Action, Change, Effect, Topic};

/// What belongs to one identity, or to a resource with a policy of its own.
#[derive(Debug, Default)]
pub(super) struct Role {
    grants: BTreeSet<Grant>,
    /// Policies that are only named.
    attached: BTreeSet<String>,
    /// Who may become it.
    pub(super) trust: BTreeSet<Grant>,
    boundary: Option<String>,
    /// Whether it is a role, and no other resource with a policy.
    pub(super) exists: bool,
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
        if was.exists || is.exists {
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
                role.exists = true;
                read(properties, &resources, role);
            }
            "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => {
                let roles = many(&properties["Roles"]).filter_map(|role| role["Ref"].as_str());
                for role in roles {
                    let role = found.entry(identities.role_purpose(role)).or_default();
                    role.grants.extend(grants([&properties["PolicyDocument"]]));
                }
            }
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

fn granted(who: &Who<'_>, old: &BTreeSet<Grant>, new: &BTreeSet<Grant>, changes: &mut Vec<Change>) {
    let (gained, lost) = (beyond(old, new), beyond(new, old));
    // What the new grants swallow is told only of a few: of many it would say nothing.
    let short = gained.len() <= 20;
    for (grant, words) in told(who, &gained) {
        let (effect, verb) = if grant.allow { (Effect::Widens, "may") } else { (Effect::Narrows, "are denied") };
        let before = if short && grant.allow { instead("before", grant, old, new) } else { String::new() };
        changes.push(who.change(effect, &format!("{verb} {words}{before}")));
    }
    for (grant, words) in told(who, &lost) {
        let (effect, verb) =
            if grant.allow { (Effect::Narrows, "may no longer") } else { (Effect::Widens, "are no longer denied") };
        let now = if lost.len() <= 20 && grant.allow { instead("now", grant, new, old) } else { String::new() };
        changes.push(who.change(effect, &format!("{verb} {words}{now}")));
    }
}

/// What a wider grant of one side stands instead of: narrower ones of the other side alone.
fn instead(when: &str, grant: &Grant, others: &BTreeSet<Grant>, own: &BTreeSet<Grant>) -> String {
    let narrower = |other: &&Grant| !own.contains(*other) && grant.covers(other);
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
    let all: Vec<String> = others.iter().filter(narrower).take(4).map(|other| differs(other).join(" ")).collect();
    if all.is_empty() { String::new() } else { format!("; {when} only {}", all.join(", ")) }
}

fn attached(who: &Who<'_>, old: &Role, new: &Role, changes: &mut Vec<Change>) {
    for arn in new.attached.difference(&old.attached) {
        changes.push(who.change(Effect::Widens, &format!("may whatever the policy `{arn}` lets them")));
    }
    for arn in old.attached.difference(&new.attached) {
        changes.push(who.change(Effect::Narrows, &format!("may no longer what the policy `{arn}` lets them")));
    }
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
            (Some(was), None) => (
                Action::Removed,
                Effect::Widens,
                format!("{whose} have no permissions boundary any more; it was `{was}`"),
            ),
            (None, Some(is)) => (Action::Added, Effect::Narrows, format!("{whose} are bounded by `{is}`")),
            (was, is) => {
                let (was, is) = (was.unwrap_or_default(), is.unwrap_or_default());
                (
                    Action::Changed,
                    Effect::Widens,
                    format!("{whose} are bounded by `{is}` instead of `{was}`; what either allows is not known here"),
                )
            }
        };
        let change = Change::new(Topic::Permissions, action, "permissions/permissions_boundary", text);
        changes.push(change.effect(effect).subject("boundary"));
    }
}
