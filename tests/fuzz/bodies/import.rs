//! Any text can be imported, and what becomes a script is one as `aphex fmt` leaves it.

#[path = "../../import/known.rs"]
mod known;

use aphex::diagnostic::Diagnostic;
use aphex::draft::Settings;
use aphex::import::{Imported, import};
use aphex::source::SourceId;
use aphex::syntax::parse;
use known::known;

pub(super) fn run(bytes: &[u8]) {
    for settings in [Settings::default(), known()] {
        let Imported { sources, diagnostics, script } = import("aphex-config.yaml", bytes.to_vec(), &settings);
        super::problems::check(&diagnostics, &sources);
        assert_eq!(script.is_none(), diagnostics.iter().any(Diagnostic::is_error), "{diagnostics:?}");
        let Some(script) = script else { continue };
        let parsed = parse(SourceId::FIRST, &script);
        assert_eq!(parsed.diagnostics, [], "{script}");
        assert_eq!(aphex::format::format(&parsed).as_ref(), Some(&script));
    }
}
