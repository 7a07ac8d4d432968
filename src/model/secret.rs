//! `secret`: a reference to a Kubernetes Secret's key, never a value.

use super::item::Returned;
use super::kubernetes::ObjectName;
use crate::schema::{Declared, Value, text};
use crate::source::{Span, Spanned};

text! {
    /// A key of a Secret: letters, digits, `-`, `_` and `.`, at most 253.
    pub struct SecretKey
        matches r"^[A-Za-z0-9_.-]{1,253}$"
        = "a Secret's key", "Secrets' keys", |text| {
        if let Some(wrong) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || "-_.".contains(*c))) {
            return Err(format!("a Secret's key has letters, digits, `-`, `_` and `.`, this one has {wrong:?}"));
        }
        super::words::longest(text, 253, "a Secret's key")
    };
}

/// What `secret(…)` returns: a key of a Secret in the namespace where it is used.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Secret {
    /// The Secret.
    pub name: Spanned<ObjectName>,
    /// The key in it.
    pub key: Spanned<SecretKey>,
    /// The name of the function in the call.
    pub site: Span,
}

impl Declared for Secret {
    fn kind(&self) -> &'static str {
        Self::FUNCTION
    }

    fn name(&self) -> Option<Spanned<String>> {
        Some(self.name.clone().map(|name| name.as_str().to_owned()))
    }

    fn site(&self) -> Span {
        self.site
    }

    fn keys(&self) -> Vec<(&'static str, Spanned<Value>)> {
        vec![("key", self.key.clone().map(|key| Value::text(key.as_str())))]
    }
}

impl Returned for Secret {
    const FUNCTION: &'static str = "secret";
}
