//! What an editor asks about a script: what stands at an offset, what could stand there, what comes of it.
//!
//! A [`Workspace`] is a project with the texts of an editor in it. It answers in spans of its texts and in Markdown; how an
//! editor speaks is the business of `lsp`. Answers that need the script's values come from its evaluation, which the cage of
//! the interpreter makes safe at every keystroke; everything else comes from the syntax tree, and so of a broken text too.

mod actions;
mod completion;
mod folding;
mod formatting;
mod hints;
mod hover;
mod lens;
mod links;
mod names;
mod origin;
mod outcome;
mod outline;
mod place;
mod problems;
mod selection;
mod signature;
mod targets;
mod tokens;
mod workspace;

pub use actions::Action;
pub use completion::{Completion, Sort};
pub use folding::{Fold, FoldKind};
pub use hints::{Hint, Hints};
pub use hover::Hover;
pub use lens::{Lens, Outcome, Preview};
pub use links::Link;
pub use names::{Rename, RenameError};
pub use outline::{Symbol, SymbolKind};
pub use problems::Problem;
pub use signature::{Help, Signature};
pub use tokens::{Modifier, Token, TokenKind};
pub use workspace::{Location, Workspace};
