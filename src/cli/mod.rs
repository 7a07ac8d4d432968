//! The command line: one file a command. Only this floor writes files and knows the terminal.

mod args;
mod ask;
mod check;
mod completions;
mod diff;
mod doc;
mod event;
mod explain;
mod fmt;
mod folder;
mod folders;
mod graph;
mod import;
mod init;
mod inputs;
mod lsp;
mod man;
mod manifest;
mod markdown;
mod origin;
mod orphans;
mod params;
mod preview;
mod print;
mod run;
mod screen;
mod script;
mod simulate;
mod watch;
mod write;

use std::ffi::OsString;
use std::io::Write;

use clap::{Parser, Subcommand};

use crate::diagnostic::did_you_mean;
use crate::interpreter::Interpreter;
use crate::report::{self, Problem};
use args::{Args, Global, MessageFormat};

/// Runs the command that `args` spell, the name of the program first, and ends the process: 0 where it is done, 1 where a
/// script has errors or a comparison found a difference, 2 where the command line is wrong, 3 where something outside
/// failed.
pub fn main(args: impl Iterator<Item = OsString> + Send) -> ! {
    main_with(&Interpreter::default(), args)
}

/// As [`main`], with an embedder's interpreter: a command of a platform team's own, with all that aphex's does. Scripts
/// import files of their project, whatever the interpreter's host is.
///
/// ```no_run
/// use aphex::Interpreter;
///
/// let interpreter = Interpreter::builder()
///     .module("acme/accounts", r#"export const DEV = "111111111111";"#)
///     .build()
///     .expect("the module has no mistake");
/// let args: Vec<_> = std::env::args_os().collect();
/// aphex::cli::main_with(&interpreter, args.into_iter())
/// ```
pub fn main_with(interpreter: &Interpreter, args: impl Iterator<Item = OsString> + Send) -> ! {
    // One thread with the stack that evaluation needs, which no other one has to wait for.
    crate::compile::with_stack(|| std::process::exit(run(interpreter, args).into()))
}

/// Runs the command that `args` spell; gives the exit status.
fn run(interpreter: &Interpreter, args: impl Iterator<Item = OsString>) -> u8 {
    let Args { global, command } = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            // Where nobody reads, there is nobody to tell.
            let _ = error.print();
            return u8::try_from(error.exit_code()).unwrap_or(2);
        }
    };
    match command.run(interpreter, global) {
        Ok(Exit::Done) => 0,
        Ok(Exit::Script) => 1,
        Err(failure) => {
            say(&failure.text(global));
            failure.status()
        }
    }
}

/// What the program does, in the order of its help.
#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Run),
    Check(check::Check),
    Fmt(fmt::Fmt),
    Graph(graph::Graph),
    Diff(diff::Diff),
    Simulate(simulate::Simulate),
    Event(event::Event),
    Watch(watch::Watch),
    Preview(preview::Preview),
    Explain(explain::Explain),
    Init(init::Init),
    Import(import::Import),
    Lsp(lsp::Lsp),
    Completions(completions::Completions),
    Man(man::Man),
    Doc(doc::Doc),
}

impl Command {
    fn run(self, interpreter: &Interpreter, global: Global) -> Result<Exit, Failure> {
        match self {
            Self::Run(run) => run.run(interpreter, global),
            Self::Check(check) => check.run(interpreter, global),
            Self::Fmt(fmt) => fmt.run(interpreter, global),
            Self::Graph(graph) => graph.run(interpreter, global),
            Self::Diff(diff) => diff.run(interpreter, global),
            Self::Event(event) => event.run(interpreter, global),
            Self::Completions(completions) => completions.run(),
            Self::Man(man) => man.run(global),
            Self::Watch(watch) => watch.run(interpreter, global),
            Self::Preview(preview) => preview.run(interpreter, global),
            Self::Simulate(simulate) => simulate.run(interpreter, global),
            Self::Explain(explain) => explain.run(interpreter, global),
            Self::Init(init) => init.run(global),
            Self::Import(import) => import.run(interpreter, global),
            Self::Lsp(lsp) => lsp.run(interpreter),
            Self::Doc(doc) => doc.run(interpreter, global),
        }
    }
}

/// How a command that did its work ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// All is well.
    Done,
    /// The script has errors, or a comparison found a difference.
    Script,
}

/// Why a command could not do its work.
#[derive(Debug)]
enum Failure {
    /// The command line is wrong.
    Usage(String),
    /// A file, a folder or a stream did not do what it should.
    Outside(String),
    /// What the command was asked for does not exist.
    Unknown(String),
}

impl Failure {
    /// `what` failed, in the words of the operating system.
    fn io(what: &str, error: &std::io::Error) -> Self {
        Self::Outside(format!("{what}: {}", screen::words(error)))
    }

    fn status(&self) -> u8 {
        match self {
            Self::Unknown(_) => 1,
            Self::Usage(_) => 2,
            Self::Outside(_) => 3,
        }
    }

    fn words(&self) -> &str {
        let (Self::Usage(text) | Self::Outside(text) | Self::Unknown(text)) = self;
        text
    }

    fn text(&self, global: Global) -> String {
        let head = if screen::error_style(global).color { "\u{1b}[1;31merror:\u{1b}[0m" } else { "error:" };
        format!("{head} {}\n", report::visible(self.words()))
    }
}

/// What a misspelt `word` may have been meant to be, as a question that follows what is wrong with it.
fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    did_you_mean(word, candidates).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// Reports problems on standard error.
fn report(global: Global, problems: &[Problem<'_>]) {
    // Of nothing only one form makes a report; the terminal need not be asked for its size.
    if problems.is_empty() && global.message_format != MessageFormat::Sarif {
        return;
    }
    say(&report::render_all(global.message_format.into(), problems, screen::error_style(global)));
}

/// What a script printed goes to standard error, a line each, harmless to a terminal.
fn say_printed(lines: &[String]) {
    for line in lines {
        say(&format!("{}\n", report::visible(line)));
    }
}

/// Writes to standard error. Where that fails, there is nowhere to say so.
fn say(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Writes to standard output. A reader that has seen enough is no failure.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::io("cannot write to standard output", &error))
        }
        _ => Ok(()),
    }
}
