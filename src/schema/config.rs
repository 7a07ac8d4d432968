//! The macros that declare a record, a choice of texts and a text of a certain form.

use serde::Serializer;

use super::Value;
use crate::source::Spanned;

/// Declares a record, a map with known keys: the struct, its [`Record`](crate::declare::Record) as data, its reading with
/// every problem at its place, and its [`Config`](crate::declare::Config).
///
/// A key without a default must be given. `= none` makes it `()` where it is not given, and the words after `none` are how
/// the reference says what that means; `= []` and `= {}` are empty, and any other literal is read as if it had been
/// written. A `shorthand` names the key that a value which is no map stands for. A key's name may end in `_`, which is left
/// out, so that it can be a word of Rust's; what Rhai reserves (`default`, `match`, `new`, …) can be no key.
///
/// ```
/// use aphex::declare::{Config, NonEmpty};
/// use aphex::records::{Command, Duration};
///
/// aphex::config! {
///     /// How a service is checked after it is deployed.
///     pub struct Checks = "checks", shorthand "commands" {
///         /// What is run, in order.
///         commands: NonEmpty<Command>,
///         /// How long it may take.
///         timeout: Option<Duration> = none "as long as the run may",
///         /// Whether a failure is only a warning.
///         lenient: bool = false,
///     }
/// }
///
/// assert_eq!(Checks::RECORD.name, "checks");
/// assert_eq!(Checks::RECORD.fields.len(), 3);
/// ```
#[macro_export]
macro_rules! config {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident = $record:literal $(, shorthand $short:literal)? {
            $($(#[doc = $field_doc:literal])* $field:ident : $type:ty $(= $default:tt $($shown:literal)?)?,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[doc = $field_doc])* pub $field: $crate::Spanned<$type>,)*
        }

        impl $crate::declare::Config for $name {
            const NAME: &'static str = $record;
            const RECORD: $crate::declare::Record = $crate::declare::Record {
                name: $record,
                doc: concat!($($doc, "\n"),*),
                shorthand: $crate::config!(@short $($short)?),
                fields: &[$($crate::declare::Field {
                    key: $crate::declare::hidden::key(stringify!($field)),
                    kind: <$type as $crate::declare::FromConfig>::KIND,
                    default: $crate::config!(@default $($default $($shown)?)?),
                    doc: concat!($($field_doc, "\n"),*),
                }),*],
            };

            fn entries(&self) -> Vec<(&'static str, $crate::Spanned<$crate::declare::Value>)> {
                vec![$((
                    $crate::declare::hidden::key(stringify!($field)),
                    $crate::Spanned::new(
                        $crate::declare::FromConfig::to_config(&self.$field.node, self.$field.span),
                        self.$field.span,
                    ),
                )),*]
            }
        }

        impl $crate::declare::hidden::Serialize for $name {
            fn serialize<S: $crate::declare::hidden::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::declare::hidden::serialize_entries(&$crate::declare::Config::entries(self), serializer)
            }
        }

        impl $crate::declare::FromConfig for $name {
            const KIND: $crate::declare::Kind = $crate::declare::Kind::Record(&<Self as $crate::declare::Config>::RECORD);

            fn from_config(
                value: &$crate::Spanned<$crate::declare::Value>,
                reader: &mut $crate::declare::Reader<'_>,
            ) -> Option<Self> {
                let mut fields = $crate::declare::Fields::open(&<Self as $crate::declare::Config>::RECORD, value, reader)?;
                $(let $field = fields.read::<$type>($crate::declare::hidden::key(stringify!($field)), reader);)*
                fields.finish(reader);
                Some(Self { $($field: $field?),* })
            }

            fn to_config(&self, span: $crate::Span) -> $crate::declare::Value {
                let entries = $crate::declare::Config::entries(self).into_iter();
                $crate::declare::Value::Map(
                    entries.map(|(key, value)| ($crate::Spanned::new(key.to_owned(), span), value)).collect(),
                )
            }
        }
    };
    (@short) => { None };
    (@short $short:literal) => { Some($short) };
    (@default) => { None };
    (@default none) => { Some($crate::declare::Default::Nothing("none")) };
    (@default none $shown:literal) => { Some($crate::declare::Default::Nothing($shown)) };
    (@default []) => { Some($crate::declare::Default::EmptyList) };
    (@default {}) => { Some($crate::declare::Default::EmptyMap) };
    (@default true) => { Some($crate::declare::Default::Bool(true)) };
    (@default false) => { Some($crate::declare::Default::Bool(false)) };
    (@default $value:literal) => { Some($crate::declare::hidden::Literal($value).default()) };
}

/// The key of a field: a trailing `_` only keeps it from being a word of Rust's.
pub const fn key(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [.., b'_'] => field.split_at(field.len() - 1).0,
        _ => field,
    }
}

/// A literal in a declaration, on its way into a [`Default`](super::Default).
#[derive(Debug)]
pub struct Literal<T>(pub T);

impl Literal<&'static str> {
    /// The default that it is.
    pub const fn default(self) -> super::Default {
        super::Default::Text(self.0)
    }
}

impl Literal<i64> {
    /// The default that it is.
    pub const fn default(self) -> super::Default {
        super::Default::Int(self.0)
    }
}

/// Declares a choice of texts: an enum and its reading.
///
/// ```
/// use aphex::declare::{FromConfig, Kind};
///
/// aphex::choices! {
///     /// How much a service matters.
///     pub enum Tier {
///         /// Deployed to every region.
///         Gold = "gold",
///         /// Deployed to one.
///         Silver = "silver",
///     }
/// }
///
/// assert_eq!(Tier::Gold.as_str(), "gold");
/// assert_eq!(Tier::KIND.one(), r#"`"gold"` or `"silver"`"#);
/// ```
#[macro_export]
macro_rules! choices {
    ($(#[doc = $doc:literal])* pub enum $name:ident { $($(#[doc = $choice_doc:literal])* $choice:ident = $text:literal,)* }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $choice_doc])* $choice,)*
        }

        impl $name {
            /// The text in a script.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$choice => $text),* }
            }
        }

        impl $crate::declare::hidden::Serialize for $name {
            fn serialize<S: $crate::declare::hidden::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl $crate::declare::FromConfig for $name {
            const KIND: $crate::declare::Kind = $crate::declare::Kind::OneOf(&[$($crate::declare::Choice {
                text: $text,
                doc: concat!($($choice_doc, "\n"),*),
            }),*]);

            fn from_config(
                value: &$crate::Spanned<$crate::declare::Value>,
                reader: &mut $crate::declare::Reader<'_>,
            ) -> Option<Self> {
                let text = reader.choice(value, &Self::KIND)?;
                $(if text == $text { return Some(Self::$choice); })*
                None
            }

            fn to_config(&self, _: $crate::Span) -> $crate::declare::Value {
                $crate::declare::Value::text(self.as_str())
            }
        }
    };
}

/// Declares a text of a certain form: a newtype that holds nothing else, the expression that it matches (in the syntax that
/// ECMA 262, Python and Rust share; with `at most` the most characters where it does not say them), the words for one and
/// for several, and what is wrong with a text as a sentence without a full stop.
///
/// ```
/// use aphex::declare::Text;
///
/// aphex::text! {
///     /// A team of ours, as the directory names it.
///     pub struct Team matches r"^team-[a-z]{1,20}$" = "a team", "teams", |text| match text.strip_prefix("team-") {
///         Some(name) if (1..=20).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_lowercase()) => Ok(()),
///         _ => Err("a team starts with `team-`, then up to 20 lower-case letters".into()),
///     };
/// }
///
/// assert_eq!(Team::parse("team-shop").unwrap().as_str(), "team-shop");
/// assert!(Team::parse("shop").is_err());
/// ```
#[macro_export]
macro_rules! text {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident matches $pattern:literal $(at most $longest:literal)? = $one:literal, $many:literal, $parse:expr;
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl $crate::declare::Text for $name {
            const ONE: &'static str = $one;
            const MANY: &'static str = $many;
            const NAME: &'static str = stringify!($name);
            const DOC: &'static str = concat!($($doc, "\n"),*);
            const PATTERN: &'static str = $pattern;
            $(const LONGEST: Option<usize> = Some($longest);)?

            fn parse(text: &str) -> Result<Self, String> {
                let check: fn(&str) -> Result<(), String> = $parse;
                check(text).map(|()| Self(text.to_owned()))
            }

            fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl $crate::declare::hidden::Serialize for $name {
            fn serialize<S: $crate::declare::hidden::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        $crate::text!(@config $name);
    };
    (@config $name:ident) => {
        impl $crate::declare::FromConfig for $name {
            const KIND: $crate::declare::Kind = $crate::declare::Kind::Text(&<Self as $crate::declare::Text>::FORM);

            fn from_config(
                value: &$crate::Spanned<$crate::declare::Value>,
                reader: &mut $crate::declare::Reader<'_>,
            ) -> Option<Self> {
                reader.text(value)
            }

            fn to_config(&self, _: $crate::Span) -> $crate::declare::Value {
                $crate::declare::Value::text($crate::declare::Text::as_str(self))
            }
        }
    };
}

/// The keys that are given, for what the macros make.
pub fn serialize_entries<S: Serializer>(
    entries: &[(&'static str, Spanned<Value>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer
        .collect_map(entries.iter().filter(|(_, value)| !value.is_nothing()).map(|(key, value)| (key, &value.node)))
}

pub(crate) use {choices, config, text};
