//! What a word of a text refers to, and everywhere else that it is referred to.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::place::Places;
use super::workspace::{File, Location, Workspace, location};
use crate::check::names::{How, Member, Scopes};
use crate::compile::Evaluation;
use crate::eval::{Cancellation, Cancelled};
use crate::model::{Environment, Stack, StackName, StackRef};
use crate::reference::Type;
use crate::schema::Text;
use crate::source::Span;
use crate::syntax::{
    Array, Binary, Call, Entry, Export, Function, Import, Let, Literal, Node, Property, SyntaxKind as K, Token, Tree,
};

/// What a word refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A variable: its file, and where it is introduced there.
    Variable(Arc<str>, Span),
    /// What a file exports by a name that is not the variable's own.
    Exported(Arc<str>, String),
    /// A function of a file.
    Function(Arc<str>, String),
    /// A name that a file gives to what it imports.
    Module(Arc<str>, String),
    /// A function or constant of a module of a library: the module, and the name.
    Library(Arc<str>, String),
    /// Something that is declared by a name: what declares it, and the name.
    Named(&'static str, String),
}

/// A place where something is referred to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Occurrence {
    pub(super) location: Location,
    /// Whether it is introduced there.
    pub(super) is_declaration: bool,
    /// Whether it gets a value there.
    pub(super) is_write: bool,
}

/// The functions whose objects have names, and the records that these names stand for.
pub(super) const NAMED: &[&str] = &["stack", "environment", "step", "approval", "pipeline"];

/// The module whose functions take names of environments as `names`.
const POLICY: &str = "aphex/policy";

impl Workspace {
    /// What the word at `offset` refers to, and where the word stands.
    ///
    /// # Errors
    /// Where `cancellation` ended the evaluation that it takes.
    pub(super) fn target_at(
        &mut self,
        file: &Arc<File>,
        offset: u32,
        cancellation: &Cancellation,
    ) -> Result<Option<(Target, Span)>, Cancelled> {
        let Some(token) = file.token_at(offset) else { return Ok(None) };
        if token.kind() == K::Text {
            return self.named_at(file, token, cancellation);
        }
        Ok(self.word_target(file, token).map(|target| (target, token.span())))
    }

    fn word_target(&mut self, file: &Arc<File>, token: Token<'_>) -> Option<Target> {
        let scopes = Scopes::of(file.tree());
        let span = token.span();
        let own = |span: Span| Target::Variable(Arc::clone(&file.path), span);
        if let Some(definition) = scopes.definitions.iter().find(|one| one.name == token) {
            return Some(own(definition.name.span()));
        }
        if let Some(used) = scopes.uses.iter().find(|used| used.span == span && used.how == How::Value) {
            return used.definition.map(|index| own(scopes.definitions[index].name.span()));
        }
        if let Some(member) = scopes.members.iter().find(|member| member.name == token) {
            return self.member_target(file, &member.path, token.text());
        }
        if let Some(called) = scopes.calls.iter().find(|called| called.name == token) {
            let path = called.call.path();
            if !path.is_empty() {
                return self.member_target(file, &path, token.text());
            }
            if has_function(file, token.text()) {
                return Some(Target::Function(Arc::clone(&file.path), token.text().to_owned()));
            }
            return called.variable.map(|index| own(scopes.definitions[index].name.span()));
        }
        let node = token.node();
        if Function::cast(node).and_then(Function::name) == Some(token) {
            return Some(Target::Function(Arc::clone(&file.path), token.text().to_owned()));
        }
        if Import::cast(node).and_then(Import::alias) == Some(token) {
            return Some(Target::Module(Arc::clone(&file.path), token.text().to_owned()));
        }
        if Export::cast(node).and_then(Export::alias) == Some(token) {
            return Some(Target::Exported(Arc::clone(&file.path), token.text().to_owned()));
        }
        // A word before `::`.
        let path = path_up_to(token)?;
        let (last, before) = path.split_last()?;
        let owner = self.resolve(file, before)?;
        let is_module = owner.module(last.text()).is_some();
        is_module.then(|| Target::Module(Arc::clone(&owner.path), last.text().to_owned()))
    }

    /// The file that the modules of a path lead to.
    pub(super) fn resolve(&mut self, file: &Arc<File>, path: &[Token<'_>]) -> Option<Arc<File>> {
        let mut at = Arc::clone(file);
        for token in path {
            let target = Arc::clone(at.module(token.text())?);
            at = self.file(&target)?;
        }
        Some(at)
    }

    fn member_target(&mut self, file: &Arc<File>, path: &[Token<'_>], name: &str) -> Option<Target> {
        if let [only] = path
            && only.text() == "global"
            && file.module("global").is_none()
        {
            return top_variable(file.tree(), name).map(|span| Target::Variable(Arc::clone(&file.path), span));
        }
        let owner = self.resolve(file, path)?;
        if self.is_library(&owner.path) {
            return Some(Target::Library(Arc::clone(&owner.path), name.to_owned()));
        }
        if has_function(&owner, name) {
            return Some(Target::Function(Arc::clone(&owner.path), name.to_owned()));
        }
        exported(&owner, name)
    }

    /// What a text is the name of.
    fn named_at(
        &mut self,
        file: &Arc<File>,
        token: Token<'_>,
        cancellation: &Cancellation,
    ) -> Result<Option<(Target, Span)>, Cancelled> {
        let Some(value) = Literal::cast(token.node()).and_then(Literal::text_value) else { return Ok(None) };
        let span = token.span();
        let place = file.at(span);
        // Where something has its name from.
        let evaluations = self.evaluations(&file.path, cancellation)?;
        for (_, evaluation) in &evaluations {
            for (kind, name, at) in declared(evaluation) {
                if name == value && at == place {
                    return Ok(Some((Target::Named(kind, name), span)));
                }
            }
        }
        let reference = self.reference();
        let places = Places::of(&reference, file.tree());
        let Some(kinds) = refers(&places, file, token.node()) else { return Ok(None) };
        for (_, evaluation) in &evaluations {
            let found = declared(evaluation).into_iter().find(|(kind, name, _)| kinds.contains(kind) && *name == value);
            if let Some((kind, name, _)) = found {
                return Ok(Some((Target::Named(kind, name), span)));
            }
        }
        // A script that cannot be evaluated says by itself what it declares.
        let kind = kinds.iter().find(|kind| written(file, kind, &value).is_some());
        Ok(kind.map(|kind| (Target::Named(kind, value), span)))
    }

    /// Everywhere that `target` is referred to, each place once, in order.
    ///
    /// # Errors
    /// Where `cancellation` ended an evaluation that it takes.
    pub(super) fn occurrences(
        &mut self,
        target: &Target,
        from: &str,
        cancellation: &Cancellation,
    ) -> Result<Vec<Occurrence>, Cancelled> {
        let mut found = BTreeSet::new();
        match target {
            Target::Variable(path, span) => self.variable(path, *span, &mut found),
            Target::Exported(path, name) => {
                if let Some(file) = self.file(path) {
                    let aliases = file.tree().nodes().filter_map(Export::cast).filter_map(Export::alias);
                    let own =
                        aliases.filter(|alias| alias.text() == name).map(|alias| declaration(&file, alias.span()));
                    found.extend(own);
                }
                self.members(path, name, &mut found);
            }
            Target::Function(path, name) => self.function(path, name, &mut found),
            Target::Module(path, name) => self.module(path, name, &mut found),
            Target::Library(path, name) => self.members(path, name, &mut found),
            Target::Named(kind, name) => self.named(kind, name, from, cancellation, &mut found)?,
        }
        Ok(found.into_iter().collect())
    }

    fn variable(&mut self, path: &Arc<str>, span: Span, found: &mut BTreeSet<Occurrence>) {
        let Some(file) = self.file(path) else { return };
        let scopes = Scopes::of(file.tree());
        let Some(index) = scopes.definitions.iter().position(|one| one.name.span() == span) else { return };
        found.insert(declaration(&file, span));
        for used in scopes.uses.iter().filter(|used| used.definition == Some(index) && used.how == How::Value) {
            found.insert(Occurrence { is_write: is_written(used.node), ..occurrence(&file, used.span) });
        }
        let called = scopes.calls.iter().filter(|called| called.variable == Some(index));
        let called = called.filter(|called| !has_function(&file, called.name.text()));
        found.extend(called.map(|called| occurrence(&file, called.name.span())));
        let definition = &scopes.definitions[index];
        if !definition.top {
            return;
        }
        let name = definition.name.text();
        if top_variable(file.tree(), name) == Some(span) {
            let global = |member: &&Member<'_>| member.name.text() == name && is_global(&file, member);
            found.extend(scopes.members.iter().filter(global).map(|member| occurrence(&file, member.name.span())));
        }
        if exported(&file, name) == Some(Target::Variable(Arc::clone(path), span)) {
            self.members(path, name, found);
        }
    }

    fn function(&mut self, path: &Arc<str>, name: &str, found: &mut BTreeSet<Occurrence>) {
        if let Some(file) = self.file(path) {
            let functions = file.tree().nodes().filter_map(Function::cast);
            let own = functions.filter_map(Function::name).filter(|own| own.text() == name);
            found.extend(own.map(|own| declaration(&file, own.span())));
            let scopes = Scopes::of(file.tree());
            let own = scopes.calls.iter().filter(|called| called.name.text() == name && called.call.path().is_empty());
            found.extend(own.map(|called| occurrence(&file, called.name.span())));
        }
        self.members(path, name, found);
    }

    /// The uses, in all scripts, of what the file at `path` exports by a name.
    fn members(&mut self, path: &Arc<str>, name: &str, found: &mut BTreeSet<Occurrence>) {
        for file in self.scripts() {
            // Most scripts do not have the word at all.
            if !file.text().contains(name) {
                continue;
            }
            let scopes = Scopes::of(file.tree());
            let members = scopes.members.iter().map(|member| (member.path.clone(), member.name));
            let called = scopes.calls.iter().map(|called| (called.call.path(), called.name));
            for (modules, word) in members.chain(called) {
                let is_it = word.text() == name && !modules.is_empty();
                if is_it && self.resolve(&file, &modules).is_some_and(|owner| owner.path == *path) {
                    found.insert(occurrence(&file, word.span()));
                }
            }
        }
    }

    /// The uses of a name that the file at `path` gives to what it imports.
    fn module(&mut self, path: &Arc<str>, name: &str, found: &mut BTreeSet<Occurrence>) {
        for file in self.scripts() {
            if !file.text().contains(name) {
                continue;
            }
            if file.path == *path {
                let aliases = file.tree().nodes().filter_map(Import::cast).filter_map(Import::alias);
                found
                    .extend(aliases.filter(|alias| alias.text() == name).map(|alias| declaration(&file, alias.span())));
            }
            let scopes = Scopes::of(file.tree());
            let members = scopes.members.iter().map(|member| member.path.clone());
            for modules in members.chain(scopes.calls.iter().map(|called| called.call.path())) {
                for (depth, word) in modules.iter().enumerate().filter(|(_, word)| word.text() == name) {
                    if self.resolve(&file, &modules[..depth]).is_some_and(|owner| owner.path == *path) {
                        found.insert(occurrence(&file, word.span()));
                    }
                }
            }
        }
    }

    /// The texts that name something that is declared: where it has its name from, and where it is named.
    fn named(
        &mut self,
        kind: &'static str,
        name: &str,
        from: &str,
        cancellation: &Cancellation,
        found: &mut BTreeSet<Occurrence>,
    ) -> Result<(), Cancelled> {
        let evaluations = self.evaluations(from, cancellation)?;
        let mut paths: BTreeSet<Arc<str>> = BTreeSet::from([from.into()]);
        let mut others = BTreeSet::new();
        for (_, evaluation) in &evaluations {
            paths.extend(evaluation.sources.iter().map(|source| Arc::clone(&source.path)));
            for (declared, own, place) in declared(evaluation) {
                if own != name {
                } else if declared == kind {
                    found.insert(Occurrence { location: place, is_declaration: true, is_write: true });
                } else {
                    others.insert(declared);
                }
            }
            if kind == "stack" {
                found.extend(stacks_by_name(evaluation, name));
            }
        }
        paths.retain(|path| !self.is_library(path));
        let reference = self.reference();
        for path in paths {
            let Some(file) = self.file(&path).filter(|file| file.text().contains(name)) else { continue };
            let places = Places::of(&reference, file.tree());
            for node in file.tree().nodes().filter(|node| node.kind() == K::Literal) {
                if Literal::cast(node).and_then(Literal::text_value).is_none_or(|text| text != name) {
                    continue;
                }
                if written(&file, kind, name) == Some(node.span()) {
                    found.insert(declaration(&file, node.span()));
                    continue;
                }
                let is_named = match kind {
                    "stack" => is_stack_name(&places, node),
                    "environment" => is_policy_name(&file, node),
                    _ => false,
                };
                // What is compared with a name is this one's where nothing else has it.
                if is_named || kind != "stack" && others.is_empty() && is_compared_name(node) {
                    found.insert(occurrence(&file, node.span()));
                }
            }
        }
        Ok(())
    }
}

fn occurrence(file: &File, span: Span) -> Occurrence {
    Occurrence { location: file.at(span), is_declaration: false, is_write: false }
}

fn declaration(file: &File, span: Span) -> Occurrence {
    Occurrence { is_declaration: true, is_write: true, ..occurrence(file, span) }
}

/// What an evaluation declared by name: what declares it, the name, and where that is written.
pub(super) fn declared(evaluation: &Evaluation) -> Vec<(&'static str, String, Location)> {
    let objects = evaluation.project.declared.iter().filter_map(|object| Some((object.kind(), object.name()?)));
    let broken = evaluation.project.broken.iter().filter_map(|(kind, name)| Some((*kind, name.clone()?)));
    let named = objects.chain(broken).filter(|(kind, _)| NAMED.contains(kind));
    let here = named.filter(|(_, name)| name.span != Span::NOWHERE);
    here.map(|(kind, name)| (kind, name.node, location(evaluation, name.span))).collect()
}

/// Where stacks are named by a text.
fn stacks_by_name(evaluation: &Evaluation, name: &str) -> Vec<Occurrence> {
    let mut found = Vec::new();
    let mut take = |reference: &crate::source::Spanned<StackRef>| {
        if let StackRef::Name(text) = &reference.node
            && text.as_str() == name
            && reference.span != Span::NOWHERE
        {
            let location = location(evaluation, reference.span);
            found.push(Occurrence { location, is_declaration: false, is_write: false });
        }
    };
    for environment in evaluation.project.all::<Environment>() {
        environment.stacks.iter().for_each(&mut take);
    }
    for stack in evaluation.project.all::<Stack>() {
        stack.depends_on.iter().for_each(&mut take);
    }
    found
}

/// Where the text alone says that something of this name is declared.
fn written(file: &File, kind: &str, name: &str) -> Option<Span> {
    let calls = file.tree().nodes().filter_map(Call::cast);
    let mut own = calls.filter(|call| call.path().is_empty() && call.name().is_some_and(|token| token.text() == kind));
    own.find_map(|call| {
        let first = Literal::cast(call.arguments().next()?)?;
        (kind != "approval" && first.text_value()? == name).then(|| first.span())
    })
}

/// What the text at `node` may be the name of, where it stands in a place for names.
fn refers<'t>(places: &Places<'_, 't>, file: &File, node: Node<'t>) -> Option<&'static [&'static str]> {
    const STACKS: &[&str] = &["stack"];
    const ENVIRONMENTS: &[&str] = &["environment"];
    if is_stack_name(places, node) {
        return Some(STACKS);
    }
    if is_policy_name(file, node) {
        return Some(ENVIRONMENTS);
    }
    is_compared_name(node).then_some(&NAMED[1..])
}

/// Whether a text stands in the `names` that a function of `aphex/policy` gets.
fn is_policy_name(file: &File, node: Node<'_>) -> bool {
    let entry = node.parent().filter(|array| array.kind() == K::Array).and_then(Node::parent).and_then(Entry::cast);
    let is_names = entry.and_then(Entry::key).is_some_and(|key| key.node == "names");
    let call = entry.and_then(Entry::map).and_then(|map| map.node().parent()?.parent()).and_then(Call::cast);
    let path = call.map(Call::path).unwrap_or_default();
    is_names && path.len() == 1 && file.module(path[0].text()).is_some_and(|module| &**module == POLICY)
}

/// Whether a text stands where the name of a stack may stand, and is not the one that declares it.
fn is_stack_name<'t>(places: &Places<'_, 't>, node: Node<'t>) -> bool {
    let is_name = |kind: &Type| is_form(kind, StackName::NAME);
    let slots = places.slots(node);
    slots.iter().any(|slot| is_name(slot.kind) && slot.path != "stack.name")
}

fn is_form(kind: &Type, name: &str) -> bool {
    match kind {
        Type::Text { form, .. } => *form == Some(name),
        Type::Either { any_of } => any_of.iter().any(|kind| is_form(kind, name)),
        _ => false,
    }
}

/// Whether a text is compared with what has a name: `x.name == "prod"`, `x.name in ["prod"]`, `["prod"].contains(x.name)`,
/// `switch x.name { "prod" => … }`.
fn is_compared_name(node: Node<'_>) -> bool {
    let Some(parent) = node.parent() else { return false };
    let is_name = |other: Option<Node<'_>>| {
        other.and_then(Property::cast).and_then(Property::name).is_some_and(|name| name.text() == "name")
    };
    match parent.kind() {
        K::Binary => Binary::cast(parent).is_some_and(|binary| {
            let is_compared = binary.operator().is_some_and(|token| matches!(token.kind(), K::EqEq | K::NotEq));
            is_compared && (is_name(binary.left()) || is_name(binary.right()))
        }),
        K::Array => {
            let Some(around) = Array::cast(parent).and_then(|array| array.node().parent()) else { return false };
            let is_in = Binary::cast(around).is_some_and(|binary| {
                let is_in = binary.operator().is_some_and(|token| matches!(token.kind(), K::KwIn | K::NotIn));
                is_in && is_name(binary.left())
            });
            is_in
                || Call::cast(around).is_some_and(|call| {
                    let is_contains = call.name().is_some_and(|name| name.text() == "contains");
                    is_contains && call.receiver() == Some(parent) && is_name(call.arguments().next())
                })
        }
        K::Case => {
            let switch = parent.parent().filter(|around| around.kind() == K::Switch);
            is_name(switch.and_then(|switch| switch.children().next()))
        }
        _ => false,
    }
}

fn is_written(node: Node<'_>) -> bool {
    let around = node.parent().filter(|around| around.kind() == K::Assignment);
    around.and_then(|around| around.children().next()) == Some(node)
}

fn is_global(file: &File, member: &Member<'_>) -> bool {
    matches!(&member.path[..], [only] if only.text() == "global") && file.module("global").is_none()
}

/// The variable of the top level that has this name at the end.
fn top_variable(tree: &Tree, name: &str) -> Option<Span> {
    let definitions = tree.root().children().filter_map(|node| {
        let inner = Export::cast(node).and_then(Export::definition).or_else(|| Let::cast(node));
        inner.and_then(Let::name)
    });
    definitions.filter(|token| token.text() == name).last().map(Token::span)
}

/// What a file exports by this name.
fn exported(file: &File, name: &str) -> Option<Target> {
    let path = || Arc::clone(&file.path);
    for export in file.tree().root().children().filter_map(Export::cast) {
        if let Some(definition) = export.definition() {
            if let Some(own) = definition.name().filter(|own| own.text() == name) {
                return Some(Target::Variable(path(), own.span()));
            }
        } else if let Some(alias) = export.alias() {
            if alias.text() == name {
                return Some(Target::Exported(path(), name.to_owned()));
            }
        } else if export.name().is_some_and(|own| own.text() == name) {
            return top_variable(file.tree(), name).map(|span| Target::Variable(path(), span));
        }
    }
    None
}

pub(super) fn has_function(file: &File, name: &str) -> bool {
    file.tree().nodes().filter_map(Function::cast).filter_map(Function::name).any(|own| own.text() == name)
}

/// The words of a path up to this one, where it stands before `::`.
fn path_up_to(token: Token<'_>) -> Option<Vec<Token<'_>>> {
    let variable = crate::syntax::Variable::cast(token.node())?;
    let path = variable.path();
    let at = path.iter().position(|word| *word == token)?;
    Some(path[..=at].to_vec())
}
