//! The functions of the language, registered from their table: no code for any one of them here.

use std::any::TypeId;
use std::rc::Rc;
use std::sync::Arc;

use rhai::{Dynamic, Engine, NativeCallContext};

use super::lift::Lift;
use super::limits::amount;
use super::lower::lower;
use super::objects::{Broken, Failure, Handle, Raised, raise};
use super::sizes::text_bytes;
use super::state::{NOWHERE, Shared, State};
use crate::diagnostic::Code;
use crate::model::{Call, Function, Session};
use crate::schema::Value;
use crate::source::{Span, Spanned};

/// Registers every function and method of the language.
pub(super) fn register(engine: &mut Engine, state: &Shared) {
    let language = Arc::clone(&state.borrow().language);
    for (number, function) in language.functions().enumerate() {
        let most = if function.variadic { Function::VARIADIC } else { function.params.len() + 1 };
        for arity in 0..=most {
            let state = Rc::clone(state);
            engine.register_raw_fn(
                function.name,
                vec![TypeId::of::<Dynamic>(); arity],
                move |context: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> Result<Dynamic, Failure> {
                    let mut state = state.borrow_mut();
                    let most = state.limits.declarations;
                    if state.project.declared.len() + state.project.broken.len() >= most {
                        return Err(raise(Raised::limit(format!("the script declares more than {most} things"))));
                    }
                    for arg in args.iter() {
                        state.declared_bytes = state.declared_bytes.saturating_add(text_bytes(arg));
                    }
                    if state.declared_bytes > state.limits.declared_bytes {
                        let most = amount(state.limits.declared_bytes);
                        let message = format!("what the script declares holds more than {most} of text");
                        return Err(raise(Raised::limit(message)));
                    }
                    Ok(call(number, context.call_position(), args, &mut state))
                },
            );
        }
    }
    // Rhai would make one text of both, which nobody means who adds to an array.
    engine.register_fn("+", |_: rhai::Array, _: rhai::ImmutableString| text_and_array());
    engine.register_fn("+", |_: rhai::ImmutableString, _: rhai::Array| text_and_array());
    engine.register_fn("+=", |_: &mut rhai::ImmutableString, _: rhai::Array| text_and_array());
    engine.register_fn("flatten", flatten);
    let most = state.borrow().limits.text_bytes;
    engine.register_fn("join", move |items: &mut rhai::Array, separator: &str| join(items, separator, most));
    engine.register_fn("join", move |items: &mut rhai::Array| join(items, "", most));
    engine.register_fn("merge", |map: &mut rhai::Map, other: rhai::Map| merge(map, &other, 0));
}

/// Calls the function of that number.
fn call(number: usize, position: rhai::Position, args: &[&mut Dynamic], state: &mut State) -> Dynamic {
    let language = Arc::clone(&state.language);
    let Some(function) = language.functions().nth(number) else { return Dynamic::UNIT };
    let written = state.token(position).unwrap_or(NOWHERE);
    let site = state.outside(written);
    let args = lifted(args, site, site == written, state);
    if !function.takes(args.len()) {
        state.sink.push(function.wrong_arguments(site, args.len()));
        return Dynamic::from(Broken(None));
    }
    let State { sink, project, parameters, loading, .. } = state;
    let in_module = !loading.is_empty();
    let mut session = Session { in_module, ..Session::new(&language, sink, project, parameters) };
    let value = function.call(&Call { function, site, args }, &mut session);
    match value {
        Value::Unit => Dynamic::UNIT,
        Value::Object(object) => Dynamic::from(Handle::new(object)),
        value if function.is_own() => lower(&Spanned::new(value, site), &mut state.literals),
        value => lower(&placed(value, site), &mut state.literals),
    }
}

/// A computed value, with every part of it at the call that made it.
fn placed(value: Value, site: Span) -> Spanned<Value> {
    let node = match value {
        Value::List(items) => Value::List(items.into_iter().map(|item| placed(item.node, site)).collect()),
        other => other,
    };
    Spanned::new(node, site)
}

/// The arguments of a call at `site`; `direct` where they are the ones that stand there.
fn lifted(args: &[&mut Dynamic], site: Span, direct: bool, state: &State) -> Vec<Spanned<Value>> {
    let hints = if direct { super::sites::arguments(&state.trees, site, args.len()) } else { Vec::new() };
    let lift = Lift { literals: &state.literals, trees: &state.trees, sites: &state.sites };
    args.iter().enumerate().map(|(index, arg)| lift.lift(arg, hints.get(index).copied(), site)).collect()
}

fn text_and_array() -> Result<Dynamic, Failure> {
    Err(raise(Raised {
        code: Code::WrongOperands,
        message: "`+` does not go between an array and a text".into(),
        help: vec!["`+` joins arrays: put the item into one, `array + [item]`".into()],
    }))
}

fn flatten(items: &mut rhai::Array) -> rhai::Array {
    let mut flat = rhai::Array::new();
    for item in items {
        match item.read_lock::<rhai::Array>() {
            Some(inner) => flat.extend(inner.iter().cloned()),
            None => flat.push(item.clone()),
        }
    }
    flat
}

fn join(items: &mut rhai::Array, separator: &str, most: usize) -> Result<String, Failure> {
    let mut text = String::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            text.push_str(separator);
        }
        match item.read_lock::<Handle>() {
            Some(handle) => text.push_str(&handle.text()),
            None if item.is_array() || item.is_map() || item.is_fnptr() || item.is_unit() => {
                let message = format!("`join` takes an array of texts, and item {index} is not one");
                return Err(raise(Raised { code: Code::WrongArguments, message, help: Vec::new() }));
            }
            None => text.push_str(&item.to_string()),
        }
        if text.len() > most {
            return Err(raise(super::texts::too_long(most)));
        }
    }
    Ok(text)
}

fn merge(map: &rhai::Map, other: &rhai::Map, depth: usize) -> rhai::Map {
    let mut merged = map.clone();
    for (key, value) in other {
        let both = match (merged.get(key).and_then(Dynamic::read_lock::<rhai::Map>), value.read_lock::<rhai::Map>()) {
            (Some(mine), Some(theirs)) if depth < 60 => Some(merge(&mine, &theirs, depth + 1)),
            _ => None,
        };
        merged.insert(key.clone(), both.map_or_else(|| value.clone(), Dynamic::from_map));
    }
    merged
}
