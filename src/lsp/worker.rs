//! The thread that does what a client asks for, one message after the other.

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;

use gen_lsp_types as lsp;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use serde::Serialize;

use super::convert;
use super::documents::Document;
use super::positions::Lines;
use super::router::{Shared, Task};
use super::settings::Client;
use super::uris;
use crate::diagnostic::Code;
use crate::eval::{Cancellation, Cancelled};
use crate::ide::{Location, Problem, Workspace};
use crate::interpreter::Interpreter;
use crate::reference::Reference;
use crate::source::{DiskHost, MemoryHost, find_root};

/// The other end of the thread.
pub(super) struct Worker {
    pub(super) shared: Shared,
    messages: Sender<Message>,
    thread: JoinHandle<()>,
}

impl Worker {
    /// Puts a message at the end of what waits.
    pub(super) fn take(&self, message: Message) {
        // It ends after this end alone.
        let _ = self.messages.send(message);
    }

    /// Waits until everything that was said is done.
    pub(super) fn finish(self) {
        drop(self.messages);
        let _ = self.thread.join();
    }
}

/// Starts the thread.
pub(super) fn start(
    interpreter: &Interpreter,
    client: Client,
    sender: impl Fn(Message) + Send + 'static,
) -> std::io::Result<Worker> {
    let (messages, queue) = channel();
    let shared = Shared::default();
    let (interpreter, known) = (interpreter.clone(), shared.clone());
    let body = move || Server::new(interpreter, client, Box::new(sender), known).serve(&queue);
    let thread = std::thread::Builder::new().name("aphex-lsp".into()).spawn(body)?;
    Ok(Worker { shared, messages, thread })
}

/// What an answer is instead of one.
#[derive(Debug)]
pub(super) enum Refusal {
    /// Nobody waits for it any more.
    Cancelled,
    /// It cannot be done, in words for the user.
    Failed(String),
    /// The parameters are not those of the method.
    Params(String),
    /// There is no such method.
    Unknown,
    /// Nothing is done after `shutdown`.
    Stopped,
    /// A mistake of aphex's own, in that method.
    Broken(String),
}

impl From<Cancelled> for Refusal {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// Everything that is known of the client and its texts.
pub(super) struct Server {
    interpreter: Interpreter,
    reference: Arc<Reference>,
    pub(super) client: Client,
    sender: Box<dyn Fn(Message) + Send>,
    shared: Shared,
    /// The projects, by root.
    projects: BTreeMap<Arc<str>, Workspace>,
    /// What is open, by URI.
    documents: HashMap<String, Document>,
    /// The lines of files that are not open, by URI, with the text that they are of.
    closed: HashMap<String, (Arc<str>, Lines)>,
    /// The URIs by which files are known, by root and path.
    uris: HashMap<(Arc<str>, Arc<str>), String>,
    /// What was said of each file last.
    published: BTreeMap<String, Vec<lsp::Diagnostic>>,
    is_dirty: bool,
    /// Whether the client said `shutdown`.
    is_stopped: bool,
    next_request: i32,
}

impl Server {
    fn new(interpreter: Interpreter, client: Client, sender: Box<dyn Fn(Message) + Send>, shared: Shared) -> Self {
        Self {
            reference: Arc::new(interpreter.reference()),
            interpreter,
            client,
            sender,
            shared,
            projects: BTreeMap::new(),
            documents: HashMap::new(),
            closed: HashMap::new(),
            uris: HashMap::new(),
            published: BTreeMap::new(),
            is_dirty: false,
            is_stopped: false,
            next_request: 0,
        }
    }

    fn serve(mut self, queue: &Receiver<Message>) {
        loop {
            let message = match queue.try_recv() {
                Ok(message) => message,
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {
                    self.say_problems();
                    let Ok(message) = queue.recv() else { return };
                    message
                }
            };
            match message {
                Message::Request(request) => self.request(request),
                Message::Notification(notification) if !self.shared.is_down() => {
                    let what = notification.method.clone();
                    self.guarded(&what, |server| server.notified(notification));
                }
                Message::Notification(_) | Message::Response(_) => {}
            }
        }
    }

    /// Runs `work`; a panic in it is told, and leaves nothing half done behind.
    fn guarded<T>(&mut self, what: &str, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let done = catch_unwind(AssertUnwindSafe(|| work(self)));
        if done.is_err() {
            self.log(lsp::MessageType::Error, format!("aphex has a mistake of its own: `{what}` failed"));
            self.start_again();
        }
        done.ok()
    }

    /// Forgets everything but what is open.
    fn start_again(&mut self) {
        self.projects.clear();
        let open: Vec<_> =
            self.documents.values().map(|one| (one.root.clone(), one.path.clone(), one.text.clone())).collect();
        for (root, path, text) in open {
            self.project(&root).open(&path, &text);
        }
    }

    fn request(&mut self, request: Request) {
        let id = request.id.clone();
        if self.is_stopped {
            return self.answer(id, Err(Refusal::Stopped));
        }
        if request.method == "shutdown" {
            self.is_stopped = true;
            self.projects.clear();
            return self.answer(id, Ok(serde_json::Value::Null));
        }
        let Some(cancellation) = self.shared.begin(Task::Request(id.clone())) else {
            return self.answer(id, Err(Refusal::Cancelled));
        };
        let method = request.method.clone();
        let answer = self.guarded(&method, |server| server.answered(request, &cancellation));
        self.answer(id, answer.unwrap_or(Err(Refusal::Broken(method))));
    }

    fn answer(&self, id: RequestId, answer: Result<serde_json::Value, Refusal>) {
        self.shared.end(Some(&id));
        let error = |code: ErrorCode, message: String| Response::new_err(id.clone(), code as i32, message);
        (self.sender)(Message::Response(match answer {
            Ok(result) => Response { id, response_result: Ok(result) },
            Err(Refusal::Cancelled) => error(ErrorCode::RequestCanceled, "nobody waits for it any more".into()),
            Err(Refusal::Failed(why)) => error(ErrorCode::RequestFailed, why),
            Err(Refusal::Params(why)) => error(ErrorCode::InvalidParams, why),
            Err(Refusal::Stopped) => error(ErrorCode::InvalidRequest, "nothing is done after `shutdown`".into()),
            Err(Refusal::Broken(method)) => {
                error(ErrorCode::InternalError, format!("`{method}` failed; the rest goes on"))
            }
            Err(Refusal::Unknown) => error(ErrorCode::MethodNotFound, "there is no such request".into()),
        }));
    }

    /// Tells the client something.
    pub(super) fn notify<N: lsp::Notification>(&self, params: &N::Params)
    where
        N::Params: Serialize,
    {
        (self.sender)(Notification::new(N::METHOD.to_string(), params).into());
    }

    /// Asks the client for something whose answer does not matter.
    pub(super) fn ask<R: lsp::Request>(&mut self, params: &R::Params)
    where
        R::Params: Serialize,
    {
        self.next_request += 1;
        (self.sender)(Request::new(self.next_request.into(), R::METHOD.to_string(), params).into());
    }

    fn log(&self, kind: lsp::MessageType, message: String) {
        self.notify::<lsp::LogMessageNotification>(&lsp::LogMessageParams { kind, message });
    }

    /// Evaluates what is open, where something changed, and says what is wrong with it.
    fn say_problems(&mut self) {
        if !self.is_dirty || self.shared.is_down() {
            return;
        }
        self.is_dirty = false;
        let Some(cancellation) = self.shared.begin(Task::Problems) else { return };
        let problems = self.guarded("problems", |server| server.problems(&cancellation));
        self.shared.end(None);
        match problems {
            Some(Ok(problems)) => self.publish(problems),
            // What ended it comes next, and another try after it.
            Some(Err(Cancelled)) => self.is_dirty = true,
            None => {}
        }
    }

    fn problems(&mut self, cancellation: &Cancellation) -> Result<BTreeMap<String, Vec<lsp::Diagnostic>>, Cancelled> {
        let roots: Vec<Arc<str>> = self.projects.keys().cloned().collect();
        let mut found = BTreeMap::new();
        for root in roots {
            let all = self.project(&root).problems(cancellation)?;
            for (path, problems) in all {
                let Some(uri) = self.uri(&root, &path) else { continue };
                let problems = problems.iter().filter_map(|problem| self.diagnostic(&root, problem)).collect();
                found.insert(uri, problems);
            }
        }
        Ok(found)
    }

    /// Says what is wrong with each file where that is new.
    fn publish(&mut self, problems: BTreeMap<String, Vec<lsp::Diagnostic>>) {
        let gone: Vec<String> = self.published.keys().filter(|uri| !problems.contains_key(*uri)).cloned().collect();
        let gone = gone.into_iter().map(|uri| (uri, Vec::new()));
        let mut is_new = false;
        for (uri, diagnostics) in gone.chain(problems) {
            let is_open = self.documents.contains_key(&uri);
            let known = self.published.get(&uri);
            // What is open hears of every version.
            if !is_open && known.map_or(diagnostics.is_empty(), |known| *known == diagnostics) {
                continue;
            }
            is_new |= known != Some(&diagnostics);
            let version = self.documents.get(&uri).map(|document| document.version);
            self.notify::<lsp::PublishDiagnosticsNotification>(&lsp::PublishDiagnosticsParams {
                uri: uri.as_str().into(),
                version,
                diagnostics: diagnostics.clone(),
            });
            if is_open || !diagnostics.is_empty() {
                self.published.insert(uri, diagnostics);
            } else {
                self.published.remove(&uri);
            }
        }
        if is_new {
            self.refresh();
        }
    }

    /// Lets the client ask again for what it shows of an evaluation.
    pub(super) fn refresh(&mut self) {
        if self.client.lens_refresh {
            self.ask::<lsp::CodeLensRefreshRequest>(&());
        }
        if self.client.hint_refresh {
            self.ask::<lsp::InlayHintRefreshRequest>(&());
        }
    }

    /// The kind of problem of that name.
    pub(super) fn code(&self, id: &str) -> Option<Code> {
        self.interpreter.language().code(id)
    }

    pub(super) fn diagnostic(&mut self, root: &Arc<str>, problem: &Problem) -> Option<lsp::Diagnostic> {
        let range = self.location(root, &problem.location)?.range;
        let related = problem.related.iter().filter_map(|(place, words)| Some((self.location(root, place)?, words)));
        let related: Vec<_> = related.collect();
        Some(convert::diagnostic(problem, range, related))
    }

    /// Lets what is open be looked at again.
    pub(super) const fn is_changed(&mut self) {
        self.is_dirty = true;
    }

    /// The project at `root`, which is empty for what is no file.
    pub(super) fn project(&mut self, root: &Arc<str>) -> &mut Workspace {
        let make = || {
            let interpreter = match DiskHost::new(Path::new(&**root)) {
                Ok(host) if root.starts_with(std::path::is_separator) || root.contains(':') => {
                    self.interpreter.with_host(host)
                }
                _ => self.interpreter.with_host(MemoryHost::new()),
            };
            let mut workspace = Workspace::new(&interpreter, Arc::clone(&self.reference));
            workspace.set_parameters(self.client.settings.parameters.clone());
            workspace
        };
        self.projects.entry(Arc::clone(root)).or_insert_with(make)
    }

    /// Every project, by root.
    pub(super) const fn projects(&mut self) -> &mut BTreeMap<Arc<str>, Workspace> {
        &mut self.projects
    }

    pub(super) const fn documents(&mut self) -> &mut HashMap<String, Document> {
        &mut self.documents
    }

    pub(super) fn document(&self, uri: &str) -> Result<&Document, Refusal> {
        self.documents.get(uri).ok_or_else(|| Refusal::Params(format!("`{uri}` is not open")))
    }

    /// The root and the path of a file.
    pub(super) fn place(&mut self, uri: &str) -> (Arc<str>, Arc<str>) {
        let place = uris::to_path(uri).map_or_else(
            || (format!("memory {uri}").into(), "script.aphex".into()),
            |file| {
                let root = find_root(&file);
                let folder = file.parent().and_then(|folder| folder.canonicalize().ok());
                let full = folder.unwrap_or_default().join(file.file_name().unwrap_or_default());
                let path = full.strip_prefix(&root).unwrap_or(&full).to_string_lossy();
                let path = path.replace(std::path::MAIN_SEPARATOR, "/");
                (root.to_string_lossy().into(), Arc::<str>::from(path))
            },
        );
        self.uris.insert(place.clone(), uri.to_owned());
        place
    }

    /// The URI of a file of the project at `root`; none of a module of a library.
    pub(super) fn uri(&mut self, root: &Arc<str>, path: &Arc<str>) -> Option<String> {
        if let Some(uri) = self.uris.get(&(Arc::clone(root), Arc::clone(path))) {
            return Some(uri.clone());
        }
        if self.interpreter.language().library.text(path).is_some() {
            return None;
        }
        Some(uris::of_path(&Path::new(&**root).join(&**path)))
    }

    /// A place as the protocol has it.
    pub(super) fn location(&mut self, root: &Arc<str>, place: &Location) -> Option<lsp::Location> {
        let uri = self.uri(root, &place.path)?;
        let encoding = self.client.encoding;
        let range = if let Some(document) = self.documents.get(&uri) {
            document.lines.range(&document.text, place.start, place.end, encoding)
        } else {
            let text = self.project(root).text(&place.path)?;
            if self.closed.get(&uri).is_none_or(|(known, _)| !Arc::ptr_eq(known, &text)) {
                self.closed.insert(uri.clone(), (Arc::clone(&text), Lines::of(&text)));
            }
            self.closed[&uri].1.range(&text, place.start, place.end, encoding)
        };
        Some(lsp::Location { uri: uri.into(), range })
    }
}
