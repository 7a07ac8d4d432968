//! One style for scripts: what is written differently alone comes out the same, and means the same.
//!
//! Nothing but blanks, line breaks and the comma after the last item of a list changes; texts with interpolations stay
//! as they are. A text that goes on after a `\` at a line's end leaves out blanks up to the column of its quote: where it
//! moves, so do they. A text is formatted until nothing changes any more, so that formatting what was formatted does nothing.
//!
//! A line has at most 120 columns where it can be ended, a level 4 blanks. The values of a map over several lines stand
//! below each other, and so do those of a script's definitions that follow each other. One empty line is kept.

mod chains;
mod edits;
mod layout;
mod pieces;
mod printer;
mod spacing;

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::syntax::{Edit, Node, Parsed, Tree, parse};
use pieces::Pieces;
use printer::{Place, Printer};

/// How often a text is formatted before it is taken as it is.
const MAX_ROUNDS: usize = 8;

/// The text of `parsed` in its one style; `None` where it has a syntax error, and so no style.
///
/// A text is given only where its words were compared with those of the original.
pub fn format(parsed: &Parsed) -> Option<String> {
    if parsed.diagnostics.iter().any(Diagnostic::is_error) {
        return None;
    }
    let original = &parsed.tree;
    let words = Pieces::new(original);
    let mut text = Edit::apply(original.text(), &round(original));
    for rounds in 0.. {
        let next = parse(original.source(), &text).tree;
        if !is_same(&words, &Pieces::new(&next)) {
            return None;
        }
        let edits = round(&next);
        if edits.is_empty() || rounds == MAX_ROUNDS {
            break;
        }
        text = Edit::apply(&text, &edits);
    }
    Some(text)
}

/// The changes that give `parsed` its style, in order, each between two words or at the end of a line; those that lie in
/// `range`, in bytes. What ends a line after `range`, or starts one before it, is no part of it. `None` where [`format()`]
/// gives none.
pub fn edits(parsed: &Parsed, range: Range<u32>) -> Option<Vec<Edit>> {
    let text = format(parsed)?;
    let tree = &parsed.tree;
    Some(edits::between(tree, &parse(tree.source(), &text).tree, &range))
}

/// The changes of one pass over a text.
fn round(tree: &Tree) -> Vec<Edit> {
    let mut printer = Printer::new(tree);
    printer.statements(tree.root(), Place::Opening);
    printer.finish()
}

/// Whether two texts have the same words and comments, and the same nodes over them.
fn is_same(old: &Pieces<'_>, new: &Pieces<'_>) -> bool {
    let words = old.all.len() == new.all.len() && old.all.iter().zip(&new.all).all(|(old, new)| old.is_same(new));
    let nodes = old.tree.nodes().map(Node::kind).eq(new.tree.nodes().map(Node::kind));
    words && nodes && old.comments() == new.comments()
}
