//! The engine on a delivery of dev, two stagings side by side, and prod behind a gate.

use serde_json::{Value, json};

use super::{Error, Outcome, Phase, Run, Scenario, Workflow};

const APPROVED: &str = "{{=(tasks['approve-prod']?.outputs?.parameters?.decision ?? 'reject') == 'approve'}}";
const REFUSED: &str = "{{=(tasks['approve-prod']?.outputs?.parameters?.decision ?? 'reject') != 'approve'}}";

/// A task: its name, its template, what it waits for, its condition.
type Row = (&'static str, &'static str, &'static str, &'static str);

const DELIVERY: &[Row] = &[
    ("build", "pod", "", ""),
    ("deploy-dev", "pod", "build.Succeeded", ""),
    ("test-dev", "pod", "deploy-dev.Succeeded", ""),
    ("record-dev", "record", "test-dev.Succeeded", ""),
    ("rollback-dev", "rollback", "deploy-dev.Failed || deploy-dev.Errored || test-dev.Failed || test-dev.Errored", ""),
    ("deploy-eu", "pod", "record-dev.Succeeded", ""),
    ("record-eu", "record", "deploy-eu.Succeeded", ""),
    ("rollback-eu", "rollback", "deploy-eu.Failed || deploy-eu.Errored", ""),
    ("deploy-us", "pod", "record-dev.Succeeded", ""),
    ("record-us", "record", "deploy-us.Succeeded", ""),
    ("rollback-us", "rollback", "deploy-us.Failed || deploy-us.Errored", ""),
    ("approve-prod", "gate", "record-eu.Succeeded && record-us.Succeeded", ""),
    ("reject-prod", "refuse", "approve-prod.Succeeded", REFUSED),
    ("deploy-prod", "pod", "approve-prod.Succeeded", APPROVED),
    ("test-prod", "pod", "deploy-prod.Succeeded", ""),
    ("record-prod", "record", "test-prod.Succeeded", ""),
    (
        "rollback-prod",
        "rollback",
        "deploy-prod.Failed || deploy-prod.Errored || test-prod.Failed || test-prod.Errored",
        "",
    ),
];

fn task(&(name, template, depends, when): &Row) -> Value {
    let mut task = json!({"name": name, "template": template});
    for (key, value) in [("depends", depends), ("when", when)] {
        if !value.is_empty() {
            task[key] = value.into();
        }
    }
    task
}

fn graph(name: &str, rows: &[Row]) -> Value {
    let tasks: Vec<Value> = rows.iter().map(task).collect();
    json!({"name": name, "dag": {"failFast": false, "tasks": tasks}})
}

fn workflow(graphs: Vec<Value>) -> Value {
    let key = json!({"name": "last-good", "key": "dev"});
    let redeploy = json!({"name": "redeploy", "template": "pod", "when": "{{=inputs.parameters['last-good'] != ''}}"});
    let mut templates = vec![
        json!({"name": "pod", "container": {}}),
        json!({"name": "refuse", "container": {"command": ["sh", "-c"], "args": ["echo no >&2; exit 1"]}}),
        json!({"name": "record", "resource": {"action": "patch"}}),
        json!({"name": "gate", "suspend": {"duration": "24h"}, "outputs": {"parameters": [
            {"name": "decision", "valueFrom": {"supplied": {}, "default": "reject"}}]}}),
        json!({"name": "rollback", "steps": [[redeploy]], "inputs": {"parameters": [
            {"name": "last-good", "valueFrom": {"configMapKeyRef": key, "default": ""}}]}}),
    ];
    templates.extend(graphs);
    json!({"spec": {"entrypoint": "main", "templates": templates}})
}

fn delivery() -> Value {
    workflow(vec![graph("main", DELIVERY)])
}

fn run(workflow: &Value, outcomes: &[(&str, Outcome)]) -> Run {
    let outcomes = outcomes.iter().map(|(name, outcome)| ((*name).to_owned(), *outcome)).collect();
    simulate(workflow, &Scenario { outcomes, ..Scenario::default() }).unwrap()
}

/// How the run ends, and the tasks that ran; steps are left out.
fn ran(run: &Run) -> (Phase, Vec<&str>) {
    let tasks = run.tasks.iter().filter(|task| task.started && !task.name.contains('/'));
    (run.phase, tasks.map(|task| task.name.as_str()).collect())
}

fn last(run: &Run) -> (Phase, &str) {
    let (phase, tasks) = ran(run);
    (phase, tasks.last().copied().unwrap_or_default())
}

fn simulate(workflow: &Value, scenario: &Scenario) -> Result<Run, Error> {
    Workflow::read(workflow)?.simulate(scenario)
}

#[test]
fn all_is_well() {
    let run = run(&delivery(), &[]);
    let expected = [
        "build",
        "deploy-dev",
        "test-dev",
        "record-dev",
        "deploy-eu",
        "deploy-us",
        "record-eu",
        "record-us",
        "approve-prod",
        "deploy-prod",
        "test-prod",
        "record-prod",
    ];
    assert_eq!(ran(&run), (Phase::Succeeded, expected.to_vec()));
    assert_eq!(run.task("reject-prod").unwrap().phase, Phase::Skipped);
    assert_eq!(run.task("rollback-prod").unwrap().phase, Phase::Omitted);
    assert_eq!(run.task("deploy-eu").unwrap().wave, run.task("deploy-us").unwrap().wave);
}

#[test]
fn a_failure_ends_the_run_and_is_rolled_back() {
    use Outcome::{Error, Fail};
    let delivery = delivery();
    assert_eq!(ran(&run(&delivery, &[("build", Fail)])), (Phase::Failed, vec!["build"]));
    let failed = run(&delivery, &[("deploy-dev", Fail)]);
    assert_eq!(ran(&failed), (Phase::Failed, vec!["build", "deploy-dev", "rollback-dev"]));
    assert_eq!(failed.task("rollback-dev/redeploy").unwrap().phase, Phase::Succeeded);
    assert_eq!(last(&run(&delivery, &[("test-dev", Fail), ("rollback-dev", Fail)])), (Phase::Failed, "rollback-dev"));
    assert_eq!(last(&run(&delivery, &[("deploy-prod", Error)])), (Phase::Error, "rollback-prod"));
    assert_eq!(last(&run(&delivery, &[("test-prod", Fail)])), (Phase::Failed, "rollback-prod"));
}

#[test]
fn on_the_first_release_there_is_nothing_to_go_back_to() {
    let first_releases = ["dev".to_owned()].into();
    let scenario = Scenario { first_releases, ..Scenario::single("test-dev", Outcome::Fail) };
    let run = simulate(&delivery(), &scenario).unwrap();
    assert_eq!(last(&run), (Phase::Failed, "rollback-dev"));
    assert_eq!(run.task("rollback-dev/redeploy").unwrap().phase, Phase::Skipped);
}

#[test]
fn a_wave_finishes_and_nothing_follows() {
    let run = run(&delivery(), &[("deploy-eu", Outcome::Fail)]);
    let (phase, tasks) = ran(&run);
    assert_eq!(phase, Phase::Failed);
    assert_eq!(tasks[4..], ["deploy-eu", "deploy-us", "rollback-eu", "record-us"]);
    assert_eq!(run.task("approve-prod").unwrap().phase, Phase::Omitted);
}

#[test]
fn a_gate_fails_closed() {
    let delivery = delivery();
    for outcome in [Outcome::Reject, Outcome::TimeOut, Outcome::Resume] {
        let run = run(&delivery, &[("approve-prod", outcome)]);
        assert_eq!(last(&run), (Phase::Failed, "reject-prod"));
        assert_eq!(run.task("deploy-prod").unwrap().phase, Phase::Skipped);
    }
    assert_eq!(last(&run(&delivery, &[("approve-prod", Outcome::Fail)])), (Phase::Failed, "approve-prod"));
}

fn without(name: &str) -> Value {
    workflow(vec![graph("main", &DELIVERY.iter().filter(|row| row.0 != name).copied().collect::<Vec<_>>())])
}

#[test]
fn the_trap_of_a_run_that_ends_with_its_rollback() {
    let run = run(&without("record-prod"), &[("test-prod", Outcome::Fail)]);
    assert_eq!(last(&run), (Phase::Succeeded, "rollback-prod"));
}

#[test]
fn the_trap_of_a_bare_name_after_a_refusal() {
    let mut rows = DELIVERY.to_vec();
    rows.iter_mut().filter(|row| row.0 == "test-prod").for_each(|row| row.2 = "deploy-prod");
    let workflow = workflow(vec![graph("main", &rows)]);
    let run = run(&workflow, &[("approve-prod", Outcome::Reject)]);
    assert_eq!(run.task("deploy-prod").unwrap().phase, Phase::Skipped);
    assert_eq!(run.task("test-prod").unwrap().phase, Phase::Succeeded);
}

#[test]
fn a_graph_in_a_graph_ends_as_its_targets_and_hands_that_on() {
    let inner: Vec<Row> =
        DELIVERY[1..5].iter().map(|row| if row.0 == "deploy-dev" { (row.0, row.1, "", "") } else { *row }).collect();
    let outer: &[Row] = &[("stages-1", "stages-1", "", ""), ("deploy-prod", "pod", "stages-1.Succeeded", "")];
    let workflow = workflow(vec![graph("main", outer), graph("stages-1", &inner)]);
    assert_eq!(last(&run(&workflow, &[])), (Phase::Succeeded, "deploy-prod"));
    let run = run(&workflow, &[("test-dev", Outcome::Fail)]);
    assert_eq!(last(&run), (Phase::Failed, "rollback-dev"));
    assert_eq!(run.task("stages-1").unwrap().phase, Phase::Failed);
    assert_eq!(run.task("test-dev").unwrap().within.as_deref(), Some("stages-1"));
}

#[test]
fn a_rollback_may_be_a_graph_that_is_given_its_commit() {
    let redeploy = json!({"name": "redeploy", "template": "pod", "when": "{{=inputs.parameters['last-good'] != ''}}"});
    let graph = json!({"name": "again", "inputs": {"parameters": [{"name": "last-good"}]},
        "dag": {"failFast": false, "tasks": [redeploy]}});
    let key = json!({"configMapKeyRef": {"name": "last-good", "key": "dev"}, "default": ""});
    let back = json!({"name": "rollback-dev", "template": "again", "depends": "deploy-dev.Failed",
        "arguments": {"parameters": [{"name": "last-good", "valueFrom": key}]}});
    let main = json!({"name": "main", "dag": {"failFast": false,
        "tasks": [{"name": "deploy-dev", "template": "pod"}, back]}});
    let workflow = workflow(vec![main, graph]);
    let mut scenario = Scenario::single("deploy-dev", Outcome::Fail);
    let phase = |scenario: &Scenario| {
        let run = simulate(&workflow, scenario).unwrap();
        (run.task("rollback-dev").unwrap().phase, run.task("rollback-dev/redeploy").unwrap().phase)
    };
    assert_eq!(phase(&scenario), (Phase::Succeeded, Phase::Succeeded));
    scenario.first_releases.insert("dev".to_owned());
    assert_eq!(phase(&scenario), (Phase::Succeeded, Phase::Skipped));
}

#[test]
fn an_exit_handler_runs_after_any_end() {
    let mut workflow = delivery();
    let notify = json!({"name": "notify", "template": "pod", "when": "{{workflow.status}} != Succeeded"});
    workflow["spec"]["onExit"] = "handler".into();
    workflow["spec"]["templates"].as_array_mut().unwrap().push(json!({"name": "handler", "steps": [[notify]]}));
    let notified = |run: &Run| run.exit_handler.as_ref().unwrap().tasks[0].phase;
    let good = run(&workflow, &[]);
    assert_eq!((good.phase, notified(&good)), (Phase::Succeeded, Phase::Skipped));
    let bad = run(&workflow, &[("build", Outcome::Fail)]);
    assert_eq!((bad.phase, notified(&bad)), (Phase::Failed, Phase::Succeeded));
    workflow["spec"]["templates"][5 + 1]["steps"][0][0]["when"] = Value::Null;
    assert_eq!(run(&workflow, &[("notify", Outcome::Fail)]).phase, Phase::Failed);
    workflow["spec"]["templates"][5 + 1]["steps"][0][0]["continueOn"] = json!({"failed": true});
    assert_eq!(run(&workflow, &[("notify", Outcome::Fail)]).phase, Phase::Succeeded);
    assert_eq!(run(&workflow, &[("notify", Outcome::Error)]).phase, Phase::Failed);
}

#[test]
fn what_is_not_there_is_an_error() {
    let error = |task: &str, outcome| simulate(&delivery(), &Scenario::single(task, outcome)).unwrap_err().to_string();
    assert_eq!(error("tst-dev", Outcome::Fail), "there is no task `tst-dev`; did you mean `test-dev`?");
    assert_eq!(error("deploy-dev", Outcome::Reject), "there is no approval `deploy-dev`\nthere are approve-prod");
    let scenario = Scenario { first_releases: ["den".to_owned()].into(), ..Scenario::default() };
    assert!(matches!(simulate(&delivery(), &scenario), Err(Error::Unknown { near, .. }) if near.len() == 1));
}

#[test]
fn what_is_not_known_is_an_error() {
    let circle: &[Row] = &[("a", "pod", "b.Succeeded", ""), ("b", "pod", "a.Succeeded", "")];
    let deep: Vec<Value> = vec![graph("main", &[("again", "main", "", "")])];
    let listed = json!({"name": "main", "dag": {"failFast": false, "tasks": [
        {"name": "a", "template": "pod", "withParam": "[]"}]}});
    let fast = json!({"name": "main", "dag": {"tasks": []}});
    let unread: &[Row] = &[("a", "pod", "", "{{=tasks.b.status == 'Succeeded'}}")];
    let absent: &[Row] = &[("a", "pot", "", "")];
    let typo: &[Row] = &[("a", "pod", "b.Succeeded", "")];
    let graphs = [circle, unread, absent, typo].map(|rows| vec![graph("main", rows)]);
    for templates in graphs.into_iter().chain([deep, vec![listed], vec![fast], vec![]]) {
        let result = simulate(&workflow(templates.clone()), &Scenario::default());
        assert!(matches!(result, Err(Error::Unsupported(_))), "{templates:?}: {result:?}");
    }
    assert!(simulate(&json!({"kind": "WorkflowTemplate"}), &Scenario::default()).is_err());
}
