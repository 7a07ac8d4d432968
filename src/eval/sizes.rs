//! Holds what variables hold to the limits of size. Rhai measures what an operation gives back, and not an array or map in
//! which a part was put or has grown: `a[k] = v`, `a.b.push(v)`.

use rhai::{Dynamic, EvalAltResult, Position, Scope};

use super::limits::Limits;

/// How much a value may hold, what lies in it counted too.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sizes {
    items: usize,
    keys: usize,
    bytes: usize,
}

impl Sizes {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { items: limits.array_items, keys: limits.map_keys, bytes: limits.text_bytes }
    }

    /// Measures a variable whose value is about to be used: the one that is `index` from the last, or where that is 0,
    /// the last of that name.
    pub(super) fn variable(self, scope: &Scope<'_>, name: &str, index: usize) -> Result<(), Box<EvalAltResult>> {
        let found = match index.checked_sub(1) {
            Some(index) => scope.iter_raw().nth(index),
            None => scope.iter_raw().find(|(known, ..)| *known == name),
        };
        found.map_or(Ok(()), |(.., value)| self.value(value))
    }

    /// Measures a value.
    pub(super) fn value(mut self, value: &Dynamic) -> Result<(), Box<EvalAltResult>> {
        self.take(value)
    }

    fn take(&mut self, value: &Dynamic) -> Result<(), Box<EvalAltResult>> {
        if value.is_array() {
            if let Some(items) = value.read_lock::<rhai::Array>() {
                self.items = self.items.checked_sub(items.len()).ok_or_else(|| too_large("array"))?;
                return items.iter().try_for_each(|item| self.take(item));
            }
        } else if value.is_map() {
            if let Some(map) = value.read_lock::<rhai::Map>() {
                self.keys = self.keys.checked_sub(map.len()).ok_or_else(|| too_large("map"))?;
                return map.values().try_for_each(|value| self.take(value));
            }
        } else if value.is_string() {
            let length = value.read_lock::<rhai::ImmutableString>().map_or(0, |text| text.len());
            self.bytes = self.bytes.checked_sub(length).ok_or_else(|| too_large("string"))?;
        }
        Ok(())
    }
}

/// How many bytes the texts in a value have.
pub(super) fn text_bytes(value: &Dynamic) -> usize {
    let mut left = Sizes { items: usize::MAX, keys: usize::MAX, bytes: usize::MAX };
    left.take(value).map_or(usize::MAX, |()| usize::MAX - left.bytes)
}

/// The error that Rhai has for it.
fn too_large(what: &str) -> EvalAltResult {
    EvalAltResult::ErrorDataTooLarge(what.into(), Position::NONE)
}
