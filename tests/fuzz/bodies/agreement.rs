//! Our parser and Rhai's accept the same texts, but for what is known (`tests/agreement/difference.rs`).

#[path = "../../agreement/difference.rs"]
mod difference;

pub(super) fn run(bytes: &[u8]) {
    thread_local! {
        static ENGINE: rhai::Engine = difference::engine();
    }
    let text = String::from_utf8_lossy(bytes);
    let found = ENGINE.with(|engine| difference::difference(engine, &text));
    assert_eq!(found, None);
}
