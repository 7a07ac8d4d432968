//! Methods of texts that could make a text of any size, with the limit that Rhai's own have not.

use rhai::{Engine, EvalAltResult, ImmutableString};

use super::objects::{Raised, raise};

/// Puts the methods in the place of Rhai's.
pub(super) fn register(engine: &mut Engine, most: usize) {
    engine
        .register_fn("replace", move |text: &mut ImmutableString, old: &str, new: &str| replace(text, old, new, most));
    engine.register_fn("replace", move |text: &mut ImmutableString, old: char, new: &str| {
        replace(text, old.encode_utf8(&mut [0; 4]), new, most)
    });
}

fn replace(text: &mut ImmutableString, old: &str, new: &str, most: usize) -> Result<(), Box<EvalAltResult>> {
    if text.is_empty() {
        return Ok(());
    }
    let more = text.matches(old).count().saturating_mul(new.len());
    if text.len().saturating_add(more) > most {
        return Err(raise(too_long(most)));
    }
    *text = text.replace(old, new).into();
    Ok(())
}

/// The problem of a text that would be too long.
pub(super) fn too_long(most: usize) -> Raised {
    Raised::limit(format!("a text would be longer than {most} bytes"))
}
