//! Questions about one text: what could stand there, what does, and how it is shown.

use gen_lsp_types as lsp;

use super::Answer;
use crate::eval::Cancellation;
use crate::ide::FoldKind;
use crate::lsp::convert;
use crate::lsp::worker::{Refusal, Server};

impl Server {
    pub(super) fn completion(&mut self, params: &lsp::CompletionParams) -> Answer<lsp::CompletionRequest> {
        let at = &params.text_document_position_params;
        let ((root, path), offset) = self.at(at)?;
        let found = self.project(&root).completions(&path, offset);
        let snippets = self.client.snippets;
        let mut items = Vec::with_capacity(found.len());
        for (index, completion) in found.iter().enumerate() {
            let range = self.range(&at.text_document, completion.replaces.start, completion.replaces.end)?;
            items.push(convert::completion(completion, index, range, snippets));
        }
        Ok(Some(items.into()))
    }

    pub(super) fn hover(&mut self, params: &lsp::HoverParams, stop: &Cancellation) -> Answer<lsp::HoverRequest> {
        let at = &params.text_document_position_params;
        let ((root, path), offset) = self.at(at)?;
        let Some(hover) = self.project(&root).hover(&path, offset, stop)? else { return Ok(None) };
        let range = self.range(&at.text_document, hover.location.start, hover.location.end)?;
        Ok(Some(lsp::Hover { contents: convert::markdown(hover.text).into(), range: Some(range) }))
    }

    pub(super) fn signature(&mut self, params: &lsp::SignatureHelpParams) -> Answer<lsp::SignatureHelpRequest> {
        let ((root, path), offset) = self.at(&params.text_document_position_params)?;
        Ok(self.project(&root).signatures(&path, offset).map(convert::signatures))
    }

    pub(super) fn actions(
        &mut self,
        params: &lsp::CodeActionParams,
        stop: &Cancellation,
    ) -> Answer<lsp::CodeActionRequest> {
        let (root, path) = self.file(&params.text_document)?;
        let range = self.offsets(&params.text_document, params.range)?;
        let mut found = Vec::new();
        for action in self.project(&root).actions(&path, range, stop)? {
            let kind = if action.fixes.is_some() {
                lsp::CodeActionKind::QuickFix
            } else {
                lsp::CodeActionKind::RefactorRewrite
            };
            let wanted = params.context.only.as_ref().is_none_or(|only| {
                only.iter().any(|only| {
                    kind.as_str() == only.as_str() || kind.as_str().starts_with(&format!("{}.", only.as_str()))
                })
            });
            if !wanted {
                continue;
            }
            let diagnostic = match &action.fixes {
                Some(problem) => self.diagnostic(&root, problem),
                None => None,
            };
            let edit = self.workspace_edit(&root, &action.edits);
            found.push(lsp::CodeActionResponse::CodeAction(lsp::CodeAction {
                title: action.title,
                kind: Some(kind),
                diagnostics: diagnostic.map(|diagnostic| vec![diagnostic]),
                is_preferred: Some(action.is_preferred).filter(|preferred| *preferred),
                edit: Some(edit),
                ..lsp::CodeAction::default()
            }));
        }
        Ok(Some(found))
    }

    pub(super) fn format(
        &mut self,
        document: &lsp::TextDocumentIdentifier,
        range: Option<lsp::Range>,
    ) -> Answer<lsp::DocumentFormattingRequest> {
        let (root, path) = self.file(document)?;
        let range = range.map(|range| self.offsets(document, range)).transpose()?;
        let Some(edits) = self.project(&root).formatting(&path, range) else {
            return Err(Refusal::Failed("a text with a syntax error has no style".into()));
        };
        let open = self.document(document.uri.as_ref())?;
        Ok(Some(edits.iter().map(|edit| convert::edit(&open.text, &open.lines, self.client.encoding, edit)).collect()))
    }

    pub(super) fn tokens(
        &mut self,
        document: &lsp::TextDocumentIdentifier,
        range: Option<lsp::Range>,
    ) -> Answer<lsp::SemanticTokensRequest> {
        let (root, path) = self.file(document)?;
        let range = range.map(|range| self.offsets(document, range)).transpose()?;
        let mut tokens = self.project(&root).tokens(&path);
        if let Some(range) = range {
            tokens.retain(|token| token.start < range.end && range.start < token.end);
        }
        let open = self.document(document.uri.as_ref())?;
        Ok(Some(convert::tokens(&tokens, open, self.client.encoding)))
    }

    pub(super) fn folds(&mut self, params: &lsp::FoldingRangeParams) -> Answer<lsp::FoldingRangeRequest> {
        let (root, path) = self.file(&params.text_document)?;
        let mut found = Vec::new();
        for fold in self.project(&root).folds(&path) {
            let range = self.range(&params.text_document, fold.start, fold.end)?;
            let kind = match fold.kind {
                FoldKind::Code => None,
                FoldKind::Comment => Some(lsp::FoldingRangeKind::Comment),
                FoldKind::Imports => Some(lsp::FoldingRangeKind::Imports),
            };
            // The line of the closing bracket stays.
            let end_line = if kind.is_none() { range.end.line.saturating_sub(1) } else { range.end.line };
            // Of brackets that open on one line, the outermost.
            let is_new = found.last().is_none_or(|last: &lsp::FoldingRange| last.start_line != range.start.line);
            if end_line > range.start.line && is_new {
                let fold =
                    lsp::FoldingRange { start_line: range.start.line, end_line, kind, ..lsp::FoldingRange::default() };
                found.push(fold);
            }
        }
        Ok(Some(found))
    }

    pub(super) fn selections(&mut self, params: &lsp::SelectionRangeParams) -> Answer<lsp::SelectionRangeRequest> {
        let (root, path) = self.file(&params.text_document)?;
        let mut found = Vec::new();
        for position in &params.positions {
            let offset = self.offset(&params.text_document, *position)?;
            let mut outer: Option<lsp::SelectionRange> = None;
            for (start, end) in self.project(&root).selections(&path, offset).into_iter().rev() {
                let range = self.range(&params.text_document, start, end)?;
                outer = Some(lsp::SelectionRange { range, parent: outer.map(Box::new) });
            }
            let here = || lsp::SelectionRange { range: lsp::Range { start: *position, end: *position }, parent: None };
            found.push(outer.unwrap_or_else(here));
        }
        Ok(Some(found))
    }

    pub(super) fn hints(
        &mut self,
        params: &lsp::InlayHintParams,
        stop: &Cancellation,
    ) -> Answer<lsp::InlayHintRequest> {
        let (root, path) = self.file(&params.text_document)?;
        let range = self.offsets(&params.text_document, params.range)?;
        let wanted = self.client.settings.hints;
        let mut found = Vec::new();
        for hint in self.project(&root).hints(&path, range, wanted, stop)? {
            let position = self.range(&params.text_document, hint.offset, hint.offset)?.start;
            found.push(lsp::InlayHint {
                position,
                label: hint.label.into(),
                kind: None,
                text_edits: None,
                tooltip: Some(convert::markdown(hint.tooltip).into()),
                padding_left: Some(!hint.is_before),
                padding_right: Some(hint.is_before),
                data: None,
            });
        }
        Ok(Some(found))
    }
}
