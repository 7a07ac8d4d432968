//! What Argo's controller would do with a WorkflowTemplate: which tasks run, in what order, and how the run ends.
//!
//! The rules are those of Argo Workflows 3.6 to 4.1: `workflow/controller/dag.go` (`executeDAGTask`,
//! `evaluateDependsLogic`, `findLeafTaskNames`, `assessDAGPhase`), `workflow/controller/steps.go` (`executeSteps`,
//! `executeStepGroup`) and `workflow/common/ancestry.go` (`GetTaskDependencies`, `expandDependency`). What is not one of
//! the forms that aphex writes is an [`Error`], never a guess.

mod condition;
mod depends;
mod expression;
mod phase;
mod plan;
mod raw;
mod run;
mod scope;
#[cfg(test)]
mod tests;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use crate::diagnostic::did_you_mean;
use plan::{Node, Plan, Work};
pub use run::{ExitHandler, Kind, Phase, Run, TaskRun};

/// What happens to a task that would otherwise do well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Its last try fails; an approval is stopped (`argo stop`).
    Fail,
    /// It never comes to a result: the pod is lost, or cannot start.
    Error,
    /// A person says `reject`.
    Reject,
    /// Nobody answers in time.
    TimeOut,
    /// It is resumed without an answer, by a selector: the decision stays unset.
    Resume,
}

impl Outcome {
    /// Whether only approvals can end like this.
    pub fn is_answer(self) -> bool {
        match self {
            Self::Fail | Self::Error => false,
            Self::Reject | Self::TimeOut | Self::Resume => true,
        }
    }
}

/// What goes wrong in a run. What is not named goes well, and every approval is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scenario {
    /// What happens to tasks, by name. What happens to a group happens to each task in it.
    pub outcomes: BTreeMap<String, Outcome>,
    /// Environments of which no commit has succeeded yet; the others have one to go back to.
    pub first_releases: BTreeSet<String>,
}

impl Scenario {
    /// A scenario in which this alone goes wrong.
    pub fn single(task: &str, outcome: Outcome) -> Self {
        Self { outcomes: BTreeMap::from([(task.to_owned(), outcome)]), ..Self::default() }
    }
}

/// A task of a WorkflowTemplate, whether it runs or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskName {
    /// Its name, alone or behind the group that it is in.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// Why there is no simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The scenario names something that the workflow does not have.
    Unknown {
        /// What it should have been: a task, an approval, an environment.
        what: &'static str,
        /// As the scenario spells it.
        name: String,
        /// What it could have meant: what is spelled almost so, or else all that ends so, such as `test-dev` for `dev`.
        near: Vec<String>,
        /// All that there are.
        known: Vec<String>,
    },
    /// The workflow holds something that the simulation does not know, or that would never end.
    Unsupported(String),
}

/// How many names an error lists.
const SHOWN: usize = 20;

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { what, name, near, known } => {
                write!(formatter, "there is no {what} `{name}`")?;
                match &near[..] {
                    [near] => write!(formatter, "; did you mean `{near}`?"),
                    [first @ .., last] => write!(formatter, "; did you mean `{}` or `{last}`?", first.join("`, `")),
                    [] if known.is_empty() => write!(formatter, "; there is none at all"),
                    [] => {
                        let more = known.len().saturating_sub(SHOWN);
                        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                        let shown = &known[..known.len().min(SHOWN)];
                        write!(formatter, "\nthere are {}{more}", shown.join(", "))
                    }
                }
            }
            Self::Unsupported(words) => write!(formatter, "cannot simulate: {words}"),
        }
    }
}

impl std::error::Error for Error {}

/// A WorkflowTemplate, read.
#[derive(Debug)]
pub struct Workflow {
    plan: Plan,
}

impl Workflow {
    /// Reads a WorkflowTemplate as JSON.
    pub fn read(workflow: &serde_json::Value) -> Result<Self, Error> {
        Ok(Self { plan: Plan::of(workflow)? })
    }

    /// Every task, in the order in which they stand there.
    pub fn tasks(&self) -> Vec<TaskName> {
        named(&self.plan).map(|node| TaskName { name: node.name.clone(), kind: node.kind() }).collect()
    }

    /// The environments that it can go back to the last good commit of.
    pub fn environments(&self) -> &BTreeSet<String> {
        &self.plan.environments
    }

    /// What the controller would do with it when that goes wrong.
    pub fn simulate(&self, scenario: &Scenario) -> Result<Run, Error> {
        know(&self.plan, scenario)?;
        walk::walk(&self.plan, scenario)
    }
}

fn named(plan: &Plan) -> impl Iterator<Item = &Node> {
    plan.nodes.iter().filter(|node| node.is_task())
}

/// An error where the scenario names what is not there: it would otherwise simulate that nothing goes wrong.
fn know(plan: &Plan, scenario: &Scenario) -> Result<(), Error> {
    for (name, outcome) in &scenario.outcomes {
        let answer = outcome.is_answer();
        let fits = |node: &&Node| !answer || matches!(node.work, Work::Gate(_));
        let known: Vec<&str> = named(plan).filter(fits).map(|node| node.name.as_str()).collect();
        find(if answer { "approval" } else { "task" }, name, &known)?;
    }
    let known: Vec<&str> = plan.environments.iter().map(String::as_str).collect();
    scenario.first_releases.iter().try_for_each(|name| find("environment with a rollback", name, &known))
}

fn find(what: &'static str, name: &str, known: &[&str]) -> Result<(), Error> {
    if known.contains(&name) {
        return Ok(());
    }
    let mut near: Vec<String> = did_you_mean(name, known.iter().copied()).into_iter().map(str::to_owned).collect();
    if near.is_empty() {
        let ends = |known: &&&str| known.strip_suffix(name).is_some_and(|rest| rest.ends_with('-'));
        near.extend(known.iter().filter(ends).take(SHOWN).map(|&known| known.to_owned()));
    }
    let known = known.iter().map(|&known| known.to_owned()).collect();
    Err(Error::Unknown { what, name: name.to_owned(), near, known })
}

fn unsupported<T>(words: impl Into<String>) -> Result<T, Error> {
    Err(Error::Unsupported(words.into()))
}
