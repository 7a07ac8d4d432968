//! What an earlier run of the same script left: pipelines that it does not declare any more, and its parameters.

use super::folder::Folder;
use super::manifest::Manifest;
use super::params::Values;
use super::write::Plan;

/// The pipelines that `script` declared once; `names` are those that it declares now.
pub(super) fn find(folder: &Folder, script: &str, names: &[String]) -> Vec<Plan> {
    let gone = |name: &String| !names.iter().any(|stays| stays.eq_ignore_ascii_case(name));
    let gone = earlier(folder, script).into_iter().filter(|(name, _)| gone(name));
    gone.map(|(name, manifest)| Plan::orphan(folder, name, manifest)).collect()
}

/// The names of the pipelines that an earlier run of `script` wrote.
pub(super) fn names(folder: &Folder, script: &str) -> Vec<String> {
    earlier(folder, script).into_iter().map(|(name, _)| name).collect()
}

/// The parameters that the pipelines of `script`, or the one of that name, were made with.
pub(super) fn parameters(folder: &Folder, script: &str, pipeline: Option<&str>) -> Values {
    let wanted = earlier(folder, script).into_iter().filter(|(name, _)| pipeline.is_none_or(|only| only == name));
    wanted.flat_map(|(_, manifest)| manifest.parameters).collect()
}

fn earlier(folder: &Folder, script: &str) -> Vec<(String, Manifest)> {
    let read = |name: String| Manifest::read(folder, &name).map(|manifest| (name, manifest));
    let manifests = folder.folders().into_iter().filter_map(read);
    manifests.filter(|(_, manifest)| manifest.script.as_deref() == Some(script)).collect()
}
