//! Our own reading of Rhai's grammar: a lossless tree, and every mistake of the text in its place.
//!
//! Rhai keeps neither spans nor comments and stops at the first mistake; it alone evaluates. A test holds that both
//! accept the same texts.

mod brackets;
mod edit;
mod kind;
mod lexer;
#[cfg(test)]
mod mistakes;
mod parser;
#[cfg(test)]
mod properties;
mod tree;
pub mod words;

pub use edit::Edit;
pub use kind::SyntaxKind;
pub use tree::{
    Array, Assignment, Binary, Binding, Block, Call, Closure, Element, Entry, Export, For, Function, Import, Index,
    Let, Literal, Map, Node, Positions, Property, Token, Tree, Try, Variable,
};
pub(crate) use tree::{decode_text, move_text};

use crate::diagnostic::Diagnostic;
use crate::source::SourceId;

/// How deeply a text may be nested, counted as Rhai counts it; the engine is given the same number.
pub const MAX_DEPTH: usize = 64;

/// The most arguments of a call: Rhai tries out 65,536 types for them where it knows no such function.
const MAX_ARGUMENTS: usize = 64;

/// The most problems that are told of one text.
const MAX_PROBLEMS: usize = 1_000;

/// A text that was read.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// Its tree: complete, whatever the text.
    pub tree: Tree,
    /// What is wrong with it, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads `text`, the text of `source`.
pub fn parse(source: SourceId, text: &str) -> Parsed {
    parser::parse(source, text)
}
