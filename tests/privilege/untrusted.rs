//! What somebody who can only name a branch, open a pull request or push a commit brings into a run: a commit, which is 40
//! hexadecimal digits, and nothing else; and where that goes, a shell does not read it.

use serde_json::Value;

use super::CASES;

/// The only form in which a delivery's data may reach a run.
const COMMIT: &str = "^[0-9a-f]{40}$";

/// Every object of a kind, with the pipeline that it is of.
fn of_kind(kind: &'static str) -> Vec<(&'static str, &'static Value)> {
    let found: Vec<_> =
        CASES.iter().flat_map(|case| case.objects(kind).map(|object| (case.place.as_str(), object))).collect();
    assert!(found.len() > 10, "{kind}");
    found
}

fn items<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value[key].as_array().into_iter().flatten()
}

#[test]
fn a_delivery_brings_a_commit_and_nothing_else() {
    let mut count = 0;
    for (place, sensor) in of_kind("Sensor") {
        let spec = &sensor["spec"];
        let dependencies: Vec<&Value> = items(spec, "dependencies").collect();
        for trigger in items(spec, "triggers") {
            let template = &trigger["template"];
            assert!(template["script"].is_null() && trigger["parameters"].is_null(), "{place}");
            for parameter in items(&template["k8s"], "parameters") {
                let source = parameter["src"].as_object().unwrap();
                assert!(source.keys().all(|key| ["dependencyName", "dataKey"].contains(&key.as_str())), "{source:?}");
                assert!(parameter.get("operation").is_none(), "{parameter}");
                let of = dependencies.iter().find(|one| one["name"] == source["dependencyName"]).unwrap();
                let filters = items(&of["filters"], "data").filter(|filter| filter["path"] == source["dataKey"]);
                let held = filters.filter(|filter| filter["type"] == "string" && filter["comparator"].is_null());
                let forms: Vec<&Value> = held.flat_map(|filter| items(filter, "value")).collect();
                assert_eq!(forms, [COMMIT], "{place}: {source:?}");
                let target = parameter["dest"].as_str().unwrap();
                let number =
                    target.strip_prefix("spec.arguments.parameters.").and_then(|rest| rest.strip_suffix(".value"));
                assert!(number.is_some_and(|number| number.parse::<usize>().is_ok()), "{target}");
                count += 1;
            }
            // Several filters of one delivery hold together.
            assert!(dependencies.iter().all(|one| one["filtersLogicalOperator"].is_null()), "{place}");
            assert!(dependencies.iter().all(|one| one["filters"]["dataLogicalOperator"].is_null()), "{place}");
        }
    }
    assert!(count > 20, "{count}");
}

#[test]
fn what_argo_fills_in_is_no_part_of_a_shells_script() {
    let mut count = 0;
    for (place, template) in of_kind("WorkflowTemplate") {
        for template in items(&template["spec"], "templates") {
            assert!(template["script"].is_null() && template["data"].is_null(), "{place}");
            let containers = [&template["container"]].into_iter().chain(items(template, "initContainers"));
            for container in containers.filter(|container| !container.is_null()) {
                let words: Vec<&str> = items(container, "command").map(|word| word.as_str().unwrap()).collect();
                assert!(words.iter().all(|word| !word.contains("{{")), "{place}: {words:?}");
                let args: Vec<&str> = items(container, "args").map(|word| word.as_str().unwrap()).collect();
                // A tag is a word of its own, which the script reads as `$1`.
                for arg in args.iter().filter(|arg| arg.contains("{{")) {
                    assert!(arg.starts_with("{{") && arg.ends_with("}}") && arg.matches("{{").count() == 1, "{arg}");
                    count += 1;
                }
                let reads = words.iter().any(|word| word.starts_with('-') && word.ends_with('c'));
                assert!(!reads || args.first().is_none_or(|script| !script.starts_with("{{")), "{place}");
            }
        }
    }
    assert!(count > 50, "{count}");
}
