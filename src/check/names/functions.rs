//! Calls of functions that do not exist, or not with so many arguments.

use super::program::File;
use super::scopes::Called;
use super::{Check, keys};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::METHODS;
use crate::syntax::{self, Node, SyntaxKind as K, words};

/// Reports what is wrong with a call of a function without a path.
pub(super) fn check(check: &mut Check<'_, '_>, called: &Called<'_>, file: &File<'_>) {
    let name = called.name.text();
    let given = called.call.arguments().count();
    if words::CALLABLE_WORDS.contains(&name) || check.program.probed.contains(name) {
        return;
    }
    if called.call.is_method() && may_be_map(called.call.receiver()) && check.program.is_key(name) {
        return;
    }
    if let Some(counts) = check.program.functions.get(name) {
        let fits = counts.as_ref().is_none_or(|counts| counts.contains(&given));
        if !fits && !called.place.tried && !check.is_native(name) {
            wrong_arguments(check, called, file, given);
        } else if !called.place.is_top_level() || file.functions.contains_key(name) || !check.is_script(called) {
            return;
        } else if !check.is_native(name) {
            missing(check, called, file);
        }
        return;
    }
    if let Some(function) = check.texts.language.function(name) {
        let all = given + usize::from(called.call.is_method());
        if function.takes(all) {
            keys::check(check, called, function);
        } else if !called.place.tried {
            check.report(called.call.node(), function.wrong_arguments(called.name.span(), all));
        }
        return;
    }
    let is_known = check.is_native(name) || METHODS.iter().any(|method| method.name == name);
    if !is_known && !called.place.tried {
        missing(check, called, file);
    }
}

/// Whether a value before a dot may be a map, whose keys may hold functions.
fn may_be_map(receiver: Option<Node<'_>>) -> bool {
    receiver.is_none_or(|node| !matches!(node.kind(), K::Literal | K::Template | K::Array | K::Closure))
}

fn missing(check: &mut Check<'_, '_>, called: &Called<'_>, file: &File<'_>) {
    let (name, span) = (called.name.text(), called.name.span());
    if called.variable.is_some() {
        return check.report(called.call.node(), closure_call(called, name));
    }
    let problem = Diagnostic::new(Code::UnknownFunction, span, format!("there is no function `{name}`"));
    let module = file.modules.iter().find(|(_, id)| id.is_some_and(|id| check.exports_function(id, name)));
    let problem = match module {
        Some((alias, _)) => problem.help(format!("the module `{alias}` has one: write `{alias}::{name}`")),
        None if check.may_suggest() => suggest(check, problem, called, file),
        None => problem,
    };
    check.report(called.call.node(), problem);
}

/// The problem of a call of the variable `name`.
fn closure_call(called: &Called<'_>, name: &str) -> Diagnostic {
    let message = format!("`{name}` is a variable; a closure in it is not called like a function");
    let help = format!("write `{name}.call({})`", vec!["…"; called.call.arguments().count()].join(", "));
    Diagnostic::new(Code::ClosureCall, called.name.span(), message).help(help)
}

fn suggest(check: &Check<'_, '_>, problem: Diagnostic, called: &Called<'_>, file: &File<'_>) -> Diagnostic {
    let name = called.name.text();
    let language = check.texts.language.functions().map(|one| one.name).chain(METHODS.iter().map(|one| one.name));
    let natives = check.texts.natives.iter().copied().filter(|name| words::is_name(name));
    let known = language.chain(file.functions.keys().copied());
    if called.call.is_method() {
        return problem.suggest(name, known.chain(natives));
    }
    let visible = file.scopes.names_at(called.name.span().start);
    let variables = visible.iter().map(|one| one.name.text());
    match did_you_mean(name, known.chain(variables).chain(natives)) {
        Some(near) if visible.iter().any(|one| one.name.text() == near) && !file.functions.contains_key(near) => {
            problem.help(format!("did you mean the closure `{near}`? it is called with `{near}.call(…)`"))
        }
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem,
    }
}

fn wrong_arguments(check: &mut Check<'_, '_>, called: &Called<'_>, file: &File<'_>, given: usize) {
    let name = called.name.text();
    let own = file.functions.get(name).map(Vec::as_slice).unwrap_or_default();
    if !own.is_empty() {
        check.report(called.call.node(), miscounted(called, name, own, given));
    }
}

/// The problem of a call of one of `functions`, none of which takes so many arguments.
pub(super) fn miscounted(
    called: &Called<'_>,
    name: &str,
    functions: &[syntax::Function<'_>],
    given: usize,
) -> Diagnostic {
    let most = functions.iter().map(|one| one.parameters().count()).max().unwrap_or(0);
    let few = if given < most { "few" } else { "many" };
    let usages = functions.iter().map(|one| {
        let parameters: Vec<&str> = one.parameters().map(syntax::Token::text).collect();
        format!("`{name}({})`", parameters.join(", "))
    });
    let message = format!("too {few} arguments for `{name}`: it is called like {}", crate::schema::or(usages));
    let problem = Diagnostic::new(Code::WrongArguments, called.name.span(), message);
    let first = functions.first().and_then(|one| one.name());
    first.map_or(problem.clone(), |name| problem.related(name.span(), "defined here"))
}
