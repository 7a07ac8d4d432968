//! RBAC: what each ServiceAccount may do in the cluster, by whatever bindings.
//!
//! <https://kubernetes.io/docs/reference/access-authn-authz/rbac/>

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::iam::{MAX_COMPARISONS, many};
use super::identities::{Identities, doers, namespace};
use super::snapshot::Side;
use super::{Action, Change, Effect, Topic};

/// More rights of one subject than this are compared rule by rule.
const MAX_RIGHTS: usize = 20_000;

/// What a subject may do to what, where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Right {
    /// One, or all of them where it is empty.
    namespace: String,
    group: String,
    resource: String,
    /// One object, or all of them.
    name: Option<String>,
    verb: String,
}

impl Right {
    fn covers(&self, other: &Self) -> bool {
        let covers = |these: &str, those: &str| these == "*" || these == those;
        (self.namespace.is_empty() || self.namespace == other.namespace)
            && covers(&self.group, &other.group)
            && covers(&self.resource, &other.resource)
            && covers(&self.verb, &other.verb)
            && (self.name.is_none() || self.name == other.name)
    }
}

type Rights = BTreeMap<String, BTreeSet<Right>>;

/// Adds what changed about rights in the cluster.
pub(super) fn compare(old: &Side, new: &Side, changes: &mut Vec<Change>) {
    let (before, after) = (rights(old), rights(new));
    let nothing = BTreeSet::new();
    for purpose in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let (was, is) = (before.get(purpose).unwrap_or(&nothing), after.get(purpose).unwrap_or(&nothing));
        let mut tell = |rights: &[&Right], action, effect, verb: &str| {
            for words in told(rights) {
                let text = format!("{} {verb} {words}", doers(purpose));
                changes.push(
                    Change::new(Topic::Permissions, action, format!("permissions/{purpose}"), text).effect(effect),
                );
            }
        };
        tell(&beyond(was, is), Action::Added, Effect::Widens, "may");
        tell(&beyond(is, was), Action::Removed, Effect::Narrows, "may no longer");
    }
}

/// The rights of each subject, by what it is for.
fn rights(side: &Side) -> Rights {
    let identities = Identities::of(side);
    let rules = rules(side);
    let mut found = Rights::new();
    for (kind, is_everywhere) in [("RoleBinding", false), ("ClusterRoleBinding", true)] {
        for binding in side.kind(kind) {
            let place = if is_everywhere { String::new() } else { namespace(binding) };
            let role = &binding["roleRef"];
            let of = if role["kind"] == "ClusterRole" { String::new() } else { namespace(binding) };
            let name = role["name"].as_str().unwrap_or_default();
            let unknown = || BTreeSet::from([named_role(name)]);
            let granted = rules.get(&(of, name.to_owned())).cloned().unwrap_or_else(unknown);
            for subject in many(&binding["subjects"]) {
                let rights = found.entry(purpose(side, &identities, binding, subject)).or_default();
                rights.extend(granted.iter().map(|right| Right { namespace: place.clone(), ..right.clone() }));
            }
        }
    }
    found
}

/// What a subject is for. One that is no ServiceAccount stands for itself.
fn purpose(side: &Side, identities: &Identities, binding: &Value, subject: &Value) -> String {
    let name = subject["name"].as_str().unwrap_or_default().to_owned();
    if subject["kind"] == "ServiceAccount" {
        let place = subject["namespace"].as_str().map_or_else(|| namespace(binding), str::to_owned);
        return identities.account(&side.name, &(place, name));
    }
    format!("{} {name}", subject["kind"].as_str().unwrap_or_default())
}

/// A role that is not among the files: whatever it allows.
fn named_role(name: &str) -> Right {
    let whatever = format!("whatever the role `{name}` allows");
    Right { namespace: String::new(), group: String::new(), resource: whatever, name: None, verb: String::new() }
}

/// What each role says, by its namespace, which a role of the whole cluster does not have, and its name.
fn rules(side: &Side) -> BTreeMap<(String, String), BTreeSet<Right>> {
    let mut found: BTreeMap<_, BTreeSet<Right>> = BTreeMap::new();
    for (kind, of_cluster) in [("Role", false), ("ClusterRole", true)] {
        for role in side.kind(kind) {
            let place = if of_cluster { String::new() } else { namespace(role) };
            let name = role["metadata"]["name"].as_str().unwrap_or_default().to_owned();
            let rights = found.entry((place, name)).or_default();
            many(&role["rules"]).for_each(|rule| add(rule, rights));
        }
    }
    found
}

fn add(rule: &Value, rights: &mut BTreeSet<Right>) {
    let texts = |key: &str| -> Vec<String> {
        many(&rule[key]).map(|text| text.as_str().unwrap_or_default().to_owned()).collect()
    };
    let (groups, verbs, names) = (texts("apiGroups"), texts("verbs"), texts("resourceNames"));
    let mut resources = texts("resources");
    resources.extend(texts("nonResourceURLs"));
    let names: Vec<Option<String>> = if names.is_empty() { vec![None] } else { names.into_iter().map(Some).collect() };
    let groups = if groups.is_empty() { vec![String::new()] } else { groups };
    let lengths = [groups.len(), resources.len(), names.len(), verbs.len()];
    let count = lengths.into_iter().fold(1, usize::saturating_mul);
    if count.saturating_add(rights.len()) > MAX_RIGHTS {
        rights.insert(named_role(&rule.to_string()));
        return;
    }
    for group in &groups {
        for resource in &resources {
            for name in &names {
                let all = verbs.iter().map(|verb| right(group, resource, name.as_ref(), verb));
                rights.extend(all);
            }
        }
    }
}

fn right(group: &str, resource: &str, name: Option<&String>, verb: &str) -> Right {
    let [group, resource, verb] = [group, resource, verb].map(str::to_owned);
    Right { namespace: String::new(), group, resource, name: name.cloned(), verb }
}

/// What `new` allows and `old` does not.
fn beyond<'a>(old: &BTreeSet<Right>, new: &'a BTreeSet<Right>) -> Vec<&'a Right> {
    let is_wide = |right: &&Right| {
        let stars = [&right.group, &right.resource, &right.verb];
        right.namespace.is_empty() || right.name.is_none() || stars.into_iter().any(|text| text == "*")
    };
    let wide: Vec<&Right> = old.iter().filter(is_wide).collect();
    let missing: Vec<&Right> = new.iter().filter(|right| !old.contains(*right)).collect();
    if missing.len().saturating_mul(wide.len()) > MAX_COMPARISONS {
        return missing;
    }
    missing.into_iter().filter(|right| !wide.iter().any(|other| other.covers(right))).collect()
}

/// Rights in words: the verbs on a thing together, then the things with the same verbs.
fn told(rights: &[&Right]) -> Vec<String> {
    let mut by_thing: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for right in rights {
        by_thing.entry((&right.namespace, &right.resource, &right.group, &right.name)).or_default().push(&right.verb);
    }
    let mut by_verbs: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for ((namespace, resource, group, name), verbs) in by_thing {
        let names = by_verbs.entry((namespace, resource, group, verbs)).or_default();
        names.extend(name.as_deref());
    }
    let line = |((namespace, resource, group, verbs), names): ((&String, &String, &String, Vec<&str>), Vec<&str>)| {
        let place = if namespace.is_empty() { "every namespace" } else { namespace };
        let names = if names.is_empty() { String::new() } else { format!(" {}", names.join(", ")) };
        let star = |text: &str, all: &str| if text == "*" { all.to_owned() } else { text.to_owned() };
        let group = if group == "*" { " of every group" } else { "" };
        let verbs = verbs.iter().map(|verb| star(verb, "do anything to")).collect::<Vec<_>>().join(", ");
        format!("{verbs} {}{group}{names} in {place}", star(resource, "every resource")).trim_start().to_owned()
    };
    by_verbs.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn role(kind: &str, name: &str, rule: &Value) -> Value {
        json!({ "kind": kind, "metadata": { "name": name, "namespace": "ns" }, "rules": [rule] })
    }

    fn binding(kind: &str, role: &str, name: &str, subject: &str) -> Value {
        let subjects = json!([{ "kind": subject, "name": "p-executor", "namespace": "ns" }]);
        json!({ "kind": kind, "metadata": { "namespace": "ns" }, "roleRef": { "kind": role, "name": name }, "subjects": subjects })
    }

    fn rule(verbs: &[&str], resource: &str, names: &[&str]) -> Value {
        json!({ "apiGroups": [""], "resources": [resource], "verbs": verbs, "resourceNames": names })
    }

    fn lines(old: Vec<Value>, new: Vec<Value>) -> Vec<String> {
        let side = |objects| Side { name: "p".into(), objects, ..Side::default() };
        let mut changes = Vec::new();
        compare(&side(old), &side(new), &mut changes);
        changes.into_iter().map(|change| format!("{}: {}", change.effect.name(), change.text)).collect()
    }

    fn bound(rule: &Value) -> Vec<Value> {
        vec![role("Role", "r", rule), binding("RoleBinding", "Role", "r", "ServiceAccount")]
    }

    #[test]
    fn a_star_and_a_name_less_are_wider() {
        let narrow = || bound(&rule(&["get", "patch"], "configmaps", &["one"]));
        assert_eq!(lines(narrow(), narrow()), Vec::<String>::new());
        let all = bound(&rule(&["get", "patch"], "configmaps", &[]));
        assert_eq!(lines(narrow(), all.clone()), ["widens: deployments may get, patch configmaps in ns"]);
        assert_eq!(lines(all.clone(), narrow()), ["narrows: deployments may no longer get, patch configmaps in ns"]);
        let anything = bound(&rule(&["*"], "*", &[]));
        assert_eq!(lines(all, anything), ["widens: deployments may do anything to every resource in ns"]);
    }

    #[test]
    fn a_binding_of_the_cluster_counts_everywhere() {
        let everywhere = vec![
            role("ClusterRole", "r", &rule(&["get"], "secrets", &[])),
            binding("ClusterRoleBinding", "ClusterRole", "r", "ServiceAccount"),
        ];
        let here = bound(&rule(&["get"], "secrets", &[]));
        assert_eq!(lines(here.clone(), everywhere.clone()), ["widens: deployments may get secrets in every namespace"]);
        assert_eq!(lines(everywhere, here).len(), 1);
    }

    #[test]
    fn a_role_that_is_not_there_and_a_subject_of_another_kind_are_told_too() {
        let group = vec![binding("RoleBinding", "ClusterRole", "admin", "Group")];
        assert_eq!(lines(vec![], group), ["widens: `Group p-executor` may whatever the role `admin` allows in ns"]);
    }
}
