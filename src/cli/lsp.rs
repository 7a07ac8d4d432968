//! `aphex lsp`: the language server.

use clap::Args;

use super::{Exit, Failure};
use crate::interpreter::Interpreter;
use crate::lsp::{ServeError, serve};

/// Serve an editor: the language server, on standard input and output
///
/// An editor starts this by itself; `editors/` has what makes it do so.
#[derive(Debug, Args)]
pub(super) struct Lsp {
    /// What many clients add; there is no other way
    #[arg(long, hide = true)]
    stdio: bool,
}

impl Lsp {
    pub(super) fn run(self, interpreter: &Interpreter) -> Result<Exit, Failure> {
        let Self { stdio: _ } = self;
        serve(interpreter).map(|()| Exit::Done).map_err(|error| match error {
            ServeError::Protocol(what) => Failure::Outside(what),
            ServeError::Io(error) => Failure::io("cannot talk to the editor", &error),
        })
    }
}
