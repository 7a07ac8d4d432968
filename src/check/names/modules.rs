//! Names in modules: `m::f(x)`, `m::NAME`, `global::NAME`.

use std::collections::BTreeSet;

use super::Check;
use super::functions::miscounted;
use super::program::File;
use super::scopes::{Called, Member};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::SourceId;
use crate::syntax::{Function, Token};

/// The word before the constants of the script.
const GLOBAL: &str = "global";

/// Reports a call of a function that the module does not have.
pub(super) fn call(check: &mut Check<'_, '_>, called: &Called<'_>) {
    let path = called.call.path();
    if called.place.tried {
        return;
    }
    if path.first().is_some_and(|root| root.text() == GLOBAL) && !check.program.aliases.contains_key(GLOBAL) {
        return global_call(check, called, path[0]);
    }
    let Some(ids) = modules(check, &path, called.call.node()) else { return };
    let (name, given) = (called.name.text(), called.call.arguments().count());
    let files: Vec<&File<'_>> = ids.iter().filter_map(|id| check.program.files.get(id)).collect();
    let public = |file: &&File<'_>| functions(file, name).any(|one| !one.is_private());
    if files.iter().any(|file| functions(file, name).any(|one| !one.is_private() && takes(one, given))) {
        return;
    }
    let full = full_name(&path, name);
    let problem = match files.iter().find(|file| public(file)) {
        Some(file) => {
            let own: Vec<_> = functions(file, name).filter(|one| !one.is_private()).collect();
            miscounted(called, &full, &own, given)
        }
        None => missing_function(check, called, &full, &files),
    };
    check.report(called.call.node(), problem);
}

fn functions<'a, 't>(file: &'a File<'t>, name: &str) -> impl Iterator<Item = Function<'t>> + use<'a, 't> {
    file.functions.get(name).into_iter().flatten().copied()
}

fn takes(function: Function<'_>, given: usize) -> bool {
    function.receiver().is_some() || function.parameters().count() == given
}

fn full_name(path: &[Token<'_>], name: &str) -> String {
    path.iter().map(|token| token.text()).chain([name]).collect::<Vec<_>>().join("::")
}

fn missing_function(check: &mut Check<'_, '_>, called: &Called<'_>, full: &str, files: &[&File<'_>]) -> Diagnostic {
    let (name, span) = (called.name.text(), called.name.span());
    let Some(file) = files.first() else {
        return Diagnostic::new(Code::UnknownFunction, span, format!("there is no function `{full}`"));
    };
    if let Some(hidden) = functions(file, name).find_map(Function::name) {
        let problem = Diagnostic::new(Code::UnknownFunction, span, format!("`{full}` is private to its module"));
        return problem.related(hidden.span(), "declared `private` here").help("remove `private` there");
    }
    if let Some(exported) = file.exports.get(name) {
        let message = format!("`{full}` is a variable, and a closure cannot be called outside of its module");
        let problem = Diagnostic::new(Code::ClosureCall, span, message).related(exported.span(), "exported here");
        return problem.help(format!("declare it there as a function: `fn {name}(…) {{ … }}`"));
    }
    let problem = Diagnostic::new(Code::UnknownFunction, span, format!("there is no function `{full}`"));
    let public = file.functions.iter().filter(|(_, all)| all.iter().any(|one| !one.is_private()));
    let public: Vec<&str> = public.map(|(name, _)| *name).collect();
    if !check.may_suggest() {
        return problem;
    }
    let problem = problem.suggest(name, public.iter().copied());
    listed(problem, &public)
}

/// The problem with what the module has, where nothing near was found and that is not too much to say.
fn listed(problem: Diagnostic, names: &[&str]) -> Diagnostic {
    if !problem.help.is_empty() || names.is_empty() || names.len() > 8 {
        return problem;
    }
    let names = crate::schema::and(names.iter().map(|name| format!("`{name}`")));
    problem.help(format!("the module has {names}"))
}

fn global_call(check: &mut Check<'_, '_>, called: &Called<'_>, root: Token<'_>) {
    let problem = Diagnostic::new(Code::UnknownModule, root.span(), "`global::` holds constants, not functions");
    check.report(called.call.node(), problem.help(format!("write `{}(…)`, without it", called.name.text())));
}

/// Reports a use of a variable that the module does not export, or of a constant that no top level has.
pub(super) fn member(check: &mut Check<'_, '_>, member: &Member<'_>, file: &File<'_>) {
    let name = member.name.text();
    let node = member.name.node();
    if member.place.tried {
        return;
    }
    if member.path.first().is_some_and(|root| root.text() == GLOBAL) && !check.program.aliases.contains_key(GLOBAL) {
        if member.path.len() == 1 && !check.program.constants.contains(name) {
            let problem = missing_constant(check, member, file);
            check.report(node, problem);
        }
        return;
    }
    let Some(ids) = modules(check, &member.path, node) else { return };
    let files: Vec<&File<'_>> = ids.iter().filter_map(|id| check.program.files.get(id)).collect();
    if files.iter().any(|file| file.exports.contains_key(name)) {
        return;
    }
    let problem = missing_variable(check, member, &files);
    check.report(node, problem);
}

fn missing_constant(check: &mut Check<'_, '_>, member: &Member<'_>, file: &File<'_>) -> Diagnostic {
    let (name, span) = (member.name.text(), member.name.span());
    let problem = Diagnostic::new(Code::UnknownVariable, span, format!("there is no variable `global::{name}`"));
    if let Some((variable, _)) = file.globals.get(name) {
        let label = "this is a variable, and `global::` reaches constants alone";
        return problem.related(variable.span(), label).help(format!("declare it as `const {name} = …;`"));
    }
    if !check.may_suggest() {
        return problem;
    }
    problem.suggest(name, check.program.constants.iter().copied())
}

fn missing_variable(check: &mut Check<'_, '_>, member: &Member<'_>, files: &[&File<'_>]) -> Diagnostic {
    let (name, span) = (member.name.text(), member.name.span());
    let full = full_name(&member.path, name);
    let problem = Diagnostic::new(Code::UnknownVariable, span, format!("there is no variable `{full}`"));
    let Some(file) = files.first() else { return problem };
    if let Some((hidden, constant)) = file.globals.get(name) {
        let word = if *constant { "const" } else { "let" };
        let problem = problem.related(hidden.span(), "its module has one, and does not export it");
        return problem.help(format!("write `export {word} {name} = …;` there"));
    }
    if functions(file, name).any(|one| !one.is_private()) {
        let message = format!("`{full}` is a function, and a value belongs here");
        let help = format!("wrap it into a closure: `|x| {full}(x)`");
        return Diagnostic::new(Code::FunctionAsValue, span, message).help(help);
    }
    if !check.may_suggest() {
        return problem;
    }
    let exported: Vec<&str> = file.exports.keys().copied().collect();
    let problem = problem.suggest(name, exported.iter().copied());
    listed(problem, &exported)
}

/// The texts that a path may stand for; none where one of them is not known, or where the path was reported.
fn modules(check: &mut Check<'_, '_>, path: &[Token<'_>], node: crate::syntax::Node<'_>) -> Option<BTreeSet<SourceId>> {
    let (root, rest) = path.split_first()?;
    let Some(found) = check.program.aliases.get(root.text()) else {
        let problem = unknown_module(check, *root);
        check.report(node, problem);
        return None;
    };
    let mut ids: BTreeSet<SourceId> = found.iter().copied().collect::<Option<_>>()?;
    for token in rest {
        let files = ids.iter().map(|id| check.program.files.get(id));
        let next: Option<Vec<Option<SourceId>>> =
            files.map(|file| Some(file?.modules.get(token.text()).copied().flatten())).collect();
        ids = next?.into_iter().collect::<Option<_>>()?;
    }
    let loaded = |id: &SourceId| check.program.files.contains_key(id) && !check.is_faulty(*id);
    if ids.iter().all(loaded) { Some(ids) } else { None }
}

fn unknown_module(check: &mut Check<'_, '_>, root: Token<'_>) -> Diagnostic {
    let name = root.text();
    let message = format!("nothing imported is called `{name}`");
    let problem = Diagnostic::new(Code::UnknownModule, root.span(), message);
    let near = crate::diagnostic::did_you_mean(name, check.program.aliases.keys().copied());
    match near.filter(|_| check.may_suggest()) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help(format!("import it: `import \"./…\" as {name};`")),
    }
}
