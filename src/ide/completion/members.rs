//! What stands after a dot, and after `::`.

use super::{Completion, Maker, Sort, snippet_of};
use crate::ide::place::{Places, made_by, usage, value_of};
use crate::ide::workspace::File;
use crate::reference::{Function, Part, doc_comment};
use crate::syntax::{Call, Export, Function as Fn, Node, SyntaxKind as K, Variable};

/// What Rhai has for values of each kind, beside what the language adds: the methods that scripts use.
const METHODS: &[(&str, &str)] = &[
    ("all", "all($1)"),
    ("contains", "contains($1)"),
    ("filter", "filter($1)"),
    ("get", "get($1)"),
    ("index_of", "index_of($1)"),
    ("is_empty", "is_empty()"),
    ("keys", "keys()"),
    ("len", "len()"),
    ("map", "map($1)"),
    ("push", "push($1)"),
    ("reduce", "reduce($1)"),
    ("replace", "replace($1)"),
    ("some", "some($1)"),
    ("sort", "sort()"),
    ("split", "split($1)"),
    ("starts_with", "starts_with($1)"),
    ("ends_with", "ends_with($1)"),
    ("to_lower", "to_lower()"),
    ("to_upper", "to_upper()"),
    ("to_string", "to_string()"),
    ("trim", "trim()"),
    ("values", "values()"),
];

impl<'t> Maker<'_, 't> {
    /// What the value of `receiver` has: of an object its properties, of anything else methods.
    pub(super) fn members(&mut self, receiver: Node<'t>) {
        let function = made(&self.places, receiver).and_then(|call| self.places.function(call));
        match function {
            Some(function) => self.properties(function),
            None => self.methods(),
        }
    }

    fn properties(&mut self, function: &Function) {
        for property in function.properties.iter().flatten() {
            let one = self.new_one(property.name, Sort::Property);
            self.add(Completion { detail: property.words.clone(), rank: 1, ..one });
        }
        let record = function.record.as_deref().and_then(|id| self.reference.record(id));
        for key in record.iter().flat_map(|record| &record.keys) {
            let one = self.new_one(key.key, Sort::Property);
            let documentation = self.page(Part::Key(function.name, key));
            self.add(Completion { detail: key.words.clone(), documentation, rank: 2, ..one });
        }
        let one = self.new_one("kind", Sort::Property);
        self.add(Completion { detail: format!("\"{}\"", function.name), rank: 3, ..one });
    }

    fn methods(&mut self) {
        for method in &self.reference.methods {
            let one = self.new_one(method.name, Sort::Method);
            let detail = method.usage.to_owned();
            let snippet = format!("{}($1)", method.name);
            self.add(Completion { detail, documentation: method.doc.to_owned(), snippet, rank: 10, ..one });
        }
        for (name, snippet) in METHODS {
            let one = self.new_one(*name, Sort::Method);
            self.add(Completion { snippet: (*snippet).to_owned(), rank: 20, ..one });
        }
    }

    /// What a module exports.
    pub(super) fn module(&mut self, module: &File) {
        let known = self.reference.modules.iter().find(|known| *known.path == *module.path);
        for function in module.tree().nodes().filter_map(Fn::cast).filter(|function| !function.is_private()) {
            let Some(name) = function.name() else { continue };
            let page = known.and_then(|known| {
                let found = known.functions.iter().find(|found| found.name == name.text())?;
                Some(self.page(Part::ModuleFunction(known, found)))
            });
            let one = self.new_one(name.text(), Sort::Function);
            self.add(Completion {
                detail: usage(name.text(), function),
                documentation: page.unwrap_or_else(|| doc_comment(&function.docs())),
                snippet: snippet_of(name.text(), function),
                rank: 1,
                ..one
            });
        }
        for export in module.tree().root().children().filter_map(Export::cast) {
            let Some(name) = export.alias().or_else(|| export.name()) else { continue };
            let value = value_of(export.node()).map(|value| value.text().lines().next().unwrap_or_default().to_owned());
            let one = self.new_one(name.text(), Sort::Constant);
            let documentation = doc_comment(&export.docs());
            self.add(Completion { detail: value.unwrap_or_default(), documentation, rank: 2, ..one });
        }
        let aliases = module.imports.iter().filter_map(|import| import.alias.clone());
        for alias in aliases.collect::<Vec<_>>() {
            let one = self.new_one(alias, Sort::Module);
            self.add(Completion { rank: 3, ..one });
        }
    }
}

/// The call that made the value of `node`, where the text tells it.
fn made<'t>(places: &Places<'_, 't>, node: Node<'t>) -> Option<Call<'t>> {
    match node.kind() {
        K::Call => Call::cast(node),
        K::Paren => made(places, node.children().next()?),
        K::Variable => {
            let span = Variable::cast(node)?.name()?.span();
            let used = places.scopes.uses.iter().find(|used| used.span == span)?;
            let definition = places.scopes.definitions.get(used.definition?)?;
            made_by(definition.name.node())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::METHODS;
    use crate::eval::NATIVES;

    #[test]
    fn every_method_is_one_of_the_interpreter() {
        let unknown: Vec<_> = METHODS.iter().filter(|(name, _)| NATIVES.binary_search(name).is_err()).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}
