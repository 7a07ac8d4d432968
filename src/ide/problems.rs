//! What is wrong, by file.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::workspace::{Location, Workspace, location};
use crate::compile::Evaluation;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::eval::{Cancellation, Cancelled};

/// A problem in a text of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Which problem.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// The text that is wrong; never empty where its line has a character.
    pub location: Location,
    /// What is wrong, with what to do in lines of its own.
    pub message: String,
    /// What to do, in lines of the message.
    pub help: Vec<String>,
    /// What is marked, also where that is nothing.
    pub marked: (u32, u32),
    /// Whether what is marked does nothing.
    pub is_unused: bool,
    /// Other places that explain it, with words.
    pub related: Vec<(Location, String)>,
}

impl Workspace {
    /// Everything that is wrong in what is open, in what that imports, and in the scripts that import it: by file, each
    /// problem once. A file that was looked at and has none is there without one.
    ///
    /// # Errors
    /// Where `cancellation` ended it.
    pub fn problems(&mut self, cancellation: &Cancellation) -> Result<BTreeMap<Arc<str>, Vec<Problem>>, Cancelled> {
        let mut found: BTreeMap<Arc<str>, Vec<Problem>> = BTreeMap::new();
        for top in self.open_tops() {
            let Some(evaluation) = self.evaluation(&top, cancellation)? else { continue };
            for source in evaluation.sources.iter().filter(|source| !self.is_library(&source.path)) {
                found.entry(Arc::clone(&source.path)).or_default();
            }
            for diagnostic in &evaluation.diagnostics {
                let problem = problem(&evaluation, diagnostic);
                if let Some(all) = found.get_mut(&problem.location.path) {
                    all.push(problem);
                }
            }
        }
        for problems in found.values_mut() {
            let mut seen = HashSet::new();
            problems.retain(|one| seen.insert((one.code, one.location.clone(), one.message.clone())));
            problems.sort_by(|a, b| a.location.cmp(&b.location));
        }
        Ok(found)
    }
}

fn problem(evaluation: &Evaluation, diagnostic: &Diagnostic) -> Problem {
    let Diagnostic { code, message, primary, related, help, trace, .. } = diagnostic;
    let place = location(evaluation, primary.span);
    let text = &evaluation.sources.get(primary.span.source).text;
    let (start, end) = visible(text, place.start, place.end);
    let message = std::iter::once(message).chain(help).map(String::as_str).collect::<Vec<_>>().join("\n");
    let others = related.iter().chain(trace).map(|other| (location(evaluation, other.span), other.node.clone()));
    Problem {
        code: *code,
        severity: code.severity(),
        location: Location { start, end, ..place },
        message,
        help: help.clone(),
        marked: (place.start, place.end),
        is_unused: *code == Code::Unused,
        related: others.collect(),
    }
}

/// A place with a character in it: the one after it, or the one before it where the line ends.
fn visible(text: &str, start: u32, end: u32) -> (u32, u32) {
    if end > start {
        return (start, end);
    }
    let at = text.floor_char_boundary(start as usize);
    let to_u32 = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
    let is_end = |letter: &char| matches!(letter, '\n' | '\r');
    match text[at..].chars().next().filter(|letter| !is_end(letter)) {
        Some(after) => (to_u32(at), to_u32(at + after.len_utf8())),
        None => match text[..at].chars().next_back().filter(|letter| !is_end(letter)) {
            Some(before) => (to_u32(at - before.len_utf8()), to_u32(at)),
            None => (to_u32(at), to_u32(at)),
        },
    }
}
