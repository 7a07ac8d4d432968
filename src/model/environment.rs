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
    /// A deployment target. What its keys ask for runs in the order of this table.
    pub struct EnvironmentKeys = "environment" {
        /// The AWS account.
        account: AccountId,
        /// The AWS region.
        region: Region,
        /// What is deployed. The order follows `depends_on`; ties keep the order written.
        stacks: NonEmpty<StackRef>,
        /// Waits for a person before this environment.
        approval: Option<Gate> = none,
        /// Before the deployment.
        before: OneOrMany<Ref<Step>> = [],
        /// How it is deployed.
        deploy: Deploy = {},
        /// After the deployment, before the tests.
        after: OneOrMany<Ref<Step>> = [],
        /// How the deployment is tested.
        tests: Option<Tests> = none,
        /// After the tests: a soak, a canary check.
        verify: OneOrMany<Ref<Step>> = [],
        /// Answers the failure of the deployment or of anything after it. `true` redeploys the last commit that
        /// succeeded there, and on the first release does nothing.
        rollback: Option<Rollback> = none,
        /// Environment variables of its containers.
        variables: Variables = {},
    }
}

/// What `environment(…)` returns.
pub type Environment = Item<Name, EnvironmentKeys>;

impl Keys for EnvironmentKeys {
    const FUNCTION: &'static str = "environment";

    fn entries(&self) -> Vec<(&'static str, Spanned<Value>)> {
        self.entries()
    }
}

/// What answers a failure.
#[derive(Debug, Clone)]
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
