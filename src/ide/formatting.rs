//! A text in its one style.

use std::ops::Range;

use super::workspace::Workspace;
use crate::syntax::Edit;

impl Workspace {
    /// The changes that give the text at `path`, or what of it lies in `range`, its style; none where it has a syntax error,
    /// and so no style.
    pub fn formatting(&mut self, path: &str, range: Option<Range<u32>>) -> Option<Vec<Edit>> {
        let file = self.file(path)?;
        crate::format::edits(&file.parsed, range.unwrap_or(0..u32::MAX))
    }
}
