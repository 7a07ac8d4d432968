//! `aphex fmt`: one style.

use std::path::{Path, PathBuf};

use clap::Args;

use super::args::Global;
use super::script::Script;
use super::{Exit, Failure, report, say, screen, write};
use crate::compile::{Loaded, load};
use crate::diagnostic::Diagnostic;
use crate::format;
use crate::interpreter::Interpreter;
use crate::report::{Problem, patch};
use crate::syntax::{Edit, Parsed};

/// Format scripts in place
///
/// Blanks, line breaks and the comma after the last item of a list change, nothing else: comments stay, and the script
/// means the same. A script with a syntax error is reported and left alone.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Fmt {
    /// The scripts; `-` formats standard input to standard output
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Write nothing; print what would change, and exit with 1 where something would
    #[arg(long)]
    check: bool,

    /// Change these lines alone, counted from 1, the last one included
    #[arg(long, value_name = "FIRST:LAST", value_parser = lines)]
    range: Option<(u32, u32)>,
}

const EXAMPLES: &str = "Examples:
  aphex fmt pipeline.aphex platform/*.aphex
  aphex fmt --check pipeline.aphex
  aphex fmt --range 12:30 - < pipeline.aphex";

/// What became of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Same,
    Changed,
    Wrong,
}

impl Fmt {
    pub(super) fn run(self, interpreter: &Interpreter, global: Global) -> Result<Exit, Failure> {
        let mut outcomes = Vec::new();
        let mut failures = Vec::new();
        for file in &self.files {
            match self.one(interpreter, global, file) {
                Ok(outcome) => outcomes.push(outcome),
                Err(failure) => failures.push(failure),
            }
        }
        let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
        self.summarize(global, count(Outcome::Changed), count(Outcome::Same))?;
        let last = failures.pop();
        for failure in &failures {
            say(&failure.text(global));
        }
        let failed = count(Outcome::Wrong) > 0 || self.check && count(Outcome::Changed) > 0;
        last.map_or(Ok(if failed { Exit::Script } else { Exit::Done }), Err)
    }

    fn one(&self, interpreter: &Interpreter, global: Global, file: &Path) -> Result<Outcome, Failure> {
        let script = Script::read(interpreter, file)?;
        let name = script.name().to_owned();
        let Loaded { sources, parsed } = load(script.input());
        let problems = parsed.diagnostics.iter().map(|diagnostic| Problem { diagnostic, sources: &sources });
        report(global, &problems.collect::<Vec<_>>());
        if parsed.diagnostics.iter().any(Diagnostic::is_error) {
            return Ok(Outcome::Wrong);
        }
        let text = self.formatted(&parsed, file)?;
        let tree = &parsed.tree;
        let changed = text != tree.text();
        match (script.is_stdin(), self.check) {
            (_, true) => super::print(&patch((&name, tree.text()), (&name, &text), screen::output_style(global)))?,
            (true, false) => super::print(&text)?,
            (false, false) if changed => write::replace(file, &text)?,
            (false, false) => {}
        }
        Ok(if changed { Outcome::Changed } else { Outcome::Same })
    }

    fn formatted(&self, parsed: &Parsed, file: &Path) -> Result<String, Failure> {
        let cannot = || Failure::Outside(format!("cannot format `{}`; this is a mistake of aphex's", file.display()));
        let Some((first, last)) = self.range else { return format::format(parsed).ok_or_else(cannot) };
        let tree = &parsed.tree;
        let start = |line: u32| {
            let mut starts = tree.text().match_indices('\n').map(|(at, _)| at + 1);
            let start = (line as usize).checked_sub(2).map_or(Some(0), |before| starts.nth(before));
            // After the last line comes what is added at the end.
            start.and_then(|start| u32::try_from(start).ok()).unwrap_or(u32::MAX)
        };
        let range = start(first)..start(last.saturating_add(1));
        let edits = format::edits(parsed, range).ok_or_else(cannot)?;
        Ok(Edit::apply(tree.text(), &edits))
    }

    /// Says how many files changed, where that is not what was printed.
    fn summarize(&self, global: Global, changed: usize, same: usize) -> Result<(), Failure> {
        let is_text = !self.check && self.files.iter().any(|file| file == Path::new("-"));
        if global.quiet || is_text || changed + same == 0 {
            return Ok(());
        }
        let files = |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
        let verb = match (self.check, changed) {
            (true, _) => "would be formatted",
            (false, 1) => "was formatted",
            (false, _) => "were formatted",
        };
        let is = if same == 1 { "is" } else { "are" };
        let already = format!("{} {is} formatted already", files(same));
        let line = match (changed, same) {
            (0, _) => already,
            (_, 0) => format!("{} {verb}", files(changed)),
            _ => format!("{} {verb}, {already}", files(changed)),
        };
        super::print(&format!("{line}\n"))
    }
}

fn lines(text: &str) -> Result<(u32, u32), String> {
    let numbers = text.split_once(':').and_then(|(first, last)| Some((first.parse().ok()?, last.parse().ok()?)));
    let valid = numbers.filter(|(first, last)| 0 < *first && first <= last);
    valid.ok_or_else(|| "expected two lines, such as `12:30`; the first one is 1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn a_range_has_two_lines_in_order() {
        assert_eq!(lines("1:3"), Ok((1, 3)));
        assert_eq!(lines("7:7"), Ok((7, 7)));
        for wrong in ["", "3", "0:3", "3:1", "a:b", "1:", "-1:2"] {
            assert!(lines(wrong).is_err(), "{wrong}");
        }
    }
}
