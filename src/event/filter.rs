//! The data filters of a Sensor: all must hold, one value of each is enough, and a path that leads nowhere holds nothing.

use std::cell::Cell;

use regex::Regex;
use serde::Serialize;
use serde_json::Value;

use super::gjson::{self, Path};
use super::{Error, raw, unsupported};

/// How much may be matched for one delivery: bytes of text times bytes of expressions, which bounds the steps that it takes.
/// A megabyte held against four thousand bytes of expressions is that much.
const WORK: u64 = 1 << 32;

/// What a filter looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Look {
    /// The path in the delivery.
    pub path: String,
    /// What it wants there, one of these: regular expressions, or `true` or `false`.
    pub wanted: Vec<String>,
    /// What is there, as text; `None` where there is nothing.
    pub found: Option<String>,
    /// Whether it holds.
    pub holds: bool,
}

/// A filter that was read.
#[derive(Debug)]
pub(super) struct Filter {
    path: Path,
    spelled: String,
    value: Vec<String>,
    test: Test,
}

#[derive(Debug)]
enum Test {
    Texts(Vec<Regex>),
    Truths(Vec<bool>),
}

impl Filter {
    pub(super) fn read(filter: raw::Filter) -> Result<Self, Error> {
        let raw::Filter { path: spelled, r#type, value } = filter;
        let Some(path) = Path::parse(&spelled) else { return unsupported(format!("the path `{spelled}`")) };
        if value.is_empty() {
            return unsupported(format!("a filter of `{spelled}` without a value"));
        }
        let test = match r#type.as_str() {
            "string" => Test::Texts(value.iter().map(|value| expression(value)).collect::<Result<_, _>>()?),
            "bool" => Test::Truths(value.iter().map(|value| truth(value)).collect::<Result<_, _>>()?),
            other => return unsupported(format!("a filter of the type `{other}`")),
        };
        Ok(Self { path, spelled, value, test })
    }

    /// Tries it on what Argo Events makes of a delivery. What it costs is taken from `work`.
    pub(super) fn look(&self, event: &Value, work: &Work) -> Result<Look, Error> {
        let Self { path, spelled, value, test } = self;
        let found = path.get(event);
        let text = found.as_deref().map(gjson::text);
        let holds = match (&found, &text, test) {
            (Some(_), Some(text), Test::Texts(expressions)) => {
                work.take(text.len(), value)?;
                // As in Go, `$` without a flag is the end of the text, and `.` is anything but a line break.
                expressions.iter().any(|expression| expression.is_match(text))
            }
            (Some(found), _, Test::Truths(wanted)) => wanted.contains(&gjson::truth(found)),
            (None, ..) | (_, None, _) => false,
        };
        let found = text.map(std::borrow::Cow::into_owned);
        Ok(Look { path: spelled.clone(), wanted: value.clone(), found, holds })
    }
}

/// What may still be matched, by all Sensors together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Work(Cell<u64>);

impl Work {
    pub(super) const fn new() -> Self {
        Self(Cell::new(WORK))
    }

    fn take(&self, length: usize, expressions: &[String]) -> Result<(), Error> {
        let expressions: usize = expressions.iter().map(String::len).sum();
        let work = (length as u64).checked_mul(expressions as u64);
        let left = work.and_then(|work| self.0.get().checked_sub(work));
        let words =
            || Error::Unsupported("there is too much in the delivery to hold it against so many patterns".to_owned());
        self.0.set(left.ok_or_else(words)?);
        Ok(())
    }
}

fn expression(text: &str) -> Result<Regex, Error> {
    Regex::new(text).map_err(|_| Error::Unsupported(format!("the regular expression `{text}`")))
}

fn truth(text: &str) -> Result<bool, Error> {
    text.parse().map_err(|_| Error::Unsupported(format!("`{text}` in a filter of the type `bool`")))
}
