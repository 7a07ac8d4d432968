//! What a text introduces, as a tree.

use super::place::{made_by, usage, value_of};
use super::workspace::{File, Location, Workspace};
use crate::syntax::{Call, Export, Function, Import, Let, Literal, Node, SyntaxKind as K};

/// Something that a text introduces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// What it is, in a word or two: `environment`.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub location: Location,
    /// Its name in the text.
    pub selection: Location,
    /// What lies in it.
    pub children: Vec<Symbol>,
}

/// What a symbol is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    /// A function.
    Function,
    /// A variable.
    Variable,
    /// A constant.
    Constant,
    /// An imported module.
    Module,
    /// What a function of the language declares.
    Object,
}

impl Workspace {
    /// What the text at `path` introduces at its top level, in order.
    pub fn symbols(&mut self, path: &str) -> Vec<Symbol> {
        let Some(file) = self.file(path) else { return Vec::new() };
        self.symbols_of(&file)
    }

    fn symbols_of(&self, file: &File) -> Vec<Symbol> {
        file.tree().root().children().flat_map(|node| self.symbol(file, node)).collect()
    }

    /// What the scripts of the project introduce that has these letters, in their order, in its name.
    pub fn symbols_like(&mut self, query: &str) -> Vec<Symbol> {
        let scripts = self.scripts();
        let all = scripts.iter().flat_map(|file| self.symbols_of(file));
        all.filter(|symbol| is_like(&symbol.name, query)).take(256).collect()
    }

    fn symbol(&self, file: &File, node: Node<'_>) -> Vec<Symbol> {
        match node.kind() {
            K::Function => Function::cast(node).and_then(|function| {
                let name = function.name()?;
                Some(symbol(file, node, name.text(), usage("", function), SymbolKind::Function, name.span()))
            }),
            K::Import => Import::cast(node).and_then(|import| {
                let alias = import.alias()?;
                let detail = import.path().map(|path| path.text().trim_matches('"').to_owned()).unwrap_or_default();
                Some(symbol(file, node, alias.text(), detail, SymbolKind::Module, alias.span()))
            }),
            K::Let | K::Export => self.defined(file, node),
            K::ExpressionStatement | K::Call => {
                let inner = node.children().next().filter(|_| node.kind() != K::Call).unwrap_or(node);
                return self.objects(file, inner);
            }
            _ => None,
        }
        .into_iter()
        .collect()
    }

    fn defined(&self, file: &File, node: Node<'_>) -> Option<Symbol> {
        let inner = Export::cast(node).and_then(Export::definition).or_else(|| Let::cast(node))?;
        let name = inner.name()?;
        let value = value_of(node);
        let made = made_by(node).filter(|call| self.declares(*call));
        let made_by = made.and_then(Call::name).map(|name| name.text().to_owned());
        let kind = match (&made_by, inner.is_constant()) {
            (Some(_), _) => SymbolKind::Object,
            (None, true) => SymbolKind::Constant,
            (None, false) => SymbolKind::Variable,
        };
        let named = made.and_then(|call| Literal::cast(call.arguments().next()?)?.text_value());
        let detail = match (made_by, named) {
            (Some(function), Some(own)) => format!("{function} \"{own}\""),
            (Some(function), None) => function,
            _ => String::new(),
        };
        let mut found = symbol(file, node, name.text(), detail, kind, name.span());
        if let Some(value) = value {
            let inside = value.descendants().filter(|inner| *inner != value);
            found.children = inside.filter_map(Call::cast).filter_map(|call| self.object(file, call)).collect();
        }
        Some(found)
    }

    /// What the calls of an expression declare by name.
    fn objects(&self, file: &File, node: Node<'_>) -> Vec<Symbol> {
        if let Some(mut own) = Call::cast(node).and_then(|call| self.object(file, call)) {
            let inside = node.descendants().filter(|inner| *inner != node).filter_map(Call::cast);
            own.children = inside.filter_map(|call| self.object(file, call)).collect();
            return vec![own];
        }
        node.descendants().filter_map(Call::cast).filter_map(|call| self.object(file, call)).collect()
    }

    fn declares(&self, call: Call<'_>) -> bool {
        let name = call.name().filter(|_| call.path().is_empty() && !call.is_method());
        name.and_then(|name| self.language().function(name.text()))
            .is_some_and(|function| function.properties.is_some())
    }

    /// What a call declares under a name that is written there.
    fn object(&self, file: &File, call: Call<'_>) -> Option<Symbol> {
        let function = call.name().filter(|_| self.declares(call))?;
        let first = Literal::cast(call.arguments().next()?)?;
        let name = first.text_value()?;
        let detail = function.text().to_owned();
        Some(symbol(file, call.node(), &name, detail, SymbolKind::Object, first.span()))
    }
}

fn symbol(
    file: &File,
    node: Node<'_>,
    name: &str,
    detail: String,
    kind: SymbolKind,
    selection: crate::source::Span,
) -> Symbol {
    let (location, selection) = (file.at(node.span()), file.at(selection));
    Symbol { name: name.to_owned(), detail, kind, location, selection, children: Vec::new() }
}

/// Whether a name has the letters of a query, in their order, capitals left aside.
fn is_like(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query.chars().flat_map(char::to_lowercase).all(|wanted| letters.any(|letter| letter == wanted))
}
