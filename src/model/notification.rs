//! `slack` and `webhook`: where notifications go.

use std::sync::Arc;

use super::item::{Ref, Returned, filled, one};
use super::secret::Secret;
use super::words::{Line, Url};
use crate::schema::{
    Config, Declared, FromConfig, Kind, NonEmpty, Object, Reader, Table, Text, Value, choices, config, text,
};
use crate::source::{Span, Spanned};

choices! {
    /// How a run ended.
    pub enum Moment {
        /// Every stage succeeded.
        Success = "success",
        /// Something failed, was refused or ran out of time.
        Failure = "failure",
    }
}

text! {
    /// The name of an HTTP header: the characters of a token of RFC 9110, at most 200.
    pub struct Header
        matches r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}$"
        = "the name of an HTTP header", "names of HTTP headers", |text| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        match text.chars().find(|c| !allowed(*c)) {
            Some(wrong) => Err(format!("the name of a header has no {wrong:?}")),
            None => super::words::longest(text, 200, "the name of a header"),
        }
    };
}

/// A text of the script's, or one that a Secret holds.
#[derive(Debug, Clone)]
pub enum Endpoint<T> {
    /// Written in the script.
    Text(T),
    /// Kept in a Secret.
    Secret(Arc<Secret>),
}

impl<T: Text> FromConfig for Endpoint<T> {
    const KIND: Kind = Kind::Either(&[Kind::Text(&T::FORM), Kind::Object(Secret::FUNCTION)]);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        match &value.node {
            Value::Str(_) => reader.text(value).map(Self::Text),
            Value::Object(object) if object.kind() == Secret::FUNCTION => object.downcast().map(Self::Secret),
            _ => reader.bad_type(value, &Self::KIND),
        }
    }

    fn to_config(&self, _: Span) -> Value {
        match self {
            Self::Text(text) => Value::text(text.as_str()),
            Self::Secret(secret) => Value::Object(Object::new(secret.clone())),
        }
    }
}

config! {
    /// A message to a Slack channel when a run ended.
    pub struct SlackKeys = "slack" {
        /// The address of Slack's incoming webhook. Who has it can post, so it is a Secret.
        url: Ref<Secret>,
        /// After which runs it is sent.
        on: Option<NonEmpty<Moment>> = none "`[\"failure\"]`",
    }
}

config! {
    /// A JSON document that is posted to an address when a run ended.
    pub struct WebhookKeys = "webhook" {
        /// Where it is posted: written in the script, or kept in a Secret.
        url: Endpoint<Url>,
        /// HTTP headers, each value written in the script or kept in a Secret.
        headers: Table<Header, Endpoint<Line>> = {},
        /// After which runs it is sent.
        on: Option<NonEmpty<Moment>> = none "`[\"failure\"]`",
    }
}

/// What `slack(…)` returns.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Slack {
    /// The name of the function in the call.
    pub site: Span,
    /// Its keys.
    pub keys: SlackKeys,
}

/// What `webhook(…)` returns.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Webhook {
    /// The name of the function in the call.
    pub site: Span,
    /// Its keys.
    pub keys: WebhookKeys,
}

macro_rules! nameless {
    ($type:ident, $function:literal) => {
        impl Declared for $type {
            fn kind(&self) -> &'static str {
                $function
            }

            fn name(&self) -> Option<Spanned<String>> {
                None
            }

            fn site(&self) -> Span {
                self.site
            }

            fn keys(&self) -> Vec<(&'static str, Spanned<Value>)> {
                let failure = one(Moment::Failure.as_str(), self.site);
                filled(self.keys.entries(), vec![("on", failure)], self.site)
            }
        }

        impl Returned for $type {
            const FUNCTION: &'static str = $function;
        }
    };
}

impl Moment {
    /// Whether a notification that names these moments, or none, follows a run that ended so.
    pub fn is_among(self, on: Option<&NonEmpty<Self>>) -> bool {
        on.map_or(self == Self::Failure, |moments| moments.iter().any(|moment| moment.node == self))
    }
}

nameless!(Slack, "slack");
nameless!(Webhook, "webhook");
