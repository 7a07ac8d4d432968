//! What a function of the language is, and a call of one.

use std::borrow::Cow;

use super::invocation::{Build, Invocation};
use super::language::{FUNCTIONS, Language};
use super::project::{Parameters, Project};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::schema::{Config, FromConfig, Kind, Text, Value, with_article};
use crate::source::{Span, Spanned};

/// A function of the language, or one that an embedder adds to it.
///
/// What it takes is told by the types that its arguments are read into, so that messages, the reference and completion say
/// the same of it as the reading does.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it gives and means, in Markdown; its first sentence stands in lists.
    pub doc: &'static str,
    /// A script that uses it and has no problem.
    pub example: &'static str,
    /// What it takes, in order.
    pub params: Cow<'static, [Param]>,
    /// Whether the last parameter may stand any number of times.
    pub variadic: bool,
    /// What it returns, in words.
    pub returns: Cow<'static, str>,
    /// What can be read of the object that it returns, beside its `kind` and the keys of its options; [`None`] where it
    /// returns no object.
    pub properties: Option<Cow<'static, [Param]>>,
    /// Does it.
    pub(super) build: Build,
}

/// One parameter of a function.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Its name in the documentation.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it may be left out.
    pub optional: bool,
}

/// A method of values that the language adds to Rhai's own; `eval` does it.
#[derive(Debug)]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub usage: &'static str,
    /// What it does.
    pub doc: &'static str,
}

/// One call of a function of the language.
#[derive(Debug)]
pub struct Call<'a> {
    /// What is called.
    pub function: &'a Function,
    /// Its name in the call.
    pub site: Span,
    /// What it is given.
    pub args: Vec<Spanned<Value>>,
}

/// What calls read from and add to.
#[derive(Debug)]
pub struct Session<'a> {
    /// What a script may call.
    pub language: &'a Language,
    /// Takes problems.
    pub sink: &'a mut Sink,
    /// Takes what is declared.
    pub project: &'a mut Project,
    /// The values given from outside.
    pub parameters: &'a Parameters,
    /// Whether the top level of a module is running, where no pipeline may be declared.
    pub in_module: bool,
}

impl<'a> Session<'a> {
    /// For calls of the script's own top level.
    pub fn new(
        language: &'a Language,
        sink: &'a mut Sink,
        project: &'a mut Project,
        parameters: &'a Parameters,
    ) -> Self {
        Self { language, sink, project, parameters, in_module: false }
    }
}

impl Function {
    /// A function of an embedder's, which takes nothing yet and does nothing.
    ///
    /// `name` is a name of the language: letters, digits and `_`, not starting with a digit. `doc` is Markdown; its first
    /// sentence stands in lists.
    ///
    /// ```
    /// use aphex::declare::{Function, Value};
    /// use aphex::records::Region;
    /// use aphex::{Interpreter, Script};
    ///
    /// let continent = Function::new("continent", "The continent of a region.")
    ///     .param::<Region>("region")
    ///     .returns("a text")
    ///     .body(|call| {
    ///         let region = call.read::<Region>(0)?;
    ///         let continent = if region.as_str().starts_with("eu-") { "Europe" } else { "another one" };
    ///         Some(Value::text(continent))
    ///     });
    /// let interpreter = Interpreter::builder().function(continent).build()?;
    ///
    /// let script = Script::new("a.aphex", r#"print(continent("eu-west-1")); continent("eu");"#).module();
    /// let evaluation = interpreter.evaluate(&script);
    /// assert_eq!(evaluation.printed, ["Europe"]);
    /// let problem = evaluation.problems().next().unwrap();
    /// assert_eq!(problem.to_string(), "a.aphex:1:42: error[bad-value]: there is no AWS region \"eu\"");
    /// # Ok::<(), aphex::BuildError>(())
    /// ```
    pub fn new(name: &'static str, doc: &'static str) -> Self {
        Self {
            name,
            doc,
            example: "",
            params: Cow::Borrowed(&[]),
            variadic: false,
            returns: Cow::Borrowed("`()`"),
            properties: None,
            build: Build::Nothing,
        }
    }

    /// A function of an embedder's that is called as its record is, `service(name, #{…})`, and declares an object with a
    /// name and the record's keys: what most functions of the language do.
    ///
    /// ```
    /// use aphex::declare::Function;
    /// use aphex::records::Name;
    /// use aphex::{Interpreter, Script};
    ///
    /// aphex::config! {
    ///     /// A service of ours.
    ///     pub struct Service = "service" {
    ///         /// Who answers for it.
    ///         team: String,
    ///     }
    /// }
    ///
    /// let service = Function::declaring::<Name, Service>("A service of ours.");
    /// let interpreter = Interpreter::builder().function(service).build()?;
    /// let script = Script::new("a.aphex", r#"print(service("shop", #{ team: "team-shop" }).team);"#).module();
    /// assert_eq!(interpreter.evaluate(&script).printed, ["team-shop"]);
    /// # Ok::<(), aphex::BuildError>(())
    /// ```
    pub fn declaring<N: Text + FromConfig, K: Config>(doc: &'static str) -> Self {
        let mut function = Self::new(K::NAME, doc).param::<N>("name").param::<K>("options").declares::<K>();
        function.properties = Some(Cow::Owned(function.params[..1].to_vec()));
        function.body(|call| {
            let (name, keys) = (call.read::<N>(0), call.read::<K>(1));
            let name = name?.map(|name| name.as_str().to_owned());
            call.declare(Some(name), keys?.node)
        })
    }

    /// The same with one more parameter, of what a `T` is read from.
    #[must_use]
    pub fn param<T: FromConfig>(mut self, name: &'static str) -> Self {
        self.params.to_mut().push(Param { name, kind: T::KIND, optional: T::OPTIONAL });
        self
    }

    /// The same with a script that uses it and has no problem; the reference shows it.
    #[must_use]
    pub const fn example(mut self, script: &'static str) -> Self {
        self.example = script;
        self
    }

    /// The same, which returns what these words say: `"the id of an account"`.
    #[must_use]
    pub fn returns(mut self, words: &'static str) -> Self {
        self.returns = Cow::Borrowed(words);
        self
    }

    /// The same, which returns an object with the keys of `K` beside its `kind` and `name`, as
    /// [`Invocation::declare`] makes it.
    #[must_use]
    pub fn declares<K: Config>(mut self) -> Self {
        self.returns = Cow::Owned(with_article(K::NAME));
        self.properties = Some(Cow::Borrowed(&[]));
        self
    }

    /// The same, which does this. Where `body` reports a problem it gives [`None`]; whatever a script does with the
    /// result is then left without a word. A panic in it reaches whoever evaluates the script.
    #[must_use]
    pub fn body(mut self, body: impl Fn(&mut Invocation<'_, '_>) -> Option<Value> + Send + Sync + 'static) -> Self {
        self.build = Build::Own(std::sync::Arc::new(body));
        self
    }

    /// Whether an embedder adds it.
    pub const fn is_own(&self) -> bool {
        !matches!(self.build, Build::Plain(_))
    }

    /// Does what the function does.
    pub(crate) fn call(&self, call: &Call<'_>, session: &mut Session<'_>) -> Value {
        self.build.run(call, session)
    }

    /// The function of the language itself that has this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// How it is called: `stack(name, options?)`.
    pub fn usage(&self) -> String {
        let params = self.params.iter().map(|param| match (param.optional, self.variadic) {
            (_, true) => format!("{}…", param.name),
            (true, _) => format!("{}?", param.name),
            (false, _) => param.name.to_owned(),
        });
        format!("{}({})", self.name, params.collect::<Vec<_>>().join(", "))
    }

    /// The most arguments of a call of a function that takes any number; more go into an array.
    pub const VARIADIC: usize = 24;

    /// Whether it can be called with so many arguments.
    pub fn takes(&self, given: usize) -> bool {
        if self.variadic {
            return given <= Self::VARIADIC;
        }
        let needed = self.params.iter().filter(|param| !param.optional).count();
        // A missing map of keys is a map without keys: its reader says which ones are needed.
        let keys = self.params.last().is_some_and(|last| matches!(last.kind, Kind::Record(_)));
        let least = if keys { needed.min(1) } else { needed };
        (least..=self.params.len()).contains(&given)
    }

    /// The problem of a call at `site` with too few or too many arguments.
    pub fn wrong_arguments(&self, site: Span, given: usize) -> Diagnostic {
        let few = if given < self.params.len() { "few" } else { "many" };
        let message = format!("too {few} arguments for `{}`: it is called like `{}`", self.name, self.usage());
        let problem = Diagnostic::new(Code::WrongArguments, site, message);
        let takes = self.params.iter().map(|param| format!("`{}` is {}", param.name, param.kind.one()));
        if self.variadic {
            problem.help("put them into one array")
        } else if self.params.iter().any(|param| matches!(param.kind, Kind::Record(_))) {
            problem
        } else {
            problem.help(takes.collect::<Vec<_>>().join(", "))
        }
    }
}
