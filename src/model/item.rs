//! What the functions of the language return: a name, keys, and the place of the call.

use std::sync::Arc;

use crate::schema::{Config, Declared, FromConfig, Kind, Object, Reader, Text, Value};
use crate::source::{Span, Spanned};

/// The keys of something declared, and what the language calls it.
pub trait Keys: Config {
    /// The function that declares it, which is also its `kind`.
    const FUNCTION: &'static str;

    /// What holds for keys that are not given, where that depends on the name or on other keys.
    fn defaults(&self, _name: &str) -> Vec<(&'static str, Value)> {
        Vec::new()
    }
}

/// `entries` with `defaults` for those that have no value, at `site`.
pub(super) fn filled(
    mut entries: Vec<(&'static str, Spanned<Value>)>,
    defaults: Vec<(&'static str, Value)>,
    site: Span,
) -> Vec<(&'static str, Spanned<Value>)> {
    for (key, default) in defaults {
        let open = entries.iter_mut().find(|(name, value)| *name == key && matches!(value.node, Value::Unit));
        if let Some((_, value)) = open {
            *value = Spanned::new(default, site);
        }
    }
    entries
}

/// An array of one text.
pub(super) fn one(text: &str, site: Span) -> Value {
    Value::List(vec![Spanned::new(Value::text(text), site)])
}

/// Something with a name and keys, declared by one call.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Item<N, K> {
    /// What it is called.
    pub name: Spanned<N>,
    /// The name of the function in the call.
    pub site: Span,
    /// Its keys.
    pub keys: K,
}

impl<N, K> std::ops::Deref for Item<N, K> {
    type Target = K;

    fn deref(&self) -> &K {
        &self.keys
    }
}

impl<N: Text + std::fmt::Debug + Send + Sync + 'static, K: Keys> Declared for Item<N, K> {
    fn kind(&self) -> &'static str {
        K::FUNCTION
    }

    fn name(&self) -> Option<Spanned<String>> {
        Some(Spanned::new(self.name.as_str().to_owned(), self.name.span))
    }

    fn site(&self) -> Span {
        self.site
    }

    fn keys(&self) -> Vec<(&'static str, Spanned<Value>)> {
        filled(self.keys.entries(), self.keys.defaults(self.name.as_str()), self.site)
    }
}

/// A type that one function of the language returns.
pub trait Returned: Declared {
    /// The function's name.
    const FUNCTION: &'static str;
}

impl<N: Text + std::fmt::Debug + Send + Sync + 'static, K: Keys> Returned for Item<N, K> {
    const FUNCTION: &'static str = K::FUNCTION;
}

/// A key's value that is what a function returned.
#[derive(Debug, Clone)]
pub struct Ref<T>(pub Arc<T>);

impl<T> std::ops::Deref for Ref<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Returned> FromConfig for Ref<T> {
    const KIND: Kind = Kind::Object(T::FUNCTION);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        match &value.node {
            Value::Object(object) => match object.downcast() {
                Some(found) => Some(Self(found)),
                None => reader.bad_type(value, &Self::KIND),
            },
            _ => reader.bad_type(value, &Self::KIND),
        }
    }

    fn to_config(&self, _: Span) -> Value {
        Value::Object(Object::new(self.0.clone()))
    }
}

/// One, or an array of them.
#[derive(Debug, Clone)]
pub struct OneOrMany<T>(pub Vec<Spanned<T>>);

impl<T> std::ops::Deref for OneOrMany<T> {
    type Target = [Spanned<T>];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T: FromConfig> FromConfig for OneOrMany<T> {
    const KIND: Kind = Kind::Either(&[T::KIND, Kind::List(&T::KIND, true)]);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        match value.node {
            Value::List(_) => Vec::from_config(value, reader).map(Self),
            _ => T::from_config(value, reader).map(|one| Self(vec![Spanned::new(one, value.span)])),
        }
    }

    fn to_config(&self, span: Span) -> Value {
        self.0.to_config(span)
    }
}
