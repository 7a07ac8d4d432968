//! What our parser and Rhai's say of a text, where they differ.

use aphex::diagnostic::{Code, Diagnostic};
use aphex::source::{Origin, SourceMap};
use aphex::syntax::{self, MAX_DEPTH};

/// Where we refuse what Rhai takes: the code, part of the message, and why.
const STRICTER: &[(Code, &str, &str)] = &[
    (Code::UnclosedComment, "", "Rhai takes the rest of the file for a comment, silently"),
    (Code::WrongArguments, "a function takes at most", "Rhai tries out very many types for the arguments of a call"),
    (Code::MissingExpression, "the body of the closure", "Rhai takes `|x|` and `|x| ;` at the end of the text"),
    (
        Code::UnexpectedToken,
        "`!` cannot follow a call after a dot",
        "Rhai takes `x.f!()`, where it means nothing, inside a longer chain",
    ),
    (
        Code::WrongType,
        "a closure where a condition",
        "Rhai takes a closure for a condition where it uses an outer variable",
    ),
    (
        Code::BadCase,
        "a case is a value that is written out",
        "Rhai takes closures and `Fn(\"…\")` as cases, which nothing equals",
    ),
];

/// An engine that reads scripts as ours does.
pub(crate) fn engine() -> rhai::Engine {
    let mut engine = rhai::Engine::new();
    engine.set_max_expr_depths(MAX_DEPTH, MAX_DEPTH);
    engine.disable_symbol("eval");
    engine
}

/// What our parser makes of a text.
pub(crate) fn read(text: &str) -> syntax::Parsed {
    let id = SourceMap::new().add("a.aphex", "a.aphex", text, Origin::Script);
    syntax::parse(id, text)
}

/// What the two say, where they differ.
pub(crate) fn difference(engine: &rhai::Engine, text: &str) -> Option<String> {
    let ours: Vec<Diagnostic> = read(text).diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    let theirs = engine.compile(text.trim_start_matches('\u{feff}')).err();
    let allowed = !ours.is_empty() && ours.iter().all(is_stricter);
    if ours.is_empty() == theirs.is_none() || allowed {
        return None;
    }
    let ours: Vec<_> = ours.iter().map(|problem| (problem.primary.span.range(), &problem.message)).collect();
    Some(format!("---\n{text}\n---\nRhai: {theirs:?}\nours: {ours:?}\n"))
}

fn is_stricter(problem: &Diagnostic) -> bool {
    STRICTER.iter().any(|(code, part, _)| problem.code == *code && problem.message.contains(part))
}
