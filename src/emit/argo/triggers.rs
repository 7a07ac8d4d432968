//! For which of GitHub's deliveries a Sensor starts a run, and which value of a delivery is the commit.
//!
//! Argo Events looks up a path in the delivery, as gjson does, and holds it against regular expressions that may match
//! anywhere, hence the anchors. All filters must hold, one value of each is enough, and a path that is not there holds
//! nothing.

use serde::Serialize;

use crate::model::{Event, Glob, Pipeline};
use crate::source::Spanned;

/// What a value of the event must be: one of `value`.
#[derive(Debug, Serialize)]
pub(in crate::emit) struct Filter {
    path: &'static str,
    r#type: &'static str,
    value: Vec<String>,
}

/// What a filter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The kind of the event. Argo Events copies the header into the body; among the headers it is an array.
    Kind,
    /// The branch or tag that was pushed, as `refs/…`.
    Ref,
    /// Whether a push deleted it.
    Deleted,
    /// What is there after a push.
    After,
    /// The commit that a tag names: `after` of an annotated one is the tag.
    Tagged,
    /// The repository that the delivery is of.
    Repository,
    /// All files that the commits of a push touch: lists of lists of texts, and nothing else.
    Files,
    /// What happened to a pull request.
    Action,
    /// The branch that a pull request is to be merged into.
    Base,
    /// The last commit of a pull request.
    Head,
    /// The repository that a pull request comes from. A fork has another name; one that was deleted has none.
    HeadRepository,
}

impl Subject {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Kind,
        Self::Ref,
        Self::Deleted,
        Self::After,
        Self::Tagged,
        Self::Repository,
        Self::Files,
        Self::Action,
        Self::Base,
        Self::Head,
        Self::HeadRepository,
    ];

    /// What these changes of a pull request are called, which bring a commit to look at.
    pub const ACTIONS: [&str; 3] = ["opened", "synchronize", "reopened"];

    /// Where a delivery has it.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Kind => "body.X-GitHub-Event",
            Self::Ref => "body.ref",
            Self::Deleted => "body.deleted",
            Self::After => "body.after",
            Self::Tagged => "body.head_commit.id",
            Self::Repository => "body.repository.full_name",
            Self::Files => "[body.commits.#.added,body.commits.#.modified,body.commits.#.removed]",
            Self::Action => "body.action",
            Self::Base => "body.pull_request.base.ref",
            Self::Head => "body.pull_request.head.sha",
            Self::HeadRepository => "body.pull_request.head.repo.full_name",
        }
    }
}

/// A commit, as git writes it. What is deleted has one of zeros, which another filter refuses.
const COMMIT: &str = "^[0-9a-f]{40}$";

/// Where a delivery has the commit that the run is for.
pub(super) const fn commit(event: Event) -> &'static str {
    match event {
        Event::Branch => Subject::After.path(),
        Event::Tag => Subject::Tagged.path(),
        Event::PullRequest => Subject::Head.path(),
    }
}

/// What must hold for a delivery to start a run.
pub(super) fn filters(pipeline: &Pipeline, event: Event) -> Vec<Filter> {
    let source = &pipeline.source;
    let repository = || vec![format!("^{}$", name(source.name.as_str()))];
    let branches = |prefix: &str| -> Vec<String> {
        source.branches().into_iter().map(|glob| format!("^{prefix}{}$", name(glob))).collect()
    };
    match event {
        Event::Branch => {
            let paths = (!source.paths.is_empty()).then(|| text(Subject::Files, paths(&source.paths)));
            pushed(branches("refs/heads/"), repository()).into_iter().chain(paths).collect()
        }
        Event::Tag => {
            let tags = source.tags.iter().map(|glob| format!("^refs/tags/{}$", name(glob.as_str())));
            let commit = text(Subject::Tagged, vec![COMMIT.to_owned()]);
            pushed(tags.collect(), repository()).into_iter().chain([commit]).collect()
        }
        Event::PullRequest => vec![
            github("pull_request"),
            text(Subject::Action, vec![format!("^({})$", Subject::ACTIONS.join("|"))]),
            text(Subject::Base, branches("")),
            text(Subject::Head, vec![COMMIT.to_owned()]),
            text(Subject::HeadRepository, repository()),
            text(Subject::Repository, repository()),
        ],
    }
}

/// A push of one of these refs that left something there.
fn pushed(refs: Vec<String>, repository: Vec<String>) -> Vec<Filter> {
    vec![
        github("push"),
        text(Subject::Ref, refs),
        Filter { path: Subject::Deleted.path(), r#type: "bool", value: vec!["false".to_owned()] },
        text(Subject::After, vec![COMMIT.to_owned()]),
        text(Subject::Repository, repository),
    ]
}

/// A delivery of that kind.
fn github(event: &str) -> Filter {
    text(Subject::Kind, vec![format!("^{event}$")])
}

fn text(subject: Subject, value: Vec<String>) -> Filter {
    Filter { path: subject.path(), r#type: "string", value }
}

/// A pattern of names as a regular expression: `*` is anything but `/`, `**` anything, `?` one character but `/`.
fn name(glob: &str) -> String {
    let mut out = String::with_capacity(glob.len());
    for part in parts(glob) {
        match part {
            Part::Any | Part::Folders => out.push_str(".*"),
            Part::Some => out.push_str("[^/]*"),
            Part::One => out.push_str("[^/]"),
            Part::Letter(letter) => quote(letter, &mut out),
        }
        if matches!(part, Part::Folders) {
            out.push('/');
        }
    }
    out
}

/// Patterns of files as regular expressions for [`Subject::Files`], which Argo Events gives as JSON, written by Go.
fn paths(globs: &[Spanned<Glob>]) -> Vec<String> {
    // Whole texts are passed over, so that what follows starts where a text starts.
    let before = r#"^(?:[^"]|"(?:[^"\\]|\\.)*")*""#;
    globs.iter().map(|glob| format!(r#"{before}{}".*$"#, path(glob.as_str()))).collect()
}

/// A pattern of files as a regular expression for a text in JSON. A character is written as itself or after a `\`.
fn path(glob: &str) -> String {
    const ONE: &str = r#"(?:[^/"\\]|\\u[0-9a-f]{4}|\\[^u])"#;
    const ANY: &str = r#"(?:[^"\\]|\\u[0-9a-f]{4}|\\[^u])*"#;
    let mut out = String::with_capacity(glob.len());
    let mut start = true;
    for part in parts(glob) {
        match part {
            // Between two slashes, or before the first one, also no folder at all.
            Part::Folders if start => out.extend(["(?:", ANY, "/)?"]),
            Part::Folders => out.extend([ANY, "/"]),
            Part::Any => out.push_str(ANY),
            Part::Some => out.extend([ONE, "*"]),
            Part::One => out.push_str(ONE),
            Part::Letter('"') => out.push_str(r#"\\""#),
            // Go escapes them for HTML.
            Part::Letter('&') => out.push_str(r"(?:&|\\u0026)"),
            Part::Letter('<') => out.push_str(r"(?:<|\\u003c)"),
            Part::Letter('>') => out.push_str(r"(?:>|\\u003e)"),
            Part::Letter(letter) => quote(letter, &mut out),
        }
        start = matches!(part, Part::Letter('/') | Part::Folders);
    }
    out
}

/// A part of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// `**`
    Any,
    /// `**/`
    Folders,
    /// `*`
    Some,
    /// `?`
    One,
    Letter(char),
}

fn parts(glob: &str) -> Vec<Part> {
    let mut found = Vec::with_capacity(glob.len());
    let mut rest = glob;
    while let Some(next) = rest.chars().next() {
        let stars = rest.len() - rest.trim_start_matches('*').len();
        rest = &rest[stars.max(next.len_utf8())..];
        found.push(match (stars, next) {
            (0, '?') => Part::One,
            (0, letter) => Part::Letter(letter),
            (1, _) => Part::Some,
            (_, _) => match rest.strip_prefix('/') {
                Some(after) => {
                    rest = after;
                    Part::Folders
                }
                None => Part::Any,
            },
        });
    }
    found
}

/// Adds a character that means itself.
fn quote(letter: char, out: &mut String) {
    if r".+*?()|[]{}^$\".contains(letter) {
        out.push('\\');
    }
    out.push(letter);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_what_they_say_and_names_match_themselves() {
        assert_eq!(name("main"), "main");
        assert_eq!(name("release/*"), "release/[^/]*");
        assert_eq!(name("**/v?.x"), r".*/v[^/]\.x");
        assert_eq!(name("a+b(c)|$d"), r"a\+b\(c\)\|\$d");
    }

    #[test]
    fn files_are_matched_as_json_writes_them() {
        let any = r#"(?:[^"\\]|\\u[0-9a-f]{4}|\\[^u])*"#;
        assert_eq!(path("api/**"), format!("api/{any}"));
        assert_eq!(path("**/a&b\".ts"), format!(r#"(?:{any}/)?a(?:&|\\u0026)b\\"\.ts"#));
        assert_eq!(path("a**/b"), format!("a{any}/b"));
    }
}
