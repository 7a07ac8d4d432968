//! The ground floor: where text comes from, and where in it something stands.

mod hidden;
mod host;
mod map;
mod span;

pub use hidden::is_hidden;
pub use host::{DiskHost, Host, MemoryHost, ReadError, find_root, imported, is_project_path, normalize};
pub use map::{LineColumn, Origin, Source, SourceMap};
pub use span::{SourceId, Span, Spanned};
