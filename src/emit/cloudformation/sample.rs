//! Pipelines for tests.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use crate::diagnostic::Sink;
use crate::model::{Call, Function, Parameters, Pipeline, Project, Session};
use crate::schema::Value;
use crate::source::{SourceId, Span, Spanned};

const NOWHERE: Span = Span::new(SourceId(0), 0, 0);

/// The pipeline `my-app` with `keys`, and one environment where they have no `stages`.
pub(in crate::emit) fn pipeline(keys: Json) -> Arc<Pipeline> {
    project(keys).pipelines.remove(0)
}

/// The project that declares it.
pub(in crate::emit) fn project(keys: Json) -> Project {
    let mut all = json!({
        "cluster": "company-pipelines", "account": "999999999999", "region": "us-east-1",
        "source": { "github": ["my-org/my-app"] },
        "stages": [environment("dev", "111111111111", "us-east-1")],
    });
    all.as_object_mut().unwrap().append(&mut keys.as_object().unwrap().clone());
    let mut project = Project::new("pipeline.aphex");
    lift(&json!({ "pipeline": ["my-app", all] }), &mut project);
    project
}

/// A call of `environment`.
pub(in crate::emit) fn environment(name: &str, account: &str, region: &str) -> Json {
    json!({ "environment": [name, { "account": account, "region": region, "stacks": [{ "stack": ["App"] }] }] })
}

fn lift(json: &Json, project: &mut Project) -> Spanned<Value> {
    let value = match json {
        Json::Null => Value::Unit,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => Value::Int(number.as_i64().unwrap()),
        Json::String(text) => Value::text(text),
        Json::Array(items) => Value::List(items.iter().map(|item| lift(item, project)).collect()),
        Json::Object(map) => match map.iter().next() {
            Some((name, Json::Array(args))) if map.len() == 1 && Function::find(name).is_some() => {
                return call(name, args, project);
            }
            _ => Value::Map(
                map.iter().map(|(key, value)| (Spanned::new(key.clone(), NOWHERE), lift(value, project))).collect(),
            ),
        },
    };
    Spanned::new(value, NOWHERE)
}

fn call(name: &str, args: &[Json], project: &mut Project) -> Spanned<Value> {
    let args = args.iter().map(|arg| lift(arg, project)).collect();
    let call = Call { function: Function::find(name).unwrap(), site: NOWHERE, args };
    let mut sink = Sink::new();
    let parameters = Parameters::new();
    let mut session = Session { sink: &mut sink, project, parameters: &parameters, in_module: false };
    let value = (call.function.build)(&call, &mut session);
    assert!(!sink.has_errors(), "{:#?}", sink.diagnostics());
    Spanned::new(value, NOWHERE)
}
