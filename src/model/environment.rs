//! `environment`: a deployment target.

use std::sync::Arc;

use super::approval::Gate;
use super::aws::AccountId;
use super::container::{Deploy, Tests, Variables};
use super::item::{Item, Keys, OneOrMany, Ref, Returned};
use super::region::Region;
use super::stack::StackRef;
use super::step::Step;
use super::words::{Command, Name};
use crate::schema::{FromConfig, Kind, NonEmpty, Object, Reader, Value, config};
use crate::source::{Span, Spanned};

config! {
    /// The keys of a deployment target. What they ask for runs in the order of this table, and the first failure ends it.
    pub struct EnvironmentKeys = "environment" {
        /// The AWS account that is deployed to. It is bootstrapped for CDK and trusts the pipeline's account.
        account: AccountId,
        /// The AWS region that is deployed to.
        region: Region,
        /// What is deployed. The order follows `depends_on`; ties keep the order written. A text names a stack that an
        /// environment of the same pipeline lists as `stack(…)`, or that such a stack depends on; any other is an error
        /// (`unknown-stack`).
        stacks: NonEmpty<StackRef>,
        /// Waits for a person before this environment: `true` asks in standard words, a text in its own;
        /// `approval(…)` also says how long it waits and what the gate is called. A refused approval fails the run;
        /// there is nothing to undo.
        approval: Option<Gate> = none,
        /// Steps before the deployment, after the approval, one after the other. Where one fails there is nothing to
        /// undo, so nothing is rolled back.
        before: OneOrMany<Ref<Step>> = [],
        /// How the stacks are deployed: in one task, or in a task for each.
        deploy: Deploy = {},
        /// Steps after the deployment, before the tests, one after the other.
        after: OneOrMany<Ref<Step>> = [],
        /// How the deployment is tested. A failed test fails the run, and `rollback` answers it.
        tests: Option<Tests> = none,
        /// Steps after the tests, one after the other: a soak, a canary check.
        verify: OneOrMany<Ref<Step>> = [],
        /// Answers the failure of the deployment or of anything after it. `true` redeploys the last commit that
        /// succeeded there, as a deployment, and on the first release does nothing. Commands and a step run with the
        /// rights of tests and steps, never with those of a deployment. A run that rolled back still ends as failed.
        rollback: Option<Rollback> = none,
        /// Environment variables of its containers: deployment, tests, steps. The narrowest `variables` wins: those of
        /// `deploy`, `tests` or a step before these. Values are texts.
        variables: Variables = {},
    }
}

/// What `environment(…)` returns.
pub type Environment = Item<Name, EnvironmentKeys>;

impl Keys for EnvironmentKeys {
    const FUNCTION: &'static str = "environment";
}

/// What answers a failure.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Rollback {
    /// Redeploy the last commit that succeeded.
    Redeploy,
    /// Run these instead.
    Commands(NonEmpty<Command>),
    /// Run this step instead.
    Step(Arc<Step>),
}

impl FromConfig for Rollback {
    const KIND: Kind = Kind::Either(&[Kind::True, Kind::List(&Command::KIND, false), Kind::Object("step")]);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        match &value.node {
            Value::Bool(true) => Some(Self::Redeploy),
            Value::Bool(false) => {
                reader.bad_value(value.span, "leave the key out, or give it `()`, where nothing is rolled back")
            }
            Value::List(_) => NonEmpty::from_config(value, reader).map(Self::Commands),
            Value::Object(object) if object.kind() == Step::FUNCTION => object.downcast().map(Self::Step),
            _ => reader.bad_type(value, &Self::KIND),
        }
    }

    fn to_config(&self, span: Span) -> Value {
        match self {
            Self::Redeploy => Value::Bool(true),
            Self::Commands(commands) => commands.to_config(span),
            Self::Step(step) => Value::Object(Object::new(step.clone())),
        }
    }
}
