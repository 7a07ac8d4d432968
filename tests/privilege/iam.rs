//! IAM's decision about a request, from the text of policies alone. Each answer has three values, since a condition may be
//! about something that the request does not tell: what is told as "perhaps" is neither proven nor excluded.

use serde_json::{Map, Value};

use crate::patterns::{arn, covers, meets};

/// What is wrong, in words.
pub(crate) type Result<T> = std::result::Result<T, String>;

/// Whether a statement holds for a request, and whether a request is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Answer {
    Never,
    Perhaps,
    Always,
}

impl Answer {
    fn of(always: bool, perhaps: bool) -> Self {
        match (always, perhaps) {
            (true, _) => Self::Always,
            (false, true) => Self::Perhaps,
            (false, false) => Self::Never,
        }
    }
}

/// What somebody wants to do. `*` and `?` in it ask about everything that they stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) action: String,
    pub(crate) resource: String,
    /// The keys of conditions that are known.
    pub(crate) given: Vec<(String, String)>,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Principal {
    Anyone,
    Aws(String),
    Service(String),
    Federated(String),
}

/// Patterns of actions or resources.
#[derive(Debug, Clone)]
pub(crate) struct List {
    pub(crate) patterns: Vec<String>,
    /// Whether it is everything else that is meant.
    pub(crate) is_not: bool,
}

impl List {
    fn answer(&self, takes: impl Fn(&str, fn(&str, &str) -> bool) -> bool) -> Answer {
        let any = |compare| self.patterns.iter().any(|pattern| takes(pattern, compare));
        match (any(covers), any(meets)) {
            (always, perhaps) if !self.is_not => Answer::of(always, perhaps),
            (always, perhaps) => Answer::of(!perhaps, !always),
        }
    }
}

#[derive(Debug, Clone)]
enum Operator {
    StringEquals,
    StringLike,
    Bool,
}

/// One key of a condition.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    operator: Operator,
    pub(crate) key: String,
    pub(crate) values: Vec<String>,
}

impl Condition {
    fn answer(&self, given: &[(String, String)]) -> Answer {
        let found = given.iter().find(|(key, _)| key.eq_ignore_ascii_case(&self.key));
        let Some((_, is)) = found else { return Answer::Perhaps };
        let takes = |value: &String| match self.operator {
            Operator::StringEquals => value == is,
            Operator::StringLike => covers(value, is),
            Operator::Bool => value.eq_ignore_ascii_case(is),
        };
        Answer::of(self.values.iter().any(takes), false)
    }
}

/// A statement of a policy.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    /// Where it stands.
    pub(crate) place: String,
    pub(crate) sid: Option<String>,
    pub(crate) allows: bool,
    /// Who it is about, where the policy belongs to a resource.
    pub(crate) principals: Vec<Principal>,
    pub(crate) actions: List,
    /// On what; of a trust policy, the role itself.
    pub(crate) resources: List,
    pub(crate) conditions: Vec<Condition>,
}

impl Statement {
    /// Whether it is about this action on this resource, whatever its conditions.
    pub(crate) fn touches(&self, action: &str, resource: &str) -> Answer {
        // IAM does not tell the cases of an action apart.
        let action = action.to_ascii_lowercase();
        let actions = self.actions.answer(|pattern, compare| compare(&pattern.to_ascii_lowercase(), &action));
        if actions == Answer::Never {
            return actions;
        }
        actions.min(self.resources.answer(|pattern, compare| arn(pattern, resource, compare)))
    }

    /// Whether it holds for `request`.
    pub(crate) fn answer(&self, request: &Request) -> Answer {
        let touches = self.touches(&request.action, &request.resource);
        if touches == Answer::Never {
            return touches;
        }
        self.conditions.iter().map(|condition| condition.answer(&request.given)).fold(touches, Answer::min)
    }

    /// Whether it is about `who`. An account stands for every role in it that may ask.
    pub(crate) fn is_about(&self, who: &Principal) -> Answer {
        let is = |one: &Principal| match (one, who) {
            (Principal::Anyone, _) => Answer::Always,
            (Principal::Aws(account), Principal::Aws(role)) if account != role => {
                let of = |arn: &str| arn.split(':').nth(4).unwrap_or(arn).to_owned();
                let whole = account.ends_with(":root") || !account.contains(':');
                Answer::of(false, whole && of(account) == of(role))
            }
            (one, who) => Answer::of(one == who, false),
        };
        self.principals.iter().map(is).max().unwrap_or(Answer::Never)
    }
}

/// IAM's decision: what is denied is denied, and what nothing allows too.
pub(crate) fn decide<'a>(statements: impl IntoIterator<Item = (&'a Statement, Answer)>) -> Answer {
    let (mut allow, mut deny) = (Answer::Never, Answer::Never);
    for (statement, answer) in statements {
        let side = if statement.allows { &mut allow } else { &mut deny };
        *side = answer.max(*side);
    }
    match deny {
        Answer::Always => Answer::Never,
        Answer::Perhaps => allow.min(Answer::Perhaps),
        Answer::Never => allow,
    }
}

/// What kind of policy a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    Identity,
    Resource,
    Trust,
}

/// The statements of a policy. Whatever the test has no meaning for is an error: it could be a grant.
pub(crate) fn statements(place: &str, document: &Value, policy: Policy) -> Result<Vec<Statement>> {
    let document = map(place, document)?;
    known(place, document, &["Version", "Statement"])?;
    if document.get("Version").and_then(Value::as_str) != Some("2012-10-17") {
        return Err(format!("{place}: its version is not 2012-10-17"));
    }
    let list = document.get("Statement").and_then(Value::as_array);
    let list = list.ok_or_else(|| format!("{place}: its statements are no list"))?;
    let numbered = list.iter().enumerate().map(|(at, one)| {
        let name = one["Sid"].as_str().map_or_else(|| format!("statement {}", at + 1), str::to_owned);
        statement(format!("{place}: {name}"), one, policy)
    });
    numbered.collect()
}

fn statement(place: String, value: &Value, policy: Policy) -> Result<Statement> {
    let said = map(&place, value)?;
    let keys = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "Condition"];
    known(&place, said, &keys)?;
    let allows = match said.get("Effect").and_then(Value::as_str) {
        Some("Allow") => true,
        Some("Deny") => false,
        other => return Err(format!("{place}: the effect {other:?}")),
    };
    let principals = match (policy, said.get("Principal")) {
        (Policy::Identity, None) => Vec::new(),
        (Policy::Resource | Policy::Trust, Some(who)) => principals(&place, who)?,
        _ => return Err(format!("{place}: a principal where none belongs, or none where one does")),
    };
    let resources = match policy {
        Policy::Identity | Policy::Resource => list(&place, said, "Resource", "NotResource")?,
        Policy::Trust if said.contains_key("Resource") || said.contains_key("NotResource") => {
            return Err(format!("{place}: a resource in a trust policy"));
        }
        Policy::Trust => List { patterns: vec!["*".to_owned()], is_not: false },
    };
    if let Some(odd) = resources.patterns.iter().find(|one| *one != "*" && one.splitn(6, ':').count() < 6) {
        return Err(format!("{place}: `{odd}` is no ARN"));
    }
    let actions = list(&place, said, "Action", "NotAction")?;
    let conditions = said.get("Condition").map_or_else(|| Ok(Vec::new()), |value| conditions(&place, value))?;
    let sid = said.get("Sid").and_then(Value::as_str).map(str::to_owned);
    Ok(Statement { place, sid, allows, principals, actions, resources, conditions })
}

fn list(place: &str, said: &Map<String, Value>, key: &str, not: &str) -> Result<List> {
    match (said.get(key), said.get(not)) {
        (Some(value), None) => Ok(List { patterns: texts(place, value)?, is_not: false }),
        (None, Some(value)) => Ok(List { patterns: texts(place, value)?, is_not: true }),
        _ => Err(format!("{place}: neither `{key}` nor `{not}`, or both")),
    }
}

fn principals(place: &str, value: &Value) -> Result<Vec<Principal>> {
    if value == "*" {
        return Ok(vec![Principal::Anyone]);
    }
    let mut found = Vec::new();
    for (kind, who) in map(place, value)? {
        for one in texts(place, who)? {
            found.push(match kind.as_str() {
                "AWS" if one == "*" => Principal::Anyone,
                _ if one.contains(['*', '?']) => return Err(format!("{place}: the principal `{one}`")),
                "AWS" => Principal::Aws(one),
                "Service" => Principal::Service(one),
                "Federated" => Principal::Federated(one),
                _ => return Err(format!("{place}: a principal of the kind `{kind}`")),
            });
        }
    }
    Ok(found)
}

fn conditions(place: &str, value: &Value) -> Result<Vec<Condition>> {
    let mut found = Vec::new();
    for (operator, keys) in map(place, value)? {
        let operator = match operator.as_str() {
            "StringEquals" => Operator::StringEquals,
            "StringLike" => Operator::StringLike,
            "Bool" => Operator::Bool,
            _ => return Err(format!("{place}: what the condition `{operator}` means is not known here")),
        };
        for (key, values) in map(place, keys)? {
            found.push(Condition { operator: operator.clone(), key: key.clone(), values: texts(place, values)? });
        }
    }
    Ok(found)
}

/// A text or texts. A variable of IAM's in one would stand for what only the request knows.
fn texts(place: &str, value: &Value) -> Result<Vec<String>> {
    let one = |value: &Value| match value.as_str() {
        Some(text) if !text.contains("${") => Ok(text.to_owned()),
        _ => Err(format!("{place}: {value} is no plain text")),
    };
    match value {
        Value::Array(items) => items.iter().map(one).collect(),
        _ => Ok(vec![one(value)?]),
    }
}

/// `value` as a map.
pub(crate) fn map<'a>(place: &str, value: &'a Value) -> Result<&'a Map<String, Value>> {
    value.as_object().ok_or_else(|| format!("{place}: {value} is no map"))
}

/// That a map has no key beside `keys`.
pub(crate) fn known(place: &str, map: &Map<String, Value>, keys: &[&str]) -> Result<()> {
    match map.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(odd) => Err(format!("{place}: what `{odd}` means is not known here")),
        None => Ok(()),
    }
}
