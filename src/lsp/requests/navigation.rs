//! Questions that lead to other places: where something is introduced, where it is used, what there is.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use gen_lsp_types as lsp;

use super::Answer;
use crate::eval::Cancellation;
use crate::ide::{Location, RenameError, Symbol, SymbolKind};
use crate::lsp::convert;
use crate::lsp::positions::Lines;
use crate::lsp::worker::{Refusal, Server};
use crate::syntax::Edit;

impl From<RenameError> for Refusal {
    fn from(error: RenameError) -> Self {
        match error {
            RenameError::Refused(why) => Self::Failed(why),
            RenameError::Cancelled => Self::Cancelled,
        }
    }
}

impl Server {
    pub(super) fn definition(
        &mut self,
        params: &lsp::DefinitionParams,
        stop: &Cancellation,
    ) -> Answer<lsp::DefinitionRequest> {
        let ((root, path), offset) = self.at(&params.text_document_position_params)?;
        let found = self.project(&root).definition(&path, offset, stop)?;
        let found = self.locations(&root, &found);
        Ok((!found.is_empty()).then(|| lsp::Definition::LocationList(found).into()))
    }

    pub(super) fn references(
        &mut self,
        params: &lsp::ReferenceParams,
        stop: &Cancellation,
    ) -> Answer<lsp::ReferencesRequest> {
        let ((root, path), offset) = self.at(&params.text_document_position_params)?;
        let declaration = params.context.include_declaration;
        let found = self.project(&root).references(&path, offset, declaration, stop)?;
        Ok(Some(self.locations(&root, &found)))
    }

    pub(super) fn highlights(
        &mut self,
        params: &lsp::DocumentHighlightParams,
        stop: &Cancellation,
    ) -> Answer<lsp::DocumentHighlightRequest> {
        let at = &params.text_document_position_params;
        let ((root, path), offset) = self.at(at)?;
        let mut found = Vec::new();
        for (place, is_write) in self.project(&root).highlights(&path, offset, stop)? {
            let range = self.range(&at.text_document, place.start, place.end)?;
            let kind = if is_write { lsp::DocumentHighlightKind::Write } else { lsp::DocumentHighlightKind::Read };
            found.push(lsp::DocumentHighlight { range, kind: Some(kind) });
        }
        Ok(Some(found))
    }

    pub(super) fn prepare_rename(
        &mut self,
        params: &lsp::PrepareRenameParams,
        stop: &Cancellation,
    ) -> Answer<lsp::PrepareRenameRequest> {
        let at = &params.text_document_position_params;
        let ((root, path), offset) = self.at(at)?;
        let Some(place) = self.project(&root).renamed_at(&path, offset, stop)? else { return Ok(None) };
        Ok(Some(self.range(&at.text_document, place.start, place.end)?.into()))
    }

    pub(super) fn rename(&mut self, params: &lsp::RenameParams, stop: &Cancellation) -> Answer<lsp::RenameRequest> {
        let ((root, path), offset) = self.at(&params.text_document_position_params)?;
        let rename = self.project(&root).rename(&path, offset, &params.new_name, stop)?;
        Ok(rename.map(|rename| self.workspace_edit(&root, &rename.edits)))
    }

    pub(super) fn symbols(&mut self, params: &lsp::DocumentSymbolParams) -> Answer<lsp::DocumentSymbolRequest> {
        let (root, path) = self.file(&params.text_document)?;
        let symbols = self.project(&root).symbols(&path);
        if self.client.nested_symbols {
            let nested: Vec<_> = symbols.iter().filter_map(|symbol| self.nested(&root, symbol)).collect();
            return Ok(Some(nested.into()));
        }
        let mut flat = Vec::new();
        for symbol in &symbols {
            flat.extend(self.flat(&root, symbol));
            flat.extend(symbol.children.iter().filter_map(|child| self.flat(&root, child)));
        }
        Ok(Some(flat.into()))
    }

    pub(super) fn workspace_symbols(&mut self, params: &lsp::WorkspaceSymbolParams) -> Vec<lsp::SymbolInformation> {
        let roots: Vec<Arc<str>> = self.projects().keys().cloned().collect();
        let mut found = Vec::new();
        for root in roots {
            let symbols = self.project(&root).symbols_like(&params.query);
            found.extend(symbols.iter().filter_map(|symbol| self.flat(&root, symbol)));
        }
        found
    }

    pub(super) fn links(&mut self, params: &lsp::DocumentLinkParams) -> Answer<lsp::DocumentLinkRequest> {
        let (root, path) = self.file(&params.text_document)?;
        let mut found = Vec::new();
        for link in self.project(&root).links(&path) {
            let range = self.range(&params.text_document, link.location.start, link.location.end)?;
            let target = self.uri(&root, &link.target).map(Into::into);
            found.push(lsp::DocumentLink { range, target, ..lsp::DocumentLink::default() });
        }
        Ok(Some(found))
    }

    fn locations(&mut self, root: &Arc<str>, places: &[Location]) -> Vec<lsp::Location> {
        places.iter().filter_map(|place| self.location(root, place)).collect()
    }

    /// Changes of files as the protocol has them: for the versions that the client has open, where it knows versions.
    pub(super) fn workspace_edit(
        &mut self,
        root: &Arc<str>,
        edits: &BTreeMap<Arc<str>, Vec<Edit>>,
    ) -> lsp::WorkspaceEdit {
        let (mut changes, mut versioned) = (HashMap::new(), Vec::new());
        for (path, edits) in edits {
            let Some(uri) = self.uri(root, path) else { continue };
            let Some(text) = self.project(root).text(path) else { continue };
            let (lines, encoding) = (Lines::of(&text), self.client.encoding);
            let edits: Vec<lsp::TextEdit> =
                edits.iter().map(|edit| convert::edit(&text, &lines, encoding, edit)).collect();
            if self.client.document_changes {
                let version = self.document(&uri).ok().map(|document| document.version);
                let text_document_identifier = lsp::TextDocumentIdentifier { uri: uri.into() };
                let text_document = lsp::OptionalVersionedTextDocumentIdentifier { version, text_document_identifier };
                let edits = edits.into_iter().map(Into::into).collect();
                versioned.push(lsp::TextDocumentEdit { text_document, edits }.into());
            } else {
                changes.insert(uri.into(), edits);
            }
        }
        let is_versioned = self.client.document_changes;
        lsp::WorkspaceEdit {
            changes: (!is_versioned).then_some(changes),
            document_changes: is_versioned.then_some(versioned),
            ..lsp::WorkspaceEdit::default()
        }
    }

    #[expect(deprecated, reason = "the struct has the field still")]
    fn nested(&mut self, root: &Arc<str>, symbol: &Symbol) -> Option<lsp::DocumentSymbol> {
        let range = self.location(root, &symbol.location)?.range;
        let selection_range = self.location(root, &symbol.selection)?.range;
        let children: Vec<_> = symbol.children.iter().filter_map(|child| self.nested(root, child)).collect();
        Some(lsp::DocumentSymbol {
            name: named(symbol),
            detail: Some(symbol.detail.clone()).filter(|detail| !detail.is_empty()),
            kind: kind(symbol.kind),
            tags: None,
            deprecated: None,
            range,
            selection_range,
            children: (!children.is_empty()).then_some(children),
        })
    }

    #[expect(deprecated, reason = "the struct has the field still")]
    fn flat(&mut self, root: &Arc<str>, symbol: &Symbol) -> Option<lsp::SymbolInformation> {
        Some(lsp::SymbolInformation {
            deprecated: None,
            location: self.location(root, &symbol.selection)?,
            base_symbol_information: lsp::BaseSymbolInformation {
                name: named(symbol),
                kind: kind(symbol.kind),
                tags: None,
                container_name: Some(symbol.detail.clone()).filter(|detail| !detail.is_empty()),
            },
        })
    }
}

/// A name that a client takes: not every one takes an empty one.
fn named(symbol: &Symbol) -> String {
    if symbol.name.trim().is_empty() { "\"\"".to_owned() } else { symbol.name.clone() }
}

const fn kind(kind: SymbolKind) -> lsp::SymbolKind {
    match kind {
        SymbolKind::Function => lsp::SymbolKind::Function,
        SymbolKind::Variable => lsp::SymbolKind::Variable,
        SymbolKind::Constant => lsp::SymbolKind::Constant,
        SymbolKind::Module => lsp::SymbolKind::Module,
        SymbolKind::Object => lsp::SymbolKind::Object,
    }
}
