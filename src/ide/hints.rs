//! Hints

/// Which hints are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hints {
    /// Where a stage runs in the order of a pipeline.
    pub order: bool,
    /// What holds for keys that are not given.
    pub defaults: bool,
}
