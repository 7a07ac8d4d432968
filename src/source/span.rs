//! Places in texts: small, `Copy`, and without the text itself.

use std::ops::Deref;

use serde::{Serialize, Serializer};

/// A text in a [`SourceMap`](super::SourceMap).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SourceId(pub(crate) u16);

impl SourceId {
    /// The text that was added first: a run's script.
    pub const FIRST: Self = Self(0);
}

/// A range of bytes in one text; `end` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The text that the range is in.
    pub source: SourceId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset of the byte after the last.
    pub end: u32,
}

impl Span {
    /// No place at all: of what nobody wrote. Whatever takes such a value gives it a place.
    pub const NOWHERE: Self = Self::new(SourceId(u16::MAX), 0, 0);

    /// This place, or `other` where it is none.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if self == Self::NOWHERE { other } else { self }
    }

    /// The bytes from `start` up to `end` of `source`.
    pub const fn new(source: SourceId, start: u32, end: u32) -> Self {
        Self { source, start, end }
    }

    /// Whether `other` lies within this range of the same text.
    pub const fn contains(self, other: Self) -> bool {
        self.source.0 == other.source.0 && self.start <= other.start && other.end <= self.end
    }

    /// Whether no byte is covered.
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The range as `usize`, for slicing.
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and the place where it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    /// The value.
    pub node: T,
    /// Where it was written, or else the nearest text that a user would edit to change it.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `node`, written at `span`.
    pub const fn new(node: T, span: Span) -> Self {
        Self { node, span }
    }

    /// Another value at the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned::new(change(self.node), self.span)
    }

    /// The same place, with the value borrowed.
    pub const fn borrowed(&self) -> Spanned<&T> {
        Spanned::new(&self.node, self.span)
    }
}

/// As the value alone.
impl<T: Serialize> Serialize for Spanned<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.node.serialize(serializer)
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.node
    }
}
