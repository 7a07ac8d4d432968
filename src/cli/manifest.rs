//! `pipeline.json`: what it says to the next run.

use serde::Deserialize;
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

/// What is read of it: the model in it is passed over.
#[derive(Deserialize)]
struct Kept {
    #[serde(default)]
    script: Value,
    #[serde(default)]
    files: Value,
    #[serde(default)]
    parameters: Value,
}

impl Manifest {
    /// The one of a pipeline, where it can be read.
    pub(super) fn read(folder: &Folder, pipeline: &str) -> Option<Self> {
        let text = folder.read(&format!("{pipeline}/{NAME}"))?;
        let Kept { script, files, parameters } = serde_json::from_str(&text).ok()?;
        let map = |value| if let Value::Object(map) = value { map } else { Map::new() };
        let files = map(files).into_iter().map(|(path, _)| path).collect();
        Some(Self { script: script.as_str().map(str::to_owned), files, parameters: map(parameters) })
    }
}
