//! That `docs/guide/permissions.md` explains what is written, all of it, and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

use crate::ASKED;
use crate::case::Case;
use crate::iam::Statement;
use crate::identities::Rights;

/// The cells of the tables under a heading, the heads of the tables left out.
fn rows(heading: &str) -> Vec<Vec<String>> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/permissions.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (_, section) = page.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    section.lines().filter(|line| line.starts_with("| `")).map(cells).collect()
}

/// What the page calls an identity.
fn word(kind: &str) -> &str {
    match kind {
        "build" => "builder",
        "deploy" => "executor",
        "update" => "updater",
        kind if kind.starts_with("test-") || kind.starts_with("step-") => "own",
        kind => kind,
    }
}

/// Whether the page's rows and what is written are the same.
fn same(page: &BTreeSet<Vec<String>>, written: &BTreeSet<Vec<String>>) {
    let missing: Vec<_> = written.difference(page).collect();
    let invented: Vec<_> = page.difference(written).collect();
    assert!(missing.is_empty() && invented.is_empty(), "not explained: {missing:#?}\nnot written: {invented:#?}");
}

/// What a statement says, in the page's words.
fn says(statement: &Statement) -> String {
    let list = |texts: &[String]| texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ");
    let mut text = if statement.allows { String::new() } else { "never ".to_owned() };
    text.push_str(&list(&statement.actions.patterns));
    for condition in &statement.conditions {
        let _ = write!(text, " where `{}` is {}", condition.key, list(&condition.values));
    }
    text
}

/// Whether `permissions` anywhere in the model say just this.
fn is_asked_for(model: &Value, statement: &Statement) -> bool {
    let same = |key: &str, list: &[String]| model[key] == Value::from(list);
    let effect = if statement.allows { "Allow" } else { "Deny" };
    let is_this = || {
        let conditions = model["conditions"].as_object().into_iter().flatten();
        let keys: Vec<&String> =
            conditions.filter_map(|(_, keys)| keys.as_object()).flat_map(|keys| keys.keys()).collect();
        model["effect"] == effect
            && same("actions", &statement.actions.patterns)
            && same("resources", &statement.resources.patterns)
            && keys == statement.conditions.iter().map(|condition| &condition.key).collect::<Vec<_>>()
    };
    match model {
        Value::Object(map) => is_this() || map.values().any(|value| is_asked_for(value, statement)),
        Value::Array(items) => items.iter().any(|item| is_asked_for(item, statement)),
        _ => false,
    }
}

/// Who each thing of the page is for.
type Whose = BTreeMap<Vec<String>, BTreeSet<String>>;

/// The page's rows, with `who` as the second cell.
fn joined(whose: Whose) -> BTreeSet<Vec<String>> {
    let row = |(mut cells, who): (Vec<String>, BTreeSet<String>)| {
        cells.insert(1, who.into_iter().collect::<Vec<_>>().join(", "));
        cells
    };
    whose.into_iter().map(row).collect()
}

#[test]
fn the_page_explains_every_statement() {
    let mut whose = Whose::new();
    let mut note = |case: &Case, statement: &Statement, who: &str| match &statement.sid {
        Some(sid) => drop(whose.entry(vec![format!("`{sid}`"), says(statement)]).or_default().insert(who.to_owned())),
        None => assert!(is_asked_for(&case.model, statement), "{}: the script does not say it", statement.place),
    };
    for (case, rights, _) in ASKED.iter() {
        for identity in &rights.identities {
            for statement in identity.roles.iter().flat_map(|role| &rights.roles[*role].statements) {
                note(case, statement, word(&identity.kind));
            }
        }
        rights.bucket.iter().for_each(|statement| note(case, statement, "everybody"));
    }
    let page = rows("IAM statements").into_iter().map(|cells| cells[..3].to_vec()).collect();
    same(&page, &joined(whose));
}

#[test]
fn the_page_explains_every_condition_of_trust() {
    let mut written = BTreeSet::new();
    for (case, rights, _) in ASKED.iter() {
        for condition in rights.roles.iter().flat_map(|role| &role.trust).flat_map(|one| &one.conditions) {
            let key = match condition.key.rsplit_once(':') {
                Some((host, end)) if host.contains('/') => format!("<provider>:{end}"),
                _ => condition.key.clone(),
            };
            written.insert(vec![format!("`{key}`"), format!("`\"{}\"`", case.text("identity.kind"))]);
        }
    }
    let page = rows("Who becomes a role").into_iter().map(|cells| cells[..2].to_vec()).collect();
    same(&page, &written);
}

#[test]
fn the_page_explains_every_rule_of_kubernetes() {
    let mut whose = Whose::new();
    for (_, rights, _) in ASKED.iter() {
        for grant in &rights.grants {
            let list = |texts: &[String]| texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>().join(", ");
            let kinds =
                grant.resources.iter().zip(&grant.groups).map(|(resource, group)| format!("{resource}.{group}"));
            let kinds: Vec<String> = kinds.map(|kind| kind.trim_end_matches('.').to_owned()).collect();
            let objects = if grant.names.is_empty() { "any" } else { "by name" };
            let who = |rights: &Rights, account| {
                let identity = rights.identities.iter().find(|identity| identity.account == account);
                word(&identity.unwrap().kind).to_owned()
            };
            let who = grant.subjects.iter().map(|account| who(rights, account.clone()));
            whose.entry(vec![list(&kinds), list(&grant.verbs), objects.to_owned()]).or_default().extend(who);
        }
    }
    let objects = |mut cells: Vec<String>| {
        let is_any = cells[3].starts_with("any ");
        assert!(is_any || cells[3].starts_with("by name: "), "{cells:?}");
        cells[3] = if is_any { "any".to_owned() } else { "by name".to_owned() };
        cells.truncate(4);
        cells
    };
    same(&rows("Rules of Kubernetes").into_iter().map(objects).collect(), &joined(whose));
}

#[test]
fn every_row_of_the_page_says_why() {
    for heading in ["IAM statements", "Rules of Kubernetes"] {
        for cells in rows(heading) {
            assert!(cells.len() == 5 && cells.iter().all(|cell| !cell.is_empty()), "{cells:?}");
        }
    }
}
