//! The reference as data: what a page, a hover or a completion has to say. Texts are Markdown.

use serde::Serialize;

/// The reference of the language.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Reference {
    /// The version of this form: it grows with every change that a reader of the last one would trip over.
    pub version: u32,
    /// The version of aphex.
    pub aphex: &'static str,
    /// What a script may call.
    pub functions: Vec<Function>,
    /// What the language adds to the methods of Rhai's values.
    pub methods: Vec<Method>,
    /// The maps with known keys, those of functions first and each before those in it.
    pub records: Vec<Record>,
    /// The texts of a certain form.
    pub texts: Vec<TextForm>,
    /// The standard library.
    pub modules: Vec<Module>,
    /// The words that are no names.
    pub words: Words,
    /// The problems that are told.
    pub problems: Vec<Problem>,
}

/// A function of the language.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// The ways to call it: `stack(name)`, `stack(name, path)`, `stack(name, #{…})`.
    pub calls: Vec<String>,
    /// What it means.
    pub doc: String,
    /// A script that uses it.
    pub example: &'static str,
    /// What it takes, in order.
    pub parameters: Vec<Parameter>,
    /// Whether the last parameter may stand any number of times.
    pub variadic: bool,
    /// What it returns, in words.
    pub returns: String,
    /// What can be read of the object that it returns, beside `kind` and the keys of `record`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub properties: Option<Vec<Parameter>>,
    /// The record that it takes as its options, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
}

/// A parameter of a function, or a property of what it returns.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it is, in words.
    pub words: String,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: Type,
    /// Whether it may be left out.
    pub optional: bool,
}

/// A method that the language adds to Rhai's own.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub usage: &'static str,
    /// What it does.
    pub doc: &'static str,
}

/// A map with known keys.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Record {
    /// What the reference calls it: its name, after that of the record around it where two have one name.
    pub id: String,
    /// What the language calls it in messages.
    pub name: &'static str,
    /// Where it stands: `environment.deploy`.
    pub paths: Vec<String>,
    /// What it means.
    pub doc: String,
    /// The key that a value which is no map stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shorthand: Option<&'static str>,
    /// Its keys, in their order.
    pub keys: Vec<Key>,
}

/// A key of a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Key {
    /// The key as it is written.
    pub key: &'static str,
    /// What it takes, in words.
    pub words: String,
    /// What it takes.
    #[serde(rename = "type")]
    pub kind: Type,
    /// Whether it must be given.
    pub required: bool,
    /// What holds where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Default>,
    /// What it means.
    pub doc: String,
}

/// What holds where a key is not given.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Default {
    /// In words, or as the language writes it.
    pub words: String,
    /// The value, where there is one. In a text `<name>`, `<account>`, `<region>` and `<cluster>` stand for those of the
    /// pipeline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<serde_json::Value>,
}

impl Default {
    /// Whether the value is made from others of the pipeline.
    pub fn is_made(&self) -> bool {
        self.value.as_ref().and_then(serde_json::Value::as_str).is_some_and(|text| text.contains('<'))
    }
}

/// What a value must be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Type {
    /// Any value.
    Any,
    /// `true` or `false`.
    Bool,
    /// `true` alone.
    True,
    /// An integer.
    Integer {
        /// The least, where there is a least one.
        #[serde(skip_serializing_if = "Option::is_none")]
        minimum: Option<i64>,
        /// The greatest, where there is a greatest one.
        #[serde(skip_serializing_if = "Option::is_none")]
        maximum: Option<i64>,
    },
    /// A text.
    Text {
        /// Its form, by id, where not every text will do.
        #[serde(skip_serializing_if = "Option::is_none")]
        form: Option<&'static str>,
        /// The words for one such text.
        words: &'static str,
        /// The words for several.
        many: &'static str,
    },
    /// One of several texts.
    Choice {
        /// The texts.
        choices: Vec<Choice>,
    },
    /// An array.
    Array {
        /// What its items are.
        items: Box<Self>,
        /// Whether it may be empty.
        may_be_empty: bool,
    },
    /// A map whose keys are the user's.
    Map {
        /// What a key is.
        keys: Box<Self>,
        /// What a value is.
        values: Box<Self>,
    },
    /// A map with known keys.
    Record {
        /// The record, by id.
        record: String,
    },
    /// What a function returns.
    Object {
        /// The function.
        function: &'static str,
    },
    /// One of several.
    Either {
        /// What it may be.
        any_of: Vec<Self>,
    },
}

impl Type {
    /// The id of the record that a value is, or that is in it.
    pub fn record(&self) -> Option<&str> {
        match self {
            Self::Record { record } => Some(record),
            Self::Array { items, may_be_empty: _ } => items.record(),
            Self::Map { keys: _, values } => values.record(),
            Self::Either { any_of } => any_of.iter().find_map(Self::record),
            Self::Any
            | Self::Bool
            | Self::True
            | Self::Integer { .. }
            | Self::Text { .. }
            | Self::Choice { .. }
            | Self::Object { .. } => None,
        }
    }
}

/// One of the texts that a key takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Choice {
    /// The text.
    pub text: &'static str,
    /// What it means.
    pub doc: String,
}

/// A text of a certain form.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TextForm {
    /// What the reference calls it: `AccountId`.
    pub id: &'static str,
    /// Its name in words: "AWS account id".
    pub title: String,
    /// What it is and where its limits come from.
    pub doc: String,
    /// A regular expression that every such text matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pattern: Option<&'static str>,
    /// The most characters, where the pattern does not say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub longest: Option<usize>,
    /// The keys and parameters that take it.
    pub used_by: Vec<String>,
}

/// A module of the standard library.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Module {
    /// Its path in an import: `aphex/node`.
    pub path: String,
    /// What it is for.
    pub doc: String,
    /// What it exports beside functions.
    pub constants: Vec<Constant>,
    /// Its functions, in their order.
    pub functions: Vec<ModuleFunction>,
}

/// A constant of a module.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Constant {
    /// Its name.
    pub name: String,
    /// Its value, as the module writes it.
    pub value: String,
    /// What it means; empty where the module's own text says it.
    pub doc: String,
}

/// A function of a module.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ModuleFunction {
    /// Its name.
    pub name: String,
    /// The ways to call it, in the order of the module.
    pub signatures: Vec<Signature>,
}

/// One way to call a function of a module.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Signature {
    /// How it is called.
    pub usage: String,
    /// The names of its parameters.
    pub parameters: Vec<String>,
    /// What it does.
    pub doc: String,
}

/// The words that are no names.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Words {
    /// The keywords.
    pub keywords: Vec<&'static str>,
    /// The words that can be neither a name, nor a key without quotes, nor a property after a dot.
    pub reserved: Vec<&'static str>,
    /// The reserved words that are functions.
    pub callable: Vec<&'static str>,
}

/// A problem that is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// Its code.
    pub code: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// What it is about, in one line.
    pub summary: &'static str,
}
