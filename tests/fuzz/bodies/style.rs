//! Any text without a syntax error has one style, and keeps it.

use aphex::diagnostic::Diagnostic;
use aphex::format::{edits, format};
use aphex::source::SourceId;
use aphex::syntax::{Edit, parse};

pub(super) fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let parsed = parse(SourceId::FIRST, &text);
    let formatted = format(&parsed);
    if parsed.diagnostics.iter().any(Diagnostic::is_error) {
        assert_eq!(formatted, None);
        return;
    }
    let formatted = formatted.expect("a text without a syntax error has a style");
    assert_eq!(format(&parse(SourceId::FIRST, &formatted)).as_ref(), Some(&formatted), "of {text:?}");

    let end = u32::try_from(text.len()).expect("a text is short");
    let whole = edits(&parsed, 0..u32::MAX).expect("what can be formatted has changes");
    assert_eq!(Edit::apply(&text, &whole), formatted, "of {text:?}");

    // A range by chance: what some byte of the text says.
    let place = |at: usize| u32::from(bytes.get(at).copied().unwrap_or_default()) * end / 255;
    let (one, other) = (place(bytes.len() / 2), place(bytes.len() / 3));
    let range = one.min(other)..one.max(other);
    let some = edits(&parsed, range.clone()).expect("what can be formatted has changes");
    assert!(some.iter().all(|edit| whole.contains(edit)), "{range:?} of {text:?}");
    let changed = Edit::apply(&text, &some);
    let after = parse(SourceId::FIRST, &changed).diagnostics;
    assert!(!after.iter().any(Diagnostic::is_error), "{range:?} of {text:?}: {after:?}\n{changed}");
}
