//! `aphex explain`: the long story of a diagnostic.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Args, Command};

use super::args::Global;
use super::{Exit, Failure, markdown, print, screen};
use crate::diagnostic::{Code, did_you_mean};
use crate::interpreter::Interpreter;
use crate::model::Language;
use crate::report::Style;

/// Tell the long story of a diagnostic, with a wrong and a right example
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Explain {
    /// The code, as a report shows it in brackets; without one all are listed
    #[arg(value_name = "CODE", value_parser = Codes, hide_possible_values = true)]
    code: Option<String>,
}

const EXAMPLES: &str = "Examples:
  aphex explain bad-value
  aphex explain                  every code in one line each";

impl Explain {
    pub(super) fn run(self, interpreter: &Interpreter, global: Global) -> Result<Exit, Failure> {
        let style = screen::output_style(global);
        let text = match self.code {
            Some(code) => markdown::render(find(interpreter.language(), &code)?.explanation(), style),
            None => list(interpreter.language(), style),
        };
        print(&text)?;
        Ok(Exit::Done)
    }
}

/// Any text; completions offer the codes.
#[derive(Debug, Clone, Copy)]
struct Codes;

impl TypedValueParser for Codes {
    type Value = String;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Code::ALL.iter().map(|code| PossibleValue::new(code.id()).help(code.summary()))))
    }
}

/// The code of that name; `error[bad-value]` names one too.
fn find(language: &Language, name: &str) -> Result<Code, Failure> {
    let inside = name.split_once('[').map_or(name, |(_, rest)| rest.trim_end_matches([':', ']']));
    let id = inside.trim().to_ascii_lowercase().replace('_', "-");
    language.code(&id).ok_or_else(|| {
        let near = did_you_mean(&id, language.codes().map(Code::id));
        let help =
            near.map_or_else(|| "`aphex explain` lists all".to_owned(), |near| format!("did you mean `{near}`?"));
        Failure::Unknown(format!("there is no code `{name}`; {help}"))
    })
}

fn list(language: &Language, style: Style) -> String {
    let widest = language.codes().map(|code| code.id().len()).max().unwrap_or(0);
    let line = |code: Code| {
        let id = style.paint("1", &format!("{:widest$}", code.id()));
        format!("{id}  {:7}  {}\n", code.severity().name(), code.summary())
    };
    language.codes().map(line).collect()
}
