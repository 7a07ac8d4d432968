//! Names that do not mean what their place asks for, found without running the code that holds them.
//!
//! What is legal while a script runs is never reported: where a name may come from elsewhere, nothing is said, and
//! evaluation reports it if it is reached.

mod conflicts;
mod functions;
mod keys;
mod modules;
mod program;
mod scopes;
mod texts;
mod variables;
mod walk;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::program::{File, Program, touch};
pub use self::scopes::{Called, Definition, How, Member, Place, Role, Scopes, Use};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::Language;
use crate::source::{Origin, SourceId, SourceMap, Span};
use crate::syntax::{Node, Parsed, SyntaxKind as K};

/// How many near names are looked for: in a text full of unknown names they would cost more than they help.
const SUGGESTIONS: usize = 200;

/// The texts of a run.
#[derive(Debug, Clone, Copy)]
pub struct Texts<'t> {
    /// Their trees.
    pub trees: &'t BTreeMap<SourceId, Arc<Parsed>>,
    /// Where they came from.
    pub sources: &'t SourceMap,
    /// The names of the functions that the interpreter has of its own, sorted.
    pub natives: &'static [&'static str],
    /// What a script may call.
    pub language: &'t Language,
    /// Where those that have syntax errors have them.
    pub faults: &'t BTreeMap<SourceId, Vec<Span>>,
}

/// Reports names of functions, variables, modules and keys that do not exist.
pub fn names(texts: &Texts<'_>, sink: &mut Sink) {
    let program = Program::of(texts);
    let mut check = Check { program: &program, texts, suggestions: SUGGESTIONS, sink };
    // The standard library has tests of its own, and nobody could edit it.
    let own = program.files.iter().filter(|(id, _)| texts.sources.get(**id).origin != Origin::Stdlib);
    for (_, file) in own {
        check.file(file);
    }
}

/// What the checks read from and report to.
struct Check<'p, 't> {
    program: &'p Program<'t>,
    texts: &'p Texts<'t>,
    suggestions: usize,
    sink: &'p mut Sink,
}

impl<'t> Check<'_, 't> {
    fn file(&mut self, file: &File<'t>) {
        for used in &file.scopes.uses {
            variables::check(self, used, file);
            if let Some(warning) = texts::check(used) {
                self.report(used.node, warning);
            }
        }
        for called in &file.scopes.calls {
            if !called.call.path().is_empty() {
                modules::call(self, called);
                continue;
            }
            functions::check(self, called, file);
            conflicts::check(self, called, &file.scopes);
        }
        for member in &file.scopes.members {
            modules::member(self, member, file);
        }
    }

    fn is_native(&self, name: &str) -> bool {
        self.texts.natives.binary_search(&name).is_ok() || self.texts.language.function(name).is_some()
    }

    /// Whether there may still be a look for near names.
    fn may_suggest(&mut self) -> bool {
        let may = self.suggestions > 0;
        self.suggestions = self.suggestions.saturating_sub(1);
        may
    }

    /// Whether the call stands in the script, whose top level runs with no other text's functions in sight.
    fn is_script(&self, called: &Called<'_>) -> bool {
        self.texts.sources.get(called.name.span().source).origin == Origin::Script
    }

    fn is_faulty(&self, id: SourceId) -> bool {
        self.texts.faults.contains_key(&id)
    }

    fn exports_function(&self, id: SourceId, name: &str) -> bool {
        let functions = self.program.files.get(&id).and_then(|file| file.functions.get(name));
        functions.is_some_and(|all| all.iter().any(|one| !one.is_private()))
    }

    /// Reports a problem in `node`. In a text with syntax errors, only what they cannot be the cause of.
    fn report(&mut self, node: Node<'_>, problem: Diagnostic) {
        if self.texts.faults.get(&problem.primary.span.source).is_none_or(|faults| stands(&problem, node, faults)) {
            self.sink.push(problem);
        }
    }
}

/// Whether a problem is one whatever the text would be without its syntax errors: they lie in other statements, and a
/// name is nearly one that exists.
fn stands(problem: &Diagnostic, node: Node<'_>, faults: &[Span]) -> bool {
    let is_misspelt = problem.related.is_empty() && problem.help.iter().any(|help| help.starts_with("did you mean"));
    let is_sure = match problem.code {
        Code::UnknownKey | Code::NotInterpolated | Code::ClosureConflict => true,
        Code::WrongArguments => problem.related.is_empty(),
        Code::UnknownFunction | Code::UnknownVariable => is_misspelt,
        _ => false,
    };
    let statement = std::iter::once(node)
        .chain(node.ancestors())
        .find(|node| node.parent().is_none_or(|around| matches!(around.kind(), K::Root | K::Block | K::Interpolation)));
    let near = statement.unwrap_or(node).span();
    is_sure && !faults.iter().any(|fault| touch(*fault, near))
}
