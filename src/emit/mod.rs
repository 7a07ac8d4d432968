//! From the model to files: pure functions, one folder a target.

mod argo;
mod cloudformation;
mod gates;
mod manifest;
mod next_steps;
mod secret_steps;
mod secrets;
#[cfg(test)]
mod testing;
mod yaml;

pub use manifest::{manifest, manifest_text};
pub use next_steps::next_steps;

use crate::diagnostic::Diagnostic;
use crate::model::Pipeline;

/// How documents are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// YAML, readable by readers of 1.1 and 1.2 alike.
    Yaml,
    /// JSON, indented.
    Json,
}

/// One object, written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its Kubernetes kind, or `CloudFormation`, or `Kustomization`.
    pub kind: &'static str,
    /// The object in the chosen format, ending with a line break.
    pub text: String,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Where it goes, below the pipeline's output folder, with `/` between folders.
    pub path: String,
    /// What it holds.
    pub documents: Vec<Document>,
}

impl Artifact {
    /// The file's text: its documents one after the other, as YAML separates them.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self.documents.iter().map(|document| document.text.as_str()).collect();
        texts.join("---\n")
    }
}

/// Every file of a pipeline but `pipeline.json`. The script at `script` in the repository declared it, without a problem.
pub fn emit(pipeline: &Pipeline, script: &str, format: Format) -> Vec<Artifact> {
    let mut artifacts = argo::emit(pipeline, script, format);
    artifacts.push(cloudformation::emit(pipeline, format));
    artifacts
}

/// What is larger than its taker accepts.
pub fn problems(pipeline: &Pipeline) -> Vec<Diagnostic> {
    argo::problems(pipeline).into_iter().chain(cloudformation::problems(pipeline)).collect()
}
