//! What the texts of a run define together.
//!
//! The interpreter looks functions and modules up when they are called, among those of every text whose code is running:
//! what is defined anywhere cannot be called missing where a function or closure calls it.

use std::collections::{BTreeMap, BTreeSet};

use super::Texts;
use super::scopes::Scopes;
use crate::source::{Origin, SourceId, SourceMap, Span, imported, is_project_path};
use crate::syntax::{
    Assignment, Call, Entry, Export, Function, Import, Index, Let, Literal, Node, Property, SyntaxKind as K, Token,
    Tree,
};

/// What one text defines.
#[derive(Debug)]
pub(super) struct File<'t> {
    /// Its names.
    pub(super) scopes: Scopes<'t>,
    /// Its functions, by name.
    pub(super) functions: BTreeMap<&'t str, Vec<Function<'t>>>,
    /// What it exports, by the exported name.
    pub(super) exports: BTreeMap<&'t str, Token<'t>>,
    /// The variables of its top level; whether each is a constant.
    pub(super) globals: BTreeMap<&'t str, (Token<'t>, bool)>,
    /// The modules that its top level imports; `None` where it is not known which text that is.
    pub(super) modules: BTreeMap<&'t str, Option<SourceId>>,
}

/// What all texts define.
#[derive(Debug, Default)]
pub(super) struct Program<'t> {
    /// The texts.
    pub(super) files: BTreeMap<SourceId, File<'t>>,
    /// For each name of a function, the numbers of parameters; `None` where there may be others.
    pub(super) functions: BTreeMap<&'t str, Option<BTreeSet<usize>>>,
    /// For each name of an imported module, the texts that it may stand for; `None` where one is not known.
    pub(super) aliases: BTreeMap<&'t str, BTreeSet<Option<SourceId>>>,
    /// The constants of every top level.
    pub(super) constants: BTreeSet<&'t str>,
    /// The functions that are called with `!`, which see the variables around the call.
    pub(super) capturing: BTreeSet<&'t str>,
    /// The names that a script asks for before it uses them.
    pub(super) probed: BTreeSet<String>,
    /// The keys under which a map may hold a function.
    keys: BTreeSet<String>,
    /// Whether a map may hold functions under other keys too.
    open_keys: bool,
}

impl<'t> Program<'t> {
    /// Reads every text.
    pub(super) fn of(texts: &Texts<'t>) -> Self {
        let mut program = Self::default();
        // Nothing of the standard library is in sight of a script's code but what its modules export.
        let mut library = Self::default();
        for (id, parsed) in texts.trees {
            let tree = &parsed.tree;
            let own = texts.sources.get(*id).origin != Origin::Stdlib;
            let seen = if own { &mut program } else { &mut library };
            let mut file = File::of(tree, texts.sources);
            for node in tree.nodes() {
                seen.take(node, &mut file, texts.sources);
            }
            program.files.insert(*id, file);
        }
        program
    }

    /// Whether `value.name(…)` may be a call of a function that a map holds.
    pub(super) fn is_key(&self, name: &str) -> bool {
        self.open_keys || self.keys.contains(name)
    }

    fn take(&mut self, node: Node<'t>, file: &mut File<'t>, sources: &SourceMap) {
        match node.kind() {
            K::Function => self.function(node, file),
            K::Import => self.import(node, sources),
            K::Entry => self.entry(node),
            K::Assignment => self.assignment(node),
            K::Call | K::MethodCall => self.call(node),
            K::Let if is_top(node) => {
                if let Some(binding) = Let::cast(node).and_then(Let::binding).filter(|binding| binding.constant) {
                    self.constants.insert(binding.name.text());
                }
            }
            _ => {}
        }
    }

    fn function(&mut self, node: Node<'t>, file: &mut File<'t>) {
        let Some((function, name)) = Function::cast(node).and_then(|found| Some((found, found.name()?))) else {
            return;
        };
        let counts = self.functions.entry(name.text()).or_insert_with(|| Some(BTreeSet::new()));
        match counts {
            Some(counts) if function.receiver().is_none() => drop(counts.insert(function.parameters().count())),
            _ => *counts = None,
        }
        file.functions.entry(name.text()).or_default().push(function);
    }

    fn import(&mut self, node: Node<'t>, sources: &SourceMap) {
        let Some(import) = Import::cast(node) else { return };
        if let Some(alias) = import.alias() {
            self.aliases.entry(alias.text()).or_default().insert(target(import, sources));
        }
    }

    fn entry(&mut self, node: Node<'t>) {
        let Some((key, value)) = Entry::cast(node).and_then(|entry| Some((entry.key()?, entry.value()?))) else {
            return;
        };
        if !matches!(value.kind(), K::Literal | K::Template | K::Array | K::Map | K::Binary) {
            self.keys.insert(key.node);
        }
    }

    fn assignment(&mut self, node: Node<'t>) {
        let Some(target) = Assignment::cast(node).and_then(Assignment::target) else { return };
        if let Some(name) = Property::cast(target).and_then(Property::name) {
            self.keys.insert(name.text().to_owned());
        }
        if let Some(index) = Index::cast(target) {
            self.computed_key(index.index());
        }
    }

    /// A key that is given as a value.
    fn computed_key(&mut self, key: Option<Node<'t>>) {
        match key.and_then(Literal::cast).and_then(Literal::text_value) {
            Some(key) => drop(self.keys.insert(key)),
            None => self.open_keys |= key.is_some_and(|key| key.kind() != K::Literal),
        }
    }

    fn call(&mut self, node: Node<'t>) {
        let Some((call, name)) = Call::cast(node).and_then(|call| Some((call, call.name()?))) else { return };
        if node.token(K::Bang).is_some() {
            self.capturing.insert(name.text());
        }
        let mut arguments = call.arguments();
        match name.text() {
            "is_def_fn" | "is_def_var" => {
                self.probed.extend(arguments.next().and_then(Literal::cast).and_then(Literal::text_value));
            }
            "set" => {
                let skipped = usize::from(!call.is_method());
                self.computed_key(arguments.nth(skipped));
            }
            _ => {}
        }
    }
}

impl<'t> File<'t> {
    fn of(tree: &'t Tree, sources: &SourceMap) -> Self {
        let mut file = Self {
            scopes: Scopes::of(tree),
            functions: BTreeMap::new(),
            exports: BTreeMap::new(),
            globals: BTreeMap::new(),
            modules: BTreeMap::new(),
        };
        tree.root().children().for_each(|node| file.statement(node, sources));
        file
    }

    fn statement(&mut self, node: Node<'t>, sources: &SourceMap) {
        match node.kind() {
            K::Let => {
                if let Some(binding) = Let::cast(node).and_then(Let::binding) {
                    self.globals.insert(binding.name.text(), (binding.name, binding.constant));
                }
            }
            K::Export => {
                if let Some(export) = Export::cast(node)
                    && let Some(name) = export.name()
                {
                    self.exports
                        .insert(export.alias().filter(|_| export.definition().is_none()).unwrap_or(name).text(), name);
                }
                node.children().for_each(|child| self.statement(child, sources));
            }
            K::Import => {
                if let Some(import) = Import::cast(node)
                    && let Some(alias) = import.alias()
                {
                    let found = target(import, sources);
                    let same = self.modules.entry(alias.text()).or_insert(found);
                    if *same != found {
                        *same = None;
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether a definition stands at the top level.
fn is_top(node: Node<'_>) -> bool {
    let around = node.parent().filter(|around| around.kind() == K::Export).or(Some(node));
    around.and_then(Node::parent).is_some_and(|parent| parent.kind() == K::Root)
}

/// The text that an import loads, where it took part in the run.
fn target(import: Import<'_>, sources: &SourceMap) -> Option<SourceId> {
    let path = import.path()?;
    let text = Literal::cast(path)?.text_value()?;
    let library = !is_project_path(&text);
    let full = if library { text } else { imported(&sources.get(path.tree().source()).path, &text)? };
    let origin = if library { Origin::Stdlib } else { Origin::Module };
    let mut found = sources.iter().filter(|source| source.origin == origin);
    found.find(|source| *source.path == *full).map(|source| source.id)
}

/// Whether two places touch.
pub(super) fn touch(a: Span, b: Span) -> bool {
    a.start <= b.end && b.start <= a.end
}
