//! What a git repository says of itself: the remote and the branch. Its files are read; git is not run.

use crate::model::{Glob, Repository};
use crate::schema::Text;
use crate::source::Host;

/// What is known of the repository.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Git {
    /// `owner/name` on GitHub.
    pub repository: Option<String>,
    /// What is cloned, where GitHub is not github.com.
    pub url: Option<String>,
    /// The branch that the remote calls its default.
    pub default_branch: Option<String>,
    /// The branch that is checked out.
    pub current_branch: Option<String>,
}

/// The services that are not GitHub, by the end of their host's name.
const OTHERS: &[&str] =
    &["gitlab.com", "bitbucket.org", "codeberg.org", "sr.ht", "dev.azure.com", "visualstudio.com", "amazonaws.com"];

impl Git {
    /// What the git folder says: `own` is the folder of the checkout, `common` the one that all checkouts share.
    pub fn look(own: &dyn Host, common: &dyn Host) -> Self {
        let text = |host: &dyn Host, path: &str| String::from_utf8(host.read(path).ok()?).ok();
        let remote = text(common, "config").and_then(|config| remote(&config)).and_then(|url| address(&url));
        let branch = |text: Option<String>, prefix: &str| {
            let name = text?.trim().strip_prefix("ref: ")?.trim().strip_prefix(prefix)?.to_owned();
            let plain = !name.contains(['*', '?']) && Glob::parse(&name).is_ok();
            plain.then_some(name)
        };
        let (repository, url) = remote.unzip();
        Self {
            repository,
            url: url.flatten(),
            default_branch: branch(text(common, "refs/remotes/origin/HEAD"), "refs/remotes/origin/"),
            current_branch: branch(text(own, "HEAD"), "refs/heads/"),
        }
    }
}

/// The address of the remote `origin` in a git configuration, or of the only remote.
fn remote(config: &str) -> Option<String> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut section = None;
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            let name = line.strip_prefix("[remote \"").and_then(|rest| rest.split_once("\"]"));
            section = name.map(|(name, _)| name.to_owned());
        } else if let (Some(name), Some((key, value))) = (&section, line.split_once('='))
            && key.trim().eq_ignore_ascii_case("url")
        {
            found.push((name.clone(), value.trim().trim_matches('"').to_owned()));
        }
    }
    let origin = found.iter().position(|(name, _)| name == "origin");
    let only = (found.len() == 1).then_some(0);
    origin.or(only).map(|index| found.swap_remove(index).1)
}

/// The repository that a remote's address names, and what is cloned where that is not github.com. A user or token in
/// the address is left behind.
fn address(remote: &str) -> Option<(String, Option<String>)> {
    let (host, path) = match remote.split_once("://") {
        Some(("https" | "http" | "ssh" | "git" | "git+ssh", rest)) => rest.split_once('/')?,
        Some(_) => return None,
        // As scp writes it; a letter and a colon is a drive.
        None => remote.split_once(':').filter(|(host, _)| host.len() > 1 && !host.contains(['/', '\\']))?,
    };
    let is_web = remote.starts_with("http");
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host).to_ascii_lowercase();
    // A port of ssh is none of the web's.
    let host = if is_web { host } else { host.split(':').next().unwrap_or_default().to_owned() };
    let path = path.trim_matches('/');
    let path = path.strip_suffix(".git").unwrap_or(path);
    Repository::parse(path).ok()?;
    let is_other = |end: &&str| host == **end || host.ends_with(&format!(".{end}"));
    if OTHERS.iter().any(is_other) {
        return None;
    }
    if ["github.com", "www.github.com", "ssh.github.com"].contains(&host.split(':').next().unwrap_or_default()) {
        return Some((path.to_owned(), None));
    }
    // A name of the user's own ssh configuration, which no container has: `git@github-work:my-org/my-app.git`.
    if !is_web && !host.contains('.') {
        return host.starts_with("github").then(|| (path.to_owned(), None));
    }
    let url = format!("https://{host}/{path}.git");
    crate::model::Url::parse(&url).ok().map(|_| (path.to_owned(), Some(url)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryHost;

    #[test]
    fn an_address_names_its_repository_in_every_form() {
        let plain = [
            "https://github.com/my-org/my-app.git",
            "https://user:token@github.com/my-org/my-app",
            "git@github.com:my-org/my-app.git",
            "ssh://git@github.com/my-org/my-app.git",
            "ssh://git@ssh.github.com:443/my-org/my-app.git",
            "git://github.com/my-org/my-app/",
            "git@github-work:my-org/my-app.git",
        ];
        for remote in plain {
            assert_eq!(address(remote), Some(("my-org/my-app".into(), None)), "{remote}");
        }
        let own = |url: &str| Some(("a/b".to_owned(), Some(url.to_owned())));
        assert_eq!(address("git@git.example.com:a/b.git"), own("https://git.example.com/a/b.git"));
        assert_eq!(address("ssh://git@git.example.com:7999/a/b.git"), own("https://git.example.com/a/b.git"));
        assert_eq!(address("https://git.example.com:8443/a/b"), own("https://git.example.com:8443/a/b.git"));
        for none in [
            "/srv/a/b.git",
            "C:/a/b",
            "../b",
            "file:///a/b",
            "https://gitlab.com/a/b",
            "https://x/a/b/c",
            "work:a/b",
            "",
        ] {
            assert_eq!(address(none), None, "{none}");
        }
        assert_eq!(address("git@git.exa\u{1b}mple.com:a/b.git"), None);
    }

    #[test]
    fn origin_counts_or_else_the_only_remote() {
        let section = |name: &str, url: &str| format!("[remote \"{name}\"]\n\turl = {url}\n\tfetch = +refs/x\n");
        let two = [section("fork", "f"), section("origin", "o")].concat();
        assert_eq!(remote(&two).as_deref(), Some("o"));
        assert_eq!(remote(&section("upstream", "u")).as_deref(), Some("u"));
        assert_eq!(remote(&[section("a", "1"), section("b", "2")].concat()), None);
        assert_eq!(remote("[core]\n\turl = x\n"), None);
    }

    #[test]
    fn branches_come_from_references() {
        let host = MemoryHost::new().with("refs/remotes/origin/HEAD", "ref: refs/remotes/origin/trunk\n");
        let host = host.with("HEAD", "ref: refs/heads/feature/x\n");
        let found = Git::look(&host, &host);
        assert_eq!(found.default_branch.as_deref(), Some("trunk"));
        assert_eq!(found.current_branch.as_deref(), Some("feature/x"));
        let detached = MemoryHost::new().with("HEAD", "0123456789\n").with("config", "[remote \"origin\"]\nurl=\n");
        assert_eq!(Git::look(&detached, &detached), Git::default());
    }
}
