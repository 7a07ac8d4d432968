//! What a key means, in one text.

use super::data::{Key, Type};

impl Key {
    /// What it means, with what each of the texts to choose from means.
    pub fn meaning(&self) -> String {
        let mut choices = Vec::new();
        collect(&self.kind, &mut choices);
        std::iter::once(self.doc.clone()).chain(choices).collect::<Vec<_>>().join(" ")
    }
}

fn collect(kind: &Type, found: &mut Vec<String>) {
    match kind {
        Type::Choice { choices } => {
            found.extend(choices.iter().map(|choice| format!("`\"{}\"`: {}", choice.text, lower(&choice.doc))));
        }
        Type::Array { items, may_be_empty: _ } => collect(items, found),
        Type::Either { any_of } => any_of.iter().for_each(|kind| collect(kind, found)),
        Type::Any
        | Type::Bool
        | Type::True
        | Type::Integer { .. }
        | Type::Text { .. }
        | Type::Map { .. }
        | Type::Record { .. }
        | Type::Object { .. } => {}
    }
}

/// A sentence after a colon; names such as `IAM` keep their letters.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next();
    let rest = letters.as_str();
    match first {
        Some(first) if !rest.starts_with(char::is_uppercase) => format!("{}{rest}", first.to_lowercase()),
        _ => text.to_owned(),
    }
}
