//! The page, what it asks, and what it follows, over HTTP.
//!
//! Whoever knows the address may ask, and nobody else: it holds 128 bits that the system drew. So no other user of the
//! machine, and no page of another site, can read the project through it.

use std::net::TcpListener;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tokio::sync::watch;

use super::Seen;
use super::engine::Engine;

/// The files of the page; the engine is the one that asks this server.
const FILES: &[(&str, &str, &str)] = &[
    ("/", HTML, include_str!("../../../docs/playground/index.html")),
    ("/playground.css", "text/css; charset=utf-8", include_str!("../../../docs/playground/playground.css")),
    ("/playground.js", SCRIPT, include_str!("../../../docs/playground/playground.js")),
    ("/engine.js", SCRIPT, include_str!("../../../docs/playground/native.js")),
];

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const JSON: &str = "application/json";

/// The longest request, in bytes: a script of the greatest length, every letter of it escaped.
const MOST: usize = 8 << 20;

/// How long a page waits for news before it asks again.
const PATIENCE: Duration = Duration::from_secs(20);

/// The thread that serves.
pub(super) struct Server {
    address: String,
    seen: watch::Sender<Seen>,
}

#[derive(Clone)]
struct Shared {
    engine: Engine,
    seen: watch::Receiver<Seen>,
}

impl Server {
    /// Serves at `listener`.
    ///
    /// # Errors
    /// Where the system gives no random numbers, no thread or no events; its words.
    pub(super) fn start(listener: TcpListener, engine: Engine, first: Seen) -> Result<Self, String> {
        let words = |error: std::io::Error| format!("cannot serve a page: {error}");
        let key = getrandom::u64().and_then(|high| Ok((high, getrandom::u64()?)));
        let (high, low) = key.map_err(|error| format!("cannot draw an address: {error}"))?;
        let key = format!("/{high:016x}{low:016x}");
        let address = format!("http://{}{key}/", listener.local_addr().map_err(words)?);
        let (sender, seen) = watch::channel(first);
        let router = router(&key, Shared { engine, seen });
        listener.set_nonblocking(true).map_err(words)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(words)?;
        let serve = async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            axum::serve(listener, router).await
        };
        // It ends with the process: accepting is tried again where it fails.
        let body = move || drop(runtime.block_on(serve));
        std::thread::Builder::new().name("aphex-serve".into()).spawn(body).map_err(words)?;
        Ok(Self { address, seen: sender })
    }

    /// Where the page is.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Tells the pages what was seen.
    pub(super) fn show(&self, seen: Seen) {
        self.seen.send_replace(seen);
    }
}

fn router(key: &str, shared: Shared) -> Router {
    let at = |path: &str| format!("{key}{path}");
    let mut router = Router::new().route(&at("/ask"), post(ask)).route(&at("/follow/{seen}"), get(follow));
    for (path, kind, text) in FILES {
        router = router.route(&at(path), get(move || async move { answer(kind, *text) }));
    }
    router.layer(DefaultBodyLimit::max(MOST)).with_state(shared)
}

async fn ask(State(shared): State<Shared>, request: String) -> Response {
    match shared.engine.answer(request).await {
        Some(text) => answer(JSON, text),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// What was seen, as soon as its number is not the one that the page knows; nothing where that takes long.
async fn follow(State(Shared { mut seen, .. }): State<Shared>, Path(known): Path<usize>) -> Response {
    let news = seen.wait_for(|seen| seen.number != known);
    match tokio::time::timeout(PATIENCE, news).await {
        Ok(Ok(news)) => answer(JSON, serde_json::to_string(&*news).unwrap_or_default()),
        Ok(Err(_)) | Err(_) => StatusCode::NO_CONTENT.into_response(),
    }
}

fn answer(kind: &'static str, text: impl IntoResponse) -> Response {
    let headers: [(HeaderName, &'static str); 5] = [
        (CONTENT_TYPE, kind),
        (CACHE_CONTROL, "no-store"),
        // The address is a secret.
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "frame-ancestors 'none'"),
    ];
    (headers, text).into_response()
}
