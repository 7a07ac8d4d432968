//! What is selected next, step by step from a word to the whole text.

use super::workspace::{Workspace, around, between_quotes, closer};
use crate::syntax::SyntaxKind as K;

impl Workspace {
    /// The parts of the text at `path` around `offset`, each inside of the next, in bytes.
    pub fn selections(&mut self, path: &str, offset: u32) -> Vec<(u32, u32)> {
        let Some(file) = self.file(path) else { return Vec::new() };
        let mut found: Vec<(u32, u32)> = Vec::new();
        let mut add = |start: u32, end: u32| {
            let is_wider = found.last().is_none_or(|(inner, outer)| start <= *inner && *outer <= end);
            if is_wider && found.last() != Some(&(start, end)) && end > start {
                found.push((start, end));
            }
        };
        let Some(token) = file.token_at(offset) else {
            return vec![(0, u32::try_from(file.text().len()).unwrap_or(0))];
        };
        let span = token.span();
        if token.kind() != K::Whitespace {
            if let Some(inner) = between_quotes(token.text(), span) {
                add(inner.start, inner.end);
            }
            add(span.start, span.end);
        }
        for node in around(token.node()) {
            let span = node.span();
            if matches!(node.kind(), K::Map | K::Array | K::Arguments | K::Block) {
                let opener = node.own_tokens().next().map_or(span.start, |token| token.span().end);
                let closer = closer(node).max(opener);
                let inner = file.text().get(opener as usize..closer as usize).unwrap_or_default();
                let blanks = |trimmed: &str| u32::try_from(inner.len() - trimmed.len()).unwrap_or(0);
                let (start, end) = (opener + blanks(inner.trim_start()), closer - blanks(inner.trim_end()));
                if start <= offset && offset <= end {
                    add(start, end);
                }
            }
            if node.kind() != K::Root {
                add(span.start, span.end);
            }
        }
        add(0, u32::try_from(file.text().len()).unwrap_or(u32::MAX));
        found
    }
}
