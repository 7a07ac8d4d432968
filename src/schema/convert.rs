//! Reading of the types that every language has: bools, integers, texts, arrays, maps.

use super::{Form, FromConfig, Kind, Reader, Text, Value};
use crate::source::{Span, Spanned};

impl FromConfig for bool {
    const KIND: Kind = Kind::Bool;

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        match value.node {
            Value::Bool(read) => Some(read),
            _ => reader.bad_type(value, &Self::KIND),
        }
    }

    fn to_config(&self, _: Span) -> Value {
        Value::Bool(*self)
    }
}

/// Any text.
impl FromConfig for String {
    const KIND: Kind = Kind::Text(&Form::any("a text", "texts"));

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        match &value.node {
            Value::Str(text) => Some(text.clone()),
            _ => reader.bad_type(value, &Self::KIND),
        }
    }

    fn to_config(&self, _: Span) -> Value {
        Value::text(self)
    }
}

/// Any integer.
impl FromConfig for i64 {
    const KIND: Kind = Kind::Int(Self::MIN, Self::MAX);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        match value.node {
            Value::Int(read) => Some(read),
            _ => reader.bad_type(value, &Self::KIND),
        }
    }

    fn to_config(&self, _: Span) -> Value {
        Value::Int(*self)
    }
}

impl<T: FromConfig> FromConfig for Option<T> {
    const KIND: Kind = T::KIND;
    const OPTIONAL: bool = true;

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        match value.node {
            Value::Unit => Some(None),
            _ => T::from_config(value, reader).map(Some),
        }
    }

    fn to_config(&self, span: Span) -> Value {
        self.as_ref().map_or(Value::Unit, |value| value.to_config(span))
    }
}

impl<T: FromConfig> FromConfig for Vec<Spanned<T>> {
    const KIND: Kind = Kind::List(&T::KIND, true);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::List(items) = &value.node else { return reader.bad_type(value, &Self::KIND) };
        let given = items.iter().filter(|item| !matches!(item.node, Value::Unit));
        let read: Vec<_> = reader
            .items(|reader| given.map(|item| Some(Spanned::new(T::from_config(item, reader)?, item.span))).collect());
        read.into_iter().collect()
    }

    fn to_config(&self, _: Span) -> Value {
        Value::List(self.iter().map(|item| Spanned::new(item.node.to_config(item.span), item.span)).collect())
    }
}

/// An array with at least one item.
#[derive(Debug, Clone)]
pub struct NonEmpty<T>(Vec<Spanned<T>>);

impl<T> std::ops::Deref for NonEmpty<T> {
    type Target = [Spanned<T>];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl<T: FromConfig> FromConfig for NonEmpty<T> {
    const KIND: Kind = Kind::List(&T::KIND, false);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        let items = match &value.node {
            Value::List(_) => Vec::from_config(value, reader)?,
            _ => return reader.bad_type(value, &Self::KIND),
        };
        if items.is_empty() {
            return reader.bad_value(value.span, format!("expected {} with at least one item", Self::KIND.one()));
        }
        Some(Self(items))
    }

    fn to_config(&self, span: Span) -> Value {
        self.0.to_config(span)
    }
}

/// A map whose keys the user chooses, each once; its order is the keys'. Nothing is looked up in it.
#[derive(Debug, Clone)]
pub struct Table<K, V>(Vec<(Spanned<K>, Spanned<V>)>);

impl<K, V> Table<K, V> {
    /// Keys and values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Spanned<K>, &Spanned<V>)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Text, V: FromConfig> FromConfig for Table<K, V> {
    const KIND: Kind = Kind::Table(&Kind::Text(&K::FORM), &V::KIND);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::Map(entries) = &value.node else { return reader.bad_type(value, &Self::KIND) };
        let given = entries.iter().filter(|(_, value)| !matches!(value.node, Value::Unit));
        let read: Vec<_> = given
            .map(|(key, value)| {
                let name = reader.text::<K>(&key.clone().map(Value::Str));
                let value = V::from_config(value, reader).map(|read| Spanned::new(read, value.span));
                Some((Spanned::new(name?, key.span), value?))
            })
            .collect();
        read.into_iter().collect::<Option<Vec<_>>>().map(Self)
    }

    fn to_config(&self, _: Span) -> Value {
        let entries = self.iter().map(|(key, value)| {
            let text = Spanned::new(key.as_str().to_owned(), key.span);
            (text, Spanned::new(value.node.to_config(value.span), value.span))
        });
        Value::Map(entries.collect())
    }
}
