//! What the client asks.

use gen_lsp_types as lsp;
use lsp_server::Request;
use serde_json::Value;

use super::convert;
use super::worker::{Refusal, Server};
use crate::eval::Cancellation;

type Answer<R> = Result<<R as lsp::Request>::Result, Refusal>;

impl Server {
    /// The answer to a request.
    pub(super) fn answered(&mut self, request: Request, cancellation: &Cancellation) -> Result<Value, Refusal> {
        let _ = cancellation;
        let Request { id: _, method, params } = request;
        match &*method {
            "textDocument/semanticTokens/full" => {
                on::<lsp::SemanticTokensRequest>(params, |params| self.tokens(&params.text_document, None))
            }
            "textDocument/semanticTokens/range" => on::<lsp::SemanticTokensRangeRequest>(params, |params| {
                self.tokens(&params.text_document, Some(params.range))
            }),
            "textDocument/formatting" => on::<lsp::DocumentFormattingRequest>(params, |params| {
                self.format(&params.text_document, None)
            }),
            "textDocument/rangeFormatting" => on::<lsp::DocumentRangeFormattingRequest>(params, |params| {
                self.format(&params.text_document, Some(params.range))
            }),
            _ => Err(Refusal::Unknown),
        }
    }

    fn tokens(
        &mut self,
        document: &lsp::TextDocumentIdentifier,
        range: Option<lsp::Range>,
    ) -> Answer<lsp::SemanticTokensRequest> {
        let encoding = self.client.encoding;
        let (root, path) = self.file(document)?;
        let mut tokens = self.project(&root).tokens(&path);
        let document = self.document(document.uri.as_ref())?;
        if let Some(range) = range {
            let start = document.lines.offset(&document.text, range.start, encoding);
            let end = document.lines.offset(&document.text, range.end, encoding);
            tokens.retain(|token| token.start < end && start < token.end);
        }
        Ok(Some(convert::tokens(&tokens, document, encoding)))
    }

    fn format(
        &mut self,
        document: &lsp::TextDocumentIdentifier,
        range: Option<lsp::Range>,
    ) -> Answer<lsp::DocumentFormattingRequest> {
        let encoding = self.client.encoding;
        let (root, path) = self.file(document)?;
        let open = self.document(document.uri.as_ref())?;
        let range = range.map(|range| {
            let offset = |position| open.lines.offset(&open.text, position, encoding);
            offset(range.start)..offset(range.end)
        });
        let edits = self.project(&root).formatting(&path, range);
        let open = self.document(document.uri.as_ref())?;
        Ok(edits.map(|edits| edits.iter().map(|edit| convert::edit(open, encoding, edit)).collect()))
    }

    /// The root and the path of a text that is open.
    fn file(&self, document: &lsp::TextDocumentIdentifier) -> Result<(std::sync::Arc<str>, std::sync::Arc<str>), Refusal> {
        let open = self.document(document.uri.as_ref())?;
        Ok((open.root.clone(), open.path.clone()))
    }
}

/// Reads the parameters of a request, and writes its answer.
fn on<R: lsp::Request>(params: Value, answer: impl FnOnce(R::Params) -> Answer<R>) -> Result<Value, Refusal> {
    let params = serde_json::from_value(params).map_err(|error| Refusal::Params(error.to_string()))?;
    serde_json::to_value(answer(params)?).map_err(|error| Refusal::Failed(error.to_string()))
}
