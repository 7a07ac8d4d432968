//! The pages that list: the index, the words, the problems.

use super::links::{Links, TEXTS, module_file};
use super::{paragraphs, table};
use crate::reference::data::{Function, Module, Reference};
use crate::reference::docs::first_sentence;

const HOW_TO_READ: &str = "\
- A key whose default is *required* must be given. `()` as the value of a key means that the key was not given, and `()` in an
  array is left out: `approval: if strict { \"Ship?\" }`.
- An array where one item belongs is an error: arrays are never flattened.
- In a default, `<name>`, `<account>`, `<region>` and `<cluster>` stand for those of the pipeline.
- What a function returns can be read and not changed. `==` compares it by value, and in a backticked text it reads as its
  name. What it was given is copied.
- A value is blamed where it was written, however it got to where it is used.";

/// The index.
pub(super) fn page(reference: &Reference, links: Links) -> String {
    let function = |function: &Function| {
        let name = links.to(&format!("`{}`", function.name), &format!("{}.md", function.name));
        [name, first_sentence(&function.doc).to_owned()]
    };
    let module = |module: &Module| {
        let doc = module.doc.split("\n\n").next().unwrap_or_default().replace('\n', " ");
        [links.to(&format!("`{}`", module.path), &module_file(module)), first_sentence(&doc).to_owned()]
    };
    let more = [
        format!("- {}: the texts that names, durations, images and others are.", links.to("Text forms", TEXTS)),
        format!(
            "- {}: what a value can be asked, and what no name may be.",
            links.to("Methods and words", "methods-and-words.md")
        ),
        format!("- {}: every code, with its severity.", links.to("Diagnostics", "diagnostics.md")),
        format!(
            "- {}: JSON Schema (2020-12) of `pipeline.json`, and of every map that a script writes, below `$defs` with \
             `written.` before its name.",
            links.to("`pipeline.schema.json`", "pipeline.schema.json")
        ),
    ];
    paragraphs([
        "# Reference of the language".to_owned(),
        "What a script may call, and every key with its type, default and meaning. `aphex doc` prints the same in a \
         terminal: `aphex doc environment.tests`."
            .to_owned(),
        HOW_TO_READ.to_owned(),
        "## Functions".to_owned(),
        table(["function", "what it gives"], reference.functions.iter().map(function)),
        "## Standard library".to_owned(),
        "Modules that come with aphex. Nothing of them is read unless a script imports it.".to_owned(),
        table(["module", "what it is for"], reference.modules.iter().map(module)),
        "## More".to_owned(),
        more.join("\n"),
    ])
}

/// Methods, keywords and reserved words.
pub(super) fn words(reference: &Reference) -> String {
    let list = |words: &[&str]| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let methods = reference.methods.iter().map(|method| [format!("`{}`", method.usage), method.doc.to_owned()]);
    let words = &reference.words;
    paragraphs([
        "# Methods and words".to_owned(),
        "The syntax is Rhai's, and so are the methods of texts, arrays, maps and numbers: [the book of Rhai](https://rhai.rs/book/ref/) \
         has them."
            .to_owned(),
        "## Methods".to_owned(),
        "Added to Rhai's own:".to_owned(),
        table(["method", "what it gives"], methods),
        "## Keywords".to_owned(),
        format!("{}.", list(&words.keywords)),
        "## Reserved words".to_owned(),
        "They can be neither a name, nor a key without quotes, nor a property after a dot (`reserved-word`):".to_owned(),
        format!("{}.", list(&words.reserved)),
        "These are reserved too, and are functions of Rhai's:".to_owned(),
        format!("{}.", list(&words.callable)),
    ])
}

/// Every code.
pub(super) fn problems(reference: &Reference, links: Links) -> String {
    let row = |problem: &crate::reference::data::Problem| {
        let code = links.to(&format!("`{}`", problem.code), &format!("../errors/{}.md", problem.code));
        [code, problem.severity.to_owned(), problem.summary.to_owned()]
    };
    paragraphs([
        "# Diagnostics".to_owned(),
        "An error keeps everything from being written, a warning does not. `aphex explain CODE` tells the long story of a \
         code, with a wrong and a right script."
            .to_owned(),
        table(["code", "severity", "what it is about"], reference.problems.iter().map(row)),
    ])
}
