//! What holds of every comparison.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::report::Style;

fn snapshot(model: &Value, files: &[(&str, &Value)]) -> Snapshot {
    let manifest = json!({ "version": 1, "script": "p.aphex", "pipeline": model, "parameters": {}, "files": {} });
    let mut all = vec![("pipeline.json".to_owned(), manifest.to_string())];
    all.extend(files.iter().map(|(path, value)| ((*path).to_owned(), value.to_string())));
    let mut snapshot = Snapshot::new();
    snapshot.add("p", all).unwrap();
    snapshot
}

/// Any JSON, with the words in it that the comparison looks for.
fn any_json() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "kind",
        "name",
        "stages",
        "parallel",
        "sequence",
        "environment",
        "step",
        "approval",
        "message",
        "timeout",
        "*",
        "Allow",
        "Deny",
        "Effect",
        "Action",
        "NotAction",
        "Resource",
        "Condition",
        "StringEquals",
        "Statement",
        "Resources",
        "Type",
        "AWS::IAM::Role",
        "Properties",
        "Policies",
        "PolicyDocument",
        "AssumeRolePolicyDocument",
        "Principal",
        "Fn::Sub",
        "Ref",
        "ManagedPolicyArns",
        "WorkflowTemplate",
        "spec",
        "templates",
        "dag",
        "tasks",
        "template",
        "container",
        "serviceAccountName",
        "secretKeyRef",
        "key",
        "Role",
        "RoleBinding",
        "rules",
        "verbs",
        "resources",
        "apiGroups",
        "resourceNames",
        "subjects",
        "roleRef",
        "ServiceAccount",
        "metadata",
        "namespace",
    ]);
    let leaf = prop_oneof![Just(Value::Null), any::<bool>().prop_map(Value::from), words.clone().prop_map(Value::from)];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        let map = prop::collection::vec((words.clone(), inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..5).prop_map(Value::from),
            map.prop_map(|entries| entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

fn any_model() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec!["a", "b", "c", "d"]);
    let kinds = prop::sample::select(vec!["environment", "step", "approval"]);
    let gate = prop_oneof![Just(Value::Null), Just(json!(true)), Just(json!({ "name": "g", "timeout": "1h" }))];
    let unit =
        (kinds, names, gate).prop_map(|(kind, name, gate)| json!({ "kind": kind, "name": name, "approval": gate }));
    let stage = unit.prop_recursive(3, 24, 5, |inner| {
        let group = prop::sample::select(vec!["parallel", "sequence"]);
        (group, prop::collection::vec(inner, 0..5)).prop_map(|(kind, stages)| json!({ "kind": kind, "stages": stages }))
    });
    prop::collection::vec(stage, 0..6).prop_map(|stages| json!({ "name": "p", "stages": stages }))
}

proptest! {
    #[test]
    fn nothing_panics_and_a_thing_is_the_same_as_itself(a in any_json(), b in any_json(), c in any_json(), d in any_json()) {
        let (old, new) = (snapshot(&json!({ "stages": a }), &[("a.yaml", &b)]), snapshot(&json!({ "stages": c }), &[("a.yaml", &d)]));
        prop_assert!(changes(&old, &old).is_empty());
        let found = changes(&old, &new);
        prop_assert_eq!(found.is_empty(), a == c && b == d);
        prop_assert!(found.text(Style::PLAIN).ends_with('\n'));
        prop_assert_eq!(found.json()["version"].as_u64(), Some(1));
    }

    #[test]
    fn a_file_that_is_different_is_told(old in "[a-c\n]{0,6}", new in "[a-c\n]{0,6}") {
        let side = |text: &str| {
            let mut snapshot = Snapshot::new();
            snapshot.add("p", [("notes.txt".to_owned(), text.to_owned())]).unwrap();
            snapshot
        };
        let found = changes(&side(&old), &side(&new));
        prop_assert_eq!(found.is_empty(), old == new);
        prop_assert_eq!(found.paths(), if old == new { vec![] } else { vec!["p/files/notes.txt".to_owned()] });
    }

    /// Whoever counts gates finds at least what a look at each stage finds.
    #[test]
    fn a_stage_that_loses_its_last_gate_is_told(old in any_model(), new in any_model()) {
        let naked = |model: &Value, name: &str| {
            let plan = plan::Plan::of(model);
            let gates = plan.gates();
            let guards = plan.guards(&gates);
            let mut found = plan.units.iter().enumerate().filter(|(_, unit)| unit.kind == plan::Kind::Environment && unit.name == name);
            match (found.next(), found.next()) {
                (Some((at, _)), None) => Some(guards[at].is_empty()),
                _ => None,
            }
        };
        let found = changes(&snapshot(&old, &[]), &snapshot(&new, &[]));
        for name in ["a", "b", "c", "d"] {
            if naked(&old, name) == Some(false) && naked(&new, name) == Some(true) {
                prop_assert!(found.all().any(|change| change.topic == Topic::Gates && change.is_urgent()), "{name}: {:#}", found.json());
            }
        }
    }
}

#[test]
fn what_starts_more_runs_than_before_is_marked_and_stands_in_the_brief() {
    let model = |source: &Value| json!({ "name": "p", "source": source, "retention": source["tags"] });
    let effects = |old: &Value, new: &Value| -> Vec<Effect> {
        let found = changes(&snapshot(&model(old), &[]), &snapshot(&model(new), &[]));
        found.all().filter(|change| change.topic == Topic::Triggers).map(|change| change.effect).collect()
    };
    let main = json!({ "branch": ["main"], "paths": ["src/**"] });
    assert_eq!(effects(&main, &json!({ "branch": ["main", "hot/*"], "paths": ["src/**"] })), [Effect::Widens]);
    assert_eq!(effects(&main, &json!({ "branch": ["main"], "paths": [] })), [Effect::Widens]);
    assert_eq!(effects(&json!({ "branch": ["main"] }), &main), [Effect::Narrows]);
    assert_eq!(effects(&json!({ "url": "a" }), &json!({ "url": "b" })), [Effect::Widens]);

    let tagged = json!({ "branch": ["main"], "paths": ["src/**"], "tags": ["v*"] });
    let found = changes(&snapshot(&model(&main), &[]), &snapshot(&model(&tagged), &[]));
    let brief = "p\n\n  triggers\n  ! added  tags  v*\n\n1 setting changed, 1 trigger changed, 1 file\n";
    assert_eq!(found.brief(Style::PLAIN), brief);
    assert!(found.text(Style::PLAIN).contains("retention"));
}

#[test]
fn what_cannot_be_read_is_said() {
    let add = |path: &str, text: &str| Snapshot::new().add("p", [(path.to_owned(), text.to_owned())]);
    assert!(add("pipeline.json", "{").is_err());
    assert!(add("pipeline.json", "{\"version\": 2, \"pipeline\": {}}").unwrap_err().contains("version 2"));
    assert!(add("pipeline.json", "{\"version\": 1}").is_err());
    assert!(add("rbac.yaml", "a: [").is_err());
    assert!(add("rbac.yaml", "").is_ok());
    assert!(add("notes.txt", "a: [").is_ok());
}

#[test]
fn a_pipeline_under_another_name_is_found_by_what_it_delivers() {
    let model = |name: &str| {
        let stages = json!([{ "kind": "environment", "name": "dev", "account": "1", "region": "r" }]);
        json!({ "name": name, "source": { "name": "o/r" }, "stages": stages })
    };
    let side = |name: &str| {
        let manifest = json!({ "version": 1, "pipeline": model(name) }).to_string();
        let mut snapshot = Snapshot::new();
        snapshot.add(name, [("pipeline.json".to_owned(), manifest)]).unwrap();
        snapshot
    };
    let found = changes(&side("a"), &side("b"));
    assert_eq!(found.pipelines[0].state, State::Renamed { from: "a".into() });
    assert_eq!(changes(&side("a"), &Snapshot::new()).pipelines[0].state, State::Removed);
    assert_eq!(changes(&Snapshot::new(), &side("a")).pipelines[0].state, State::Added);
}
