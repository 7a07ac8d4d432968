//! The macros that declare a record, a choice of texts and a text of a certain form.

/// Declares a record: the struct, its [`Record`](crate::schema::Record) as data, and its reading.
///
/// ```text
/// config! {
///     /// What it means.
///     pub struct Tests = "tests", shorthand "commands" {
///         /// What the key means.
///         commands: NonEmpty<Command>,             // required
///         timeout: Option<Duration> = none,        // () where it is not given
///         retries: Retries = 0,                    // read from this where it is not given
///         image: Option<ImageRef> = none "the pipeline's `images.tester`",   // how the reference says it
///     }
/// }
/// ```
macro_rules! config {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident = $record:literal $(, shorthand $short:literal)? {
            $($(#[doc = $field_doc:literal])* $field:ident : $type:ty $(= $default:tt $($shown:literal)?)?,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        pub struct $name {
            $($(#[doc = $field_doc])* pub $field: $crate::source::Spanned<$type>,)*
        }

        impl $name {
            /// The declaration as data.
            pub const RECORD: $crate::schema::Record = $crate::schema::Record {
                name: $record,
                doc: concat!($($doc, "\n"),*),
                shorthand: $crate::schema::config!(@short $($short)?),
                fields: &[$($crate::schema::Field {
                    key: $crate::schema::config::key(stringify!($field)),
                    kind: <$type as $crate::schema::FromConfig>::KIND,
                    default: $crate::schema::config!(@default $($default $($shown)?)?),
                    doc: concat!($($field_doc, "\n"),*),
                }),*],
            };

            /// The keys and their values as the language would write them.
            pub fn entries(&self) -> Vec<(&'static str, $crate::source::Spanned<$crate::schema::Value>)> {
                vec![$((
                    $crate::schema::config::key(stringify!($field)),
                    $crate::source::Spanned::new(
                        $crate::schema::FromConfig::to_config(&self.$field.node, self.$field.span),
                        self.$field.span,
                    ),
                )),*]
            }
        }

        impl $crate::schema::FromConfig for $name {
            const KIND: $crate::schema::Kind = $crate::schema::Kind::Record(&Self::RECORD);

            fn from_config(
                value: &$crate::source::Spanned<$crate::schema::Value>,
                reader: &mut $crate::schema::Reader<'_>,
            ) -> Option<Self> {
                let mut fields = $crate::schema::Fields::open(&Self::RECORD, value, reader)?;
                $(let $field = fields.read::<$type>($crate::schema::config::key(stringify!($field)), reader);)*
                fields.finish(reader);
                Some(Self { $($field: $field?),* })
            }

            fn to_config(&self, span: $crate::source::Span) -> $crate::schema::Value {
                let entries = self.entries().into_iter();
                $crate::schema::Value::Map(
                    entries.map(|(key, value)| ($crate::source::Spanned::new(key.to_owned(), span), value)).collect(),
                )
            }
        }
    };
    (@short) => { None };
    (@short $short:literal) => { Some($short) };
    (@default) => { None };
    (@default none) => { Some($crate::schema::Default::Nothing("none")) };
    (@default none $shown:literal) => { Some($crate::schema::Default::Nothing($shown)) };
    (@default []) => { Some($crate::schema::Default::EmptyList) };
    (@default {}) => { Some($crate::schema::Default::EmptyMap) };
    (@default true) => { Some($crate::schema::Default::Bool(true)) };
    (@default false) => { Some($crate::schema::Default::Bool(false)) };
    (@default $value:literal) => { Some($crate::schema::config::Literal($value).default()) };
}

/// The key of a field: a trailing `_` only keeps it from being a word of Rust's.
pub(crate) const fn key(field: &'static str) -> &'static str {
    match field.as_bytes() {
        [.., b'_'] => field.split_at(field.len() - 1).0,
        _ => field,
    }
}

/// A literal in a declaration, on its way into a [`Default`](super::Default).
pub(crate) struct Literal<T>(pub(crate) T);

impl Literal<&'static str> {
    pub(crate) const fn default(self) -> super::Default {
        super::Default::Text(self.0)
    }
}

impl Literal<i64> {
    pub(crate) const fn default(self) -> super::Default {
        super::Default::Int(self.0)
    }
}

/// Declares a choice of texts: an enum and its reading.
macro_rules! choices {
    ($(#[doc = $doc:literal])* pub enum $name:ident { $($(#[doc = $choice_doc:literal])* $choice:ident = $text:literal,)* }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[doc = $choice_doc])* $choice,)*
        }

        impl $name {
            /// The text in a script.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$choice => $text),* }
            }
        }

        impl $crate::schema::FromConfig for $name {
            const KIND: $crate::schema::Kind = $crate::schema::Kind::OneOf(&[$($crate::schema::Choice {
                text: $text,
                doc: concat!($($choice_doc, "\n"),*),
            }),*]);

            fn from_config(
                value: &$crate::source::Spanned<$crate::schema::Value>,
                reader: &mut $crate::schema::Reader<'_>,
            ) -> Option<Self> {
                let text = reader.choice(value, &Self::KIND)?;
                $(if text == $text { return Some(Self::$choice); })*
                None
            }

            fn to_config(&self, _: $crate::source::Span) -> $crate::schema::Value {
                $crate::schema::Value::text(self.as_str())
            }
        }
    };
}

/// Declares a text of a certain form: a newtype that holds nothing else, the expression that it matches, and what reads it.
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

        impl $crate::schema::Text for $name {
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

        $crate::schema::text!(@config $name);
    };
    (@config $name:ident) => {
        impl $crate::schema::FromConfig for $name {
            const KIND: $crate::schema::Kind = $crate::schema::Kind::Text(&<Self as $crate::schema::Text>::FORM);

            fn from_config(
                value: &$crate::source::Spanned<$crate::schema::Value>,
                reader: &mut $crate::schema::Reader<'_>,
            ) -> Option<Self> {
                reader.text(value)
            }

            fn to_config(&self, _: $crate::source::Span) -> $crate::schema::Value {
                $crate::schema::Value::text($crate::schema::Text::as_str(self))
            }
        }
    };
}

pub(crate) use {choices, config, text};
