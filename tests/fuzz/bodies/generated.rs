//! Scripts that are made from the reference of the language, so that most of them are nearly right: every function and key
//! with what it takes, and now and then with something odd.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::LazyLock;

use aphex::language::{Function, Record, TextForm, Type};
use regex::Regex;

use super::choices::Choices;
use super::words::REFERENCE;

/// Texts that some form takes. A form takes those that its pattern does.
const TEXTS: &[&str] = &[
    "a",
    "a-1",
    "us-east-1",
    "eu-west-1",
    "111111111111",
    "222222222222",
    "main",
    "release/*",
    "npm ci",
    "make {{x}}",
    "echo \"$(date)\" '`' ${HOME} # c",
    "90s",
    "30m",
    "24h",
    "7d",
    "my-org/my-app",
    "node:22",
    "ghcr.io/a/b@sha256:0",
    "lib/app.ts",
    "https://example.com/x?y=1",
    "arn:aws:iam::111111111111:policy/p",
    "arn:aws:s3:::a/*",
    "*",
    "s3:Get*",
    "s3:GetObject",
    "512Mi",
    "250m",
    "1",
    "2",
    "KEY",
    "X-Header",
    "example.com/key",
    "Text with ä and 😀",
    "App-Stack",
    "yes",
    "012",
    "- x",
    "a: b # c",
    "{{workflow.name}}",
    "sts:AssumeRole",
    "12:30:45",
];

/// What is no value of most keys.
const ODD: &[&str] = &[
    "()",
    "-1",
    "0",
    "9223372036854775807",
    "1.5",
    "true",
    "[]",
    "#{}",
    "\"\"",
    "'c'",
    "|x| x",
    "[[1]]",
    "\" \"",
    "\"\\n\"",
    "#{ \"a b\": 1 }",
    "\"a\\nb\"",
    "\"cn-north-1\"",
    "\"us-gov-west-1\"",
    "\"${a}\"",
    "`\n`",
    "undefined",
    "param(\"given\")",
    "param(\"other\", 1)",
    "secret(\"a\", \"b\")",
    "stack(\"Odd\")",
    "fail(\"no\")",
    "1 / 0",
];

/// The texts of each form, as a script writes them.
static FORMS: LazyLock<BTreeMap<&str, Vec<String>>> = LazyLock::new(|| {
    let texts = |form: &TextForm| {
        let pattern = form.pattern.map(|pattern| Regex::new(pattern).expect("the reference has patterns that are"));
        let takes = |text: &&&str| pattern.as_ref().is_none_or(|pattern| pattern.is_match(text));
        TEXTS.iter().filter(takes).map(|text| quoted(text)).collect()
    };
    REFERENCE.texts.iter().map(|form| (form.id, texts(form))).collect()
});

/// A text as a script writes it.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\r', "\\r"))
}

/// The script that these bytes choose.
pub(crate) fn script(bytes: &[u8]) -> String {
    let mut choices = Choices::new(bytes);
    let odd = choices.once_in(4);
    Writer { choices, odd, script: String::new(), names: 0, objects: Vec::new() }.script()
}

pub(super) fn run(bytes: &[u8]) {
    super::scripts::run(script(bytes).as_bytes());
}

struct Writer<'a> {
    choices: Choices<'a>,
    /// Whether some of it is odd.
    odd: bool,
    script: String,
    /// How many names there are.
    names: usize,
    /// What was declared: the function, and the variable that holds it.
    objects: Vec<(&'static str, String)>,
}

impl Writer<'_> {
    fn script(mut self) -> String {
        let functions = &REFERENCE.functions;
        while !self.choices.is_over() && self.objects.len() < 12 {
            // What is last is most often the pipeline.
            let name = self.choices.one_of(&["stack", "environment", "step", "approval", "environment", ""]);
            let any = &functions[self.choices.below(functions.len())];
            let function = functions.iter().find(|function| function.name == name).unwrap_or(any);
            self.declare(function);
        }
        let pipeline = functions.iter().find(|function| function.name == "pipeline").expect("the language has it");
        self.declare(pipeline);
        self.script
    }

    fn declare(&mut self, function: &'static Function) {
        let call = self.call(function, 0);
        let call = self.wrapped(call);
        let variable = format!("v{}", self.objects.len());
        writeln!(self.script, "let {variable} = {call};").expect("a string takes every text");
        self.objects.push((function.name, variable));
    }

    fn call(&mut self, function: &'static Function, depth: usize) -> String {
        let mut arguments = Vec::new();
        for parameter in &function.parameters {
            if parameter.optional && self.choices.once_in(4) {
                break;
            }
            arguments.push(match parameter.name {
                // Names differ.
                "name" if !self.is_odd() => {
                    self.names += 1;
                    format!("\"n{}\"", self.names)
                }
                _ => self.value(&parameter.kind, depth + 1),
            });
        }
        let is_list = arguments.last().is_some_and(|argument| argument.starts_with('['));
        while function.variadic && !is_list && self.choices.once_in(2) && arguments.len() < 4 {
            let kind = &function.parameters[function.parameters.len() - 1].kind;
            arguments.push(self.value(kind, depth + 1));
        }
        format!("{}({})", function.name, arguments.join(", "))
    }

    fn value(&mut self, kind: &'static Type, depth: usize) -> String {
        if depth > 16 || self.is_odd() {
            return if self.choices.once_in(4) { quoted(&self.choices.text()) } else { self.odd() };
        }
        let value = match kind {
            Type::Bool => self.choices.one_of(&["true", "false"]).to_owned(),
            Type::True => "true".to_owned(),
            Type::Integer { minimum, maximum } => {
                let (least, greatest) = (minimum.unwrap_or(0), maximum.unwrap_or(i64::MAX));
                (least + i64::from(self.choices.byte())).min(greatest).to_string()
            }
            Type::Text { form, .. } => {
                let texts = form.and_then(|form| FORMS.get(form)).filter(|texts| !texts.is_empty());
                let Some(texts) = texts else { return quoted(self.choices.one_of(TEXTS)) };
                texts[self.choices.below(texts.len())].clone()
            }
            Type::Choice { choices } => format!("{:?}", choices[self.choices.below(choices.len())].text),
            Type::Array { items, may_be_empty } => {
                let length = self.choices.below(3) + usize::from(!may_be_empty);
                let items = (0..length).map(|_| self.value(items, depth + 1));
                let items: BTreeSet<String> = items.collect();
                format!("[{}]", items.into_iter().collect::<Vec<_>>().join(", "))
            }
            Type::Map { keys, values } => {
                let length = self.choices.below(3);
                let entries = (0..length).map(|_| (self.key(keys), self.value(values, depth + 1)));
                let entries: BTreeMap<String, String> = entries.collect();
                let entries = entries.into_iter().map(|(key, value)| format!("{key}: {value}"));
                format!("#{{ {} }}", entries.collect::<Vec<_>>().join(", "))
            }
            Type::Record { record } => self.record(record, depth),
            Type::Object { function } => self.object(function, depth),
            Type::Either { any_of } => {
                // A stack has a name too, but that must be one that there is.
                let object = any_of.iter().find(|kind| matches!(kind, Type::Object { .. })).filter(|_| !self.is_odd());
                let any = &any_of[self.choices.below(any_of.len())];
                return self.value(object.unwrap_or(any), depth);
            }
            _ => self.odd(),
        };
        self.wrapped(value)
    }

    /// Whether something stands here that is seldom right; in most scripts nowhere.
    fn is_odd(&mut self) -> bool {
        self.odd && self.choices.once_in(32)
    }

    fn odd(&mut self) -> String {
        self.choices.one_of(ODD).to_owned()
    }

    fn key(&mut self, kind: &'static Type) -> String {
        match kind {
            Type::Text { form: Some(form), .. } if FORMS.get(form).is_some_and(|texts| !texts.is_empty()) => {
                let texts = &FORMS[form];
                texts[self.choices.below(texts.len())].clone()
            }
            _ => "\"KEY\"".to_owned(),
        }
    }

    fn record(&mut self, id: &str, depth: usize) -> String {
        let record: &Record = REFERENCE.records.iter().find(|record| record.id == id).expect("a type's record is one");
        let mut entries = Vec::new();
        let own = self.choices.once_in(4) && record.keys.iter().any(|key| key.key == "command");
        for key in &record.keys {
            // A required key is seldom left out; of the others there are fewer, the deeper they lie.
            // A container has one of both.
            let is_other = (key.key == "commands" && own) || (matches!(key.key, "command" | "args") && !own);
            let is_wanted = key.required || matches!(key.key, "command" | "commands");
            let is_given = if is_other {
                self.is_odd()
            } else if is_wanted {
                !self.is_odd()
            } else {
                self.choices.once_in(6)
            };
            if is_given {
                let value = self.value(&key.kind, depth + 1);
                entries.push(format!("{}: {value}", key.key));
            }
        }
        if self.is_odd() {
            entries.push(self.choices.one_of(&["nme: 1", "\"a b\": 2", "name: \"x\"", "default_: 3"]).to_owned());
        }
        format!("#{{ {} }}", entries.join(", "))
    }

    fn object(&mut self, function: &str, depth: usize) -> String {
        let known: Vec<&String> =
            self.objects.iter().filter(|(of, _)| *of == function).map(|(_, variable)| variable).collect();
        if !known.is_empty() && !self.choices.once_in(8) {
            return known[self.choices.below(known.len())].clone();
        }
        let function = REFERENCE.functions.iter().find(|one| one.name == function).expect("a type's function is one");
        self.call(function, depth + 1)
    }

    /// The same value, come by in another way.
    fn wrapped(&mut self, value: String) -> String {
        match self.choices.byte() {
            0..240 => value,
            240..242 => format!("[{value}][0]"),
            242..244 => format!("#{{ k: {value} }}.k"),
            244..246 => format!("if true {{ {value} }} else {{ () }}"),
            246..248 => format!("{{ let t = {value}; t }}"),
            248..250 => format!("[1].map(|x| {value})[0]"),
            250..252 => format!("(#{{}}.get(\"k\") ?? {value})"),
            252..254 => format!("switch 1 {{ 1 => {value}, _ => () }}"),
            254..=255 => format!("{value} /* ä */"),
        }
    }
}
