//! What an editor can do about a place: fixes of problems, and other ways to write the same.

mod fixes;
mod keys;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::problems::Problem;
use super::workspace::{File, Workspace};
use crate::eval::{Cancellation, Cancelled};
use crate::syntax::Edit;

/// Something that an editor can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does, for a person to choose.
    pub title: String,
    /// The changes of each file, in order.
    pub edits: BTreeMap<Arc<str>, Vec<Edit>>,
    /// The problem that it is the answer to; none where it only writes the same in another way.
    pub fixes: Option<Problem>,
    /// Whether it is the one that is most likely wanted.
    pub is_preferred: bool,
}

/// An answer to a problem: what it does, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fix {
    title: String,
    edits: Vec<Edit>,
}

impl Fix {
    fn new(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), edits }
    }
}

impl Workspace {
    /// What can be done in `range` of the text at `path`.
    ///
    /// # Errors
    /// Where `cancellation` ended the evaluation that tells the problems.
    pub fn actions(
        &mut self,
        path: &str,
        range: Range<u32>,
        cancellation: &Cancellation,
    ) -> Result<Vec<Action>, Cancelled> {
        let Some(file) = self.file(path) else { return Ok(Vec::new()) };
        let problems = self.problems_of(path, cancellation)?;
        let here = problems
            .into_iter()
            .filter(|problem| problem.location.start <= range.end && range.start <= problem.location.end);
        let mut found = Vec::new();
        for problem in here {
            for (index, fix) in self.fixes(&file, &problem).into_iter().enumerate() {
                found.push(Action { is_preferred: index == 0, ..action(&file, fix, Some(&problem)) });
            }
        }
        if let Some(fix) = self.sorted_keys(&file, range.start) {
            found.push(action(&file, fix, None));
        }
        Ok(found)
    }

    /// What is wrong with the text at `path`.
    fn problems_of(&mut self, path: &str, cancellation: &Cancellation) -> Result<Vec<Problem>, Cancelled> {
        if self.is_open(path) {
            return Ok(self.problems(cancellation)?.remove(path).unwrap_or_default());
        }
        Ok(Vec::new())
    }
}

fn action(file: &File, fix: Fix, problem: Option<&Problem>) -> Action {
    let edits = BTreeMap::from([(Arc::clone(&file.path), fix.edits)]);
    Action { title: fix.title, edits, fixes: problem.cloned(), is_preferred: false }
}
