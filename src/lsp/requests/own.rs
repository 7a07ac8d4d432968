//! Requests that the protocol does not have: `docs/guide/editors.md` tells of them.

use gen_lsp_types as lsp;
use serde::{Deserialize, Serialize};

use super::Answer;
use crate::eval::Cancellation;
use crate::lsp::worker::{Refusal, Server};

/// The command of a code lens, which a client carries out: it opens what `aphex/preview` answers.
const PREVIEW: &str = "aphex.preview";

/// A text, and perhaps a place in it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Where {
    text_document: lsp::TextDocumentIdentifier,
    position: Option<lsp::Position>,
}

/// A line of a file of a preview.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Shown {
    text_document: lsp::TextDocumentIdentifier,
    pipeline: String,
    path: String,
    line: u32,
}

/// A kind of problem.
#[derive(Debug, Deserialize)]
pub(super) struct Explained {
    code: String,
}

/// What a pipeline becomes.
#[derive(Debug, Serialize)]
pub(super) struct Preview {
    pipeline: String,
    files: Vec<File>,
}

/// A file that a pipeline becomes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct File {
    path: String,
    language_id: &'static str,
    text: String,
}

/// The picture of a pipeline.
#[derive(Debug, Serialize)]
pub(super) struct Picture {
    svg: String,
    stage: Option<String>,
}

/// The long story of a problem.
#[derive(Debug, Serialize)]
pub(super) struct Explanation {
    markdown: &'static str,
}

impl Server {
    pub(super) fn lenses(&mut self, params: &lsp::CodeLensParams, stop: &Cancellation) -> Answer<lsp::CodeLensRequest> {
        if !self.client.settings.lenses {
            return Ok(None);
        }
        let (root, path) = self.file(&params.text_document)?;
        let mut found = Vec::new();
        for lens in self.project(&root).lenses(&path, stop)? {
            let range = self.range(&params.text_document, lens.location.start, lens.location.end)?;
            let arguments = vec![serde_json::json!(params.text_document.uri), serde_json::json!(range.start)];
            let command = lsp::Command {
                title: lens.title,
                command: PREVIEW.into(),
                arguments: Some(arguments),
                ..lsp::Command::default()
            };
            found.push(lsp::CodeLens { range, command: Some(command), data: None });
        }
        Ok(Some(found))
    }

    pub(super) fn preview(&mut self, params: &Where, stop: &Cancellation) -> Result<Option<Preview>, Refusal> {
        let ((root, path), offset) = self.within(params)?;
        let preview = self.project(&root).preview(&path, offset, stop)?;
        Ok(preview.map(|preview| Preview {
            pipeline: preview.pipeline,
            files: preview
                .files
                .into_iter()
                .map(|(path, text)| File { language_id: language(&path), path, text })
                .collect(),
        }))
    }

    pub(super) fn origin(&mut self, params: &Shown, stop: &Cancellation) -> Result<Option<lsp::Location>, Refusal> {
        let (root, path) = self.file(&params.text_document)?;
        let Shown { text_document: _, pipeline, path: file, line } = params;
        let place = self.project(&root).origin(&path, pipeline, file, *line, stop)?;
        Ok(place.and_then(|place| self.location(&root, &place)))
    }

    pub(super) fn graph(&mut self, params: &Where, stop: &Cancellation) -> Result<Option<Picture>, Refusal> {
        let ((root, path), offset) = self.within(params)?;
        let picture = self.project(&root).picture(&path, offset, stop)?;
        Ok(picture.map(|(svg, stage)| Picture { svg, stage }))
    }

    pub(super) fn explain(&self, params: &Explained) -> Option<Explanation> {
        let code = self.code(&params.code)?;
        Some(Explanation { markdown: code.explanation() })
    }

    fn within(&self, params: &Where) -> Result<(super::Place, Option<u32>), Refusal> {
        let place = self.file(&params.text_document)?;
        let offset = params.position.map(|position| self.offset(&params.text_document, position)).transpose()?;
        Ok((place, offset))
    }
}

/// What an editor calls the language of a file.
fn language(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("yaml" | "yml") => "yaml",
        Some("json") => "json",
        Some("md") => "markdown",
        _ => "plaintext",
    }
}
