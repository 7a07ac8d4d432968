//! From text to files: load, evaluate, check, emit.
