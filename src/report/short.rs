//! `--message-format short`: one line a problem, written by codespan-reporting.

use std::ops::Range;

use codespan_reporting::diagnostic::{Diagnostic, Label, Severity as Level};
use codespan_reporting::files::{Error, Files, Location};
use codespan_reporting::term::{self, Config, DisplayStyle, termcolor};

use super::visible::visible_line;
use super::{Problem, Style};
use crate::diagnostic::Severity;
use crate::source::{LineColumn, Source, SourceId, SourceMap};

pub(super) fn render(problems: &[Problem<'_>], style: Style) -> String {
    let config = Config { display_style: DisplayStyle::Short, ..Config::default() };
    let mut bytes = Vec::new();
    for problem in problems {
        let files = Texts(problem.sources);
        let line = diagnostic(*problem);
        let done = if style.color {
            term::emit_to_write_style(&mut termcolor::Ansi::new(&mut bytes), &config, &files, &line)
        } else {
            term::emit_to_io_write(&mut bytes, &config, &files, &line)
        };
        done.expect("every span's text is in the map, and memory takes every byte");
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn diagnostic(problem: Problem<'_>) -> Diagnostic<SourceId> {
    let crate::diagnostic::Diagnostic { code, message, primary, related: _, help: _, trace: _ } = problem.diagnostic;
    let level = match code.severity() {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
    };
    Diagnostic::new(level)
        .with_code(code.id())
        .with_message(visible_line(message))
        .with_label(Label::primary(primary.span.source, primary.span.range()))
}

/// Our texts, as codespan-reporting asks for them.
struct Texts<'a>(&'a SourceMap);

impl Texts<'_> {
    fn start(source: &Source, line: usize) -> usize {
        let line = u32::try_from(line + 1).unwrap_or(u32::MAX);
        source.offset(LineColumn { line, column: 1 }) as usize
    }
}

impl<'a> Files<'a> for Texts<'_> {
    type FileId = SourceId;
    type Name = String;
    type Source = &'a str;

    fn name(&'a self, id: SourceId) -> Result<String, Error> {
        Ok(visible_line(&self.0.get(id).name).into_owned())
    }

    fn source(&'a self, id: SourceId) -> Result<&'a str, Error> {
        Ok(&self.0.get(id).text)
    }

    fn line_index(&'a self, id: SourceId, byte_index: usize) -> Result<usize, Error> {
        let at = self.0.get(id).position(u32::try_from(byte_index).unwrap_or(u32::MAX));
        Ok(at.line as usize - 1)
    }

    // The trait's own answer counts a byte order mark as a column.
    fn location(&'a self, id: SourceId, byte_index: usize) -> Result<Location, Error> {
        let at = self.0.get(id).position(u32::try_from(byte_index).unwrap_or(u32::MAX));
        Ok(Location { line_number: at.line as usize, column_number: at.column as usize })
    }

    fn line_range(&'a self, id: SourceId, line_index: usize) -> Result<Range<usize>, Error> {
        let source = self.0.get(id);
        let end =
            if line_index + 1 < source.line_count() { Self::start(source, line_index + 1) } else { source.text.len() };
        Ok(Self::start(source, line_index)..end)
    }
}
