//! A service that checks scripts: `POST /check` with a script as the body answers, as JSON, what is wrong with it and what
//! becomes of it.
//!
//! `cargo run --example http_service -- 8080`, then `curl --data-binary @pipeline.aphex http://127.0.0.1:8080/check`.
//! Without a port, or with 0, it takes a free one and says which. A second number is how long a client waits, in
//! milliseconds.

#![expect(clippy::print_stdout, reason = "an example shows what it gets")]

use std::net::Ipv4Addr;
use std::time::Duration;

use aphex::{Cancellation, Evaluation, Interpreter, Limits, Script};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

/// The longest script, in bytes.
const MOST_BYTES: usize = 256 << 10;
/// The longest answer, in bytes: a short script can make a long one.
const MOST_ANSWERED: usize = 8 << 20;
/// How many scripts are evaluated at one time; others wait.
const WORKERS: usize = 4;
/// How long a client waits.
const PATIENCE: u64 = 5_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let numbers: Vec<u64> = std::env::args().skip(1).map(|number| number.parse()).collect::<Result<_, _>>()?;
    let port = u16::try_from(numbers.first().copied().unwrap_or(0))?;
    let patience = Duration::from_millis(numbers.get(1).copied().unwrap_or(PATIENCE));
    let service = Service { interpreter: Interpreter::builder().limits(limits()).build()?, patience };
    Builder::new_multi_thread().max_blocking_threads(WORKERS).enable_all().build()?.block_on(serve(port, service))?;
    Ok(())
}

async fn serve(port: u16, service: Service) -> std::io::Result<()> {
    let routes = Router::new().route("/check", post(check)).layer(DefaultBodyLimit::max(MOST_BYTES));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, routes.with_state(service)).await
}

/// What every request shares.
#[derive(Clone)]
struct Service {
    interpreter: Interpreter,
    patience: Duration,
}

/// Less than a script on the command line may take: what a stranger sends costs us.
fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.operations = 1_000_000;
    limits.declarations = 2_000;
    limits.text_bytes = 64 << 10;
    limits.printed_bytes = 16 << 10;
    limits
}

/// A status and a text of JSON.
type Answer = (StatusCode, Vec<u8>);

/// Answers a request, its reading included, within the time that a client waits.
async fn check(State(service): State<Service>, request: Request) -> impl IntoResponse {
    let answer = timeout(service.patience, evaluate(service.interpreter, request)).await;
    let late = |_| refusal(StatusCode::SERVICE_UNAVAILABLE, "it took too long");
    let (status, text) = answer.unwrap_or_else(late);
    (status, [(header::CONTENT_TYPE, "application/json")], text)
}

async fn evaluate(interpreter: Interpreter, request: Request) -> Answer {
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(rejection) => return refusal(rejection.status(), &rejection.body_text()),
    };
    let waiting = Waiting(Cancellation::new());
    let cancellation = waiting.0.clone();
    // Evaluation blocks its thread, so it has one that no other request needs.
    let work = spawn_blocking(move || {
        let script = Script::new("pipeline.aphex", body);
        interpreter.evaluate_until(&script, &cancellation).map(|evaluation| accepted(&evaluation))
    });
    match work.await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) | Err(_) => refusal(StatusCode::INTERNAL_SERVER_ERROR, "there is no result"),
    }
}

fn accepted(evaluation: &Evaluation) -> Answer {
    let mut text = vec![0; MOST_ANSWERED];
    let mut rest = text.as_mut_slice();
    if serde_json::to_writer(&mut rest, evaluation).is_err() {
        return refusal(StatusCode::UNPROCESSABLE_ENTITY, "what becomes of it is too long for an answer");
    }
    let unused = rest.len();
    text.truncate(MOST_ANSWERED - unused);
    (StatusCode::OK, text)
}

/// Somebody waits for an evaluation. When the time is over, or the client is gone, this is dropped, and nothing goes on.
struct Waiting(Cancellation);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

fn refusal(status: StatusCode, why: &str) -> Answer {
    (status, serde_json::json!({ "error": why }).to_string().into_bytes())
}
