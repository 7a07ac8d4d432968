//! The pipelines that the table is held against, as the documents that aphex writes for them.

use std::path::Path;

use aphex::{Artifact, DiskHost, Interpreter, Output, Script};
use serde_json::Value;

/// The largest template that CloudFormation takes in a call.
const SENT: usize = 51_200;

/// What was written for one pipeline.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The example and the pipeline: `everything/everything`.
    pub(crate) place: String,
    /// `pipeline.json`: what the script says, with every default.
    pub(crate) model: Value,
    pub(crate) template: Value,
    /// Whether the template must be stored before CloudFormation can read it.
    pub(crate) is_large: bool,
    pub(crate) objects: Vec<Value>,
}

/// Every pipeline of the examples, and of the scripts beside this file, which have what no example has.
pub(crate) fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = |folder: &str| {
        let entries = std::fs::read_dir(root.join(folder)).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let examples = list("examples").into_iter().map(|name| (format!("examples/{name}/pipeline.aphex"), name));
    let own = list("tests/privilege/scripts").into_iter().map(|file| {
        let name = file.trim_end_matches(".aphex").to_owned();
        (format!("tests/privilege/scripts/{file}"), name)
    });
    let scripts = examples.chain(own).filter(|(path, _)| root.join(path).exists());
    scripts.flat_map(|(path, name)| written(root, &path, &name)).collect()
}

fn written(root: &Path, path: &str, name: &str) -> Vec<Case> {
    let interpreter = Interpreter::builder().host(DiskHost::new(root).unwrap()).build().unwrap();
    let evaluation = interpreter.evaluate(&Script::new(path, std::fs::read(root.join(path)).unwrap()));
    assert!(
        !evaluation.has_errors(),
        "{path}: {:?}",
        evaluation.problems().map(|one| one.to_string()).collect::<Vec<_>>()
    );
    evaluation.outputs.iter().map(|output| Case::of(name, output)).collect()
}

impl Case {
    fn of(name: &str, output: &Output) -> Self {
        let (template, objects): (Vec<&Artifact>, Vec<&Artifact>) =
            output.artifacts.iter().partition(|file| file.path == "cloudformation.yaml");
        let read = |text: &str| serde_yaml::from_str::<Value>(text).unwrap();
        let manifest: Value = serde_json::from_str(&output.manifest).unwrap();
        Self {
            place: format!("{name}/{}", output.pipeline),
            model: manifest["pipeline"].clone(),
            is_large: template[0].contents().len() > SENT,
            template: read(template[0].contents()),
            objects: objects.iter().flat_map(|file| file.documents()).map(|document| read(document.text)).collect(),
        }
    }

    /// A text of the model, by its keys with dots between them.
    pub(crate) fn said(&self, keys: &str) -> Option<&str> {
        self.model.pointer(&format!("/{}", keys.replace('.', "/")))?.as_str()
    }

    /// A text of the model that every pipeline has.
    pub(crate) fn text(&self, keys: &str) -> &str {
        self.said(keys).unwrap_or_else(|| panic!("{}: no `{keys}`", self.place))
    }

    /// Every environment of the model.
    pub(crate) fn environments(&self) -> Vec<&Value> {
        fn collect<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
            for stage in value["stages"].as_array().into_iter().flatten() {
                found.extend((stage["kind"] == "environment").then_some(stage));
                collect(stage, found);
            }
        }
        let mut found = Vec::new();
        collect(&self.model, &mut found);
        found
    }

    /// The partition of the pipeline's region.
    pub(crate) fn partition(&self) -> &'static str {
        match self.text("region") {
            region if region.starts_with("us-gov-") => "aws-us-gov",
            region if region.starts_with("cn-") => "aws-cn",
            _ => "aws",
        }
    }

    /// Every object of a kind.
    pub(crate) fn objects<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.objects.iter().filter(move |object| object["kind"] == kind)
    }
}
