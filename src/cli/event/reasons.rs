//! Why a delivery starts no run, in the words of the language.

use serde_json::Value;

use crate::emit::Subject;
use crate::event::{Delivery, Judgement, Look, Refusal};
use crate::model::{Event, Pipeline};
use crate::source::Span;

use super::words::{named, one_of, quoted};

/// The most files of a push that are shown.
const FILES: usize = 5;

/// A reason, and where in the script it comes from.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reason {
    /// The key of `github(…)` that decides, if one does.
    pub(super) key: Option<&'static str>,
    /// What was found and what is wanted.
    pub(super) words: String,
    /// The value of that key; the call where it is not given.
    pub(super) span: Option<Span>,
}

impl Reason {
    fn new(words: impl Into<String>) -> Self {
        Self { key: None, words: words.into(), span: None }
    }

    fn at(self, key: &'static str, span: Span) -> Self {
        Self { key: Some(key), span: Some(span), ..self }
    }
}

/// Why a delivery does not come to the Sensors.
pub(super) fn of_refusal(refusal: &Refusal, pipeline: &Pipeline) -> Reason {
    match refusal {
        Refusal::NotAsked { events } => {
            let events = one_of(events.iter().map(String::as_str), "and");
            Reason::new(format!("GitHub does not send it: the webhook asks for {events} alone"))
        }
        Refusal::Ping => Reason::new("GitHub sends a ping once, when a webhook is made; it starts nothing"),
        Refusal::OtherRepository { found, repositories } => {
            let own = one_of(repositories.iter().map(String::as_str), "and");
            let words = format!("the webhook is of {own}, and the delivery of {}", quoted(found));
            Reason { span: Some(pipeline.source.name.span), ..Reason::new(words) }
        }
        Refusal::TooLarge { bytes, most } => {
            Reason::new(format!("the EventSource takes at most {most} bytes, and the delivery has {bytes} or more"))
        }
    }
}

/// Why a Sensor starts nothing: a reason for each filter that says no. Where it is for something else altogether, that
/// alone: what the other filters look for is not there.
pub(super) fn of_sensor(judgement: &Judgement, event: Event, pipeline: &Pipeline, delivery: &Delivery) -> Vec<Reason> {
    let about = About { event, pipeline, delivery };
    let refusing = judgement.filters.iter().filter(|look| !look.holds);
    let found: Vec<(Option<Subject>, &Look)> = refusing.map(|look| (subject(look), look)).collect();
    let decides = |(subject, look): &&(Option<Subject>, &Look)| match subject {
        Some(Subject::Kind | Subject::Deleted) => look.found.is_some(),
        Some(Subject::Ref) => look.found.as_deref().is_some_and(|found| !found.starts_with(about.prefix())),
        _ => false,
    };
    let all = found.iter().find(decides).map_or(&found[..], std::slice::from_ref);
    let mut reasons: Vec<Reason> = all.iter().map(|(subject, look)| about.reason(*subject, look)).collect();
    reasons.dedup();
    reasons
}

fn subject(look: &Look) -> Option<Subject> {
    Subject::ALL.into_iter().find(|subject| subject.path() == look.path)
}

/// What a reason is about.
#[derive(Clone, Copy)]
struct About<'a> {
    event: Event,
    pipeline: &'a Pipeline,
    delivery: &'a Delivery,
}

impl About<'_> {
    fn reason(self, subject: Option<Subject>, look: &Look) -> Reason {
        let source = &self.pipeline.source;
        let Some(found) = look.found.as_deref() else { return missing(subject, look) };
        match subject {
            Some(Subject::Kind) => Reason::new(format!("it is for {}, and this is {}", self.kind(), quoted(found))),
            Some(Subject::Ref) => self.reference(found),
            Some(Subject::Deleted) => Reason::new("it was deleted, and a deletion never delivers"),
            Some(Subject::After | Subject::Tagged | Subject::Head) => {
                Reason::new(format!("{} is no commit: 40 hexadecimal digits are one", quoted(found)))
            }
            Some(Subject::HeadRepository) if !found.eq_ignore_ascii_case(source.name.as_str()) => Reason::new(format!(
                "it comes from the fork {}, and pull requests of forks run nothing here",
                quoted(found)
            )),
            Some(Subject::Repository | Subject::HeadRepository) => {
                Reason { span: Some(source.name.span), ..Reason::new(repository(found, source.name.as_str())) }
            }
            Some(Subject::Files) => self.files(),
            Some(Subject::Action) => Reason::new(format!(
                "{} brings no commit to look at; {} do",
                quoted(found),
                one_of(Subject::ACTIONS, "and")
            )),
            Some(Subject::Base) => {
                let wanted = one_of(source.branches(), "or");
                let words = format!("it is to be merged into {}, and not into {wanted}", quoted(found));
                Reason::new(words).at("branch", source.branch.span)
            }
            None => {
                let wanted = one_of(look.wanted.iter().map(String::as_str), "or");
                Reason::new(format!("{} is {}, and not {wanted}", quoted(&look.path), quoted(found)))
            }
        }
    }

    /// What the Sensor is for.
    fn kind(self) -> &'static str {
        match self.event {
            Event::Branch => "pushes of branches",
            Event::Tag => "pushes of tags",
            Event::PullRequest => "pull requests",
        }
    }

    /// What a ref starts with where it is of that kind.
    fn prefix(self) -> &'static str {
        match self.event {
            Event::Branch | Event::PullRequest => "refs/heads/",
            Event::Tag => "refs/tags/",
        }
    }

    fn reference(self, found: &str) -> Reason {
        if !found.starts_with(self.prefix()) {
            return Reason::new(format!("it is for {}, and this is {}", self.kind(), named(found)));
        }
        let source = &self.pipeline.source;
        let (key, span, wanted) = match self.event {
            Event::Branch | Event::PullRequest => ("branch", source.branch.span, source.branches()),
            Event::Tag => ("tags", source.tags.span, source.tags.iter().map(|tag| tag.as_str()).collect()),
        };
        let wanted = one_of(wanted, "or");
        Reason::new(format!("{} was pushed, and not {wanted}", named(found))).at(key, span)
    }

    fn files(self) -> Reason {
        let source = &self.pipeline.source;
        let wanted = one_of(source.paths.iter().map(|path| path.as_str()), "or");
        let files = files(self.delivery);
        let words = if files.is_empty() {
            format!("the push lists no files, so that none is of {wanted}")
        } else {
            let more = files.len().saturating_sub(FILES);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let shown = files.iter().take(FILES).map(|file| quoted(file)).collect::<Vec<_>>().join(", ");
            format!("the push touches {shown}{more}, and nothing of {wanted}")
        };
        Reason::new(words).at("paths", source.paths.span)
    }
}

/// Of what the delivery does not have.
fn missing(subject: Option<Subject>, look: &Look) -> Reason {
    match subject {
        Some(Subject::HeadRepository) => Reason::new("the repository that it comes from is gone"),
        _ => Reason::new(format!("the payload has no {}", quoted(&look.path))),
    }
}

/// The files that the commits of a push touch, each once.
fn files(delivery: &Delivery) -> Vec<&str> {
    let commits = delivery.value(&["commits"]).and_then(Value::as_array).into_iter().flatten();
    let lists = commits.flat_map(|commit| ["added", "modified", "removed"].map(|key| &commit[key]));
    let files = lists.filter_map(Value::as_array).flatten().filter_map(Value::as_str);
    files.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}

fn repository(found: &str, wanted: &str) -> String {
    let same = found.eq_ignore_ascii_case(wanted);
    let (found, wanted) = (quoted(found), quoted(wanted));
    if same {
        return format!("GitHub spells the repository {found}, and the script {wanted}: upper and lower case count");
    }
    format!("the delivery is of {found}, and not of {wanted}")
}
