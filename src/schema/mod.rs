//! What a declaration is: records, their keys and the kinds of value that a key takes, as plain data.
//!
//! A record is declared once, with `config!`. The declaration gives the struct, the reading
//! with its problems, and the data that the reference, completion and the schema are printed from.

pub mod config;
mod convert;
mod form;
mod read;
mod value;

pub(crate) use config::{choices, config, text};
pub use convert::{NonEmpty, Table};
pub use form::Form;
pub use read::{Config, Fields, FromConfig, Reader, Text};
pub use value::{Declared, Keys, Object, Value, with_article};

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Spanned;

/// A record: a map with known keys.
#[derive(Debug)]
pub struct Record {
    /// What the language calls it: `environment`, `tests`.
    pub name: &'static str,
    /// What it means.
    pub doc: &'static str,
    /// The key that a value which is no map stands for: `tests: ["npm test"]` means `tests: #{ commands: ["npm test"] }`.
    pub shorthand: Option<&'static str>,
    /// Its keys, in the order in which the reference lists them.
    pub fields: &'static [Field],
}

impl Record {
    /// The key of that name.
    pub fn field(&self, key: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The problem that `key` is, where the record has no such key.
    pub fn unknown_key(&self, key: Spanned<&str>) -> Option<Diagnostic> {
        if self.field(key.node).is_some() {
            return None;
        }
        let message = format!("`{}` has no key `{}`", self.name, key.node);
        let known = self.fields.iter().map(|field| field.key);
        let problem = Diagnostic::new(Code::UnknownKey, key.span, message).suggest(key.node, known.clone());
        if !problem.help.is_empty() {
            return Some(problem);
        }
        Some(problem.help(format!("it has {}", and(known.map(|key| format!("`{key}`"))))))
    }
}

/// One key of a record.
#[derive(Debug)]
pub struct Field {
    /// The key as it is written.
    pub key: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What holds where it is not given; [`None`] where it must be.
    pub default: Option<Default>,
    /// What it means.
    pub doc: &'static str,
}

/// What holds where a key is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Default {
    /// Nothing, and the words in which the reference says what that means.
    Nothing(&'static str),
    /// A text. `<name>`, `<account>`, `<region>` and `<cluster>` stand for those of the pipeline.
    Text(&'static str),
    /// A bool.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An empty array.
    EmptyList,
    /// An empty map; the keys in it have defaults of their own.
    EmptyMap,
}

impl std::fmt::Display for Default {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nothing(words) => f.write_str(words),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::EmptyList => f.write_str("[]"),
            Self::EmptyMap => f.write_str("#{}"),
        }
    }
}

/// One of the texts that a key takes.
#[derive(Debug)]
pub struct Choice {
    /// The text.
    pub text: &'static str,
    /// What it means.
    pub doc: &'static str,
}

/// What a value must be.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// `true` alone.
    True,
    /// An integer within bounds, both inclusive.
    Int(i64, i64),
    /// A text of a certain form.
    Text(&'static Form),
    /// Any value at all.
    Any,
    /// One of several texts.
    OneOf(&'static [Choice]),
    /// An array; whether it may be empty comes second.
    List(&'static Kind, bool),
    /// A map with keys of the user's choice: what a key is, and what a value.
    Table(&'static Kind, &'static Kind),
    /// A map with known keys.
    Record(&'static Record),
    /// What the function of that name returns.
    Object(&'static str),
    /// One of several kinds.
    Either(&'static [Kind]),
}

impl Kind {
    /// The words for one such value, with an article: "a bool", "an array of commands".
    pub fn one(&self) -> String {
        match self {
            Self::Bool => "`true` or `false`".into(),
            Self::True => "`true`".into(),
            Self::Int(i64::MIN, i64::MAX) => "an integer".into(),
            Self::Int(low, i64::MAX) => format!("an integer of at least {low}"),
            Self::Int(low, high) => format!("an integer from {low} to {high}"),
            Self::Text(form) => form.one.into(),
            Self::Any => "any value".into(),
            Self::OneOf(choices) => or(choices.iter().map(|choice| format!("`\"{}\"`", choice.text))),
            Self::List(item, _) => format!("an array of {}", item.many()),
            Self::Table(_, value) => format!("a map of {}", value.many()),
            Self::Record(record) => Self::one_record(record),
            Self::Object(function) => format!("what `{function}(…)` returns"),
            Self::Either(kinds) => Self::one_of(kinds),
        }
    }

    /// The words for one of several kinds; those that functions return are said together.
    fn one_of(kinds: &[Self]) -> String {
        let functions =
            || kinds.iter().filter_map(|kind| if let Self::Object(name) = kind { Some(name) } else { None });
        let others = kinds.iter().filter(|kind| !matches!(kind, Self::Object(_))).map(Self::one);
        let returned = or(functions().map(|name| format!("`{name}(…)`")));
        let returned = functions().next().map(|_| format!("what {returned} returns"));
        or(returned.into_iter().chain(others))
    }

    /// The words for several such values: "commands".
    pub fn many(&self) -> String {
        match self {
            Self::Bool | Self::True => "bools".into(),
            Self::Int(..) => "integers".into(),
            Self::Text(form) => form.many.into(),
            Self::Any => "values".into(),
            Self::OneOf(_) => format!("texts, each {}", self.one()),
            Self::List(item, _) => format!("arrays of {}", item.many()),
            Self::Table(..) | Self::Record(_) => "maps".into(),
            Self::Object(function) => plural(function),
            Self::Either(kinds) => or(kinds.iter().map(Self::many)),
        }
    }

    /// Whether it is one thing that stands in arrays, and no array itself.
    fn is_one_item(&self) -> bool {
        match self {
            Self::Text(..) | Self::Object(_) => true,
            Self::Either(kinds) => kinds.iter().all(Self::is_one_item),
            _ => false,
        }
    }

    fn one_record(record: &'static Record) -> String {
        let keys = and(record.fields.iter().map(|field| format!("`{}`", field.key)));
        let map = format!("a map of {keys}");
        let short = record.shorthand.and_then(|key| record.field(key));
        match short {
            Some(field) => or([field.kind.one(), map].into_iter()),
            None => map,
        }
    }
}

fn plural(function: &str) -> String {
    format!("{function}s")
}

/// `a`, `b` or `c`.
pub(crate) fn or(words: impl Iterator<Item = String>) -> String {
    listed(words, "or")
}

/// `a`, `b` and `c`.
pub(crate) fn and(words: impl Iterator<Item = String>) -> String {
    listed(words, "and")
}

fn listed(words: impl Iterator<Item = String>, last: &str) -> String {
    let mut words: Vec<String> = words.collect();
    match words.pop() {
        None => String::new(),
        Some(only) if words.is_empty() => only,
        Some(end) => format!("{} {last} {end}", words.join(", ")),
    }
}
