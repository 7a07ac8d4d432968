//! IAM statements of the user's own.

use super::words::longest;
use crate::diagnostic::did_you_mean;
use crate::schema::{Form, FromConfig, Kind, NonEmpty, Reader, Value, choices, config, text};
use crate::source::{Span, Spanned};

text! {
    /// An IAM action: a service, `:` and an action, with `*` and `?` where they are meant (`"s3:GetObject"`, `"s3:Get*"`),
    /// or `"*"`. Whether IAM has it is not checked.
    pub struct Action
        matches r"^(\*|[A-Za-z0-9*?-]+:[A-Za-z0-9*?-]+)$"
        = "an IAM action", "IAM actions", |text| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-*?".contains(c);
        let named = |part: &str| !part.is_empty() && part.chars().all(allowed);
        match text.split_once(':') {
            Some((service, action)) if named(service) && named(action) => Ok(()),
            _ if text == "*" => Ok(()),
            _ => Err("an IAM action looks like `s3:GetObject`".into()),
        }
    };
}

text! {
    /// The resource of an IAM statement: an ARN, with `*` and `?` where they are meant, or `"*"`. At most 2,048 characters
    /// without spaces.
    pub struct PermissionResource
        matches r"^(\*|arn(:[^\x00-\x1F\x7F-\x9F\s:]*){5,})$" at most 2_048
        = "an ARN or `*`", "ARNs", |text| {
        if text != "*" && (!text.starts_with("arn:") || text.split(':').count() < 6) {
            return Err("a resource is an ARN like `arn:aws:s3:::bucket/*`, or `\"*\"`".into());
        }
        if let Some(wrong) = text.chars().find(|c| c.is_control() || c.is_whitespace()) {
            return Err(format!("an ARN has no {wrong:?}"));
        }
        longest(text, 2_048, "an ARN")
    };
}

choices! {
    /// Whether a statement allows or denies.
    pub enum Effect {
        /// What it names may be done.
        Allow = "Allow",
        /// What it names may not be done, whatever else allows it.
        Deny = "Deny",
    }
}

text! {
    /// An operator of an IAM condition: `StringEquals`, `ArnLike`, `Bool` and their like, `IfExists` at the end where the key
    /// need not be there, and `ForAllValues:` or `ForAnyValue:` before it for keys of several values.
    pub struct ConditionOperator
        matches r"^(ForAllValues:|ForAnyValue:)?(Null|(String(Not)?(Equals(IgnoreCase)?|Like)|(Numeric|Date)((Not)?Equals|(Less|Greater)Than(Equals)?)|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?)$"
        = "an operator of IAM", "operators of IAM", |text| {
        let plain = text.strip_prefix("ForAllValues:").or(text.strip_prefix("ForAnyValue:")).unwrap_or(text);
        let plain = plain.strip_suffix("IfExists").filter(|plain| *plain != "Null").unwrap_or(plain);
        if OPERATORS.contains(&plain) {
            return Ok(());
        }
        let near = did_you_mean(plain, OPERATORS.iter().copied());
        let near = near.map_or_else(|| "`StringEquals` and `ArnLike` are two".to_owned(), |near| format!("`{near}` is one"));
        Err(format!("IAM has no such operator; {near}"))
    };
}

/// What IAM compares by.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>
const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "DateEquals",
    "DateNotEquals",
    "DateLessThan",
    "DateLessThanEquals",
    "DateGreaterThan",
    "DateGreaterThanEquals",
    "Bool",
    "BinaryEquals",
    "IpAddress",
    "NotIpAddress",
    "ArnEquals",
    "ArnLike",
    "ArnNotEquals",
    "ArnNotLike",
    "Null",
];

const OPERATOR: Kind = ConditionOperator::KIND;
const KEYS: Kind = Kind::Table(&Kind::Text(&Form::any("a condition key", "condition keys")), &WANTED);
const WANTED: Kind = Kind::Either(&[TEXT, Kind::List(&TEXT, true)]);
const TEXT: Kind = Kind::Text(&Form::any("a text", "texts"));

/// The conditions of an IAM statement: operator, then key, then a text or texts.
#[derive(Debug, Clone)]
pub struct Conditions(serde_json::Value);

impl Conditions {
    /// As IAM takes them.
    pub const fn json(&self) -> &serde_json::Value {
        &self.0
    }
}

impl FromConfig for Conditions {
    const KIND: Kind = Kind::Table(&OPERATOR, &KEYS);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::Map(operators) = &value.node else { return reader.bad_type(value, &Self::KIND) };
        let mut sound = true;
        for (operator, keys) in operators {
            let operator = Spanned::new(Value::text(&operator.node), operator.span);
            sound &= reader.text::<ConditionOperator>(&operator).is_some();
            let Value::Map(keys) = &keys.node else {
                sound = reader.bad_type(keys, &Kind::Table(&TEXT, &TEXT)).unwrap_or(false);
                continue;
            };
            for (_, wanted) in keys {
                let texts = match &wanted.node {
                    Value::List(items) => items.iter().collect(),
                    _ => vec![wanted],
                };
                for text in texts {
                    if !matches!(text.node, Value::Str(_)) {
                        sound = reader.bad_type(text, &TEXT).unwrap_or(false);
                    }
                }
            }
        }
        sound.then(|| Self(value.to_json()))
    }

    fn to_config(&self, span: Span) -> Value {
        from_json(&self.0, span)
    }
}

config! {
    /// An IAM statement of a role's policy.
    pub struct Statement = "permissions" {
        /// What may be done, as IAM names it: `["s3:GetObject"]`.
        actions: NonEmpty<Action>,
        /// On what, as ARNs. A `"*"` alone is a warning (`broad-permission`).
        resources: NonEmpty<PermissionResource>,
        /// Whether the statement allows or denies.
        effect: Effect = "Allow",
        /// When it holds, as IAM writes it: `#{ StringEquals: #{ "aws:ResourceTag/team": "a" } }`.
        conditions: Option<Conditions> = none,
    }
}

fn from_json(json: &serde_json::Value, span: Span) -> Value {
    match json {
        serde_json::Value::String(text) => Value::text(text),
        serde_json::Value::Array(items) => {
            Value::List(items.iter().map(|item| Spanned::new(from_json(item, span), span)).collect())
        }
        serde_json::Value::Object(map) => Value::Map(
            map.iter()
                .map(|(key, value)| (Spanned::new(key.clone(), span), Spanned::new(from_json(value, span), span)))
                .collect(),
        ),
        _ => Value::Unit,
    }
}
