//! What starts a run: pushes of branches and of tags, and pull requests; each has a Sensor of its own.

use std::sync::Arc;

use super::pipeline::{Pipeline, Validate};
use super::stage::Stage;
use super::step::{Step, Trigger};
use crate::source::Spanned;

/// What starts a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// A push of a branch.
    Branch,
    /// A push of a tag.
    Tag,
    /// A pull request.
    PullRequest,
}

impl Event {
    /// What its Sensor is called in messages.
    pub const fn sensor(self) -> &'static str {
        match self {
            Self::Branch => "the Sensor",
            Self::Tag => "the Sensor of tags",
            Self::PullRequest => "the Sensor of pull requests",
        }
    }
}

impl Pipeline {
    /// What starts runs of this pipeline.
    pub fn events(&self) -> Vec<Event> {
        let source = &self.source;
        let branch = !source.branches().is_empty();
        let given = [
            (Event::Branch, branch),
            (Event::Tag, !source.tags.is_empty()),
            (Event::PullRequest, branch && source.pull_requests.node && self.checks_pull_requests()),
        ];
        given.into_iter().filter(|(_, wanted)| *wanted).map(|(event, _)| event).collect()
    }

    /// What GitHub sends, in its own words.
    pub fn webhook_events(&self) -> Vec<&'static str> {
        let pull_requests = self.has_pull_requests().then_some("pull_request");
        ["push"].into_iter().chain(pull_requests).collect()
    }

    /// Whether pull requests start runs.
    pub fn has_pull_requests(&self) -> bool {
        self.events().contains(&Event::PullRequest)
    }

    /// The Sensor of an event. A Sensor may not name the same events twice on every event bus, so each has its own; the
    /// first one that delivers has the plain name.
    pub fn sensor(&self, event: Event) -> String {
        let plain = self.names.sensor.as_str();
        match event {
            Event::Branch => plain.to_owned(),
            Event::Tag if self.source.branches().is_empty() => plain.to_owned(),
            Event::Tag => format!("{plain}-tag"),
            Event::PullRequest => format!("{plain}-pull-request"),
        }
    }

    /// The WorkflowTemplate of an event's runs.
    pub fn workflow_template(&self, event: Event) -> String {
        match event {
            Event::Branch | Event::Tag => self.names.workflow_template.as_str().to_owned(),
            Event::PullRequest => self.pull_request_template(),
        }
    }

    /// The WorkflowTemplate of pull requests.
    pub fn pull_request_template(&self) -> String {
        format!("{}-pull-request", self.name.as_str())
    }

    /// What the names of an event's runs start with.
    pub fn workflow_prefix(&self, event: Event) -> String {
        let plain = self.names.workflow_prefix.as_str();
        match event {
            Event::Branch | Event::Tag => plain.to_owned(),
            Event::PullRequest => format!("{plain}pr-"),
        }
    }

    /// Whether some pod runs as the identity without an AWS role.
    pub fn has_plain_worker(&self) -> bool {
        self.has_pull_requests() || !self.notifications.is_empty()
    }

    /// The steps that run in pull requests: those for them that stand before the first environment, as the script is
    /// read. What comes after is about something that was deployed.
    pub fn pull_request_steps(&self) -> Vec<&Arc<Step>> {
        let mut found = Vec::new();
        early_steps(&self.stages, &mut found);
        found
    }

    /// Whether a run of a pull request would have anything to do.
    fn checks_pull_requests(&self) -> bool {
        let validated = !matches!(self.validate.node, Validate::Off);
        validated || self.build.node.is_some() || !self.pull_request_steps().is_empty()
    }
}

/// Adds the steps for pull requests until there is an environment; gives whether there was one.
fn early_steps<'a>(stages: &'a [Spanned<Stage>], found: &mut Vec<&'a Arc<Step>>) -> bool {
    stages.iter().any(|stage| match &stage.node {
        Stage::Environment(_) => true,
        Stage::Step(step) => {
            found.extend(step.runs_on(Trigger::PullRequest).then_some(step));
            false
        }
        Stage::Wave(wave) => early_steps(&wave.stages, found),
        Stage::Approval(_) => false,
    })
}
