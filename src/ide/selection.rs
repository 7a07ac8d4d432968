//! What is selected next, step by step from a word to the whole text.

use super::workspace::Workspace;
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
            let is_quoted =
                token.kind() == K::Text && span.end - span.start > 2 && token.text().starts_with(['"', '`']);
            if is_quoted {
                add(span.start + 1, span.end - 1);
            }
            add(span.start, span.end);
        }
        let node = token.node();
        for around in std::iter::once(node).chain(node.ancestors()) {
            let span = around.span();
            if matches!(around.kind(), K::Map | K::Array | K::Arguments | K::Block) && span.end - span.start > 2 {
                let opener = around.tokens().next().map_or(1, |token| token.span().end - token.span().start);
                let inner = &file.text()[(span.start + opener) as usize..(span.end - 1) as usize];
                let blanks = |text: &str, trimmed: &str| u32::try_from(text.len() - trimmed.len()).unwrap_or(0);
                let before = blanks(inner, inner.trim_start());
                let after = blanks(inner, inner.trim_end());
                let (start, end) = (span.start + opener + before, span.end - 1 - after);
                if start <= offset && offset <= end {
                    add(start, end.max(start));
                }
            }
            if around.kind() != K::Root {
                add(span.start, span.end);
            }
        }
        add(0, u32::try_from(file.text().len()).unwrap_or(u32::MAX));
        found
    }
}
