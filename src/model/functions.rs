//! What a function of the language is, and a call of one.

use super::language::FUNCTIONS;
use super::project::{Parameters, Project};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::schema::{Kind, Value};
use crate::source::{Span, Spanned};

/// A function of the language.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it gives and means, in Markdown; its first sentence stands in lists.
    pub doc: &'static str,
    /// A script that uses it and has no problem.
    pub example: &'static str,
    /// What it takes, in order.
    pub params: &'static [Param],
    /// Whether the last parameter may stand any number of times.
    pub variadic: bool,
    /// What it returns, in words.
    pub returns: &'static str,
    /// What can be read of the object that it returns, beside its `kind` and the keys of its options; [`None`] where it
    /// returns no object.
    pub properties: Option<&'static [Param]>,
    /// Does it.
    pub build: fn(&Call, &mut Session<'_>) -> Value,
}

/// One parameter of a function.
#[derive(Debug)]
pub struct Param {
    /// Its name in the documentation.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it may be left out.
    pub optional: bool,
}

/// A method of values that the language adds to Rhai's own; `eval` does it.
#[derive(Debug)]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// How it is called.
    pub usage: &'static str,
    /// What it does.
    pub doc: &'static str,
}

/// One call of a function of the language.
#[derive(Debug)]
pub struct Call {
    /// What is called.
    pub function: &'static Function,
    /// Its name in the call.
    pub site: Span,
    /// What it is given.
    pub args: Vec<Spanned<Value>>,
}

/// What calls read from and add to.
#[derive(Debug)]
pub struct Session<'a> {
    /// Takes problems.
    pub sink: &'a mut Sink,
    /// Takes what is declared.
    pub project: &'a mut Project,
    /// The values given from outside.
    pub parameters: &'a Parameters,
    /// Whether the top level of a module is running, where no pipeline may be declared.
    pub in_module: bool,
}

impl Function {
    /// The function of that name.
    pub fn find(name: &str) -> Option<&'static Self> {
        FUNCTIONS.iter().find(|function| function.name == name)
    }

    /// How it is called: `stack(name, options?)`.
    pub fn usage(&self) -> String {
        let params = self.params.iter().map(|param| match (param.optional, self.variadic) {
            (_, true) => format!("{}…", param.name),
            (true, _) => format!("{}?", param.name),
            (false, _) => param.name.to_owned(),
        });
        format!("{}({})", self.name, params.collect::<Vec<_>>().join(", "))
    }

    /// The most arguments of a call of a function that takes any number; more go into an array.
    pub const VARIADIC: usize = 24;

    /// Whether it can be called with so many arguments.
    pub fn takes(&self, given: usize) -> bool {
        if self.variadic {
            return given <= Self::VARIADIC;
        }
        let needed = self.params.iter().filter(|param| !param.optional).count();
        // A missing map of keys is a map without keys: its reader says which ones are needed.
        let keys = self.params.last().is_some_and(|last| matches!(last.kind, Kind::Record(_)));
        let least = if keys { needed.min(1) } else { needed };
        (least..=self.params.len()).contains(&given)
    }

    /// The problem of a call at `site` with too few or too many arguments.
    pub fn wrong_arguments(&self, site: Span, given: usize) -> Diagnostic {
        let few = if given < self.params.len() { "few" } else { "many" };
        let message = format!("too {few} arguments for `{}`: it is called like `{}`", self.name, self.usage());
        let problem = Diagnostic::new(Code::WrongArguments, site, message);
        let takes = self.params.iter().map(|param| format!("`{}` is {}", param.name, param.kind.one()));
        if self.variadic {
            problem.help("put them into one array")
        } else if self.params.iter().any(|param| matches!(param.kind, Kind::Record(_))) {
            problem
        } else {
            problem.help(takes.collect::<Vec<_>>().join(", "))
        }
    }
}
