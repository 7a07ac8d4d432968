//! The page of a function.

use super::links::{Links, Teller};
use super::{keys, paragraphs};
use crate::reference::data::{Function, Parameter, Reference, Type};

/// The page of a function: how it is called, an example, its keys and those of the maps in them, what it returns.
pub(super) fn page(reference: &Reference, function: &Function, links: Links) -> String {
    let teller = Teller { reference, links, page: function.name };
    let calls: Vec<String> = function.calls.iter().map(|call| format!("`{call}`")).collect();
    let record = function.record.as_deref().and_then(|id| reference.record(id));
    let mut parts = vec![
        format!("# {}", function.name),
        function.doc.clone(),
        format!("```rhai\n{}\n```", function.example),
        format!("{} returns {}.", calls.join(" or "), function.returns),
        arguments(function, teller),
    ];
    if let Some(record) = record {
        parts.extend(["## Keys".to_owned(), record.doc.clone(), keys::keys(record, teller)]);
        parts.extend(keys::sections(reference, record, function.name, links));
    }
    parts.push(properties(function, teller));
    paragraphs(parts)
}

fn arguments(function: &Function, teller: Teller<'_>) -> String {
    let argument = |parameter: &Parameter| {
        let what = match &parameter.kind {
            Type::Record { record } => match teller.reference.record(record).and_then(|record| record.shorthand) {
                Some(short) => format!("a map of the keys below, or its `{short}` alone"),
                None => "a map of the keys below".to_owned(),
            },
            // The array of them comes last, and is said in fewer words.
            Type::Either { any_of } if function.variadic => {
                any_of.first().map_or_else(String::new, |one| teller.one(one))
            }
            kind => teller.one(kind),
        };
        let many = if function.variadic { "; any number of them, or one array of them" } else { "" };
        let optional = if parameter.optional { "; may be left out" } else { "" };
        format!("- `{}`: {what}{many}{optional}", parameter.name)
    };
    function.parameters.iter().map(argument).collect::<Vec<_>>().join("\n")
}

/// What can be read of the object that a function returns.
fn properties(function: &Function, teller: Teller<'_>) -> String {
    let Some(properties) = &function.properties else { return String::new() };
    let own = properties.iter().map(|property| format!("- `{}`: {}", property.name, teller.one(&property.kind)));
    let keys = "- each of the keys: as it was given, else its default, else `()`".to_owned();
    let keys = function.record.is_some().then_some(keys);
    let kind = format!("- `kind`: `\"{}\"`", function.name);
    let list: Vec<String> = std::iter::once(kind).chain(own).chain(keys).collect();
    format!("## Properties\n\nWhat it returns can be read and not changed:\n\n{}", list.join("\n"))
}
