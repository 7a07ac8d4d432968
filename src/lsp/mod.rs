//! The language server: the protocol around `ide`, on standard input and output.
//!
//! One thread reads what a client sends and knows only what must not wait: that a request is cancelled, that a text changed.
//! Another one does everything else, one message after the other, in order. While nothing is waiting there, what is open is
//! evaluated; a change ends an evaluation that it makes useless.

mod capabilities;
mod convert;
mod documents;
mod notifications;
mod positions;
mod requests;
mod router;
mod settings;
mod uris;
mod worker;

use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};

use crate::interpreter::Interpreter;
use router::Router;

/// Why a server ended in another way than it was asked to.
#[derive(Debug)]
pub enum ServeError {
    /// The client left without `shutdown`, or said what the protocol does not have.
    Protocol(String),
    /// A stream could not be read or written.
    Io(std::io::Error),
}

impl std::fmt::Display for ServeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Protocol(what) => f.write_str(what),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ServeError {}

/// Serves a client on standard input and output until it says `exit`.
///
/// # Errors
/// Where the client left without `shutdown`, or a stream failed.
pub fn serve(interpreter: &Interpreter) -> Result<(), ServeError> {
    let (connection, threads) = Connection::stdio();
    let served = serve_on(interpreter, &connection);
    drop(connection);
    // The reader waits for a client that may never say anything more.
    if served.is_ok() {
        threads.join().map_err(ServeError::Io)?;
    }
    served
}

/// Serves a client on `connection` until it says `exit`.
///
/// # Errors
/// Where the client left without `shutdown`.
pub fn serve_on(interpreter: &Interpreter, connection: &Connection) -> Result<(), ServeError> {
    let Some(client) = initialize(connection)? else { return Ok(()) };
    let sender = connection.sender.clone();
    // A client that is gone is noticed where it is read from.
    let send = move |message| drop(sender.send(message));
    let worker = worker::start(interpreter, client, send).map_err(ServeError::Io)?;
    let is_orderly = Router::new(connection, &worker).route();
    worker.finish();
    if is_orderly { Ok(()) } else { Err(ServeError::Protocol("the client left without `shutdown`".into())) }
}

/// The first messages; `None` where the client left again before there was anything to do.
fn initialize(connection: &Connection) -> Result<Option<settings::Client>, ServeError> {
    let left = || ServeError::Protocol("the client left before `initialize`".into());
    loop {
        match connection.receiver.recv().map_err(|_| left())? {
            Message::Request(Request { id, method, params }) if method == "initialize" => {
                let client = settings::Client::of(&params);
                let result = capabilities::initialize(&client);
                say(connection, Response::new_ok(id, result).into());
                return Ok(Some(client));
            }
            Message::Request(Request { id, .. }) => {
                let code = ErrorCode::ServerNotInitialized as i32;
                say(connection, Response::new_err(id, code, "the first request is `initialize`".into()).into());
            }
            Message::Notification(Notification { method, .. }) if method == "exit" => return Err(left()),
            Message::Notification(_) | Message::Response(_) => {}
        }
    }
}

fn say(connection: &Connection, message: Message) {
    // A client that is gone is noticed where it is read from.
    let _ = connection.sender.send(message);
}
