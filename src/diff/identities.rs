//! Who is who: each ServiceAccount of a pipeline by what it is for, whatever it is called.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::snapshot::Side;

/// What the subject of a ServiceAccount's token begins with.
const SUBJECT: &str = "system:serviceaccount:";

/// A ServiceAccount: namespace and name.
pub(super) type Account = (String, String);

/// The identities of one side.
#[derive(Debug)]
pub(super) struct Identities {
    by_account: BTreeMap<Account, String>,
    /// Of each role, by its logical id.
    by_role: BTreeMap<String, String>,
}

impl Identities {
    /// Those of `side`: from the roles that ServiceAccounts may become, and from what the events run as.
    pub(super) fn of(side: &Side) -> Self {
        let mut found = Self { by_account: BTreeMap::new(), by_role: BTreeMap::new() };
        for (kind, purpose) in [("Sensor", "sensor"), ("EventSource", "event-source")] {
            for object in side.kind(kind) {
                let account = object["spec"]["template"]["serviceAccountName"].as_str().unwrap_or("default");
                found.by_account.insert((namespace(object), account.to_owned()), purpose.to_owned());
            }
        }
        for (id, resource) in side.resources().filter(|(_, resource)| resource["Type"] == "AWS::IAM::Role") {
            found.role(&side.name, id, resource);
        }
        found
    }

    fn role(&mut self, pipeline: &str, id: &str, resource: &Value) {
        let account = trusted(&resource["Properties"]["AssumeRolePolicyDocument"]);
        let own = account.as_ref().map_or(id, |(_, name)| bare(pipeline, name));
        let purpose = match id {
            "ExecutorRole" => "executor",
            "BuilderRole" => "builder",
            "UpdaterRole" => "updater",
            _ => own,
        };
        self.by_role.insert(id.to_owned(), purpose.to_owned());
        let purpose = purpose.to_owned();
        if let Some(account) = account {
            self.by_account.insert(account, purpose);
        }
    }

    /// What a ServiceAccount is for.
    pub(super) fn account(&self, pipeline: &str, account: &Account) -> String {
        self.by_account.get(account).cloned().unwrap_or_else(|| bare(pipeline, &account.1).to_owned())
    }

    /// What the role of that logical id is for.
    pub(super) fn role_purpose(&self, id: &str) -> String {
        self.by_role.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }
}

/// The ServiceAccount that an identity of a run has by the model: `namespace/name`.
pub(super) fn own_account(side: &Side, purpose: &str) -> String {
    let names = &side.model["names"];
    let named = match purpose {
        "executor" => names["executor_service_account"].as_str(),
        "builder" => names["builder_service_account"].as_str(),
        _ => None,
    };
    let name = named.map_or_else(|| format!("{}-{purpose}", side.name), str::to_owned);
    format!("{}/{name}", side.model["argo"]["namespace"].as_str().unwrap_or_default())
}

/// The namespace of an object.
pub(super) fn namespace(object: &Value) -> String {
    object["metadata"]["namespace"].as_str().unwrap_or_default().to_owned()
}

/// A name of the pipeline's without the pipeline's.
fn bare<'a>(pipeline: &str, name: &'a str) -> &'a str {
    name.strip_prefix(pipeline).and_then(|rest| rest.strip_prefix('-')).filter(|rest| !rest.is_empty()).unwrap_or(name)
}

/// The document of a trust policy. One that CloudFormation fills in is a text with variables: what they stand for is a part
/// of what it says.
pub(super) fn trust_document(policy: &Value) -> Value {
    let nothing = Value::Null;
    let (text, variables) = match &policy["Fn::Sub"] {
        Value::Array(parts) => (parts.first().and_then(Value::as_str), parts.get(1).unwrap_or(&nothing)),
        text => (text.as_str(), &nothing),
    };
    match text.map(serde_json::from_str::<Value>) {
        Some(Ok(document)) => filled(&document, variables),
        _ => policy.clone(),
    }
}

fn filled(value: &Value, variables: &Value) -> Value {
    let fill = |text: &str| {
        let all = variables.as_object().into_iter().flatten();
        all.fold(text.to_owned(), |text, (name, value)| text.replace(&format!("${{{name}}}"), &super::iam::text(value)))
    };
    match value {
        Value::String(text) => match fill(text) {
            text if text.contains("${") => json!({ "Fn::Sub": text }),
            text => Value::String(text),
        },
        Value::Array(items) => items.iter().map(|item| filled(item, variables)).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (fill(key), filled(value, variables))).collect(),
        other => other.clone(),
    }
}

/// The ServiceAccount that a trust policy names first.
fn trusted(policy: &Value) -> Option<Account> {
    let document = trust_document(policy);
    super::iam::many(&document["Statement"]).find_map(|statement| account_of(&statement["Condition"]))
}

/// The ServiceAccount that a condition asks for: by the subject of its token, or by the tags of EKS Pod Identity.
fn account_of(condition: &Value) -> Option<Account> {
    let equals = condition["StringEquals"].as_object()?;
    let text =
        |ending: &str| equals.iter().find(|(key, _)| key.ends_with(ending)).and_then(|(_, value)| value.as_str());
    if let Some((namespace, name)) = text(":sub").and_then(|sub| sub.strip_prefix(SUBJECT)?.split_once(':')) {
        return Some((namespace.to_owned(), name.to_owned()));
    }
    let namespace = text("/kubernetes-namespace")?.to_owned();
    Some((namespace, text("/kubernetes-service-account")?.to_owned()))
}

/// Who does something by an identity, in words.
pub(super) fn doers(purpose: &str) -> String {
    let own = |prefix: &str| purpose.strip_prefix(prefix).filter(|name| !name.is_empty());
    match purpose {
        "executor" => "deployments".to_owned(),
        "builder" => "build, tests and steps".to_owned(),
        "updater" => "self-update".to_owned(),
        "pull-request" => "pull requests and notifications".to_owned(),
        "sensor" => "the sensor, which starts runs,".to_owned(),
        "event-source" => "the event source, which takes webhooks,".to_owned(),
        _ => match (own("test-"), own("step-")) {
            (Some(environment), _) => format!("tests of {environment}"),
            (_, Some(step)) => format!("step {step}"),
            _ => format!("`{purpose}`"),
        },
    }
}

/// How much an identity of a run may do by what it is for; what is not known counts as the most.
pub(super) fn power(purpose: &str) -> usize {
    match purpose {
        "pull-request" => 0,
        "builder" => 2,
        _ if purpose.starts_with("test-") || purpose.starts_with("step-") => 1,
        _ => 3,
    }
}
