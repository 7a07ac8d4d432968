//! One side of a comparison: the pipelines of an output, read.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// The name of the file that holds the model.
const MANIFEST: &str = "pipeline.json";

/// The version of `pipeline.json` that is understood.
const VERSION: u64 = 1;

/// The most stages that are compared. Argo takes far fewer in one workflow.
const MAX_STAGES: usize = 5_000;

/// More than any of our files holds, and little enough to be read in a moment.
const MAX_NODES: usize = 4_000_000;

/// The pipelines of an output.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot {
    pipelines: Vec<Side>,
}

/// One pipeline of a snapshot.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Side {
    /// Its name.
    pub(super) name: String,
    /// What `pipeline.json` says of it; null where there is none.
    pub(super) model: Value,
    /// The values of `param(…)`.
    pub(super) parameters: Value,
    /// The script that it came from, as a path in its project.
    pub(super) script: Value,
    /// The text of every file.
    pub(super) files: BTreeMap<String, String>,
    /// The objects in the files, a file after the other.
    pub(super) objects: Vec<Value>,
}

impl Snapshot {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the pipeline of that name with its files, `pipeline.json` among them: path below its folder, and text.
    ///
    /// Files that end neither in `.yaml` nor in `.json` are compared as texts alone.
    ///
    /// # Errors
    /// In words, where a file cannot be read: a comparison that does not see a permission says nothing rather than
    /// "nothing changed".
    pub fn add(&mut self, name: &str, files: impl IntoIterator<Item = (String, String)>) -> Result<(), String> {
        let files: BTreeMap<String, String> = files.into_iter().collect();
        let mut side = Side { name: name.to_owned(), ..Side::default() };
        for (path, text) in &files {
            let wrong = |words: String| format!("`{path}` cannot be read: {words}");
            if path == MANIFEST {
                side.read_manifest(text).map_err(wrong)?;
            } else if is_yaml(path) {
                side.objects.extend(documents(text).map_err(wrong)?);
            }
        }
        side.files = files;
        self.pipelines.push(side);
        Ok(())
    }

    /// The text of a file of a pipeline.
    pub(super) fn file(&self, pipeline: &str, path: &str) -> Option<&str> {
        let side = self.pipelines.iter().find(|side| side.name == pipeline)?;
        side.files.get(path).map(String::as_str)
    }

    /// The names of its pipelines.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pipelines.iter().map(|side| side.name.as_str())
    }
}

impl Side {
    fn read_manifest(&mut self, text: &str) -> Result<(), String> {
        let mut manifest: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match manifest.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(other) => return Err(format!("it is of version {other}, this aphex reads version {VERSION}")),
            None => return Err("it has no `version`, so it is none of aphex's".into()),
        }
        if !manifest["pipeline"].is_object() {
            return Err("it holds no pipeline".into());
        }
        self.model = manifest["pipeline"].take();
        self.parameters = manifest["parameters"].take();
        self.script = manifest["script"].take();
        if count_stages(&self.model["stages"]) > MAX_STAGES {
            return Err(format!("it has more than {MAX_STAGES} stages"));
        }
        Ok(())
    }

    /// The objects of a Kubernetes kind.
    pub(super) fn kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.objects.iter().filter(move |object| object["kind"] == kind)
    }

    /// The resources of the CloudFormation templates, by logical id.
    pub(super) fn resources(&self) -> impl Iterator<Item = (&str, &Value)> {
        let templates = self.objects.iter().filter_map(|object| object.get("Resources")?.as_object());
        templates.flatten().map(|(id, resource)| (id.as_str(), resource))
    }

    /// What tells a pipeline whatever it is called: its repository and its targets.
    fn likeness(&self) -> Option<(String, BTreeSet<String>)> {
        let repository = self.model["source"]["name"].as_str()?.to_owned();
        let mut targets = BTreeSet::new();
        collect_targets(&self.model["stages"], &mut targets);
        (!targets.is_empty()).then_some((repository, targets))
    }
}

fn is_yaml(path: &str) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|ending| path.ends_with(ending))
}

fn documents(text: &str) -> Result<Vec<Value>, String> {
    let options = serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_nodes: MAX_NODES,
            max_events: 4 * MAX_NODES,
            max_documents: MAX_NODES,
        },
        with_snippet: false,
    };
    let first_line = |words: String| words.lines().next().unwrap_or_default().to_owned();
    serde_yaml::from_multiple_with_options(text, options).map_err(|error| first_line(error.to_string()))
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn count_stages(stages: &Value) -> usize {
    items(stages).iter().map(|stage| 1 + count_stages(&stage["stages"])).sum()
}

fn collect_targets(stages: &Value, targets: &mut BTreeSet<String>) {
    for stage in items(stages) {
        if stage["kind"] == "environment" {
            targets.insert(format!("{} {} {}", stage["name"], stage["account"], stage["region"]));
        }
        collect_targets(&stage["stages"], targets);
    }
}

/// Each pipeline of the new side in its order, with what it was; then those that are gone.
pub(super) fn pairs<'a>(old: &'a Snapshot, new: &'a Snapshot) -> Vec<(Option<&'a Side>, Option<&'a Side>)> {
    let has = |snapshot: &Snapshot, name: &str| snapshot.pipelines.iter().any(|side| side.name == name);
    let gone: Vec<&Side> = old.pipelines.iter().filter(|side| !has(new, &side.name)).collect();
    let added: Vec<&Side> = new.pipelines.iter().filter(|side| !has(old, &side.name)).collect();
    let renamed = |side: &'a Side| {
        let wanted = side.likeness()?;
        let alike = |others: &[&'a Side]| -> Vec<&'a Side> {
            others.iter().copied().filter(|other| other.likeness().as_ref() == Some(&wanted)).collect()
        };
        match (&alike(&gone)[..], &alike(&added)[..]) {
            ([before], [_]) => Some(*before),
            _ => None,
        }
    };
    let mut pairs: Vec<(Option<&Side>, Option<&Side>)> = Vec::new();
    for side in &new.pipelines {
        let same = old.pipelines.iter().find(|before| before.name == side.name);
        pairs.push((same.or_else(|| renamed(side)), Some(side)));
    }
    let is_paired =
        |side: &&&Side| pairs.iter().any(|(before, _)| before.is_some_and(|before| std::ptr::eq(before, **side)));
    let rest: Vec<&Side> = gone.iter().filter(|side| !is_paired(side)).copied().collect();
    pairs.extend(rest.into_iter().map(|side| (Some(side), None)));
    pairs
}
