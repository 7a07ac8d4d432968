//! The pages of the standard library.

use super::paragraphs;
use crate::reference::data::{Constant, Module, ModuleFunction, Signature};
use crate::syntax::words::is_reserved;

/// The page of a module.
pub(super) fn page(module: &Module) -> String {
    // A path may have more parts than two, and a name none.
    let name = module.name().rsplit('/').next().unwrap_or_default();
    // A module whose own name is a reserved word needs another one.
    let alias = if is_reserved(name) { format!("{name}lang") } else { name.to_owned() };
    let import = format!("`import \"{}\" as {alias};`", module.path);
    let mut parts = vec![format!("# {}", module.path), import, module.doc.clone()];
    if !module.constants.is_empty() {
        let lines: Vec<String> = module.constants.iter().map(constant).collect();
        parts.extend(["## Constants".to_owned(), lines.join("\n")]);
    }
    for function in &module.functions {
        parts.extend([format!("## {}", function.name), self::function(function)]);
    }
    paragraphs(parts)
}

/// The page of one function of a module.
pub(super) fn function_page(module: &Module, found: &ModuleFunction) -> String {
    paragraphs([format!("# {}", qualified(module, &found.name)), function(found)])
}

/// The page of one constant of a module.
pub(super) fn constant_page(module: &Module, found: &Constant) -> String {
    paragraphs([format!("# {}", qualified(module, &found.name)), constant(found)])
}

fn qualified(module: &Module, name: &str) -> String {
    format!("{}::{name}", module.path)
}

fn constant(constant: &Constant) -> String {
    let doc = if constant.doc.is_empty() { String::new() } else { format!(". {}", constant.doc.replace('\n', " ")) };
    format!("- `{}`: `{}`{doc}", constant.name, constant.value)
}

/// The ways to call a function, and what each does. What one says is not said again by another that begins with it.
fn function(function: &ModuleFunction) -> String {
    let usages: Vec<String> = function.signatures.iter().map(|one| format!("`{}`", one.usage)).collect();
    let said_again = |one: &&Signature| {
        !function.signatures.iter().any(|other| other.doc != one.doc && other.doc.starts_with(&one.doc))
    };
    let mut docs: Vec<String> = function.signatures.iter().filter(said_again).map(|one| one.doc.clone()).collect();
    docs.dedup();
    paragraphs(std::iter::once(usages.join(" or ")).chain(docs))
}
