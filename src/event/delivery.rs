//! A payload becomes a delivery: GitHub's body alone, one that GitHub's API shows, or one that an EventSource passed on.

use serde_json::{Map, Value, json};

use super::Error;
use super::filter::Work;

/// The header that names the event, and its copy in the body.
const EVENT: &str = "X-GitHub-Event";

/// The keys by which the body of an event is known, the narrower ones first.
const SHAPES: &[(&str, &[&str])] = &[
    ("ping", &["zen", "hook_id"]),
    ("push", &["ref", "before", "after", "commits"]),
    ("pull_request_review", &["action", "pull_request", "review"]),
    ("pull_request_review_comment", &["action", "pull_request", "comment"]),
    ("pull_request_review_thread", &["action", "pull_request", "thread"]),
    ("pull_request", &["action", "number", "pull_request"]),
    ("create", &["ref", "ref_type", "master_branch"]),
    ("delete", &["ref", "ref_type"]),
    ("issue_comment", &["action", "issue", "comment"]),
    ("issues", &["action", "issue"]),
    ("release", &["action", "release"]),
    ("check_run", &["action", "check_run"]),
    ("check_suite", &["action", "check_suite"]),
    ("workflow_job", &["action", "workflow_job"]),
    ("workflow_run", &["action", "workflow_run"]),
    ("status", &["sha", "state", "context"]),
];

/// A delivery of GitHub's.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// What happened, as the header `X-GitHub-Event` says it.
    pub event: String,
    /// How that is known.
    pub how: How,
    /// What Argo Events makes of it: headers and body, the event's name copied into the body.
    pub(super) data: Value,
    /// How many bytes GitHub sent at least, where that is not behind it yet.
    pub(super) sent: Option<usize>,
    /// How much may still be matched.
    pub(super) work: Work,
}

/// How the event of a delivery is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It was given.
    Given,
    /// The delivery says so.
    Said,
    /// The body has the keys of such an event.
    Shape,
}

impl Delivery {
    /// Reads a payload. `event`: what it is, where the payload itself does not say.
    ///
    /// # Errors
    /// [`Error::Payload`] where it is no JSON object, its event is not known, or it says another one.
    pub fn read(payload: &[u8], event: Option<&str>) -> Result<Self, Error> {
        let payload = payload.strip_prefix(b"\xef\xbb\xbf").unwrap_or(payload);
        let value = serde_json::from_slice(payload).map_err(|error| bad(&format!("it is not JSON: {error}")))?;
        let Value::Object(map) = value else { return Err(bad("it is no JSON object, which every delivery is")) };
        let Parts { body, headers, forwarded } = Parts::of(map)?;
        let said = said(&body, &headers);
        let (event, how) = match (event, said) {
            (Some(given), Some(said)) if given != said => {
                return Err(bad(&format!("it says that its event is `{said}`, and not `{given}`")));
            }
            (_, Some(said)) => (said, How::Said),
            (Some(given), None) => (given.to_owned(), How::Given),
            (None, None) => (by_shape(&body).ok_or_else(unknown)?.to_owned(), How::Shape),
        };
        let sent = (!forwarded).then(|| length(&body));
        Ok(Self { data: passed_on(body, &event), event, how, sent, work: Work::new() })
    }

    /// The text at a path of keys in the body, where there is one.
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        self.value(path)?.as_str()
    }

    /// The value at a path of keys in the body.
    pub fn value(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(&self.data["body"], |value, key| value.get(key))
    }

    /// The repository that it is of: `owner/name`.
    pub fn repository(&self) -> Option<&str> {
        self.text(&["repository", "full_name"])
    }
}

/// What a payload is made of.
struct Parts {
    body: Map<String, Value>,
    headers: Map<String, Value>,
    /// Whether an EventSource took it already.
    forwarded: bool,
}

impl Parts {
    /// None of GitHub's bodies has `headers` beside `body`, or a `request` with a `payload`.
    fn of(mut map: Map<String, Value>) -> Result<Self, Error> {
        if map.contains_key("headers") && map.contains_key("body") {
            let (body, headers) = (map.remove("body"), map.remove("headers"));
            return Self::new(body, headers, true);
        }
        if let Some(request) = map.get_mut("request").and_then(Value::as_object_mut)
            && request.contains_key("payload")
        {
            let (body, headers) = (request.remove("payload"), request.remove("headers"));
            return Self::new(body, headers, false);
        }
        Ok(Self { body: map, headers: Map::new(), forwarded: false })
    }

    fn new(body: Option<Value>, headers: Option<Value>, forwarded: bool) -> Result<Self, Error> {
        let Some(Value::Object(body)) = body else {
            return Err(bad("its body is no JSON object; the webhook's content type must be `application/json`"));
        };
        let headers = if let Some(Value::Object(headers)) = headers { headers } else { Map::new() };
        Ok(Self { body, headers, forwarded })
    }
}

/// The event that a delivery names: in its headers, each a text or an array of texts, or in the body.
fn said(body: &Map<String, Value>, headers: &Map<String, Value>) -> Option<String> {
    let header = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(EVENT)).map(|(_, value)| value);
    let header = header.map(|value| value.get(0).unwrap_or(value));
    header.or_else(|| body.get(EVENT)).and_then(Value::as_str).map(str::to_owned)
}

fn by_shape(body: &Map<String, Value>) -> Option<&'static str> {
    let has = |keys: &&[&str]| keys.iter().all(|key| body.contains_key(*key));
    SHAPES.iter().find(|(_, keys)| has(keys)).map(|(event, _)| *event)
}

/// What Argo Events passes on. Among the headers a value is an array.
fn passed_on(mut body: Map<String, Value>, event: &str) -> Value {
    body.insert(EVENT.to_owned(), Value::String(event.to_owned()));
    json!({ "headers": { "X-Github-Event": [event] }, "body": body })
}

/// How many bytes a body has without spaces between its parts.
fn length(body: &Map<String, Value>) -> usize {
    struct Count(usize);
    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    serde_json::to_writer(&mut count, body).expect("a counter takes everything");
    count.0
}

fn bad(words: &str) -> Error {
    Error::Payload(words.to_owned())
}

fn unknown() -> Error {
    bad("its keys do not tell which event it is; name it by `--event`, as its header `X-GitHub-Event` does")
}
