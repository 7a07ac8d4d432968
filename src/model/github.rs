//! `github`: the source that triggers a pipeline.

use super::item::{Item, Keys, OneOrMany, Ref};
use super::secret::Secret;
use super::words::{Url, longest};
use crate::schema::{Value, config, text};
use crate::source::Spanned;

text! {
    /// A repository on GitHub, `"owner/name"`: the owner at most 39 characters, the name at most 100 and without `.git`.
    pub struct Repository
        matches r"^[A-Za-z0-9][A-Za-z0-9_-]{0,38}/[A-Za-z0-9_.-]{1,100}$"
        = "a repository like `\"owner/name\"`", "repositories", |text| {
        let Some((owner, name)) = text.split_once('/') else {
            return Err("a repository is written `\"owner/name\"`".into());
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let owned = owner.starts_with(|c: char| c.is_ascii_alphanumeric()) && owner.chars().all(|c| plain(c) && c != '.');
        if !owned || owner.len() > 39 {
            return Err(format!("`{owner}` is not an owner on GitHub: letters, digits and hyphens, at most 39"));
        }
        if !name.chars().all(plain) || [".", "..", ""].contains(&name) || name.to_ascii_lowercase().ends_with(".git") {
            return Err(format!("`{name}` is not a repository's name: letters, digits, `-`, `_` and `.`, without `.git`"));
        }
        longest(name, 100, "a repository's name")
    };
}

impl Repository {
    /// The owner and the name.
    pub fn parts(&self) -> (&str, &str) {
        self.as_str().split_once('/').expect("a Repository is made from a text with a slash")
    }
}

text! {
    /// A branch, tag or path, in which `*` stands for anything but `/`, `**` for anything, and `?` for one character but
    /// `/`. At most 250 characters, and none that git refuses in a name; without `refs/…` before it.
    pub struct Glob
        matches r"^[^\x00-\x1F\x7F-\x9F\s~^:\\\[\]{}/][^\x00-\x1F\x7F-\x9F\s~^:\\\[\]{}]*$" at most 250
        = "a name or pattern", "names or patterns", |text| {
        longest(text, 250, "a pattern")?;
        if let Some(wrong) = text.chars().find(|c| c.is_control() || c.is_whitespace() || "~^:\\[]{}".contains(*c)) {
            return Err(format!("a pattern has no {wrong:?}; `*`, `**` and `?` are its wildcards"));
        }
        if text.starts_with('/') || text.starts_with("refs/") {
            return Err("a pattern is the name alone, without `refs/…` or a `/` before it".into());
        }
        if text.contains("..") || text.contains("//") || text.contains("@{") {
            return Err("git allows no `..`, `//` or `@{` in a name".into());
        }
        if text.ends_with('/') {
            return Err(format!("a pattern names what it matches to its end: everything below `{text}` is `{text}**`"));
        }
        if text.starts_with("./") {
            return Err("a pattern starts without `./`".into());
        }
        Ok(())
    };
}

config! {
    /// Which pushes of a repository on GitHub start a run, and how it is reached.
    pub struct GithubKeys = "github" {
        /// The branches whose pushes deliver, each exactly or by a pattern. A deletion never does.
        branch: Option<OneOrMany<Glob>> = none "`\"main\"`; none where `tags` are given without it",
        /// The tags whose pushes deliver, at the commit that they point to. A deletion never does.
        tags: Vec<Spanned<Glob>> = [],
        /// Whether a pull request from the same repository to one of the branches validates and builds. It deploys
        /// nothing, and has neither an AWS role nor a Secret but `clone_token`.
        pull_requests: bool = true,
        /// Only pushes to branches that touch one of these deliver. They start at the root of the repository; `**` crosses
        /// folders, and `**/` is no folder too. A push without commits touches nothing; tags are not asked.
        paths: Vec<Spanned<Glob>> = [],
        /// What is cloned. Taken from here, never from the event.
        url: Option<Url> = none "`https://github.com/<owner>/<repo>.git`",
        /// The token that registers the webhook. Reaches the event source alone, never a container of a run. Needed
        /// where `event_source.url` is given.
        token: Option<Ref<Secret>> = none "`secret(\"<name>-github\", \"token\")`",
        /// Signs GitHub's deliveries, so that the event source takes no others.
        webhook_secret: Option<Ref<Secret>> = none "`secret(\"<name>-github\", \"webhook-secret\")`",
        /// Reads a private repository (contents: read is enough). Reaches the containers that clone it as `GITHUB_TOKEN`.
        clone_token: Option<Ref<Secret>> = none,
    }
}

/// What `github(…)` returns.
pub type Github = Item<Repository, GithubKeys>;

impl Keys for GithubKeys {
    const FUNCTION: &'static str = "github";

    fn defaults(&self, name: &str) -> Vec<(&'static str, Value)> {
        let branches = self.branches().into_iter();
        let branches: Vec<_> = branches.map(|branch| Spanned::new(Value::text(branch), self.branch.span)).collect();
        let branch = if branches.is_empty() { Value::Unit } else { Value::List(branches) };
        vec![("branch", branch), ("url", Value::text(repository_url(name)))]
    }
}

impl GithubKeys {
    /// The patterns of the branches whose pushes deliver.
    pub fn branches(&self) -> Vec<&str> {
        match &self.branch.node {
            Some(globs) => globs.iter().map(|glob| glob.as_str()).collect(),
            None if self.tags.is_empty() => vec!["main"],
            None => Vec::new(),
        }
    }
}

impl Github {
    /// What is cloned.
    pub fn clone_url(&self) -> String {
        match &self.url.node {
            Some(url) => url.as_str().to_owned(),
            None => repository_url(self.name.as_str()),
        }
    }
}

fn repository_url(name: &str) -> String {
    format!("https://github.com/{name}.git")
}
