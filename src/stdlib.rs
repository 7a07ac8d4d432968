//! The texts of the standard library, which is written in the language itself: `eval` runs them, `reference` reads their
//! comments.

/// Each module: its path in an import, without `aphex/`, and its text.
pub const MODULES: &[(&str, &str)] = &[
    ("commands", include_str!("../stdlib/commands.aphex")),
    ("go", include_str!("../stdlib/go.aphex")),
    ("matrix", include_str!("../stdlib/matrix.aphex")),
    ("node", include_str!("../stdlib/node.aphex")),
    ("options", include_str!("../stdlib/options.aphex")),
    ("policy", include_str!("../stdlib/policy.aphex")),
    ("promote", include_str!("../stdlib/promote.aphex")),
    ("python", include_str!("../stdlib/python.aphex")),
    ("regions", include_str!("../stdlib/regions.aphex")),
    ("rust", include_str!("../stdlib/rust.aphex")),
    ("steps", include_str!("../stdlib/steps.aphex")),
];
