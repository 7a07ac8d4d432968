//! The table, read and asked.

use crate::case::Case;
use crate::iam::{self, Answer};
use crate::identities::{Ask, Identity, Rights};
use crate::rbac;

/// The whole table.
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
    /// A job, and the kinds of identity that it may run as.
    pub(crate) jobs: Vec<(String, Vec<String>)>,
    /// Actions and resources that may be wide.
    pub(crate) wide: Vec<(String, String)>,
}

/// One row.
pub(crate) struct Row {
    pub(crate) line: usize,
    /// What must be true of a pipeline for the row to hold.
    section: String,
    who: Vec<String>,
    pub(crate) may: bool,
    actions: Vec<String>,
    resource: String,
    given: Vec<(String, String)>,
}

/// A row that is asked of one identity.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) line: usize,
    /// The identity, by its place in [`Rights::identities`].
    pub(crate) who: usize,
    pub(crate) may: bool,
    pub(crate) ask: Ask,
}

impl Question {
    /// Whether the answer is the one that the table wants.
    pub(crate) fn holds(&self, rights: &Rights) -> bool {
        let answer = rights.decide(&rights.identities[self.who], &self.ask, rights);
        answer == if self.may { Answer::Always } else { Answer::Never }
    }

    /// The same in words.
    pub(crate) fn words(&self, rights: &Rights) -> String {
        let (name, says) = (&rights.identities[self.who].account.1, if self.may { "cannot" } else { "can, or might," });
        let what = match &self.ask {
            Ask::Aws(request) => format!("{} on {} {:?}", request.action, request.resource, request.given),
            Ask::Cluster(request) => format!("{request:?}"),
        };
        format!("line {}: {name} {says} do {what}", self.line)
    }
}

impl Table {
    pub(crate) fn read(text: &str) -> Self {
        let mut table = Self { rows: Vec::new(), jobs: Vec::new(), wide: Vec::new() };
        let mut section = String::new();
        for (at, line) in text.lines().enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let own = |word: &str| word.to_owned();
            match (section.as_str(), &words[..]) {
                (_, []) => {}
                (_, [first, ..]) if first.starts_with('#') => {}
                (_, [first, ..]) if first.starts_with('[') => section = line.trim_matches(['[', ']']).into(),
                ("jobs", [job, who @ ..]) => table.jobs.push((own(job), who.iter().copied().map(own).collect())),
                ("wide", [action, resource]) => table.wide.push((own(action), own(resource))),
                (_, [who, says, actions, resource, given @ ..]) => table.rows.push(Row {
                    line: at + 1,
                    section: section.clone(),
                    who: who.split(',').map(own).collect(),
                    may: ["never", "may"].iter().position(|word| word == says).unwrap_or_else(|| panic!("{line}")) == 1,
                    actions: actions.split(',').map(own).collect(),
                    resource: own(resource),
                    given: given
                        .iter()
                        .map(|pair| pair.split_once('=').unwrap())
                        .map(|(a, b)| (own(a), own(b)))
                        .collect(),
                }),
                _ => panic!("no row: {line}"),
            }
        }
        table
    }

    /// Whether any row is about an identity of this kind.
    pub(crate) fn knows(&self, kind: &str) -> bool {
        self.rows.iter().any(|row| row.who.iter().any(|who| who == kind))
    }

    /// Whether a job may run as an identity of this kind.
    pub(crate) fn runs(&self, job: &str, kind: &str) -> bool {
        let found = self.jobs.iter().find(|(name, _)| name == job);
        found.is_some_and(|(_, who)| who.iter().any(|who| is(who, kind)))
    }

    /// Every question of every row that is about `case`.
    pub(crate) fn questions(&self, case: &Case, identities: &[Identity]) -> Vec<Question> {
        let rows = self.rows.iter().filter(|row| row.section.split(' ').all(|word| holds(word, &row.section, case)));
        let mut found = Vec::new();
        for row in rows {
            let asks = row.asks(case);
            let who = |one: &&(usize, &Identity)| row.who.iter().any(|who| is(who, &one.1.kind));
            for (at, _) in identities.iter().enumerate().collect::<Vec<_>>().iter().filter(who) {
                let question = |ask: &Ask| Question { line: row.line, who: *at, may: row.may, ask: ask.clone() };
                found.extend(asks.iter().map(question));
            }
        }
        found
    }
}

/// Whether a word of the table's first column means an identity of this kind.
fn is(who: &str, kind: &str) -> bool {
    who == kind || who == "anyone" || who == "own" && (kind.starts_with("test-") || kind.starts_with("step-"))
}

/// Whether a word at a section's head is true of `case`.
fn holds(word: &str, section: &str, case: &Case) -> bool {
    let source = &case.model["source"];
    let some = |key: &str| source[key].as_array().is_some_and(|list| !list.is_empty());
    match word {
        "always" => true,
        "irsa" | "pod_identity" => case.text("identity.kind") == word,
        "self_update" => case.model["self_update"] == true,
        "large" => case.is_large,
        "small" => !case.is_large,
        "pull_requests" => source["pull_requests"] == true,
        "branches" => some("branch"),
        "tags" => some("tags"),
        "rollback" => case.environments().iter().any(|one| one.get("rollback").is_some_and(|it| !it.is_null())),
        "in" => section == format!("in {}", case.place),
        _ if section.starts_with("in ") => true,
        _ => panic!("no section: {section}"),
    }
}

impl Row {
    fn asks(&self, case: &Case) -> Vec<Ask> {
        let mut resources: Vec<String> = Vec::new();
        for environment in case.environments() {
            let filled = fill(&self.resource, case, environment["account"].as_str(), environment["region"].as_str());
            if !resources.contains(&filled) {
                resources.push(filled);
            }
        }
        let kube = self.actions[0].starts_with("kube:");
        let actions = self.actions.iter().map(|action| action.trim_start_matches("kube:"));
        let pairs = actions.flat_map(|action| resources.iter().map(move |resource| (action, resource)));
        pairs
            .map(|(action, resource)| if kube { cluster(action, resource) } else { self.aws(action, resource) })
            .collect()
    }

    fn aws(&self, action: &str, resource: &str) -> Ask {
        let mut given = self.given.clone();
        if !given.iter().any(|(key, _)| key == "aws:SecureTransport") {
            given.push(("aws:SecureTransport".to_owned(), "true".to_owned()));
        }
        Ask::Aws(iam::Request { action: action.to_owned(), resource: resource.to_owned(), given })
    }
}

fn cluster(verb: &str, resource: &str) -> Ask {
    let (namespace, rest) = resource.split_once('/').unwrap();
    let (kind, name) = rest.split_once('/').map_or((rest, None), |(kind, name)| (kind, Some(name.to_owned())));
    let (resource, group) = kind.split_once('.').unwrap();
    let own = |text: &str| text.to_owned();
    Ask::Cluster(rbac::Request {
        verb: own(verb),
        group: own(group),
        resource: own(resource),
        namespace: own(namespace),
        name,
    })
}

/// `text` with what stands between braces filled from the model.
fn fill(text: &str, case: &Case, account: Option<&str>, region: Option<&str>) -> String {
    let mut parts = text.split('{');
    let mut filled = parts.next().unwrap().replacen("arn:aws:", &format!("arn:{}:", case.partition()), 1);
    for part in parts {
        let (key, rest) = part.split_once('}').unwrap();
        let value = match key {
            "target.account" => account.unwrap(),
            "target.region" => region.unwrap(),
            key => case.text(key),
        };
        filled.push_str(value);
        filled.push_str(rest);
    }
    filled
}
