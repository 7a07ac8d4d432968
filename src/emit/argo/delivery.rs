//! The templates of a run: first every job, so that those of one shape share a template, then the order of their tasks.

use std::collections::HashMap;
use std::sync::Arc;

use super::approvals::Approvals;
use super::groups::Groups;
use super::job::{BUILD_OUTPUT, Job};
use super::order::{Node, Order, Plan};
use super::rollback::{self, LAST_GOOD_TAG, Redeployments};
use super::stages::{COMMIT, Stages};
use super::types::{Outputs, Parameter, Task, Template, ValueFrom};
use crate::model::{DeployMode, Environment, Flow, Pipeline, Ref, Rollback, Stage, Step, TaskNames, Trigger};
use crate::source::Spanned;

/// The graph that a run starts with.
pub(super) const ENTRYPOINT: &str = "main";

/// The templates of `pipeline`, which the script at `script` declares.
pub(super) fn templates(pipeline: &Pipeline, script: &str) -> Vec<Template> {
    let stages = Stages::of(pipeline);
    let single = [
        stages.validate(script).map(|job| single(TaskNames::VALIDATE, job)),
        stages.build().map(|job| reported(single(TaskNames::BUILD, job))),
        stages.update().map(|job| single(TaskNames::UPDATE, job)),
    ];
    let single: Vec<Template> = single.into_iter().flatten().collect();

    let mut jobs = Jobs::of(&stages);
    pipeline.environments().into_iter().for_each(|environment| jobs.environment(environment));
    let steps = pipeline.stage_steps().into_iter().filter(|step| step.runs_on(Trigger::Push));
    steps.for_each(|step| jobs.stage(step));
    let (shared, tasks, names) = jobs.finish();
    let approvals = Approvals::of(pipeline.gates());
    let mut delivery = Delivery { stages: &stages, names, tasks, approvals, redeployments: Redeployments::default() };

    let mut order = Order::default();
    let first = single.iter().map(|template| Plan::task(Task::of(&template.name))).collect();
    let first = order.flow(Flow::Sequence, first);
    let plan =
        order.stages(Flow::Sequence, &pipeline.stages, &mut |order, stage, next| delivery.stage(order, stage, next));
    let plan = order.flow(Flow::Sequence, vec![first, plan]);
    let graphs = order.finish(ENTRYPOINT, plan);
    let record = rollback::is_used(pipeline).then(|| rollback::recorder(pipeline));
    let redeployments = delivery.redeployments.finish(pipeline.build.node.is_some());
    let approvals = delivery.approvals.finish(&stages);
    graphs.into_iter().chain(single).chain(approvals).chain(shared).chain(redeployments).chain(record).collect()
}

/// The jobs of the stages.
struct Jobs<'s, 'a> {
    stages: &'s Stages<'a>,
    names: TaskNames,
    deploy: Groups<'a>,
    test: Groups<'a>,
    step: Groups<'a>,
    rollback: Groups<'a>,
}

impl<'s, 'a> Jobs<'s, 'a> {
    fn of(stages: &'s Stages<'a>) -> Self {
        let [deploy, test, step, rollback] = ["deploy", "test", "step", "rollback"].map(Groups::new);
        Self { stages, names: TaskNames::of(stages.pipeline), deploy, test, step, rollback }
    }

    fn stage(&mut self, step: &'a Arc<Step>) {
        self.step.add(self.names.stage(step), self.stages.step_of_push(step, None));
    }

    fn environment(&mut self, environment: &'a Arc<Environment>) {
        let stacks = self.stages.ordered(environment);
        match environment.deploy.mode.node {
            DeployMode::Together => {
                self.deploy.add(environment.deploy_task(), self.stages.deploy(environment, &stacks, COMMIT));
            }
            DeployMode::PerStack => {
                for stack in &stacks {
                    let task = self.names.stack(environment, stack);
                    self.deploy.add(task, self.stages.deploy(environment, &[stack], COMMIT));
                }
            }
        }
        self.stages.test(environment).into_iter().for_each(|job| self.test.add(environment.test_task(), job));
        for step in hooks(environment) {
            let job = self.stages.step_of_push(step, Some(environment));
            self.step.add(self.names.hook(environment, step), job);
        }
        let task = environment.rollback_task();
        match &environment.rollback.node {
            None => {}
            Some(Rollback::Redeploy) => {
                self.deploy.add(task, self.stages.deploy(environment, &stacks, LAST_GOOD_TAG));
            }
            Some(Rollback::Commands(commands)) => {
                self.rollback.add(task, self.stages.rollback(environment, commands));
            }
            Some(Rollback::Step(step)) => {
                self.rollback.add(task, self.stages.step_of_push(step, Some(environment)));
            }
        }
    }

    /// The templates, and the tasks by name.
    fn finish(self) -> (Vec<Template>, HashMap<String, Task>, TaskNames) {
        let (mut templates, mut tasks) = (Vec::new(), HashMap::new());
        for group in [self.deploy, self.test, self.step, self.rollback] {
            let (made, of_group) = group.finish();
            templates.extend(made);
            tasks.extend(of_group.into_iter().map(|task| (task.name.clone(), task)));
        }
        (templates, tasks, self.names)
    }
}

/// The order of the stages.
struct Delivery<'a> {
    stages: &'a Stages<'a>,
    names: TaskNames,
    tasks: HashMap<String, Task>,
    approvals: Approvals,
    redeployments: Redeployments,
}

impl Delivery<'_> {
    fn stage(&mut self, order: &mut Order, stage: &Stage, next: Option<&Stage>) -> Plan {
        let gate = stage.gate_task(next).map(|gate| self.approvals.plan(gate, &self.names));
        let own = match stage {
            Stage::Environment(environment) => Some(self.environment(order, environment)),
            Stage::Step(step) => step.runs_on(Trigger::Push).then(|| self.task(&self.names.stage(step))),
            Stage::Approval(_) | Stage::Wave(_) => None,
        };
        order.flow(Flow::Sequence, gate.into_iter().chain(own).collect())
    }

    /// What a failure after `before` is answered for.
    fn environment(&mut self, order: &mut Order, environment: &Arc<Environment>) -> Plan {
        let before = self.steps(environment, &environment.before);
        let mut answered = vec![self.deployment(order, environment)];
        answered.extend(self.steps(environment, &environment.after));
        answered.extend(environment.tests.node.is_some().then(|| self.task(&environment.test_task())));
        answered.extend(self.steps(environment, &environment.verify));
        let mut plan = order.flow(Flow::Sequence, answered);
        if let Some(rollback) = &environment.rollback.node {
            let mut failure = self.take(&environment.rollback_task());
            if let Rollback::Redeploy = rollback {
                failure = self.redeployments.task(self.stages.pipeline, environment, failure);
            }
            plan = order.answered(plan, rollback::record(environment), failure);
        }
        order.flow(Flow::Sequence, before.into_iter().chain([plan]).collect())
    }

    fn deployment(&mut self, order: &mut Order, environment: &Environment) -> Plan {
        if environment.deploy.mode.node == DeployMode::Together {
            return self.task(&environment.deploy_task());
        }
        let stacks = self.stages.ordered(environment);
        let dependencies = self.stages.dependencies(&stacks);
        let tasks = stacks.into_iter().map(|stack| self.take(&self.names.stack(environment, stack)));
        let tasks: Vec<Task> = tasks.collect();
        order.knot(tasks.into_iter().zip(dependencies).map(|(task, after)| Node::new(task, after)).collect())
    }

    fn steps(&mut self, environment: &Environment, steps: &[Spanned<Ref<Step>>]) -> Vec<Plan> {
        let running = steps.iter().filter(|step| step.node.runs_on(Trigger::Push));
        running.map(|step| self.task(&self.names.hook(environment, &step.node.0))).collect()
    }

    fn task(&mut self, name: &str) -> Plan {
        Plan::task(self.take(name))
    }

    /// The task of that name, which stands in one place. One that is not there names a template that is not there, which
    /// is found before anything is written.
    fn take(&mut self, name: &str) -> Task {
        self.tasks.remove(name).unwrap_or_else(|| Task::of(name))
    }
}

/// The steps of an environment that a push runs, without that of its rollback.
fn hooks(environment: &Environment) -> impl Iterator<Item = &Arc<Step>> {
    let steps = environment.before.iter().chain(environment.after.iter()).chain(environment.verify.iter());
    steps.map(|step| &step.node.0).filter(|step| step.runs_on(Trigger::Push))
}

/// The template of a job that no other one is like.
pub(super) fn single(name: &str, job: Job) -> Template {
    let (shape, values) = job.into_parts();
    shape.template(name.to_owned(), &values, &[])
}

/// The same, with what it reports open to the rest of the run.
fn reported(template: Template) -> Template {
    let output = Parameter {
        value_from: Some(ValueFrom { path: Some("/tmp/output.json"), ..ValueFrom::default() }.into()),
        global_name: Some(BUILD_OUTPUT),
        ..Parameter::open("output")
    };
    Template { outputs: Some(Outputs { parameters: vec![output] }), ..template }
}
