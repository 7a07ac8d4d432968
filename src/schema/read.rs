//! A value against a declaration: every problem goes to the sink, and reading goes on.

use super::{Default, Field, Form, Kind, Record, Value, and};
use crate::diagnostic::{Code, Diagnostic, Sink, did_you_mean};
use crate::source::{Span, Spanned};

/// A type that a key's value is read into.
pub trait FromConfig: Sized {
    /// What it takes, as data.
    const KIND: Kind;

    /// Whether a key of this type may be left out although no default is declared.
    const OPTIONAL: bool = false;

    /// The value read; `None` where a problem was reported.
    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self>;

    /// The value as the language would write it.
    fn to_config(&self, span: Span) -> Value;
}

/// A record as a struct, which `config!` makes of its declaration.
pub trait Config: FromConfig + std::fmt::Debug + Send + Sync + 'static {
    /// What the language calls it.
    const NAME: &'static str;
    /// The declaration as data.
    const RECORD: Record;

    /// The keys and their values as the language would write them, in the order of the declaration.
    fn entries(&self) -> Vec<(&'static str, Spanned<Value>)>;
}

/// A text of a certain form, which knows nothing of places.
pub trait Text: Sized {
    /// The words for one of them: "an AWS account id".
    const ONE: &'static str;
    /// The words for several.
    const MANY: &'static str;
    /// The name of the type.
    const NAME: &'static str;
    /// What it is and where its limits come from.
    const DOC: &'static str;
    /// A regular expression that every such text matches; see [`Form::pattern`].
    const PATTERN: &'static str;
    /// The most characters, where the pattern does not say it.
    const LONGEST: Option<usize> = None;
    /// All of this as data.
    const FORM: Form = Form {
        name: Self::NAME,
        one: Self::ONE,
        many: Self::MANY,
        doc: Self::DOC,
        pattern: Some(Self::PATTERN),
        longest: Self::LONGEST,
        check: |text| Self::parse(text).map(|_| ()),
    };

    /// Reads it.
    ///
    /// # Errors
    /// What is wrong, as a sentence without a full stop.
    fn parse(text: &str) -> Result<Self, String>;

    /// The text.
    fn as_str(&self) -> &str;

    /// The text that an integer in its place was probably meant to be.
    fn from_integer(value: i64) -> String {
        value.to_string()
    }
}

/// Reads values into types and collects what is wrong with them.
#[derive(Debug)]
pub struct Reader<'a> {
    sink: &'a mut Sink,
    keys: Vec<&'static str>,
    owner: Option<Span>,
    in_list: bool,
    words: Vec<(&'static str, Spanned<String>)>,
    too_long: Vec<(Span, String)>,
}

impl<'a> Reader<'a> {
    /// A reader that reports to `sink`.
    pub fn new(sink: &'a mut Sink) -> Self {
        Self { sink, keys: Vec::new(), owner: None, in_list: false, words: Vec::new(), too_long: Vec::new() }
    }

    /// Lets `<word>` in the defaults that are read from now on stand for `text`.
    pub fn define(&mut self, word: &'static str, text: Spanned<String>) {
        self.words.push((word, text));
    }

    /// Lets the next record that is opened report its missing keys at `owner`.
    pub fn own(&mut self, owner: Span) {
        self.owner = Some(owner);
    }

    /// Reads the items of a list.
    pub(super) fn items<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.in_list, true);
        let items = read(self);
        self.in_list = outer;
        items
    }

    /// Reports a problem.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    /// Reports a bad value and gives nothing.
    pub fn bad_value<T>(&mut self, span: Span, what: impl AsRef<str>) -> Option<T> {
        let message = self.at_key(what.as_ref());
        self.report(Diagnostic::new(Code::BadValue, span, message));
        None
    }

    /// Reports that `value` is of another type than `expected` and gives nothing.
    pub fn bad_type<T>(&mut self, value: &Spanned<Value>, expected: &Kind) -> Option<T> {
        let nested = matches!(value.node, Value::List(_)) && expected.is_one_item();
        let message = if nested && self.in_list {
            "one item belongs here, and this is an array".to_owned()
        } else {
            format!("expected {}, found {}", expected.one(), value.describe())
        };
        let message = self.at_key(&message);
        let code = if nested { Code::NestedList } else { Code::BadType };
        let diagnostic = Diagnostic::new(code, value.span, message);
        let help = match (&value.node, expected) {
            (Value::Broken(_), _) => return None,
            (Value::List(_), _) if nested && self.in_list => {
                Some("an array is never flattened: join arrays with `+`, or use `flatten()`".to_owned())
            }
            (Value::List(_), _) if nested => Some("give one value, without the brackets".to_owned()),
            (Value::Str(text), Kind::Bool) if text == "true" || text == "false" => Some(unquoted(text)),
            (Value::Str(text), Kind::Int(..)) if text.parse::<i64>().is_ok() => Some(unquoted(text)),
            (Value::Function, _) => Some("call it: a function in its place is not its result".to_owned()),
            (value, kind) if is_item(value, kind) => Some("put it into an array: `[…]`".to_owned()),
            _ => None,
        };
        let diagnostic = match &value.node {
            Value::Object(object) => diagnostic.related(object.declared().site(), "declared here"),
            _ => diagnostic,
        };
        self.report(help.into_iter().fold(diagnostic, Diagnostic::help));
        None
    }

    /// Reads a text of a certain form.
    pub fn text<T: Text>(&mut self, value: &Spanned<Value>) -> Option<T> {
        match &value.node {
            Value::Str(text) => match T::parse(text) {
                Ok(read) => Some(read),
                Err(what) => self.bad_value(value.span, what),
            },
            Value::Int(number) => self.unquoted::<T>(value, &T::from_integer(*number)),
            Value::Float(number) => self.unquoted::<T>(value, &number.to_string()),
            Value::Bool(bool) => self.unquoted::<T>(value, &bool.to_string()),
            _ => self.bad_type(value, &Kind::Text(&T::FORM)),
        }
    }

    /// Reports a value that should be a text, and was probably meant to be `text`.
    fn unquoted<T: Text>(&mut self, value: &Spanned<Value>, text: &str) -> Option<T> {
        let message = self.at_key(&format!("expected {}, found {}", T::ONE, value.describe()));
        let diagnostic = Diagnostic::new(Code::BadType, value.span, message);
        let meant = T::parse(text).ok().map(|_| format!("write it in quotes: `\"{text}\"`"));
        self.report(meant.into_iter().fold(diagnostic, Diagnostic::help));
        None
    }

    /// Reads one of several texts.
    pub fn choice(&mut self, value: &Spanned<Value>, kind: &Kind) -> Option<&'static str> {
        let (Value::Str(text), Kind::OneOf(choices)) = (&value.node, kind) else { return self.bad_type(value, kind) };
        let Some(choice) = choices.iter().find(|choice| choice.text == text) else {
            let message = self.at_key(&format!("expected {}, found {text:?}", kind.one()));
            let known = choices.iter().map(|choice| choice.text);
            self.report(Diagnostic::new(Code::BadValue, value.span, message).suggest(text, known));
            return None;
        };
        Some(choice.text)
    }

    /// Reports the defaults that came out too long, as one problem at the name that they are made from.
    pub fn finish(self) {
        let Some(span) = self.too_long.first().map(|(span, _)| *span) else { return };
        let all = and(self.too_long.into_iter().map(|(_, what)| what));
        let message = format!("the name makes other names too long: {all}");
        let help = "choose a shorter name, or set these names with keys of their own";
        self.sink.push(Diagnostic::new(Code::NameTooLong, span, message).help(help));
    }

    /// `what`, after the key that is read.
    pub fn at_key(&self, what: &str) -> String {
        if self.keys.is_empty() { what.to_owned() } else { format!("`{}`: {what}", self.keys.join(".")) }
    }

    fn default(&self, default: Default, span: Span) -> Spanned<Value> {
        let value = match default {
            Default::Nothing(_) => Value::Unit,
            Default::Text(text) => return self.fill(text, span),
            Default::Bool(value) => Value::Bool(value),
            Default::Int(value) => Value::Int(value),
            Default::EmptyList => Value::List(Vec::new()),
            Default::EmptyMap => Value::Map(Vec::new()),
        };
        Spanned::new(value, span)
    }

    fn fill(&self, text: &str, span: Span) -> Spanned<Value> {
        let mut filled = Spanned::new(text.to_owned(), span);
        for (word, value) in self.words.iter().rev() {
            let tag = format!("<{word}>");
            if filled.contains(&tag) {
                // The name comes last, and is to blame where it takes part.
                filled = Spanned::new(filled.replace(&tag, value), value.span);
            }
        }
        filled.map(Value::Str)
    }
}

/// The entries of one map on their way into a record.
#[derive(Debug)]
pub struct Fields {
    record: &'static Record,
    span: Span,
    entries: Vec<(Spanned<String>, Spanned<Value>)>,
    missing: Vec<&'static str>,
    /// The keys that misspelt ones were probably meant to be.
    meant: Vec<&'static str>,
}

impl Fields {
    /// Opens `value` as `record`: unknown keys are reported, and a value that is no map is taken for the shorthand key.
    pub fn open(record: &'static Record, value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        let span = reader.owner.take().unwrap_or(value.span);
        let entries = match (&value.node, record.shorthand) {
            (Value::Map(entries), _) => entries.clone(),
            (Value::Broken(_), _) => return None,
            (Value::Object(_) | Value::Function, _) | (_, None) => {
                return reader.bad_type(value, &Kind::Record(record));
            }
            (_, Some(key)) => {
                let field = record.field(key).expect("a shorthand names a key of its record");
                if !fits(&value.node, &field.kind) {
                    return reader.bad_type(value, &Kind::Record(record));
                }
                vec![(Spanned::new(key.to_owned(), value.span), value.clone())]
            }
        };
        let mut meant = Vec::new();
        for (key, _) in &entries {
            if let Some(problem) = record.unknown_key(key.borrowed().map(String::as_str)) {
                reader.report(problem);
                meant.extend(did_you_mean(&key.node, record.fields.iter().map(|field| field.key)));
            }
        }
        Some(Self { record, span, entries, missing: Vec::new(), meant })
    }

    /// Reads one key of the record.
    pub fn read<T: FromConfig>(&mut self, key: &'static str, reader: &mut Reader<'_>) -> Option<Spanned<T>> {
        let field = self.record.field(key).expect("config! reads the keys that it declares");
        let given = self.entries.iter().find(|(name, value)| name.node == key && !matches!(value.node, Value::Unit));
        let Some((name, value)) = given else { return self.absent(field, reader) };
        reader.keys.push(key);
        reader.owner = (name.span != value.span).then_some(name.span);
        let in_list = std::mem::replace(&mut reader.in_list, false);
        let read = T::from_config(value, reader);
        reader.in_list = in_list;
        reader.owner = None;
        reader.keys.pop();
        read.map(|node| Spanned::new(node, value.span))
    }

    /// Reports the keys that are missing, together.
    pub fn finish(self, reader: &mut Reader<'_>) {
        // A misspelt key is one problem, not two.
        let missing: Vec<&str> = self.missing.into_iter().filter(|key| !self.meant.contains(key)).collect();
        if missing.is_empty() {
            return;
        }
        let word = if missing.len() == 1 { "the key" } else { "the keys" };
        let keys = and(missing.iter().map(|key| format!("`{key}`")));
        let message = format!("`{}` misses {word} {keys}", self.record.name);
        let wants = missing.iter().filter_map(|key| self.record.field(key));
        let help = and(wants.map(|field| format!("`{}`: {}", field.key, field.kind.one())));
        reader.report(Diagnostic::new(Code::MissingKey, self.span, message).help(format!("add {help}")));
    }

    fn absent<T: FromConfig>(&mut self, field: &'static Field, reader: &mut Reader<'_>) -> Option<Spanned<T>> {
        let Some(default) = field.default else {
            self.missing.push(field.key);
            return None;
        };
        let value = reader.default(default, self.span);
        // What the default is made from is itself missing or wrong, which is a problem already.
        if matches!(&value.node, Value::Str(text) if text.contains('<')) {
            return None;
        }
        let mut own = Sink::new();
        let mut inner = Reader::new(&mut own);
        // Lent, not copied: most keys of most records are absent.
        std::mem::swap(&mut inner.words, &mut reader.words);
        std::mem::swap(&mut inner.keys, &mut reader.keys);
        inner.keys.push(field.key);
        let read = T::from_config(&value, &mut inner);
        inner.keys.pop();
        std::mem::swap(&mut inner.words, &mut reader.words);
        std::mem::swap(&mut inner.keys, &mut reader.keys);
        let inherited = std::mem::take(&mut inner.too_long);
        reader.too_long.extend(inherited);
        let problems = own.into_sorted().into_iter();
        if matches!(default, Default::Text(text) if text.contains("<name>")) {
            reader.too_long.extend(problems.map(|problem| (problem.primary.span, problem.message)));
        } else {
            problems.for_each(|problem| reader.report(problem.help("set it with this key of its own")));
        }
        read.map(|node| Spanned::new(node, value.span))
    }
}

/// Whether a value could be an item of the array that stands for that kind.
fn is_item(value: &Value, kind: &Kind) -> bool {
    match kind {
        Kind::List(item, _) => fits(value, item),
        Kind::Record(record) => {
            record.shorthand.and_then(|key| record.field(key)).is_some_and(|field| is_item(value, &field.kind))
        }
        Kind::Either(kinds) => kinds.iter().any(|kind| is_item(value, kind)),
        _ => false,
    }
}

fn unquoted(text: &str) -> String {
    format!("write it without quotes: `{text}`")
}

/// Whether a value could be one of that kind, judged by its type alone.
pub(super) fn fits(value: &Value, kind: &Kind) -> bool {
    match (value, kind) {
        (Value::Broken(_), _)
        | (Value::Bool(_), Kind::Bool)
        | (Value::Bool(true), Kind::True)
        | (Value::Int(_), Kind::Int(..))
        | (Value::Str(_), Kind::Text(..) | Kind::OneOf(_))
        | (Value::List(_), Kind::List(..))
        | (Value::Map(_), Kind::Table(..) | Kind::Record(_)) => true,
        (Value::Object(object), Kind::Object(function)) => object.kind() == *function,
        (value, Kind::Either(kinds)) => kinds.iter().any(|kind| fits(value, kind)),
        (value, Kind::Record(record)) => {
            record.shorthand.and_then(|key| record.field(key)).is_some_and(|field| fits(value, &field.kind))
        }
        _ => false,
    }
}
