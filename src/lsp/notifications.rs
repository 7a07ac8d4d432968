//! What the client tells.

use gen_lsp_types as lsp;
use lsp_server::Notification;
use serde::de::DeserializeOwned;

use super::documents::Document;
use super::settings::Settings;
use super::worker::Server;

impl Server {
    pub(super) fn notified(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match &*method {
            "initialized" => self.watch(),
            "textDocument/didOpen" => read(params, |params| self.opened(params)),
            "textDocument/didChange" => read(params, |params| self.text_changed(params)),
            "textDocument/didSave" => read(params, |params| self.saved(&params)),
            "textDocument/didClose" => read(params, |params| self.closed(&params)),
            "workspace/didChangeWatchedFiles" => read(params, |params| self.files_changed(params)),
            "workspace/didChangeConfiguration" => {
                read(params, |params: lsp::DidChangeConfigurationParams| self.configured(&params));
            }
            _ => {}
        }
    }

    /// Asks to be told of scripts that others change, and of files that come and go: `missing-file` is about those.
    fn watch(&mut self) {
        if !self.client.watches {
            return;
        }
        let watcher = |pattern: &str, kind| lsp::FileSystemWatcher {
            glob_pattern: lsp::GlobPattern::Pattern(pattern.to_owned()),
            kind: Some(kind),
        };
        let come_and_go = lsp::WatchKind::Create | lsp::WatchKind::Delete;
        let watchers = vec![
            watcher("**/*.aphex", come_and_go | lsp::WatchKind::Change),
            watcher("**/*.{ts,js,py,go,cs,java}", come_and_go),
        ];
        let options = lsp::DidChangeWatchedFilesRegistrationOptions { watchers };
        let registration = lsp::Registration {
            id: "files".into(),
            method: "workspace/didChangeWatchedFiles".into(),
            register_options: serde_json::to_value(options).ok(),
        };
        self.ask::<lsp::RegistrationRequest>(&lsp::RegistrationParams { registrations: vec![registration] });
    }

    fn opened(&mut self, params: lsp::DidOpenTextDocumentParams) {
        let lsp::TextDocumentItem { uri, version, text, .. } = params.text_document;
        let (root, path) = self.place(uri.as_ref());
        self.project(&root).open(&path, &text);
        self.documents().insert(uri.0, Document::new(root, path, version, text));
        self.is_changed();
    }

    fn text_changed(&mut self, params: lsp::DidChangeTextDocumentParams) {
        let lsp::VersionedTextDocumentIdentifier { version, text_document_identifier } = params.text_document;
        let encoding = self.client.encoding;
        let Some(document) = self.documents().get_mut(text_document_identifier.uri.as_ref()) else { return };
        document.change(version, params.content_changes, encoding);
        let (root, path, text) = (document.root.clone(), document.path.clone(), document.text.clone());
        self.project(&root).open(&path, &text);
        self.is_changed();
    }

    fn saved(&mut self, params: &lsp::DidSaveTextDocumentParams) {
        self.file_changed(params.text_document.uri.as_ref());
    }

    fn closed(&mut self, params: &lsp::DidCloseTextDocumentParams) {
        let Some(document) = self.documents().remove(params.text_document.uri.as_ref()) else { return };
        self.project(&document.root).close(&document.path);
        self.is_changed();
    }

    fn files_changed(&mut self, params: lsp::DidChangeWatchedFilesParams) {
        for change in params.changes {
            self.file_changed(change.uri.as_ref());
        }
    }

    /// A file of a project that is known is another one now.
    fn file_changed(&mut self, uri: &str) {
        let (root, path) = self.place(uri);
        if let Some(project) = self.projects().get_mut(&root) {
            project.changed(&path);
            self.is_changed();
        }
    }

    fn configured(&mut self, params: &lsp::DidChangeConfigurationParams) {
        let settings = Settings::of(&params.settings);
        let parameters = settings.parameters.clone();
        self.client.settings = settings;
        self.projects().values_mut().for_each(|project| project.set_parameters(parameters.clone()));
        self.is_changed();
        self.refresh();
    }
}

/// Reads what a notification says; one that cannot be read is left alone, since nobody waits for an answer.
fn read<T: DeserializeOwned>(params: serde_json::Value, then: impl FnOnce(T)) {
    if let Ok(params) = serde_json::from_value(params) {
        then(params);
    }
}
