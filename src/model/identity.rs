//! Who runs what: the identities of a pipeline's workflow pods, each a ServiceAccount and perhaps an IAM role.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;

use super::environment::{Environment, Rollback};
use super::permission::Statement;
use super::pipeline::Pipeline;
use super::stage::Stage;
use super::step::{Step, Trigger};
use crate::source::Spanned;

/// What an identity is for.
#[derive(Debug, Clone, Copy)]
pub enum Purpose<'a> {
    /// Deployments: reads artifacts, assumes the CDK bootstrap roles.
    Executor,
    /// The build, tests and steps: reads and writes artifacts, and what `permissions` say.
    Builder,
    /// The pipeline-deployment stage.
    Updater,
    /// Runs of pull requests, and notifications: no AWS role.
    PullRequest,
    /// The tests of one environment, which have permissions of their own.
    Tests(&'a Arc<Environment>),
    /// A step that has permissions of its own.
    Step(&'a Arc<Step>),
}

/// One identity.
#[derive(Debug, Clone)]
pub struct Worker<'a> {
    /// What it is for.
    pub purpose: Purpose<'a>,
    /// Its ServiceAccount, in the namespace of the workflows.
    pub service_account: Cow<'a, str>,
    /// Its IAM role; a pull request has none.
    pub role: Option<Cow<'a, str>>,
    /// What the user lets it do in AWS, beyond what its purpose needs.
    pub permissions: &'a [Spanned<Statement>],
}

impl Pipeline {
    /// The identity of deployments.
    pub fn executor(&self) -> Worker<'_> {
        let names = &self.names;
        worker(Purpose::Executor, names.executor_service_account.as_str(), names.executor_role.as_str(), &[])
    }

    /// The identity of the build, and of tests and steps without permissions of their own.
    pub fn builder(&self) -> Worker<'_> {
        let names = &self.names;
        let permissions = &self.permissions.node;
        worker(Purpose::Builder, names.builder_service_account.as_str(), names.builder_role.as_str(), permissions)
    }

    /// The identity of the pipeline-deployment stage.
    pub fn updater(&self) -> Worker<'_> {
        worker(Purpose::Updater, self.updater_service_account(), self.updater_role(), &[])
    }

    /// The identity of pull requests, and of notifications, which need as little: no AWS role.
    pub fn pull_request_worker(&self) -> Worker<'_> {
        let service_account = format!("{}-pull-request", self.name.as_str()).into();
        Worker { purpose: Purpose::PullRequest, service_account, role: None, permissions: &[] }
    }

    /// The identity of an environment's tests: its own where they have permissions.
    pub fn tester<'a>(&'a self, environment: &'a Arc<Environment>) -> Worker<'a> {
        let permissions = environment.tests.node.as_ref().map_or(&[][..], |tests| &tests.permissions.node);
        self.own(Purpose::Tests(environment), "test", environment.name.as_str(), permissions)
    }

    /// The identity of a step: its own where it has permissions.
    pub fn stepper<'a>(&'a self, step: &'a Arc<Step>) -> Worker<'a> {
        self.own(Purpose::Step(step), "step", step.name.as_str(), &step.permissions)
    }

    /// Every identity that has permissions of its own, each once: tests, then steps.
    pub fn own_workers(&self) -> Vec<Worker<'_>> {
        let tests = self.environments().into_iter().map(|environment| self.tester(environment));
        let steps = self.push_steps().map(|step| self.stepper(step));
        let mut seen = HashSet::new();
        let mut workers: Vec<_> = tests.chain(steps).collect();
        workers.retain(|worker| {
            !matches!(worker.purpose, Purpose::Builder) && seen.insert(worker.service_account.clone())
        });
        workers
    }

    /// The steps that take part in the runs of pushes. Those of pull requests alone have no rights of their own.
    pub fn push_steps(&self) -> impl Iterator<Item = &Arc<Step>> {
        self.steps().into_iter().filter(|step| step.runs_on(Trigger::Push))
    }

    /// Every step, each once: those that are stages, then those of the environments.
    pub fn steps(&self) -> Vec<&Arc<Step>> {
        let mut found: IndexMap<&str, &Arc<Step>> = IndexMap::new();
        for step in stage_steps(&self.stages) {
            found.entry(step.name.as_str()).or_insert(step);
        }
        for environment in self.environments() {
            for step in environment.steps() {
                found.entry(step.name.as_str()).or_insert(step);
            }
        }
        found.into_values().collect()
    }

    /// The steps that are stages, in their order.
    pub fn stage_steps(&self) -> Vec<&Arc<Step>> {
        stage_steps(&self.stages)
    }

    fn own<'a>(
        &'a self,
        purpose: Purpose<'a>,
        kind: &str,
        of: &str,
        permissions: &'a [Spanned<Statement>],
    ) -> Worker<'a> {
        if permissions.is_empty() {
            return self.builder();
        }
        let (name, region) = (self.name.as_str(), self.region.as_str());
        worker(purpose, format!("{name}-{kind}-{of}"), format!("{name}-{region}-{kind}-{of}"), permissions)
    }
}

impl Environment {
    /// The steps of `before`, `after`, `verify` and `rollback`, in that order.
    pub fn steps(&self) -> impl Iterator<Item = &Arc<Step>> {
        let hooks = self.before.iter().chain(self.after.iter()).chain(self.verify.iter());
        let rollback = match &self.rollback.node {
            Some(Rollback::Step(step)) => Some(step),
            Some(Rollback::Redeploy | Rollback::Commands(_)) | None => None,
        };
        hooks.map(|step| &step.node.0).chain(rollback)
    }
}

fn worker<'a>(
    purpose: Purpose<'a>,
    account: impl Into<Cow<'a, str>>,
    role: impl Into<Cow<'a, str>>,
    permissions: &'a [Spanned<Statement>],
) -> Worker<'a> {
    Worker { purpose, service_account: account.into(), role: Some(role.into()), permissions }
}

/// The steps among stages, in their order.
fn stage_steps(stages: &[Spanned<Stage>]) -> Vec<&Arc<Step>> {
    let mut found = Vec::new();
    for stage in stages {
        match &stage.node {
            Stage::Step(step) => found.push(step),
            Stage::Wave(wave) => found.extend(stage_steps(&wave.stages)),
            Stage::Environment(_) | Stage::Approval(_) => {}
        }
    }
    found
}
