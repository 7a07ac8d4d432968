//! The standard library: the way into its functions.
//!
//! A problem inside of it is the caller's business, who cannot edit it. Rhai tells a native function the place of the
//! innermost call alone, so each exported function is wrapped in a native one that notes where the user's text calls
//! it, for as long as it runs. What does not import the library never comes here.

use std::any::TypeId;
use std::rc::Rc;

use rhai::{
    AST, ASTFlags, Caches, Dynamic, Engine, FnNamespace, FuncRegistration, GlobalRuntimeState, Module,
    NativeCallContext, RhaiFunc, Scope, Stmt,
};

use super::objects::{Broken, Failure};
use super::state::Shared;

/// Evaluates a module's text. Unlike a module of the user's it sees nothing of what imports it.
pub(super) fn evaluate(engine: &Engine, ast: &AST, state: &Shared) -> Result<Module, Failure> {
    let mut global = engine.new_global_runtime_state();
    global.lib.push(ast.shared_lib().clone());
    let mut scope = Scope::new();
    #[expect(deprecated, reason = "the one way to keep what the functions see")]
    let _ = engine.eval_statements_raw(&mut global, &mut Caches::new(), &mut scope, ast.statements())?;
    let mut module = Module::new();
    for statement in ast.statements() {
        if let Stmt::Var(parts, flags, _) = statement
            && flags.contains(ASTFlags::EXPORTED)
            && let Some(value) = scope.get(&parts.0.name)
        {
            module.set_var(parts.0.name.clone(), value.clone());
        }
    }
    let home = Rc::new(global);
    for function in ast.iter_functions().filter(|function| function.access == rhai::FnAccess::Public) {
        wrap(function.name, function.params.len(), &home, state, &mut module);
    }
    Ok(module)
}

/// Adds the native function that stands for a function of the library.
fn wrap(name: &str, arity: usize, home: &Rc<GlobalRuntimeState>, state: &Shared, module: &mut Module) {
    // The state holds the modules, so they do not hold it.
    let (home, state) = (Rc::clone(home), Rc::downgrade(state));
    let call = move |context: Option<NativeCallContext<'_>>, args: &mut [&mut Dynamic]| match (context, state.upgrade())
    {
        (Some(context), Some(state)) => enter(&context, args, &home, &state),
        _ => Ok(Dynamic::UNIT),
    };
    let function = RhaiFunc::Pure { func: Rc::new(call), has_context: true, is_pure: true, is_volatile: true };
    FuncRegistration::new(name).with_namespace(FnNamespace::Internal).set_into_module_raw(
        module,
        vec![TypeId::of::<Dynamic>(); arity],
        function,
    );
}

/// Runs a function of the library with its own functions, imports and constants in sight, and the caller's behind them:
/// closures of the caller's still find theirs.
fn enter(
    context: &NativeCallContext<'_>,
    args: &mut [&mut Dynamic],
    home: &GlobalRuntimeState,
    state: &Shared,
) -> Result<Dynamic, Failure> {
    if args.iter().any(|arg| arg.is::<Broken>()) {
        return Ok(Dynamic::from(Broken(None)));
    }
    let outer = context.global_runtime_state();
    let mut global = outer.clone();
    global.lib.extend(home.lib.iter().cloned());
    home.scan_imports_raw().for_each(|(name, module)| global.push_import(name.clone(), module.clone()));
    if home.constants.is_some() {
        global.constants.clone_from(&home.constants);
    }
    let (engine, name, position) = (context.engine(), context.fn_name(), context.call_position());
    let inner = NativeCallContext::new_with_all_fields(engine, name, None, &global, position);
    let errors = state.borrow_mut().enter(position);
    let result = inner.call_fn_raw(name, false, false, args);
    let failed = state.borrow_mut().leave(errors);
    // What reports a problem and gives nothing would have given something.
    result.map(|value| if value.is_unit() && failed { Dynamic::from(Broken(None)) } else { value })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::eval::testing::Plain;
    use crate::model::{Partition, Region};
    use crate::schema::Text;
    use crate::source::{Origin, SourceMap};
    use crate::stdlib::MODULES;

    /// What `print` says in a script.
    fn printed(script: &str) -> Vec<String> {
        let mut sources = SourceMap::new();
        let id = sources.add("a.aphex", "a.aphex", script, Origin::Script);
        let evaluated = crate::eval::evaluate(Plain::new().setting(), sources, id);
        assert!(evaluated.diagnostics.is_empty(), "{:#?}", evaluated.diagnostics);
        evaluated.printed
    }

    /// The regions of each group.
    fn groups() -> Vec<(String, Vec<String>)> {
        let (_, text) = MODULES.iter().find(|(name, _)| *name == "aphex/regions").expect("it is a module");
        let names = text.lines().filter_map(|line| line.strip_prefix("export const ")?.split(' ').next());
        let names: Vec<&str> = names.collect();
        let lines: Vec<String> = names.iter().map(|name| format!("print(regions::{name}.join(\",\"));")).collect();
        let said = printed(&format!("import \"aphex/regions\" as regions;{}", lines.concat()));
        let regions = said.iter().map(|line| line.split(',').map(str::to_owned).collect());
        names.into_iter().map(str::to_owned).zip(regions).collect()
    }

    #[test]
    fn each_region_is_in_one_group_and_each_group_in_one_partition() {
        let mut all = Vec::new();
        for (name, regions) in groups() {
            let partitions = regions.iter().map(|region| Region::parse(region).expect("a region").partition());
            assert_eq!(partitions.collect::<BTreeSet<_>>().len(), 1, "{name} is in one partition");
            all.extend(regions);
        }
        all.sort();
        let isolated = [Partition::AwsIso, Partition::AwsIsoB, Partition::AwsIsoE, Partition::AwsIsoF];
        let open = |region: &&str| !isolated.contains(&Region::parse(region).expect("a region").partition());
        let mut known: Vec<String> = Region::known().filter(open).map(str::to_owned).collect();
        known.sort();
        assert_eq!(all, known, "each region that is not an isolated one, once");
    }

    #[test]
    fn no_two_regions_have_one_short_name() {
        let all: Vec<&str> = Region::known().collect();
        let calls = format!("for region in {all:?} {{ print(regions::short(region)); }}");
        let short = printed(&format!("import \"aphex/regions\" as regions;{calls}"));
        assert_eq!(short.iter().collect::<BTreeSet<_>>().len(), Region::known().count());
    }

    #[test]
    fn each_file_is_a_module() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("stdlib");
        let entries = std::fs::read_dir(folder).expect("the folder is there");
        let files = entries.map(|entry| entry.expect("it can be read").file_name().into_string().expect("UTF-8"));
        let modules = MODULES.iter().map(|(name, _)| format!("{}.aphex", name.trim_start_matches("aphex/")));
        assert_eq!(files.collect::<BTreeSet<_>>(), modules.collect());
    }
}
