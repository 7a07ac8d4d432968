//! `step`: a stage of the user's own, in any container image.

use super::container::{Duration, ImageRef, Resources, Retries, Secrets, Variables};
use super::item::{Item, Keys, one};
use super::permission::Statement;
use super::words::{Command, Line, Name};
use crate::schema::{NonEmpty, Value, choices, config};
use crate::source::Spanned;

choices! {
    /// What starts the run that a step belongs to.
    pub enum Trigger {
        /// A push of a branch or a tag.
        Push = "push",
        /// A pull request.
        PullRequest = "pull_request",
    }
}

config! {
    /// A stage of your own: either `commands`, or `command` with `args`. It starts in a checkout of the commit, in
    /// `/workspace` and the pipeline's `directory` below it, and runs with the rights of the build.
    pub struct StepKeys = "step" {
        /// The image that it runs in, with a shell in it where `commands` are given.
        image: ImageRef,
        /// Lines of shell, run one after the other; the first that fails ends the step. Either these or `command`.
        commands: Option<NonEmpty<Command>> = none "either `commands` or `command` is needed",
        /// The program and its first arguments, run without a shell, in place of `commands`.
        command: Option<NonEmpty<Line>> = none "either `commands` or `command` is needed",
        /// What the program of `command` gets as further arguments. An error beside `commands`.
        args: Vec<Spanned<Line>> = [],
        /// Environment variables. Values are texts; these win over wider `variables`.
        variables: Variables = {},
        /// Environment variables from Secrets. They do not reach pull requests.
        secrets: Secrets = {},
        /// What this step alone may do in AWS: a ServiceAccount and an IAM role of its own with exactly these, which no
        /// other container can use. Without any it has what the build has. None in pull requests.
        permissions: Vec<Spanned<Statement>> = [],
        /// How long it may take.
        timeout: Option<Duration> = none "no limit but the run's",
        /// How often it is tried again when it fails.
        retries: Retries = 0,
        /// What the container asks of its node.
        resources: Resources = {},
        /// In which runs it takes part. A tag counts as a push. In pull requests only steps in `stages` before the first
        /// environment run, without permissions or secrets.
        on: Option<Vec<Spanned<Trigger>>> = none "`[\"push\"]`",
    }
}

/// What `step(…)` returns.
pub type Step = Item<Name, StepKeys>;

impl StepKeys {
    /// Whether it takes part in runs that `trigger` starts.
    pub fn runs_on(&self, trigger: Trigger) -> bool {
        match &self.on.node {
            Some(on) => on.iter().any(|one| one.node == trigger),
            None => trigger == Trigger::Push,
        }
    }
}

impl Keys for StepKeys {
    const FUNCTION: &'static str = "step";

    fn defaults(&self, _: &str) -> Vec<(&'static str, Value)> {
        vec![("on", one(Trigger::Push.as_str(), self.on.span))]
    }
}
