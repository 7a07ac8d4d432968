//! Containers: as whom each task runs, and which Secrets reach it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::iam::many;
use super::identities::{Identities, doers, namespace, power};
use super::snapshot::Side;
use super::{Action, Change, Effect, Topic};

/// What a pod of a run is given.
#[derive(Debug, Default, PartialEq)]
struct Given {
    purpose: String,
    /// Each Secret as `name/key`.
    secrets: BTreeSet<String>,
}

type Tasks = BTreeMap<String, Given>;

/// Adds what changed about containers and ServiceAccounts.
pub(super) fn compare(old: &Side, new: &Side, changes: &mut Vec<Change>) {
    let (before, after) = (tasks(old), tasks(new));
    runs_as(&before, &after, changes);
    secrets(&before, &after, changes);
    accounts(old, new, changes);
}

/// Adds whether code of pull requests runs at all.
pub(super) fn pull_requests(old: &Side, new: &Side, changes: &mut Vec<Change>) {
    let run = |side: &Side| side.kind("WorkflowTemplate").any(|template| is_of_pull_requests(side, template));
    let change = |action, text: &str| Change::new(Topic::Permissions, action, "permissions/pull-request", text);
    match (run(old), run(new)) {
        (false, true) => {
            let text = "code of pull requests from the repository's own branches runs in the cluster";
            changes.push(change(Action::Added, text).effect(Effect::Widens));
        }
        (true, false) => {
            changes
                .push(change(Action::Removed, "code of pull requests does not run any more").effect(Effect::Narrows));
        }
        (true, true) | (false, false) => {}
    }
}

fn is_of_pull_requests(side: &Side, template: &Value) -> bool {
    template["metadata"]["name"] == format!("{}-pull-request", side.name).as_str()
}

/// Every task of every WorkflowTemplate that starts a pod, and the event source.
fn tasks(side: &Side) -> Tasks {
    let identities = Identities::of(side);
    let mut found = Tasks::new();
    for template in side.kind("WorkflowTemplate") {
        let suffix = if is_of_pull_requests(side, template) { " of pull requests" } else { "" };
        workflow(side, &identities, (template, suffix), &mut found);
    }
    for source in side.kind("EventSource") {
        let given = found.entry("the event source".to_owned()).or_default();
        "event-source".clone_into(&mut given.purpose);
        collect(&source["spec"], &mut given.secrets);
    }
    found
}

fn workflow(side: &Side, identities: &Identities, (workflow, suffix): (&Value, &str), found: &mut Tasks) {
    let spec = &workflow["spec"];
    let named = |template: &'_ Value| template["name"].as_str().map(str::to_owned);
    let templates: BTreeMap<String, &Value> =
        many(&spec["templates"]).filter_map(|template| Some((named(template)?, template))).collect();
    let mut called = BTreeSet::new();
    let tasks = templates.values().flat_map(|template| calls(template));
    for task in tasks {
        let (Some(name), Some(used)) = (task["name"].as_str(), task["template"].as_str()) else { continue };
        if let Some(template) = templates.get(used) {
            called.insert(used);
            pod(side, identities, (spec, template), found.entry(format!("{name}{suffix}")).or_default());
        }
    }
    for (name, template) in templates.iter().filter(|(name, _)| !called.contains(name.as_str())) {
        pod(side, identities, (spec, template), found.entry(format!("{name}{suffix}")).or_default());
    }
    found.retain(|_, given| !given.purpose.is_empty());
}

/// The tasks that a template calls, in a graph or in steps.
fn calls(template: &Value) -> impl Iterator<Item = &Value> {
    many(&template["dag"]["tasks"]).chain(many(&template["steps"]).flat_map(many))
}

/// What a template's pod is given; one without a container has none.
fn pod(side: &Side, identities: &Identities, (spec, template): (&Value, &Value), given: &mut Given) {
    const PODS: [&str; 6] = ["container", "script", "containerSet", "resource", "data", "http"];
    if !PODS.iter().any(|kind| !template[*kind].is_null()) {
        return;
    }
    let account = template["serviceAccountName"].as_str().or(spec["serviceAccountName"].as_str()).unwrap_or("default");
    let place = side.model["argo"]["namespace"].as_str().unwrap_or_default().to_owned();
    given.purpose = identities.account(&side.name, &(place, account.to_owned()));
    collect(template, &mut given.secrets);
}

/// Every reference to a Secret in `value`.
fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let (name, of) = (value["name"].as_str(), value["key"].as_str());
                let refers = key == "secretKeyRef" || key.ends_with("Secret") || key == "apiToken";
                match (name, of) {
                    (Some(name), Some(of)) if refers => drop(found.insert(format!("{name}/{of}"))),
                    (Some(name), None) if key == "secretRef" => drop(found.insert(format!("{name}/*"))),
                    _ => {}
                }
                if let ("secretName", Some(name)) = (key.as_str(), value.as_str()) {
                    found.insert(format!("{name}/*"));
                }
                collect(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Tasks that are on both sides and run as somebody else.
fn runs_as(old: &Tasks, new: &Tasks, changes: &mut Vec<Change>) {
    for (task, is) in new {
        let Some(was) = old.get(task).filter(|was| was.purpose != is.purpose) else { continue };
        let effect = match power(&is.purpose).cmp(&power(&was.purpose)) {
            std::cmp::Ordering::Less => Effect::Narrows,
            // Of two that may as much, neither is known to be harmless.
            std::cmp::Ordering::Equal | std::cmp::Ordering::Greater => Effect::Widens,
        };
        let (is, was) = (doers(&is.purpose), doers(&was.purpose));
        let text = format!("{task} runs with the rights of {is}; before of {was}");
        changes
            .push(Change::new(Topic::Permissions, Action::Changed, format!("permissions/{task}"), text).effect(effect));
    }
}

/// Each Secret with the tasks that got or lost it.
fn secrets(old: &Tasks, new: &Tasks, changes: &mut Vec<Change>) {
    let missing = |these: &Tasks, those: &Tasks| {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (task, given) in those {
            let had = |secret: &String| these.get(task).is_some_and(|given| given.secrets.contains(secret));
            for secret in given.secrets.iter().filter(|secret| !had(secret)) {
                found.entry(secret.clone()).or_default().push(task.clone());
            }
        }
        found
    };
    let mut tell = |found: BTreeMap<String, Vec<String>>, action, effect, verb: &str| {
        for (secret, tasks) in found {
            let text = format!("the Secret {secret} {verb} {}", tasks.join(", "));
            let change = Change::new(Topic::Permissions, action, format!("permissions/secrets/{secret}"), text);
            changes.push(change.subject("secrets").effect(effect));
        }
    };
    tell(missing(old, new), Action::Added, Effect::Widens, "reaches");
    tell(missing(new, old), Action::Removed, Effect::Narrows, "no longer reaches");
}

/// ServiceAccounts that got an IAM role by their annotation, or lost it. Which one it is, its trust tells.
fn accounts(old: &Side, new: &Side, changes: &mut Vec<Change>) {
    let roles = |side: &Side| -> BTreeMap<String, String> {
        let identities = Identities::of(side);
        let role = |account: &Value| {
            let arn = account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"].as_str()?;
            let name = account["metadata"]["name"].as_str().unwrap_or_default().to_owned();
            let purpose = identities.account(&side.name, &(namespace(account), name));
            Some((purpose, arn.rsplit('/').next().unwrap_or(arn).to_owned()))
        };
        side.kind("ServiceAccount").filter_map(role).collect()
    };
    let (before, after) = (roles(old), roles(new));
    let own = own_roles(new);
    for (purpose, role) in &after {
        let trusted = own.contains(&(role.clone(), purpose.clone()));
        let text = match before.get(purpose) {
            Some(was) if was == role => continue,
            Some(was) if trusted => format!("is {role}; before {was}"),
            Some(was) => format!("is {role}, which these files do not make for it; before {was}"),
            None if trusted => continue,
            None => format!("is {role}, which these files do not make for it"),
        };
        let effect = if trusted { Effect::Neutral } else { Effect::Widens };
        let text = format!("the role of {} {text}", doers(purpose));
        changes.push(
            Change::new(Topic::Permissions, Action::Changed, format!("permissions/{purpose}"), text).effect(effect),
        );
    }
}

/// The roles that the files make, each with what it is for.
fn own_roles(side: &Side) -> BTreeSet<(String, String)> {
    let identities = Identities::of(side);
    let role = |(id, resource): (&str, &Value)| {
        let name = resource["Properties"]["RoleName"].as_str()?.to_owned();
        Some((name, identities.role_purpose(id)))
    };
    side.resources().filter_map(role).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn side(account: &str, container: &Value) -> Side {
        let template = json!({ "name": "test", "serviceAccountName": account, "container": container });
        let call = json!({ "name": "main", "dag": { "tasks": [{ "name": "test-dev", "template": "test" }] } });
        let workflow = json!({ "kind": "WorkflowTemplate", "spec": { "templates": [call, template] } });
        Side { name: "p".into(), objects: vec![workflow], ..Side::default() }
    }

    fn lines(old: &Side, new: &Side) -> Vec<String> {
        let mut changes = Vec::new();
        compare(old, new, &mut changes);
        changes.into_iter().map(|change| format!("{}: {}", change.effect.name(), change.text)).collect()
    }

    #[test]
    fn a_task_that_runs_as_somebody_who_may_more_is_wider() {
        let [builder, executor] = ["p-builder", "p-executor"].map(|account| side(account, &json!({})));
        let text = "test-dev runs with the rights of deployments; before of build, tests and steps";
        assert_eq!(lines(&builder, &executor), [format!("widens: {text}")]);
        assert_eq!(lines(&executor, &builder).len(), 1);
        assert!(lines(&executor, &builder)[0].starts_with("narrows"));
        let own = side("p-test-dev", &json!({}));
        assert!(lines(&builder, &own)[0].starts_with("narrows") && lines(&own, &builder)[0].starts_with("widens"));
    }

    #[test]
    fn a_secret_is_told_however_it_reaches_a_container() {
        let plain = side("p-builder", &json!({}));
        for (container, name) in [
            (json!({ "env": [{ "name": "A", "valueFrom": { "secretKeyRef": { "name": "s", "key": "k" } } }] }), "s/k"),
            (json!({ "envFrom": [{ "secretRef": { "name": "s" } }] }), "s/*"),
            (json!({ "volumes": [{ "secret": { "secretName": "s" } }] }), "s/*"),
            (json!({ "git": { "passwordSecret": { "name": "s", "key": "k" } } }), "s/k"),
        ] {
            let with = side("p-builder", &container);
            assert_eq!(lines(&plain, &with), [format!("widens: the Secret {name} reaches test-dev")]);
            assert_eq!(lines(&with, &plain), [format!("narrows: the Secret {name} no longer reaches test-dev")]);
        }
    }

    #[test]
    fn an_account_that_names_a_role_of_others_is_wider() {
        let account = |role: &str| {
            let arn = format!("arn:aws:iam::1:role/{role}");
            let metadata = json!({ "name": "p-pull-request", "annotations": { "eks.amazonaws.com/role-arn": arn } });
            let object = json!({ "kind": "ServiceAccount", "metadata": metadata });
            Side { name: "p".into(), objects: vec![object], ..Side::default() }
        };
        let text = "widens: the role of pull requests and notifications is admin, which these files do not make for it";
        assert_eq!(lines(&Side::default(), &account("admin")), [text]);
        assert!(lines(&account("other"), &account("admin"))[0].ends_with("; before other"));
    }
}
