//! What of a text leads to a file.

use std::sync::Arc;

use super::workspace::{Location, Workspace, between_quotes};

/// A text that names a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The path as it is written, without its quotes.
    pub location: Location,
    /// The file, from the project root.
    pub target: Arc<str>,
}

impl Workspace {
    /// The imports of files in the text at `path`. A module of the standard library is no file.
    pub fn links(&mut self, path: &str) -> Vec<Link> {
        let Some(file) = self.file(path) else { return Vec::new() };
        let mut found = Vec::new();
        for import in &file.imports {
            let target = import.target.as_ref().and_then(|target| self.file(target));
            if let Some(target) = target.filter(|target| !self.is_library(&target.path)) {
                let text = file.text().get(import.span.range()).unwrap_or_default();
                let location = file.at(between_quotes(text, import.span).unwrap_or(import.span));
                found.push(Link { location, target: Arc::clone(&target.path) });
            }
        }
        found
    }
}
