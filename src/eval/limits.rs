//! What bounds an evaluation: limits, and a word from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;

/// How deep calls may lie in each other, and no deeper: the stack that an evaluation has bears it.
const MAX_CALL_DEPTH: usize = 64;

/// What a script may take. Where it takes more, evaluation ends there with a `limit-reached`.
///
/// The defaults are far from what a pipeline needs. How deep expressions lie in each other (64), how many arguments a call
/// has (64), how long a text is (1 MiB, 65,000 lines of as many bytes; all together 2 MiB and as many lines), how many
/// texts take part and how many problems are told (1,000 each) is bounded too, and cannot be set.
///
/// ```
/// use aphex::Limits;
///
/// let mut limits = Limits::default();
/// limits.operations = 100_000;
/// assert!(limits.declarations > 1_000);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Limits {
    /// Operations of the interpreter, of the script and its modules together. At least 1.
    pub operations: u64,
    /// How long it may take. Operations are counted, not weighed: each may copy the largest array. No script that ends
    /// should come near it, since what comes out would depend on the machine.
    pub time: Duration,
    /// How many bytes the process may grow while the script runs, looked at every other millisecond. A script that makes
    /// two things of one in a single operation may take twice as many for as long. Other threads count too: with several
    /// evaluations at a time it is for all of them. Where the system does not tell (WebAssembly), there is no such limit.
    pub memory_bytes: usize,
    /// How deep calls lie in each other: 1 to 64, a number outside of it is taken for the nearer end.
    pub call_depth: usize,
    /// The longest text, and the texts of a value together, in bytes. At least 1.
    pub text_bytes: usize,
    /// Items of an array, those of the arrays in it counted too. At least 1. Rhai measures an array anew at every change.
    pub array_items: usize,
    /// Keys of a map, those of the maps in it counted too. At least 1.
    pub map_keys: usize,
    /// Variables at one time. At least 1.
    pub variables: usize,
    /// Functions of a text, closures counted too. At least 1.
    pub functions: usize,
    /// Calls that declare something.
    pub declarations: usize,
    /// The texts that such calls are given, all of them together, in bytes. Each is kept, written and compared.
    pub declared_bytes: usize,
    /// What all pipelines of a script become, in bytes.
    pub output_bytes: usize,
    /// Imports. At least 1.
    pub imports: usize,
    /// How deep imports lie in each other.
    pub import_depth: usize,
    /// What `print` and `debug` say, in bytes; more is left out, and that is no problem of the script.
    pub printed_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            operations: 3_000_000,
            time: Duration::from_secs(3),
            memory_bytes: 192 << 20,
            call_depth: MAX_CALL_DEPTH,
            text_bytes: 1 << 20,
            array_items: 10_000,
            map_keys: 10_000,
            variables: 10_000,
            functions: 5_000,
            declarations: 50_000,
            declared_bytes: 16 << 20,
            output_bytes: 32 << 20,
            imports: 500,
            import_depth: 32,
            printed_bytes: 256 << 10,
        }
    }
}

impl Limits {
    /// The same, with what the interpreter can hold to: it takes 0 for no limit at all.
    pub(super) fn held(mut self) -> Self {
        let counts = [
            &mut self.text_bytes,
            &mut self.array_items,
            &mut self.map_keys,
            &mut self.variables,
            &mut self.functions,
            &mut self.imports,
        ];
        for count in counts {
            *count = (*count).max(1);
        }
        self.operations = self.operations.max(1);
        self.call_depth = self.call_depth.clamp(1, MAX_CALL_DEPTH);
        self
    }
}

/// An amount of memory in words: in mebibytes, or where it is less or no whole number of them, in bytes.
pub(crate) fn amount(bytes: usize) -> String {
    match (bytes >> 20, bytes % (1 << 20)) {
        (whole @ 1.., 0) => format!("{whole} MiB"),
        _ => format!("{bytes} bytes"),
    }
}

/// A word from outside that ends an evaluation. Copies share it, so that one may be kept and used from any thread.
///
/// ```
/// use aphex::{Cancellation, Cancelled, Interpreter, Script};
///
/// let cancellation = Cancellation::new();
/// cancellation.cancel();
/// let script = Script::new("pipeline.aphex", "loop { }");
/// let stopped = Interpreter::default().evaluate_until(&script, &cancellation);
/// assert!(matches!(stopped, Err(Cancelled)));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Cancellation(Arc<AtomicBool>);

impl Cancellation {
    /// Nobody has said anything yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends every evaluation that was given this, soon: a script after at most 256 more operations, and what comes after
    /// the script at its next step.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the word was said.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The error of an evaluation that was ended from outside: nothing came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

impl std::fmt::Display for Cancelled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the evaluation was cancelled")
    }
}

impl std::error::Error for Cancelled {}
