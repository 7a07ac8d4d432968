//! What Argo Events would do with a delivery of GitHub: whether it starts a run, with which parameters, and if not, which
//! filter says no.
//!
//! The rules are those of Argo Events 1.9: `pkg/eventsources/sources/github/start.go` (`HandleRoute`,
//! `parseValidateRequest`) for what becomes of a delivery, `pkg/sensors/dependencies/filter.go` (`filterData`) for the
//! filters, `pkg/sensors/triggers/params.go` (`ResolveParamValue`, `getValueByKey`) for the parameters, and gjson for
//! paths. What is not one of the forms that aphex writes is an [`Error`], never a guess.

mod delivery;
mod filter;
mod gjson;
mod raw;
mod sensor;
mod source;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;
use serde_json::Value;

pub use delivery::{Delivery, How};
pub use filter::Look;
pub use sensor::Sensor;
pub use source::{EventSource, Refusal};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The payload is no delivery of GitHub's, or does not say which.
    Payload(String),
    /// A document holds something that is not known here, or that would take too long.
    Unsupported(String),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payload(words) => formatter.write_str(words),
            Self::Unsupported(words) => write!(formatter, "cannot tell what Argo Events would do: {words}"),
        }
    }
}

impl std::error::Error for Error {}

/// Everything of one pipeline that has to do with deliveries.
#[derive(Debug)]
pub struct Receiver {
    source: EventSource,
    sensors: Vec<Sensor>,
}

impl Receiver {
    /// Takes the EventSource, each Sensor and each WorkflowTemplate out of a pipeline's documents, as JSON; all others
    /// are passed over.
    ///
    /// # Errors
    /// Where one of them is not of the forms that are known here.
    pub fn read(documents: &[Value]) -> Result<Self, Error> {
        let of = |kind: &'static str| documents.iter().filter(move |document| document["kind"] == kind);
        let [source] = of("EventSource").collect::<Vec<_>>()[..] else {
            return unsupported("there is not exactly one EventSource");
        };
        let templates: Vec<&Value> = of("WorkflowTemplate").collect();
        let sensors = of("Sensor").map(|sensor| Sensor::read(sensor, &templates)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { source: EventSource::read(source)?, sensors })
    }

    /// What becomes of a delivery, Sensor by Sensor. Where the EventSource would not get it or not take it, the filters
    /// are tried all the same: they say more.
    ///
    /// # Errors
    /// Where it would take too long to tell.
    pub fn receive(&self, delivery: &Delivery) -> Result<Verdict, Error> {
        let sensors = self.sensors.iter().map(|sensor| sensor.judge(delivery)).collect::<Result<Vec<_>, _>>()?;
        Ok(Verdict { refused: self.source.refuses(delivery), sensors })
    }
}

/// What becomes of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Why it does not come to any Sensor, where it does not.
    pub refused: Option<Refusal>,
    /// What each Sensor says.
    pub sensors: Vec<Judgement>,
}

/// What a Sensor makes of a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judgement {
    /// The Sensor's name.
    pub sensor: String,
    /// Its trigger's name.
    pub trigger: String,
    /// Each of its filters, in their order.
    pub filters: Vec<Look>,
    /// What it starts, where all of them hold.
    pub run: Option<Run>,
}

/// A run that starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// The namespace that it runs in.
    pub namespace: String,
    /// What its name starts with.
    pub prefix: String,
    /// The WorkflowTemplate that it runs.
    pub workflow_template: String,
    /// Its parameters: first those that the Sensor gives, then those of the template.
    pub parameters: Vec<Parameter>,
}

/// A parameter of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// The value that the run gets.
    pub value: String,
    /// Where it comes from.
    pub from: Origin,
}

/// Where a parameter's value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The delivery, at this path.
    Event(String),
    /// The Sensor of that name.
    Sensor(String),
    /// The WorkflowTemplate of that name.
    WorkflowTemplate(String),
}

fn unsupported<T>(words: impl Into<String>) -> Result<T, Error> {
    Err(Error::Unsupported(words.into()))
}

/// A document in a form that is known here.
fn known<T: serde::de::DeserializeOwned>(kind: &str, document: &Value) -> Result<T, Error> {
    T::deserialize(document).map_err(|error| Error::Unsupported(format!("the {kind} is of another form: {error}")))
}
