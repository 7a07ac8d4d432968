//! Where names come from and where they go: definition, references, highlights, rename.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::targets::{Occurrence, Target, has_function};
use super::workspace::{File, Location, Workspace, between_quotes};
use crate::check::names::Scopes;
use crate::diagnostic::Diagnostic;
use crate::eval::{Cancellation, Cancelled};
use crate::model::{Name, StackName};
use crate::schema::Text;
use crate::source::{SourceId, Span};
use crate::syntax::{Edit, parse, words};

/// A rename in all files that it takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// The changes of each file, in order.
    pub edits: BTreeMap<Arc<str>, Vec<Edit>>,
}

/// Why there is no rename.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RenameError {
    /// It cannot be done, for this reason.
    Refused(String),
    /// Nobody waits for it any more.
    Cancelled,
}

impl From<Cancelled> for RenameError {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

impl Workspace {
    /// Where what stands at `offset` is introduced.
    ///
    /// # Errors
    /// Where `cancellation` ended it.
    pub fn definition(
        &mut self,
        path: &str,
        offset: u32,
        cancellation: &Cancellation,
    ) -> Result<Vec<Location>, Cancelled> {
        let Some(file) = self.file(path) else { return Ok(Vec::new()) };
        if let Some(target) = self.import_at(&file, offset) {
            return Ok(vec![target]);
        }
        let Some((target, _)) = self.target_at(&file, offset, cancellation)? else { return Ok(Vec::new()) };
        if let Target::Module(owner, alias) = &target {
            let module = self.file(owner).and_then(|file| file.module(alias).cloned());
            if let Some(module) =
                module.and_then(|module| self.file(&module)).filter(|file| !self.is_library(&file.path))
            {
                return Ok(vec![Location { path: Arc::clone(&module.path), start: 0, end: 0 }]);
            }
        }
        let all = self.occurrences(&target, path, cancellation)?;
        Ok(all.into_iter().filter(|one| one.is_declaration).map(|one| one.location).collect())
    }

    /// The start of the file that the import at `offset` names.
    fn import_at(&mut self, file: &File, offset: u32) -> Option<Location> {
        let import = file.imports.iter().find(|import| import.span.start <= offset && offset <= import.span.end)?;
        let target = self.file(import.target.as_deref()?).filter(|target| !self.is_library(&target.path))?;
        Some(Location { path: Arc::clone(&target.path), start: 0, end: 0 })
    }

    /// Everywhere that what stands at `offset` is referred to; with `declaration`, where it is introduced too.
    ///
    /// # Errors
    /// Where `cancellation` ended it.
    pub fn references(
        &mut self,
        path: &str,
        offset: u32,
        declaration: bool,
        cancellation: &Cancellation,
    ) -> Result<Vec<Location>, Cancelled> {
        let Some(file) = self.file(path) else { return Ok(Vec::new()) };
        let Some((target, _)) = self.target_at(&file, offset, cancellation)? else { return Ok(Vec::new()) };
        let all = self.occurrences(&target, path, cancellation)?;
        Ok(all.into_iter().filter(|one| declaration || !one.is_declaration).map(|one| one.location).collect())
    }

    /// Everywhere in the same text that what stands at `offset` is referred to, and whether it gets a value there.
    ///
    /// # Errors
    /// Where `cancellation` ended it.
    pub fn highlights(
        &mut self,
        path: &str,
        offset: u32,
        cancellation: &Cancellation,
    ) -> Result<Vec<(Location, bool)>, Cancelled> {
        let Some(file) = self.file(path) else { return Ok(Vec::new()) };
        let Some((target, _)) = self.target_at(&file, offset, cancellation)? else { return Ok(Vec::new()) };
        let all = self.occurrences(&target, path, cancellation)?;
        let here = all.into_iter().filter(|one| one.location.path == file.path);
        Ok(here.map(|one| (one.location, one.is_write)).collect())
    }

    /// The text that a rename at `offset` would change there.
    ///
    /// # Errors
    /// Where it cannot be renamed.
    pub fn renamed_at(
        &mut self,
        path: &str,
        offset: u32,
        cancellation: &Cancellation,
    ) -> Result<Option<Location>, RenameError> {
        let Some(file) = self.file(path) else { return Ok(None) };
        let Some((target, span)) = self.target_at(&file, offset, cancellation)? else { return Ok(None) };
        self.renamable(&target, path, cancellation)?;
        Ok(Some(file.at(word(&file, span))))
    }

    /// The changes that give what stands at `offset` another name, everywhere.
    ///
    /// # Errors
    /// Where it cannot have that name, in words for the user.
    pub fn rename(
        &mut self,
        path: &str,
        offset: u32,
        name: &str,
        cancellation: &Cancellation,
    ) -> Result<Option<Rename>, RenameError> {
        let Some(file) = self.file(path) else { return Ok(None) };
        let Some((target, span)) = self.target_at(&file, offset, cancellation)? else { return Ok(None) };
        let old = file.text().get(word(&file, span).range()).unwrap_or_default().to_owned();
        let all = self.renamable(&target, path, cancellation)?;
        self.takes(&target, path, name, cancellation)?;
        let mut edits: BTreeMap<Arc<str>, Vec<Edit>> = BTreeMap::new();
        for one in all {
            let Some(file) = self.file(&one.location.path) else { continue };
            let span = Span::new(SourceId::FIRST, one.location.start, one.location.end);
            let word = word(&file, span);
            if file.text().get(word.range()) != Some(&*old) {
                let message = format!("`{old}` is written in another way in `{}`", file.path);
                return Err(RenameError::Refused(message));
            }
            edits.entry(Arc::clone(&file.path)).or_default().push(Edit::replace(word, name));
        }
        for (path, edits) in &mut edits {
            edits.sort_by_key(|edit| edit.span);
            if let Some(file) = self.file(path) {
                means_the_same(&file, edits, name)?;
            }
        }
        Ok(Some(Rename { edits }))
    }

    /// The places of a rename; each must be a name as it is written.
    fn renamable(
        &mut self,
        target: &Target,
        from: &str,
        cancellation: &Cancellation,
    ) -> Result<Vec<Occurrence>, RenameError> {
        let refused = |message: String| Err(RenameError::Refused(message));
        if let Target::Library(module, name) = target {
            return refused(format!("`{name}` belongs to `{module}`, which nobody can edit"));
        }
        let all = self.occurrences(target, from, cancellation)?;
        let declarations = all.iter().filter(|one| one.is_declaration);
        if let Target::Named(kind, name) = target {
            if declarations.clone().count() > 1 {
                return refused(format!("several calls of `{kind}` make something that is called `{name}`"));
            }
            for one in &all {
                let text = self.file(&one.location.path).map(|file| {
                    file.text().get(one.location.start as usize..one.location.end as usize).map(str::to_owned)
                });
                let is_plain = text.flatten().is_some_and(|text| text.trim_matches(['"', '`']) == name);
                if !is_plain {
                    return refused(format!("the name `{name}` is computed, and stands nowhere as it is"));
                }
            }
        }
        if declarations.count() == 0 {
            return refused("where it is introduced is not known".into());
        }
        Ok(all)
    }

    /// Whether `target` may be called `name`.
    fn takes(
        &mut self,
        target: &Target,
        from: &str,
        name: &str,
        cancellation: &Cancellation,
    ) -> Result<(), RenameError> {
        let refused = |message: String| Err(RenameError::Refused(message));
        if let Target::Named(kind, _) = target {
            let read = if *kind == "stack" { StackName::parse(name).map(drop) } else { Name::parse(name).map(drop) };
            if let Err(why) = read {
                return refused(why);
            }
            for (_, evaluation) in self.evaluations(from, cancellation)? {
                let taken = super::targets::declared(&evaluation)
                    .into_iter()
                    .any(|(other, own, _)| other == *kind && own == name);
                if taken {
                    return refused(format!("there is {} `{name}` already", crate::schema::with_article(kind)));
                }
            }
            return Ok(());
        }
        if !words::is_name(name) {
            let why =
                if words::keyword(name).is_some() || words::is_reserved(name) { "is reserved" } else { "is no name" };
            return refused(format!("`{name}` {why}"));
        }
        let Target::Function(owner, _) = target else { return Ok(()) };
        let is_taken = self.file(owner).is_some_and(|file| has_function(&file, name));
        if is_taken || self.language().function(name).is_some() {
            return refused(format!("there is a function `{name}` already"));
        }
        Ok(())
    }
}

/// The part of a place that is the name: a text without its quotes.
fn word(file: &File, span: Span) -> Span {
    let text = file.text().get(span.range()).unwrap_or_default();
    between_quotes(text, span).unwrap_or(span)
}

/// Whether each name of a text means after the edits what it meant before.
fn means_the_same(file: &File, edits: &[Edit], name: &str) -> Result<(), RenameError> {
    let text = Edit::apply(file.text(), edits);
    let after = parse(SourceId::FIRST, &text);
    let is_error =
        |parsed: &crate::syntax::Parsed| parsed.diagnostics.iter().filter(|one| Diagnostic::is_error(one)).count();
    let meanings = |tree| {
        let scopes = Scopes::of(tree);
        let uses: Vec<_> = scopes.uses.iter().map(|used| used.definition).collect();
        let calls: Vec<_> = scopes.calls.iter().map(|called| called.variable).collect();
        (uses, calls)
    };
    if is_error(&after) > is_error(&file.parsed) || meanings(&after.tree) != meanings(file.tree()) {
        return Err(RenameError::Refused(format!("`{name}` means something else in `{}` already", file.path)));
    }
    Ok(())
}
