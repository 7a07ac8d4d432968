//! `aphex preview`: the page of the playground, with this interpreter and this project, following a file.

mod engine;
mod server;

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::args::Global;
use super::folders::Folders;
use super::inputs::{Inputs, Recorder, watchable};
use super::params::Parameters;
use super::script::Script;
use super::{Exit, Failure, say};
use crate::interpreter::Interpreter;
use crate::report::visible;
use engine::Engine;
use server::Server;

/// Show a script in a browser: its problems, its graph and its files, as it changes
///
/// Prints the address of a page, which this machine alone can reach, and only with that address. The page follows the
/// script, what it imports and the files of --param-file. What is written in the page is tried, not saved: nothing is
/// written. Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Preview {
    /// The script
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Serve at this port of 127.0.0.1; 0 is one that is free
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,

    #[command(flatten)]
    parameters: Parameters,
}

const EXAMPLES: &str = "Examples:
  aphex preview pipeline.aphex
  aphex preview pipeline.aphex --port 8080 --param-file parameters.yaml";

/// The file as it was read last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Seen {
    /// Counts what was seen.
    number: usize,
    name: String,
    /// Nothing where it cannot be read.
    text: Option<String>,
    /// What is wrong beside the script's problems.
    said: Option<String>,
}

impl Preview {
    pub(super) fn run(self, interpreter: &Interpreter, global: Global) -> Result<Exit, Failure> {
        watchable(&self.file)?;
        // What is wrong from the start is a mistake on the command line; what goes wrong later is waited out.
        let script = Script::read(interpreter, &self.file)?;
        let parameters = self.parameters.values()?;
        let at = (Ipv4Addr::LOCALHOST, self.port);
        let what = format!("cannot serve at {}:{}", at.0, at.1);
        let listener = TcpListener::bind(at).map_err(|error| Failure::io(&what, &error))?;

        let recorder = Recorder::new(script.host().clone());
        let engine = Engine::start(&interpreter.with_host(recorder.clone()), &script.path, parameters);
        let engine = engine.map_err(|error| Failure::io("cannot start the interpreter", &error))?;
        let mut inputs = self.inputs(&recorder);
        let server =
            Server::start(listener, engine.clone(), self.seen(interpreter, 1, None)).map_err(Failure::Outside)?;
        if !say_address(&self.file.display().to_string(), server.address(), global) {
            return Ok(Exit::Done);
        }
        let mut folders = Folders::new();
        for number in 2.. {
            inputs.wait(&mut folders);
            recorder.forget();
            inputs = self.inputs(&recorder);
            // The last ones count until there are others.
            let parameters = self.parameters.values();
            let failure = parameters.as_ref().err().map(|failure| failure.words().to_owned());
            engine.renew(parameters.ok());
            server.show(self.seen(interpreter, number, failure));
        }
        Ok(Exit::Done)
    }

    /// What the page depends on, and will have asked for through `recorder`.
    fn inputs(&self, recorder: &Recorder) -> Inputs {
        let mut inputs = Inputs::of(&self.file, self.parameters.files());
        inputs.add(recorder.clone());
        inputs
    }

    fn seen(&self, interpreter: &Interpreter, number: usize, failure: Option<String>) -> Seen {
        let name = self.file.display().to_string();
        let script = Script::read(interpreter, &self.file).map_err(|failure| failure.words().to_owned());
        let text =
            script.and_then(|script| String::from_utf8(script.bytes).map_err(|_| format!("`{name}` is not UTF-8")));
        let (text, said) = match text {
            Ok(text) => (Some(text), failure),
            Err(words) => (None, Some(words)),
        };
        Seen { number, name, text, said }
    }
}

/// Tells where the page is; gives whether anybody reads it.
fn say_address(name: &str, address: &str, global: Global) -> bool {
    let mut out = std::io::stdout().lock();
    let is_read = writeln!(out, "{address}").and_then(|()| out.flush()).is_ok();
    if !global.quiet {
        say(&format!("shows {} and follows it; Ctrl-C ends it\n", visible(name)));
    }
    is_read
}
