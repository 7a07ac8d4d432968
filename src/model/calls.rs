//! What the functions of the language do with what they are given.

use std::sync::Arc;

use super::approval::{Approval, ApprovalKeys};
use super::aws::AccountId;
use super::functions::{Call, Session};
use super::item::{Item, Keys};
use super::kubernetes::{ClusterName, ObjectName};
use super::notification::{Slack, SlackKeys, Webhook, WebhookKeys};
use super::pipeline::{Pipeline, PipelineKeys};
use super::region::Region;
use super::secret::Secret;
use super::stage::{Flow, Wave};
use super::step::StepKeys;
use super::words::{Message, Name};
use crate::diagnostic::{Code, Diagnostic};
use crate::schema::{Declared, FromConfig, NonEmpty, Object, Reader, Text, Value};
use crate::source::{Span, Spanned};

/// Something with a name and keys.
pub(super) fn item<N, K>(call: &Call<'_>, session: &mut Session<'_>) -> Value
where
    N: Text + std::fmt::Debug + Send + Sync + 'static,
    K: Keys,
{
    match named::<N, K>(call, session, |_| {}) {
        Ok(item) => declare(session, Arc::new(item)),
        Err(name) => broken(session, K::FUNCTION, name),
    }
}

/// A step, which has either commands or a command.
pub(super) fn step(call: &Call<'_>, session: &mut Session<'_>) -> Value {
    let step = match named::<Name, StepKeys>(call, session, |_| {}) {
        Ok(step) => step,
        Err(name) => return broken(session, StepKeys::FUNCTION, name),
    };
    let problem = match (&step.commands.node, &step.command.node) {
        (None, None) => {
            Some(Diagnostic::new(Code::MissingKey, call.site, "`step` misses the key `commands` or `command`"))
        }
        (Some(_), Some(_)) => Some(
            Diagnostic::new(Code::BadValue, step.command.span, "`command`: a step has either `commands` or `command`")
                .related(step.commands.span, "and here are its `commands`"),
        ),
        (Some(_), None) if !step.args.is_empty() => {
            Some(Diagnostic::new(Code::BadValue, step.args.span, "`args`: they belong to `command`, not to `commands`"))
        }
        _ => None,
    };
    match problem {
        Some(problem) => {
            session.sink.push(problem);
            broken(session, StepKeys::FUNCTION, Some(step.name.map(|name| name.as_str().to_owned())))
        }
        None => declare(session, Arc::new(step)),
    }
}

/// A pipeline, whose defaults are made from its name, account, region and cluster.
pub(super) fn pipeline(call: &Call<'_>, session: &mut Session<'_>) -> Value {
    if session.in_module {
        let message = "a module's top level declares no pipeline";
        let help = "declare it in a function of the module, which the script calls, or in the script itself";
        session.sink.push(Diagnostic::new(Code::PipelineInModule, call.site, message).help(help));
    }
    let words = default_words(call);
    let define = |reader: &mut Reader<'_>| words.into_iter().for_each(|(word, text)| reader.define(word, text));
    match named::<Name, PipelineKeys>(call, session, define) {
        Ok(item) => {
            let pipeline: Arc<Pipeline> = Arc::new(item);
            session.project.pipelines.push(pipeline.clone());
            declare(session, pipeline)
        }
        Err(name) => broken(session, PipelineKeys::FUNCTION, name),
    }
}

/// Stages side by side or in order.
pub(super) fn wave(call: &Call<'_>, session: &mut Session<'_>) -> Value {
    let flow = if call.function.name == "parallel" { Flow::Parallel } else { Flow::Sequence };
    let stages = match &call.args[..] {
        [only] if matches!(only.node, Value::List(_)) => only.clone(),
        _ => Spanned::new(Value::List(call.args.clone()), call.site),
    };
    let mut reader = Reader::new(session.sink);
    let Some(stages) = NonEmpty::from_config(&stages, &mut reader) else {
        return broken(session, call.function.name, None);
    };
    let wave = Wave::new(flow, stages, call.site);
    let (depth, count) = wave.extent();
    if depth > Wave::MAX_DEPTH || count > Wave::MAX_STAGES {
        let most = (Wave::MAX_DEPTH, Wave::MAX_STAGES);
        let message =
            format!("`{}` lies more than {} deep, or holds more than {} stages", call.function.name, most.0, most.1);
        session.sink.push(Diagnostic::new(Code::LimitReached, call.site, message));
        return broken(session, call.function.name, None);
    }
    declare(session, Arc::new(wave))
}

/// A stage that waits for a person.
pub(super) fn approval(call: &Call<'_>, session: &mut Session<'_>) -> Value {
    let mut reader = Reader::new(session.sink);
    let message = reader.text::<Message>(&call.args[0]).map(|message| Spanned::new(message, call.args[0].span));
    let keys = keys::<ApprovalKeys>(call, 1, &mut reader);
    match (message, keys) {
        (Some(message), Some(keys)) => declare(session, Arc::new(Approval { message, site: call.site, keys })),
        _ => broken(session, call.function.name, None),
    }
}

/// A reference to a Secret's key.
pub(super) fn secret(call: &Call<'_>, session: &mut Session<'_>) -> Value {
    let mut reader = Reader::new(session.sink);
    let name = reader.text::<ObjectName>(&call.args[0]);
    let key = reader.text(&call.args[1]);
    let (Some(name), Some(key)) = (name, key) else { return broken(session, call.function.name, None) };
    let name = Spanned::new(name, call.args[0].span);
    let key = Spanned::new(key, call.args[1].span);
    declare(session, Arc::new(Secret { name, key, site: call.site }))
}

/// A Slack channel.
pub(super) fn slack(call: &Call<'_>, session: &mut Session<'_>) -> Value {
    match keys::<SlackKeys>(call, 0, &mut Reader::new(session.sink)) {
        Some(keys) => declare(session, Arc::new(Slack { site: call.site, keys })),
        None => broken(session, call.function.name, None),
    }
}

/// An address for notifications.
pub(super) fn webhook(call: &Call<'_>, session: &mut Session<'_>) -> Value {
    match keys::<WebhookKeys>(call, 0, &mut Reader::new(session.sink)) {
        Some(keys) => declare(session, Arc::new(Webhook { site: call.site, keys })),
        None => broken(session, call.function.name, None),
    }
}

/// A value from outside.
pub(super) fn param(call: &Call<'_>, session: &mut Session<'_>) -> Value {
    let Value::Str(name) = &call.args[0].node else {
        Reader::new(session.sink).bad_type::<()>(&call.args[0], &call.function.params[0].kind);
        return Value::Broken(None);
    };
    let given = session.parameters.get(name);
    let default = call.args.get(1).filter(|value| !matches!(value.node, Value::Unit));
    if let Some(default) = default.filter(|default| !is_parameter(&default.node)) {
        Reader::new(session.sink).bad_type::<()>(default, &call.function.params[1].kind);
        return Value::Broken(None);
    }
    let value = match (given, default) {
        (Some(json), _) => typed(json, default.map(|default| &default.node)),
        (None, Some(default)) => Ok(default.node.clone()),
        (None, None) => {
            let message = format!("the parameter `{name}` was not given");
            let help = format!("give it with `--param {name}=…`, or a default with `param(\"{name}\", …)`");
            session.sink.push(Diagnostic::new(Code::MissingParameter, call.args[0].span, message).help(help));
            return Value::Broken(None);
        }
    };
    match value {
        Ok(value) => {
            session.project.parameters.insert(name.clone(), value.to_json());
            value
        }
        Err(expected) => {
            let json = given.map(ToString::to_string).unwrap_or_default();
            let message = format!("the parameter `{name}` is {expected}, and {json} was given");
            session.sink.push(Diagnostic::new(Code::BadParameter, call.args[0].span, message));
            Value::Broken(None)
        }
    }
}

/// Whether a parameter can have this value.
fn is_parameter(value: &Value) -> bool {
    match value {
        Value::Str(_) | Value::Int(_) | Value::Bool(_) => true,
        Value::List(items) => items.iter().all(|item| matches!(item.node, Value::Str(_))),
        _ => false,
    }
}

/// A warning of the user's.
pub(super) fn warn(call: &Call<'_>, session: &mut Session<'_>) -> Value {
    own(Code::UserWarning, call, 0, session)
}

/// An error of the user's.
pub(super) fn fail(call: &Call<'_>, session: &mut Session<'_>) -> Value {
    own(Code::UserError, call, 0, session)
}

/// An error of the user's where a condition does not hold.
pub(super) fn assert(call: &Call<'_>, session: &mut Session<'_>) -> Value {
    match call.args[0].node {
        Value::Bool(true) | Value::Broken(_) => Value::Unit,
        Value::Bool(false) => own(Code::FailedAssertion, call, 1, session),
        _ => {
            Reader::new(session.sink).bad_type::<()>(&call.args[0], &call.function.params[0].kind);
            Value::Unit
        }
    }
}

fn own(code: Code, call: &Call<'_>, at: usize, session: &mut Session<'_>) -> Value {
    let message = match &call.args[at].node {
        // No report is empty.
        Value::Str(text) if text.trim().is_empty() => code.summary().to_owned(),
        Value::Str(text) => text.clone(),
        Value::Broken(_) => return Value::Unit,
        other => other.to_json().to_string(),
    };
    let blame = call.args.get(at + 1).filter(|value| !matches!(value.node, Value::Unit));
    if blame.is_some_and(|value| matches!(value.node, Value::Broken(_))) {
        return Value::Unit;
    }
    let diagnostic = match blame {
        Some(value) => {
            let span = blamed(value, call.args.get(at + 2));
            Diagnostic::new(code, span, message).related(call.site, "reported here")
        }
        None => Diagnostic::new(code, call.site, message),
    };
    session.sink.push(diagnostic);
    Value::Unit
}

/// The place of a value to blame: of its key `key` where it is a map, and of the call that declared it where it is an
/// object, which goes through too many hands for any of them to be the one.
fn blamed(value: &Spanned<Value>, key: Option<&Spanned<Value>>) -> Span {
    match (&value.node, key.map(|key| &key.node)) {
        (Value::Map(entries), Some(Value::Str(key))) => {
            entries.iter().find(|(name, _)| name.node == *key).map_or(value.span, |(name, _)| name.span)
        }
        (Value::Object(object), _) => object.declared().site(),
        _ => value.span,
    }
}

/// Reads a name and keys; where one has a problem, gives what could be read of the name.
fn named<N: Text, K: Keys>(
    call: &Call<'_>,
    session: &mut Session<'_>,
    define: impl FnOnce(&mut Reader<'_>),
) -> Result<Item<N, K>, Option<Spanned<String>>> {
    let mut reader = Reader::new(session.sink);
    define(&mut reader);
    let given = &call.args[0];
    let name = reader.text::<N>(given).map(|name| Spanned::new(name, given.span));
    let keys = keys::<K>(call, 1, &mut reader);
    reader.finish();
    match (name, keys) {
        (Some(name), Some(keys)) => Ok(Item { name, site: call.site, keys }),
        (name, _) => Err(name.map(|name| name.map(|name| name.as_str().to_owned()))),
    }
}

fn keys<K: FromConfig>(call: &Call<'_>, at: usize, reader: &mut Reader<'_>) -> Option<K> {
    let nothing = Spanned::new(Value::Map(Vec::new()), call.site);
    let given = call.args.get(at).filter(|value| !matches!(value.node, Value::Unit));
    reader.own(call.site);
    K::from_config(given.unwrap_or(&nothing), reader)
}

fn declare<T: Declared>(session: &mut Session<'_>, declared: Arc<T>) -> Value {
    let object = Object::new(declared);
    session.project.declared.push(object.clone());
    Value::Object(object)
}

fn broken(session: &mut Session<'_>, kind: &'static str, name: Option<Spanned<String>>) -> Value {
    let text = name.as_ref().map(|name| name.node.clone());
    session.project.broken.push((kind, name));
    Value::Broken(text)
}

/// What `<name>`, `<account>`, `<region>` and `<cluster>` stand for, as far as they can be read beforehand. What is
/// wrong itself stands for nothing, so that nothing is said about names that are made from it.
fn default_words(call: &Call<'_>) -> Vec<(&'static str, Spanned<String>)> {
    fn text<T: Text>(value: &Spanned<Value>) -> Option<Spanned<String>> {
        match &value.node {
            Value::Str(text) if T::parse(text).is_ok() => Some(Spanned::new(text.clone(), value.span)),
            _ => None,
        }
    }
    let keys: &[(Spanned<String>, Spanned<Value>)] = match call.args.get(1).map(|value| &value.node) {
        Some(Value::Map(entries)) => entries,
        _ => &[],
    };
    let key = |entries: &[(Spanned<String>, Spanned<Value>)], key: &str| {
        entries.iter().find(|(name, _)| name.node == key).map(|(_, value)| value.clone())
    };
    let cluster = key(keys, "cluster").and_then(|value| match &value.node {
        Value::Map(entries) => key(entries, "name").and_then(|value| text::<ClusterName>(&value)),
        _ => text::<ClusterName>(&value),
    });
    let words = [
        ("name", text::<Name>(&call.args[0])),
        ("account", key(keys, "account").and_then(|value| text::<AccountId>(&value))),
        ("region", key(keys, "region").and_then(|value| text::<Region>(&value))),
        ("cluster", cluster),
    ];
    words.into_iter().filter_map(|(word, value)| Some((word, value?))).collect()
}

/// A parameter's value in the type of its default; in words what it should be, where it is not.
fn typed(json: &serde_json::Value, default: Option<&Value>) -> Result<Value, &'static str> {
    use serde_json::Value as Json;
    match (default, json) {
        (None | Some(Value::Str(_)), Json::String(text)) => Ok(Value::text(text)),
        (None | Some(Value::Str(_)), _) => Err("a text"),
        (Some(Value::Int(_)), Json::Number(number)) => number.as_i64().map(Value::Int).ok_or("an integer"),
        (Some(Value::Int(_)), Json::String(text)) => text.parse().map(Value::Int).map_err(|_| "an integer"),
        (Some(Value::Int(_)), _) => Err("an integer"),
        (Some(Value::Bool(_)), Json::Bool(value)) => Ok(Value::Bool(*value)),
        (Some(Value::Bool(_)), Json::String(text)) => text.parse().map(Value::Bool).map_err(|_| "`true` or `false`"),
        (Some(Value::Bool(_)), _) => Err("`true` or `false`"),
        (Some(Value::List(_)), Json::Array(items)) => list(items.iter().map(Json::as_str)),
        (Some(Value::List(_)), Json::String(text)) if text.is_empty() => list(std::iter::empty()),
        (Some(Value::List(_)), Json::String(text)) => list(text.split(',').map(|item| Some(item.trim()))),
        (Some(Value::List(_)), _) => Err("an array of texts"),
        _ => Err("a text, an integer, a bool or an array of texts, as its default must be"),
    }
}

fn list<'a>(items: impl Iterator<Item = Option<&'a str>>) -> Result<Value, &'static str> {
    let items: Option<Vec<&str>> = items.collect();
    items.map(Value::from).ok_or("an array of texts")
}
