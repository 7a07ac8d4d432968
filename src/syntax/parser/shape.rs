//! What is known of an expression that was just read: enough for the checks that Rhai makes while it parses.

/// A kind of expression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shape<'t> {
    /// It could not be read; nothing more is said about it.
    Broken,
    /// A variable; its name where it has no path.
    Variable(Option<&'t str>),
    This,
    /// A variable or `this`, followed by properties and indexes alone.
    Place,
    /// Properties, indexes and calls that cannot be assigned to.
    Chain,
    Unit,
    Bool,
    Int(i64),
    Float,
    Char,
    Text,
    Template,
    /// Whether all its items are constants.
    Array(bool),
    /// Whether all its values are constants.
    Map(bool),
    /// `&&` or `||`.
    Logic,
    /// `??`.
    Fallback,
    /// A range between integers: the first, and the one after the last.
    Range(i128, i128),
    Closure,
    /// Anything else: calls, operators, blocks.
    Other,
}

impl Shape<'_> {
    /// A value that is known from the text alone.
    pub(super) fn is_constant(self) -> bool {
        match self {
            Self::Unit | Self::Bool | Self::Int(_) | Self::Float | Self::Char | Self::Text => true,
            Self::Array(constant) | Self::Map(constant) => constant,
            _ => false,
        }
    }

    /// A value that a `switch` case may name.
    pub(super) fn is_case(self) -> bool {
        self.is_constant() || matches!(self, Self::Range(..) | Self::Broken)
    }

    /// In words, where the text alone tells its type.
    pub(super) fn type_words(self) -> Option<&'static str> {
        Some(match self {
            Self::Unit => "`()`",
            Self::Bool => "a bool",
            Self::Int(_) | Self::Float => "a number",
            Self::Char => "a character",
            Self::Text | Self::Template => "a text",
            Self::Array(_) => "an array",
            Self::Map(_) => "a map",
            Self::Closure => "a closure",
            _ => return None,
        })
    }

    /// The opposite number; an operator's result for what is no number.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Int(value) => value.checked_neg().map_or(Self::Float, Self::Int),
            Self::Float => Self::Float,
            Self::Broken => Self::Broken,
            _ => Self::Other,
        }
    }

    /// The range from `self` to `end`, where both are integers or left out.
    pub(super) fn range(self, end: Self, inclusive: bool) -> Self {
        let last = i128::from(i64::MAX);
        let past = i128::from(inclusive);
        match (self, end) {
            (Self::Int(start), Self::Int(end)) => Self::Range(start.into(), i128::from(end) + past),
            (Self::Int(start), Self::Unit) => Self::Range(start.into(), last + past),
            (Self::Unit, Self::Int(end)) => Self::Range(0, i128::from(end) + past),
            (Self::Broken, _) | (_, Self::Broken) => Self::Broken,
            _ => Self::Other,
        }
    }
}
