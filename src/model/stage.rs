//! Stages: what a pipeline runs, one after the other.

use std::sync::Arc;

use super::approval::Approval;
use super::environment::Environment;
use super::item::Returned;
use super::step::Step;
use super::words::Name;
use crate::schema::{Declared, FromConfig, Kind, NonEmpty, Object, Reader, Value};
use crate::source::{Span, Spanned};

/// One stage of a pipeline.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Stage {
    /// A deployment target.
    Environment(Arc<Environment>),
    /// Several stages, side by side or in order.
    Wave(Arc<Wave>),
    /// A stage of the user's own.
    Step(Arc<Step>),
    /// Waits for a person.
    Approval(Arc<Approval>),
}

impl Stage {
    const ALL: [Kind; 5] = [
        Kind::Object(Environment::FUNCTION),
        Kind::Object("parallel"),
        Kind::Object("sequence"),
        Kind::Object(Step::FUNCTION),
        Kind::Object(Approval::FUNCTION),
    ];

    /// Its name, where it has one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Environment(environment) => Some(environment.name.as_str()),
            Self::Step(step) => Some(step.name.as_str()),
            Self::Approval(approval) => approval.keys.name.node.as_ref().map(Name::as_str),
            Self::Wave(_) => None,
        }
    }

    /// Each of `stages` with the stage after it; stages side by side have none.
    pub fn with_next(flow: Flow, stages: &[Spanned<Self>]) -> impl Iterator<Item = (&Self, Option<&Self>)> {
        let next = move |index: usize| stages.get(index + 1).filter(|_| flow == Flow::Sequence);
        stages.iter().enumerate().map(move |(index, stage)| (&stage.node, next(index).map(|next| &next.node)))
    }
}

impl FromConfig for Stage {
    const KIND: Kind = Kind::Either(&Self::ALL);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::Object(object) = &value.node else {
            return reader.bad_type(value, &Self::KIND);
        };
        let stage = match object.kind() {
            "environment" => object.downcast().map(Self::Environment),
            "parallel" | "sequence" => object.downcast().map(Self::Wave),
            "step" => object.downcast().map(Self::Step),
            "approval" => object.downcast().map(Self::Approval),
            _ => None,
        };
        stage.or_else(|| reader.bad_type(value, &Self::KIND))
    }

    fn to_config(&self, _: Span) -> Value {
        Value::Object(match self {
            Self::Environment(environment) => Object::new(environment.clone()),
            Self::Wave(wave) => Object::new(wave.clone()),
            Self::Step(step) => Object::new(step.clone()),
            Self::Approval(approval) => Object::new(approval.clone()),
        })
    }
}

/// How the stages of a wave run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Side by side. When one fails the others finish, and nothing after them starts.
    Parallel,
    /// In order, as one stage.
    Sequence,
}

/// What `parallel(…)` and `sequence(…)` return.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Wave {
    /// Side by side or in order.
    pub flow: Flow,
    /// The stages; at least one.
    pub stages: NonEmpty<Stage>,
    /// How deep and how large it is, counted once: waves are shared, and a count of each path would not end.
    extent: (usize, usize),
    /// The name of the function in the call.
    pub site: Span,
}

impl Wave {
    /// A wave of `stages`, declared at `site`.
    pub fn new(flow: Flow, stages: NonEmpty<Stage>, site: Span) -> Self {
        let inner = stages.iter().map(|stage| match &stage.node {
            Stage::Wave(wave) => wave.extent,
            Stage::Environment(_) | Stage::Step(_) | Stage::Approval(_) => (0, 1),
        });
        let extent = inner
            .fold((1, 0_usize), |(depth, count), (deeper, more)| (depth.max(deeper + 1), count.saturating_add(more)));
        Self { flow, stages, extent, site }
    }

    /// How deep waves may lie in each other.
    pub const MAX_DEPTH: usize = 16;
    /// The most stages of a wave, those of the waves in it counted too.
    pub const MAX_STAGES: usize = 10_000;

    /// How deep waves lie in this one, itself included, and how many stages are in it.
    pub const fn extent(&self) -> (usize, usize) {
        self.extent
    }
}

impl Declared for Wave {
    fn kind(&self) -> &'static str {
        match self.flow {
            Flow::Parallel => "parallel",
            Flow::Sequence => "sequence",
        }
    }

    fn name(&self) -> Option<Spanned<String>> {
        None
    }

    fn site(&self) -> Span {
        self.site
    }

    fn keys(&self) -> Vec<(&'static str, Spanned<Value>)> {
        vec![("stages", Spanned::new(self.stages.to_config(self.site), self.site))]
    }
}
