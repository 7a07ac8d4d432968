//! Imports: from the standard library and from the project, never from outside of it.

use rhai::{Engine, EvalAltResult, GlobalRuntimeState, Module, ModuleResolver, Position, Scope};

use super::library;
use super::objects::{Raised, Reported, raise};
use super::state::Shared;
use crate::diagnostic::Code;
use crate::source::{Origin, ReadError, SourceId, SourceMap, imported, is_project_path};

/// Resolves imports.
pub(super) struct Resolver(pub(super) Shared);

impl ModuleResolver for Resolver {
    fn resolve(
        &self,
        _: &Engine,
        _: Option<&str>,
        path: &str,
        position: Position,
    ) -> Result<rhai::Shared<Module>, Box<EvalAltResult>> {
        Err(EvalAltResult::ErrorModuleNotFound(path.to_owned(), position).into())
    }

    fn resolve_raw(
        &self,
        engine: &Engine,
        global: &mut GlobalRuntimeState,
        _: &mut Scope<'_>,
        path: &str,
        position: Position,
    ) -> Result<rhai::Shared<Module>, Box<EvalAltResult>> {
        self.resolve_at(engine, global, path, position).map_err(|mut error| {
            // The interpreter knows where the path stands and does not say so.
            error.set_position(position);
            error
        })
    }
}

/// What an import's path names.
enum Found {
    /// A module of the standard library or of an embedder's: its path.
    Library(String),
    /// A file, from the project root.
    File(String),
}

impl Resolver {
    fn resolve_at(
        &self,
        engine: &Engine,
        global: &mut GlobalRuntimeState,
        path: &str,
        position: Position,
    ) -> Result<rhai::Shared<Module>, Box<EvalAltResult>> {
        let found = self.find(path, position).map_err(raise)?;
        let full = match found {
            Found::Library(ref full) | Found::File(ref full) => full.clone(),
        };
        if let Some(known) = self.0.borrow().modules.get(&full) {
            return known.clone().ok_or_else(|| raise(Reported::default()));
        }
        self.guard(&full).map_err(raise)?;
        let source = self.load(&found, path, &full, position).map_err(raise)?;
        self.0.borrow_mut().loading.push(full.clone());
        let module = self.evaluate(engine, global, source);
        let mut state = self.0.borrow_mut();
        state.loading.pop();
        state.modules.insert(full, module.as_ref().ok().cloned());
        module
    }

    fn find(&self, path: &str, position: Position) -> Result<Found, Raised> {
        if !is_project_path(path) {
            return self.library(path);
        }
        if path.contains('\\') {
            let message = format!("`{path}` is not a path that can be imported");
            let help = "write `/` between folders, on every system";
            return Err(Raised { code: Code::ImportReserved, message, help: vec![help.into()] });
        }
        let state = self.0.borrow();
        let from = state.locate(position).map(|(source, _)| state.sources.get(source));
        let from = from.map_or("", |source| &*source.path);
        imported(from, path).map(Found::File).ok_or_else(|| outside(path))
    }

    /// A module of no project.
    fn library(&self, path: &str) -> Result<Found, Raised> {
        let state = self.0.borrow();
        let library = &state.language.library;
        if library.text(path).is_some() {
            return Ok(Found::Library(path.to_owned()));
        }
        if let Some((word, name)) = path.split_once('/').filter(|(word, _)| library.below(word).next().is_some()) {
            let near = crate::diagnostic::did_you_mean(name, library.below(word));
            let whose = if word == "aphex" { "the standard library has" } else { "there is" };
            return Err(Raised {
                code: Code::ImportNotFound,
                message: format!("{whose} no module `{path}`"),
                help: near.map(|near| format!("did you mean `{word}/{near}`?")).into_iter().collect(),
            });
        }
        let message = format!("`{path}` is not a path that can be imported");
        let help = "a module of this project starts with `./` or `../`, one of the standard library with `aphex/`";
        Err(Raised { code: Code::ImportReserved, message, help: vec![help.into()] })
    }

    fn guard(&self, full: &str) -> Result<(), Raised> {
        let state = self.0.borrow();
        if let Some(start) = state.loading.iter().position(|path| path == full) {
            let circle =
                state.loading[start..].iter().map(String::as_str).chain([full]).collect::<Vec<_>>().join("` imports `");
            let message = format!("the import goes in a circle: `{circle}`");
            let help = vec!["move what both need into a module of its own".into()];
            return Err(Raised { code: Code::ImportCycle, message, help });
        }
        let script = state.sources.iter().next().map(|source| &*source.path);
        if script == Some(full) {
            let message = format!("the import goes in a circle: `{full}` is the script itself");
            return Err(Raised { code: Code::ImportCycle, message, help: Vec::new() });
        }
        let deepest = state.limits.import_depth;
        if state.loading.len() >= deepest || state.sources.iter().count() >= SourceMap::MAX_SOURCES {
            let message = format!("modules import each other more than {deepest} deep, or there are too many");
            return Err(Raised::limit(message));
        }
        Ok(())
    }

    fn load(&self, found: &Found, path: &str, full: &str, position: Position) -> Result<SourceId, Raised> {
        let (text, origin) = match found {
            Found::Library(path) => {
                let text = self.0.borrow().language.library.text(path).unwrap_or_default().to_owned();
                (text, Origin::Stdlib)
            }
            Found::File(_) => (self.read(path, full)?, Origin::Module),
        };
        let mut state = self.0.borrow_mut();
        let from = state.locate(position).map(|(source, _)| state.sources.get(source).clone());
        let name = match (origin, from) {
            (Origin::Module, Some(from)) => display_name(&from.name, &from.path, full),
            _ => full.to_owned(),
        };
        Ok(state.sources.add(&name, full, &text, origin))
    }

    fn read(&self, path: &str, full: &str) -> Result<String, Raised> {
        let host = self.0.borrow().host.clone();
        let bytes = host.read(full).map_err(|error| match error {
            ReadError::NotFound => {
                let message = format!("there is no file `{full}`");
                let help = vec!["the path is taken from the importing file's folder, and `.aphex` is added".to_owned()];
                Raised { code: Code::ImportNotFound, message, help }
            }
            ReadError::OutsideRoot => outside(path),
            ReadError::TooLarge => {
                let message = format!("`{full}` is longer than {} bytes", SourceMap::MAX_BYTES);
                Raised { code: Code::ImportUnreadable, message, help: Vec::new() }
            }
            ReadError::Io(what) => Raised {
                code: Code::ImportUnreadable,
                message: format!("cannot read `{full}`: {what}"),
                help: Vec::new(),
            },
        })?;
        String::from_utf8(bytes).map_err(|_| {
            let message = format!("`{full}` is not UTF-8");
            Raised { code: Code::ImportUnreadable, message, help: vec!["save it as UTF-8".into()] }
        })
    }

    fn evaluate(
        &self,
        engine: &Engine,
        global: &mut GlobalRuntimeState,
        source: SourceId,
    ) -> Result<rhai::Shared<Module>, Box<EvalAltResult>> {
        let Some(ast) = super::parse(engine, &self.0, source) else { return Err(raise(Reported::default())) };
        let first = ast.statements().first().map_or(Position::NONE, rhai::Stmt::position);
        let origin = self.0.borrow().sources.get(source).origin;
        let evaluated = match origin {
            Origin::Stdlib => library::evaluate(engine, &ast, &self.0),
            Origin::Script | Origin::Module => Module::eval_ast_as_new_raw(engine, &mut Scope::new(), global, &ast),
        };
        let mut module = evaluated.map_err(|error| {
            super::errors::report(&error, first, &self.0);
            raise(Reported { limit: super::errors::is_limit(&error) })
        })?;
        module.build_index();
        Ok(module.into())
    }
}

fn outside(path: &str) -> Raised {
    let message = format!("`{path}` leads out of the project");
    let help = "the project is the folder of the nearest `.git` above the script, else the script's own; links do not lead out either";
    Raised { code: Code::ImportOutsideRoot, message, help: vec![help.into()] }
}

/// How a report shows a module: as the importing file is shown, from the same folder.
fn display_name(from_name: &str, from_path: &str, full: &str) -> String {
    if let Some(prefix) = from_name.strip_suffix(from_path) {
        return format!("{prefix}{full}");
    }
    // The script was named from a folder inside of the project: leave out what lies above it.
    let deep = |path: &str| path.split('/').count();
    let above = deep(from_path).saturating_sub(deep(from_name));
    let cut: Vec<&str> = from_path.split('/').take(above).collect();
    full.strip_prefix(&format!("{}/", cut.join("/"))).unwrap_or(full).to_owned()
}
