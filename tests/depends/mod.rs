//! What waits for what in an emitted WorkflowTemplate: `depends` of all graphs, read by hand, so that nothing of aphex's
//! own is held against itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// For each task all those that wait for it, however far on; those of a graph that waits too.
pub(crate) fn later(value: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let templates: BTreeMap<&str, &Value> =
        value["spec"]["templates"].as_array().unwrap().iter().map(|it| (it["name"].as_str().unwrap(), it)).collect();
    let mut later = BTreeMap::new();
    add(value["spec"]["entrypoint"].as_str().unwrap(), &templates, &BTreeSet::new(), &mut later);
    later
}

fn add(
    graph: &str,
    templates: &BTreeMap<&str, &Value>,
    outside: &BTreeSet<String>,
    later: &mut BTreeMap<String, BTreeSet<String>>,
) {
    let Some(tasks) = templates[graph]["dag"]["tasks"].as_array() else { return };
    let name = |task: &Value| task["name"].as_str().unwrap().to_owned();
    let mut next: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for task in tasks {
        let depends = task["depends"].as_str().unwrap_or_default();
        for word in depends.split([' ', '(', ')', '&', '|', '!']).filter(|word| !word.is_empty()) {
            next.entry(word.split('.').next().unwrap().to_owned()).or_default().push(name(task));
        }
    }
    for task in tasks {
        let mut found = outside.clone();
        let mut open = vec![name(task)];
        while let Some(at) = open.pop() {
            for after in next.get(&at).into_iter().flatten() {
                let template = tasks.iter().find(|task| name(task) == *after).unwrap()["template"].as_str().unwrap();
                if found.insert(after.clone()) {
                    open.push(after.clone());
                    inside(template, templates, &mut found);
                }
            }
        }
        add(task["template"].as_str().unwrap(), templates, &found, later);
        later.insert(name(task), found);
    }
}

/// All tasks of a graph in a graph.
fn inside(graph: &str, templates: &BTreeMap<&str, &Value>, found: &mut BTreeSet<String>) {
    for task in templates[graph]["dag"]["tasks"].as_array().into_iter().flatten() {
        found.insert(task["name"].as_str().unwrap().to_owned());
        inside(task["template"].as_str().unwrap(), templates, found);
    }
}
