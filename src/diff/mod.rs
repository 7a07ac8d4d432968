//! What is different between two outputs, by meaning: who asks first, who may do what, what runs, and only then which files.
//!
//! Both sides are data: the model of `pipeline.json` and the objects of the other files. A folder that was written by an
//! earlier run and a script that was compiled a moment ago are the same kind of thing, a [`Snapshot`]; any text may be in
//! either. [`changes`] compares two, [`Changes`] writes what it found as text or JSON.
//!
//! What cannot be shown to be harmless counts as a widening: a statement that is not understood, an identity that is not
//! known. A permission that another one takes away again (`Deny`) is still told.

mod bypass;
mod files;
mod gates;
mod iam;
mod identities;
mod json;
mod pairs;
mod plan;
mod rbac;
mod roles;
mod settings;
mod snapshot;
mod stages;
mod tasks;
#[cfg(test)]
mod tests;
mod text;
mod trust;
mod values;
mod who;
mod words;

use serde_json::Value;

pub use snapshot::{Side, Snapshot};

/// What a change is about, in the order of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Who is asked before what.
    Gates,
    /// Who may do what, in AWS and in the cluster; which Secret reaches which container.
    Permissions,
    /// What runs, and in what order.
    Stages,
    /// Keys of the pipeline that are none of the above.
    Settings,
    /// Which pushes and pull requests start a run.
    Triggers,
    /// Values of `param(…)`.
    Parameters,
    /// The files, by their text.
    Files,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Gates, Self::Permissions, Self::Stages, Self::Settings, Self::Triggers, Self::Parameters, Self::Files];

    /// What a report calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gates => "gates",
            Self::Permissions => "permissions",
            Self::Stages => "stages",
            Self::Settings => "settings",
            Self::Triggers => "triggers",
            Self::Parameters => "parameters",
            Self::Files => "files",
        }
    }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It is there, and not the same.
    Changed,
    /// It is the same, in another place.
    Moved,
}

impl Action {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Moved => "moved",
        }
    }
}

/// What a change means for safety.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// More may happen than before: a grant, a gate less.
    Widens,
    /// Less may happen than before.
    Narrows,
    /// Neither, as far as can be told.
    Neutral,
}

impl Effect {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Widens => "widens",
            Self::Narrows => "narrows",
            Self::Neutral => "neutral",
        }
    }
}

/// One thing that is different.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What it is about.
    pub topic: Topic,
    /// What happened.
    pub action: Action,
    /// What that means for safety.
    pub effect: Effect,
    /// What changed, below its pipeline, for programs: `environments/prod`, `permissions/executor`.
    pub path: String,
    /// What changed, in a word or two: `prod`, `executor`.
    pub subject: String,
    /// What is different, as one line of text. It may hold what somebody else wrote.
    pub text: String,
    /// As it was, where it is one value.
    pub old: Option<Value>,
    /// As it is, where it is one value.
    pub new: Option<Value>,
}

impl Change {
    fn new(topic: Topic, action: Action, path: impl Into<String>, text: impl Into<String>) -> Self {
        let path = path.into();
        let subject = path.split_once('/').map_or(path.as_str(), |(_, name)| name).to_owned();
        Self { topic, action, effect: Effect::Neutral, path, subject, text: text.into(), old: None, new: None }
    }

    fn effect(self, effect: Effect) -> Self {
        Self { effect, ..self }
    }

    fn subject(self, subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), ..self }
    }

    fn values(self, old: Option<Value>, new: Option<Value>) -> Self {
        Self { old, new, ..self }
    }

    /// Whether it has to be read before anything else: it makes something possible that was not.
    pub fn is_urgent(&self) -> bool {
        self.effect == Effect::Widens
    }
}

/// What became of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// It was called otherwise, as its repository and its environments tell.
    Renamed {
        /// The name that it had.
        from: String,
    },
    /// It is there on both sides.
    Kept,
}

impl State {
    /// The word for it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Renamed { .. } => "renamed",
            Self::Kept => "changed",
        }
    }
}

/// What is different in one pipeline.
#[derive(Debug, Clone, PartialEq)]
pub struct PipelineChanges {
    /// Its name; of a pipeline that is gone the one that it had.
    pub name: String,
    /// What became of it.
    pub state: State,
    /// What is different, by topic; within one what widens stands first.
    pub changes: Vec<Change>,
}

/// What is different between two snapshots. Pipelines that are the same are not in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Changes {
    /// Those with a gate less first, then those with a permission more, then the others.
    pub pipelines: Vec<PipelineChanges>,
}

impl Changes {
    /// Whether both sides are the same, byte for byte.
    pub fn is_empty(&self) -> bool {
        self.pipelines.is_empty()
    }

    /// Every change of every pipeline.
    pub fn all(&self) -> impl Iterator<Item = &Change> {
        self.pipelines.iter().flat_map(|pipeline| &pipeline.changes)
    }
}

/// What is different in `new`, compared with `old`.
pub fn changes(old: &Snapshot, new: &Snapshot) -> Changes {
    let mut pipelines: Vec<PipelineChanges> = snapshot::pairs(old, new).into_iter().filter_map(pipeline).collect();
    pipelines.sort_by_key(|pipeline| pipeline.changes.iter().map(rank).min().unwrap_or(Topic::ALL.len()));
    Changes { pipelines }
}

/// How early a pipeline with that change stands.
fn rank(change: &Change) -> usize {
    match (change.effect, change.topic) {
        (Effect::Widens, Topic::Gates) => 0,
        (Effect::Widens, _) => 1,
        (Effect::Narrows | Effect::Neutral, _) => Topic::ALL.len(),
    }
}

fn pipeline((old, new): (Option<&Side>, Option<&Side>)) -> Option<PipelineChanges> {
    let nothing = Side::default();
    let (state, name) = match (old, new) {
        (Some(old), Some(new)) if old.name != new.name => (State::Renamed { from: old.name.clone() }, &new.name),
        // What has no model is not known to be anywhere; its files may be.
        (Some(old), Some(new)) if old.model.is_null() && !new.model.is_null() => (State::Added, &new.name),
        (Some(_), Some(new)) => (State::Kept, &new.name),
        (None, Some(new)) => (State::Added, &new.name),
        (Some(old), None) => (State::Removed, &old.name),
        (None, None) => return None,
    };
    let (old, new) = (old.unwrap_or(&nothing), new.unwrap_or(&nothing));
    if old == new {
        return None;
    }
    let mut changes = Vec::new();
    if state != State::Removed {
        gates::compare(old, new, &mut changes);
        tasks::pull_requests(old, new, &mut changes);
        roles::compare(old, new, &mut changes);
        tasks::compare(old, new, &mut changes);
        rbac::compare(old, new, &mut changes);
        stages::compare(old, new, &mut changes);
        settings::compare(old, new, &mut changes);
    }
    // What was not there cannot do less than before.
    if state == State::Added {
        changes.retain(|change| change.topic != Topic::Permissions || change.effect != Effect::Narrows);
    }
    files::compare(old, new, &mut changes);
    changes.sort_by_key(|change| (change.topic, change.effect));
    Some(PipelineChanges { name: name.clone(), state, changes })
}
