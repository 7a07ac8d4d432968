//! What a client says of itself and of what its user wants. Read leniently: what is odd counts as not said.

use serde_json::Value;

use super::positions::Encoding;
use crate::ide::Hints;
use crate::model::Parameters;

/// What the client can do.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is one of the protocol's capabilities")]
pub(super) struct Client {
    pub(super) encoding: Encoding,
    /// Whether a completion may have places to fill in.
    pub(super) snippets: bool,
    /// Whether an edit may name the version of the text that it is for.
    pub(super) document_changes: bool,
    /// Whether symbols may lie in each other.
    pub(super) nested_symbols: bool,
    /// Whether code lenses, and hints, are asked for again where the server says so.
    pub(super) lens_refresh: bool,
    pub(super) hint_refresh: bool,
    /// Whether files may be watched.
    pub(super) watches: bool,
    pub(super) settings: Settings,
}

/// What the user wants.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Settings {
    /// Values for `param(name)`.
    pub(super) parameters: Parameters,
    pub(super) hints: Hints,
    pub(super) lenses: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { parameters: Parameters::new(), hints: Hints { order: true, defaults: false }, lenses: true }
    }
}

impl Client {
    /// What the parameters of `initialize` say.
    pub(super) fn of(params: &Value) -> Self {
        let capabilities = &params["capabilities"];
        let is = |pointer: &str| capabilities.pointer(pointer).and_then(Value::as_bool).unwrap_or(false);
        let encodings = capabilities["general"]["positionEncodings"].as_array();
        let takes_bytes = encodings.is_some_and(|all| all.iter().any(|one| one == "utf-8"));
        Self {
            encoding: if takes_bytes { Encoding::Utf8 } else { Encoding::Utf16 },
            snippets: is("/textDocument/completion/completionItem/snippetSupport"),
            document_changes: is("/workspace/workspaceEdit/documentChanges"),
            nested_symbols: is("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            lens_refresh: is("/workspace/codeLens/refreshSupport"),
            hint_refresh: is("/workspace/inlayHint/refreshSupport"),
            watches: is("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            settings: Settings::of(&params["initializationOptions"]),
        }
    }
}

impl Settings {
    /// What a client's options say: `{parameters, inlayHints: {order, defaults}, codeLens}`, by themselves or as `aphex`.
    pub(super) fn of(options: &Value) -> Self {
        let own = options.get("aphex").unwrap_or(options);
        let unset = Self::default();
        let is = |value: &Value, unset: bool| value.as_bool().unwrap_or(unset);
        let hints = &own["inlayHints"];
        let parameters = own["parameters"].as_object().into_iter().flatten();
        Self {
            parameters: parameters.map(|(name, value)| (name.clone(), value.clone())).collect(),
            hints: Hints {
                order: is(&hints["order"], unset.hints.order),
                defaults: is(&hints["defaults"], unset.hints.defaults),
            },
            lenses: is(&own["codeLens"], unset.lenses),
        }
    }
}
