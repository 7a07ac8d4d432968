//! The user's own steps, as stages and in environments. They start in the folder of the CDK app in a checkout of the
//! commit. Commands are one text for `sh -e`: a shell that stops at the first one that fails.

use std::sync::Arc;

use super::job::Job;
use super::stages::{Stages, joined, target};
use crate::model::{Command, Environment, Step, StepKeys, Worker};
use crate::source::Spanned;

impl<'a> Stages<'a> {
    /// A step that `who` runs, of an environment where it stands in one.
    pub(super) fn step(&self, who: Worker<'a>, step: &'a Step, environment: Option<&'a Environment>) -> Job<'a> {
        // `permissions` make `who`; `on` says in which runs the step is.
        let StepKeys {
            image,
            commands,
            command,
            args,
            variables,
            secrets,
            permissions: _,
            timeout,
            retries,
            resources,
            on: _,
        } = &step.keys;
        let mut job = self.job(who, image);
        self.checkout(&mut job, self.pipeline.directory.as_str());
        if let Some(environment) = environment {
            target(&mut job, environment);
        }
        if let Some(commands) = &commands.node {
            shell(&mut job, commands);
        }
        let words = command.node.iter().flat_map(|words| words.iter()).enumerate();
        words.for_each(|(index, word)| job.command_of_user(format!("command-{index}"), word.as_str()));
        args.iter().enumerate().for_each(|(index, word)| job.argument(format!("arg-{index}"), word.as_str()));
        self.secrets(&mut job, secrets);
        job.variables(variables);
        if let Some(environment) = environment {
            job.variables(&environment.variables);
        }
        job.limits(timeout.node.as_ref(), retries.node, resources);
        job
    }

    /// A step in a run that a push started, after the build.
    pub(super) fn step_of_push(&self, step: &'a Arc<Step>, environment: Option<&'a Environment>) -> Job<'a> {
        let mut job = self.step(self.pipeline.stepper(step), step, environment);
        self.after_build(&mut job);
        job
    }

    /// The commands that answer a failure in an environment. They run like a step, in the image of deployments: what
    /// undoes one needs the same tools.
    pub(super) fn rollback(&self, environment: &'a Environment, commands: &'a [Spanned<Command>]) -> Job<'a> {
        let mut job = self.job(self.pipeline.builder(), &self.pipeline.images.deployer);
        self.checkout(&mut job, self.pipeline.directory.as_str());
        target(&mut job, environment);
        shell(&mut job, commands);
        self.after_build(&mut job);
        job.variables(&environment.variables);
        job
    }
}

/// Runs commands one after the other.
fn shell<'a>(job: &mut Job<'a>, commands: &'a [Spanned<Command>]) {
    job.command("sh");
    job.command("-ec");
    job.argument("commands", joined(commands));
}
