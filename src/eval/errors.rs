//! What goes wrong while a script runs, in the user's terms and at the text that is wrong.

use rhai::{Dynamic, EvalAltResult, Position};

use super::limits::{Limits, amount};
use super::natives::{NATIVES, is_native};
use super::objects::{Broken, Handle, Raised, Reported};
use super::signature::Signature;
use super::state::{NOWHERE, Shared, State};
use super::watch::Over;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Whether a limit was reached, after which nothing more is evaluated.
pub(super) fn is_limit(error: &EvalAltResult) -> bool {
    use EvalAltResult as E;
    match innermost(error) {
        E::ErrorTooManyOperations(..)
        | E::ErrorTooManyVariables(..)
        | E::ErrorTooManyModules(..)
        | E::ErrorStackOverflow(..)
        | E::ErrorDataTooLarge(..)
        | E::ErrorTerminated(..) => true,
        E::ErrorRuntime(value, _) => {
            let reported = value.read_lock::<Reported>().is_some_and(|reported| reported.limit);
            reported || value.read_lock::<Raised>().is_some_and(|raised| raised.code == Code::LimitReached)
        }
        _ => false,
    }
}

/// Reports `error` of the statement at `statement`, unless it only follows from what is reported already.
pub(super) fn report(error: &EvalAltResult, statement: Position, state: &Shared) {
    let mut state = state.borrow_mut();
    let mut calls = Vec::new();
    let inner = unwrap(error, &mut calls);
    // Innermost first.
    calls.reverse();
    let places = std::iter::once(inner.position()).chain(calls.iter().map(|(_, position)| *position));
    // What fails in the standard library is put to the call that leads there: nobody can edit the library.
    let mut spans = places.chain([statement]).filter_map(|position| state.token(position));
    let span = spans.find(|span| !state.is_library(*span)).unwrap_or(NOWHERE);
    let Some(mut diagnostic) = diagnose(inner, span, &state) else { return };
    let mut seen = vec![diagnostic.primary.span];
    for (name, position) in calls {
        if let Some(span) = state.token(position)
            && !seen.contains(&span)
            && !state.is_library(span)
        {
            seen.push(span);
            diagnostic = diagnostic.trace(span, format!("in this call of {name}"));
        }
    }
    diagnostic.trace.truncate(8);
    state.sink.push(diagnostic);
}

fn innermost(error: &EvalAltResult) -> &EvalAltResult {
    unwrap(error, &mut Vec::new())
}

/// The error itself, and the calls around it, outermost first.
fn unwrap<'a>(mut error: &'a EvalAltResult, calls: &mut Vec<(String, Position)>) -> &'a EvalAltResult {
    loop {
        match error {
            EvalAltResult::ErrorInFunctionCall(name, _, inner, position) => {
                let name = if name.starts_with("anon$") { "the closure".to_owned() } else { format!("`{name}`") };
                calls.push((name, *position));
                error = inner;
            }
            EvalAltResult::ErrorInModule(_, inner, _) => error = inner,
            _ => return error,
        }
    }
}

fn diagnose(error: &EvalAltResult, span: Span, state: &State) -> Option<Diagnostic> {
    use EvalAltResult as E;
    let found = |code, message: String| Some(Diagnostic::new(code, span, message));
    match error {
        E::ErrorFunctionNotFound(signature, _) => function_not_found(signature, span, state),
        E::ErrorVariableNotFound(name, _) => variable_not_found(name, last_name(span, name, state), state),
        E::ErrorModuleNotFound(name, _) => module_not_found(name, span, state),
        E::ErrorPropertyNotFound(name, _) => Some(no_key(name, span)),
        E::ErrorIndexNotFound(key, _) => Some(no_key(&key.to_string(), span)),
        E::ErrorDotExpr(_, _) => Some(dot(span, state)),
        E::ErrorIndexingType(..) => found(Code::WrongType, "this value cannot be indexed".into()),
        E::ErrorMismatchDataType(wanted, found_type, _) => {
            if is_broken(found_type) {
                return None;
            }
            let message = format!("expected {}, found {}", Signature::words(wanted), Signature::words(found_type));
            found(Code::WrongType, message)
        }
        E::ErrorFor(_) => {
            found(Code::WrongType, "`for` goes through an array, a range or a text, and this is none".into())
                .map(|diagnostic| diagnostic.help("for the entries of a map: `for key in map.keys() { … }`"))
        }
        E::ErrorDataRace(..) => {
            // Which value it is, the interpreter does not say.
            let message = "a value before a dot is used by the very closure that works on it";
            let help = "write `for item in items { … }`, or give the value as an argument: `map(items, |item| …)`";
            found(Code::ClosureConflict, message.into()).map(|diagnostic| diagnostic.help(help))
        }
        E::ErrorAssignmentToConstant(name, _) | E::ErrorNonPureMethodCallOnConstant(name, _) => {
            found(Code::AssignToConstant, format!("`{name}` is a constant, or changes one"))
                .map(|diagnostic| diagnostic.help("declare the value with `let` where it is to change"))
        }
        E::ErrorArrayBounds(..) | E::ErrorStringBounds(..) | E::ErrorBitFieldBounds(..) => Some(bounds(error, span)),
        E::ErrorArithmetic(words, _) => found(Code::BadArithmetic, arithmetic(words).into()),
        E::ErrorUnboundThis(_) => {
            found(Code::UnknownVariable, "there is no `this` here: it exists in functions called after a dot".into())
        }
        E::ErrorRuntime(value, _) => thrown(value, span),
        E::ErrorTooManyOperations(_)
        | E::ErrorTooManyVariables(_)
        | E::ErrorTooManyModules(_)
        | E::ErrorStackOverflow(_)
        | E::ErrorDataTooLarge(..)
        | E::ErrorTerminated(..) => Some(limit(error, span, &state.limits)),
        _ => found(Code::UncaughtError, "this cannot be evaluated".into()),
    }
}

/// What a calculation that has no result did, in Rhai's words and in ours.
fn arithmetic(words: &str) -> &'static str {
    let words = words.to_lowercase();
    if words.contains("zero") {
        "something is divided by zero"
    } else if words.contains("pars") {
        "the text is not a number"
    } else {
        "the result does not fit into an integer of 64 bits"
    }
}

fn thrown(value: &Dynamic, span: Span) -> Option<Diagnostic> {
    if value.is::<Reported>() || value.is::<Broken>() {
        return None;
    }
    // What `catch` makes of an error of the interpreter's own, in its words.
    let own = |map: &rhai::Map| map.get("error").is_some_and(|error| error.to_string().starts_with("Error"));
    if value.read_lock::<rhai::Map>().is_some_and(|map| own(&map)) {
        let message = "what was caught is thrown again, and nothing catches it";
        let help = "take the `try` away to see the problem at its place";
        return Some(Diagnostic::new(Code::UncaughtError, span, message).help(help));
    }
    if let Some(raised) = value.read_lock::<Raised>() {
        let diagnostic = Diagnostic::new(raised.code, span, raised.message.clone());
        return Some(raised.help.iter().fold(diagnostic, Diagnostic::help));
    }
    let text = match value.read_lock::<Handle>() {
        Some(handle) => handle.text(),
        None => value.to_string(),
    };
    let message = if text.is_empty() { "something was thrown here, and nothing caught it".into() } else { text };
    Some(Diagnostic::new(Code::UncaughtError, span, message).label("thrown here, and nothing catches it"))
}

fn no_key(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::UnknownProperty, span, format!("the map has no key `{name}`"))
        .help(format!("where it may be missing, read it with `.get(\"{name}\") ?? default`"))
}

fn dot(span: Span, state: &State) -> Diagnostic {
    let name = state.sources.text(span);
    Diagnostic::new(Code::UnknownProperty, span, format!("this value has no property `{name}`"))
}

fn bounds(error: &EvalAltResult, span: Span) -> Diagnostic {
    let (what, length, index) = match error {
        EvalAltResult::ErrorArrayBounds(length, index, _) => ("the array", *length, *index),
        EvalAltResult::ErrorStringBounds(length, index, _) => ("the text", *length, *index),
        EvalAltResult::ErrorBitFieldBounds(length, index, _) => ("the number, bit by bit,", *length, *index),
        _ => ("the value", 0, 0),
    };
    let items = match length {
        0 => "nothing in it".to_owned(),
        1 => "one item, number 0".to_owned(),
        _ => format!("{length} items, numbers 0 to {}", length - 1),
    };
    Diagnostic::new(Code::OutOfBounds, span, format!("{what} has {items}; there is no number {index}"))
}

fn limit(error: &EvalAltResult, span: Span, limits: &Limits) -> Diagnostic {
    let message = match error {
        EvalAltResult::ErrorTooManyOperations(_) => {
            format!("the script takes more than {} operations", limits.operations)
        }
        EvalAltResult::ErrorTooManyVariables(_) => {
            format!("there are more than {} variables at one time", limits.variables)
        }
        EvalAltResult::ErrorTooManyModules(_) => format!("there are more than {} imports", limits.imports),
        EvalAltResult::ErrorStackOverflow(_) => format!("calls lie more than {} deep in each other", limits.call_depth),
        EvalAltResult::ErrorDataTooLarge(what, _) => too_large(what, limits),
        EvalAltResult::ErrorTerminated(over, _)
            if over.read_lock::<Over>().is_some_and(|over| *over == Over::Memory) =>
        {
            format!("the script takes more than {} of memory", amount(limits.memory_bytes))
        }
        _ => format!("the script takes longer than {} seconds", limits.time.as_secs_f64()),
    };
    let usual = match error {
        EvalAltResult::ErrorStackOverflow(_) => "function that calls itself without an end",
        _ => "loop that does not end",
    };
    Diagnostic::new(Code::LimitReached, span, message)
        .help(format!("a script only declares: a {usual} is the usual reason"))
}

/// What is too large, in Rhai's words and in ours.
fn too_large(words: &str, limits: &Limits) -> String {
    if words.contains("tring") {
        return format!("a text, or the texts of a value together, are longer than {} bytes", limits.text_bytes);
    }
    if words.contains("map") {
        return format!("a map has more than {} keys", limits.map_keys);
    }
    format!("an array has more than {} items", limits.array_items)
}

/// The problem of a text that our own parser accepted and the interpreter refuses.
pub(super) fn unreadable(error: &rhai::ParseErrorType, span: Span, limits: &Limits) -> Diagnostic {
    use rhai::ParseErrorType as E;
    match error {
        E::TooManyFunctions => {
            let message = format!("a text has more than {} functions, closures counted too", limits.functions);
            Diagnostic::new(Code::LimitReached, span, message)
        }
        E::LiteralTooLarge(words, _) => Diagnostic::new(Code::LimitReached, span, too_large(words, limits)),
        _ => Diagnostic::new(Code::UnexpectedToken, span, "the interpreter cannot read this"),
    }
}

fn module_not_found(name: &str, span: Span, state: &State) -> Option<Diagnostic> {
    if state.missing.contains(name) {
        return None;
    }
    let message = format!("nothing imported is called `{name}`");
    Some(Diagnostic::new(Code::UnknownModule, span, message).help(format!("import it: `import \"./…\" as {name};`")))
}

fn variable_not_found(name: &str, span: Span, state: &State) -> Option<Diagnostic> {
    if is_of_missing_module(name, state) {
        return None;
    }
    let sites = state.sites.names(span);
    if state.language.function(name).is_some() || sites.functions.contains(name) {
        let message = format!("`{name}` is a function, and a value belongs here");
        let help = format!("wrap it into a closure: `|x| {name}(x)`");
        return Some(Diagnostic::new(Code::FunctionAsValue, span, message).help(help));
    }
    if sites.variables.contains(name) {
        let message = format!("a function does not see the variable `{name}` from outside");
        let help = format!(
            "give it as an argument, or declare `const {name} = …;` at the top level and write `global::{name}`"
        );
        return Some(Diagnostic::new(Code::OuterVariable, span, message).help(help));
    }
    let message = format!("there is no variable `{name}`");
    let known = sites.variables.iter().map(String::as_str);
    Some(Diagnostic::new(Code::UnknownVariable, span, message).suggest(name, known))
}

/// The place of the name itself in `m::NAME`, where the interpreter says that `m` is.
fn last_name(span: Span, name: &str, state: &State) -> Span {
    let tree = state.tree(span.source).filter(|_| name.contains("::"));
    let variable = tree.and_then(|tree| tree.node_at(span.start)).and_then(crate::syntax::Variable::cast);
    variable.and_then(crate::syntax::Variable::name).map_or(span, crate::syntax::Token::span)
}

fn function_not_found(signature: &str, span: Span, state: &State) -> Option<Diagnostic> {
    let signature = Signature::read(signature);
    if signature.types.iter().any(|name| is_broken(name)) {
        return None;
    }
    let name = signature.name;
    if state.sources.text(span).ends_with("in") && name == "contains" {
        let [holder, item] = &signature.types[..] else { return None };
        let message = format!("`in` does not look for {} in {}", Signature::words(item), Signature::words(holder));
        return Some(Diagnostic::new(Code::WrongOperands, span, message));
    }
    if name.contains("cannot be sorted") {
        let message = "values of different types have no order";
        let help = "say which comes first: `sort(|a, b| …)`, which gives a negative number, 0 or a positive one";
        return Some(Diagnostic::new(Code::WrongArguments, span, message).help(help));
    }
    if name.starts_with("anon$") {
        return Some(closure_not_found(&signature, span, state));
    }
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return Some(operator(&signature, span));
    }
    if is_of_missing_module(name, state) {
        return None;
    }
    let sites = state.sites.names(span);
    if let Some(function) = state.language.function(name) {
        return Some(function.wrong_arguments(span, signature.types.len()));
    }
    if sites.variables.contains(name) && !sites.functions.contains(name) {
        let message = format!("`{name}` is a variable; a closure in it is not called like a function");
        let help = format!("write `{name}.call({})`", vec!["…"; signature.types.len()].join(", "));
        return Some(Diagnostic::new(Code::ClosureCall, span, message).help(help));
    }
    if is_native(name) || sites.functions.contains(name) {
        let given = if signature.types.is_empty() { "nothing".into() } else { signature.given() };
        let message = format!("`{name}` does not take {given}");
        return Some(Diagnostic::new(Code::WrongArguments, span, message));
    }
    let known = state.language.functions().map(|function| function.name);
    let known = known.chain(sites.functions.iter().map(String::as_str)).chain(NATIVES.iter().copied());
    Some(Diagnostic::new(Code::UnknownFunction, span, format!("there is no function `{name}`")).suggest(name, known))
}

/// The problem of a closure that takes other arguments, or that a module exports: only functions can leave it.
fn closure_not_found(signature: &Signature<'_>, span: Span, state: &State) -> Diagnostic {
    let node = state.tree(span.source).and_then(|tree| tree.node_at(span.start));
    let receiver = node.and_then(crate::syntax::Call::cast).and_then(crate::syntax::Call::receiver);
    let variable = receiver.and_then(crate::syntax::Variable::cast);
    if variable.is_some_and(|variable| !variable.path().is_empty()) {
        let message = "a closure cannot be called outside of the module that made it";
        let help = "declare it there as a function, with `fn`";
        return Diagnostic::new(Code::ClosureCall, span, message).help(help);
    }
    let message = match signature.types.len() {
        0 => "the closure that is called here takes arguments, and gets none".to_owned(),
        1 => "the closure that is called here does not take one argument".to_owned(),
        count => format!("the closure that is called here does not take {count} arguments"),
    };
    Diagnostic::new(Code::WrongArguments, span, message)
}

fn operator(signature: &Signature<'_>, span: Span) -> Diagnostic {
    let types: Vec<&str> = signature.types.iter().map(|name| Signature::words(name)).collect();
    let message = match &types[..] {
        [one] => format!("`{}` does not take {one}", signature.name),
        [one, other] => format!("`{}` does not go between {one} and {other}", signature.name),
        _ => format!("`{}` does not take {}", signature.name, signature.given()),
    };
    let diagnostic = Diagnostic::new(Code::WrongOperands, span, message);
    match (signature.name, &types[..]) {
        ("+" | "+=", ["an array" | "a map", "an array" | "a map"]) => diagnostic,
        ("+" | "+=", ["an array", _]) => diagnostic.help("`+` joins arrays: put the item into one, `array + [item]`"),
        ("+" | "+=", [_, "an array"]) => diagnostic.help("`+` joins arrays: put the item into one, `[item] + array`"),
        _ => diagnostic,
    }
}

/// Whether `m::name` is in a module whose import failed.
fn is_of_missing_module(name: &str, state: &State) -> bool {
    name.split_once("::").is_some_and(|(module, _)| state.missing.contains(module))
}

fn is_broken(type_name: &str) -> bool {
    type_name == "broken"
}
