//! A client on the other end of a connection, and a project on the disk.

#![allow(dead_code, reason = "each test uses some of it")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use aphex::Interpreter;
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

/// How columns are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16,
}

/// A project on the disk.
pub(crate) struct Project {
    root: PathBuf,
    pub(crate) files: BTreeMap<String, String>,
}

impl Project {
    /// Files below a folder of its own, which is the root of a repository. A star before a path is no part of it.
    pub(crate) fn new(name: &str, files: &[(String, String)]) -> Self {
        let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("lsp").join(name);
        let _ = std::fs::remove_dir_all(&root);
        std::fs::create_dir_all(root.join(".git")).unwrap();
        let root = root.canonicalize().unwrap();
        let mut own = BTreeMap::new();
        for (path, text) in files {
            let path = path.trim_start_matches('*');
            let full = root.join(path);
            std::fs::create_dir_all(full.parent().unwrap()).unwrap();
            std::fs::write(full, text).unwrap();
            own.insert(path.to_owned(), text.clone());
        }
        Self { root, files: own }
    }

    pub(crate) fn uri(&self, path: &str) -> String {
        format!("file://{}/{}", self.root.display(), path.trim_start_matches('*'))
    }

    pub(crate) fn path(&self, uri: &str) -> String {
        uri.strip_prefix(&format!("file://{}/", self.root.display())).unwrap_or(uri).to_owned()
    }
}

/// An editor.
pub(crate) struct Client {
    connection: Connection,
    server: Option<std::thread::JoinHandle<bool>>,
    pub(crate) encoding: Encoding,
    next: i32,
    /// What the server told, in order.
    pub(crate) told: Vec<Notification>,
    version: i32,
}

impl Client {
    pub(crate) fn start(encoding: Encoding) -> Self {
        Self::with(&Interpreter::default(), encoding)
    }

    pub(crate) fn with(interpreter: &Interpreter, encoding: Encoding) -> Self {
        let (server, connection) = Connection::memory();
        let interpreter = interpreter.clone();
        let server = std::thread::spawn(move || aphex::lsp::serve_on(&interpreter, &server).is_ok());
        let mut client = Self { connection, server: Some(server), encoding, next: 0, told: Vec::new(), version: 1 };
        let encodings = if encoding == Encoding::Utf8 { json!(["utf-8", "utf-16"]) } else { json!(["utf-16"]) };
        let capabilities = json!({
            "general": { "positionEncodings": encodings },
            "textDocument": {
                "completion": { "completionItem": { "snippetSupport": true } },
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            },
        });
        let options = json!({ "inlayHints": { "defaults": true } });
        let result = client
            .ask(
                "initialize",
                json!({ "processId": null, "capabilities": capabilities, "initializationOptions": options }),
            )
            .unwrap();
        let counted = result["capabilities"]["positionEncoding"].as_str().unwrap();
        assert_eq!(counted, if encoding == Encoding::Utf8 { "utf-8" } else { "utf-16" });
        client.tell("initialized", json!({}));
        client
    }

    pub(crate) fn tell(&self, method: &str, params: Value) {
        self.connection.sender.send(Notification::new(method.to_owned(), params).into()).unwrap();
    }

    /// Sends a request; its number.
    pub(crate) fn send(&mut self, method: &str, params: Value) -> RequestId {
        self.next += 1;
        let id = RequestId::from(self.next);
        self.connection.sender.send(Request::new(id.clone(), method.to_owned(), params).into()).unwrap();
        id
    }

    /// Waits for the answer to a request: the result, or the error's code and message.
    pub(crate) fn wait(&mut self, id: &RequestId) -> Result<Value, (i32, String)> {
        loop {
            match self.receive() {
                Message::Response(Response { id: found, response_result }) if found == *id => {
                    return response_result.map_err(|error| (error.code, error.message));
                }
                Message::Notification(notification) => self.told.push(notification),
                Message::Response(_) | Message::Request(_) => {}
            }
        }
    }

    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Result<Value, (i32, String)> {
        let id = self.send(method, params);
        self.wait(&id)
    }

    fn receive(&self) -> Message {
        self.connection.receiver.recv_timeout(Duration::from_mins(1)).expect("the server says something")
    }

    pub(crate) fn open(&mut self, project: &Project, path: &str, text: &str) {
        let document =
            json!({ "uri": project.uri(path), "languageId": "aphex", "version": self.version, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Lets a text be another one, as a whole.
    pub(crate) fn change(&mut self, project: &Project, path: &str, text: &str) {
        self.version += 1;
        let document = json!({ "uri": project.uri(path), "version": self.version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [{ "text": text }] }));
    }

    /// What is wrong with a file, once the server says it of the newest version.
    pub(crate) fn problems(&mut self, project: &Project, path: &str) -> Vec<Value> {
        let uri = project.uri(path);
        let is_it = |one: &Notification, version: i32| {
            one.method == "textDocument/publishDiagnostics"
                && one.params["uri"] == uri.as_str()
                && one.params["version"].as_i64().is_none_or(|told| told == i64::from(version))
        };
        loop {
            let version = self.version;
            if let Some(found) = self.told.iter().rev().find(|one| is_it(one, version)) {
                return found.params["diagnostics"].as_array().unwrap().clone();
            }
            if let Message::Notification(notification) = self.receive() {
                self.told.push(notification);
            }
        }
    }

    /// The number of the request that was sent last.
    pub(crate) fn last(&self) -> i32 {
        self.next
    }

    /// Waits for the server's end; says whether that was in order.
    pub(crate) fn ended(mut self) -> bool {
        self.server.take().unwrap().join().unwrap()
    }

    /// Ends the server; says whether that was in order.
    pub(crate) fn stop(mut self) -> bool {
        self.ask("shutdown", Value::Null).unwrap();
        self.tell("exit", Value::Null);
        self.server.take().unwrap().join().unwrap()
    }
}
