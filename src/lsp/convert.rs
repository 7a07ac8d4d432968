//! Answers of `ide` as the protocol has them.

use gen_lsp_types as lsp;

use super::documents::Document;
use super::positions::Encoding;
use crate::diagnostic::Severity;
use crate::ide::{Problem, Token};

pub(super) fn diagnostic(
    problem: &Problem,
    range: lsp::Range,
    related: Vec<(lsp::Location, &String)>,
) -> lsp::Diagnostic {
    let information = |(location, words): (lsp::Location, &String)| {
        let message = if words.is_empty() { "see here".to_owned() } else { words.clone() };
        lsp::DiagnosticRelatedInformation { location, message }
    };
    lsp::Diagnostic {
        range,
        severity: Some(match problem.severity {
            Severity::Error => lsp::DiagnosticSeverity::Error,
            Severity::Warning => lsp::DiagnosticSeverity::Warning,
        }),
        code: Some(problem.code.id().to_owned().into()),
        source: Some("aphex".into()),
        message: problem.message.clone().into(),
        tags: problem.is_unused.then(|| vec![lsp::DiagnosticTag::Unnecessary]),
        related_information: (!related.is_empty()).then(|| related.into_iter().map(information).collect()),
        ..lsp::Diagnostic::default()
    }
}

/// Each token told from where the one before it starts.
pub(super) fn tokens(tokens: &[Token], document: &Document, encoding: Encoding) -> lsp::SemanticTokens {
    let (mut line, mut character) = (0, 0);
    let data = tokens.iter().map(|token| {
        let range = document.lines.range(&document.text, token.start, token.end, encoding);
        let delta_line = range.start.line - line;
        let delta_start = if delta_line == 0 { range.start.character - character } else { range.start.character };
        (line, character) = (range.start.line, range.start.character);
        lsp::SemanticToken {
            delta_line,
            delta_start,
            length: range.end.character.saturating_sub(range.start.character),
            token_type: token.kind as u32,
            token_modifiers_bitset: token.modifiers,
        }
    });
    lsp::SemanticTokens { result_id: None, data: data.collect() }
}

pub(super) fn edit(document: &Document, encoding: Encoding, edit: &crate::syntax::Edit) -> lsp::TextEdit {
    let range = document.lines.range(&document.text, edit.span.start, edit.span.end, encoding);
    lsp::TextEdit { range, new_text: edit.text.clone() }
}
