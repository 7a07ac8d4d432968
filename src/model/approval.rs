//! `approval`: a stage that waits for a person.

use std::sync::Arc;

use super::container::Duration;
use super::environment::Environment;
use super::item::Returned;
use super::stage::Stage;
use super::words::{Message, Name};
use crate::schema::{Config, Declared, FromConfig, Kind, Object, Reader, Text, Value, config};
use crate::source::{Span, Spanned};

config! {
    /// What the gate is called and how long it waits.
    pub struct ApprovalKeys = "approval" {
        /// The name of the gate, which is also its task's. Required where the next stage has no name, as before a
        /// `parallel(…)`.
        name: Option<Name> = none "`approve-` and the name of the environment or of the next stage",
        /// How long it waits. An approval that nobody gives in time fails the run, as one that is refused does.
        timeout: Duration = "24h",
    }
}

/// What `approval(…)` returns.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Approval {
    /// What the person is asked.
    pub message: Spanned<Message>,
    /// The name of the function in the call.
    pub site: Span,
    /// Its keys.
    pub keys: ApprovalKeys,
}

impl Approval {
    /// The name of its gate, where `next` is the stage after it.
    pub fn gate(&self, next: Option<&Stage>) -> Option<String> {
        match &self.keys.name.node {
            Some(name) => Some(name.as_str().to_owned()),
            None => Some(gate_of(next?.name()?)),
        }
    }
}

impl Environment {
    /// The name of the gate before it.
    pub fn gate(&self) -> Option<String> {
        let given = match self.approval.node.as_ref()? {
            Gate::Ask | Gate::Message(_) => None,
            Gate::Approval(approval) => approval.keys.name.node.as_ref().map(|name| name.as_str().to_owned()),
        };
        Some(given.unwrap_or_else(|| gate_of(self.name.as_str())))
    }
}

/// The name of a gate that has none of its own, before what is called `name`.
fn gate_of(name: &str) -> String {
    format!("approve-{name}")
}

impl Declared for Approval {
    fn kind(&self) -> &'static str {
        Self::FUNCTION
    }

    fn name(&self) -> Option<Spanned<String>> {
        let name = self.keys.name.node.as_ref()?;
        Some(Spanned::new(name.as_str().to_owned(), self.keys.name.span))
    }

    fn site(&self) -> Span {
        self.site
    }

    fn keys(&self) -> Vec<(&'static str, Spanned<Value>)> {
        let message = self.message.clone().map(|message| Value::text(message.as_str()));
        let keys = self.keys.entries().into_iter().filter(|(key, _)| *key != "name");
        std::iter::once(("message", message)).chain(keys).collect()
    }
}

impl Returned for Approval {
    const FUNCTION: &'static str = "approval";
}

/// An environment's `approval`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Gate {
    /// Ask with a message of aphex's own.
    Ask,
    /// Ask with this message.
    Message(Message),
    /// What `approval(…)` returned.
    Approval(Arc<Approval>),
}

impl FromConfig for Gate {
    const KIND: Kind = Kind::Either(&[Kind::True, Kind::Text(&Message::FORM), Kind::Object(Approval::FUNCTION)]);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        match &value.node {
            Value::Bool(true) => Some(Self::Ask),
            Value::Bool(false) => {
                reader.bad_value(value.span, "leave the key out, or give it `()`, where nobody is asked")
            }
            Value::Str(_) => reader.text(value).map(Self::Message),
            Value::Object(object) if object.kind() == Approval::FUNCTION => object.downcast().map(Self::Approval),
            _ => reader.bad_type(value, &Self::KIND),
        }
    }

    fn to_config(&self, _: Span) -> Value {
        match self {
            Self::Ask => Value::Bool(true),
            Self::Message(message) => Value::text(message.as_str()),
            Self::Approval(approval) => Value::Object(Object::new(approval.clone())),
        }
    }
}
