//! What holds for every input. A body takes bytes and panics where it does not hold: `tests/fuzz.rs` runs each on seeds and
//! on what a little chance makes of them, a fuzz target runs one on whatever the fuzzer thinks of.

mod agreement;
mod choices;
mod drawn;
mod editor;
mod emission;
mod event;
pub(crate) mod generated;
mod import;
mod modules;
mod problems;
mod scripts;
mod seeds;
mod server;
mod style;
mod syntax;
mod words;

/// What is held of inputs of one kind.
pub(crate) struct Body {
    /// Its name, which the fuzz target has too.
    pub(crate) name: &'static str,
    /// Holds it of one input.
    pub(crate) run: fn(&[u8]),
    /// Inputs to start from, which are made of the repository's files.
    pub(crate) seeds: fn() -> Vec<Vec<u8>>,
    /// Words that inputs are made of.
    pub(crate) words: fn() -> Vec<String>,
}

/// Every body.
pub(crate) const ALL: &[Body] = &[
    Body { name: "syntax", run: syntax::run, seeds: seeds::pieces, words: words::script },
    Body { name: "agreement", run: agreement::run, seeds: seeds::pieces, words: words::script },
    Body { name: "style", run: style::run, seeds: seeds::pieces, words: words::script },
    Body { name: "scripts", run: scripts::run, seeds: seeds::scripts, words: words::language },
    Body { name: "generated", run: generated::run, seeds: seeds::choices, words: words::choices },
    Body { name: "emission", run: emission::run, seeds: seeds::json, words: words::yaml },
    Body { name: "modules", run: modules::run, seeds: seeds::choices, words: words::paths },
    Body { name: "editor", run: editor::run, seeds: seeds::editor, words: words::language },
    Body { name: "server", run: server::run, seeds: seeds::editor, words: words::script },
    Body { name: "import", run: import::run, seeds: seeds::configurations, words: words::yaml },
    Body { name: "event", run: event::run, seeds: seeds::deliveries, words: words::deliveries },
];

/// The body of that name.
pub(crate) fn named(name: &str) -> &'static Body {
    ALL.iter().find(|body| body.name == name).expect("a target has the name of its body")
}
