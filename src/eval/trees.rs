//! Trees of texts that were read before: what did not change is not read again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::source::{Source, SourceId};
use crate::syntax::{Parsed, parse};

/// The most trees that are kept.
const MOST: usize = 1_000;

/// Trees by the path of their text, for as long as that stays the same.
#[derive(Debug, Default)]
pub struct Trees(Mutex<BTreeMap<Arc<str>, Known>>);

#[derive(Debug, Clone)]
struct Known {
    id: SourceId,
    text: Arc<str>,
    parsed: Arc<Parsed>,
}

impl Trees {
    /// Reads a text, unless it was read before under the same number.
    pub(super) fn parsed(&self, source: &Source) -> Arc<Parsed> {
        if let Some(found) = self.known().get(&source.path)
            && found.id == source.id
            && found.text == source.text
        {
            return Arc::clone(&found.parsed);
        }
        // Nobody waits while a text is read.
        let parsed = Arc::new(parse(source.id, &source.text));
        let mut known = self.known();
        if known.len() >= MOST {
            known.clear();
        }
        let entry = Known { id: source.id, text: Arc::clone(&source.text), parsed: Arc::clone(&parsed) };
        known.insert(Arc::clone(&source.path), entry);
        parsed
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<Arc<str>, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Origin, SourceMap};

    #[test]
    fn a_text_is_read_again_where_it_or_its_number_changed() {
        let trees = Trees::default();
        let parsed = |texts: &[(&str, &str)]| {
            let mut sources = SourceMap::new();
            for (path, text) in texts {
                sources.add(path, path, text, Origin::Module);
            }
            let last = sources.iter().last().map(|source| trees.parsed(source));
            last.map(|parsed| Arc::as_ptr(&parsed).addr()).unwrap_or_default()
        };
        let first = parsed(&[("a", "1")]);
        assert_eq!(parsed(&[("a", "1")]), first);
        let second = parsed(&[("a", "2")]);
        assert_ne!(second, first);
        assert_ne!(parsed(&[("b", ""), ("a", "2")]), second);
    }
}
