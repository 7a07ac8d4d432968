//! A script's value after it left the interpreter, with the place of each of its parts.

use std::any::Any;
use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::source::{Span, Spanned};

/// A value, spans inside.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value {
    /// `()`: not given.
    Unit,
    /// A bool.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// A text.
    Str(String),
    /// An array.
    List(Vec<Spanned<Value>>),
    /// A map; its keys are different from each other.
    Map(Vec<(Spanned<String>, Spanned<Value>)>),
    /// What a function of the language returned.
    Object(Object),
    /// What a function of the language would have returned, had it not reported a problem. Nothing is said about it again.
    Broken(Option<String>),
    /// A function.
    Function,
    /// A value of the interpreter's that no key takes, in words: "a range".
    Other(String),
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Str(text.into())
    }

    /// An array of values that nobody wrote.
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(items.into_iter().map(|item| Spanned::new(item, Span::NOWHERE)).collect())
    }

    /// A map of values that nobody wrote. Of two equal keys the first one counts.
    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        let nowhere = |value| Spanned::new(value, Span::NOWHERE);
        let entries = entries.into_iter();
        Self::Map(entries.map(|(key, value)| (Spanned::new(key.into(), Span::NOWHERE), nowhere(value))).collect())
    }

    /// The same, where what has no place yet is at `site`.
    pub(crate) fn placed(self, site: Span) -> Self {
        let spanned = |value: Spanned<Self>| Spanned::new(value.node.placed(site), value.span.or(site));
        match self {
            Self::List(items) => Self::List(items.into_iter().map(spanned).collect()),
            Self::Map(entries) => Self::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| {
                        let span = key.span.or(site);
                        (Spanned::new(key.node, span), spanned(value))
                    })
                    .collect(),
            ),
            other => other,
        }
    }

    /// The value in words: "the integer 12", "an array".
    pub fn describe(&self) -> String {
        match self {
            Self::Unit => "`()`".into(),
            Self::Bool(value) => format!("`{value}`"),
            Self::Int(value) => format!("the integer {value}"),
            Self::Float(value) => format!("the number {value}"),
            Self::Str(text) if text.chars().count() <= 40 => format!("the text {text:?}"),
            Self::Str(_) => "a text".into(),
            Self::List(_) => "an array".into(),
            Self::Map(_) => "a map".into(),
            Self::Object(object) => object.describe(),
            Self::Broken(_) => "a value with a problem".into(),
            Self::Function => "a function".into(),
            Self::Other(words) => words.clone(),
        }
    }

    /// The same value without the places, for comparison. An object gives its keys.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("a value has texts for keys")
    }

    /// Whether it says nothing.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Unit | Self::Broken(_) | Self::Function | Self::Other(_))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::list(items.into_iter().map(Into::into))
    }
}

/// As it stands in `pipeline.json`: without the places, an object by its keys.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unit | Self::Broken(_) | Self::Function | Self::Other(_) => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Str(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items.iter().map(|item| &item.node)),
            Self::Map(entries) => {
                let given = entries.iter().filter(|(_, value)| !matches!(value.node, Self::Unit));
                serializer.collect_map(given.map(|(key, value)| (&key.node, &value.node)))
            }
            Self::Object(object) => Keys::of(object.declared()).serialize(serializer),
        }
    }
}

/// Something that a function of the language declared.
pub trait Declared: Any + std::fmt::Debug + Send + Sync {
    /// What it is, as the script reads it in `kind`: `"environment"`.
    fn kind(&self) -> &'static str;

    /// What it is called, where it has a name.
    fn name(&self) -> Option<Spanned<String>>;

    /// The name in the call that declared it.
    fn site(&self) -> Span;

    /// Its keys with their values, defaults filled in, `()` where there is none; without `kind` and `name`.
    fn keys(&self) -> Vec<(&'static str, Spanned<Value>)>;
}

/// Something declared as it stands in `pipeline.json`: what it is, its name, its keys that say something.
pub struct Keys<'a> {
    declared: &'a dyn Declared,
    instead: Vec<(&'static str, Value)>,
}

impl<'a> Keys<'a> {
    /// Those of `declared`.
    pub fn of(declared: &'a dyn Declared) -> Self {
        Self { declared, instead: Vec::new() }
    }

    /// The same, with another value for a key, which comes last where the key itself says nothing.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: Value) -> Self {
        self.instead.push((key, value));
        self
    }
}

impl Serialize for Keys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", self.declared.kind())?;
        if let Some(name) = self.declared.name() {
            map.serialize_entry("name", &name.node)?;
        }
        let keys: Vec<_> = self.declared.keys().into_iter().filter(|(_, value)| !value.is_nothing()).collect();
        for (key, value) in &keys {
            match (self.instead.iter().find(|(other, _)| other == key), &value.node) {
                (Some((_, other)), _) => map.serialize_entry(key, other)?,
                // A stack stands by its name: a deep tree of dependencies would be written over and over.
                (None, Value::List(items)) if *key == "stacks" || *key == "depends_on" => {
                    map.serialize_entry(key, &Names(items))?;
                }
                (None, value) => map.serialize_entry(key, value)?,
            }
        }
        for (key, value) in self.instead.iter().filter(|(key, _)| keys.iter().all(|(other, _)| other != key)) {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// Objects by their names.
struct Names<'a>(&'a [Spanned<Value>]);

impl Serialize for Names<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|item| match &item.node {
            Value::Object(object) => object.name().map_or(Value::Unit, |name| Value::Str(name.node)),
            other => other.clone(),
        }))
    }
}

/// A handle to something declared; copies share it. It is written as it stands in `pipeline.json`.
#[derive(Debug, Clone)]
pub struct Object(Arc<dyn Declared>);

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Keys::of(self.declared()).serialize(serializer)
    }
}

impl Object {
    /// A handle to `declared`.
    pub fn new<T: Declared>(declared: Arc<T>) -> Self {
        Self(declared)
    }

    /// What is declared, where it is a `T`.
    pub fn downcast<T: Declared>(&self) -> Option<Arc<T>> {
        let any: Arc<dyn Any + Send + Sync> = self.0.clone();
        any.downcast().ok()
    }

    /// What is declared.
    pub fn declared(&self) -> &dyn Declared {
        &*self.0
    }

    /// What it is, as the script reads it in `kind`.
    pub fn kind(&self) -> &'static str {
        self.0.kind()
    }

    /// What it is called, where it has a name.
    pub fn name(&self) -> Option<Spanned<String>> {
        self.0.name()
    }

    /// Whether both were declared with the same values; the places do not count.
    pub fn same(&self, other: &Self) -> bool {
        let json = |object: &Self| Value::Object(object.clone()).to_json();
        let (a, b): (*const (), *const ()) = (Arc::as_ptr(&self.0).cast(), Arc::as_ptr(&other.0).cast());
        a == b || (self.kind() == other.kind() && json(self) == json(other))
    }

    fn describe(&self) -> String {
        let kind = self.kind();
        match self.name() {
            Some(name) => format!("the {kind} `{}`", name.node),
            None => with_article(kind),
        }
    }
}

/// A word of the language with its article: "an approval".
pub fn with_article(word: &str) -> String {
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}
