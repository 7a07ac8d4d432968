//! `aphex watch`: the script is checked again on every change of what it is made of.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;

use super::args::{Global, MessageFormat};
use super::diff::snapshot;
use super::folders::Folders;
use super::inputs::{Inputs, Recorder, watchable};
use super::params::Parameters;
use super::script::Script;
use super::{Exit, Failure, report, say, say_printed, screen};
use crate::compile::{Evaluation, Options};
use crate::diff::{Snapshot, changes};
use crate::interpreter::Interpreter;
use crate::report::{Problem, count, visible};

/// Check a script again on every change, and show what is different
///
/// The script, every module that it imports, the files that its stacks name and those of --param-file are watched. After
/// a change come its problems, or else what is different from the last time that there was none, as `aphex diff` says
/// it. A file that is gone is waited for. Nothing is written. Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Watch {
    /// The script
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Clear the terminal before each report
    #[arg(long)]
    clear: bool,

    #[command(flatten)]
    parameters: Parameters,
}

const EXAMPLES: &str = "Examples:
  aphex watch pipeline.aphex
  aphex watch pipeline.aphex --clear --param-file parameters.yaml
  aphex watch pipeline.aphex --quiet --message-format json 2> problems.jsonl";

/// Clears the screen and what it scrolled away, and goes to its first line.
const CLEAR: &str = "\u{1b}[2J\u{1b}[3J\u{1b}[H";

impl Watch {
    pub(super) fn run(self, interpreter: &Interpreter, global: Global) -> Result<Exit, Failure> {
        watchable(&self.file)?;
        // What is wrong from the start is a mistake on the command line; what goes wrong later is waited out.
        Script::read(interpreter, &self.file)?;
        self.parameters.values()?;
        let mut folders = Folders::new();
        let mut session = Session { watch: &self, interpreter, global, number: 0, last: None };
        let name = self.file.display().to_string();
        let (mut inputs, first) = session.round(&name);
        let mut read = first?;
        while read {
            let changed = inputs.wait(&mut folders);
            let (seen, round) = session.round(&format!("{} changed", changed.join(", ")));
            read = round.unwrap_or_else(|failure| {
                say(&failure.text(global));
                true
            });
            inputs = seen;
        }
        Ok(Exit::Done)
    }
}

/// What was reported so far.
struct Session<'a> {
    watch: &'a Watch,
    interpreter: &'a Interpreter,
    global: Global,
    number: usize,
    /// The output of the last round without an error, and the round's number.
    last: Option<(usize, Snapshot)>,
}

impl Session<'_> {
    /// Checks and reports. Gives what was looked at, and whether anybody reads the report.
    fn round(&mut self, head: &str) -> (Inputs, Result<bool, Failure>) {
        self.number += 1;
        let mut inputs = Inputs::of(&self.watch.file, self.watch.parameters.files());
        let clear = if self.watch.clear && std::io::stdout().is_terminal() { CLEAR } else { "" };
        let space = if self.number > 1 && clear.is_empty() { "\n" } else { "" };
        let number = screen::output_style(self.global).paint("1", &format!("[{}]", self.number));
        let read = self.print(&format!("{clear}{space}{number} {}\n", visible(head)));
        let text = self.compile(&mut inputs).and_then(|compiled| self.report(compiled));
        let read = text.map(|text| read && self.print(&text));
        (inputs, read)
    }

    fn compile(&self, inputs: &mut Inputs) -> Result<Evaluation, Failure> {
        let script = Script::read(self.interpreter, &self.watch.file)?;
        let options = Options { module: true, parameters: self.watch.parameters.values()?, ..Options::default() };
        let recorder = Recorder::new(script.host().clone());
        let compiled = script.compile_with(&recorder.host(), &options);
        inputs.add(recorder);
        if !compiled.has_errors() {
            self.watch.parameters.know(&compiled.project)?;
        }
        Ok(compiled)
    }

    /// Tells the problems; gives the line that sums up, or what is different.
    fn report(&mut self, compiled: Evaluation) -> Result<String, Failure> {
        say_printed(&compiled.printed);
        let failed = compiled.has_errors();
        let Evaluation { sources, diagnostics, outputs, .. } = compiled;
        let problems: Vec<_> = diagnostics.iter().map(|diagnostic| Problem { diagnostic, sources: &sources }).collect();
        report(self.global, &problems);
        let counted = count(&problems);
        if failed {
            // A report for people has counted already.
            let people = self.global.message_format == MessageFormat::Human;
            return Ok(if people { String::new() } else { format!("{counted}\n") });
        }
        let names: Vec<String> = outputs.iter().map(|output| output.pipeline.clone()).collect();
        let new = snapshot(outputs)?;
        let good = if counted.is_empty() { "no problem".to_owned() } else { counted };
        let said = match &self.last {
            None if names.is_empty() => good,
            None => format!("{good}; {}", names.join(", ")),
            Some((number, old)) => match changes(old, &new) {
                same if same.is_empty() => return Ok(format!("{good}; the output is as in [{number}]\n")),
                changes => {
                    let text = changes.text(screen::output_style(self.global));
                    format!("{good}; since [{number}]:\n{}", text.trim_end())
                }
            },
        };
        self.last = Some((self.number, new));
        Ok(format!("{said}\n"))
    }

    /// Writes to standard output, unless only problems are asked for; gives whether anybody reads it.
    fn print(&self, text: &str) -> bool {
        let mut out = std::io::stdout().lock();
        self.global.quiet || out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_ok()
    }
}
