//! The files, by their text: nothing that is different goes untold.

use std::collections::BTreeSet;

use super::snapshot::Side;
use super::{Action, Change, Topic};

/// Adds the files that are not the same.
pub(super) fn compare(old: &Side, new: &Side, changes: &mut Vec<Change>) {
    for path in old.files.keys().chain(new.files.keys()).collect::<BTreeSet<_>>() {
        let (was, is) = (old.files.get(path), new.files.get(path));
        let action = match (was, is) {
            (None, _) => Action::Added,
            (_, None) => Action::Removed,
            (was, is) if was != is => Action::Changed,
            _ => continue,
        };
        changes.push(Change::new(Topic::Files, action, format!("files/{path}"), ""));
    }
}
