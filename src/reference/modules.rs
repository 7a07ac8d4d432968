//! What the modules of the standard library export, read from their texts.

use super::data::{Constant, Module, ModuleFunction, Signature};
use super::docs::comment;
use crate::source::{Origin, SourceMap};
use crate::stdlib::Library;
use crate::syntax::{Export, Function, Let, Token, Tree, parse};

/// Every module, those of the standard library in the order of their names first.
pub(super) fn collect(library: &Library) -> Vec<Module> {
    let mut sources = SourceMap::new();
    let module = |(path, text): (&str, &str)| {
        let source = sources.add(path, path, text, Origin::Stdlib);
        read(path.to_owned(), &parse(source, text).tree)
    };
    library.modules().map(module).collect()
}

fn read(path: String, tree: &Tree) -> Module {
    // A text in a program often starts with the line break after the quotes.
    let lines = tree.text().lines().skip_while(|line| line.trim().is_empty());
    let head = lines.take_while(|line| line.starts_with("//!"));
    let exports = tree.nodes().filter_map(Export::cast);
    Module {
        path,
        doc: comment(head, "//!"),
        constants: exports.filter_map(constant).collect(),
        functions: functions(tree.nodes().filter_map(Function::cast).filter(|function| !function.is_private())),
    }
}

fn constant(export: Export<'_>) -> Option<Constant> {
    let value = export.definition().and_then(Let::value)?;
    let value = value.text().split_whitespace().collect::<Vec<_>>().join(" ");
    // What is written over several lines ends with a comma of its own.
    let value = value.replace("[ ", "[").replace(", ]", "]").replace(", }", " }");
    Some(Constant { name: export.name()?.text().to_owned(), value, doc: doc(&export.docs()) })
}

fn functions<'t>(found: impl Iterator<Item = Function<'t>>) -> Vec<ModuleFunction> {
    let mut functions: Vec<ModuleFunction> = Vec::new();
    for function in found {
        let Some(name) = function.name().map(|name| name.text().to_owned()) else { continue };
        let parameters: Vec<String> = function.parameters().map(|token| token.text().to_owned()).collect();
        let usage = format!("{name}({})", parameters.join(", "));
        let signature = Signature { usage, parameters, doc: doc(&function.docs()) };
        match functions.iter_mut().find(|known| known.name == name) {
            Some(known) => known.signatures.push(signature),
            None => functions.push(ModuleFunction { name, signatures: vec![signature] }),
        }
    }
    functions
}

fn doc(tokens: &[Token<'_>]) -> String {
    comment(tokens.iter().map(|token| token.text()), "///")
}
