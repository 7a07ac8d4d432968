//! Looks at the clock, at memory and for a word from outside, again and again while a script runs.

use std::cell::Cell;
use std::time::Duration;

#[cfg(not(target_family = "wasm"))]
use std::time::Instant;
#[cfg(target_family = "wasm")]
use web_time::Instant;

use super::limits::{Cancellation, Limits};

/// How many operations go by from one look for a word from outside to the next.
const TICK: u64 = 256;
/// How long it takes from one look at memory to the next: what can be filled in that time goes beyond the limit.
const PAUSE: Duration = Duration::from_millis(2);

/// Why an evaluation is ended from outside of the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// Its time is over, or somebody said so.
    Time,
    /// The process has grown too far.
    Memory,
}

/// What is looked at.
pub(super) struct Watch {
    start: Instant,
    time: Duration,
    memory: usize,
    cancellation: Cancellation,
    last: Cell<Instant>,
    /// What the process had when memory was first looked at: a script that is done before then takes little.
    base: Cell<Option<usize>>,
}

impl Watch {
    /// Begins now.
    pub(super) fn new(limits: &Limits, cancellation: Cancellation) -> Self {
        let start = Instant::now();
        let Limits { time, memory_bytes: memory, .. } = *limits;
        Self { start, time, memory, cancellation, last: Cell::new(start), base: Cell::new(None) }
    }

    /// Whether it is over, to be asked at every operation: one alone may copy all that a script holds.
    pub(super) fn look(&self, operations: u64) -> Option<Over> {
        let now = Instant::now();
        if now.duration_since(self.start) > self.time
            || operations.is_multiple_of(TICK) && self.cancellation.is_cancelled()
        {
            return Some(Over::Time);
        }
        if now.duration_since(self.last.get()) < PAUSE {
            return None;
        }
        self.last.set(now);
        let held = memory_stats::memory_stats()?.physical_mem;
        let base = self.base.get().unwrap_or(held);
        self.base.set(Some(base));
        (held.saturating_sub(base) > self.memory).then_some(Over::Memory)
    }
}
