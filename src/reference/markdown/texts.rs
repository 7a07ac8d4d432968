//! The page of the texts of a certain form.

use super::links::{Links, anchor};
use super::paragraphs;
use crate::reference::data::{Reference, TextForm};

/// Every form, in the order of their titles.
pub(super) fn page(reference: &Reference, links: Links) -> String {
    let mut forms: Vec<&TextForm> = reference.texts.iter().collect();
    forms.sort_by_key(|form| form.title.to_lowercase());
    let head = "# Text forms".to_owned();
    let intro = "Texts that must look like something. A text of another form is an error (`bad-value`) at the text, with \
                 the reason. The pattern is a regular expression that every such text matches; where the rule is more \
                 than an expression can say, a text that matches can still be refused. The patterns are also in \
                 `pipeline.schema.json`.";
    let list: Vec<String> =
        forms.iter().map(|form| format!("- {}", links.to(&form.title, &format!("#{}", anchor(&form.title))))).collect();
    let list = if links == Links::Files { list.join("\n") } else { String::new() };
    let sections = forms.iter().map(|one| format!("## {}\n\n{}", one.title, form(one, links)));
    paragraphs([head, intro.to_owned(), list].into_iter().chain(sections))
}

/// What there is to say about a form.
pub(super) fn form(form: &TextForm, links: Links) -> String {
    let longest = form.longest.map(|longest| format!("- length: at most {longest} characters"));
    let pattern = form.pattern.map(|pattern| format!("- pattern: {}", code(pattern)));
    let used = form.used_by.iter().map(|path| {
        let function = path.split('.').next().unwrap_or(path);
        links.to(&format!("`{path}`"), &format!("{function}.md"))
    });
    let used = format!("- used by: {}", used.collect::<Vec<_>>().join(", "));
    let facts: Vec<String> = longest.into_iter().chain(pattern).chain([used]).collect();
    paragraphs([form.doc.clone(), facts.join("\n")])
}

/// A text as code, whatever it holds.
fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {text} ``") } else { format!("`{text}`") }
}
