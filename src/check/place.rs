//! Where something with a name stands, and the words about two of one name.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Where something with a name stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Its name, as it was written.
    pub(super) name: Span,
    /// The name of the function in the call that made it.
    pub(super) site: Span,
    /// Where it is passed to what holds it.
    pub(super) listed: Span,
}

impl Place {
    /// Something that nothing holds.
    pub(super) const fn alone(name: Span, site: Span) -> Self {
        Self { name, site, listed: name }
    }
}

/// Two different things of one name: marked at the second's name.
pub(super) fn two(message: String, first: Place, second: Place) -> Diagnostic {
    let found = Diagnostic::new(Code::DuplicateName, second.name, message);
    let found = if first.name != second.name {
        found.related(first.name, "the first is here")
    } else if first.site != second.site {
        // One text named both, by way of a variable or a function.
        found.related(first.site, "the first is made here").related(second.site, "and the second here")
    } else {
        found.related(second.site, "this call runs more than once")
    };
    found.help("give each a name of its own")
}

/// One thing that stands in two places: marked at the second.
pub(super) fn again(message: String, first: Place, second: Place) -> Diagnostic {
    if first.listed == second.listed {
        return Diagnostic::new(Code::DuplicateName, second.name, message).help("leave one of them out");
    }
    let found = Diagnostic::new(Code::DuplicateName, second.listed, message);
    found.related(first.listed, "the first is here").help("leave one of them out")
}
