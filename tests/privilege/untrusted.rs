//! What somebody who can only name a branch, open a pull request or push a commit brings into a run: a commit, which is 40
//! hexadecimal digits, and nothing else; and where that goes, a shell does not read it.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The only form in which a delivery's data may reach a run.
const COMMIT: &str = "^[0-9a-f]{40}$";

/// Every object of every example, with the file that it is in.
fn objects() -> Vec<(PathBuf, Value)> {
    let (mut found, mut folders) = (Vec::new(), vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")]);
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.parent().unwrap().ends_with("kubernetes") {
                let text = fs::read_to_string(&path).unwrap();
                found.extend(text.split("\n---\n").map(|one| (path.clone(), serde_yaml::from_str(one).unwrap())));
            }
        }
    }
    found
}

fn of_kind(kind: &str) -> Vec<(PathBuf, Value)> {
    let found: Vec<_> = objects().into_iter().filter(|(_, object)| object["kind"] == kind).collect();
    assert!(found.len() > 10, "{kind}");
    found
}

fn items<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().into_iter().flatten()
}

#[test]
fn a_delivery_brings_a_commit_and_nothing_else() {
    let mut count = 0;
    for (path, sensor) in of_kind("Sensor") {
        let spec = &sensor["spec"];
        let dependencies: Vec<&Value> = items(spec, "dependencies").collect();
        for trigger in items(spec, "triggers") {
            let template = &trigger["template"];
            assert!(template["script"].is_null() && trigger["parameters"].is_null(), "{}", path.display());
            for parameter in items(&template["k8s"], "parameters") {
                let source = parameter["src"].as_object().unwrap();
                assert!(source.keys().all(|key| ["dependencyName", "dataKey"].contains(&key.as_str())), "{source:?}");
                assert!(parameter.get("operation").is_none(), "{parameter}");
                let of = dependencies.iter().find(|one| one["name"] == source["dependencyName"]).unwrap();
                let filters = items(&of["filters"], "data").filter(|filter| filter["path"] == source["dataKey"]);
                let held = filters.filter(|filter| filter["type"] == "string" && filter["comparator"].is_null());
                let forms: Vec<&Value> = held.flat_map(|filter| items(filter, "value")).collect();
                assert_eq!(forms, [COMMIT], "{}: {source:?}", path.display());
                let target = parameter["dest"].as_str().unwrap();
                let number =
                    target.strip_prefix("spec.arguments.parameters.").and_then(|rest| rest.strip_suffix(".value"));
                assert!(number.is_some_and(|number| number.parse::<usize>().is_ok()), "{target}");
                count += 1;
            }
            // Several filters of one delivery hold together.
            assert!(dependencies.iter().all(|one| one["filtersLogicalOperator"].is_null()), "{}", path.display());
            assert!(
                dependencies.iter().all(|one| one["filters"]["dataLogicalOperator"].is_null()),
                "{}",
                path.display()
            );
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn what_argo_fills_in_is_no_part_of_a_shells_script() {
    let mut count = 0;
    for (path, template) in of_kind("WorkflowTemplate") {
        for template in items(&template["spec"], "templates") {
            assert!(template["script"].is_null() && template["data"].is_null(), "{}", path.display());
            let containers = [&template["container"]].into_iter().chain(items(template, "initContainers"));
            for container in containers.filter(|container| !container.is_null()) {
                let words: Vec<&str> = items(container, "command").map(|word| word.as_str().unwrap()).collect();
                assert!(words.iter().all(|word| !word.contains("{{")), "{}: {words:?}", path.display());
                let args: Vec<&str> = items(container, "args").map(|word| word.as_str().unwrap()).collect();
                // A tag is a word of its own, which the script reads as `$1`.
                for arg in args.iter().filter(|arg| arg.contains("{{")) {
                    assert!(arg.starts_with("{{") && arg.ends_with("}}") && arg.matches("{{").count() == 1, "{arg}");
                    count += 1;
                }
                let reads = words.iter().any(|word| word.starts_with('-') && word.ends_with('c'));
                assert!(!reads || args.first().is_none_or(|script| !script.starts_with("{{")), "{}", path.display());
            }
        }
    }
    assert!(count > 50, "{count}");
}
