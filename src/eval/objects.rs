//! What the functions of the language return, as the script sees it.

use std::rc::Rc;

use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, NativeCallContext, Position};

use super::lower::lower;
use super::state::Shared;
use crate::diagnostic::{Code, did_you_mean};
use crate::schema::Object;

/// Something declared, as a script's value: its keys can be read.
#[derive(Debug, Clone)]
pub(super) struct Handle {
    /// What is declared.
    pub(super) object: Object,
    properties: Rc<std::cell::OnceCell<rhai::Map>>,
}

/// What a call would have returned, had it not reported a problem. Whatever is done with it gives another one.
#[derive(Debug, Clone)]
pub(super) struct Broken(pub(super) Option<String>);

impl IntoIterator for Broken {
    type Item = Dynamic;
    type IntoIter = std::iter::Empty<Dynamic>;

    fn into_iter(self) -> Self::IntoIter {
        std::iter::empty()
    }
}

/// The error of a statement whose problem is reported already.
#[derive(Debug, Clone, Default)]
pub(super) struct Reported {
    /// Whether it was a limit, after which nothing more is evaluated.
    pub(super) limit: bool,
}

/// A problem of our own on its way to the place of the call.
#[derive(Debug, Clone)]
pub(super) struct Raised {
    /// Which problem.
    pub(super) code: Code,
    /// The message.
    pub(super) message: String,
    /// What to do.
    pub(super) help: Vec<String>,
}

impl Raised {
    /// A limit that was reached, after which nothing more is evaluated.
    pub(super) const fn limit(message: String) -> Self {
        Self { code: Code::LimitReached, message, help: Vec::new() }
    }
}

impl Handle {
    /// A handle to `object`.
    pub(super) fn new(object: Object) -> Self {
        Self { object, properties: Rc::default() }
    }

    /// Its name, or what it is where it has none.
    pub(super) fn text(&self) -> String {
        self.object.name().map_or_else(|| self.object.kind().to_owned(), |name| name.node)
    }

    fn words(&self) -> String {
        crate::schema::Value::Object(self.object.clone()).describe()
    }

    fn property(&self, state: &Shared, name: &str) -> Result<Dynamic, Failure> {
        let map = self.properties.get_or_init(|| {
            let mut state = state.borrow_mut();
            let keys = self.object.declared().keys().into_iter();
            let mut map: rhai::Map =
                keys.map(|(key, value)| (key.into(), lower(&value, &mut state.literals))).collect();
            map.insert("kind".into(), self.object.kind().into());
            let named = self.object.name();
            map.insert(
                "name".into(),
                named.map_or(Dynamic::UNIT, |name| lower(&name.map(crate::schema::Value::Str), &mut state.literals)),
            );
            map
        });
        map.get(name).cloned().ok_or_else(|| {
            let known: Vec<&str> = map.keys().map(rhai::Identifier::as_str).collect();
            no_property(&self.words(), name, &known)
        })
    }
}

/// An error of the interpreter's, which it wants boxed.
pub(super) type Failure = Box<EvalAltResult>;

/// An error that carries `what`.
#[expect(clippy::unnecessary_box_returns, reason = "the interpreter wants it boxed")]
pub(super) fn raise<T: Clone + 'static>(what: T) -> Failure {
    EvalAltResult::ErrorRuntime(Dynamic::from(what), Position::NONE).into()
}

#[expect(clippy::unnecessary_box_returns, reason = "the interpreter wants it boxed")]
fn no_property(owner: &str, name: &str, known: &[&str]) -> Failure {
    let near = did_you_mean(name, known.iter().copied());
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it has `{}`", known.join("`, `")),
    };
    let message = format!("{owner} has no property `{name}`");
    raise(Raised { code: Code::UnknownProperty, message, help: vec![help] })
}

/// Whether two values are the same, however deep; what is nested too deeply counts as another one.
fn same(a: &Dynamic, b: &Dynamic, depth: usize) -> bool {
    if depth > 60 || a.type_id() != b.type_id() {
        return false;
    }
    if let (Some(a), Some(b)) = (a.read_lock::<rhai::Array>(), b.read_lock::<rhai::Array>()) {
        return a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b, depth + 1));
    }
    if let (Some(a), Some(b)) = (a.read_lock::<rhai::Map>(), b.read_lock::<rhai::Map>()) {
        let mut pairs = a.iter().zip(b.iter());
        return a.len() == b.len() && pairs.all(|((x, a), (y, b))| x == y && same(a, b, depth + 1));
    }
    if let (Some(a), Some(b)) = (a.read_lock::<Handle>(), b.read_lock::<Handle>()) {
        return a.object.same(&b.object);
    }
    if let (Some(a), Some(b)) = (a.read_lock::<ImmutableString>(), b.read_lock::<ImmutableString>()) {
        return *a == *b;
    }
    a.is_unit() || (a.as_int().ok(), a.as_bool().ok()) == (b.as_int().ok(), b.as_bool().ok())
}

/// Lets scripts read objects, compare them and put them into texts.
pub(super) fn register(engine: &mut Engine, state: &Shared) {
    engine.register_type_with_name::<Handle>("object");
    let reader = Rc::clone(state);
    engine.register_indexer_get(move |_: NativeCallContext<'_>, handle: &mut Handle, name: ImmutableString| {
        handle.property(&reader, &name)
    });
    engine.register_indexer_set(|handle: &mut Handle, name: ImmutableString, value: Dynamic| -> Result<(), Failure> {
        // After a call on a property, as in `dev.stacks.map(…)`, the interpreter writes the property back.
        let held = handle.properties.get().and_then(|map| map.get(name.as_str()));
        if held.is_some_and(|held| same(held, &value, 0)) {
            return Ok(());
        }
        let message = format!("{} can be read, not changed", handle.words());
        let help = "give its function other values, or keep what differs in a map of your own".to_owned();
        Err(raise(Raised { code: Code::ReadOnly, message, help: vec![help] }))
    });
    engine.register_fn("==", |a: Handle, b: Handle| a.object.same(&b.object));
    engine.register_fn("!=", |a: Handle, b: Handle| !a.object.same(&b.object));
    engine.register_fn("to_string", |handle: &mut Handle| handle.text());
    engine.register_fn("to_debug", |handle: &mut Handle| handle.words());

    // What `catch` gets, where the problem is one of ours.
    engine.register_type_with_name::<Raised>("error");
    engine.register_fn("to_string", |raised: &mut Raised| raised.message.clone());
    engine.register_fn("to_debug", |raised: &mut Raised| raised.message.clone());
    engine.register_type_with_name::<Reported>("error");
    engine.register_fn("to_string", |_: &mut Reported| "a problem that is reported".to_owned());
    engine.register_fn("to_debug", |_: &mut Reported| "a problem that is reported".to_owned());

    engine.register_type_with_name::<Broken>("broken");
    engine.register_indexer_get(|broken: &mut Broken, _: ImmutableString| broken.clone());
    engine.register_indexer_get(|broken: &mut Broken, _: i64| broken.clone());
    engine.register_iterator::<Broken>();
    engine.register_indexer_set(|_: &mut Broken, _: ImmutableString, _: Dynamic| {});
    engine.register_fn("to_string", |broken: &mut Broken| broken.0.clone().unwrap_or_default());
    engine.register_fn("to_debug", |broken: &mut Broken| broken.0.clone().unwrap_or_default());
}
