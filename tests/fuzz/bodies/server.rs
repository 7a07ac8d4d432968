//! Whatever a client says, each request has one answer, a text is what its changes made of it, and `exit` is the end.

use std::collections::BTreeMap;
use std::time::Duration;

use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};

use super::editor::Input;
use super::scripts::INTERPRETER;

/// The code of an answer where the server has a mistake of its own.
const INTERNAL: i32 = -32603;

/// Requests about a place in a text.
const PLACED: &[&str] = &[
    "textDocument/hover",
    "textDocument/completion",
    "textDocument/signatureHelp",
    "textDocument/definition",
    "textDocument/references",
    "textDocument/documentHighlight",
    "textDocument/prepareRename",
    "textDocument/rename",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/semanticTokens/full",
    "textDocument/semanticTokens/range",
    "textDocument/codeAction",
    "textDocument/formatting",
    "textDocument/rangeFormatting",
    "textDocument/selectionRange",
    "textDocument/inlayHint",
    "textDocument/codeLens",
    "textDocument/documentLink",
    "workspace/symbol",
    "aphex/preview",
    "aphex/graph",
    "aphex/origin",
    "aphex/explain",
    "textDocument/nonsense",
    "initialize",
];

/// Requests whose answers tell what the whole of a text is.
const TELLING: &[&str] = &["textDocument/semanticTokens/full", "textDocument/foldingRange", "textDocument/formatting"];

/// What comes in where a text changes.
const NEW: &[&str] = &["", "\n", "\r\n", "x", "\u{1f600}ä", "\"", "let a = 1;\n", "\r"];

pub(super) fn run(bytes: &[u8]) {
    let Input { questions, files } = Input::read(bytes);
    let mut client = Client::start(bytes.len().is_multiple_of(2));
    for (path, text) in files {
        client.open(format!("untitled:{path}"), text);
    }
    for question in questions {
        client.say(question);
    }
    client.compare();
    client.stop();
}

/// An editor, which counts in bytes or in halves of UTF-16.
struct Client {
    connection: Connection,
    server: std::thread::JoinHandle<bool>,
    in_bytes: bool,
    next: i32,
    waiting: Vec<RequestId>,
    texts: BTreeMap<String, String>,
}

impl Client {
    fn start(in_bytes: bool) -> Self {
        let (server, connection) = Connection::memory();
        let server = std::thread::spawn(move || aphex::lsp::serve_on(&INTERPRETER, &server).is_ok());
        let (waiting, texts) = (Vec::new(), BTreeMap::new());
        let mut client = Self { connection, server, in_bytes, next: 0, waiting, texts };
        let encodings = if in_bytes { json!(["utf-8"]) } else { json!(["utf-16"]) };
        client.request("initialize", json!({ "capabilities": { "general": { "positionEncodings": encodings } } }));
        client.tell("initialized", json!({}));
        client
    }

    fn tell(&self, method: &str, params: Value) {
        let message = Notification::new(method.to_owned(), params);
        self.connection.sender.send(message.into()).expect("the server listens");
    }

    fn request(&mut self, method: &str, params: Value) -> RequestId {
        self.next += 1;
        let id = RequestId::from(self.next);
        let message = Request::new(id.clone(), method.to_owned(), params);
        self.connection.sender.send(message.into()).expect("the server listens");
        self.waiting.push(id.clone());
        id
    }

    fn open(&mut self, uri: String, text: String) {
        let document = json!({ "uri": uri, "languageId": "aphex", "version": self.next, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
        self.texts.insert(uri, text);
    }

    fn say(&mut self, [kind, at, high, low]: [u8; 4]) {
        let uris: Vec<String> = self.texts.keys().cloned().collect();
        let Some(uri) = uris.get(usize::from(low) % uris.len().max(1)) else { return };
        let document = json!({ "uri": uri, "version": self.next });
        // A place that the text need not have.
        let start = (u32::from(at) % 40, u32::from(high) % 90);
        let end = (start.0 + u32::from(low) % 3, u32::from(low) / 3);
        let position = |(line, character)| json!({ "line": line, "character": character });
        let range = json!({ "start": position(start), "end": position(end) });
        match usize::from(kind) {
            kind if kind < 4 * PLACED.len() => {
                let mut params = json!({
                    "textDocument": document, "position": position(start), "range": range, "positions": [position(end)],
                    "context": { "includeDeclaration": true, "diagnostics": [] }, "newName": "named", "query": "a",
                    "options": { "tabSize": 4, "insertSpaces": true }, "uri": uri, "pipeline": "p", "code": "bad-value",
                    "file": "cloudformation.yaml", "line": start.0,
                });
                if kind % 4 == 3 {
                    // Something is not what it should be.
                    let keys: Vec<String> =
                        params.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect();
                    params[&keys[usize::from(low) % keys.len()]] = json!([null, -1, { "line": -1 }]);
                }
                self.request(PLACED[kind / 4], params);
            }
            kind if kind < 160 => {
                let id = self.next - i32::from(low % 3);
                self.tell("$/cancelRequest", json!({ "id": id }));
            }
            kind if kind < 168 => {
                let odd = [json!({}), json!({ "textDocument": document }), json!({ "textDocument": 1 }), json!([1])];
                self.tell("textDocument/didChange", odd[kind % 4].clone());
            }
            kind if kind < 172 => {
                self.tell(
                    "workspace/didChangeConfiguration",
                    json!({ "settings": { "aphex": { "parameters": { "a": low } } } }),
                );
            }
            kind => {
                let text = NEW[kind % NEW.len()];
                let change = json!({ "range": range, "text": text });
                self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
                let own = self.texts.get_mut(uri).expect("it is open");
                let places = [start, end].map(|place| offset(own, place, self.in_bytes));
                own.replace_range(places[0]..places[1].max(places[0]), text);
            }
        }
    }

    /// The texts that the changes made are those that a client has which opens them whole.
    fn compare(&mut self) {
        for (uri, text) in self.texts.clone() {
            let whole = format!("{uri}-whole");
            self.open(whole.clone(), text);
            for method in TELLING {
                let params = |uri: &str| json!({ "textDocument": { "uri": uri }, "options": { "tabSize": 4, "insertSpaces": true } });
                let ids = [self.request(method, params(&uri)), self.request(method, params(&whole))];
                let [changed, opened] = ids.map(|id| self.wait(&id).response_result.map_err(|error| error.code));
                assert_eq!(changed, opened, "{method} of {uri}");
            }
        }
    }

    /// Waits for the answer to a request.
    fn wait(&mut self, id: &RequestId) -> Response {
        loop {
            let message = self.connection.receiver.recv_timeout(Duration::from_mins(1)).expect("the server answers");
            let Message::Response(response) = message else { continue };
            let place = self.waiting.iter().position(|waiting| *waiting == response.id);
            self.waiting.remove(place.expect("a request has one answer"));
            if let Err(error) = &response.response_result {
                assert_ne!(error.code, INTERNAL, "{error:?}");
            }
            if response.id == *id {
                return response;
            }
        }
    }

    fn stop(mut self) {
        let last = self.request("shutdown", Value::Null);
        self.wait(&last);
        assert_eq!(self.waiting, [], "each request has an answer");
        self.tell("exit", Value::Null);
        assert!(self.server.join().expect("the server does not panic"), "the end is in order");
    }
}

/// Where a line and a column are in a text. What it does not have is the end of the line or of the text.
fn offset(text: &str, (line, column): (u32, u32), in_bytes: bool) -> usize {
    let (mut start, mut left) = (0, line);
    let bytes = text.as_bytes();
    while left > 0 {
        let Some(length) = bytes[start..].iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            return text.len();
        };
        let end = start + length;
        start = end + if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
        left -= 1;
    }
    let (mut at, mut counted) = (start, 0);
    for letter in text[start..].chars().take_while(|letter| !matches!(letter, '\n' | '\r')) {
        let width = if in_bytes { letter.len_utf8() } else { letter.len_utf16() };
        if counted + width > column as usize {
            break;
        }
        counted += width;
        at += letter.len_utf8();
    }
    at
}
