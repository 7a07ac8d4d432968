//! The cage: an engine with chosen packages and limits.

use std::rc::Rc;

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage, BasicMathPackage,
    BasicStringPackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine};

use super::limits::Limits;
use super::modules::Resolver;
use super::sizes::Sizes;
use super::state::Shared;
use super::watch::Watch;

/// How deep expressions may lie in each other, at the top level and in functions.
const MAX_EXPRESSIONS: usize = 64;

/// The engine that reads scripts, without what a run adds: what it accepts is the language.
fn bare(limits: &Limits) -> Engine {
    let mut engine = Engine::new_raw();
    engine.disable_symbol("eval");
    engine.set_max_operations(limits.operations);
    engine.set_max_call_levels(limits.call_depth);
    engine.set_max_expr_depths(MAX_EXPRESSIONS, MAX_EXPRESSIONS);
    engine.set_max_string_size(limits.text_bytes);
    engine.set_max_array_size(limits.array_items);
    engine.set_max_map_size(limits.map_keys);
    engine.set_max_variables(limits.variables);
    engine.set_max_functions(limits.functions);
    engine.set_max_modules(limits.imports);
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

thread_local! {
    /// What every run of a thread shares: a thousand functions, which nothing changes.
    static PACKAGE: CagePackage = CagePackage::new();
}

/// The engine of a run.
pub(super) fn build(state: &Shared) -> Engine {
    let (limits, cancellation) = {
        let state = state.borrow();
        (state.limits.clone(), state.cancellation.clone())
    };
    let mut engine = bare(&limits);
    PACKAGE.with(|package| {
        package.register_into_engine(&mut engine);
    });
    super::objects::register(&mut engine, state);
    super::builtins::register(&mut engine, state);
    super::texts::register(&mut engine, limits.text_bytes);
    let watch = Watch::new(&limits, cancellation);
    engine.on_progress(move |operations| watch.look(operations).map(Dynamic::from));
    let sizes = Sizes::new(&limits);
    #[expect(deprecated, reason = "the one place that every use of a variable comes through")]
    engine.on_var(move |name, index, context| {
        sizes.variable(context.scope(), name, index)?;
        context.this_ptr().map_or(Ok(()), |this| sizes.value(this))?;
        Ok(None)
    });
    engine.set_module_resolver(Resolver(Rc::clone(state)));
    let printer = Rc::clone(state);
    engine.on_print(move |text| say(&printer, text.to_owned()));
    let printer = Rc::clone(state);
    engine.on_debug(move |text, _, _: rhai::Position| say(&printer, text.to_owned()));
    engine
}

fn say(state: &Shared, text: String) {
    let mut state = state.borrow_mut();
    let most = state.limits.printed_bytes;
    if state.printed_bytes + text.len() <= most {
        state.printed_bytes += text.len();
        state.printed.push(text);
    } else if state.printed_bytes < most {
        state.printed_bytes = most;
        state.printed.push("(what is printed after this is left out)".into());
    }
}
