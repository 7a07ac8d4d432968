//! What the server can do.

use gen_lsp_types as lsp;

use super::positions::Encoding;
use super::settings::Client;
use crate::ide::{Modifier, TokenKind};

/// The answer to `initialize`.
pub(super) fn initialize(client: &Client) -> lsp::InitializeResult {
    let server_info = lsp::ServerInfo { name: "aphex".into(), version: Some(env!("CARGO_PKG_VERSION").into()) };
    lsp::InitializeResult { capabilities: capabilities(client), server_info: Some(server_info) }
}

fn capabilities(client: &Client) -> lsp::ServerCapabilities {
    let letters = |all: &[&str]| Some(all.iter().map(|letter| (*letter).to_owned()).collect());
    lsp::ServerCapabilities {
        position_encoding: Some(match client.encoding {
            Encoding::Utf8 => lsp::PositionEncodingKind::UTF8,
            Encoding::Utf16 => lsp::PositionEncodingKind::UTF16,
        }),
        text_document_sync: Some(
            lsp::TextDocumentSyncOptions {
                open_close: Some(true),
                change: Some(lsp::TextDocumentSyncKind::Incremental),
                save: Some(lsp::SaveOptions::default().into()),
                ..lsp::TextDocumentSyncOptions::default()
            }
            .into(),
        ),
        completion_provider: Some(lsp::CompletionOptions {
            trigger_characters: letters(&[".", ":", "\"", "/", "{", ",", " "]),
            ..lsp::CompletionOptions::default()
        }),
        hover_provider: Some(true.into()),
        signature_help_provider: Some(lsp::SignatureHelpOptions {
            trigger_characters: letters(&["(", ","]),
            ..lsp::SignatureHelpOptions::default()
        }),
        definition_provider: Some(true.into()),
        references_provider: Some(true.into()),
        document_highlight_provider: Some(true.into()),
        document_symbol_provider: Some(true.into()),
        workspace_symbol_provider: Some(true.into()),
        rename_provider: Some(
            lsp::RenameOptions { prepare_provider: Some(true), ..lsp::RenameOptions::default() }.into(),
        ),
        code_action_provider: Some(
            lsp::CodeActionOptions {
                code_action_kinds: Some(vec![lsp::CodeActionKind::QuickFix, lsp::CodeActionKind::RefactorRewrite]),
                ..lsp::CodeActionOptions::default()
            }
            .into(),
        ),
        code_lens_provider: Some(lsp::CodeLensOptions::default()),
        document_formatting_provider: Some(true.into()),
        document_range_formatting_provider: Some(true.into()),
        document_link_provider: Some(lsp::DocumentLinkOptions::default()),
        folding_range_provider: Some(true.into()),
        selection_range_provider: Some(true.into()),
        inlay_hint_provider: Some(true.into()),
        semantic_tokens_provider: Some(
            lsp::SemanticTokensOptions {
                legend: lsp::SemanticTokensLegend {
                    token_types: names(TokenKind::NAMES),
                    token_modifiers: names(Modifier::NAMES),
                },
                range: Some(true.into()),
                full: Some(true.into()),
                ..lsp::SemanticTokensOptions::default()
            }
            .into(),
        ),
        ..lsp::ServerCapabilities::default()
    }
}

fn names(all: &[&str]) -> Vec<String> {
    all.iter().map(|name| (*name).to_owned()).collect()
}
