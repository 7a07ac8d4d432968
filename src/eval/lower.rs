//! From the model's values back to the interpreter's.

use rhai::{Dynamic, ImmutableString};

use super::literals::Literals;
use super::objects::{Broken, Handle};
use crate::schema::Value;
use crate::source::Spanned;

/// `value` as the script sees it; its parts keep their places.
pub(super) fn lower(value: &Spanned<Value>, literals: &mut Literals) -> Dynamic {
    let lowered = match &value.node {
        Value::Unit | Value::Function | Value::Other(_) => Dynamic::UNIT,
        Value::Bool(value) => Dynamic::from(*value),
        Value::Int(value) => Dynamic::from(*value),
        Value::Float(value) => Dynamic::from(*value),
        Value::Str(text) => Dynamic::from(ImmutableString::from(text)),
        Value::List(items) => Dynamic::from_array(items.iter().map(|item| lower(item, literals)).collect()),
        Value::Map(entries) => Dynamic::from_map(
            entries.iter().map(|(key, value)| (key.node.as_str().into(), lower(value, literals))).collect(),
        ),
        Value::Object(object) => Dynamic::from(Handle::new(object.clone())),
        Value::Broken(name) => Dynamic::from(Broken(name.clone())),
    };
    literals.tag(lowered, value.span)
}
