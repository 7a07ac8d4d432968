//! An interpreter in the making.

use std::borrow::Cow;
use std::sync::Arc;

use super::Interpreter;
use crate::check::OwnRule;
use crate::compile::Setup;
use crate::diagnostic::{Code, OwnCode, Sink};
use crate::emit::Emitter;
use crate::eval::{Limits, NATIVES};
use crate::model::{Function, Language, Parameters, Project};
use crate::schema::{Default as KeyDefault, Field, Kind, Record};
use crate::source::{Host, MemoryHost, Origin, SourceMap, normalize};
use crate::syntax::words;

/// What an [`Interpreter`] is made of.
///
/// ```
/// use aphex::{Interpreter, MemoryHost, Script};
///
/// let files = MemoryHost::new().with("platform/accounts.aphex", r#"export const DEV = "111111111111";"#);
/// let interpreter = Interpreter::builder().host(files).parameter("tier", "gold").build()?;
///
/// let script = r#"
///     import "./platform/accounts" as accounts;
///     print(`${param("tier")} ${accounts::DEV}`);
/// "#;
/// let evaluation = interpreter.evaluate(&Script::new("pipeline.aphex", script).module());
/// assert_eq!(evaluation.printed, ["gold 111111111111"]);
/// # Ok::<(), aphex::BuildError>(())
/// ```
#[must_use = "`build` makes the interpreter"]
pub struct Builder {
    setup: Setup,
    language: Language,
    host: Arc<dyn Host>,
    parameters: Parameters,
}

impl Default for Builder {
    fn default() -> Self {
        let (setup, language) = (Setup::default(), Language::default());
        Self { setup, language, host: Arc::new(MemoryHost::new()), parameters: Parameters::new() }
    }
}

impl Builder {
    /// What reads the files that scripts import: [`DiskHost`](crate::DiskHost), [`MemoryHost`], or one of your own.
    /// Without one there are no files.
    pub fn host(mut self, host: impl Host + 'static) -> Self {
        self.host = Arc::new(host);
        self
    }

    /// What a script may take.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.setup.limits = limits;
        self
    }

    /// A value for `param(name)` in every script that has none of its own: a text, a bool, an integer, or an array of
    /// texts.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
        self.parameters.insert(name.into(), value.into());
        self
    }

    /// One more function that scripts may call. It has the same validation and the same place in the reference as those of
    /// the language.
    pub fn function(mut self, function: Function) -> Self {
        self.language.own.push(function);
        self
    }

    /// One more module that scripts may import by this path, which has a first word of your own: `acme/defaults`. As the
    /// standard library it is part of the interpreter: a problem in its text is told where a script calls it.
    pub fn module(mut self, path: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) -> Self {
        self.language.library.own.push((path.into(), text.into()));
        self
    }

    /// One more kind of problem, for the reference: what your rules and functions report.
    pub fn code(mut self, code: &'static OwnCode) -> Self {
        self.language.codes.push(Code::Own(code));
        self
    }

    /// One more rule, held after those of the language against what the script declared. Where something was declared with
    /// a problem ([`Project::is_broken`]) it is not there, and what looks missing may be it.
    pub fn rule(mut self, rule: impl Fn(&Project, &mut Sink) + Send + Sync + 'static) -> Self {
        self.setup.rules.push(OwnRule::new(rule));
        self
    }

    /// One more emitter, after the others; or in the place of the one that has its name.
    pub fn emitter(mut self, emitter: impl Emitter + 'static) -> Self {
        let emitter: Arc<dyn Emitter> = Arc::new(emitter);
        match self.setup.emitters.iter_mut().find(|known| known.name() == emitter.name()) {
            Some(known) => *known = emitter,
            None => self.setup.emitters.push(emitter),
        }
        self
    }

    /// None of the emitters so far, aphex's own included.
    pub fn without_emitters(mut self) -> Self {
        self.setup.emitters.clear();
        self
    }

    /// The interpreter.
    ///
    /// # Errors
    /// Where a function, a record, a module or a code cannot be one, or has a name that is taken.
    pub fn build(self) -> Result<Interpreter, BuildError> {
        let Self { mut setup, language, host, parameters } = self;
        functions(&language)?;
        modules(&language)?;
        codes(&language)?;
        setup.language = Arc::new(language);
        Ok(Interpreter::new(setup, host, parameters))
    }
}

/// Why an interpreter cannot be built: a mistake in what an embedder adds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// A function has a name that no script could call, or one that is taken.
    FunctionName(String),
    /// A function takes a parameter that must be given after one that may be left out.
    ParameterOrder(String),
    /// A record has a key that scripts cannot write, a shorthand that is no key of it, or a default that the key does not
    /// take: the record, the key, and what is wrong.
    Key(String, String, &'static str),
    /// A module has a path that cannot be imported, or one that is taken.
    ModulePath(String),
    /// A module's text has a syntax error: its path, and the problem.
    Module(String, String),
    /// A code is not in kebab case, or is taken.
    Code(String),
}

impl std::fmt::Display for BuildError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::FunctionName(name) => write!(f, "no function can be called `{name}`, or another one is"),
            Self::ParameterOrder(name) => {
                write!(f, "the function `{name}` takes something that must be given after something that need not be")
            }
            Self::Key(record, key, what) => write!(f, "the key `{key}` of the record `{record}` {what}"),
            Self::ModulePath(path) => {
                write!(f, "`{path}` is no path for a module, which is like `acme/defaults`, or another one has it")
            }
            Self::Module(path, problem) => write!(f, "the module `{path}` cannot be read: {problem}"),
            Self::Code(id) => write!(f, "`{id}` is no code, which is in kebab case, or another problem has it"),
        }
    }
}

impl std::error::Error for BuildError {}

fn functions(language: &Language) -> Result<(), BuildError> {
    for (index, function) in language.own.iter().enumerate() {
        let name = function.name;
        let is_taken = NATIVES.contains(&name) || language.own[..index].iter().any(|other| other.name == name);
        if !words::is_name(name) || words::is_reserved(name) || is_taken {
            return Err(BuildError::FunctionName(name.to_owned()));
        }
        if !function.params.is_sorted_by_key(|param| param.optional) {
            return Err(BuildError::ParameterOrder(name.to_owned()));
        }
        function.params.iter().try_for_each(|param| kind(&param.kind, 0))?;
    }
    Ok(())
}

/// How deep kinds may lie in each other.
const DEPTH: usize = 16;

/// Looks for records in a kind.
fn kind(kind: &Kind, depth: usize) -> Result<(), BuildError> {
    match kind {
        _ if depth > DEPTH => Ok(()),
        Kind::Record(found) => record(found, depth + 1),
        Kind::List(item, _) => self::kind(item, depth + 1),
        Kind::Table(_, value) => self::kind(value, depth + 1),
        Kind::Either(kinds) => kinds.iter().try_for_each(|kind| self::kind(kind, depth + 1)),
        Kind::Bool | Kind::True | Kind::Int(..) | Kind::Text(_) | Kind::Any | Kind::OneOf(_) | Kind::Object(_) => {
            Ok(())
        }
    }
}

fn record(record: &Record, depth: usize) -> Result<(), BuildError> {
    let wrong = |key: &str, what| Err(BuildError::Key(record.name.to_owned(), key.to_owned(), what));
    if let Some(key) = record.shorthand.filter(|key| record.field(key).is_none()) {
        return wrong(key, "is its shorthand, and it has no such key");
    }
    for Field { key, kind, default, doc: _ } in record.fields {
        if !words::is_name(key) || words::is_reserved(key) {
            return wrong(key, "is a word that no script can write there");
        }
        if default.is_some_and(|default| !takes(kind, default)) {
            return wrong(key, "does not take its own default");
        }
        self::kind(kind, depth)?;
    }
    Ok(())
}

/// Whether a default can be a value of that kind.
fn takes(kind: &Kind, default: KeyDefault) -> bool {
    if matches!(default, KeyDefault::Nothing(_)) {
        return true;
    }
    match (kind, default) {
        (Kind::Either(kinds), _) => kinds.iter().any(|kind| takes(kind, default)),
        (Kind::Record(record), KeyDefault::EmptyMap) => record.fields.iter().all(|field| field.default.is_some()),
        (Kind::Record(record), _) => {
            record.shorthand.and_then(|key| record.field(key)).is_some_and(|field| takes(&field.kind, default))
        }
        // What is made from the pipeline's name is known only there.
        (Kind::Text(form), KeyDefault::Text(text)) => text.contains('<') || (form.check)(text).is_ok(),
        (Kind::OneOf(choices), KeyDefault::Text(text)) => choices.iter().any(|choice| choice.text == text),
        (Kind::Int(low, high), KeyDefault::Int(value)) => (*low..=*high).contains(&value),
        (Kind::True, KeyDefault::Bool(value)) => value,
        (Kind::Any, _)
        | (Kind::Bool, KeyDefault::Bool(_))
        | (Kind::List(_, true), KeyDefault::EmptyList)
        | (Kind::Table(..), KeyDefault::EmptyMap) => true,
        _ => false,
    }
}

fn modules(language: &Language) -> Result<(), BuildError> {
    let mut sources = SourceMap::new();
    for (index, (path, text)) in language.library.own.iter().enumerate() {
        let is_own = normalize("", path).is_some_and(|normal| normal == **path) && path.contains('/');
        let is_taken =
            path.starts_with("aphex/") || language.library.own[..index].iter().any(|(other, _)| other == path);
        if !is_own || is_taken || sources.iter().count() >= SourceMap::MAX_SOURCES {
            return Err(BuildError::ModulePath(path.to_string()));
        }
        let source = sources.add(path, path, text, Origin::Stdlib);
        let problems = crate::syntax::parse(source, text).diagnostics;
        if let Some(problem) = problems.iter().find(|problem| problem.is_error()) {
            return Err(BuildError::Module(path.to_string(), problem.located(&sources).to_string()));
        }
    }
    Ok(())
}

fn codes(language: &Language) -> Result<(), BuildError> {
    for (index, code) in language.codes.iter().enumerate() {
        let id = code.id();
        let is_kebab = id.starts_with(|first: char| first.is_ascii_lowercase())
            && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let is_taken = Code::from_id(id).is_some() || language.codes[..index].iter().any(|other| other.id() == id);
        if !is_kebab || is_taken {
            return Err(BuildError::Code(id.to_owned()));
        }
    }
    Ok(())
}
