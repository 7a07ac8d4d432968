//! The rules that hold across records, one file a rule.

mod commands;
mod conflicts;
mod cycles;
mod dependencies;
mod duplicates;
mod files;
mod identities;
mod images;
mod labels;
mod lengths;
mod long_names;
pub mod names;
mod partitions;
mod permissions;
mod place;
mod scope;
mod secrets;
mod stacks;
mod steps;
mod timeouts;
mod triggers;
mod unused;
mod variables;

#[cfg(test)]
mod testing;

pub use self::names::names;
use std::sync::Arc;

use self::scope::{Context, Records};
use crate::diagnostic::{Code, Sink};
use crate::model::Project;
use crate::source::{Host, SourceId, SourceMap, Span};

/// One rule: what it reports, and the function that looks for it.
#[derive(Debug)]
pub struct Rule {
    /// What it reports.
    pub codes: &'static [Code],
    run: fn(&Context<'_>, &mut Sink),
}

const fn rule(codes: &'static [Code], run: fn(&Context<'_>, &mut Sink)) -> Rule {
    Rule { codes, run }
}

/// Every rule.
pub static RULES: &[Rule] = &[
    rule(&[Code::DuplicateName, Code::MissingKey], duplicates::check),
    rule(&[Code::DuplicateName, Code::UnknownStack], stacks::check),
    rule(&[Code::DependencyCycle], cycles::check),
    rule(&[Code::UnlistedDependency], dependencies::check),
    rule(&[Code::MixedPartitions], partitions::check),
    rule(&[Code::Unused], unused::check),
    rule(&[Code::MissingFile], files::check),
    rule(&[Code::PipelineConflict, Code::DuplicateName], conflicts::check),
    rule(&[Code::NameTooLong], long_names::check),
    rule(&[Code::UnpinnedImage], images::check),
    rule(&[Code::ReservedVariable, Code::BadValue], variables::check),
    rule(&[Code::BroadPermission], permissions::check),
    rule(&[Code::SwallowedCommand], commands::check),
    rule(&[Code::TooLarge], lengths::check),
    rule(&[Code::ShortTimeout], timeouts::check),
    rule(&[Code::BadValue], labels::check),
    rule(&[Code::BadValue], triggers::check),
    rule(&[Code::BadValue], steps::check),
    rule(&[Code::BadValue], identities::check),
    rule(&[Code::BadValue], secrets::check),
];

/// What a rule of an embedder's does.
type Run = dyn Fn(&Project, &mut Sink) + Send + Sync;

/// A rule of an embedder's.
#[derive(Clone)]
pub struct OwnRule(Arc<Run>);

impl OwnRule {
    /// A rule that does this.
    pub fn new(run: impl Fn(&Project, &mut Sink) + Send + Sync + 'static) -> Self {
        Self(Arc::new(run))
    }

    /// Holds the rule against `project`. A problem without a place is put to the beginning of `script`.
    pub fn run(&self, project: &Project, script: SourceId, sink: &mut Sink) {
        let mut own = Sink::new();
        (self.0)(project, &mut own);
        let start = Span::new(script, 0, 0);
        sink.extend(own.into_sorted().into_iter().map(|diagnostic| diagnostic.placed(start)));
    }
}

/// Holds every rule of the language against `project`.
pub fn check(project: &Project, sources: &SourceMap, host: &dyn Host, sink: &mut Sink) {
    let records = Records::of(project);
    let context = Context::of(project, &records, sources, host);
    for rule in RULES {
        (rule.run)(&context, sink);
    }
}
