//! Forms that are not known are errors, and payloads come in several.

use serde_json::{Value, json};

use super::*;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// A Sensor that wants pushes of `main`, with one value changed.
fn sensor(change: impl FnOnce(&mut Value)) -> Value {
    let mut sensor = json!({ "kind": "Sensor", "metadata": { "name": "s" }, "spec": {
        "eventBusName": "default", "template": {},
        "dependencies": [{ "name": "push", "eventSourceName": "e", "eventName": "p", "filters": { "data": [
            { "path": "body.ref", "type": "string", "value": ["^refs/heads/main$"] },
            { "path": "body.deleted", "type": "bool", "value": ["false"] }
        ] } }],
        "triggers": [{ "template": { "name": "push", "conditions": "push", "k8s": {
            "operation": "create",
            "source": { "resource": { "apiVersion": "v1", "kind": "Workflow",
                "metadata": { "generateName": "p-", "namespace": "argo" },
                "spec": { "workflowTemplateRef": { "name": "t" },
                          "arguments": { "parameters": [{ "name": "commit", "value": "" }, { "name": "x", "value": "1" }] } } } },
            "parameters": [{ "src": { "dependencyName": "push", "dataKey": "body.after" }, "dest": "spec.arguments.parameters.0.value" }]
        } } }]
    } });
    change(&mut sensor);
    sensor
}

fn delivery(body: &Value) -> Delivery {
    Delivery::read(body.to_string().as_bytes(), Some("push")).unwrap()
}

fn push() -> Value {
    json!({ "ref": "refs/heads/main", "before": COMMIT, "after": COMMIT, "deleted": false, "commits": [] })
}

#[test]
fn a_run_gets_what_the_event_the_sensor_and_the_template_give() {
    let template = json!({ "metadata": { "name": "t" }, "spec": { "arguments": { "parameters": [
        { "name": "commit" }, { "name": "x", "value": "2" }, { "name": "y", "value": "3" }
    ] } } });
    let sensor = Sensor::read(&sensor(|_| ()), &[&template]).unwrap();
    let run = sensor.judge(&delivery(&push())).unwrap().run.unwrap();
    let from = |from: &Origin| serde_json::to_string(from).unwrap();
    let given: Vec<_> = run.parameters.iter().map(|given| (&*given.name, &*given.value, from(&given.from))).collect();
    let expected = [
        ("commit", COMMIT, r#"{"event":"body.after"}"#.to_owned()),
        ("x", "1", r#"{"sensor":"s"}"#.to_owned()),
        ("y", "3", r#"{"workflow_template":"t"}"#.to_owned()),
    ];
    assert_eq!(given, expected);
}

#[test]
fn a_missing_value_is_told_from_one_that_is_wrong() {
    let sensor = Sensor::read(&sensor(|_| ()), &[]).unwrap();
    let mut body = push();
    body["deleted"] = json!(null);
    body["ref"] = json!("refs/heads/main\n");
    let looks = sensor.judge(&delivery(&body)).unwrap().filters;
    // Go's `$` is the end of the text, and its `Bool()` of null is false.
    assert_eq!(looks.iter().map(|look| look.holds).collect::<Vec<_>>(), [false, true]);
    let looks = sensor.judge(&delivery(&json!({ "after": COMMIT }))).unwrap().filters;
    assert_eq!(looks.iter().map(|look| look.found.clone()).collect::<Vec<_>>(), [None, None]);
    let mut body = push();
    body.as_object_mut().unwrap().remove("after");
    let error = sensor.judge(&delivery(&body)).unwrap_err();
    assert!(error.to_string().contains("the payload has no `body.after`"), "{error}");
}

#[test]
fn a_form_that_is_not_known_is_an_error() {
    type Change = fn(&mut Value);
    let changes: [Change; 13] = [
        |sensor| sensor["spec"]["dependencies"][0]["filters"]["script"] = json!("return true"),
        |sensor| sensor["spec"]["dependencies"][0]["filters"]["exprs"] = json!([]),
        |sensor| sensor["spec"]["dependencies"][0]["filters"]["data"][0]["comparator"] = json!("!="),
        |sensor| sensor["spec"]["dependencies"][0]["filters"]["data"][0]["template"] = json!("{{ .Input }}"),
        |sensor| sensor["spec"]["dependencies"][0]["filters"]["data"][0]["type"] = json!("number"),
        |sensor| sensor["spec"]["dependencies"][0]["filters"]["data"][0]["value"] = json!([]),
        |sensor| sensor["spec"]["dependencies"][0]["filters"]["data"][0]["value"] = json!(["("]),
        |sensor| sensor["spec"]["dependencies"][0]["filters"]["data"][1]["value"] = json!(["no"]),
        |sensor| sensor["spec"]["dependencies"][0]["filters"]["data"][0]["path"] = json!("body.commits.#"),
        |sensor| sensor["spec"]["dependencies"][0]["transform"] = json!({}),
        |sensor| sensor["spec"]["triggers"][0]["template"]["conditions"] = json!("push || tag"),
        |sensor| sensor["spec"]["triggers"][0]["template"]["k8s"]["parameters"][0]["src"]["value"] = json!("x"),
        |sensor| sensor["spec"]["triggers"][0]["template"]["k8s"]["parameters"][0]["dest"] = json!("spec.a.9.value"),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let error = Sensor::read(&sensor(change), &[]).err();
        assert!(matches!(error, Some(Error::Unsupported(_))), "{number}: {error:?}");
    }
}

#[test]
fn too_much_to_match_is_an_error_and_not_a_wait() {
    let many = vec!["x".repeat(1 << 10); 1 << 10];
    let sensor = sensor(|sensor| sensor["spec"]["dependencies"][0]["filters"]["data"][0]["value"] = json!(many));
    let mut body = push();
    body["ref"] = json!("y".repeat(1 << 13));
    let error = Sensor::read(&sensor, &[]).unwrap().judge(&delivery(&body)).unwrap_err();
    assert!(error.to_string().contains("too much"), "{error}");
    // Nor is it where many Sensors want little each.
    body["ref"] = json!("y".repeat(3 << 10));
    let (sensor, delivery) = (Sensor::read(&sensor, &[]).unwrap(), delivery(&body));
    assert!(sensor.judge(&delivery).is_ok() && sensor.judge(&delivery).is_err());
}

#[test]
fn a_payload_comes_in_several_forms() {
    let mut said = push();
    said["X-GitHub-Event"] = json!("push");
    for (payload, how) in [
        (push(), How::Shape),
        (said.clone(), How::Said),
        (json!({ "headers": { "x-github-event": "push" }, "body": push() }), How::Said),
        (json!({ "headers": {}, "body": said }), How::Said),
        (json!({ "request": { "headers": { "X-GitHub-Event": "push" }, "payload": push() } }), How::Said),
    ] {
        let delivery = Delivery::read(format!("\u{feff}{payload}").as_bytes(), None).unwrap();
        assert_eq!((&*delivery.event, delivery.how), ("push", how), "{payload}");
        assert_eq!(delivery.text(&["ref"]), Some("refs/heads/main"));
    }
}

#[test]
fn a_payload_that_is_none_says_what_is_wrong_with_it() {
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    let cases: [(&[u8], Option<&str>, &str); 9] = [
        (b"", None, "it is not JSON"),
        (b"ref=main", None, "it is not JSON"),
        (b"{\"a\": \xff}", None, "it is not JSON"),
        (&deep, None, "it is not JSON"),
        (b"[1]", None, "it is no JSON object"),
        (b"{}", None, "name it by `--event`"),
        (b"{\"headers\": {}, \"body\": \"payload=%7B\"}", None, "content type"),
        (b"{\"X-GitHub-Event\": 1}", None, "name it by `--event`"),
        (b"{\"X-GitHub-Event\": \"push\"}", Some("ping"), "`push`, and not `ping`"),
    ];
    for (payload, event, expected) in cases {
        let error = Delivery::read(payload, event).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn an_event_source_takes_what_it_asks_for() {
    let source = json!({ "metadata": { "name": "e" }, "spec": { "eventBusName": "d", "template": {}, "github": { "p": {
        "repositories": [{ "owner": "my-org", "names": ["my-app"] }],
        "webhook": { "endpoint": "/", "port": "1", "method": "POST", "url": "" },
        "events": ["push"], "insecure": false, "active": true, "contentType": "json", "deleteHookOnFinish": false
    } } } });
    let source = EventSource::read(&source).unwrap();
    let refuses =
        |body: &Value, event| source.refuses(&Delivery::read(body.to_string().as_bytes(), Some(event)).unwrap());
    assert_eq!(refuses(&json!({ "repository": { "full_name": "My-Org/my-app" } }), "push"), None);
    assert!(matches!(
        refuses(&json!({ "repository": { "full_name": "a/b" } }), "push"),
        Some(Refusal::OtherRepository { .. })
    ));
    assert!(matches!(refuses(&json!({}), "release"), Some(Refusal::NotAsked { .. })));
    assert_eq!(refuses(&json!({}), "ping"), Some(Refusal::Ping));
    let large = json!({ "a": "x".repeat(1 << 20) });
    assert!(matches!(refuses(&large, "push"), Some(Refusal::TooLarge { most: 1_048_576, .. })));
    // What was passed on has been taken.
    assert_eq!(refuses(&json!({ "headers": {}, "body": large }), "push"), None);
}
