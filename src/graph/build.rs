//! The graph is made from the model: the tasks that the emitter makes, in the same order.

use std::sync::Arc;

use super::{Answer, Channel, Cluster, Deploy, Environment, Gate, Graph, Node, Notice, Rollback, Source, Stack};
use crate::model::{
    self, DeployMode, Endpoint, Flow, GateTask, Github, Moment, Notification, Pipeline, Ref, StackIndex, StackName,
    Stage, Step, TaskNames, Trigger, Validate,
};
use crate::source::Spanned;

impl Graph {
    /// The delivery of `pipeline`. Stacks that depend on each other in a circle, which is an error elsewhere, stand in
    /// the order written.
    pub fn of(pipeline: &Pipeline) -> Self {
        let builder = Builder { names: TaskNames::of(pipeline), stacks: StackIndex::of(pipeline) };
        let first = first(pipeline).into_iter().map(|task| Node::Task(task.to_owned()));
        let nodes = first.chain(builder.stages(Flow::Sequence, &pipeline.stages)).collect();
        Self {
            pipeline: pipeline.name.as_str().to_owned(),
            source: source(pipeline, &builder.names),
            cluster: Cluster {
                name: pipeline.cluster.name.as_str().to_owned(),
                account: pipeline.account.as_str().to_owned(),
                region: pipeline.region.as_str().to_owned(),
            },
            nodes,
            notices: pipeline.notifications.iter().map(|notification| notice(&notification.node)).collect(),
        }
    }
}

/// The tasks before the stages.
fn first(pipeline: &Pipeline) -> Vec<&'static str> {
    let update = pipeline.self_update.node.then_some(TaskNames::UPDATE);
    checks(pipeline).into_iter().chain(update).collect()
}

/// Those of them that pull requests run too.
fn checks(pipeline: &Pipeline) -> Vec<&'static str> {
    let validated = !matches!(pipeline.validate.node, Validate::Off);
    let build = pipeline.build.node.is_some().then_some(TaskNames::BUILD);
    validated.then_some(TaskNames::VALIDATE).into_iter().chain(build).collect()
}

fn source(pipeline: &Pipeline, names: &TaskNames) -> Source {
    let github: &Github = &pipeline.source;
    let globs = |globs: &[Spanned<model::Glob>]| globs.iter().map(|glob| glob.as_str().to_owned()).collect();
    let mut pull_request = Vec::new();
    if pipeline.has_pull_requests() {
        pull_request.extend(checks(pipeline).into_iter().map(str::to_owned));
        pull_request.extend(pipeline.pull_request_steps().into_iter().map(|step| names.stage(step)));
    }
    Source {
        repository: github.name.as_str().to_owned(),
        branches: github.branches().into_iter().map(str::to_owned).collect(),
        tags: globs(&github.tags),
        paths: globs(&github.paths),
        pull_request,
    }
}

/// Makes the parts of a run.
struct Builder {
    names: TaskNames,
    stacks: StackIndex,
}

impl Builder {
    /// Stages in order or side by side. Waves of one, and waves of the same flow as the one around them, say nothing.
    fn stages(&self, flow: Flow, stages: &[Spanned<Stage>]) -> Vec<Node> {
        let nodes = Stage::with_next(flow, stages).flat_map(|(stage, next)| match stage {
            Stage::Wave(wave) => inner(flow, wave.flow, self.stages(wave.flow, &wave.stages)),
            Stage::Environment(environment) => vec![Node::Environment(Box::new(self.environment(environment)))],
            Stage::Step(step) if step.runs_on(Trigger::Push) => vec![Node::Task(self.names.stage(step))],
            Stage::Step(_) => Vec::new(),
            Stage::Approval(_) => stage.gate_task(next).map(|gate| Node::Gate(self.gate(gate))).into_iter().collect(),
        });
        nodes.collect()
    }

    fn gate(&self, gate: GateTask) -> Gate {
        let GateTask { name, message, seconds } = gate;
        Gate { rejection: self.names.rejection(&name), task: name, message, seconds }
    }

    fn environment(&self, environment: &Arc<model::Environment>) -> Environment {
        Environment {
            name: environment.name.as_str().to_owned(),
            account: environment.account.as_str().to_owned(),
            region: environment.region.as_str().to_owned(),
            gate: environment.gate_task().map(|gate| self.gate(gate)),
            before: self.steps(environment, &environment.before),
            deploy: self.deploy(environment),
            after: self.steps(environment, &environment.after),
            test: environment.tests.node.is_some().then(|| environment.test_task()),
            verify: self.steps(environment, &environment.verify),
            rollback: environment.rollback.node.as_ref().map(|rollback| Rollback {
                task: environment.rollback_task(),
                record: environment.record_task(),
                answer: answer(rollback),
            }),
        }
    }

    fn steps(&self, environment: &model::Environment, steps: &[Spanned<Ref<Step>>]) -> Vec<String> {
        let running = steps.iter().map(|step| &step.node.0).filter(|step| step.runs_on(Trigger::Push));
        running.map(|step| self.names.hook(environment, step)).collect()
    }

    fn deploy(&self, environment: &model::Environment) -> Deploy {
        let written = || environment.stacks.iter().map(|stack| stack.node.name()).collect();
        let stacks: Vec<&StackName> = self.stacks.order(environment).unwrap_or_else(|_| written());
        let name = |stack: &StackName| stack.as_str().to_owned();
        match environment.deploy.mode.node {
            DeployMode::Together => {
                Deploy::Together { task: environment.deploy_task(), stacks: stacks.into_iter().map(name).collect() }
            }
            DeployMode::PerStack => {
                let dependencies = self.stacks.dependencies(&stacks).into_iter().enumerate();
                let before = dependencies.map(|(own, after)| after.into_iter().filter(|at| *at < own).collect());
                let tasks = stacks.iter().zip(before);
                let stack = |(stack, after): (&&StackName, Vec<usize>)| Stack {
                    task: self.names.stack(environment, stack),
                    name: name(stack),
                    after,
                };
                Deploy::PerStack(tasks.map(stack).collect())
            }
        }
    }
}

/// What a wave of `flow` adds to one of `outer`.
fn inner(outer: Flow, flow: Flow, mut nodes: Vec<Node>) -> Vec<Node> {
    if flow == outer {
        return nodes;
    }
    match (nodes.len(), flow) {
        (0, _) => nodes,
        // Alone, it is as if it stood in the outer one itself.
        (1, _) => match (nodes.remove(0), outer) {
            (Node::Sequence(nodes), Flow::Sequence) | (Node::Parallel(nodes), Flow::Parallel) => nodes,
            (node, _) => vec![node],
        },
        (_, Flow::Parallel) => vec![Node::Parallel(nodes)],
        (_, Flow::Sequence) => vec![Node::Sequence(nodes)],
    }
}

fn answer(rollback: &model::Rollback) -> Answer {
    match rollback {
        model::Rollback::Redeploy => Answer::Redeploy,
        model::Rollback::Commands(commands) => {
            Answer::Commands(commands.iter().map(|command| command.as_str().to_owned()).collect())
        }
        model::Rollback::Step(step) => Answer::Step(step.name.as_str().to_owned()),
    }
}

fn notice(notification: &Notification) -> Notice {
    let (to, on) = match notification {
        Notification::Slack(slack) => (Channel::Slack, slack.keys.on.node.as_ref()),
        Notification::Webhook(webhook) => {
            let host = match &webhook.keys.url.node {
                Endpoint::Text(url) => url.as_str().split('/').nth(2).map(str::to_owned),
                Endpoint::Secret(_) => None,
            };
            (Channel::Webhook(host), webhook.keys.on.node.as_ref())
        }
    };
    Notice { to, success: Moment::Success.is_among(on), failure: Moment::Failure.is_among(on) }
}
