//! Pipelines for the tests of the emitters, made from JSON by the functions of the language: the interpreter is another
//! floor's business. `{"$stack": ["Api", {…}]}` is the call `stack("Api", #{…})`.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::diagnostic::Sink;
use crate::model::{Call, Function, Language, Parameters, Pipeline, Project, Session};
use crate::schema::Value;
use crate::source::{SourceId, Span, Spanned};

const NOWHERE: Span = Span::new(SourceId(0), 0, 0);

/// The pipeline `my-app` with the keys of `keys` over those of [`minimal`].
pub(super) fn pipeline(keys: Json) -> Arc<Pipeline> {
    named("my-app", keys)
}

/// The pipeline of that name with the keys of `keys` over those of [`minimal`].
pub(super) fn named(name: &str, keys: Json) -> Arc<Pipeline> {
    let mut all = minimal();
    merge(&mut all, keys);
    let mut sink = Sink::new();
    let mut project = Project::new("pipeline.aphex");
    let parameters = Parameters::new();
    let language = Language::default();
    let mut session = Session::new(&language, &mut sink, &mut project, &parameters);
    lift(&call("pipeline", [json!(name), all]), &mut session);
    assert!(!sink.has_errors(), "{:#?}", sink.diagnostics());
    project.pipelines.pop().expect("a pipeline without a problem is declared")
}

/// The keys that a pipeline must have, with one environment.
pub(super) fn minimal() -> Json {
    json!({
        "cluster": "company-pipelines",
        "account": "999999999999",
        "region": "us-east-1",
        "source": call("github", ["my-org/my-app"]),
        "build": ["npm ci", "npm run build"],
        "stages": [environment("dev", json!({}))],
    })
}

/// An environment with the keys of `keys` over account, region and one stack.
pub(super) fn environment(name: &str, keys: Json) -> Json {
    let mut all = json!({
        "account": "111111111111",
        "region": "eu-west-1",
        "stacks": [call("stack", ["ApiStack"])],
    });
    merge(&mut all, keys);
    call("environment", [json!(name), all])
}

/// A call of a function of the language.
pub(super) fn call(function: &str, args: impl IntoIterator<Item = impl Into<Json>>) -> Json {
    let args: Vec<Json> = args.into_iter().map(Into::into).collect();
    json!({ format!("${function}"): args })
}

fn merge(into: &mut Json, keys: Json) {
    let (Json::Object(into), Json::Object(keys)) = (into, keys) else { panic!("keys are a map") };
    into.extend(keys);
}

fn lift(json: &Json, session: &mut Session<'_>) -> Value {
    let at = |value| Spanned::new(value, NOWHERE);
    match json {
        Json::Null => Value::Unit,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Int(number.as_i64().expect("an integer")),
        Json::String(text) => Value::text(text),
        Json::Array(items) => Value::List(items.iter().map(|item| at(lift(item, session))).collect()),
        Json::Object(map) => match map.iter().next() {
            Some((name, Json::Array(args))) if name.starts_with('$') => {
                let function = Function::find(&name[1..]).expect("a function of the language");
                let args = args.iter().map(|arg| at(lift(arg, session))).collect();
                function.call(&Call { function, site: NOWHERE, args }, session)
            }
            _ => Value::Map(
                map.iter().map(|(key, value)| (Spanned::new(key.clone(), NOWHERE), at(lift(value, session)))).collect(),
            ),
        },
    }
}
