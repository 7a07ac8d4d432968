//! `--stdout`: documents instead of files.

use clap::ValueEnum;

use super::{Failure, near};
use crate::compile::Output;
use crate::emit::{Artifact, Format};

/// The form of printed documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum OutputFormat {
    /// YAML documents, as they are written
    #[default]
    Yaml,
    /// JSON, one document after the other
    Json,
}

impl From<OutputFormat> for Format {
    fn from(format: OutputFormat) -> Self {
        match format {
            OutputFormat::Yaml => Self::Yaml,
            OutputFormat::Json => Self::Json,
        }
    }
}

/// One document and its kind.
struct Document<'a> {
    kind: &'a str,
    text: &'a str,
}

/// Every Kubernetes object; a kustomization is a file for a tool, which no cluster takes.
const KUBERNETES: &str = "Kubernetes";
const CLOUDFORMATION: &str = "CloudFormation";
const PIPELINE: &str = "Pipeline";

/// The documents of all outputs, or of the kinds that are wanted.
pub(super) fn documents(outputs: &[Output], only: &[String], format: OutputFormat) -> Result<String, Failure> {
    let mut all: Vec<Document<'_>> = Vec::new();
    for output in outputs {
        let documents = output.artifacts.iter().flat_map(Artifact::documents);
        all.extend(documents.map(|document| Document { kind: document.kind, text: document.text }));
        all.push(Document { kind: PIPELINE, text: &output.manifest });
    }
    know(&all, only)?;
    let wanted = all.iter().filter(|document| match only {
        [] => document.kind != PIPELINE,
        only => only.iter().any(|kind| document.is(kind)),
    });
    Ok(wanted.map(|document| document.write(format)).collect())
}

impl Document<'_> {
    fn is(&self, wanted: &str) -> bool {
        let object = !["Kustomization", CLOUDFORMATION, PIPELINE].contains(&self.kind);
        self.kind.eq_ignore_ascii_case(wanted) || (object && wanted.eq_ignore_ascii_case(KUBERNETES))
    }

    fn write(&self, format: OutputFormat) -> String {
        let end = if self.text.ends_with('\n') { "" } else { "\n" };
        match format {
            OutputFormat::Yaml => format!("---\n{}{end}", self.text),
            OutputFormat::Json => format!("{}{end}", self.text),
        }
    }
}

/// An error where a kind is wanted that is not there.
fn know(all: &[Document<'_>], only: &[String]) -> Result<(), Failure> {
    let mut kinds: Vec<&str> = all.iter().map(|document| document.kind).chain([KUBERNETES]).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let Some(unknown) = only.iter().find(|kind| !kinds.iter().any(|known| known.eq_ignore_ascii_case(kind))) else {
        return Ok(());
    };
    let near = near(unknown, kinds.iter().copied());
    Err(Failure::Usage(format!("the output has no `{unknown}`{near}\nit has {}", kinds.join(", "))))
}
