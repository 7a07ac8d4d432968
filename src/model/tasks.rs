//! What the tasks of a run are called. Most names come from one name of the script. A name that is made from two could
//! be made from two others as well, or be too long for Argo: such a name ends with a hash of what it is made from.

use std::collections::HashMap;
use std::sync::Arc;

use super::approval::Gate;
use super::container::DeployMode;
use super::environment::Environment;
use super::pipeline::Pipeline;
use super::stack::StackName;
use super::stage::{Flow, Stage};
use super::step::Step;
use crate::source::Spanned;

/// The longest name that Argo takes.
const LONGEST: usize = 128;

/// How long an approval waits that says nothing about it: a day.
const DEFAULT_WAIT: i64 = 86_400;

/// What the person is asked where the script has no words for it.
const DEFAULT_MESSAGE: &str = "Choose approve, and the run goes on";

/// A place in a run that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateTask {
    /// The name of its task.
    pub name: String,
    /// What the person is asked.
    pub message: String,
    /// How long it waits, in seconds.
    pub seconds: i64,
}

/// Names of tasks that are made from more than one name.
#[derive(Debug)]
pub struct TaskNames {
    /// How many tasks would like to have that name.
    wanted: HashMap<String, usize>,
    /// In how many places of the pipeline a step stands.
    steps: HashMap<String, usize>,
}

impl TaskNames {
    /// The task that checks the script.
    pub const VALIDATE: &str = "validate";
    /// The task that builds the application.
    pub const BUILD: &str = "build";
    /// The task that deploys the pipeline itself.
    pub const UPDATE: &str = "update-pipeline";

    /// The names of the tasks of `pipeline`.
    pub fn of(pipeline: &Pipeline) -> Self {
        let mut names = Self { wanted: HashMap::new(), steps: HashMap::new() };
        let environments = pipeline.environments();
        for step in environments.iter().flat_map(|environment| environment.steps()) {
            *names.steps.entry(step.name.as_str().to_owned()).or_default() += 1;
        }
        let mut wanted = [Self::VALIDATE, Self::BUILD, Self::UPDATE].map(str::to_owned).to_vec();
        wanted.extend(pipeline.steps().into_iter().map(|step| step_task(step)));
        wanted.extend(pipeline.gates().into_iter().flat_map(|gate| [rejection(&gate.name), gate.name]));
        for environment in environments {
            wanted.extend([environment.deploy_task(), environment.test_task()]);
            wanted.extend([environment.rollback_task(), environment.record_task()]);
            if environment.deploy.mode.node == DeployMode::PerStack {
                wanted.extend(environment.stacks.iter().map(|stack| stack_task(environment, stack.node.name())));
            }
            let shared = environment.steps().filter(|step| names.is_shared(step));
            wanted.extend(shared.map(|step| hook_task(environment, step)));
        }
        for name in wanted {
            *names.wanted.entry(name).or_default() += 1;
        }
        names
    }

    /// The task of a step that is a stage.
    #[allow(clippy::unused_self, reason = "it is asked as the names of other tasks are")]
    pub fn stage(&self, step: &Step) -> String {
        step_task(step)
    }

    /// The task of a step in an environment.
    pub fn hook(&self, environment: &Environment, step: &Arc<Step>) -> String {
        if !self.is_shared(step) {
            return step_task(step);
        }
        self.unique(hook_task(environment, step), environment.name.as_str(), step.name.as_str())
    }

    /// The task that deploys one stack of an environment.
    pub fn stack(&self, environment: &Environment, stack: &StackName) -> String {
        self.unique(stack_task(environment, stack), environment.name.as_str(), stack.as_str())
    }

    /// The task that fails where the gate of that name was not passed.
    pub fn rejection(&self, gate: &str) -> String {
        self.unique(rejection(gate), gate, "")
    }

    fn is_shared(&self, step: &Step) -> bool {
        self.steps.get(step.name.as_str()).is_some_and(|places| *places > 1)
    }

    fn unique(&self, name: String, first: &str, second: &str) -> String {
        let alone = self.wanted.get(&name).is_none_or(|wanted| *wanted == 1);
        if alone && name.len() <= LONGEST {
            return name;
        }
        let hash = fnv(&format!("{first}/{second}"));
        let kept = name.get(..LONGEST - 9).unwrap_or(&name).trim_end_matches('-');
        format!("{kept}-{hash:08x}")
    }
}

impl Pipeline {
    /// Every place that waits for a person, in the order of the stages.
    pub fn gates(&self) -> Vec<GateTask> {
        let mut found = Vec::new();
        collect(Flow::Sequence, &self.stages, &mut found);
        found
    }
}

impl Environment {
    /// The task that deploys all of its stacks.
    pub fn deploy_task(&self) -> String {
        format!("deploy-{}", self.name.as_str())
    }

    /// The task that tests it.
    pub fn test_task(&self) -> String {
        format!("test-{}", self.name.as_str())
    }

    /// The task that answers its failure.
    pub fn rollback_task(&self) -> String {
        format!("rollback-{}", self.name.as_str())
    }

    /// The task that notes the commit which a later rollback goes back to.
    pub fn record_task(&self) -> String {
        format!("record-{}", self.name.as_str())
    }

    /// The gate before it.
    pub fn gate_task(&self) -> Option<GateTask> {
        let name = self.gate()?;
        let (message, seconds) = match self.approval.node.as_ref()? {
            Gate::Ask => (DEFAULT_MESSAGE, DEFAULT_WAIT),
            Gate::Message(message) => (message.as_str(), DEFAULT_WAIT),
            Gate::Approval(approval) => (approval.message.as_str(), approval.keys.timeout.seconds()),
        };
        Some(GateTask { name, message: message.to_owned(), seconds })
    }
}

impl Stage {
    /// The gate that it is, or that stands before it; `next` is the stage after it.
    pub fn gate_task(&self, next: Option<&Self>) -> Option<GateTask> {
        match self {
            Self::Environment(environment) => environment.gate_task(),
            Self::Approval(approval) => Some(GateTask {
                name: approval.gate(next)?,
                message: approval.message.as_str().to_owned(),
                seconds: approval.keys.timeout.seconds(),
            }),
            Self::Step(_) | Self::Wave(_) => None,
        }
    }
}

fn collect(flow: Flow, stages: &[Spanned<Stage>], found: &mut Vec<GateTask>) {
    for (stage, next) in Stage::with_next(flow, stages) {
        if let Stage::Wave(wave) = stage {
            collect(wave.flow, &wave.stages, found);
        }
        found.extend(stage.gate_task(next));
    }
}

fn step_task(step: &Step) -> String {
    format!("step-{}", step.name.as_str())
}

fn hook_task(environment: &Environment, step: &Step) -> String {
    format!("step-{}-{}", step.name.as_str(), environment.name.as_str())
}

fn stack_task(environment: &Environment, stack: &StackName) -> String {
    format!("deploy-{}-{}", environment.name.as_str(), stack.as_str().to_lowercase())
}

fn rejection(gate: &str) -> String {
    format!("reject-{}", gate.strip_prefix("approve-").unwrap_or(gate))
}

/// Fowler, Noll and Vo's hash of 32 bits: short, and the same everywhere.
fn fnv(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
