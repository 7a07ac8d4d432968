//! What of a text can be folded away.

use super::workspace::{File, Workspace};
use crate::source::Span;
use crate::syntax::SyntaxKind as K;

/// A part of a text over several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// Its first byte.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// What it is.
    pub kind: FoldKind,
}

/// What is folded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldKind {
    /// Code between brackets.
    Code,
    /// Comments.
    Comment,
    /// Imports, one after the other.
    Imports,
}

impl Workspace {
    /// What of the text at `path` can be folded away, in order.
    pub fn folds(&mut self, path: &str) -> Vec<Fold> {
        let Some(file) = self.file(path) else { return Vec::new() };
        let mut found = brackets(&file);
        found.extend(runs(&file));
        found.retain(|fold| file.text()[fold.start as usize..fold.end as usize].contains('\n'));
        // The outermost of those that start together comes first.
        found.sort_by_key(|fold| (fold.start, std::cmp::Reverse(fold.end)));
        found
    }
}

fn brackets(file: &File) -> Vec<Fold> {
    let kinds = |kind| matches!(kind, K::Block | K::Map | K::Array | K::Arguments | K::Parameters | K::Switch);
    let nodes = file.tree().nodes().filter(|node| kinds(node.kind()));
    nodes.map(|node| fold(node.span(), FoldKind::Code)).collect()
}

/// Comments and imports that follow each other.
fn runs(file: &File) -> Vec<Fold> {
    let mut found: Vec<Fold> = Vec::new();
    let mut open: Option<(K, Fold)> = None;
    for token in file.tree().tokens() {
        let kind = token.kind();
        match kind {
            K::LineComment | K::DocComment if token.text().starts_with("//") => {
                let is_same = open.is_some_and(|(known, _)| known == kind);
                match &mut open {
                    Some((_, fold)) if is_same => fold.end = token.span().end,
                    _ => {
                        found.extend(open.take().map(|(_, fold)| fold));
                        open = Some((kind, fold(token.span(), FoldKind::Comment)));
                    }
                }
            }
            K::BlockComment | K::DocComment => found.push(fold(token.span(), FoldKind::Comment)),
            K::Whitespace if token.text().matches('\n').count() < 2 => {}
            _ => found.extend(open.take().map(|(_, fold)| fold)),
        }
    }
    found.extend(open.map(|(_, fold)| fold));
    let mut imports: Option<Span> = None;
    for node in file.tree().root().children() {
        if node.kind() == K::Import {
            let span = node.span();
            imports = Some(imports.map_or(span, |first| Span::new(span.source, first.start, span.end)));
        } else {
            found.extend(imports.take().map(|span| fold(span, FoldKind::Imports)));
        }
    }
    found.extend(imports.map(|span| fold(span, FoldKind::Imports)));
    found
}

const fn fold(span: Span, kind: FoldKind) -> Fold {
    Fold { start: span.start, end: span.end, kind }
}
