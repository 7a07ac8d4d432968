//! A stand-in for the real floor, which replaces this file: it knows `pipeline(…)`, `warn(…)`, `fail(…)`, `param(…)`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::{Host, Origin, SourceMap};

/// A file to write.
#[derive(Debug, Clone)]
pub struct Artifact {
    /// Below the pipeline's folder, with `/` between folders.
    pub path: String,
    /// What is in it.
    pub text: String,
    /// The kind of what is in it.
    pub kind: &'static str,
}

/// What one pipeline becomes.
#[derive(Debug, Clone)]
pub struct Output {
    /// The pipeline's name.
    pub pipeline: String,
    /// The files, without `pipeline.json`.
    pub artifacts: Vec<Artifact>,
    /// `pipeline.json` without its `files`.
    pub manifest: Value,
    /// Lines to print after writing.
    pub next_steps: Vec<String>,
}

/// What a script becomes.
#[derive(Debug, Clone, Default)]
pub struct Compiled {
    /// Every text that took part.
    pub sources: SourceMap,
    /// What is wrong, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// One for each pipeline.
    pub outputs: Vec<Output>,
}

/// What is given from outside.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A file without a pipeline is fine.
    pub module: bool,
    /// Values for `param(…)`.
    pub parameters: BTreeMap<String, Value>,
    /// Only this pipeline.
    pub pipeline: Option<String>,
}

/// Compiles a script.
pub fn compile(_host: &dyn Host, name: &str, path: &str, bytes: Vec<u8>, options: &Options) -> Compiled {
    let (text, broken) = match String::from_utf8(bytes) {
        Ok(text) => (text, false),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), true),
    };
    let mut sources = SourceMap::new();
    let id = sources.add(name, path, &text, Origin::Script);
    let source = sources.get(id).clone();
    let mut sink = Sink::new();
    let found = |call: &str| -> Vec<(usize, usize, String)> {
        let hits = text.match_indices(call);
        hits.map(|(at, _)| {
            let inside = at + call.len();
            let end = text[inside..].find('"').map_or(text.len(), |end| inside + end);
            (inside - 1, (end + 1).min(text.len()), text[inside..end].to_owned())
        })
        .collect()
    };
    let at = |start: usize, end: usize| {
        source.span(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
    };
    if broken {
        sink.push(Diagnostic::new(Code::NotUtf8, at(0, 0), Code::NotUtf8.summary()));
    }
    for (call, code) in [("warn(\"", Code::UserWarning), ("fail(\"", Code::UserError)] {
        sink.extend(found(call).into_iter().map(|(start, end, said)| Diagnostic::new(code, at(start, end), said)));
    }
    let mut parameters = serde_json::Map::new();
    for (start, end, wanted) in found("param(\"") {
        match options.parameters.get(&wanted) {
            Some(value) => drop(parameters.insert(wanted, value.clone())),
            None => sink.push(Diagnostic::new(
                Code::MissingParameter,
                at(start, end),
                format!("the parameter `{wanted}` was not given"),
            )),
        }
    }
    let names = found("pipeline(\"");
    if names.is_empty() && !options.module {
        sink.push(Diagnostic::new(Code::NoPipeline, at(0, 0), "the script declares no pipeline"));
    }
    let outputs = names
        .into_iter()
        .filter(|(_, _, name)| options.pipeline.as_ref().is_none_or(|only| only == name))
        .map(|(_, _, name)| output(name, path, &parameters))
        .collect();
    Compiled { sources, diagnostics: sink.into_sorted(), outputs }
}

fn output(name: String, path: &str, parameters: &serde_json::Map<String, Value>) -> Output {
    let object = |kind: &str| format!("apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {name}\n");
    let artifact = |path: &str, text: String, kind| Artifact { path: path.to_owned(), text, kind };
    let values = serde_json::to_string(parameters).unwrap_or_default();
    Output {
        artifacts: vec![
            artifact(
                "kubernetes/rbac.yaml",
                [object("ServiceAccount"), object("Role")].join("---\n"),
                "ServiceAccount",
            ),
            artifact("kubernetes/sensor.yaml", object("Sensor"), "Sensor"),
            artifact("cloudformation.yaml", format!("Description: '{values}'\nResources: {{}}\n"), "CloudFormation"),
        ],
        manifest: json!({"version": 1, "script": path, "pipeline": {"name": name}, "parameters": parameters}),
        next_steps: vec![format!("kubectl apply --server-side -k aphex.out/{name}/kubernetes")],
        pipeline: name,
    }
}
