//! The thread that answers what pages ask.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};

use serde_json::json;
use tokio::sync::oneshot;

use super::super::params::Values;
use crate::interpreter::Interpreter;
use crate::playground::Playground;

enum Task {
    Answer { request: String, to: oneshot::Sender<String> },
    Renew(Option<Values>),
}

/// The other end of the thread, which ends with the last of them.
#[derive(Clone)]
pub(super) struct Engine {
    tasks: Sender<Task>,
}

impl Engine {
    /// Starts the thread, for the script at `path` from the root of the interpreter's project.
    pub(super) fn start(interpreter: &Interpreter, path: &str, parameters: Values) -> std::io::Result<Self> {
        let (tasks, queue) = channel();
        let (interpreter, path) = (interpreter.clone(), path.to_owned());
        let new = move |parameters: &Values| {
            let mut playground = Playground::new(&interpreter, &path);
            playground.set_parameters(parameters.clone());
            playground
        };
        let body = move || {
            let mut parameters = parameters;
            let mut playground = new(&parameters);
            for task in queue {
                match task {
                    Task::Answer { request, to } => {
                        let answer = catch_unwind(AssertUnwindSafe(|| playground.answer(&request)));
                        let answer = answer.unwrap_or_else(|_| {
                            // Whatever it was in the middle of is gone with it.
                            playground = new(&parameters);
                            json!({ "error": "the interpreter failed: a mistake of its own" }).to_string()
                        });
                        // A page may have been closed in the meantime.
                        let _ = to.send(answer);
                    }
                    Task::Renew(given) => {
                        parameters = given.unwrap_or(parameters);
                        playground = new(&parameters);
                    }
                }
            }
        };
        std::thread::Builder::new().name("aphex-preview".into()).spawn(body)?;
        Ok(Self { tasks })
    }

    /// The answer to a request.
    pub(super) async fn answer(&self, request: String) -> Option<String> {
        let (to, answer) = oneshot::channel();
        self.tasks.send(Task::Answer { request, to }).ok()?;
        answer.await.ok()
    }

    /// Lets every file be read again, and the parameters be these, where there are any.
    pub(super) fn renew(&self, parameters: Option<Values>) {
        // The thread ends after this end alone.
        let _ = self.tasks.send(Task::Renew(parameters));
    }
}
