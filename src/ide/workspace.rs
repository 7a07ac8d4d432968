//! A project with the texts of an editor in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::compile::Evaluation;
use crate::eval::{Cancellation, Cancelled};
use crate::interpreter::{Interpreter, Script, Session};
use crate::model::{Language, Parameters};
use crate::reference::Reference;
use crate::source::{Origin, SourceId, Span, imported, is_project_path};
use crate::syntax::{Import, Literal, Node, Parsed, SyntaxKind as K, Token, Tree, parse};

/// The most scripts that are evaluated for what is open.
const MOST_TOPS: usize = 32;

/// A place in a text of the project, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file, from the project root; a module of the standard library by its path in an import.
    pub path: Arc<str>,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// A text that was read.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: Arc<str>,
    pub(super) parsed: Parsed,
    /// What it imports.
    pub(super) imports: Vec<Imported>,
}

/// An import of one text by another.
#[derive(Debug)]
pub(super) struct Imported {
    /// The path as it is written, with its quotes.
    pub(super) span: Span,
    /// The name that the module gets, where it gets one.
    pub(super) alias: Option<String>,
    /// The file, from the project root, or the path of a module of a library; none where it leads out of the project.
    pub(super) target: Option<Arc<str>>,
}

impl File {
    fn new(path: &str, text: &str) -> Self {
        let parsed = parse(SourceId::FIRST, text);
        let imports = parsed.tree.nodes().filter_map(Import::cast).filter_map(|import| {
            let literal = import.path().and_then(Literal::cast)?;
            let written = literal.text_value()?;
            let alias = import.alias().map(|alias| alias.text().to_owned());
            let target = if is_project_path(&written) { imported(path, &written) } else { Some(written) };
            Some(Imported { span: literal.span(), alias, target: target.map(Into::into) })
        });
        let imports = imports.collect();
        Self { path: path.into(), parsed, imports }
    }

    pub(super) const fn tree(&self) -> &Tree {
        &self.parsed.tree
    }

    pub(super) fn text(&self) -> &str {
        self.parsed.tree.text()
    }

    /// A place in this text.
    pub(super) fn at(&self, span: Span) -> Location {
        Location { path: Arc::clone(&self.path), start: span.start, end: span.end }
    }

    /// The text that the module `alias` of the top level is.
    pub(super) fn module(&self, alias: &str) -> Option<&Arc<str>> {
        self.imports.iter().find(|import| import.alias.as_deref() == Some(alias))?.target.as_ref()
    }

    /// The token at `offset`, or the one that ends there, where the first is none that says anything.
    pub(super) fn token_at(&self, offset: u32) -> Option<Token<'_>> {
        let tree = self.tree();
        let before = offset.checked_sub(1).and_then(|before| tree.token_at(before));
        let here = tree.token_at(offset);
        let says = |token: &Token<'_>| {
            !token.kind().is_trivia()
                && (matches!(token.kind(), K::Ident | K::Reserved | K::Text) || token.kind().is_keyword())
        };
        here.filter(says).or_else(|| before.filter(says)).or(here)
    }
}

/// A script that was evaluated, and when.
#[derive(Debug)]
struct Evaluated {
    revision: u64,
    /// The files that it depends on.
    on: BTreeSet<Arc<str>>,
    evaluation: Arc<Evaluation>,
}

/// A script that a run starts from, and what it becomes.
pub(super) type Top = (Arc<str>, Arc<Evaluation>);

/// A project with the texts of an editor in it.
///
/// Files are named by their paths from the project root, places by offsets in bytes. A text that is not open is read from
/// the host of the interpreter.
#[derive(Debug)]
pub struct Workspace {
    session: Session,
    reference: Arc<Reference>,
    parameters: Parameters,
    files: BTreeMap<Arc<str>, Arc<File>>,
    open: BTreeSet<Arc<str>>,
    /// Whether the scripts of the project were looked for.
    listed: bool,
    evaluated: BTreeMap<Arc<str>, Evaluated>,
    /// Counts the changes.
    revision: u64,
    /// When each file changed last.
    changed: BTreeMap<Arc<str>, u64>,
    /// When everything changed last.
    all_changed: u64,
}

impl Workspace {
    /// The project that the host of `interpreter` reads; `reference` is that of its language.
    pub fn new(interpreter: &Interpreter, reference: Arc<Reference>) -> Self {
        Self {
            session: interpreter.session(),
            reference,
            parameters: Parameters::new(),
            files: BTreeMap::new(),
            open: BTreeSet::new(),
            listed: false,
            evaluated: BTreeMap::new(),
            revision: 1,
            changed: BTreeMap::new(),
            all_changed: 0,
        }
    }

    /// Gives `param(name)` these values, in every script.
    pub fn set_parameters(&mut self, parameters: Parameters) {
        if self.parameters != parameters {
            self.parameters = parameters;
            self.everything_changed();
        }
    }

    /// Lets the file at `path` be `text`: it was opened, or changed.
    pub fn open(&mut self, path: &str, text: &str) {
        self.session.open(path, text);
        let file = Arc::new(File::new(path, text));
        self.open.insert(Arc::clone(&file.path));
        self.touch(&file.path);
        self.files.insert(Arc::clone(&file.path), file);
    }

    /// Lets the file at `path` be what the host says.
    pub fn close(&mut self, path: &str) {
        self.session.close(path);
        self.open.remove(path);
        self.forget(path);
    }

    /// Lets the host be asked again for the file at `path`: it was changed, made or removed.
    pub fn changed(&mut self, path: &str) {
        self.session.changed(path);
        if !self.open.contains(path) {
            self.forget(path);
        }
        // A script may have become one of the project, and a stack's file may be there now.
        self.listed = false;
        self.everything_changed();
    }

    /// Whether the text of `path` is the editor's.
    pub fn is_open(&self, path: &str) -> bool {
        self.open.contains(path)
    }

    /// The text of a file, or of a module of a library.
    pub fn text(&mut self, path: &str) -> Option<Arc<str>> {
        self.file(path).map(|file| file.tree().shared_text())
    }

    fn forget(&mut self, path: &str) {
        let path: Arc<str> = path.into();
        self.files.remove(&path);
        self.touch(&path);
    }

    fn touch(&mut self, path: &Arc<str>) {
        self.revision += 1;
        self.changed.insert(Arc::clone(path), self.revision);
    }

    fn everything_changed(&mut self) {
        self.revision += 1;
        self.all_changed = self.revision;
    }

    pub(super) fn language(&self) -> &Language {
        self.session.interpreter().language()
    }

    pub(super) fn reference(&self) -> Arc<Reference> {
        Arc::clone(&self.reference)
    }

    /// The text at `path`, read.
    pub(super) fn file(&mut self, path: &str) -> Option<Arc<File>> {
        if let Some(file) = self.files.get(path) {
            return Some(Arc::clone(file));
        }
        let text = match self.language().library.text(path) {
            Some(text) => text.to_owned(),
            None => String::from_utf8(self.session.read(path).ok()?).ok()?,
        };
        let file = Arc::new(File::new(path, &text));
        self.files.insert(Arc::clone(&file.path), Arc::clone(&file));
        Some(file)
    }

    /// Whether `path` is that of a module that is no file of the project.
    pub(super) fn is_library(&self, path: &str) -> bool {
        self.language().library.text(path).is_some()
    }

    /// Every script of the project.
    pub(super) fn scripts(&mut self) -> Vec<Arc<File>> {
        if !self.listed {
            self.listed = true;
            for path in self.session.scripts() {
                self.file(&path);
            }
        }
        self.files.values().filter(|file| !self.is_library(&file.path)).cloned().collect()
    }

    /// The scripts that a run of `path` starts from: those that import it and that nothing imports; itself where nothing
    /// does.
    pub(super) fn tops(&mut self, path: &str) -> Vec<Arc<str>> {
        self.tops_of(&[path.into()]).into_iter().collect()
    }

    /// The scripts that runs of any of `paths` start from.
    fn tops_of(&mut self, paths: &[Arc<str>]) -> BTreeSet<Arc<str>> {
        let scripts = self.scripts();
        let mut importers: BTreeMap<&str, Vec<&Arc<str>>> = BTreeMap::new();
        for file in &scripts {
            for target in file.imports.iter().filter_map(|import| import.target.as_deref()) {
                importers.entry(target).or_default().push(&file.path);
            }
        }
        let mut tops = BTreeSet::new();
        for path in paths.iter().filter(|path| self.file(path).is_some()) {
            let (mut own, mut seen) = (BTreeSet::new(), BTreeSet::from([path]));
            let mut next = vec![path];
            while let Some(path) = next.pop() {
                match importers.get(&**path) {
                    Some(above) => next.extend(above.iter().filter(|path| seen.insert(path))),
                    None => drop(own.insert(Arc::clone(path))),
                }
            }
            // Modules that import each other have no top.
            if own.is_empty() {
                own.insert(Arc::clone(path));
            }
            tops.append(&mut own);
        }
        tops.into_iter().take(MOST_TOPS).collect()
    }

    /// What the script at `path` becomes.
    ///
    /// # Errors
    /// Where `cancellation` ended it.
    pub(super) fn evaluation(
        &mut self,
        path: &Arc<str>,
        cancellation: &Cancellation,
    ) -> Result<Option<Arc<Evaluation>>, Cancelled> {
        if let Some(known) = self.evaluated.get(path).filter(|known| self.is_current(known)) {
            return Ok(Some(Arc::clone(&known.evaluation)));
        }
        let Some(file) = self.file(path) else { return Ok(None) };
        let mut script = Script::new(&*file.path, file.text()).module();
        for (name, value) in &self.parameters {
            script = script.parameter(name, value.clone());
        }
        let revision = self.revision;
        let evaluation = Arc::new(self.session.evaluate_until(&script, cancellation)?);
        let mut on = BTreeSet::from([Arc::clone(path)]);
        for source in evaluation.sources.iter().filter(|source| source.origin != Origin::Stdlib) {
            on.insert(Arc::clone(&source.path));
            // What is not there yet may come.
            let file = self.file(&source.path);
            on.extend(file.iter().flat_map(|file| &file.imports).filter_map(|import| import.target.clone()));
        }
        let known = Evaluated { revision, on, evaluation: Arc::clone(&evaluation) };
        self.evaluated.insert(Arc::clone(path), known);
        Ok(Some(evaluation))
    }

    fn is_current(&self, known: &Evaluated) -> bool {
        let changed = |path: &Arc<str>| self.changed.get(path).copied().unwrap_or(0);
        self.all_changed <= known.revision && known.on.iter().all(|path| changed(path) <= known.revision)
    }

    /// What the scripts that `path` takes part in become, each with its path.
    ///
    /// # Errors
    /// Where `cancellation` ended it.
    pub(super) fn evaluations(&mut self, path: &str, cancellation: &Cancellation) -> Result<Vec<Top>, Cancelled> {
        let mut found = Vec::new();
        for top in self.tops(path) {
            if let Some(evaluation) = self.evaluation(&top, cancellation)? {
                found.push((top, evaluation));
            }
        }
        Ok(found)
    }

    /// What the scripts that `path` takes part in became when they were evaluated last, which need not be what they are now.
    pub(super) fn last_evaluations(&mut self, path: &str) -> Vec<Arc<Evaluation>> {
        let tops = self.tops(path);
        tops.iter().filter_map(|top| self.evaluated.get(top)).map(|known| Arc::clone(&known.evaluation)).collect()
    }

    /// What is evaluated for what is open; what else was evaluated is forgotten.
    pub(super) fn open_tops(&mut self) -> BTreeSet<Arc<str>> {
        let open: Vec<Arc<str>> = self.open.iter().cloned().collect();
        let tops = self.tops_of(&open);
        self.evaluated.retain(|path, _| tops.contains(path));
        tops
    }
}

/// The places of an evaluation, by file and offset.
pub(super) fn location(evaluation: &Evaluation, span: Span) -> Location {
    let source = evaluation.sources.get(span.source);
    Location { path: Arc::clone(&source.path), start: span.start, end: span.end.max(span.start) }
}

/// The place between the quotes of a text that is at `span`; nothing where it has none, or they are still open.
pub(super) fn between_quotes(text: &str, span: Span) -> Option<Span> {
    let quoted = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    quoted('"').or_else(|| quoted('`'))?;
    Some(Span::new(span.source, span.start + 1, span.end - 1))
}

/// Where the bracket stands that closes a node; its end where there is none yet.
pub(super) fn closer(node: Node<'_>) -> u32 {
    let end = node.span().end;
    let last = node.own_tokens().skip(1).last().filter(|token| token.span().end == end);
    last.filter(|token| matches!(token.text(), ")" | "]" | "}")).map_or(end, |token| token.span().start)
}

/// The node and those around it, innermost first.
pub(super) fn around(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    std::iter::once(node).chain(node.ancestors())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryHost;

    /// What many open modules have in common counts once.
    #[test]
    fn open_modules_of_one_script_leave_room_for_those_of_another() {
        let modules: Vec<String> = (0..40).map(|index| format!("m{index}")).collect();
        let imports: String = modules.iter().flat_map(|name| ["import \"./", name, "\" as ", name, ";\n"]).collect();
        let files = MemoryHost::new()
            .with("a.aphex", imports)
            .with("b.aphex", "import \"./z\" as z;\nprint(z::NONE);\n")
            .with("z.aphex", "export const ONE = 1;\n");
        let files = modules.iter().fold(files, |files, name| files.with(&format!("{name}.aphex"), ""));
        let interpreter = Interpreter::default().with_host(files);
        let mut workspace = Workspace::new(&interpreter, Arc::new(interpreter.reference()));
        for name in &modules {
            workspace.open(&format!("{name}.aphex"), "");
        }
        workspace.open("z.aphex", "export const ONE = 1;\n");
        let problems = workspace.problems(&Cancellation::new()).expect("nobody cancels it");
        assert_eq!(problems["b.aphex"].len(), 1);
    }
}
