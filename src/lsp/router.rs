//! What must not wait: a cancelled request, a text that changed, the end.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lsp_server::{Connection, Message, RequestId};
use serde_json::Value;

use super::worker::Worker;
use crate::eval::Cancellation;

/// What both threads know.
#[derive(Debug, Clone, Default)]
pub(super) struct Shared(Arc<Mutex<Now>>);

#[derive(Debug, Default)]
struct Now {
    /// The requests that wait or are worked on.
    pending: HashSet<RequestId>,
    /// Those of them that nobody wants any more.
    cancelled: HashSet<RequestId>,
    /// What is worked on, and what ends it.
    running: Option<(Task, Cancellation)>,
    /// Whether nothing is to be done any more.
    down: bool,
}

/// What the worker is busy with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Task {
    Request(RequestId),
    /// The problems of what is open.
    Problems,
}

impl Shared {
    fn now(&self) -> MutexGuard<'_, Now> {
        // What is noted is whole after each step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing is to be done any more.
    pub(super) fn is_down(&self) -> bool {
        self.now().down
    }

    /// Notes what is worked on; `None` where nobody wants it.
    pub(super) fn begin(&self, task: Task) -> Option<Cancellation> {
        let mut now = self.now();
        let is_cancelled = matches!(&task, Task::Request(id) if now.cancelled.contains(id));
        if is_cancelled || now.down {
            return None;
        }
        let cancellation = Cancellation::new();
        now.running = Some((task, cancellation.clone()));
        Some(cancellation)
    }

    /// Notes that what was worked on is done.
    pub(super) fn end(&self, id: Option<&RequestId>) {
        let mut now = self.now();
        now.running = None;
        if let Some(id) = id {
            now.pending.remove(id);
            now.cancelled.remove(id);
        }
    }

    fn arrived(&self, id: &RequestId) {
        self.now().pending.insert(id.clone());
    }

    fn cancel(&self, id: RequestId) {
        let mut now = self.now();
        if let Some((Task::Request(running), cancellation)) = &now.running
            && *running == id
        {
            cancellation.cancel();
        }
        if now.pending.contains(&id) {
            now.cancelled.insert(id);
        }
    }

    /// Something changed: what is being said of it is not true any more.
    fn changed(&self) {
        if let Some((Task::Problems, cancellation)) = &self.now().running {
            cancellation.cancel();
        }
    }

    fn shut_down(&self) {
        let mut now = self.now();
        now.down = true;
        if let Some((_, cancellation)) = &now.running {
            cancellation.cancel();
        }
    }
}

/// Reads what the client says.
pub(super) struct Router<'a> {
    connection: &'a Connection,
    worker: &'a Worker,
}

impl<'a> Router<'a> {
    pub(super) const fn new(connection: &'a Connection, worker: &'a Worker) -> Self {
        Self { connection, worker }
    }

    /// Reads until the client leaves; says whether it said `shutdown` before.
    pub(super) fn route(&self) -> bool {
        let shared = &self.worker.shared;
        for message in &self.connection.receiver {
            match &message {
                Message::Request(request) => {
                    shared.arrived(&request.id);
                    if request.method == "shutdown" {
                        shared.shut_down();
                    }
                }
                Message::Notification(notification) => match &*notification.method {
                    "exit" => break,
                    "$/cancelRequest" => {
                        if let Some(id) = id(&notification.params) {
                            shared.cancel(id);
                        }
                        continue;
                    }
                    "textDocument/didOpen"
                    | "textDocument/didChange"
                    | "textDocument/didClose"
                    | "workspace/didChangeConfiguration"
                    | "workspace/didChangeWatchedFiles" => shared.changed(),
                    _ => {}
                },
                Message::Response(_) => {}
            }
            self.worker.take(message);
        }
        shared.is_down()
    }
}

fn id(params: &Value) -> Option<RequestId> {
    serde_json::from_value(params.get("id")?.clone()).ok()
}
