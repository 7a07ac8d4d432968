//! The interpreter as a library: what an embedder builds once and evaluates scripts with.

mod builder;
mod pool;
mod script;
mod session;

use std::sync::Arc;

pub use builder::{BuildError, Builder};
pub use script::Script;
pub use session::Session;

use self::pool::Pool;
use crate::compile::{Around, Evaluation, Input, Options, Setup, compile_here};
use crate::eval::{Cancellation, Cancelled, Limits, Trees};
use crate::model::{Language, Parameters};
use crate::reference::Reference;
use crate::source::{Host, MemoryHost};

/// Evaluates scripts: their typed pipelines, what is wrong with them, and the files that they become.
///
/// It holds no state that a script could see. Clones share what it is made of, and it may be used from many threads at once:
/// each evaluation runs in a thread that no other one uses at the time, with the stack that it needs (256 MiB of
/// addresses, of which little is ever touched). Up to eight such threads wait for the next evaluations until the last
/// clone is gone.
///
/// ```
/// use aphex::{Interpreter, Script};
///
/// let script = Script::new("pipeline.aphex", r#"
///     let app = stack("AppStack");
///     let dev = environment("dev", #{ acount: "111111111111", region: "eu-west-1", stacks: [app] });
/// "#);
/// let evaluation = Interpreter::default().evaluate(&script);
/// let problems: Vec<String> = evaluation.problems().map(|problem| problem.to_string()).collect();
/// assert_eq!(problems, ["pipeline.aphex:3:37: error[unknown-key]: `environment` has no key `acount`"]);
/// ```
#[derive(Clone)]
pub struct Interpreter {
    setup: Arc<Setup>,
    host: Arc<dyn Host>,
    parameters: Arc<Parameters>,
    pool: Arc<Pool>,
    known: Option<Arc<Trees>>,
}

impl Default for Interpreter {
    /// aphex itself, for scripts that import no file of a project.
    fn default() -> Self {
        Self::new(Setup::default(), Arc::new(MemoryHost::new()), Parameters::new())
    }
}

impl std::fmt::Debug for Interpreter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Setup { language, limits, rules, emitters } = &*self.setup;
        f.debug_struct("Interpreter")
            .field("language", language)
            .field("limits", limits)
            .field("rules", &rules.len())
            .field("emitters", &emitters.iter().map(|emitter| emitter.name()).collect::<Vec<_>>())
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

impl Interpreter {
    fn new(setup: Setup, host: Arc<dyn Host>, parameters: Parameters) -> Self {
        let (setup, parameters) = (Arc::new(setup), Arc::new(parameters));
        Self { setup, host, parameters, pool: Arc::default(), known: None }
    }

    /// An interpreter of another make than [`Interpreter::default`].
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Evaluates a script.
    ///
    /// # Panics
    /// Where the system gives no thread, and where a function, rule or emitter of an embedder's panics.
    pub fn evaluate(&self, script: &Script) -> Evaluation {
        self.evaluate_until(script, &Cancellation::new()).expect("nobody else has the word that would cancel it")
    }

    /// Evaluates a script, unless `cancellation` ends it before it is done.
    ///
    /// # Errors
    /// Where `cancellation` ended it.
    ///
    /// # Panics
    /// As [`evaluate`](Self::evaluate) does.
    pub fn evaluate_until(&self, script: &Script, cancellation: &Cancellation) -> Result<Evaluation, Cancelled> {
        let (own, script, cancellation) = (self.clone(), script.clone(), cancellation.clone());
        self.pool.run(move || own.run(&own.host, script.input(), &script.options, &cancellation))
    }

    fn run(
        &self,
        host: &Arc<dyn Host>,
        input: Input<'_>,
        options: &Options,
        cancellation: &Cancellation,
    ) -> Result<Evaluation, Cancelled> {
        let mut options = options.clone();
        self.parameters.iter().for_each(|(name, value)| {
            options.parameters.entry(name.clone()).or_insert_with(|| value.clone());
        });
        let around = Around { host, cancellation, known: self.known.as_ref() };
        compile_here(&self.setup, around, input, &options)
    }

    /// What keeps the texts of a project between the evaluations of its scripts, as an editor needs it.
    pub fn session(&self) -> Session {
        Session::new(self)
    }

    /// The reference of the language, with the functions, modules and problems that an embedder adds: what documentation,
    /// completion and a hover have to say.
    pub fn reference(&self) -> Reference {
        Reference::of(&self.setup.language)
    }

    /// What a script may take.
    pub fn limits(&self) -> &Limits {
        &self.setup.limits
    }

    /// The same interpreter for another project.
    #[must_use]
    pub fn with_host(&self, host: impl Host + 'static) -> Self {
        Self { host: Arc::new(host), ..self.clone() }
    }

    /// Evaluates a script in the project of `host`, where the caller has the stack that evaluation needs.
    pub(crate) fn compile_here(&self, host: &Arc<dyn Host>, input: Input<'_>, options: &Options) -> Evaluation {
        let compiled = self.run(host, input, options, &Cancellation::new());
        compiled.expect("nobody else has the word that would cancel it")
    }

    pub(crate) fn language(&self) -> &Language {
        &self.setup.language
    }
}
