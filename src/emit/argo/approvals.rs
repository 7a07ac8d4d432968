//! Gates: a node that waits, and a task that fails where nobody approved.
//!
//! Argo resumes a waiting node for many reasons: a person chose, the time is over, somebody resumed the whole run. It
//! has always succeeded then, and only its output says whether somebody approved. Everything but the word `approve` is
//! a refusal: no output, too. One expression decides, that of the task `reject-…`, which runs where the word is missing
//! and ends with 1. What comes after the gate waits for `reject-….Skipped`, and that task is skipped in one case only,
//! which is an approval. It fails where it runs, has an error where the expression has one, and is left out where the
//! waiting node itself was failed. So nothing after a gate needs a condition of its own, whether one task waits for it
//! or three hundred, and at the end of a graph a skipped task counts as the node that it waited for, a failed one as
//! failed.

use indexmap::IndexMap;

use super::escape::apart;
use super::job::Job;
use super::order::{Node, Plan};
use super::stages::Stages;
use super::types::{Body, Inputs, Outputs, Parameter, Supplied, Suspend, Task, Template, ValueFrom};
use crate::model::{GateTask, TaskNames};

const DECISION: &str = "decision";
const APPROVE: &str = "approve";
const REJECT: &str = "reject";

/// The templates of gates: those that ask the same and wait as long share one.
pub(super) struct Approvals {
    templates: IndexMap<(String, i64), String>,
}

impl Approvals {
    /// The templates that `gates` need.
    pub(super) fn of(gates: Vec<GateTask>) -> Self {
        let mut templates = IndexMap::new();
        for GateTask { name: _, message, seconds } in gates {
            let number = templates.len() + 1;
            let name = || if number == 1 { APPROVE.to_owned() } else { format!("{APPROVE}-{number}") };
            templates.entry((message, seconds)).or_insert_with(name);
        }
        Self { templates }
    }

    /// The tasks of a gate.
    pub(super) fn plan(&self, gate: GateTask, names: &TaskNames) -> Plan {
        let GateTask { name, message, seconds } = gate;
        let template = self.templates[&(message, seconds)].clone();
        let reject = names.rejection(&name);
        let decision = format!("(tasks['{name}']?.outputs?.parameters?.{DECISION} ?? '{REJECT}')");
        let when = Some(format!("{{{{={decision} != '{APPROVE}'}}}}"));
        let reject = Task { when, ..Task::new(reject, REJECT, Vec::new()) };
        let wait = Node::new(Task::new(name, template, Vec::new()), Vec::new());
        Plan::knot(vec![wait, Node { result: "Skipped", ..Node::new(reject, vec![0]) }])
    }

    /// The templates.
    pub(super) fn finish(self, stages: &Stages<'_>) -> Vec<Template> {
        if self.templates.is_empty() {
            return Vec::new();
        }
        let (shape, values) = refusal(stages).into_parts();
        let refusal = shape.template(REJECT.to_owned(), &values, &[]);
        let waits = self.templates.into_iter().map(|((message, seconds), name)| wait(name, &message, seconds));
        waits.chain([refusal]).collect()
    }
}

/// The node that waits. The parameter goes in and comes out under one name, since Argo's page changes no other, and it
/// is the only one, since that page sends back every one that goes in.
fn wait(name: String, message: &str, seconds: i64) -> Template {
    let asked = Parameter {
        description: Some(apart(message).into()),
        default: Some(REJECT),
        choices: Some(&[APPROVE, REJECT]),
        ..Parameter::open(DECISION)
    };
    let supplied = ValueFrom { supplied: Some(Supplied {}), default: Some(REJECT), ..ValueFrom::default() };
    let answer = Parameter { value_from: Some(supplied.into()), ..Parameter::open(DECISION) };
    Template {
        inputs: Some(Inputs::parameters(vec![asked])),
        outputs: Some(Outputs { parameters: vec![answer] }),
        ..Template::new(name, Body::Suspend(Suspend { duration: duration(seconds) }))
    }
}

/// Ends a run that nobody approved.
fn refusal<'a>(stages: &Stages<'a>) -> Job<'a> {
    let mut job = stages.job(stages.pipeline.builder(), &stages.pipeline.images.deployer);
    job.command("sh");
    job.command("-c");
    job.tag("echo 'refused, or not approved in time' >&2; exit 1");
    job
}

/// A duration as Go writes it.
fn duration(seconds: i64) -> String {
    match seconds {
        _ if seconds % 3_600 == 0 => format!("{}h", seconds / 3_600),
        _ if seconds % 60 == 0 => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}
