//! A value that a closure uses must not also stand before the dot of the call that the closure is given to.
//!
//! The interpreter holds the value before the dot during the call, and refuses an argument that would use it.

use super::Check;
use super::scopes::{Called, How, Scopes};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::{Node, SyntaxKind as K, words};

/// Reports the closures among the arguments of `called` that use what it works on.
pub(super) fn check(check: &mut Check<'_, '_>, called: &Called<'_>, scopes: &Scopes<'_>) {
    let built_in = words::METHOD_WORDS.contains(&called.name.text());
    let Some(receiver) = called.call.receiver().filter(|_| !built_in && !called.place.tried) else { return };
    let root = root(receiver).span();
    let Some(held) = scopes.use_at(root.start).filter(|used| used.span == root) else { return };
    // A closure takes the name of a function for the function.
    let Some(definition) = held.definition.filter(|_| !check.program.functions.contains_key(held.name)) else { return };
    for closure in called.call.arguments().filter(|argument| argument.kind() == K::Closure) {
        let mut inside = scopes.uses_in(closure.span()).iter();
        let Some(used) = inside.find(|used| used.definition == Some(definition) && used.how == How::Value) else {
            continue;
        };
        let name = held.name;
        let message = format!("`{name}` is used by the very closure that works on it");
        let whole =
            Some(opened(receiver).text()).filter(|text| text.len() <= 40 && !text.contains('\n')).unwrap_or(name);
        let help = format!(
            "write `for item in {whole} {{ … }}`, or give the value as an argument: `{}({whole}, |item| …)`",
            called.name.text()
        );
        let problem = Diagnostic::new(Code::ClosureConflict, held.span, message).help(help);
        check.report(closure, problem.related(used.span, "used here"));
        return;
    }
}

/// The expression, brackets around it taken off.
fn opened(mut node: Node<'_>) -> Node<'_> {
    while node.kind() == K::Paren
        && let Some(inner) = node.children().next()
    {
        node = inner;
    }
    node
}

/// What a chain of properties, indexes and calls starts with.
fn root(node: Node<'_>) -> Node<'_> {
    let mut node = node;
    while matches!(node.kind(), K::Property | K::Index | K::MethodCall | K::Paren) {
        match node.children().next() {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}
