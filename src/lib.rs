//! aphex: a short script becomes the files that deliver an AWS CDK application with Argo.
//!
//! A script becomes values, values become a model, the model becomes files; anything that goes wrong becomes a
//! [`Diagnostic`](diagnostic::Diagnostic). The modules stand in that order, and each uses only those above it:
//!
//! 1. [`source`]: texts, places in them, and the [`Host`](source::Host) that reads files.
//! 2. [`diagnostic`]: problems as data, and the table of their codes.
//! 3. [`syntax`]: a lexer and a resilient parser with a lossless tree, which says what stands where.
//!    [`mod@format`] gives such a text its one style.
//! 4. [`schema`]: what a declaration is: records, keys, kinds of value, and the reading of values against them.
//! 5. [`model`]: the records of the language, each declared once, and the functions that a script calls.
//! 6. [`stdlib`]: the texts of the standard library, which is written in the language.
//! 7. [`eval`] runs the script in a cage, [`check`] holds rules across records, [`emit`] makes files, and
//!    [`mod@reference`] describes the language out of its declarations.
//! 8. [`simulate`] says what Argo would do with an emitted WorkflowTemplate; it knows none of the above but problems.
//!    [`event`] says what Argo Events would do with a delivery of GitHub, in the same way.
//! 9. [`compile`](mod@compile): the four steps one after the other.
//! 10. [`import`] makes a script of the original system's configuration, [`init`] one of what a project's files say, and
//!     [`draft`] lays both out.
//! 11. [`report`] writes problems as text or data; [`graph`] is what a pipeline will do, as data and pictures; [`diff`]
//!     says what is different between two outputs, by meaning; [`cli`] is the command.

pub mod check;
pub mod cli;
pub mod compile;
pub mod diagnostic;
pub mod diff;
pub mod draft;
pub mod emit;
pub mod eval;
pub mod event;
pub mod format;
pub mod graph;
pub mod import;
pub mod init;
pub mod model;
pub mod reference;
pub mod report;
pub mod schema;
pub mod simulate;
pub mod source;
pub mod stdlib;
pub mod syntax;
