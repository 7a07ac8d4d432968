//! A part of the reference, by what a person types.

use serde::Serialize;

use super::data::{Constant, Function, Key, Method, Module, ModuleFunction, Record, Reference, TextForm};

/// A part of the reference.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(tag = "part", content = "value", rename_all = "snake_case")]
pub enum Part<'a> {
    /// A function of the language.
    Function(&'a Function),
    /// The path of a record, and a key of it.
    Key(&'a str, &'a Key),
    /// A text of a certain form.
    Text(&'a TextForm),
    /// A method.
    Method(&'a Method),
    /// A module of the standard library.
    Module(&'a Module),
    /// A function of a module.
    ModuleFunction(&'a Module, &'a ModuleFunction),
    /// A constant of a module.
    Constant(&'a Module, &'a Constant),
}

impl Reference {
    /// The record of that id.
    pub fn record(&self, id: &str) -> Option<&Record> {
        self.records.iter().find(|record| record.id == id)
    }

    /// What is called `name`: a function, a path of keys (`environment.deploy`), a method, a module (`aphex/node`) or a
    /// function or constant of one (`aphex/node::build`, `node::build`), a text form, a key or a module's function
    /// alone. The first of these wins; of the last two there may be several.
    pub fn find(&self, name: &str) -> Vec<Part<'_>> {
        let function = || self.functions.iter().find(|function| function.name == name).map(Part::Function);
        let method = || self.methods.iter().find(|method| method.name == name).map(Part::Method);
        let module = || self.modules.iter().find(|module| module.is_called(name)).map(Part::Module);
        let text = || {
            let is = |form: &&TextForm| form.id == name || form.title.eq_ignore_ascii_case(name);
            self.texts.iter().find(is).map(Part::Text)
        };
        let known = function().or_else(|| self.at_path(name)).or_else(method).or_else(module);
        let known = known.or_else(|| self.in_module(name)).or_else(text);
        known.map_or_else(|| self.anywhere(name), |part| vec![part])
    }

    /// Every name that [`Self::find`] takes and a person may misspell.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.functions.iter().map(|function| function.name.to_owned()).collect();
        for record in &self.records {
            let keys = |path: &String| record.keys.iter().map(|key| format!("{path}.{}", key.key)).collect::<Vec<_>>();
            names.extend(record.paths.iter().flat_map(keys));
            names.extend(record.keys.iter().map(|key| key.key.to_owned()));
        }
        names.extend(self.methods.iter().map(|method| method.name.to_owned()));
        for module in &self.modules {
            names.push(module.path.clone());
            let functions = module.functions.iter().map(|function| &function.name);
            let inside = functions.chain(module.constants.iter().map(|constant| &constant.name));
            names.extend(inside.map(|name| format!("{}::{name}", module.name())));
        }
        names.extend(self.texts.iter().map(|form| form.id.to_owned()));
        names
    }

    fn at_path(&self, name: &str) -> Option<Part<'_>> {
        let (path, key) = name.rsplit_once('.')?;
        let on = |record: &&Record| record.paths.iter().any(|known| known == path);
        let record = self.records.iter().find(on)?;
        let path = record.paths.iter().find(|known| *known == path)?;
        Some(Part::Key(path, record.key(key)?))
    }

    fn in_module(&self, name: &str) -> Option<Part<'_>> {
        let (module, name) = name.rsplit_once("::")?;
        let module = self.modules.iter().find(|known| known.is_called(module))?;
        let constant = || module.constants.iter().find(|constant| constant.name == name);
        match module.functions.iter().find(|function| function.name == name) {
            Some(function) => Some(Part::ModuleFunction(module, function)),
            None => constant().map(|constant| Part::Constant(module, constant)),
        }
    }

    /// Every key of that name, or else every function of a module.
    fn anywhere(&self, name: &str) -> Vec<Part<'_>> {
        let keys = self.records.iter().filter_map(|record| Some(Part::Key(record.paths.first()?, record.key(name)?)));
        let keys: Vec<_> = keys.collect();
        if !keys.is_empty() {
            return keys;
        }
        let path = |module: &Module| format!("{}::{name}", module.path);
        self.modules.iter().filter_map(|module| self.in_module(&path(module))).collect()
    }
}

impl Record {
    /// The key of that name.
    pub fn key(&self, key: &str) -> Option<&Key> {
        self.keys.iter().find(|known| known.key == key)
    }
}

impl Module {
    /// What it is called without its author's word: `node` of `aphex/node`.
    pub fn name(&self) -> &str {
        self.path.split_once('/').map_or(&*self.path, |(_, name)| name)
    }

    /// Whether it is called so, with or without its author's word.
    fn is_called(&self, name: &str) -> bool {
        self.path == name || self.name() == name
    }
}
