//! What is written against the schemas of Argo in `tests/schemas`, which say how they are made.

use serde_json::{Map, Value};

const WORKFLOWS: [&str; 2] = [
    include_str!("../../../tests/schemas/argo-workflows-3.6.json"),
    include_str!("../../../tests/schemas/argo-workflows-4.1.json"),
];
const EVENTS: &str = include_str!("../../../tests/schemas/argo-events.json");

/// Everything in `document` that its schema does not allow; nothing for kinds that are not Argo's.
pub(super) fn problems(document: &Value) -> Vec<String> {
    let kind = document["kind"].as_str().unwrap_or_default();
    let held = |schema: &str, group: &str| {
        let definitions: Map<String, Value> = serde_json::from_str(schema).unwrap();
        let mut check = Check { definitions: &definitions, problems: Vec::new() };
        check.named(&format!("io.argoproj.{group}.v1alpha1.{kind}"), document, kind);
        check.problems
    };
    match kind {
        "WorkflowTemplate" | "Workflow" => WORKFLOWS.iter().flat_map(|schema| held(schema, "workflow")).collect(),
        "Sensor" => {
            let triggers = document["spec"]["triggers"].as_array().unwrap();
            let runs = triggers.iter().flat_map(|trigger| problems(&trigger["template"]["k8s"]["source"]["resource"]));
            held(EVENTS, "events").into_iter().chain(runs).collect()
        }
        "EventSource" => held(EVENTS, "events"),
        _ => Vec::new(),
    }
}

struct Check<'a> {
    definitions: &'a Map<String, Value>,
    problems: Vec<String>,
}

impl Check<'_> {
    fn named(&mut self, name: &str, value: &Value, path: &str) {
        self.value(&self.definitions[name], value, path);
    }

    fn value(&mut self, schema: &Value, value: &Value, path: &str) {
        let Some(schema) = schema.as_object() else {
            return self.problems.push(format!("{path}: reduce.py keeps no type for it"));
        };
        for (word, rule) in schema {
            match (&**word, value) {
                ("$ref", _) => self.named(rule.as_str().unwrap(), value, path),
                ("type", _) if !has_type(rule, value) => self.problems.push(format!("{path}: {value} is no {rule}")),
                ("enum", _) if !rule.as_array().unwrap().contains(value) => {
                    self.problems.push(format!("{path}: {value} is none of {rule}"));
                }
                ("required", Value::Object(map)) => {
                    let missing =
                        rule.as_array().unwrap().iter().filter(|key| !map.contains_key(key.as_str().unwrap()));
                    self.problems.extend(missing.map(|key| format!("{path}: misses {key}")));
                }
                ("properties", Value::Object(map)) => {
                    for (key, value) in map {
                        match rule.get(key) {
                            Some(schema) => self.value(schema, value, &format!("{path}/{key}")),
                            None => self.problems.push(format!("{path}: has no field `{key}`")),
                        }
                    }
                }
                ("additionalProperties", Value::Object(map)) => {
                    for (key, value) in map {
                        self.value(rule, value, &format!("{path}/{key}"));
                    }
                }
                ("items", Value::Array(items)) => {
                    for item in items {
                        self.value(rule, item, &format!("{path}/…"));
                    }
                }
                ("type" | "enum" | "required" | "properties" | "additionalProperties" | "items", _) => {}
                (word, _) => panic!("reduce.py keeps no `{word}`"),
            }
        }
    }
}

fn has_type(rule: &Value, value: &Value) -> bool {
    let one = |name: &str| match value {
        Value::Null => false,
        Value::Bool(_) => name == "boolean",
        Value::Number(_) => name == "number" || name == "integer" && value.is_i64(),
        Value::String(_) => name == "string",
        Value::Array(_) => name == "array",
        Value::Object(_) => name == "object",
    };
    rule.as_str().map_or_else(|| rule.as_array().unwrap().iter().any(|name| one(name.as_str().unwrap())), one)
}
