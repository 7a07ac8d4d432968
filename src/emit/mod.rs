//! From the model to files: every object of a pipeline, then the texts, and what is wrong with all of them together.

mod argo;
mod cloudformation;
mod emitter;
mod gates;
mod keys;
mod manifest;
mod next_steps;
mod references;
mod secret_steps;
mod secrets;
mod sizes;
#[cfg(test)]
mod testing;
mod tree;
pub mod yaml;

pub use argo::Subject;
pub use emitter::{CloudFormation, Emission, Emitter, Kubernetes};
pub use manifest::manifest;

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::model::Pipeline;

/// aphex's own emitters, in order.
pub fn own() -> Vec<Arc<dyn Emitter>> {
    vec![Arc::new(Kubernetes), Arc::new(CloudFormation)]
}

/// How documents are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// YAML, readable by readers of 1.1 and 1.2 alike.
    #[default]
    Yaml,
    /// JSON, indented.
    Json,
}

/// One object, written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Document<'a> {
    /// Its Kubernetes kind, or `CloudFormation`, or `Kustomization`; or what an embedder's emitter calls it.
    pub kind: &'static str,
    /// The object in the chosen format, ending with a line break.
    pub text: &'a str,
}

/// One file, of one document or several. It is written as its path and its contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Artifact {
    /// Where it goes, below the pipeline's output folder, with `/` between folders.
    pub path: String,
    #[serde(rename = "contents")]
    text: String,
    #[serde(skip)]
    documents: Vec<(&'static str, Range<usize>)>,
}

impl Artifact {
    /// A file at `path` without a document.
    pub const fn new(path: String) -> Self {
        Self { path, text: String::new(), documents: Vec::new() }
    }

    /// A file at `path` of one document, `text` as it is.
    pub fn text(path: impl Into<String>, kind: &'static str, text: impl Into<String>) -> Self {
        let text = text.into();
        Self { path: path.into(), documents: vec![(kind, 0..text.len())], text }
    }

    /// Adds a document of that kind, which `write` puts at the end of what it is given.
    pub fn add(&mut self, kind: &'static str, write: impl FnOnce(&mut String)) {
        self.text.push_str(if self.documents.is_empty() { "" } else { "---\n" });
        let start = self.text.len();
        write(&mut self.text);
        self.documents.push((kind, start..self.text.len()));
    }

    /// What is written: its documents one after the other, as YAML separates them.
    pub fn contents(&self) -> &str {
        &self.text
    }

    /// What is written, without the file.
    pub fn into_contents(self) -> String {
        self.text
    }

    /// What it holds.
    pub fn documents(&self) -> impl Iterator<Item = Document<'_>> {
        self.documents.iter().map(|(kind, range)| Document { kind, text: &self.text[range.clone()] })
    }
}

/// What a container of a pipeline may do in AWS: a statement of its role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The role's name.
    pub role: String,
    /// The `ServiceAccount` that takes it.
    pub service_account: String,
    /// Whose it is.
    pub holder: Holder,
    /// The same in words: "Deployments by the pipeline shop".
    pub description: String,
    /// Whether it allows, and does not deny.
    pub allows: bool,
    /// The actions.
    pub actions: Vec<String>,
    /// On what.
    pub resources: Vec<String>,
}

/// Whose a permission is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Holder {
    /// The deployments'.
    Deployments,
    /// That of the tests of the environment of this name.
    Tests(String),
    /// That of the step of this name.
    Step(String),
    /// What the pipeline does beside: its build, with tests and steps that have no rights of their own, and its update.
    Pipeline,
}

/// Every statement of every role of `pipeline`, in the order of its template.
pub fn permissions(pipeline: &Pipeline) -> Vec<Permission> {
    cloudformation::permissions(pipeline)
}

/// Every object of a pipeline before any is written.
pub struct Bundle<'a> {
    pipeline: &'a Pipeline,
    objects: argo::Objects,
    stack: cloudformation::Stack<'a>,
}

impl<'a> Bundle<'a> {
    /// The objects of `pipeline`, which the script at `script` in the repository declared without a problem.
    pub fn of(pipeline: &'a Pipeline, script: &str) -> Self {
        Self { pipeline, objects: argo::Objects::of(pipeline, script), stack: cloudformation::Stack::of(pipeline) }
    }

    /// The files of Kubernetes' objects.
    pub fn objects(&self, format: Format) -> Vec<Artifact> {
        self.objects.write(format)
    }

    /// What does not fit together, and what of Kubernetes' objects is larger than its taker accepts. `artifacts` are theirs.
    pub fn problems_of_objects(&self, artifacts: &[Artifact]) -> Vec<Diagnostic> {
        let longest = artifacts.iter().map(|artifact| artifact.contents().len()).max().unwrap_or(0);
        references::problem(self).into_iter().chain(self.objects.problems(self.pipeline, longest)).collect()
    }

    /// The file of the `CloudFormation` stack.
    pub fn stack(&self, format: Format) -> Artifact {
        self.stack.write(format)
    }

    /// What of the `CloudFormation` stack is larger than its taker accepts.
    pub fn problems_of_stack(&self) -> Vec<Diagnostic> {
        self.stack.problems(self.pipeline)
    }

    /// The lines to print after writing into `folder`: commands for a shell, and comments, which start with `#`.
    pub fn next_steps(&self, folder: &str) -> Vec<String> {
        next_steps::next_steps(self.pipeline, self.stack.uploads, folder)
    }
}
