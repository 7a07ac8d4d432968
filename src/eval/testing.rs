//! What an evaluation is given in the tests of this floor.

use std::sync::Arc;

use super::{Cancellation, Limits, Setting};
use crate::model::{Language, Parameters};
use crate::source::{Host, MemoryHost};

/// The language as it is, for scripts without files.
pub(super) struct Plain {
    host: Arc<dyn Host>,
    language: Arc<Language>,
    parameters: Parameters,
    limits: Limits,
    cancellation: Cancellation,
}

impl Plain {
    pub(super) fn new() -> Self {
        Self {
            host: Arc::new(MemoryHost::new()),
            language: Arc::default(),
            parameters: Parameters::new(),
            limits: Limits::default(),
            cancellation: Cancellation::new(),
        }
    }

    pub(super) const fn setting(&self) -> Setting<'_> {
        let Self { host, language, parameters, limits, cancellation } = self;
        Setting { host, language, parameters, limits, cancellation, known: None }
    }
}
