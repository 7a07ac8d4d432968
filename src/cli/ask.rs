//! Questions on a terminal, each with an answer that an empty line takes.

use std::io::{BufRead, Read, Write};

use super::Failure;
use crate::report;

/// The longest answer, in bytes.
const LONGEST: u64 = 1_000;

/// A question: what is asked, the option that answers it too, the answer of an empty line, and what an answer must be.
pub(super) struct Question<'a> {
    pub(super) what: &'static str,
    pub(super) option: &'static str,
    pub(super) default: &'a str,
    pub(super) check: fn(&str) -> Result<String, String>,
}

impl Question<'_> {
    /// The answer; a wrong one is explained, and the question asked again.
    pub(super) fn ask(&self, input: &mut impl BufRead, output: &mut impl Write) -> Result<String, Failure> {
        let failed = |error: &std::io::Error| Failure::io("cannot ask on the terminal", error);
        loop {
            write!(output, "{} [{}]: ", self.what, self.default).map_err(|error| failed(&error))?;
            output.flush().map_err(|error| failed(&error))?;
            let mut line = Vec::new();
            let read = (&mut *input).take(LONGEST).read_until(b'\n', &mut line).map_err(|error| failed(&error))?;
            if read == 0 {
                // The question has no end of line yet.
                let _ = writeln!(output);
                return Err(Failure::Usage(format!(
                    "the input ended before `{}` was answered; give it on the command line",
                    self.option
                )));
            }
            let line = String::from_utf8_lossy(&line);
            let answer = line.trim();
            if answer.is_empty() {
                return Ok(self.default.to_owned());
            }
            match (self.check)(answer) {
                Ok(answer) => return Ok(answer),
                Err(why) => writeln!(output, "  {}", report::visible(&why)).map_err(|error| failed(&error))?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(input: &str) -> (Result<String, Failure>, String) {
        let check = |text: &str| if text == "no" { Err("not that\u{1b}".to_owned()) } else { Ok(text.to_owned()) };
        let question = Question { what: "Cluster", option: "--cluster", default: "tools", check };
        let mut output = Vec::new();
        let answer = question.ask(&mut input.as_bytes(), &mut output);
        (answer, String::from_utf8(output).unwrap())
    }

    #[test]
    fn an_answer_is_taken_an_empty_one_is_the_default_and_a_wrong_one_is_explained() {
        assert_eq!(ask(" own \n").0.unwrap(), "own");
        assert_eq!(ask("\r\n").0.unwrap(), "tools");
        let (answer, said) = ask("no\nyes\n");
        assert_eq!(answer.unwrap(), "yes");
        assert_eq!(said, "Cluster [tools]:   not that\\u{1b}\nCluster [tools]: ");
    }

    #[test]
    fn the_end_of_the_input_is_an_error() {
        let (answer, _) = ask("no\n");
        assert!(matches!(answer, Err(Failure::Usage(text)) if text.contains("`--cluster`")));
    }
}
