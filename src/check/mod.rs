//! The rules that hold across records, one file a rule.

use crate::diagnostic::Sink;
use crate::model::Project;
use crate::source::{Host, SourceMap};

/// Holds every rule against `project`.
pub fn check(_project: &Project, _sources: &SourceMap, _host: &dyn Host, _sink: &mut Sink) {}

/// Holds the names in every text against what exists: functions, variables, modules, keys.
pub fn names(
    _trees: &std::collections::BTreeMap<crate::source::SourceId, crate::syntax::Tree>,
    _natives: &std::collections::BTreeSet<String>,
    _sink: &mut Sink,
) {
}
