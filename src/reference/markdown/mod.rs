//! The reference as Markdown: pages for the web, and parts of them for a terminal.

mod function;
mod index;
mod keys;
mod links;
mod module;
mod texts;

use super::data::Reference;
use super::find::Part;
use links::Links;

/// A page of the reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its file, from the folder of the reference.
    pub path: String,
    /// Its Markdown.
    pub text: String,
}

/// Every page, the index first, with links between them.
pub fn pages(reference: &Reference) -> Vec<Page> {
    all(reference, Links::Files)
}

/// All pages as one text, without links, since there are no files that they could lead to.
pub fn document(reference: &Reference) -> String {
    let texts: Vec<String> = all(reference, Links::None).into_iter().map(|page| page.text).collect();
    texts.join("\n")
}

/// What there is to say about a part of the reference, without links.
pub fn page(reference: &Reference, part: Part<'_>) -> String {
    let links = Links::None;
    match part {
        Part::Function(function) => function::page(reference, function, links),
        Part::Key(path, key) => keys::key_page(reference, path, key),
        Part::Text(form) => format!("# {}\n\n{}", form.title, texts::form(form, links)),
        Part::Method(method) => format!("# {}\n\n`{}`\n\n{}\n", method.name, method.usage, method.doc),
        Part::Module(found) => module::page(found),
        Part::ModuleFunction(found, function) => module::function_page(found, function),
        Part::Constant(found, constant) => module::constant_page(found, constant),
    }
}

fn all(reference: &Reference, links: Links) -> Vec<Page> {
    let page = |path: &str, text| Page { path: path.to_owned(), text };
    let mut pages = vec![page("README.md", index::page(reference, links))];
    for function in &reference.functions {
        pages.push(page(&format!("{}.md", function.name), function::page(reference, function, links)));
    }
    pages.push(page(links::TEXTS, texts::page(reference, links)));
    pages.push(page("methods-and-words.md", index::words(reference)));
    for found in &reference.modules {
        pages.push(page(&links::module_file(found), module::page(found)));
    }
    pages.push(page("diagnostics.md", index::problems(reference, links)));
    pages
}

/// A table: its head and its rows, each cell Markdown.
fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: [String; N]| format!("| {} |\n", cells.join(" | "));
    let mut text = line(head.map(str::to_owned));
    text = format!("{text}|{}\n", "---|".repeat(N));
    for row in rows {
        text.push_str(&line(row.map(|cell| cell.replace('|', "\\|").replace('\n', " "))));
    }
    text
}

/// Paragraphs with an empty line between them; empty ones are left out.
fn paragraphs(parts: impl IntoIterator<Item = String>) -> String {
    let parts = parts.into_iter().map(|part| part.trim_end().to_owned()).filter(|part| !part.is_empty());
    let mut text = parts.collect::<Vec<_>>().join("\n\n");
    text.push('\n');
    text
}
