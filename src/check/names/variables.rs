//! Variables that do not exist, or not where they are used.

use super::Check;
use super::program::File;
use super::scopes::{How, Role, Use};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::METHODS;
use crate::syntax::{Call, Node, SyntaxKind as K};

/// The methods that take a function.
const TAKE_FUNCTIONS: &[&str] = &[
    "all",
    "dedup",
    "drain",
    "filter",
    "find",
    "find_map",
    "for_each",
    "index_of",
    "map",
    "reduce",
    "reduce_rev",
    "retain",
    "some",
    "sort",
];

/// Reports a use of a variable that nothing defines.
pub(super) fn check(check: &mut Check<'_, '_>, used: &Use<'_>, file: &File<'_>) {
    let known = used.definition.is_some() || check.program.functions.contains_key(used.name);
    if known || used.how != How::Value || used.place.tried || check.program.probed.contains(used.name) {
        return;
    }
    let is_native = check.is_native(used.name) || METHODS.iter().any(|method| method.name == used.name);
    if check.texts.language.function(used.name).is_some() || is_native && is_callback(used.node) {
        let message = format!("`{}` is a function, and a value belongs here", used.name);
        let help = format!("wrap it into a closure: `|x| {}(x)`", used.name);
        return check.report(used.node, Diagnostic::new(Code::FunctionAsValue, used.span, message).help(help));
    }
    if used.place.function.is_some_and(|name| check.program.capturing.contains(name.text())) {
        return;
    }
    let problem = match file.globals.get(used.name).filter(|_| used.place.function.is_some()) {
        Some((name, constant)) => outer(used, *constant).related(name.span(), "defined here, at the top level"),
        None => unknown(check, used, file),
    };
    check.report(used.node, problem);
}

/// Whether the value is an argument of a call that takes a function: `names.map(len)`.
fn is_callback(node: Node<'_>) -> bool {
    let call = node.parent().filter(|around| around.kind() == K::Arguments).and_then(Node::parent);
    let name = call.and_then(Call::cast).and_then(Call::name);
    name.is_some_and(|name| TAKE_FUNCTIONS.contains(&name.text()))
}

fn outer(used: &Use<'_>, constant: bool) -> Diagnostic {
    let name = used.name;
    let message = format!("a function does not see the variable `{name}` from outside");
    let help = if constant {
        format!("write `global::{name}`, or give it as an argument")
    } else {
        format!("give it as an argument, or declare `const {name} = …;` at the top level and write `global::{name}`")
    };
    Diagnostic::new(Code::OuterVariable, used.span, message).help(help)
}

fn unknown(check: &mut Check<'_, '_>, used: &Use<'_>, file: &File<'_>) -> Diagnostic {
    if check.program.aliases.contains_key(used.name) {
        let message = format!("`{}` is a module, and a value belongs here", used.name);
        let help = format!("what a module exports is written `{}::name`", used.name);
        return Diagnostic::new(Code::UnknownVariable, used.span, message).help(help);
    }
    let message = format!("there is no variable `{}`", used.name);
    let problem = Diagnostic::new(Code::UnknownVariable, used.span, message);
    let scopes = &file.scopes;
    let elsewhere = || scopes.definitions.iter().filter(|one| one.name.text() == used.name);
    let start = used.span.start;
    if !check.may_suggest() {
        return problem;
    }
    if let Some(later) = elsewhere().find(|one| one.from > start && scopes.encloses(one, start)) {
        let (label, help) = if later.name.span().start < start {
            ("defined here, with a value that uses it", "give it a value that does not use it")
        } else {
            ("defined here, after it is used", "move its definition before this use")
        };
        return problem.related(later.name.span(), label).help(help);
    }
    let ended = elsewhere().rev().find(|one| {
        let is_defined = matches!(one.role, Role::Variable | Role::Constant);
        is_defined && one.name.span().start < start && scopes.is_near(one, start)
    });
    if let Some(ended) = ended {
        let label = "this one ends with the block that it is defined in";
        let help = "define it before the block, and assign to it inside";
        return problem.related(ended.name.span(), label).help(help);
    }
    let near = scopes.names_at(start).into_iter().map(|one| one.name.text());
    problem.suggest(used.name, near.chain(file.functions.keys().copied()))
}
