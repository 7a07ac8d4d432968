//! Runs small scripts for the tests of the rules, without the interpreter: calls, literals, `let`, `for` and `+`.
//!
//! A script says which problems it has, as the files of the suite do: a line of carets under the text that is marked,
//! then `error[code]: message`, then lines of `help: …`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::check;
use crate::diagnostic::{Diagnostic, Sink};
use crate::model::{Call, Function, Language, Parameters, Project, Session};
use crate::schema::Value;
use crate::source::{LineColumn, MemoryHost, Origin, SourceId, SourceMap, Span, Spanned};

/// What the scripts may use: `aws` for an environment, `base` for a pipeline.
const PRELUDE: &str = r#"
let aws = #{ account: "111111111111", region: "us-east-1" };
let base = aws + #{ cluster: "shared", source: github("octo/app") };
"#;

/// What a script came to.
pub(super) struct Run {
    pub(super) sources: SourceMap,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Runs `script` after the prelude, in a project that holds the files of `host`.
pub(super) fn run(script: &str, host: &MemoryHost) -> Run {
    let (mut sources, mut sink, mut project) = (SourceMap::new(), Sink::new(), Project::new("pipeline.aphex"));
    let main = sources.add("pipeline.aphex", "pipeline.aphex", script, Origin::Script);
    let prelude = sources.add("prelude.aphex", "prelude.aphex", PRELUDE, Origin::Module);
    let parameters = Parameters::new();
    let language = Language::default();
    let mut session = Session::new(&language, &mut sink, &mut project, &parameters);
    let mut variables = BTreeMap::new();
    for (source, text) in [(prelude, PRELUDE), (main, script)] {
        let mut reading = Reading { text, at: 0, source, variables: &mut variables, session: &mut session };
        reading.statements();
    }
    check(&project, &sources, host, &mut sink);
    Run { sources, diagnostics: sink.into_sorted() }
}

/// Asserts that `script` has exactly the problems that it says it has.
#[track_caller]
pub(super) fn holds(script: &str) {
    holds_with(script, &MemoryHost::new());
}

/// The same, in a project that holds the files of `host`.
#[track_caller]
pub(super) fn holds_with(script: &str, host: &MemoryHost) {
    let run = run(script, host);
    let mut found: Vec<String> = run.diagnostics.iter().map(|one| annotation(&run.sources, one)).collect();
    let mut expected = annotations(script);
    found.sort();
    expected.sort();
    assert_eq!(found.join("\n"), expected.join("\n"), "\nfound on the left, expected on the right");
}

/// The texts that the only problem of `script` relates to, each with its words.
#[track_caller]
pub(super) fn related(script: &str) -> Vec<String> {
    let run = run(script, &MemoryHost::new());
    let [only] = &run.diagnostics[..] else { panic!("not one problem: {:#?}", run.diagnostics) };
    only.related.iter().map(|place| format!("{}: {}", run.sources.text(place.span), place.node)).collect()
}

fn annotation(sources: &SourceMap, found: &Diagnostic) -> String {
    let source = sources.get(found.primary.span.source);
    let (start, end) = (source.position(found.primary.span.start), source.position(found.primary.span.end));
    let severity = found.code.severity().name();
    let mut text = line(start, end.column, &format!("{severity}[{}]: {}", found.code.id(), found.message));
    found.help.iter().for_each(|help| write!(text, "\n    help: {help}").expect("a String takes everything"));
    text
}

fn annotations(script: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut code = 0;
    for (index, text) in script.lines().enumerate() {
        let comment = text.trim_start().strip_prefix("//").map(str::trim_start);
        match comment {
            Some(words) if words.starts_with('^') => {
                let column = text.find('^').map_or(0, |at| text[..at].chars().count());
                let carets = words.chars().take_while(|c| *c == '^').count();
                let start = LineColumn { line: code, column: u32::try_from(column + 1).unwrap() };
                let end = u32::try_from(column + 1 + carets).unwrap();
                found.push(line(start, end, words[carets..].trim()));
            }
            Some(words) if words.starts_with("help: ") => {
                let last = found.last_mut().expect("a help line stands below its problem");
                write!(last, "\n    {words}").unwrap();
            }
            Some(_) => {}
            None => code = u32::try_from(index + 1).unwrap(),
        }
    }
    found
}

fn line(start: LineColumn, end: u32, words: &str) -> String {
    format!("{}:{}-{end} {words}", start.line, start.column)
}

struct Reading<'a, 's> {
    text: &'a str,
    at: usize,
    source: SourceId,
    variables: &'a mut BTreeMap<String, Spanned<Value>>,
    session: &'a mut Session<'s>,
}

impl Reading<'_, '_> {
    fn statements(&mut self) {
        while !self.rest().is_empty() && !self.rest().starts_with('}') {
            if self.take("let ") {
                let name = self.word();
                self.expect("=");
                let value = self.sum();
                self.variables.insert(name, value);
                self.expect(";");
            } else if self.take("for ") {
                self.repeat();
            } else {
                self.sum();
                self.expect(";");
            }
        }
    }

    fn repeat(&mut self) {
        let name = self.word();
        self.expect("in");
        let Value::List(items) = self.sum().node else { panic!("`for` takes an array") };
        self.expect("{");
        let start = self.at;
        for item in items {
            self.at = start;
            self.variables.insert(name.clone(), item);
            self.statements();
        }
        self.expect("}");
    }

    fn sum(&mut self) -> Spanned<Value> {
        let mut left = self.one();
        while self.take("+") {
            let right = self.one();
            left.node = match (left.node, right.node) {
                (Value::List(a), Value::List(b)) => Value::List([a, b].concat()),
                (Value::Map(mut a), Value::Map(b)) => {
                    a.retain(|(key, _)| b.iter().all(|(other, _)| other.node != key.node));
                    Value::Map([a, b].concat())
                }
                (Value::Str(a), Value::Str(b)) => Value::Str(a + b.as_str()),
                _ => panic!("`+` takes arrays, maps and texts"),
            };
        }
        left
    }

    fn one(&mut self) -> Spanned<Value> {
        self.rest();
        let start = self.at;
        let value = match &self.text.as_bytes()[start..] {
            [b'"', ..] => Value::Str(self.text()),
            [b'0'..=b'9' | b'-', ..] => Value::Int(self.word().parse().unwrap()),
            [b'(', b')', ..] => {
                self.at += 2;
                Value::Unit
            }
            [b'[', ..] => Value::List(self.list("[", "]", Self::sum)),
            [b'#', ..] => Value::Map(self.list("#{", "}", Self::entry)),
            _ => return self.named(start),
        };
        Spanned::new(value, self.span(start))
    }

    fn named(&mut self, start: usize) -> Spanned<Value> {
        let name = self.word();
        let site = self.span(start);
        if self.rest().starts_with('(') {
            let args = self.list("(", ")", Self::sum);
            let function = Function::find(&name).unwrap_or_else(|| panic!("no function `{name}`"));
            let call = Call { function, site, args };
            let value = function.call(&call, self.session);
            return Spanned::new(value, self.span(start));
        }
        match (name.as_str(), self.variables.get(&name)) {
            ("true", _) => Spanned::new(Value::Bool(true), site),
            ("false", _) => Spanned::new(Value::Bool(false), site),
            // A text is blamed where it was written, an object where it was passed.
            (_, Some(value)) if matches!(value.node, Value::Object(_)) => Spanned::new(value.node.clone(), site),
            (_, Some(value)) => value.clone(),
            (_, None) => panic!("no variable `{name}` at {:?}", &self.text[start..]),
        }
    }

    fn list<T>(&mut self, open: &str, close: &str, item: fn(&mut Self) -> T) -> Vec<T> {
        self.expect(open);
        let mut items = Vec::new();
        while !self.take(close) {
            items.push(item(self));
            if !self.take(",") {
                self.expect(close);
                break;
            }
        }
        items
    }

    fn entry(&mut self) -> (Spanned<String>, Spanned<Value>) {
        let start = {
            self.rest();
            self.at
        };
        let key = if self.rest().starts_with('"') { self.text() } else { self.word() };
        let key = Spanned::new(key, self.span(start));
        self.expect(":");
        (key, self.sum())
    }

    fn text(&mut self) -> String {
        let rest = self.rest();
        let end = rest[1..].find('"').expect("a closing quote");
        let text = rest[1..=end].to_owned();
        self.at += end + 2;
        text
    }

    fn word(&mut self) -> String {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
        let word = rest[..end].to_owned();
        self.at += end;
        word
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    #[track_caller]
    fn expect(&mut self, token: &str) {
        assert!(self.take(token), "no `{token}` at {:?}", &self.text[self.at..]);
    }

    /// What is left, spacing and comments aside.
    fn rest(&mut self) -> &str {
        loop {
            let rest = &self.text[self.at..];
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with("//") {
                return &self.text[self.at..];
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.source, u32::try_from(start).unwrap(), u32::try_from(self.at).unwrap())
    }
}
