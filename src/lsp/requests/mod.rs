//! What the client asks.

mod navigation;
mod own;
mod text;

use std::sync::Arc;

use gen_lsp_types as lsp;
use lsp_server::Request;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::worker::{Refusal, Server};
use crate::eval::Cancellation;

/// The answer of a request of the protocol.
type Answer<R> = Result<<R as lsp::Request>::Result, Refusal>;

/// A text that is open: its project's root, and its path from there.
type Place = (Arc<str>, Arc<str>);

impl Server {
    /// The answer to a request.
    pub(super) fn answered(&mut self, request: Request, stop: &Cancellation) -> Result<Value, Refusal> {
        let Request { id: _, method, params } = request;
        match &*method {
            "textDocument/completion" => on::<lsp::CompletionRequest>(params, |params| self.completion(&params)),
            "textDocument/hover" => on::<lsp::HoverRequest>(params, |params| self.hover(&params, stop)),
            "textDocument/signatureHelp" => on::<lsp::SignatureHelpRequest>(params, |params| self.signature(&params)),
            "textDocument/codeAction" => on::<lsp::CodeActionRequest>(params, |params| self.actions(&params, stop)),
            "textDocument/formatting" => {
                on::<lsp::DocumentFormattingRequest>(params, |params| self.format(&params.text_document, None))
            }
            "textDocument/rangeFormatting" => on::<lsp::DocumentRangeFormattingRequest>(params, |params| {
                self.format(&params.text_document, Some(params.range))
            }),
            "textDocument/semanticTokens/full" => {
                on::<lsp::SemanticTokensRequest>(params, |params| self.tokens(&params.text_document, None))
            }
            "textDocument/semanticTokens/range" => on::<lsp::SemanticTokensRangeRequest>(params, |params| {
                self.tokens(&params.text_document, Some(params.range))
            }),
            "textDocument/foldingRange" => on::<lsp::FoldingRangeRequest>(params, |params| self.folds(&params)),
            "textDocument/selectionRange" => {
                on::<lsp::SelectionRangeRequest>(params, |params| self.selections(&params))
            }
            "textDocument/inlayHint" => on::<lsp::InlayHintRequest>(params, |params| self.hints(&params, stop)),
            "textDocument/codeLens" => on::<lsp::CodeLensRequest>(params, |params| self.lenses(&params, stop)),
            "textDocument/definition" => on::<lsp::DefinitionRequest>(params, |params| self.definition(&params, stop)),
            "textDocument/references" => on::<lsp::ReferencesRequest>(params, |params| self.references(&params, stop)),
            "textDocument/documentHighlight" => {
                on::<lsp::DocumentHighlightRequest>(params, |params| self.highlights(&params, stop))
            }
            "textDocument/prepareRename" => {
                on::<lsp::PrepareRenameRequest>(params, |params| self.prepare_rename(&params, stop))
            }
            "textDocument/rename" => on::<lsp::RenameRequest>(params, |params| self.rename(&params, stop)),
            "textDocument/documentSymbol" => on::<lsp::DocumentSymbolRequest>(params, |params| self.symbols(&params)),
            "workspace/symbol" => {
                on::<lsp::WorkspaceSymbolRequest>(params, |params| Ok(Some(self.workspace_symbols(&params).into())))
            }
            "textDocument/documentLink" => on::<lsp::DocumentLinkRequest>(params, |params| self.links(&params)),
            "aphex/preview" => own(params, |params| self.preview(&params, stop)),
            "aphex/origin" => own(params, |params| self.origin(&params, stop)),
            "aphex/graph" => own(params, |params| self.graph(&params, stop)),
            "aphex/explain" => own(params, |params| Ok(self.explain(&params))),
            _ => Err(Refusal::Unknown),
        }
    }

    /// The root and the path of a text that is open.
    fn file(&self, document: &lsp::TextDocumentIdentifier) -> Result<Place, Refusal> {
        let open = self.document(document.uri.as_ref())?;
        Ok((Arc::clone(&open.root), Arc::clone(&open.path)))
    }

    /// The text that a position is in, and the position in bytes.
    fn at(&self, params: &lsp::TextDocumentPositionParams) -> Result<(Place, u32), Refusal> {
        let offset = self.offset(&params.text_document, params.position)?;
        Ok((self.file(&params.text_document)?, offset))
    }

    fn offset(&self, document: &lsp::TextDocumentIdentifier, position: lsp::Position) -> Result<u32, Refusal> {
        let open = self.document(document.uri.as_ref())?;
        Ok(open.lines.offset(&open.text, position, self.client.encoding))
    }

    fn offsets(
        &self,
        document: &lsp::TextDocumentIdentifier,
        range: lsp::Range,
    ) -> Result<std::ops::Range<u32>, Refusal> {
        Ok(self.offset(document, range.start)?..self.offset(document, range.end)?)
    }

    /// A part of a text that is open, as the protocol has it.
    fn range(&self, document: &lsp::TextDocumentIdentifier, start: u32, end: u32) -> Result<lsp::Range, Refusal> {
        let open = self.document(document.uri.as_ref())?;
        Ok(open.lines.range(&open.text, start, end, self.client.encoding))
    }
}

/// Reads the parameters of a request, and writes its answer.
fn on<R: lsp::Request>(params: Value, answer: impl FnOnce(R::Params) -> Answer<R>) -> Result<Value, Refusal> {
    own(params, answer)
}

fn own<P: DeserializeOwned, R: Serialize>(
    params: Value,
    answer: impl FnOnce(P) -> Result<R, Refusal>,
) -> Result<Value, Refusal> {
    let params = serde_json::from_value(params).map_err(|error| Refusal::Params(error.to_string()))?;
    serde_json::to_value(answer(params)?).map_err(|error| Refusal::Failed(error.to_string()))
}
