//! Where Argo's tags stand in a WorkflowTemplate, and what a shell reads as its program.

use std::collections::BTreeSet;

use serde_json::Value;

/// Keys under which a tag is a value and never a program.
const VALUES: [&str; 7] = ["value", "when", "repo", "revision", "default", "key", "manifest"];

/// Tags where a program stands that hold what an event brought, and tags where none is expected.
pub(crate) fn problems(workflow: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let templates = workflow["spec"]["templates"].as_array().expect("a workflow has templates");
    let foreign = foreign(templates);
    for template in templates {
        let name = template["name"].as_str().unwrap_or_default();
        let programs = programs(template);
        for (path, text) in texts(template) {
            let words: Vec<&str> = path.split('/').collect();
            let argument = words.len() == 4 && words[1..3] == ["container", "args"];
            let value = words.last().is_some_and(|word| VALUES.contains(word));
            if text.contains("{{") && !argument && !value {
                found.push(format!("{name}{path}: no tag belongs here: {text}"));
            }
            if programs.contains(&path) && tags(&text).any(|tag| is_foreign(&foreign, name, tag)) {
                found.push(format!("{name}{path}: an event's value in a program: {text}"));
            }
        }
    }
    found
}

/// Where a shell's program stands in a template.
fn programs(template: &Value) -> BTreeSet<String> {
    let container = &template["container"];
    let words = |key: &str| -> Vec<&str> {
        container[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    };
    let (command, args) = (words("command"), words("args"));
    let program = command.first().copied().unwrap_or_default();
    let mut found = BTreeSet::from(["/script/source".to_owned()]);
    let at = |index: usize| format!("/container/args/{index}");
    match program.rsplit('/').next() {
        Some("sh" | "bash" | "dash" | "ash") => {
            // Options, and the word after them; all words behind it are its arguments.
            let options = command[1..].iter().chain(&args).take_while(|word| word.starts_with('-')).count();
            found.extend((options + 1).checked_sub(command.len()).map(at));
        }
        Some("aphex-build") => found.extend([at(2)]),
        Some("aphex-test") => found.extend([at(0)]),
        _ => {}
    }
    found
}

/// The parameters, as `template/parameter`, that some caller fills with an event's value.
fn foreign(templates: &[Value]) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    loop {
        let before = found.len();
        for caller in templates {
            let name = caller["name"].as_str().unwrap_or_default();
            let steps = caller["steps"].as_array().into_iter().flatten().filter_map(Value::as_array).flatten();
            let calls = caller["dag"]["tasks"].as_array().into_iter().flatten().chain(steps);
            let given = calls.map(|call| (call["template"].as_str().unwrap_or_default(), &call["arguments"]));
            for (callee, arguments) in given.chain([(name, &caller["inputs"])]) {
                for parameter in arguments["parameters"].as_array().into_iter().flatten() {
                    let value = parameter["value"].as_str().unwrap_or_default();
                    if tags(value).any(|tag| is_foreign(&found, name, tag)) {
                        let parameter = parameter["name"].as_str().unwrap_or_default();
                        found.insert((callee.to_owned(), parameter.to_owned()));
                    }
                }
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// Whether a tag holds what an event, a container or a person brought, and not what the script says.
fn is_foreign(foreign: &BTreeSet<(String, String)>, template: &str, tag: &str) -> bool {
    match tag.trim().strip_prefix("inputs.parameters.") {
        Some(parameter) => foreign.contains(&(template.to_owned(), parameter.to_owned())),
        None => !["workflow.parameters.repo-url", "workflow.parameters.artifact-bucket"].contains(&tag.trim()),
    }
}

fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}").map(|(tag, _)| tag))
}

/// Every text in a value, with its path.
fn texts(value: &Value) -> Vec<(String, String)> {
    let below = |key: String, value: &Value| -> Vec<(String, String)> {
        texts(value).into_iter().map(|(path, text)| (format!("/{key}{path}"), text)).collect()
    };
    match value {
        Value::String(text) => vec![(String::new(), text.clone())],
        Value::Array(items) => items.iter().enumerate().flat_map(|(at, item)| below(at.to_string(), item)).collect(),
        Value::Object(map) => map.iter().flat_map(|(key, item)| below(key.clone(), item)).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn what_is_wrong_is_found() {
    let container = |command: &[&str], args: &[&str]| serde_json::json!({ "command": command, "args": args });
    let wrong = |container: Value| {
        let caller = serde_json::json!({ "name": "main", "dag": { "tasks": [{ "name": "a", "template": "a",
            "arguments": { "parameters": [{ "name": "x", "value": "{{workflow.parameters.commit-sha}}" }] } }] } });
        let callee = serde_json::json!({ "name": "a", "inputs": { "parameters": [{ "name": "x" }, { "name": "y" }] }, "container": container });
        !problems(&serde_json::json!({ "spec": { "templates": [callee, caller] } })).is_empty()
    };
    assert!(wrong(container(&["sh", "-c"], &["echo {{workflow.parameters.commit-sha}}"])));
    assert!(wrong(container(&["/bin/bash"], &["-e", "-c", "echo {{inputs.parameters.x}}"])));
    assert!(wrong(container(&["/bin/bash", "-c", "echo {{inputs.parameters.y}}"], &[])));
    assert!(wrong(container(&["aphex-test"], &["{{inputs.parameters.x}}"])));
    assert!(!wrong(container(&["sh", "-c"], &["echo \"$1\"", "sh", "{{inputs.parameters.x}}"])));
    assert!(!wrong(container(&["aphex-test"], &["{{inputs.parameters.y}}"])));
}
