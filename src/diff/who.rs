//! Whose permissions are compared, and what need not be said of each of them.

use serde_json::Value;

use super::snapshot::Side;
use super::{Action, Change, Effect, Topic};

/// Whose permissions they are.
pub(super) struct Who<'a> {
    /// What the identity is for.
    pub(super) purpose: &'a str,
    /// Who does something by it, in words.
    pub(super) doers: String,
    pub(super) old: &'a Side,
    pub(super) new: &'a Side,
}

impl Who<'_> {
    /// A value of both models, where it is the same in both: what need not be told of each grant.
    pub(super) fn usual(&self, pointer: &str) -> Option<&str> {
        let new = self.new.model.pointer(pointer)?.as_str()?;
        let old = self.old.model.pointer(pointer);
        (self.old.model.is_null() || old.and_then(Value::as_str) == Some(new)).then_some(new)
    }

    /// The text of a grant, with the pipeline's own bucket by what it is.
    pub(super) fn words(&self, text: &str) -> String {
        let Some(bucket) = self.usual("/artifacts/bucket") else { return text.to_owned() };
        let objects = text.replace(&format!("`s3:::{bucket}/*`"), "the artifacts");
        objects.replace(&format!("`s3:::{bucket}`"), "the artifact bucket")
    }

    /// A change of what they may, said of them.
    pub(super) fn change(&self, effect: Effect, text: &str) -> Change {
        let action = match effect {
            Effect::Widens => Action::Added,
            Effect::Narrows => Action::Removed,
            Effect::Neutral => Action::Changed,
        };
        let path = format!("permissions/{}", self.purpose);
        Change::new(Topic::Permissions, action, path, format!("{} {text}", self.doers)).effect(effect)
    }
}
