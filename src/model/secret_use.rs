//! Which Secrets a pipeline uses, where, and what for.

use std::sync::Arc;

use super::container::{EnvironmentVariable, Secrets};
use super::environment::Environment;
use super::item::Ref;
use super::notification::{Endpoint, Header};
use super::pipeline::{Notification, Pipeline};
use super::secret::Secret;
use super::step::Step;
use crate::source::Span;

/// What a key of a Secret is for.
#[derive(Debug, Clone, Copy)]
pub enum SecretPurpose<'a> {
    /// Registers the webhook at GitHub.
    Token,
    /// Signs GitHub's deliveries.
    Signature,
    /// Reads a private repository.
    Clone,
    /// A variable of the build.
    Build(&'a EnvironmentVariable),
    /// A variable of an environment's tests.
    Tests(&'a Arc<Environment>, &'a EnvironmentVariable),
    /// A variable of a step.
    Step(&'a Arc<Step>, &'a EnvironmentVariable),
    /// The address of a Slack channel.
    Slack,
    /// The address of another receiver of notifications.
    Webhook,
    /// A header of notifications.
    Header(&'a Header),
}

/// One use of a key of a Secret.
#[derive(Debug, Clone)]
pub struct SecretUse<'a> {
    /// The namespace where it is used, and where the Secret must be.
    pub namespace: &'a str,
    /// The Secret.
    pub name: String,
    /// The key in it.
    pub key: String,
    /// Where the Secret's name was written; the pipeline's name where it is made from that.
    pub span: Span,
    /// What for.
    pub purpose: SecretPurpose<'a>,
}

impl Pipeline {
    /// Every use of a Secret: those of the event source, then those of runs in the order of the script.
    pub fn secrets(&self) -> Vec<SecretUse<'_>> {
        let mut uses = Vec::new();
        self.event_secrets(&mut uses);
        if let Some(secret) = &self.source.clone_token.node {
            uses.push(self.in_runs(secret, SecretPurpose::Clone));
        }
        if let Some(build) = &self.build.node {
            self.variables(&build.secrets, SecretPurpose::Build, &mut uses);
        }
        for environment in self.environments() {
            if let Some(tests) = &environment.tests.node {
                self.variables(&tests.secrets, |variable| SecretPurpose::Tests(environment, variable), &mut uses);
            }
        }
        for step in self.push_steps() {
            self.variables(&step.secrets, |variable| SecretPurpose::Step(step, variable), &mut uses);
        }
        for notification in self.notifications.iter() {
            self.notification(&notification.node, &mut uses);
        }
        uses
    }

    /// The token is used where there is an address to register.
    fn event_secrets<'a>(&'a self, uses: &mut Vec<SecretUse<'a>>) {
        let namespace = self.argo.events_namespace.as_str();
        let mut used = |(name, key), given: Option<&Ref<Secret>>, purpose| {
            let span = given.map_or(self.name.span, |secret| secret.name.span);
            uses.push(SecretUse { namespace, name, key, span, purpose });
        };
        if self.event_source.url.node.is_some() {
            used(self.token(), self.source.token.node.as_ref(), SecretPurpose::Token);
        }
        used(self.webhook_secret(), self.source.webhook_secret.node.as_ref(), SecretPurpose::Signature);
    }

    fn notification<'a>(&'a self, notification: &'a Notification, uses: &mut Vec<SecretUse<'a>>) {
        match notification {
            Notification::Slack(slack) => uses.push(self.in_runs(&slack.keys.url, SecretPurpose::Slack)),
            Notification::Webhook(webhook) => {
                if let Endpoint::Secret(secret) = &webhook.keys.url.node {
                    uses.push(self.in_runs(secret, SecretPurpose::Webhook));
                }
                for (header, value) in webhook.keys.headers.iter() {
                    if let Endpoint::Secret(secret) = &value.node {
                        uses.push(self.in_runs(secret, SecretPurpose::Header(&header.node)));
                    }
                }
            }
        }
    }

    fn variables<'a>(
        &'a self,
        secrets: &'a Secrets,
        purpose: impl Fn(&'a EnvironmentVariable) -> SecretPurpose<'a>,
        uses: &mut Vec<SecretUse<'a>>,
    ) {
        uses.extend(secrets.iter().map(|(variable, secret)| self.in_runs(secret, purpose(&variable.node))));
    }

    fn in_runs<'a>(&'a self, secret: &Secret, purpose: SecretPurpose<'a>) -> SecretUse<'a> {
        let (name, key) = (secret.name.as_str().to_owned(), secret.key.as_str().to_owned());
        SecretUse { namespace: self.argo.namespace.as_str(), name, key, span: secret.name.span, purpose }
    }
}
