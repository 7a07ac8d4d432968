//! Everything that a project says of itself.

use super::cdk::{self, Target};
use super::commands::Commands;
use super::{Folder, Git};
use crate::model::RepoPath;
use crate::schema::Text;
use crate::source::Host;

/// What was found out about a project.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// What its git repository says.
    pub git: Git,
    /// The folder of the CDK app, where that is not the root.
    pub directory: Option<String>,
    /// The commands of the build.
    pub build: Vec<String>,
    /// The commands that test a deployment.
    pub tests: Vec<String>,
    /// The stacks, by where they go.
    pub targets: Vec<Target>,
    /// From what these were found out, in words.
    pub from: Vec<String>,
    /// What could not be read or was left aside, in words.
    pub notes: Vec<String>,
}

impl Found {
    /// What the project that `host` reads says of itself; `apps` are the folders that hold a `cdk.json`, the root being
    /// `""`. Of several the shallowest counts, then the first by name.
    pub fn look(host: &dyn Host, git: Git, apps: &[String]) -> Self {
        // A folder that the language cannot name cannot be the pipeline's.
        let mut apps: Vec<&String> =
            apps.iter().filter(|path| path.is_empty() || RepoPath::parse(path).is_ok()).collect();
        apps.sort_by_key(|path| (path.split('/').filter(|part| !part.is_empty()).count(), *path));
        let path = apps.first().map_or("", |path| path.as_str());
        let mut notes = Vec::new();
        if let [first, others @ ..] = &apps[..]
            && !others.is_empty()
        {
            let all = others.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>().join(", ");
            let first = if first.is_empty() { "." } else { first };
            notes.push(format!("the CDK app in `{first}` is taken; there are others in {all}"));
        }
        let folder = Folder { host, path };
        let (targets, stacks_from) = cdk::targets(folder, &mut notes);
        let Commands { build, tests, from } = Commands::look(folder, &mut notes);
        let from = from.into_iter().map(|name| folder.at(name)).chain(stacks_from).collect();
        let directory = (!path.is_empty()).then(|| path.to_owned());
        Self { git, directory, build, tests, targets, from, notes }
    }
}
