//! The variables in sight, as far as parsing needs them: which names are constants.

use std::collections::HashMap;

/// The variables of one function, or of the top level.
#[derive(Debug, Default)]
pub(super) struct Scope<'t> {
    names: Vec<&'t str>,
    /// Whether each variable of that name is a constant, innermost last.
    constants: HashMap<&'t str, Vec<bool>>,
}

impl<'t> Scope<'t> {
    pub(super) fn define(&mut self, name: &'t str, constant: bool) {
        self.names.push(name);
        self.constants.entry(name).or_default().push(constant);
    }

    pub(super) fn is_constant(&self, name: &str) -> bool {
        self.constants.get(name).and_then(|known| known.last()).is_some_and(|constant| *constant)
    }

    /// How many variables there are, for [`Self::forget`].
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Forgets all but the first `count`.
    pub(super) fn forget(&mut self, count: usize) {
        for name in self.names.drain(count.min(self.names.len())..) {
            if let Some(known) = self.constants.get_mut(name) {
                known.pop();
            }
        }
    }
}
