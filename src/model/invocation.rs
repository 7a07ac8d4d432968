//! A call of a function that an embedder adds: what its body may ask and do.

use std::sync::Arc;

use super::functions::{Call, Session};
use super::item::Returned;
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Config, Declared, FromConfig, Kind, Object, Reader, Value};
use crate::source::{Span, Spanned};

/// What the body of an embedder's function is.
type Body = dyn Fn(&mut Invocation<'_, '_>) -> Option<Value> + Send + Sync;

/// What a function does.
#[derive(Clone)]
pub(super) enum Build {
    /// Nothing: an embedder has given no body.
    Nothing,
    /// What one of the language's own does.
    Plain(fn(&Call<'_>, &mut Session<'_>) -> Value),
    /// What one of an embedder's does.
    Own(Arc<Body>),
}

impl Build {
    pub(super) fn run(&self, call: &Call<'_>, session: &mut Session<'_>) -> Value {
        match self {
            Self::Nothing => Value::Unit,
            Self::Plain(build) => build(call, session),
            Self::Own(body) => body(&mut Invocation { call, session }).map_or_else(
                || {
                    session.project.broken.push((call.function.name, None));
                    Value::Broken(None)
                },
                |value| value.placed(call.site),
            ),
        }
    }
}

impl std::fmt::Debug for Build {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Plain(_) => "Plain",
            Self::Own(_) => "Own",
        })
    }
}

/// One call of a function that an embedder adds, as the function's body sees it.
///
/// ```
/// use aphex::declare::{Function, Value};
/// use aphex::records::Name;
/// use aphex::{Code, Diagnostic, Interpreter, OwnCode, Script, Severity};
///
/// static UNKNOWN: OwnCode = OwnCode::new("acme-unknown-service", Severity::Error, "a service that we do not have");
///
/// /// `service("shop")` is the environment of a service.
/// let service = Function::new("service", "The environment of a service.").param::<Name>("name").body(|call| {
///     let name = call.read::<Name>(0)?;
///     if name.as_str() != "shop" {
///         let message = format!("there is no service `{}`", name.as_str());
///         call.report(Diagnostic::new(Code::Own(&UNKNOWN), name.span, message).suggest(name.as_str(), ["shop"]));
///         return None;
///     }
///     let stack = call.call("stack", ["ShopStack".into()])?;
///     let options = [
///         ("account", "111111111111".into()),
///         ("region", "eu-west-1".into()),
///         ("stacks", Value::list([stack])),
///     ];
///     call.call("environment", [name.as_str().into(), Value::map(options)])
/// });
/// let interpreter = Interpreter::builder().function(service).code(&UNKNOWN).build()?;
///
/// let script = Script::new("a.aphex", r#"print(service("shop").account); service("shp");"#).module();
/// let evaluation = interpreter.evaluate(&script);
/// assert_eq!(evaluation.printed, ["111111111111"]);
/// assert_eq!(evaluation.diagnostics[0].help, ["did you mean `shop`?"]);
/// # Ok::<(), aphex::BuildError>(())
/// ```
#[derive(Debug)]
pub struct Invocation<'c, 's> {
    call: &'c Call<'c>,
    session: &'c mut Session<'s>,
}

impl Invocation<'_, '_> {
    /// The function's name in the call: where problems belong that no value is to blame for. In a call that stands in a
    /// library's text, the user's call that led there.
    pub const fn site(&self) -> Span {
        self.call.site
    }

    /// The argument of that number, from 0; [`None`] where it was not given or is `()`.
    pub fn argument(&self, index: usize) -> Option<&Spanned<Value>> {
        self.call.args.get(index).filter(|value| !matches!(value.node, Value::Unit))
    }

    /// The argument of that number, from 0, read as a `T`. [`None`] where a problem was reported: the value is none, or it
    /// is missing where `T` is no [`Option`]. A record that is missing is one without keys.
    ///
    /// Read all arguments before the first `?`, so that a call with two problems reports both.
    pub fn read<T: FromConfig>(&mut self, index: usize) -> Option<Spanned<T>> {
        let absent =
            if matches!(T::KIND, Kind::Record(_)) && !T::OPTIONAL { Value::Map(Vec::new()) } else { Value::Unit };
        let absent = Spanned::new(absent, self.call.site);
        let given = self.argument(index).cloned().unwrap_or(absent);
        let mut reader = Reader::new(self.session.sink);
        reader.own(self.call.site);
        let read = T::from_config(&given, &mut reader);
        reader.finish();
        read.map(|read| Spanned::new(read, given.span))
    }

    /// Reports a problem. One without a place is put to the call.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.session.sink.push(diagnostic.placed(self.call.site));
    }

    /// What another function of the language gives, called at the same place: `call("environment", [name, options])`.
    /// [`None`] where it reported a problem.
    pub fn call(&mut self, function: &str, args: impl IntoIterator<Item = Value>) -> Option<Value> {
        let site = self.call.site;
        let language = self.session.language;
        let Some(function) = language.function(function) else {
            let message = format!("there is no function `{function}`");
            self.report(Diagnostic::new(Code::UnknownFunction, site, message));
            return None;
        };
        let args = args.into_iter().map(|value| Spanned::new(value.placed(site), site)).collect::<Vec<_>>();
        if !function.takes(args.len()) {
            self.report(function.wrong_arguments(site, args.len()));
            return None;
        }
        match function.call(&Call { function, site, args }, self.session) {
            Value::Broken(_) => None,
            value => Some(value),
        }
    }

    /// Declares an object: the script can read its keys, hand it on and compare it, and [`Project::all`] finds it.
    /// Its `kind` is the name of its record.
    ///
    /// [`Project::all`]: super::Project::all
    pub fn declare<K: Config>(&mut self, name: Option<Spanned<String>>, keys: K) -> Option<Value> {
        let object = Object::new(Arc::new(Own { name, site: self.call.site, keys }));
        self.session.project.declared.push(object.clone());
        Some(Value::Object(object))
    }
}

/// What [`Invocation::declare`] makes: an object of an embedder's own.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Own<K> {
    /// What it is called, where it has a name.
    pub name: Option<Spanned<String>>,
    /// The name of the function in the call.
    pub site: Span,
    /// Its keys.
    pub keys: K,
}

impl<K> std::ops::Deref for Own<K> {
    type Target = K;

    fn deref(&self) -> &K {
        &self.keys
    }
}

impl<K: Config> Declared for Own<K> {
    fn kind(&self) -> &'static str {
        K::NAME
    }

    fn name(&self) -> Option<Spanned<String>> {
        self.name.clone()
    }

    fn site(&self) -> Span {
        self.site
    }

    fn keys(&self) -> Vec<(&'static str, Spanned<Value>)> {
        self.keys.entries()
    }
}

impl<K: Config> Returned for Own<K> {
    const FUNCTION: &'static str = K::NAME;
}
