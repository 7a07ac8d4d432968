//! A value on its way into a file. Its maps are lists: nothing is looked up in them, and their order is the one written.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

/// A piece of a document, which borrows its texts where it can.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node<'a> {
    /// A bool.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A text.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Node<'a>>),
    /// A map, whose keys are different from each other.
    Map(Vec<(Cow<'a, str>, Node<'a>)>),
    /// What the user wrote.
    Json(serde_json::Value),
}

/// Builds a [`Node`] from what JSON looks like, as `serde_json::json!` does its values.
macro_rules! tree {
    (@map [$($done:expr,)*]) => { vec![$($done,)*] };
    (@map [$($done:expr,)*] $key:literal : {$($value:tt)*} $(, $($rest:tt)*)?) => {
        $crate::emit::tree::tree!(@map [$($done,)* ($key.into(), $crate::emit::tree::tree!({$($value)*})),] $($($rest)*)?)
    };
    (@map [$($done:expr,)*] $key:literal : [$($value:tt)*] $(, $($rest:tt)*)?) => {
        $crate::emit::tree::tree!(@map [$($done,)* ($key.into(), $crate::emit::tree::tree!([$($value)*])),] $($($rest)*)?)
    };
    (@map [$($done:expr,)*] $key:literal : $value:expr $(, $($rest:tt)*)?) => {
        $crate::emit::tree::tree!(@map [$($done,)* ($key.into(), $crate::emit::tree::Node::from($value)),] $($($rest)*)?)
    };
    (@list [$($done:expr,)*]) => { vec![$($done,)*] };
    (@list [$($done:expr,)*] {$($value:tt)*} $(, $($rest:tt)*)?) => {
        $crate::emit::tree::tree!(@list [$($done,)* $crate::emit::tree::tree!({$($value)*}),] $($($rest)*)?)
    };
    (@list [$($done:expr,)*] $value:expr $(, $($rest:tt)*)?) => {
        $crate::emit::tree::tree!(@list [$($done,)* $crate::emit::tree::Node::from($value),] $($($rest)*)?)
    };
    ({ $($body:tt)* }) => { $crate::emit::tree::Node::Map($crate::emit::tree::tree!(@map [] $($body)*)) };
    ([ $($body:tt)* ]) => { $crate::emit::tree::Node::List($crate::emit::tree::tree!(@list [] $($body)*)) };
}

pub(super) use tree;

impl Node<'_> {
    /// The value of a key of a map.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// The value of a key of a map, for tests that break it.
    #[cfg(test)]
    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        let Self::Map(entries) = self else { return None };
        entries.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// As JSON, in which tests look things up.
    #[cfg(test)]
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("a tree has texts for keys")
    }

    /// The entries of a map; none of anything else.
    pub(super) fn entries(&self) -> &[(Cow<'_, str>, Self)] {
        if let Self::Map(entries) = self { entries } else { &[] }
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(entries) => serializer.collect_map(entries.iter().map(|(key, value)| (key, value))),
            Self::Json(value) => value.serialize(serializer),
        }
    }
}

impl From<bool> for Node<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Node<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl<'a> From<&'a str> for Node<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Node<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Vec<Self>> for Node<'_> {
    fn from(items: Vec<Self>) -> Self {
        Self::List(items)
    }
}

impl FromIterator<Self> for Node<'_> {
    fn from_iter<I: IntoIterator<Item = Self>>(items: I) -> Self {
        Self::List(items.into_iter().collect())
    }
}
