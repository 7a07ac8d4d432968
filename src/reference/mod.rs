//! The reference of the language, out of its declarations alone: as typed data, as Markdown, as JSON Schema.
//!
//! [`Reference::collect`] reads the declarations once. Everything else prints what it found, and an editor asks it what a
//! key is.

mod collect;
mod data;
mod docs;
mod find;
mod json_schema;
mod markdown;
mod meaning;
mod modules;
#[cfg(test)]
mod patterns;

pub use data::{
    Choice, Constant, Default, Function, Key, Method, Module, ModuleFunction, Parameter, Problem, Record, Reference,
    Signature, TextForm, Type, Words,
};
pub use find::Part;
pub use json_schema::{part_schema, pipeline_schema};
pub use markdown::{Page, document, page, pages};
pub(crate) use modules::{doc_comment, module_doc};
