//! A script's value after it left the interpreter, with the place of each of its parts.

use std::any::Any;
use std::sync::Arc;

use crate::source::{Span, Spanned};

/// A value, spans inside.
#[derive(Debug, Clone)]
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

    /// The same value without the places, for `pipeline.json` and for comparison. An object gives its keys.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match self {
            Self::Unit | Self::Broken(_) | Self::Function | Self::Other(_) => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Int(value) => Json::from(*value),
            Self::Float(value) => Json::from(*value),
            Self::Str(text) => Json::String(text.clone()),
            Self::List(items) => items.iter().map(|item| item.to_json()).collect(),
            Self::Map(entries) => {
                let given = entries.iter().filter(|(_, value)| !matches!(value.node, Self::Unit));
                Json::Object(given.map(|(key, value)| (key.node.clone(), value.to_json())).collect())
            }
            Self::Object(object) => object.to_json(),
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

    /// How it stands in `pipeline.json`.
    fn to_json(&self) -> serde_json::Value {
        let mut json = serde_json::Map::new();
        json.insert("kind".into(), self.kind().into());
        if let Some(name) = self.name() {
            json.insert("name".into(), name.node.into());
        }
        for (key, value) in self.keys() {
            // A stack stands by its name: a deep tree of dependencies would be written over and over.
            let value = if key == "stacks" || key == "depends_on" { names(&value) } else { value.to_json() };
            if !value.is_null() {
                json.insert(key.into(), value);
            }
        }
        json.into()
    }
}

fn names(list: &Value) -> serde_json::Value {
    let Value::List(items) = list else { return list.to_json() };
    let name = |item: &Spanned<Value>| match &item.node {
        Value::Object(object) => object.name().map_or(serde_json::Value::Null, |name| name.node.into()),
        other => other.to_json(),
    };
    items.iter().map(name).collect()
}

/// A handle to something declared; copies share it.
#[derive(Debug, Clone)]
pub struct Object(Arc<dyn Declared>);

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

    /// How it stands in `pipeline.json`.
    pub fn to_json(&self) -> serde_json::Value {
        self.0.to_json()
    }

    /// Whether both were declared with the same values; the places do not count.
    pub fn same(&self, other: &Self) -> bool {
        let (a, b): (*const (), *const ()) = (Arc::as_ptr(&self.0).cast(), Arc::as_ptr(&other.0).cast());
        a == b || (self.kind() == other.kind() && self.to_json() == other.to_json())
    }

    fn describe(&self) -> String {
        let kind = self.kind();
        let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        match self.name() {
            Some(name) => format!("the {kind} `{}`", name.node),
            None => format!("{article} {kind}"),
        }
    }
}
