//! What there is to say about what stands at an offset.

use std::sync::Arc;

use super::outcome;
use super::place::{Places, made_by, usage};
use super::targets::Target;
use super::workspace::{File, Location, Workspace};
use crate::eval::{Cancellation, Cancelled};
use crate::model::{Region, StackName};
use crate::reference::{Choice, Function, Part, Reference, Type, doc_comment, module_doc, page};
use crate::schema::Text;
use crate::source::Span;
use crate::syntax::{Call, Entry, Function as Fn, Import, Let, Literal, Node, SyntaxKind as K, Token};

/// What there is to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// In Markdown.
    pub text: String,
    /// What it is about.
    pub location: Location,
}

impl Workspace {
    /// What there is to say about what stands at `offset`: what the reference knows of it, and what comes of it in a run.
    ///
    /// # Errors
    /// Where `cancellation` ended the evaluation that it takes.
    pub fn hover(&mut self, path: &str, offset: u32, cancellation: &Cancellation) -> Result<Option<Hover>, Cancelled> {
        let Some(file) = self.file(path) else { return Ok(None) };
        let Some(token) = file.token_at(offset) else { return Ok(None) };
        let mut parts = Vec::new();
        parts.extend(self.declared(&file, token));
        let target = self.target_at(&file, offset, cancellation)?.map(|(target, _)| target);
        parts.extend(target.as_ref().and_then(|target| self.told(&file, target)));
        parts.extend(self.comes_of(&file, token, target, cancellation)?);
        let text = parts.join("\n\n---\n\n");
        Ok((!text.is_empty()).then(|| Hover { text, location: file.at(token.span()) }))
    }

    /// What the declarations of the language say.
    fn declared(&mut self, file: &File, token: Token<'_>) -> Option<String> {
        let reference = self.reference();
        let places = Places::of(&reference, file.tree());
        let node = token.node();
        if let Some(entry) = Entry::cast(node).filter(|entry| entry.key_token() == Some(token)) {
            let (path, key) = places.key(entry)?;
            return Some(page(&reference, Part::Key(&path, key)));
        }
        if node.parent().and_then(Import::cast).is_some() || Import::cast(node).is_some() {
            let import = Import::cast(node).or_else(|| node.parent().and_then(Import::cast))?;
            let module = import.path().and_then(Literal::cast)?.text_value()?;
            let known = reference.modules.iter().find(|known| known.path == module)?;
            return Some(format!("**{}**\n\n{}", known.path, without_examples(&known.doc)));
        }
        if token.kind() == K::Text {
            return text(&places, node);
        }
        let call = call_of(token)?;
        if call.is_method() {
            let method = reference.methods.iter().find(|method| method.name == token.text());
            if let Some(method) = method {
                return Some(format!("```rhai\n{}\n```\n{}", method.usage, method.doc));
            }
        }
        places.function(call).map(function)
    }

    /// What is known of a name of the scripts' own, or of a library's.
    fn told(&mut self, from: &File, target: &Target) -> Option<String> {
        match target {
            Target::Library(module, name) => {
                let reference = self.reference();
                let part = reference.find(&format!("{module}::{name}"));
                part.first().map(|part| page(&reference, *part))
            }
            Target::Function(path, name) => {
                let file = self.file(path)?;
                let functions: Vec<Fn<'_>> = file.tree().nodes().filter_map(Fn::cast).collect();
                let own = functions.iter().filter(|one| one.name().is_some_and(|own| own.text() == name));
                let texts = own.map(|one| {
                    let head = format!("```rhai\nfn {}\n```", usage(name, *one));
                    said([head, doc_comment(&one.docs())])
                });
                Some(said(texts.chain(elsewhere(from, path))))
            }
            Target::Variable(path, span) => {
                let file = self.file(path)?;
                let definition = file.tree().token_from(span.start)?.node();
                let docs =
                    definition.parent().and_then(crate::syntax::Export::cast).map(|export| doc_comment(&export.docs()));
                let line = Let::cast(definition).map(|_| first_line(definition))?;
                let head = format!("```rhai\n{line}\n```");
                Some(said([head, docs.unwrap_or_default()].into_iter().chain(elsewhere(from, path))))
            }
            Target::Module(path, alias) => {
                let module = self.file(path)?.module(alias).cloned()?;
                let file = self.file(&module)?;
                Some(said([format!("**{module}**"), without_examples(&module_doc(file.text()))]))
            }
            Target::Exported(..) | Target::Named(..) => None,
        }
    }

    /// What comes of the object that the word at `token` declares, holds or names.
    fn comes_of(
        &mut self,
        file: &Arc<File>,
        token: Token<'_>,
        target: Option<Target>,
        cancellation: &Cancellation,
    ) -> Result<Option<String>, Cancelled> {
        let site = match (call_of(token), &target) {
            (Some(call), _) => call.name().map(|name| file.at(name.span())),
            (None, Some(Target::Variable(path, span))) => self.maker(path, *span),
            _ => None,
        };
        let named = match target {
            Some(Target::Named(kind, name)) => Some((kind, name)),
            _ => None,
        };
        if site.is_none() && named.is_none() {
            return Ok(None);
        }
        for (_, evaluation) in self.evaluations(&file.path, cancellation)? {
            let found = outcome::objects(&evaluation, site.as_ref(), named.as_ref());
            if let Some(text) = outcome::tell(&evaluation, &found) {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    /// Where the call stands that makes the value of a variable, which is introduced at `span`.
    fn maker(&mut self, path: &Arc<str>, span: Span) -> Option<Location> {
        let owner = self.file(path)?;
        let call = made_by(owner.tree().token_from(span.start)?.node())?;
        Some(owner.at(call.name()?.span()))
    }
}

/// The call whose name a word is.
pub(super) fn call_of(token: Token<'_>) -> Option<Call<'_>> {
    let node = token.node();
    let call = Call::cast(node).or_else(|| node.parent().and_then(Call::cast))?;
    (call.name() == Some(token)).then_some(call)
}

/// What a function of the language is.
pub(super) fn function(function: &Function) -> String {
    let calls = function.calls.join("\n");
    format!("```rhai\n{calls}\n```\n{}\n\nReturns {}.", function.doc, function.returns)
}

/// What a text in a place of the language means.
fn text<'t>(places: &Places<'_, 't>, node: Node<'t>) -> Option<String> {
    let value = Literal::cast(node)?.text_value()?;
    let slots = places.slots(node);
    for slot in &slots {
        if let Some(choice) = choice(places.reference, slot.kind, &value) {
            return Some(format!("`\"{}\"`: {}", choice.text, choice.doc));
        }
    }
    let form = slots.iter().find_map(|slot| form(slot.kind))?;
    if form == Region::NAME {
        let region = Region::parse(&value).ok()?;
        return Some(format!("`{value}`: an AWS region of the partition `{}`", region.partition().id()));
    }
    if form == StackName::NAME {
        return None;
    }
    let known = places.reference.texts.iter().find(|known| known.id == form)?;
    Some(format!("**{}**\n\n{}", known.title, known.doc))
}

fn choice<'a>(reference: &'a Reference, kind: &'a Type, text: &str) -> Option<&'a Choice> {
    match kind {
        Type::Choice { choices } => choices.iter().find(|choice| choice.text == text),
        Type::Either { any_of } => any_of.iter().find_map(|kind| choice(reference, kind, text)),
        Type::Array { items, .. } => choice(reference, items, text),
        // A text in the place of a map is its shorthand.
        Type::Record { record } => {
            let record = reference.record(record)?;
            choice(reference, &record.key(record.shorthand?)?.kind, text)
        }
        _ => None,
    }
}

fn form(kind: &Type) -> Option<&'static str> {
    match kind {
        Type::Text { form, .. } => *form,
        Type::Either { any_of } => any_of.iter().find_map(form),
        _ => None,
    }
}

/// The first line of a node, with `…` where more follows.
fn first_line(node: Node<'_>) -> String {
    let text = node.text();
    match text.split_once('\n') {
        Some((line, _)) => format!("{} …", line.trim_end()),
        None => text.to_owned(),
    }
}

fn elsewhere(from: &File, path: &Arc<str>) -> Option<String> {
    (from.path != *path).then(|| format!("In `{path}`."))
}

fn said(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// A module's text up to its first example.
fn without_examples(text: &str) -> String {
    text.split("```").next().unwrap_or_default().trim().to_owned()
}
