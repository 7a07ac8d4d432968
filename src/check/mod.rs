//! The rules that hold across records, one file a rule.

pub mod resolve;

pub use resolve::names;

use crate::diagnostic::Sink;
use crate::model::Project;
use crate::source::{Host, SourceMap};

/// Holds every rule against `project`.
pub fn check(_project: &Project, _sources: &SourceMap, _host: &dyn Host, _sink: &mut Sink) {}
