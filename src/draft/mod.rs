//! The text of a script, from its parts: what `aphex import` and `aphex init` write.
//!
//! A part says what stands there, and the comments that belong to it; [`Script::text`] lays it out as people write it.

mod layout;
mod literal;
mod names;
mod settings;

pub use literal::{comment, literal};
pub use names::{Names, name_for};
pub use settings::{Settings, name_after, too_long};

/// A script.
#[derive(Debug, Clone, Default)]
pub struct Script {
    /// Its statements, in order.
    pub statements: Vec<Noted<Statement>>,
    /// Comments after the last of them.
    pub tail: Vec<String>,
}

/// One statement.
#[derive(Debug, Clone)]
pub enum Statement {
    /// `let name = value;`
    Let(String, Value),
    /// `export const name = value;`
    Constant(String, Value),
    /// `import "path" as name;`
    Import(String, String),
    /// `value;`
    Do(Value),
    /// Text that is laid out already, such as a function of a module.
    Verbatim(String),
    /// An empty line.
    Gap,
}

/// A value as it is written.
#[derive(Debug, Clone)]
pub enum Value {
    /// A text, of any characters.
    Text(String),
    /// A name, a number, or another expression that is written as it stands.
    Raw(String),
    /// An array.
    List(Vec<Noted<Value>>),
    /// A map on one line, where it fits.
    Short(Vec<Noted<(String, Value)>>),
    /// A map with a line for each key.
    Map(Vec<Noted<(String, Value)>>),
    /// A call.
    Call(String, Vec<Value>),
    /// A closure: its parameter and what it gives.
    Closure(String, Box<Value>),
}

/// A part with its comments, each without the `//`.
#[derive(Debug, Clone, Default)]
pub struct Noted<T> {
    /// What stands in the script.
    pub node: T,
    /// Lines above it.
    pub above: Vec<String>,
    /// What stands to its right.
    pub right: Vec<String>,
}

impl<T> Noted<T> {
    /// A part without comments.
    pub const fn new(node: T) -> Self {
        Self { node, above: Vec::new(), right: Vec::new() }
    }

    /// The same, with a comment to its right.
    #[must_use]
    pub fn right(mut self, comment: impl Into<String>) -> Self {
        self.right.push(comment.into());
        self
    }

    /// The same, with a line above it.
    #[must_use]
    pub fn above(mut self, comment: impl Into<String>) -> Self {
        self.above.push(comment.into());
        self
    }
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A name, or another expression.
    pub fn raw(text: impl Into<String>) -> Self {
        Self::Raw(text.into())
    }

    /// An array without comments.
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::List(items.into_iter().map(Noted::new).collect())
    }

    /// A call.
    pub fn call(function: &str, arguments: impl IntoIterator<Item = Self>) -> Self {
        Self::Call(function.to_owned(), arguments.into_iter().collect())
    }
}

/// A key and its value.
pub fn entry(key: &str, value: Value) -> Noted<(String, Value)> {
    Noted::new((key.to_owned(), value))
}

impl Script {
    /// Adds a statement.
    pub fn push(&mut self, statement: Statement) {
        self.statements.push(Noted::new(statement));
    }

    /// Adds an empty line, unless one is there already or nothing is.
    pub fn gap(&mut self) {
        let last = self.statements.last();
        if last.is_some_and(|last| !matches!(last.node, Statement::Gap)) {
            self.push(Statement::Gap);
        }
    }

    /// The text, which ends with a line break.
    pub fn text(&self) -> String {
        layout::text(self)
    }
}
