//! How the call around an offset is written.

use super::place::{Places, call_at, usage};
use super::targets::Target;
use super::workspace::Workspace;
use crate::eval::Cancellation;
use crate::reference::doc_comment;
use crate::syntax::Function as Fn;

/// The ways to write a call, and where in it a person is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// The ways.
    pub signatures: Vec<Signature>,
    /// The way that fits what is written so far.
    pub active: usize,
    /// The argument that is being written.
    pub argument: usize,
}

/// One way to write a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// How it is written: `environment(name, #{…})`.
    pub label: String,
    /// Its parameters as they stand in the label, each with what it takes.
    pub parameters: Vec<(String, String)>,
    /// What it does, in Markdown.
    pub documentation: String,
}

impl Workspace {
    /// How the call around `offset` is written; nothing where there is none, or where nobody knows its function.
    pub fn signatures(&mut self, path: &str, offset: u32) -> Option<Help> {
        let file = self.file(path)?;
        let (call, argument) = call_at(file.tree(), offset)?;
        let reference = self.reference();
        let places = Places::of(&reference, file.tree());
        let signatures = if let Some(function) = places.function(call) {
            let way = |label: &String| {
                let inside = label.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
                let names = inside.split(", ").filter(|name| !name.is_empty());
                let takes = |index: usize| function.parameters.get(index).or(function.parameters.last());
                let parameters = names.enumerate().map(|(index, name)| {
                    (name.to_owned(), takes(index).map(|parameter| parameter.words.clone()).unwrap_or_default())
                });
                Signature {
                    label: label.clone(),
                    parameters: parameters.collect(),
                    documentation: function.doc.clone(),
                }
            };
            function.calls.iter().map(way).collect()
        } else {
            let (target, _) = self.target_at(&file, call.name()?.span().start, &Cancellation::new()).ok()??;
            let (Target::Function(owner, name) | Target::Library(owner, name)) = target else { return None };
            let owner = self.file(&owner)?;
            let functions = owner.tree().nodes().filter_map(Fn::cast);
            let own = functions.filter(|one| one.name().is_some_and(|own| own.text() == name));
            own.map(|one| {
                let names = one.parameters().map(|token| (token.text().to_owned(), String::new()));
                Signature {
                    label: usage(&name, one),
                    parameters: names.collect(),
                    documentation: doc_comment(&one.docs()),
                }
            })
            .collect::<Vec<_>>()
        };
        let given = call.arguments().count().max(argument + 1);
        let fits = |signature: &Signature| signature.parameters.len() >= given;
        let active = signatures.iter().position(fits).unwrap_or(signatures.len().saturating_sub(1));
        (!signatures.is_empty()).then_some(Help { signatures, active, argument })
    }
}
