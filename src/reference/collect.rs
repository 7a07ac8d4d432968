//! Reads the declarations of the language, once.

use super::data::{
    Choice, Default, Function, Key, Method, Parameter, Problem, Record, Reference, TextForm, Type, Words,
};
use super::{docs, modules};
use crate::diagnostic::Code;
use crate::model::{self, Language, METHODS};
use crate::schema::{self, Form, Kind};
use crate::syntax::words::{CALLABLE_WORDS, KEYWORDS, RESERVED_WORDS};

/// The version of the reference as data.
const VERSION: u32 = 1;

impl Reference {
    /// The reference of this aphex.
    pub fn collect() -> Self {
        Self::of(&Language::default())
    }

    /// The reference of the language with what an embedder adds to it.
    pub(crate) fn of(language: &Language) -> Self {
        let mut found = Found::default();
        let functions = language.functions().map(|declared| found.function(declared)).collect();
        let method = |method: &model::Method| {
            let model::Method { name, usage, doc } = method;
            Method { name, usage, doc }
        };
        let problem =
            |code: Code| Problem { code: code.id(), severity: code.severity().name(), summary: code.summary() };
        Self {
            version: VERSION,
            aphex: env!("CARGO_PKG_VERSION"),
            functions,
            methods: METHODS.iter().map(method).collect(),
            records: found.records,
            texts: found.texts,
            modules: modules::collect(&language.library),
            words: Words {
                keywords: KEYWORDS.iter().map(|(word, _)| *word).collect(),
                reserved: RESERVED_WORDS.to_vec(),
                callable: CALLABLE_WORDS.to_vec(),
            },
            problems: language.codes().map(problem).collect(),
        }
    }
}

/// What the functions lead to.
#[derive(Default)]
struct Found {
    records: Vec<Record>,
    texts: Vec<TextForm>,
}

impl Found {
    fn function(&mut self, declared: &model::Function) -> Function {
        let model::Function { name, doc, example, params, variadic, returns, properties, .. } = declared;
        let parameters: Vec<_> = params.iter().map(|param| self.parameter(name, param)).collect();
        let record = parameters.iter().find_map(|parameter| match &parameter.kind {
            Type::Record { record } => Some(record.clone()),
            _ => None,
        });
        let properties = properties.as_ref().map(|own| own.iter().map(|param| self.parameter(name, param)).collect());
        Function {
            name,
            calls: calls(declared),
            doc: docs::declared(doc),
            example: example.trim(),
            parameters,
            variadic: *variadic,
            returns: returns.to_string(),
            properties,
            record,
        }
    }

    fn parameter(&mut self, function: &'static str, param: &model::Param) -> Parameter {
        let model::Param { name, kind, optional } = param;
        // The record of a function is called as the function is.
        let path = if matches!(kind, Kind::Record(_)) { function.to_owned() } else { format!("{function}.{name}") };
        Parameter { name, words: kind.one(), kind: self.kind(kind, &path), optional: *optional }
    }

    fn kind(&mut self, kind: &Kind, path: &str) -> Type {
        match kind {
            Kind::Any => Type::Any,
            Kind::Bool => Type::Bool,
            Kind::True => Type::True,
            Kind::Int(low, high) => Type::Integer {
                minimum: Some(*low).filter(|low| *low != i64::MIN),
                maximum: Some(*high).filter(|high| *high != i64::MAX),
            },
            Kind::Text(form) => self.text(form, path),
            Kind::OneOf(choices) => Type::Choice { choices: choices.iter().map(choice).collect() },
            Kind::List(items, may_be_empty) => {
                Type::Array { items: Box::new(self.kind(items, path)), may_be_empty: *may_be_empty }
            }
            Kind::Table(keys, values) => {
                Type::Map { keys: Box::new(self.kind(keys, path)), values: Box::new(self.kind(values, path)) }
            }
            Kind::Record(record) => Type::Record { record: self.record(record, path) },
            Kind::Object(function) => Type::Object { function },
            Kind::Either(kinds) => Type::Either { any_of: kinds.iter().map(|kind| self.kind(kind, path)).collect() },
        }
    }

    /// Notes a form, and that it stands at `path`.
    fn text(&mut self, form: &'static Form, path: &str) -> Type {
        let Form { name, one, many, doc, pattern, longest, check: _ } = form;
        if name.is_empty() {
            return Type::Text { form: None, words: one, many };
        }
        let known = self.texts.iter().position(|known| known.id == *name).unwrap_or(self.texts.len());
        if known == self.texts.len() {
            let (doc, title) = (docs::declared(doc), title(form));
            let (pattern, longest) = (*pattern, *longest);
            self.texts.push(TextForm { id: name, title, doc, pattern, longest, used_by: Vec::new() });
        }
        let used_by = &mut self.texts[known].used_by;
        if !used_by.iter().any(|known| known == path) {
            used_by.push(path.to_owned());
        }
        Type::Text { form: Some(name), words: one, many }
    }

    /// Notes a record, and that it stands at `path`; gives its id.
    fn record(&mut self, declared: &'static schema::Record, path: &str) -> String {
        let schema::Record { name, doc, shorthand, fields } = declared;
        // Its place comes before those of the records in it.
        let place = self.records.len();
        let id = name.to_string();
        let new = Record {
            id,
            name,
            paths: vec![path.to_owned()],
            doc: docs::declared(doc),
            shorthand: *shorthand,
            keys: Vec::new(),
        };
        self.records.push(new);
        let keys: Vec<Key> = fields.iter().map(|field| self.key(field, path)).collect();
        let same = |record: &&mut Record| record.name == *name && record.keys == keys;
        if let Some(known) = self.records[..place].iter_mut().find(same) {
            let id = known.id.clone();
            known.paths.push(path.to_owned());
            self.records.remove(place);
            return id;
        }
        let taken = self.records[..place].iter().any(|record| record.id == *name);
        let id = if taken { path.to_owned() } else { name.to_string() };
        self.records[place].id.clone_from(&id);
        self.records[place].keys = keys;
        id
    }

    fn key(&mut self, field: &'static schema::Field, path: &str) -> Key {
        let schema::Field { key, kind, default, doc } = field;
        Key {
            key,
            words: kind.one(),
            kind: self.kind(kind, &format!("{path}.{key}")),
            required: default.is_none(),
            default: default.map(|default| self::default(default, kind)),
            doc: docs::declared(doc),
        }
    }
}

/// The ways to call a function: with and without what is optional, and with a shorthand in place of the options.
fn calls(function: &model::Function) -> Vec<String> {
    let names: Vec<&str> = function.params.iter().map(|param| param.name).collect();
    if function.variadic {
        return vec![format!("{}({}…)", function.name, names.join(", ")), format!("{}([…])", function.name)];
    }
    let needed = function.params.iter().filter(|param| !param.optional).count();
    let mut calls = Vec::new();
    for count in needed..=names.len() {
        let last = count.checked_sub(1).map(|index| &function.params[index].kind);
        match last {
            Some(Kind::Record(record)) => {
                let before = &names[..count - 1];
                let with = |last: &str| format!("{}({})", function.name, [before, &[last]].concat().join(", "));
                calls.extend(record.shorthand.map(with));
                calls.push(with("#{…}"));
            }
            _ => calls.push(format!("{}({})", function.name, names[..count].join(", "))),
        }
    }
    calls
}

fn choice(choice: &schema::Choice) -> Choice {
    let schema::Choice { text, doc } = choice;
    Choice { text, doc: docs::declared(doc) }
}

fn default(default: schema::Default, kind: &Kind) -> Default {
    let value = match default {
        schema::Default::Nothing(words) => return Default { words: words.to_owned(), value: None },
        schema::Default::Text(text) => text.into(),
        schema::Default::Bool(value) => value.into(),
        schema::Default::Int(value) => value.into(),
        schema::Default::EmptyList => serde_json::Value::Array(Vec::new()),
        schema::Default::EmptyMap => serde_json::Value::Object(serde_json::Map::new()),
    };
    let filled = matches!((default, kind), (schema::Default::EmptyMap, Kind::Record(_)));
    let words = if filled { "those of its keys".to_owned() } else { format!("`{default}`") };
    Default { words, value: Some(value) }
}

/// A form's name in words: the words for one of them without the article and what comes after the name, or the name of
/// the type where these words are no name.
fn title(form: &Form) -> String {
    let bare = ["an ", "a ", "the "].iter().find_map(|article| form.one.strip_prefix(article));
    let name = bare
        .map(|bare| bare.split(" like ").next().unwrap_or(bare))
        .map(|bare| bare.split(" that ").next().unwrap_or(bare));
    match name.filter(|name| *name != "text" && !name.contains('`')) {
        Some(name) => upper(name),
        None => upper(&words(form.name)),
    }
}

/// `VariableValue` as `variable value`.
fn words(name: &str) -> String {
    let letters = name.char_indices().flat_map(|(index, letter)| {
        let space = (index > 0 && letter.is_uppercase()).then_some(' ');
        space.into_iter().chain(letter.to_lowercase())
    });
    letters.collect()
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
