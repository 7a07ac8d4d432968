//! The EventSource: which deliveries GitHub sends it, and which of them it takes.

use serde_json::Value;

use super::{Delivery, Error, known, raw, unsupported};

/// The most bytes of a delivery where an EventSource does not say: `DefaultMaxWebhookPayloadSize` of Argo Events.
const MOST: usize = 1 << 20;

/// What GitHub sends once when a webhook is made, whatever it is asked for.
const PING: &str = "ping";

/// The webhook of one repository.
#[derive(Debug)]
pub struct EventSource {
    repositories: Vec<String>,
    events: Vec<String>,
    most: usize,
}

/// Why a delivery does not come to the Sensors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// GitHub sends no such events, only these.
    NotAsked {
        /// What GitHub is asked for.
        events: Vec<String>,
    },
    /// It only says that there is a webhook now.
    Ping,
    /// The webhook is another repository's.
    OtherRepository {
        /// The one that the delivery is of.
        found: String,
        /// Those that have this webhook.
        repositories: Vec<String>,
    },
    /// It has more bytes than the EventSource takes.
    TooLarge {
        /// How many it has at least.
        bytes: usize,
        /// How many are taken.
        most: usize,
    },
}

impl EventSource {
    /// Reads an EventSource as JSON.
    ///
    /// # Errors
    /// Where something in it is not of the forms that are known here.
    pub fn read(source: &Value) -> Result<Self, Error> {
        let raw::Object { spec, .. } = known::<raw::Object<raw::EventSource>>("EventSource", source)?;
        let mut hooks = spec.github.into_values();
        let (Some(hook), None) = (hooks.next(), hooks.next()) else {
            return unsupported("an EventSource with more than one webhook");
        };
        let raw::Github { repositories, webhook, events, active, content_type, .. } = hook;
        if !active || content_type != "json" {
            return unsupported("a webhook that is not active, or does not take JSON");
        }
        let full = |repository: raw::Repository| {
            let raw::Repository { owner, names } = repository;
            names.into_iter().map(move |name| format!("{owner}/{name}"))
        };
        let repositories = repositories.into_iter().flat_map(full).collect();
        Ok(Self { repositories, events, most: webhook.max_payload_size.unwrap_or(MOST) })
    }

    /// Why a delivery does not get through, where it does not. GitHub takes no notice of the case of a repository's name.
    pub(super) fn refuses(&self, delivery: &Delivery) -> Option<Refusal> {
        let Self { repositories, events, most } = self;
        let repository = delivery.repository().filter(|found| {
            let is = |repository: &String| repository.eq_ignore_ascii_case(found);
            !repositories.iter().any(is)
        });
        if let Some(found) = repository {
            return Some(Refusal::OtherRepository { found: found.to_owned(), repositories: repositories.clone() });
        }
        if delivery.event == PING {
            return Some(Refusal::Ping);
        }
        if !events.contains(&delivery.event) {
            return Some(Refusal::NotAsked { events: events.clone() });
        }
        let bytes = delivery.sent.filter(|bytes| bytes > most)?;
        Some(Refusal::TooLarge { bytes, most: *most })
    }
}
