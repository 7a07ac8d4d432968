//! The cage: an engine with chosen packages and limits.

use std::rc::Rc;
use std::time::{Duration, Instant};

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage,
    BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine};

use super::modules::Resolver;
use super::state::Shared;

/// How many operations a run may take.
pub(crate) const MAX_OPERATIONS: u64 = 3_000_000;
/// How long a run may take. Operations are counted, not weighed: each may copy the largest array. No script that ends
/// comes near it, so that what comes out does not depend on the machine.
pub(crate) const MAX_TIME: Duration = Duration::from_secs(3);
/// How many operations go by from one look at the clock to the next.
const TICK: u64 = 256;
/// How deep calls may lie in each other.
pub(crate) const MAX_CALLS: usize = 64;
/// How deep expressions may lie in each other, at the top level and in functions.
pub(crate) const MAX_EXPRESSIONS: usize = 64;
/// The longest text, in bytes.
pub(crate) const MAX_TEXT: usize = 1 << 20;
/// The most items of an array, those of the arrays in it counted too. Rhai measures an array anew at every change.
pub(crate) const MAX_ITEMS: usize = 10_000;
/// The most keys of a map, those of the maps in it counted too.
pub(crate) const MAX_KEYS: usize = 10_000;
/// The most variables at one time.
pub(crate) const MAX_VARIABLES: usize = 10_000;
/// The most functions of a script, closures counted too.
pub(crate) const MAX_FUNCTIONS: usize = 5_000;
/// The most calls of the language's functions that declare something.
pub(crate) const MAX_DECLARED: usize = 50_000;
/// The most imports of a run.
pub(crate) const MAX_MODULES: usize = 500;
/// The most that `print` and `debug` may say, in bytes.
const MAX_PRINTED: usize = 256 << 10;

/// The engine that reads scripts, without what a run adds: what it accepts is the language.
pub(crate) fn bare() -> Engine {
    let mut engine = Engine::new_raw();
    engine.disable_symbol("eval");
    engine.set_max_operations(MAX_OPERATIONS);
    engine.set_max_call_levels(MAX_CALLS);
    engine.set_max_expr_depths(MAX_EXPRESSIONS, MAX_EXPRESSIONS);
    engine.set_max_string_size(MAX_TEXT);
    engine.set_max_array_size(MAX_ITEMS);
    engine.set_max_map_size(MAX_KEYS);
    engine.set_max_variables(MAX_VARIABLES);
    engine.set_max_functions(MAX_FUNCTIONS);
    engine.set_max_modules(MAX_MODULES);
    engine.set_fail_on_invalid_map_property(true);
    // Each text of a script is an allocation of its own, by which it is known wherever it goes.
    engine.set_max_strings_interned(0);
    engine
}

rhai::def_package! {
    /// What scripts have of Rhai's own, in one module. Not the core package: it sleeps, exits, parses JSON and shows the
    /// tags that carry places.
    CagePackage(module):
        ArithmeticPackage, BasicStringPackage, BasicIteratorPackage, BasicFnPackage, LogicPackage, BasicMathPackage,
        BasicArrayPackage, BasicMapPackage, MoreStringPackage
    {}
}

/// The engine of a run.
pub(super) fn build(state: &Shared) -> Engine {
    let mut engine = bare();
    CagePackage::new().register_into_engine(&mut engine);
    super::objects::register(&mut engine, state);
    super::builtins::register(&mut engine, state);
    super::texts::register(&mut engine);
    let start = Instant::now();
    engine
        .on_progress(move |operations| (operations % TICK == 0 && start.elapsed() > MAX_TIME).then_some(Dynamic::UNIT));
    engine.set_module_resolver(Resolver(Rc::clone(state)));
    let printer = Rc::clone(state);
    engine.on_print(move |text| say(&printer, text.to_owned()));
    let printer = Rc::clone(state);
    engine.on_debug(move |text, _, _: rhai::Position| say(&printer, text.to_owned()));
    engine
}

fn say(state: &Shared, text: String) {
    let mut state = state.borrow_mut();
    if state.printed_bytes + text.len() <= MAX_PRINTED {
        state.printed_bytes += text.len();
        state.printed.push(text);
    } else if state.printed_bytes < MAX_PRINTED {
        state.printed_bytes = MAX_PRINTED;
        state.printed.push("(what is printed after this is left out)".into());
    }
}
