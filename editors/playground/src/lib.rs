//! aphex in a browser: one script, asked in JSON.

use aphex::playground::Playground;
use aphex::{Interpreter, Limits};
use wasm_bindgen::prelude::wasm_bindgen;

/// A script and what is asked about it, as `aphex::playground` has it.
#[wasm_bindgen]
pub struct Page(Playground);

#[wasm_bindgen]
impl Page {
    /// An empty script. Calls lie less deep in each other than elsewhere: a browser gives little stack.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        let mut limits = Limits::default();
        limits.call_depth = 16;
        let interpreter = Interpreter::builder().limits(limits).build().unwrap_or_default();
        Self(Playground::new(&interpreter, "pipeline.aphex"))
    }

    /// The answer to a request.
    pub fn answer(&mut self, request: &str) -> String {
        self.0.answer(request)
    }
}

impl Default for Page {
    fn default() -> Self {
        Self::new()
    }
}
