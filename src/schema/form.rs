//! The form of a text as data: what the reference and the schema say about it.

/// What a text must look like.
#[derive(Debug)]
pub struct Form {
    /// The type that it is read into: `AccountId`. No two forms share one; empty where any text will do.
    pub name: &'static str,
    /// The words for one such text: "an AWS account id".
    pub one: &'static str,
    /// The words for several.
    pub many: &'static str,
    /// What it is and where its limits come from.
    pub doc: &'static str,
    /// A regular expression that every such text matches, in the part of the syntax that ECMA 262, Python and Rust share.
    /// A text that matches it may still be refused, where the rule is more than an expression can say.
    pub pattern: Option<&'static str>,
    /// The most characters, where the pattern does not say it.
    pub longest: Option<usize>,
    /// What is wrong with a text, as a sentence without a full stop.
    pub check: fn(&str) -> Result<(), String>,
}

impl Form {
    /// Any text, in these words for one and for several.
    pub const fn any(one: &'static str, many: &'static str) -> Self {
        Self { name: "", one, many, doc: "", pattern: None, longest: None, check: |_| Ok(()) }
    }
}
