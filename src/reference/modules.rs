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
    let exports = tree.nodes().filter_map(Export::cast);
    Module {
        path,
        doc: module_doc(tree.text()),
        constants: exports.filter_map(constant).collect(),
        functions: functions(tree.nodes().filter_map(Function::cast).filter(|function| !function.is_private())),
    }
}

fn constant(export: Export<'_>) -> Option<Constant> {
    let value = export.definition().and_then(Let::value)?;
    let value = value.text().split_whitespace().collect::<Vec<_>>().join(" ");
    // What is written over several lines ends with a comma of its own.
    let value = value.replace("[ ", "[").replace(", ]", "]").replace(", }", " }");
    Some(Constant { name: export.name()?.text().to_owned(), value, doc: doc_comment(&export.docs()) })
}

fn functions<'t>(found: impl Iterator<Item = Function<'t>>) -> Vec<ModuleFunction> {
    let mut functions: Vec<ModuleFunction> = Vec::new();
    for function in found {
        let Some(name) = function.name().map(|name| name.text().to_owned()) else { continue };
        let parameters: Vec<String> = function.parameters().map(|token| token.text().to_owned()).collect();
        let usage = format!("{name}({})", parameters.join(", "));
        let signature = Signature { usage, parameters, doc: doc_comment(&function.docs()) };
        match functions.iter_mut().find(|known| known.name == name) {
            Some(known) => known.signatures.push(signature),
            None => functions.push(ModuleFunction { name, signatures: vec![signature] }),
        }
    }
    functions
}

/// What a module is for: the comment at its head.
pub(crate) fn module_doc(text: &str) -> String {
    // A text in a program often starts with the line break after the quotes.
    let lines = text.lines().skip_while(|line| line.trim().is_empty());
    comment(lines.take_while(|line| line.starts_with("//!")), "//!")
}

/// The text of the doc comments before a definition.
pub(crate) fn doc_comment(tokens: &[Token<'_>]) -> String {
    let lines = tokens.iter().flat_map(|token| token.text().lines());
    // A block is a comment as lines are, without its marks.
    let line = |line: &'_ str| {
        let line = line.trim_start();
        let line = line.strip_prefix("///").or_else(|| line.strip_prefix("/**")).unwrap_or(line);
        let line = line.strip_suffix("*/").unwrap_or(line);
        line.strip_prefix(' ').unwrap_or(line).to_owned()
    };
    lines.map(line).collect::<Vec<_>>().join("\n").trim().to_owned()
}
