//! Kubernetes' decision about a request of a ServiceAccount, from the text of Roles and their bindings alone.

use serde_json::Value;

use crate::iam::{Answer, Result, known, map};
use crate::patterns::{covers, meets};

/// What somebody wants to do. `*` asks about everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) verb: String,
    pub(crate) group: String,
    pub(crate) resource: String,
    pub(crate) namespace: String,
    /// None: an object that is not there yet, whose name Kubernetes does not look at.
    pub(crate) name: Option<String>,
}

/// A namespace and a name in it.
pub(crate) type Named = (String, String);

/// A rule of a Role, with those that it is bound to.
#[derive(Debug, Clone)]
pub(crate) struct Grant {
    /// Where it stands.
    pub(crate) place: String,
    pub(crate) namespace: String,
    pub(crate) groups: Vec<String>,
    pub(crate) resources: Vec<String>,
    /// The names of the objects that it is about; none: of all.
    pub(crate) names: Vec<String>,
    pub(crate) verbs: Vec<String>,
    pub(crate) subjects: Vec<Named>,
}

impl Grant {
    /// Whether it is about this request, whoever asks.
    pub(crate) fn answer(&self, request: &Request) -> Answer {
        let named = match &request.name {
            _ if self.names.is_empty() => Answer::Always,
            Some(name) => any(&self.names, name),
            None => Answer::Never,
        };
        let rest = [
            any(&self.verbs, &request.verb),
            any(&self.groups, &request.group),
            any(&self.resources, &request.resource),
            any(std::slice::from_ref(&self.namespace), &request.namespace),
        ];
        rest.into_iter().fold(named, Answer::min)
    }

    /// Whether it lets `who` do it.
    pub(crate) fn allows(&self, who: &Named, request: &Request) -> Answer {
        if self.subjects.contains(who) { self.answer(request) } else { Answer::Never }
    }
}

fn any(patterns: &[String], asked: &str) -> Answer {
    if patterns.iter().any(|pattern| covers(pattern, asked)) {
        return Answer::Always;
    }
    if patterns.iter().any(|pattern| meets(pattern, asked)) { Answer::Perhaps } else { Answer::Never }
}

/// Every rule that is bound. Whatever the test has no meaning for is an error: it could be a grant.
pub(crate) fn grants(objects: &[Value]) -> Result<Vec<Grant>> {
    let of = |kind: &'static str| objects.iter().filter(move |object| object["kind"] == kind);
    let mut grants = Vec::new();
    for binding in of("RoleBinding") {
        let place = text(&binding["metadata"]["name"])?;
        known(&place, map(&place, binding)?, &["apiVersion", "kind", "metadata", "roleRef", "subjects"])?;
        let namespace = text(&binding["metadata"]["namespace"])?;
        let (kind, name) = (&binding["roleRef"]["kind"], &binding["roleRef"]["name"]);
        let is_meant = |role: &&Value| {
            kind == "Role" && role["metadata"]["name"] == *name && role["metadata"]["namespace"] == namespace.as_str()
        };
        let role =
            of("Role").find(is_meant).ok_or_else(|| format!("{place}: what {kind} {name} may do is not known here"))?;
        let subjects: Vec<Named> = list(&binding["subjects"], subject)?;
        for (at, rule) in role["rules"].as_array().into_iter().flatten().enumerate() {
            let place = format!("Role {place}, rule {}", at + 1);
            known(&place, map(&place, rule)?, &["apiGroups", "resources", "resourceNames", "verbs"])?;
            grants.push(Grant {
                namespace: namespace.clone(),
                groups: list(&rule["apiGroups"], text)?,
                resources: list(&rule["resources"], text)?,
                names: list(&rule["resourceNames"], text)?,
                verbs: list(&rule["verbs"], text)?,
                subjects: subjects.clone(),
                place,
            });
        }
    }
    for role in of("Role") {
        let name = text(&role["metadata"]["name"])?;
        if !of("RoleBinding").any(|binding| binding["roleRef"]["name"] == name.as_str()) {
            return Err(format!("the Role {name} is bound to nobody"));
        }
    }
    Ok(grants)
}

/// A group of ServiceAccounts or a user would be more than this test asks about.
fn subject(value: &Value) -> Result<Named> {
    match value["kind"].as_str() {
        Some("ServiceAccount") => Ok((text(&value["namespace"])?, text(&value["name"])?)),
        _ => Err(format!("the subject {value} is no ServiceAccount")),
    }
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> Result<T>) -> Result<Vec<T>> {
    value.as_array().into_iter().flatten().map(read).collect()
}

/// A text.
pub(crate) fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("{value} is no text"))
}
