//! What a page asks that shows a script beside what it becomes, as JSON: the page of the book, where this runs in the browser,
//! and of `aphex preview`, where it runs in the command.
//!
//! Places are counted as JavaScript counts a text, in halves of UTF-16.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::eval::Cancellation;
use crate::ide::{Completion, Problem, TokenKind, Workspace};
use crate::interpreter::Interpreter;
use crate::model::Parameters;

/// What the page asks of a text.
#[derive(Debug, Deserialize)]
struct Request {
    text: String,
    #[serde(flatten)]
    question: Question,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
enum Question {
    /// What is wrong with it, what its words are, and what it becomes; of several pipelines the one of that name, or the first.
    Show { pipeline: Option<String> },
    /// What could stand there.
    Complete { at: usize },
    /// What there is to say about what stands there.
    Explain { at: usize },
    /// The text in its one style.
    Format,
}

/// A script, and what is asked about it.
#[derive(Debug)]
pub struct Playground {
    workspace: Workspace,
    path: String,
}

impl Playground {
    /// A script at `path` from the root of the project that the host of `interpreter` reads; empty at first.
    pub fn new(interpreter: &Interpreter, path: &str) -> Self {
        let mut workspace = Workspace::new(interpreter, Arc::new(interpreter.reference()));
        workspace.open(path, "");
        Self { workspace, path: path.to_owned() }
    }

    /// Gives `param(name)` these values.
    pub fn set_parameters(&mut self, parameters: Parameters) {
        self.workspace.set_parameters(parameters);
    }

    /// The answer to a request, both as JSON. What is no request is answered by `{"error": …}`.
    pub fn answer(&mut self, request: &str) -> String {
        let Request { text, question } = match serde_json::from_str(request) {
            Ok(request) => request,
            Err(error) => return json!({ "error": error.to_string() }).to_string(),
        };
        if self.workspace.text(&self.path).is_none_or(|known| *known != *text) {
            self.workspace.open(&self.path, &text);
        }
        let answer = match question {
            Question::Show { pipeline } => self.show(&text, pipeline.as_deref()),
            Question::Complete { at } => self.complete(&text, at),
            Question::Explain { at } => self.explain(&text, at),
            Question::Format => self.format(&text),
        };
        answer.to_string()
    }

    fn show(&mut self, text: &str, pipeline: Option<&str>) -> Value {
        let (cancellation, units) = (Cancellation::new(), Units::of(text));
        let problems = self.workspace.problems(&cancellation).unwrap_or_default();
        let (own, elsewhere): (Vec<_>, Vec<_>) =
            problems.values().flatten().partition(|problem| *problem.location.path == *self.path);
        let words = self.workspace.tokens(&self.path).into_iter();
        let words =
            words.map(|word| json!([units.at(word.start), units.at(word.end), TokenKind::NAMES[word.kind as usize]]));
        let outcome = self.workspace.outcome(&self.path, pipeline, &cancellation).unwrap_or_default();
        json!({
            "problems": own.into_iter().map(|one| problem(one, &units)).collect::<Vec<_>>(),
            "elsewhere": elsewhere.into_iter().map(|one| format!("{}: {}", one.location.path, head(one))).collect::<Vec<_>>(),
            "words": words.collect::<Vec<_>>(),
            "printed": outcome.printed,
            "pipelines": outcome.pipelines,
            "files": outcome.files.map(|preview| preview.files).unwrap_or_default(),
            "picture": outcome.picture,
        })
    }

    fn complete(&mut self, text: &str, at: usize) -> Value {
        let units = Units::of(text);
        let found = self.workspace.completions(&self.path, units.byte(text, at));
        json!({ "completions": found.iter().map(|one| completion(one, &units)).collect::<Vec<_>>() })
    }

    fn explain(&mut self, text: &str, at: usize) -> Value {
        let at = Units::of(text).byte(text, at);
        let hover = self.workspace.hover(&self.path, at, &Cancellation::new()).ok().flatten();
        json!({ "explanation": hover.map(|hover| hover.text) })
    }

    fn format(&mut self, text: &str) -> Value {
        let edits = self.workspace.formatting(&self.path, None);
        json!({ "text": edits.map(|edits| crate::syntax::Edit::apply(text, &edits)) })
    }
}

/// A problem in a line.
fn head(problem: &Problem) -> &str {
    problem.message.lines().next().unwrap_or_default()
}

fn problem(problem: &Problem, units: &Units) -> Value {
    json!({
        "code": problem.code.id(),
        "severity": problem.severity.name(),
        "start": units.at(problem.location.start),
        "end": units.at(problem.location.end),
        "message": head(problem),
        "help": problem.help,
    })
}

fn completion(completion: &Completion, units: &Units) -> Value {
    json!({
        "label": completion.label,
        "detail": completion.detail,
        "documentation": completion.documentation,
        "snippet": completion.snippet,
        "start": units.at(completion.replaces.start),
        "end": units.at(completion.replaces.end),
    })
}

/// How many halves of UTF-16 stand before each byte of a text.
#[derive(Debug)]
struct Units {
    /// Where the text is not ASCII alone.
    before: Option<Vec<u32>>,
}

impl Units {
    fn of(text: &str) -> Self {
        let before = (!text.is_ascii()).then(|| {
            let mut units = 0;
            let each = text.chars().flat_map(|letter| {
                let start = units;
                units += u32::try_from(letter.len_utf16()).unwrap_or(2);
                std::iter::repeat_n(start, letter.len_utf8())
            });
            let mut before: Vec<u32> = each.collect();
            before.push(units);
            before
        });
        Self { before }
    }

    /// The unit at a byte.
    fn at(&self, byte: u32) -> u32 {
        match &self.before {
            Some(before) => before.get(byte as usize).or(before.last()).copied().unwrap_or(0),
            None => byte,
        }
    }

    /// The byte at a unit.
    fn byte(&self, text: &str, unit: usize) -> u32 {
        let byte = match &self.before {
            Some(before) => before.partition_point(|one| (*one as usize) < unit),
            None => unit,
        };
        u32::try_from(text.floor_char_boundary(byte)).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "// 🚀 ä\nlet app = stack(\"App\");\nlet dev = environment(\"dev\", #{ account: \"111111111111\", region: \"us-east-1\", stacks: [app] });\npipeline(\"p\", #{ cluster: \"c\", account: \"999999999999\", region: \"us-east-1\", source: github(\"a/b\"), stages: [dev] });\n";

    fn ask(playground: &mut Playground, request: &Value) -> Value {
        serde_json::from_str(&playground.answer(&request.to_string())).expect("an answer is JSON")
    }

    fn unit(text: &str, part: &str) -> usize {
        text[..text.find(part).expect("it is there")].encode_utf16().count()
    }

    #[test]
    fn a_script_is_shown_with_what_it_becomes() {
        let mut playground = Playground::new(&Interpreter::default(), "pipeline.aphex");
        let shown = ask(&mut playground, &json!({ "ask": "show", "text": SCRIPT }));
        assert_eq!((&shown["problems"], &shown["pipelines"]), (&json!([]), &json!(["p"])));
        assert_eq!(shown["files"].as_array().map(Vec::len), Some(6));
        assert!(shown["picture"].as_str().is_some_and(|picture| picture.starts_with("<svg")));
        let start = unit(SCRIPT, "stack(");
        assert!(shown["words"].as_array().is_some_and(|words| words.contains(&json!([start, start + 5, "function"]))));
        let explained = ask(&mut playground, &json!({ "ask": "explain", "text": SCRIPT, "at": start + 1 }));
        assert!(explained["explanation"].as_str().is_some_and(|text| text.contains("stack(")), "{explained}");
    }

    #[test]
    fn a_problem_is_at_its_place_and_a_completion_too() {
        let mut playground = Playground::new(&Interpreter::default(), "pipeline.aphex");
        let text = SCRIPT.replace("account: \"1", "acount: \"1");
        let shown = ask(&mut playground, &json!({ "ask": "show", "text": text }));
        let problem = &shown["problems"][0];
        let start = unit(&text, "acount");
        assert_eq!(
            (&problem["code"], &problem["start"], &problem["end"]),
            (&json!("unknown-key"), &json!(start), &json!(start + 6))
        );
        let found = ask(&mut playground, &json!({ "ask": "complete", "text": text, "at": start + 2 }));
        let account = found["completions"].as_array().and_then(|all| all.iter().find(|one| one["label"] == "account"));
        assert_eq!(account.map(|one| &one["start"]), Some(&json!(start)));
    }

    #[test]
    fn formatting_and_nonsense_are_answered() {
        let mut playground = Playground::new(&Interpreter::default(), "pipeline.aphex");
        assert_eq!(
            ask(&mut playground, &json!({ "ask": "format", "text": "let  a=1;" })),
            json!({ "text": "let a = 1;\n" })
        );
        assert!(ask(&mut playground, &json!({ "ask": "dance", "text": "" }))["error"].is_string());
        assert_eq!(
            ask(&mut playground, &json!({ "ask": "complete", "text": "", "at": 9_999_999 }))["error"],
            Value::Null
        );
    }

    #[test]
    fn of_several_pipelines_the_one_that_is_asked_for_is_shown() {
        let mut playground = Playground::new(&Interpreter::default(), "pipeline.aphex");
        let second = "pipeline(\"q\", #{ cluster: \"c\", account: \"999999999999\", region: \"us-east-1\", source: github(\"a/c\"), stages: [dev] });\n";
        let text = format!("{SCRIPT}{second}print(\"said\");\n");
        let shown = ask(&mut playground, &json!({ "ask": "show", "text": text, "pipeline": "q" }));
        assert_eq!((&shown["pipelines"], &shown["printed"]), (&json!(["p", "q"]), &json!(["said"])));
        assert!(shown["picture"].as_str().is_some_and(|picture| picture.contains("a/c")));
        let other = ask(&mut playground, &json!({ "ask": "show", "text": text, "pipeline": "gone" }));
        assert!(other["picture"].as_str().is_some_and(|picture| picture.contains("a/b")));
    }
}
