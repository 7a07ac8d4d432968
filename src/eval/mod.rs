//! Runs a script in the cage: from text to declared records, every value with the place where it was written.

mod builtins;
mod engine;
mod errors;
mod library;
mod lift;
mod limits;
mod literals;
mod lower;
mod modules;
mod natives;
mod objects;
mod signature;
mod sites;
mod sizes;
mod state;
#[cfg(test)]
mod testing;
mod texts;
mod trees;
mod watch;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use rhai::{AST, Dynamic, Engine, Expr, GlobalRuntimeState, ImmutableString, Module, Scope, Stmt};

pub(crate) use self::limits::amount;
pub use self::limits::{Cancellation, Cancelled, Limits};
pub use self::natives::NATIVES;
use self::objects::Broken;
use self::state::{Shared, State};
pub use self::trees::Trees;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Language, Parameters, Project};
use crate::source::{Host, Origin, SourceId, SourceMap, Span};
use crate::syntax::Parsed;

/// The stack of the thread that evaluates: the limits of depth keep to a part of it.
const STACK: usize = 256 << 20;

/// Whether the system has threads. WebAssembly has none: there everything runs on the stack that there is, and whoever builds
/// for it gives that its size and lowers the limits of depth.
pub const THREADS: bool = cfg!(not(target_family = "wasm"));

/// What a small script takes of the heap; glibc gives back at once what is more than 128 KiB.
const HEAP: usize = 120 << 10;

/// What came of a run.
#[derive(Debug)]
pub struct Evaluated {
    /// Every text, the imported ones too.
    pub sources: SourceMap,
    /// The trees of the texts.
    pub trees: BTreeMap<SourceId, Arc<Parsed>>,
    /// Where the texts that have syntax errors have them.
    pub faults: BTreeMap<SourceId, Vec<Span>>,
    /// What was declared.
    pub project: Project,
    /// What was wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// What `print` and `debug` said, a line each.
    pub printed: Vec<String>,
}

/// Runs `work` where there is the stack that evaluation needs, in a thread of its own.
///
/// # Panics
/// Where the system gives no thread.
pub fn with_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if !THREADS {
        return work();
    }
    std::thread::scope(|scope| {
        let thread = builder().spawn_scoped(scope, || with_heap(work));
        thread.expect("the system gives a thread").join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// Starts a thread with the stack that evaluation needs, which does `work`.
///
/// # Panics
/// Where the system gives no thread.
pub fn spawn_with_stack(work: impl FnOnce() + Send + 'static) {
    // Nobody waits for it: what it has to say it says itself.
    drop(builder().spawn(|| with_heap(work)).expect("the system gives a thread"));
}

fn builder() -> std::thread::Builder {
    std::thread::Builder::new().stack_size(STACK)
}

fn with_heap<T>(work: impl FnOnce() -> T) -> T {
    // The heap of a thread grows page by page; what was asked for once stays with it.
    drop(std::hint::black_box(Vec::<u8>::with_capacity(HEAP)));
    work()
}

/// What an evaluation is given beside the script.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    /// Reads modules.
    pub host: &'a Arc<dyn Host>,
    /// What the script may call and import.
    pub language: &'a Arc<Language>,
    /// Values for `param(…)`.
    pub parameters: &'a Parameters,
    /// What the script may take.
    pub limits: &'a Limits,
    /// The word from outside that ends it.
    pub cancellation: &'a Cancellation,
    /// What was read before.
    pub known: Option<&'a Arc<Trees>>,
}

/// Evaluates the script `script` of `sources`. To be called inside of [`with_stack`].
pub fn evaluate(setting: Setting<'_>, sources: SourceMap, script: SourceId) -> Evaluated {
    let project = Project::new(&sources.get(script).path);
    let state: Shared = Rc::new(RefCell::new(State::new(setting, sources, project)));
    let engine = engine::build(&state);
    if let Some(ast) = parse(&engine, &state, script) {
        Run { engine: &engine, state: &state, ast: &ast }.statements();
    }
    drop(engine);
    let state = Rc::into_inner(state).expect("the engine held the last copies").into_inner();
    Evaluated {
        sources: state.sources,
        trees: state.trees,
        faults: state.faults,
        project: state.project,
        diagnostics: state.sink.into_sorted(),
        printed: state.printed,
    }
}

/// Reads a text: its tree, and where it has no syntax errors, what the interpreter makes of it.
fn parse(engine: &Engine, state: &Shared, source: SourceId) -> Option<AST> {
    let mut state = state.borrow_mut();
    let text = state.sources.get(source).text.clone();
    let parsed = match &state.known {
        Some(known) => known.parsed(state.sources.get(source)),
        None => Arc::new(crate::syntax::parse(source, &text)),
    };
    state.trees.insert(source, Arc::clone(&parsed));
    if text.lines().any(|line| line.len() > SourceMap::MAX_LINES) {
        let message = format!("a line has at most {} bytes", SourceMap::MAX_LINES);
        state.sink.push(Diagnostic::new(Code::TooLong, Span::new(source, 0, 0), message));
        return None;
    }
    let together: usize = state.sources.iter().map(|source| source.text.len()).sum();
    if together > SourceMap::MAX_TOGETHER {
        let message = format!("all texts of a run together have at most {} bytes", SourceMap::MAX_TOGETHER);
        state.sink.push(Diagnostic::new(Code::TooLong, Span::new(source, 0, 0), message));
        return None;
    }
    let sound = !parsed.diagnostics.iter().any(Diagnostic::is_error);
    if !sound {
        let spans = parsed.diagnostics.iter().map(|diagnostic| diagnostic.primary.span).collect();
        state.faults.insert(source, spans);
    }
    state.sink.extend(parsed.diagnostics.iter().cloned());
    let library = state.sources.get(source).origin == Origin::Stdlib;
    if !library {
        state.sites.add(source, &parsed.tree);
    }
    if !sound {
        return None;
    }
    let Some(first) = state.place(source) else {
        let message = format!("all texts of a run together have at most {} lines", SourceMap::MAX_LINES);
        state.sink.push(Diagnostic::new(Code::TooLong, Span::new(source, 0, 0), message));
        return None;
    };
    let mark = state.sources.get(source).mark() as usize;
    let placed = format!("{}{}", "\n".repeat(first), &text[mark..]);
    match engine.compile(&placed) {
        // What stands in the standard library was computed, as far as a script can tell.
        Ok(ast) if library => Some(ast),
        Ok(ast) => {
            let mut literals = std::mem::take(&mut state.literals);
            let marked = literals::mark(ast, &mut literals, &|position| state.literal(position));
            state.literals = literals;
            Some(marked)
        }
        Err(error) => {
            // Our own parser accepted it; what the interpreter refuses all the same is said at its place.
            let span = state.token(error.position()).unwrap_or(Span::new(source, 0, 0));
            let problem = errors::unreadable(error.err_type(), span, &state.limits);
            state.sink.push(problem);
            None
        }
    }
}

/// One evaluation of a script's top level.
struct Run<'a> {
    engine: &'a Engine,
    state: &'a Shared,
    ast: &'a AST,
}

impl Run<'_> {
    /// Runs one statement after the other: after a problem the next one is tried, so that a run finds them all.
    fn statements(&self) {
        let mut global = self.engine.new_global_runtime_state();
        global.lib.push(self.ast.shared_lib().clone());
        let mut caches = rhai::Caches::new();
        let mut scope = Scope::new();
        for statement in self.ast.statements() {
            let one = std::slice::from_ref(statement);
            let (variables, imports) = (scope.len(), global.num_imports());
            #[expect(deprecated, reason = "the one way to go on after a statement that failed")]
            let result = self.engine.eval_statements_raw(&mut global, &mut caches, &mut scope, one);
            match result {
                Ok(_) if matches!(statement, Stmt::Return(..)) => break,
                Ok(_) => {}
                Err(error) => {
                    errors::report(&error, statement.position(), self.state);
                    // The interpreter finds names by their number, counted from the last.
                    scope.rewind(variables);
                    global.truncate_imports(imports);
                    self.mend(statement, &mut scope, &mut global);
                    if errors::is_limit(&error) || self.state.borrow().sink.is_full() {
                        break;
                    }
                }
            }
        }
    }

    /// Puts something into what the statement would have defined, so that its users are not blamed.
    fn mend(&self, statement: &Stmt, scope: &mut Scope<'_>, global: &mut GlobalRuntimeState) {
        match statement {
            Stmt::Var(parts, ..) => {
                scope.push_dynamic(parts.0.name.clone(), Dynamic::from(Broken(None)));
            }
            Stmt::Assignment(parts) => {
                if let Expr::Variable(variable, ..) = &parts.1.lhs
                    && scope.contains(&variable.1)
                {
                    scope.set_value(variable.1.clone(), Broken(None));
                }
            }
            Stmt::Import(parts, _) => {
                let name: &ImmutableString = &parts.1.name;
                self.state.borrow_mut().missing.insert(name.to_string());
                let mut nothing = Module::new();
                nothing.build_index();
                global.push_import(name.clone(), nothing);
            }
            _ => {}
        }
    }
}
