//! What could stand at an offset.

mod keys;
mod members;
mod values;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::place::{Places, Site, made_by, site, usage};
use super::workspace::{File, Workspace, around};
use crate::check::names::Role;
use crate::reference::{Part, Reference, doc_comment, page};
use crate::source::Span;
use crate::syntax::{Call, Function, Import, Node, SyntaxKind as K, Token, words};

pub(in crate::ide) use keys::placeholder;

/// Something that could stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What a person chooses.
    pub label: String,
    /// What it is.
    pub sort: Sort,
    /// What stands beside it: a type, a default.
    pub detail: String,
    /// What it means, in Markdown.
    pub documentation: String,
    /// What is put in: a snippet of the protocol, where `$1` is a place to fill in.
    pub snippet: String,
    /// What it replaces.
    pub replaces: Span,
    /// The lower, the further above in the list.
    pub rank: u32,
}

/// What a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A function.
    Function,
    /// A function after a dot.
    Method,
    /// A key of a map, or what stands after a dot.
    Property,
    /// A variable.
    Variable,
    /// A constant.
    Constant,
    /// A module.
    Module,
    /// One of several texts.
    Choice,
    /// A keyword.
    Keyword,
    /// A form to fill in.
    Snippet,
}

impl Completion {
    fn new(label: impl Into<String>, sort: Sort, replaces: Span) -> Self {
        let label = label.into();
        let snippet = escaped(&label);
        Self { label, sort, detail: String::new(), documentation: String::new(), snippet, replaces, rank: 50 }
    }

    /// What is put in, for a client that knows no snippets: the places to fill in stay empty.
    pub fn plain(&self) -> String {
        plain(&self.snippet)
    }
}

/// A text in which no snippet's sign means anything.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}

/// A snippet without its places.
pub(super) fn plain(snippet: &str) -> String {
    let mut text = String::with_capacity(snippet.len());
    let mut letters = snippet.chars().peekable();
    let mut open = 0_usize;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next()),
            '$' => {
                let is_named = letters.next_if_eq(&'{').is_some();
                while letters.next_if(char::is_ascii_digit).is_some() {}
                if is_named {
                    open += 1;
                    letters.next_if_eq(&':');
                }
            }
            '}' if open > 0 => open -= 1,
            other => text.push(other),
        }
    }
    text
}

/// What a completion is made with.
struct Maker<'a, 't> {
    reference: &'a Reference,
    places: Places<'a, 't>,
    file: &'t File,
    offset: u32,
    /// What is being written, which a completion replaces.
    word: Span,
    found: Vec<Completion>,
}

impl Workspace {
    /// What could stand at `offset`, the best first.
    pub fn completions(&mut self, path: &str, offset: u32) -> Vec<Completion> {
        let Some(file) = self.file(path) else { return Vec::new() };
        let names = self.names_for_texts(&file);
        let reference = self.reference();
        let modules: Vec<Arc<str>> = self.importable(&file);
        let word = word(&file, offset);
        let places = Places::of(&reference, file.tree());
        let mut maker = Maker { reference: &reference, places, file: &file, offset, word, found: Vec::new() };
        match site(file.tree(), word.start, offset) {
            Site::Key(map) => maker.keys(map),
            Site::Value(entry) => {
                let slots = maker.places.slots_of(entry);
                maker.values(&slots, &names);
                maker.expressions(&slots);
            }
            Site::Argument(call, index) => {
                let slots: Vec<_> = maker.places.argument_slots(call, index);
                maker.values(&slots, &names);
                maker.expressions(&slots);
            }
            Site::Item(array) => {
                let slots = maker.places.item_slots(array);
                maker.values(&slots, &names);
                maker.expressions(&slots);
            }
            Site::Text(node) => maker.text(node, &names, &modules),
            Site::Member(receiver) => maker.members(receiver),
            Site::Module(before) => {
                if let Some(module) = module_before(before).and_then(|words| self.resolve(&file, &words)) {
                    maker.module(&module);
                }
            }
            Site::Statement => {
                maker.expressions(&[]);
                maker.statements();
            }
            Site::Expression => maker.expressions(&[]),
            Site::Nothing => {}
        }
        let Maker { mut found, .. } = maker;
        found.sort_by(|a, b| a.rank.cmp(&b.rank).then_with(|| a.label.cmp(&b.label)));
        let mut seen = BTreeSet::new();
        found.retain(|one| seen.insert(one.label.clone()));
        found
    }

    /// The names that texts may have, by what declares them: out of the script's last evaluation and of its text.
    fn names_for_texts(&mut self, file: &Arc<File>) -> Vec<(&'static str, String)> {
        let mut names = BTreeSet::new();
        for evaluation in self.last_evaluations(&file.path) {
            names.extend(super::targets::declared(&evaluation).into_iter().map(|(kind, name, _)| (kind, name)));
        }
        for call in file.tree().nodes().filter_map(Call::cast) {
            let kind = call.name().and_then(|name| super::targets::NAMED.iter().find(|kind| **kind == name.text()));
            let first = call.arguments().next().and_then(crate::syntax::Literal::cast);
            if let (Some(kind), Some(name)) = (kind, first.and_then(crate::syntax::Literal::text_value)) {
                names.insert((*kind, name));
            }
        }
        names.into_iter().collect()
    }

    /// What an import may name: the modules of libraries, and the other scripts of the project.
    fn importable(&mut self, from: &File) -> Vec<Arc<str>> {
        let library: Vec<Arc<str>> = self.language().library.modules().map(|(path, _)| path.into()).collect();
        let own = self.scripts().into_iter().filter(|file| file.path != from.path);
        let relative: Vec<Arc<str>> = own.map(|file| relative(&from.path, &file.path).into()).collect();
        library.into_iter().chain(relative).collect()
    }
}

/// The word that ends at `offset` or goes on there.
fn word(file: &File, offset: u32) -> Span {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let bytes = file.text().as_bytes();
    let at = (offset as usize).min(bytes.len());
    let before = bytes[..at].iter().rev().take_while(|byte| is_word(byte)).count();
    let after = bytes[at..].iter().take_while(|byte| is_word(byte)).count();
    let to_u32 = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    Span::new(file.tree().source(), to_u32(at - before), to_u32(at + after))
}

/// The words before `::`, outermost first.
fn module_before(colons: Token<'_>) -> Option<Vec<Token<'_>>> {
    let mut words = Vec::new();
    let mut at = Some(colons);
    while let Some(token) = at.filter(|token| token.kind() == K::ColonColon) {
        let word = token.previous().filter(|word| matches!(word.kind(), K::Ident | K::Reserved))?;
        words.push(word);
        at = word.previous();
    }
    words.reverse();
    Some(words)
}

/// The path by which the file at `from` imports the one at `to`, without its ending.
pub(super) fn relative(from: &str, to: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.trim_end_matches(".aphex").split('/').collect();
    let folders = &from[..from.len() - 1];
    let same = folders.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = folders.len() - same;
    let head = if up == 0 { "./".to_owned() } else { "../".repeat(up) };
    format!("{head}{}", to[same..].join("/"))
}

impl<'a> Maker<'a, '_> {
    fn add(&mut self, completion: Completion) {
        self.found.push(completion);
    }

    fn new_one(&self, label: impl Into<String>, sort: Sort) -> Completion {
        Completion::new(label, sort, self.word)
    }

    fn page(&self, part: Part<'_>) -> String {
        page(self.reference, part)
    }

    /// Variables, functions and modules that can be seen, those that fit `slots` above.
    fn expressions(&mut self, slots: &[super::place::Slot<'a>]) {
        let objects = values::objects(slots);
        let names: Vec<(String, Role, Option<String>)> = self
            .places
            .scopes
            .names_at(self.offset)
            .into_iter()
            .map(|one| (one.name.text().to_owned(), one.role, maker(one.name.node())))
            .collect();
        for (name, role, made_by) in names {
            let sort = if role == Role::Constant { Sort::Constant } else { Sort::Variable };
            let fits = made_by.as_deref().is_some_and(|kind| objects.contains(&kind));
            let detail = made_by.unwrap_or_default();
            let rank = if fits { 10 } else { 30 };
            let one = self.new_one(name, sort);
            self.add(Completion { detail, rank, ..one });
        }
        for function in &self.reference.functions {
            let rank = if objects.contains(&function.name) { 20 } else { 40 };
            let one = self.new_one(function.name, Sort::Function);
            let snippet = call_snippet(self.reference, function);
            let detail = function.calls.first().cloned().unwrap_or_default();
            self.add(Completion { detail, documentation: function.doc.clone(), snippet, rank, ..one });
        }
        self.own_functions();
        self.modules();
        for word in ["print", "debug", "type_of"] {
            let one = self.new_one(word, Sort::Function);
            self.add(Completion { snippet: format!("{word}($1)"), rank: 60, ..one });
        }
        for word in ["true", "false", "if", "switch"] {
            let one = self.new_one(word, Sort::Keyword);
            self.add(Completion { rank: 65, ..one });
        }
    }

    fn own_functions(&mut self) {
        let functions: Vec<_> = self.file.tree().nodes().filter_map(Function::cast).collect();
        for function in functions {
            let Some(name) = function.name() else { continue };
            let one = self.new_one(name.text(), Sort::Function);
            let detail = usage(name.text(), function);
            let documentation = doc_comment(&function.docs());
            let snippet = snippet_of(name.text(), function);
            self.add(Completion { detail, documentation, snippet, rank: 35, ..one });
        }
    }

    fn modules(&mut self) {
        let imports: Vec<_> = self.file.tree().nodes().filter_map(Import::cast).filter_map(Import::alias).collect();
        for alias in imports {
            let one = self.new_one(alias.text(), Sort::Module);
            let target = self.file.module(alias.text()).map(ToString::to_string).unwrap_or_default();
            let snippet = format!("{}::", alias.text());
            self.add(Completion { detail: target, snippet, rank: 45, ..one });
        }
    }

    /// What a statement may begin with.
    fn statements(&mut self) {
        let is_inside =
            self.file.tree().node_at(self.offset).is_some_and(|node| {
                around(node).any(|node| matches!(node.kind(), K::Block | K::Function | K::Closure))
            });
        for (word, snippet, detail) in FORMS {
            if is_inside && matches!(*word, "import" | "export" | "fn") {
                continue;
            }
            let one = self.new_one(*word, Sort::Snippet);
            self.add(Completion { snippet: (*snippet).to_owned(), detail: (*detail).to_owned(), rank: 55, ..one });
        }
        for (word, _) in words::KEYWORDS {
            let is_statement = matches!(*word, "let" | "const" | "for" | "while" | "loop" | "return" | "throw" | "try");
            if is_statement {
                let one = self.new_one(*word, Sort::Keyword);
                self.add(Completion { rank: 66, ..one });
            }
        }
    }
}

/// The forms of statements.
const FORMS: &[(&str, &str, &str)] = &[
    ("import", "import \"$1\" as $2;", "import \"…\" as …;"),
    ("fn", "fn $1($2) {\n    $0\n}", "fn …(…) { … }"),
    ("for", "for $1 in $2 {\n    $0\n}", "for … in … { … }"),
    ("if", "if $1 {\n    $0\n}", "if … { … }"),
    ("export", "export const $1 = $0;", "export const … = …;"),
];

/// The function of the language that a variable's value is made by.
fn maker(definition: Node<'_>) -> Option<String> {
    let call = made_by(definition).filter(|call| call.path().is_empty() && !call.is_method())?;
    call.name().map(|name| name.text().to_owned())
}

/// A call with the arguments that it must have.
pub(super) fn call_snippet(reference: &Reference, function: &crate::reference::Function) -> String {
    let mut places = 0;
    let mut arguments = Vec::new();
    for parameter in function.parameters.iter().filter(|parameter| !parameter.optional) {
        places += 1;
        arguments.push(match &parameter.kind {
            crate::reference::Type::Record { record } => {
                let record = reference.record(record);
                record.map_or_else(String::new, |record| record_snippet(record, &mut places))
            }
            crate::reference::Type::Text { .. } => format!("\"${places}\""),
            _ => format!("${places}"),
        });
    }
    format!("{}({})", function.name, arguments.join(", "))
}

/// A map with the keys that it must have.
pub(super) fn record_snippet(record: &crate::reference::Record, places: &mut u32) -> String {
    let required: Vec<_> = record.keys.iter().filter(|key| key.required).collect();
    if required.is_empty() {
        return format!("#{{ ${places} \\}}");
    }
    let widest = required.iter().map(|key| key.key.len()).max().unwrap_or(0);
    let mut text = "#{\n".to_owned();
    *places -= 1;
    for key in required {
        *places += 1;
        let value = keys::placeholder(&key.kind, *places);
        let gap = " ".repeat(widest - key.key.len());
        text.extend(["    ", key.key, ": ", &gap, &value, ",\n"]);
    }
    text.push_str("\\}");
    text
}

fn snippet_of(name: &str, function: Function<'_>) -> String {
    let parameters = function.parameters().map(Token::text).enumerate();
    let places = parameters.map(|(at, parameter)| format!("${{{}:{parameter}}}", at + 1));
    format!("{name}({})", places.collect::<Vec<_>>().join(", "))
}
