//! Answers of `ide` as the protocol has them.

use gen_lsp_types as lsp;

use super::documents::Document;
use super::positions::{Encoding, Lines};
use crate::diagnostic::Severity;
use crate::ide::{Completion, Help, Problem, Signature, Sort, Token};
use crate::syntax::Edit;

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

pub(super) fn edit(text: &str, lines: &Lines, encoding: Encoding, edit: &Edit) -> lsp::TextEdit {
    let range = lines.range(text, edit.span.start, edit.span.end, encoding);
    lsp::TextEdit { range, new_text: edit.text.clone() }
}

pub(super) const fn markdown(value: String) -> lsp::MarkupContent {
    lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value }
}

/// A completion, the `index`th of the best.
pub(super) fn completion(
    completion: &Completion,
    index: usize,
    range: lsp::Range,
    snippets: bool,
) -> lsp::CompletionItem {
    let is_snippet = snippets && completion.snippet.contains('$');
    let new_text = if is_snippet { completion.snippet.clone() } else { completion.plain() };
    let documentation = Some(completion.documentation.clone()).filter(|text| !text.is_empty());
    lsp::CompletionItem {
        label: completion.label.clone(),
        kind: Some(sort(completion.sort)),
        detail: Some(completion.detail.clone()).filter(|text| !text.is_empty()),
        documentation: documentation.map(|text| markdown(text).into()),
        sort_text: Some(format!("{index:04}")),
        insert_text_format: is_snippet.then_some(lsp::InsertTextFormat::Snippet),
        text_edit: Some(lsp::TextEdit { range, new_text }.into()),
        ..lsp::CompletionItem::default()
    }
}

const fn sort(sort: Sort) -> lsp::CompletionItemKind {
    match sort {
        Sort::Function => lsp::CompletionItemKind::Function,
        Sort::Method => lsp::CompletionItemKind::Method,
        Sort::Property => lsp::CompletionItemKind::Property,
        Sort::Variable => lsp::CompletionItemKind::Variable,
        Sort::Constant => lsp::CompletionItemKind::Constant,
        Sort::Module => lsp::CompletionItemKind::Module,
        Sort::Choice => lsp::CompletionItemKind::EnumMember,
        Sort::Keyword => lsp::CompletionItemKind::Keyword,
        Sort::Snippet => lsp::CompletionItemKind::Snippet,
    }
}

pub(super) fn signatures(help: Help) -> lsp::SignatureHelp {
    let parameter = |(label, words): (String, String)| lsp::ParameterInformation {
        label: label.into(),
        documentation: Some(words.into()).filter(|words: &lsp::Documentation| *words != String::new().into()),
    };
    let signature = |signature: Signature| lsp::SignatureInformation {
        label: signature.label,
        documentation: Some(markdown(signature.documentation).into()),
        parameters: Some(signature.parameters.into_iter().map(parameter).collect()),
        active_parameter: None,
    };
    let to_u32 = |index: usize| u32::try_from(index).unwrap_or(0);
    lsp::SignatureHelp {
        active_signature: Some(to_u32(help.active)),
        active_parameter: Some(to_u32(help.argument).into()),
        signatures: help.signatures.into_iter().map(signature).collect(),
    }
}
