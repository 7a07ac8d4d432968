//! Names and values that Kubernetes and Argo take, each with its limit.

use super::words::longest;
use crate::schema::{FromConfig, Kind, Reader, Value, text};
use crate::source::{Span, Spanned};

text! {
    /// The name of an object in Kubernetes: lower-case letters, digits, hyphens and dots, each part between dots starting
    /// and ending with a letter or digit, at most 63 characters (a DNS-1123 subdomain may have 253; Argo uses names as
    /// values of labels).
    pub struct ObjectName
        matches r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$" at most 63
        = "a Kubernetes name", "Kubernetes names", |text| object_name(text, 63);
}

text! {
    /// The name of an EventSource: lower-case letters, digits and hyphens, starting and ending with a letter or digit, at
    /// most 47 characters, since Argo Events adds `-eventsource-svc` for a Service's name.
    pub struct EventSourceName
        matches r"^[a-z0-9]([a-z0-9-]{0,45}[a-z0-9])?$"
        = "the name of an EventSource", "names of EventSources", |text| {
        if text.contains('.') {
            return Err("the name of an EventSource has no dots: a Service is named after it".into());
        }
        object_name(text, 47)
    };
}

text! {
    /// What the names of workflows start with: lower-case letters, digits and hyphens, ending with a hyphen. The API server
    /// appends five characters to it, and the whole is the value of a label, so at most 58.
    pub struct WorkflowPrefix
        matches r"^[a-z0-9]([a-z0-9-]{0,55}[a-z0-9])?-$"
        = "the start of a workflow's name", "starts of workflows' names", |text| {
        match text.strip_suffix('-') {
            Some(name) if !name.contains('.') => {
                object_name(name, 57).map_err(|what| what.replace("a Kubernetes name", "the start of a workflow's name"))
            }
            Some(_) => Err("the start of a workflow's name has no dots".into()),
            None => Err("the start of a workflow's name ends with `-`".into()),
        }
    };
}

text! {
    /// The name of an EKS cluster: letters, digits, `-` and `_`, starting with a letter or digit, at most 100.
    pub struct ClusterName
        matches r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$"
        = "a cluster name", "cluster names", |text| {
        if let Some(wrong) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || "_-".contains(*c))) {
            return Err(format!("a cluster name has letters, digits, `-` and `_`, this one has {wrong:?}"));
        }
        if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err("a cluster name starts with a letter or digit".into());
        }
        longest(text, 100, "a cluster name")
    };
}

text! {
    /// The key of a label: an optional DNS prefix and `/`, then at most 63 letters, digits, `-`, `_` and `.`.
    pub struct LabelKey
        matches r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$" at most 317
        = "the key of a label", "keys of labels", qualified;
}

text! {
    /// The key of an annotation: an optional DNS prefix and `/`, then at most 63 letters, digits, `-`, `_` and `.`.
    pub struct AnnotationKey
        matches r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$" at most 317
        = "the key of an annotation", "keys of annotations", qualified;
}

text! {
    /// The value of a label: at most 63 letters, digits, `-`, `_` and `.`, starting and ending with a letter or digit; or
    /// nothing.
    pub struct LabelValue
        matches r"^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$"
        = "the value of a label", "values of labels", |text| {
        if text.is_empty() { Ok(()) } else { label(text, "the value of a label") }
    };
}

/// A TCP port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Port(u16);

impl Port {
    /// The number.
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl FromConfig for Port {
    const KIND: Kind = Kind::Int(1, 65_535);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        match value.node {
            Value::Int(number) => match u16::try_from(number) {
                Ok(port) if port > 0 => Some(Self(port)),
                _ => reader.bad_value(value.span, format!("a port is a number from 1 to 65535, not {number}")),
            },
            _ => reader.bad_type(value, &Self::KIND),
        }
    }

    fn to_config(&self, _: Span) -> Value {
        Value::Int(self.0.into())
    }
}

fn object_name(text: &str, limit: usize) -> Result<(), String> {
    if text.is_empty() {
        return longest(text, limit, "a Kubernetes name");
    }
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
    if let Some(wrong) = text.chars().find(|c| !allowed(*c)) {
        return Err(format!("a Kubernetes name has lower-case letters, digits, `-` and `.`, this one has {wrong:?}"));
    }
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if !text.split('.').all(|part| part.starts_with(edge) && part.ends_with(edge)) {
        return Err("each part of a Kubernetes name starts and ends with a letter or digit".into());
    }
    longest(text, limit, "a Kubernetes name")
}

fn qualified(text: &str) -> Result<(), String> {
    let (prefix, name) = text.split_once('/').map_or((None, text), |(prefix, name)| (Some(prefix), name));
    if let Some(prefix) = prefix {
        object_name(prefix, 253).map_err(|_| format!("`{prefix}` is not a DNS name, which stands before the `/`"))?;
    }
    label(name, "the key of a label or annotation")
}

fn label(text: &str, what: &str) -> Result<(), String> {
    if let Some(wrong) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || "-_.".contains(*c))) {
        return Err(format!("{what} has letters, digits, `-`, `_` and `.`, this one has {wrong:?}"));
    }
    let edge = |c: char| c.is_ascii_alphanumeric();
    if !(text.starts_with(edge) && text.ends_with(edge)) {
        return Err(format!("{what} starts and ends with a letter or digit"));
    }
    longest(text, 63, what)
}
