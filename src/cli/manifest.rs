//! `pipeline.json`: what it says to the next run.

use serde_json::{Map, Value};

use super::folder::Folder;

/// Its name, in the folder of its pipeline.
pub(super) const NAME: &str = "pipeline.json";

/// What an earlier run left, as far as this one wants to know. It may be anybody's text.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    /// The script's path from its project root.
    pub(super) script: Option<String>,
    /// The paths of its files.
    pub(super) files: Vec<String>,
    /// The parameters that it was made with.
    pub(super) parameters: Map<String, Value>,
}

impl Manifest {
    /// The one of a pipeline, where it can be read.
    pub(super) fn read(folder: &Folder, pipeline: &str) -> Option<Self> {
        let text = folder.read(&format!("{pipeline}/{NAME}"))?;
        let Value::Object(mut manifest) = serde_json::from_str(&text).ok()? else { return None };
        let mut take = |key: &str| match manifest.remove(key) {
            Some(Value::Object(map)) => map,
            _ => Map::new(),
        };
        let (files, parameters) = (take("files"), take("parameters"));
        let script = manifest.get("script").and_then(Value::as_str).map(str::to_owned);
        Some(Self { script, files: files.into_iter().map(|(path, _)| path).collect(), parameters })
    }
}
