//! What is told of a pipeline that became files: its graph, how it runs, which deliveries start it.

use aphex::emit::Artifact;
use aphex::event::Receiver;
use aphex::graph::{Graph, dot, mermaid, svg, tree};
use aphex::report::Style;
use aphex::simulate::{Outcome, Phase, Scenario, Workflow};
use aphex::{Evaluation, Output};
use serde_json::Value;

/// `json` is the same evaluation, written as JSON.
pub(super) fn check(evaluation: &Evaluation, json: &Evaluation) {
    for pipeline in &evaluation.project.pipelines {
        let graph = Graph::of(pipeline);
        tree(&graph, Style::PLAIN);
        dot(&graph);
        mermaid(&graph);
        svg(&graph);
    }
    for output in &json.outputs {
        let all = documents(output);
        Receiver::read(&all).expect("deliveries are told about");
        let workflow = all.iter().find(|document| document["kind"] == "WorkflowTemplate").expect("a pipeline has one");
        check_runs(&Workflow::read(workflow).expect("what is emitted can be simulated"));
    }
}

fn documents(output: &Output) -> Vec<Value> {
    let documents = output.artifacts.iter().flat_map(Artifact::documents);
    documents.map(|document| serde_json::from_str(document.text).expect("it is JSON")).collect()
}

/// A run in which nothing fails ends well, one in which a task fails does not, and none of them is stuck.
fn check_runs(workflow: &Workflow) {
    let good = workflow.simulate(&Scenario::default()).expect("nothing is asked for");
    assert_eq!(good.phase, Phase::Succeeded, "{good:?}");
    for task in workflow.tasks().iter().take(8) {
        let run = workflow.simulate(&Scenario::single(&task.name, Outcome::Fail));
        if let Ok(run) = run {
            let failed = run.tasks.iter().any(|one| one.name == task.name && one.phase.is_failure());
            assert!(!failed || run.phase != Phase::Succeeded, "{}: {run:?}", task.name);
        }
    }
}
