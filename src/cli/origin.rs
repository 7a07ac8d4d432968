//! Where a pipeline runs and what triggers it: from the command line, or from the git folder of the project.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use crate::draft::{Settings, name_after, too_long};
use crate::init::Git;
use crate::model::{AccountId, ClusterName, Name, Region, Repository};
use crate::schema::Text;
use crate::source::DiskHost;

/// Options that say what a script needs and nothing tells.
#[derive(Debug, Clone, Args)]
pub(super) struct Given {
    /// The pipeline's name; otherwise the repository's
    #[arg(long, value_name = "NAME", value_parser = text::<Name>)]
    pub(super) name: Option<String>,

    /// The EKS cluster that runs Argo
    #[arg(long, value_name = "NAME", value_parser = text::<ClusterName>)]
    pub(super) cluster: Option<String>,

    /// The AWS account of the cluster
    #[arg(long, value_name = "ID", value_parser = text::<AccountId>)]
    pub(super) account: Option<String>,

    /// The AWS region of the cluster
    #[arg(long, value_name = "REGION", value_parser = text::<Region>)]
    pub(super) region: Option<String>,

    /// The repository on GitHub; otherwise that of the git remote
    #[arg(long, value_name = "OWNER/NAME", value_parser = text::<Repository>)]
    pub(super) repository: Option<String>,
}

/// A text of that form, as the language takes it.
pub(super) fn text<T: Text>(text: &str) -> Result<String, String> {
    T::parse(text).map(|read| read.as_str().to_owned())
}

impl Given {
    /// What was given, and what git tells of the rest; `branch` is the one that delivers.
    pub(super) fn settings(self, git: Git, branch: Option<String>) -> Result<Settings, Failure> {
        let Self { name, cluster, account, region, repository } = self;
        let Git { repository: found, url, default_branch: _, current_branch: _ } = git;
        // The remote's address says nothing of another repository.
        let is_found = repository.is_none() || repository == found;
        let repository = repository.or(found);
        let own = repository.as_deref().and_then(|whole| name_after(whole, region.as_deref()));
        if let Some(why) = name.as_deref().and_then(|name| too_long(name, region.as_deref())) {
            return Err(Failure::Usage(format!("`--name` is too long for what is named after it: {why}")));
        }
        Ok(Settings {
            name: name.or(own),
            cluster,
            account,
            region,
            repository,
            url: url.filter(|_| is_found),
            branch: branch.filter(|branch| branch != "main"),
        })
    }
}

/// What the git folder at the root of a project says; nothing where there is none, or it cannot be read.
pub(super) fn git(root: &Path) -> Git {
    let look = || {
        let (own, common) = folders(&root.join(".git"), root)?;
        Some(Git::look(&DiskHost::new(&own).ok()?, &DiskHost::new(&common).ok()?))
    };
    look().unwrap_or_default()
}

/// The git folder of a checkout and the one that all checkouts share. In a worktree `.git` is a file that names the
/// first, in which `commondir` names the second (gitrepository-layout).
fn folders(git: &Path, root: &Path) -> Option<(PathBuf, PathBuf)> {
    if git.is_dir() {
        return Some((git.to_owned(), git.to_owned()));
    }
    let own = root.join(line(git)?.strip_prefix("gitdir:")?.trim());
    let common = line(&own.join("commondir")).map_or_else(|| own.clone(), |common| own.join(common));
    Some((own, common))
}

/// The first line of a small file.
fn line(path: &Path) -> Option<String> {
    let mut text = String::new();
    if !path.is_file() {
        return None;
    }
    std::fs::File::open(path).ok()?.take(4096).read_to_string(&mut text).ok()?;
    text.lines().next().map(|line| line.trim().to_owned())
}
