//! Gates, rollbacks, steps, and one task a stack.

use super::*;

fn step(name: &str, keys: Value) -> Value {
    let mut all = json!({ "image": "a/b:1", "commands": ["x"] });
    let Value::Object(keys) = keys else { panic!("keys are a map") };
    all.as_object_mut().unwrap().extend(keys);
    call("step", [json!(name), all])
}

fn staged(stages: Value) -> Arc<Pipeline> {
    let mut keys = json!({ "build": null, "validate": false, "self_update": false });
    keys["stages"] = stages;
    pipeline(keys)
}

/// Every task with its template, wherever it stands.
fn tasks(pipeline: &Pipeline) -> BTreeMap<String, Value> {
    let templates = templates(pipeline);
    let tasks = templates.values().filter_map(|template| template["dag"]["tasks"].as_array()).flatten();
    tasks.map(|task| (text(&task["name"]), task.clone())).collect()
}

#[test]
fn what_an_environment_asks_for_runs_in_its_order() {
    let steps = |name: &str| json!([step(&format!("{name}-a"), json!({})), step(&format!("{name}-b"), json!({}))]);
    let prod = environment(
        "prod",
        json!({ "approval": true, "before": steps("before"), "after": steps("after"), "tests": ["x"],
            "verify": step("soak", json!({})), "rollback": true }),
    );
    assert_eq!(
        order(&staged(json!([prod, environment("last", json!({}))]))),
        [
            "approve-prod < -",
            "reject-prod < approve-prod",
            "step-before-a < reject-prod.Skipped",
            "step-before-b < step-before-a",
            "deploy-prod < step-before-b",
            "step-after-a < deploy-prod",
            "step-after-b < step-after-a",
            "test-prod < step-after-b",
            "step-soak < test-prod",
            "record-prod < step-soak",
            "rollback-prod < deploy-prod.Failed || deploy-prod.Errored || step-after-a.Failed || step-after-a.Errored || \
             step-after-b.Failed || step-after-b.Errored || test-prod.Failed || test-prod.Errored || step-soak.Failed || \
             step-soak.Errored",
            "deploy-last < record-prod",
        ]
    );
}

#[test]
fn everything_behind_a_gate_waits_for_the_refusal_that_did_not_come() {
    let gated = |name: &str, message: &str| environment(name, json!({ "approval": message }));
    let wave = call("parallel", [gated("a", "Same?"), gated("b", "Same?"), environment("c", json!({}))]);
    let last = call("approval", [json!("Was it {{good}}?"), json!({ "name": "good", "timeout": "90m" })]);
    let pipeline = staged(json!([call("approval", ["First?"]), gated("d", "Same?"), wave, last]));
    assert_eq!(
        order(&pipeline)[5..],
        [
            "approve-a < deploy-d",
            "reject-a < approve-a",
            "deploy-a < reject-a.Skipped",
            "approve-b < deploy-d",
            "reject-b < approve-b",
            "deploy-b < reject-b.Skipped",
            "deploy-c < deploy-d",
            "good < deploy-a && deploy-b && deploy-c",
            "reject-good < good",
        ]
    );
    let when = "{{=(tasks['good']?.outputs?.parameters?.decision ?? 'reject') != 'approve'}}";
    assert_eq!(tasks(&pipeline)["reject-good"]["when"], when);
    let templates = templates(&pipeline);
    let gate = &templates["approve-3"];
    assert_eq!(gate["suspend"], json!({ "duration": "90m" }));
    assert_eq!(gate["inputs"]["parameters"][0]["description"], "Was it { {good}}?");
    let supplied = json!({ "name": "decision", "valueFrom": { "supplied": {}, "default": "reject" } });
    assert_eq!(gate["outputs"]["parameters"], json!([supplied]));
    assert_eq!(tasks(&pipeline)["approve-a"]["template"], tasks(&pipeline)["approve-d"]["template"]);
    assert_eq!(templates["reject"]["serviceAccountName"], "my-app-builder");
    assert!(names_of(&pipeline, "ServiceAccount").contains(&"my-app-builder".to_owned()));
}

#[test]
fn stacks_side_by_side_wait_for_what_they_depend_on() {
    let on = |name: &str, others: Value| call("stack", [json!(name), json!({ "depends_on": others })]);
    let hidden = on("Hidden", json!(["Base"]));
    let stacks = json!([
        call("stack", ["Base"]),
        on("Api", json!([hidden])),
        on("Web", json!(["Api"])),
        call("stack", ["Jobs"])
    ]);
    let keys = json!({ "stacks": stacks, "deploy": "per_stack", "tests": ["x"], "rollback": true });
    let pipeline = staged(json!([environment("dev", keys)]));
    assert_eq!(
        order(&pipeline)[..5],
        [
            "deploy-dev-base < -",
            "deploy-dev-api < deploy-dev-base",
            "deploy-dev-web < deploy-dev-api",
            "deploy-dev-jobs < -",
            "test-dev < deploy-dev-web && deploy-dev-jobs",
        ]
    );
    assert_eq!(container(&pipeline, "deploy-dev-api")["args"][3], "Api");
    let stacks = |task: &Value| {
        let mut parameters = task["arguments"]["parameters"].as_array().unwrap().iter();
        parameters.find(|parameter| parameter["name"] == "stacks").unwrap()["value"].clone()
    };
    assert_eq!(stacks(&tasks(&pipeline)["rollback-dev"]), "Base Api Web Jobs");
}

#[test]
fn names_made_from_two_are_told_apart() {
    let stacks = |names: &[&str]| json!({ "stacks": names.iter().map(|name| call("stack", [*name])).collect::<Vec<_>>(), "deploy": "per_stack" });
    let soak = step("soak", json!({}));
    let mut first = stacks(&["B-C", "Plain", "PLAIN"]);
    first["before"] = soak.clone();
    let mut second = stacks(&["C"]);
    second["before"] = soak;
    // The JSON of these tests makes an object each time that it is read: two steps of one name.
    let pipeline = staged(json!([step("soak-a", json!({})), environment("a", first), environment("a-b", second)]));
    let names: Vec<String> = order(&pipeline).iter().map(|line| line.split(" < ").next().unwrap().to_owned()).collect();
    let mut different = names.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), names.len(), "{names:?}");
    let plain = ["step-soak-a", "step-soak-a-b"];
    assert!(plain.iter().all(|name| names.contains(&(*name).to_owned())), "{names:?}");
    let hashed =
        |start: &str| names.iter().filter(|name| name.starts_with(start) && name.len() == start.len() + 8).count();
    assert_eq!((hashed("deploy-a-b-c-"), hashed("deploy-a-plain-"), hashed("step-soak-a-")), (2, 2, 1), "{names:?}");
}

#[test]
fn a_rollback_deploys_what_succeeded_last_and_commands_run_as_the_builder() {
    let back = environment("back", json!({ "rollback": true }));
    let undo = environment("undo", json!({ "rollback": ["./undo.sh '{{x}}'", "true"] }));
    let pipeline = pipeline(json!({ "stages": [back, undo], "directory": "./app/" }));
    let templates = templates(&pipeline);
    let rollback = &tasks(&pipeline)["rollback-back"];
    let key = json!({ "name": "my-app-last-good", "key": "back" });
    let read = json!({ "name": "last-good", "valueFrom": { "configMapKeyRef": key, "default": "" } });
    assert_eq!(rollback["arguments"]["parameters"][0], read);
    let again = &templates[rollback["template"].as_str().unwrap()]["dag"]["tasks"][0];
    assert_eq!(again["when"], "{{=inputs.parameters['last-good'] != ''}}");
    let given = again["arguments"]["parameters"].as_array().unwrap();
    assert!(given.contains(&json!({ "name": "commit-sha", "value": "{{inputs.parameters.last-good}}" })));
    assert!(given.contains(&json!({ "name": "artifact-path", "value": "" })));

    let deploy = container(&pipeline, "deploy-back");
    assert_eq!(
        (&deploy["args"][1], &variables(&deploy)["APHEX_COMMIT"]),
        (&json!(stages::COMMIT), &json!(stages::COMMIT))
    );
    let commands = container(&pipeline, "rollback-undo");
    assert_eq!((&commands["command"], &commands["workingDir"]), (&json!(["sh", "-ec"]), &json!("/workspace/app")));
    assert_eq!(escape::kubelet(commands["args"][0].as_str().unwrap()), "./undo.sh '{{x}}' && true");
    let who = |template: &str| templates[template]["serviceAccountName"].clone();
    assert_eq!(who(tasks(&pipeline)["rollback-undo"]["template"].as_str().unwrap()), "my-app-builder");
    assert_eq!(who("record"), "my-app-executor");

    let files = emit(&pipeline, "pipeline.aphex", Format::Yaml);
    assert!(files.iter().any(|file| file.path == "kubernetes/config-map.yaml"));
    let map = document_of(&pipeline, "ConfigMap");
    assert_eq!(map["metadata"]["labels"]["workflows.argoproj.io/configmap-type"], "Parameter");
    assert_eq!(map.get("data"), None);
    let documents = documents(&pipeline);
    let rules = |name: &str| documents[&("Role".to_owned(), name.to_owned())]["rules"].clone();
    let rule = json!({ "apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["my-app-last-good"], "verbs": ["get", "patch"] });
    assert_eq!(rules("my-app-last-good"), json!([rule]));
    assert!(rules("my-app-updater").as_array().unwrap().contains(&rule));
}

#[test]
fn a_step_arrives_as_it_was_written_and_runs_as_who_it_should() {
    let statement = json!({ "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::x/*"] });
    let keys = json!({ "permissions": [statement], "variables": { "V": "{{v}}" }, "timeout": "5m", "retries": 2,
        "secrets": { "KEY": call("secret", ["s", "k"]) } });
    let bare = call(
        "step",
        [json!("bare"), json!({ "image": "a/b:1", "command": ["{{c}}", "$(c)"], "args": ["{{=1}}", "$$"] })],
    );
    let tests = json!({ "commands": ["x"], "permissions": [statement] });
    let dev =
        environment("dev", json!({ "verify": step("own", keys), "tests": tests, "variables": { "E": "1", "V": "2" } }));
    let pipeline = pipeline(json!({ "stages": [bare, dev] }));
    let words = |container: &Value, key: &str| -> Vec<String> {
        container[key].as_array().unwrap().iter().map(|word| escape::kubelet(word.as_str().unwrap())).collect()
    };
    let bare = container(&pipeline, "step-bare");
    assert_eq!(
        (words(&bare, "command"), words(&bare, "args")),
        (vec!["{{c}}".into(), "$(c)".into()], vec!["{{=1}}".into(), "$$".into()])
    );
    let own = variables(&container(&pipeline, "step-own"));
    assert_eq!((escape::kubelet(own["V"].as_str().unwrap()), &own["E"]), ("{{v}}".to_owned(), &json!("1")));
    assert_eq!((&own["APHEX_ENVIRONMENT"], &own["KEY"]["secretKeyRef"]["name"]), (&json!("dev"), &json!("s")));
    assert!(!own.contains_key("GITHUB_TOKEN") && own.contains_key("ARTIFACT_PATH"));
    let templates = templates(&pipeline);
    let template = &templates["step-own"];
    assert_eq!((&template["activeDeadlineSeconds"], &template["retryStrategy"]["limit"]), (&json!(300), &json!("2")));
    assert_eq!(template["serviceAccountName"], "my-app-step-own");
    assert_eq!(templates["test-dev"]["serviceAccountName"], "my-app-test-dev");
    let documents = documents(&pipeline);
    let account = &documents[&("ServiceAccount".to_owned(), "my-app-step-own".to_owned())]["metadata"]["annotations"];
    assert_eq!(account["eks.amazonaws.com/role-arn"], "arn:aws:iam::999999999999:role/my-app-us-east-1-step-own");
    let reporting = &documents[&("RoleBinding".to_owned(), "my-app-task-results".to_owned())]["subjects"];
    let reporting: Vec<String> = reporting.as_array().unwrap().iter().map(|subject| text(&subject["name"])).collect();
    let expected = [
        "my-app-builder",
        "my-app-executor",
        "my-app-updater",
        "my-app-pull-request",
        "my-app-test-dev",
        "my-app-step-own",
    ];
    assert_eq!(reporting, expected);
}

#[test]
fn a_step_of_pull_requests_is_not_in_the_run_of_a_push_and_holds_nothing_up() {
    let lint = step("lint", json!({ "on": ["pull_request"] }));
    let both = step("both", json!({ "on": ["pull_request", "push"] }));
    let wave = call("parallel", [lint]);
    let pipeline = staged(json!([both, wave, environment("dev", json!({}))]));
    assert_eq!(order(&pipeline), ["step-both < -", "deploy-dev < step-both"]);
}

#[test]
fn hundreds_of_gates_and_rollbacks_stay_within_argos_limits() {
    let made = (0..300).map(|n| {
        let keys =
            json!({ "approval": true, "rollback": true, "tests": ["x"], "before": step(&format!("s-{n}"), json!({})) });
        environment(&format!("e-{n}"), keys)
    });
    let stacks: Vec<Value> = (0..450).map(|n| call("stack", [format!("S{n}")])).collect();
    let big = environment("big", json!({ "stacks": stacks, "deploy": "per_stack", "rollback": true }));
    let gate = call("approval", [json!("Go?"), json!({ "name": "go" })]);
    let pipeline = pipeline(json!({ "stages": [gate, call("parallel", made.collect::<Vec<_>>()), big] }));
    assert_eq!(problems(&pipeline), []);
    let document = &documents(&pipeline)[&("WorkflowTemplate".to_owned(), "my-app-template".to_owned())];
    assert_eq!(schemas::problems(document), Vec::<String>::new());
    let templates = templates(&pipeline);
    assert!(templates.len() < 30, "{:?}", templates.keys());
    for (name, template) in &templates {
        let tasks: Vec<&Value> = template["dag"]["tasks"].as_array().into_iter().flatten().collect();
        assert!(tasks.len() <= 200, "{name}: {}", tasks.len());
        // Each task names tasks of its own graph alone.
        let names: Vec<&str> = tasks.iter().filter_map(|task| task["name"].as_str()).collect();
        for depends in tasks.iter().filter_map(|task| task["depends"].as_str()) {
            let parts = depends.split([' ', '&', '|']).filter(|part| !part.is_empty());
            assert!(parts.clone().all(|part| names.contains(&part.split('.').next().unwrap())), "{name}: {depends}");
        }
        // A rollback and the record that makes it count as a failure are in one graph.
        let is = |start: &str| names.iter().filter(|name| name.starts_with(start)).count();
        assert_eq!(is("rollback-"), is("record-"), "{name}");
    }
}
