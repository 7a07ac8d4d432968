//! The texts that can be imported without being in a project: the standard library, which is written in the language
//! itself, and modules that an embedder adds. `eval` runs them, `reference` reads their comments.

use std::borrow::Cow;

/// Each module of the standard library: its path in an import, and its text.
pub const MODULES: &[(&str, &str)] = &[
    ("aphex/commands", include_str!("../stdlib/commands.aphex")),
    ("aphex/go", include_str!("../stdlib/go.aphex")),
    ("aphex/matrix", include_str!("../stdlib/matrix.aphex")),
    ("aphex/node", include_str!("../stdlib/node.aphex")),
    ("aphex/options", include_str!("../stdlib/options.aphex")),
    ("aphex/policy", include_str!("../stdlib/policy.aphex")),
    ("aphex/promote", include_str!("../stdlib/promote.aphex")),
    ("aphex/python", include_str!("../stdlib/python.aphex")),
    ("aphex/regions", include_str!("../stdlib/regions.aphex")),
    ("aphex/rust", include_str!("../stdlib/rust.aphex")),
    ("aphex/steps", include_str!("../stdlib/steps.aphex")),
];

/// Every module that is no file of a project, by its path in an import.
#[derive(Debug, Clone, Default)]
pub struct Library {
    /// Paths and texts beside those of [`MODULES`].
    pub own: Vec<(Cow<'static, str>, Cow<'static, str>)>,
}

impl Library {
    /// Every module: its path, and its text.
    pub fn modules(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        MODULES.iter().copied().chain(self.own.iter().map(|(path, text)| (&**path, &**text)))
    }

    /// The text of the module at `path`.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.modules().find(|(known, _)| *known == path).map(|(_, text)| text)
    }

    /// What is behind the `/` in the paths of modules that start with this word: those of one author.
    pub fn below(&self, word: &str) -> impl Iterator<Item = &str> {
        let first = move |path| str::strip_prefix(path, word)?.strip_prefix('/');
        self.modules().filter_map(move |(path, _)| first(path))
    }
}
