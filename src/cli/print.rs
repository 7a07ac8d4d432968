//! `--stdout`: documents instead of files.

use clap::ValueEnum;
use serde_json::Value;

use super::{Failure, manifest};
use crate::compile::{Artifact, Output};
use crate::diagnostic::did_you_mean;

/// The form of printed documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum OutputFormat {
    /// YAML documents, as they are written
    #[default]
    Yaml,
    /// JSON, one document a line
    Json,
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
    let manifests: Vec<String> =
        outputs.iter().map(|output| manifest::text(&output.manifest, &output.artifacts)).collect();
    let mut all: Vec<Document<'_>> = Vec::new();
    for (output, manifest) in outputs.iter().zip(&manifests) {
        all.extend(output.artifacts.iter().flat_map(split));
        all.push(Document { kind: PIPELINE, text: manifest });
    }
    know(&all, only)?;
    let wanted = all.iter().filter(|document| match only {
        [] => document.kind != PIPELINE,
        only => only.iter().any(|kind| document.is(kind)),
    });
    wanted.map(|document| document.write(format)).collect()
}

impl Document<'_> {
    fn is(&self, wanted: &str) -> bool {
        let object = !["Kustomization", CLOUDFORMATION, PIPELINE].contains(&self.kind);
        self.kind.eq_ignore_ascii_case(wanted) || (object && wanted.eq_ignore_ascii_case(KUBERNETES))
    }

    fn write(&self, format: OutputFormat) -> Result<String, Failure> {
        let end = if self.text.ends_with('\n') { "" } else { "\n" };
        match format {
            OutputFormat::Yaml => Ok(format!("---\n{}{end}", self.text)),
            OutputFormat::Json => {
                let value: Result<Value, _> = serde_yaml::from_str(self.text);
                let wrong = |error| Failure::Outside(format!("a document of kind {} is not JSON: {error}", self.kind));
                value.map(|value| format!("{value}\n")).map_err(wrong)
            }
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
    let near = did_you_mean(unknown, kinds.iter().copied());
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Err(Failure::Usage(format!("the output has no `{unknown}`{near}\nit has {}", kinds.join(", "))))
}

/// The documents of a file.
fn split(artifact: &Artifact) -> Vec<Document<'_>> {
    let Artifact { path: _, text, kind } = artifact;
    let mut starts = vec![0];
    let mut ends = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" {
            ends.push(at);
            starts.push(at + line.len());
        }
        at += line.len();
    }
    ends.push(text.len());
    let texts = starts.into_iter().zip(ends).map(|(start, end)| &text[start..end]);
    let says = |text: &&str| text.lines().any(|line| !line.trim().is_empty() && !line.starts_with('#'));
    texts.filter(says).map(|text| Document { kind: kind_of(text).unwrap_or(kind), text }).collect()
}

/// What a document says of itself at its outermost level.
fn kind_of(text: &str) -> Option<&str> {
    let kind = text.lines().find_map(|line| line.strip_prefix("kind:"))?;
    Some(kind.trim().trim_matches(['"', '\'']))
}
