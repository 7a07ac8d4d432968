//! Everything that one script declared, in the order of its doing so.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;

use super::pipeline::Pipeline;
use crate::schema::{Declared, Object};
use crate::source::Spanned;

/// The values that were given from outside, by name.
pub type Parameters = BTreeMap<String, serde_json::Value>;

/// Everything that one script declared.
#[derive(Debug, Clone, Default, Serialize)]
#[non_exhaustive]
pub struct Project {
    /// The script's path from the project root.
    pub script: String,
    /// The pipelines.
    pub pipelines: Vec<Arc<Pipeline>>,
    /// Everything that was declared: stacks, environments, steps, … and the pipelines too.
    #[serde(skip)]
    pub declared: Vec<Object>,
    /// What was declared with a problem: kind and, where it could be read, name.
    #[serde(skip)]
    pub broken: Vec<(&'static str, Option<Spanned<String>>)>,
    /// The parameters that the script asked for, with the values used.
    pub parameters: IndexMap<String, serde_json::Value>,
}

impl Project {
    /// Nothing declared yet, by the script at `script`.
    pub fn new(script: &str) -> Self {
        Self { script: script.to_owned(), ..Self::default() }
    }

    /// Everything of one type that was declared: `project.all::<Environment>()`, or an embedder's
    /// `project.all::<Own<Service>>()`.
    pub fn all<T: Declared>(&self) -> impl Iterator<Item = Arc<T>> {
        self.declared.iter().filter_map(Object::downcast)
    }

    /// Whether something was declared with a problem, so that what looks missing may be there.
    pub fn is_broken(&self) -> bool {
        !self.broken.is_empty()
    }
}
