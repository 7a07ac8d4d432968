//! Types in words, with links to what they are made of.

use crate::reference::data::{Module, Record, Reference, Type};

/// The page of the text forms.
pub(super) const TEXTS: &str = "text-forms.md";

/// Where links lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    /// To the files of the reference.
    Files,
    /// Nowhere.
    None,
}

impl Links {
    /// `text`, which leads to `target`.
    pub(super) fn to(self, text: &str, target: &str) -> String {
        match self {
            Self::Files => format!("[{text}]({target})"),
            Self::None => text.to_owned(),
        }
    }
}

/// Where types are told about.
#[derive(Clone, Copy)]
pub(super) struct Teller<'a> {
    pub(super) reference: &'a Reference,
    pub(super) links: Links,
    /// The path that the page is about: its records have sections of their own there.
    pub(super) page: &'a str,
}

impl Teller<'_> {
    /// The words for one value of a type.
    pub(super) fn one(self, kind: &Type) -> String {
        match kind {
            Type::Any => "any value".into(),
            Type::Bool => "`true` or `false`".into(),
            Type::True => "`true`".into(),
            Type::Integer { minimum: Some(low), maximum: Some(high) } => format!("an integer from {low} to {high}"),
            Type::Integer { .. } => "an integer".into(),
            Type::Text { form, words, many: _ } => self.text(*form, words),
            Type::Choice { .. } | Type::Record { .. } | Type::Either { .. } => or(self.alternatives(kind)),
            Type::Array { items, may_be_empty: true } => format!("an array of {}", self.many(items)),
            Type::Array { items, may_be_empty: false } => format!("a non-empty array of {}", self.many(items)),
            Type::Map { keys, values } => format!("a map of {} to {}", self.many(keys), self.many(values)),
            Type::Object { function } => self.links.to(&format!("`{function}(…)`"), &format!("{function}.md")),
        }
    }

    fn many(self, kind: &Type) -> String {
        match kind {
            Type::Any => "values".into(),
            Type::Bool | Type::True => "bools".into(),
            Type::Integer { .. } => "integers".into(),
            Type::Text { form, words: _, many } => self.text(*form, many),
            Type::Array { items, may_be_empty: _ } => format!("arrays of {}", self.many(items)),
            Type::Map { keys, values } => format!("maps of {} to {}", self.many(keys), self.many(values)),
            Type::Record { record } => format!("maps with {}", self.keys_of(record)),
            Type::Choice { .. } | Type::Object { .. } => self.one(kind),
            Type::Either { any_of } => or(any_of.iter().map(|kind| self.many(kind)).collect()),
        }
    }

    fn text(self, form: Option<&str>, words: &str) -> String {
        let found = self.reference.texts.iter().find(|known| Some(known.id) == form);
        match found {
            Some(form) => self.links.to(words, &format!("{TEXTS}#{}", anchor(&form.title))),
            None => words.to_owned(),
        }
    }

    /// What a value may be, each by itself.
    fn alternatives(self, kind: &Type) -> Vec<String> {
        match kind {
            Type::Choice { choices } => choices.iter().map(|choice| format!("`\"{}\"`", choice.text)).collect(),
            Type::Either { any_of } => any_of.iter().flat_map(|kind| self.alternatives(kind)).collect(),
            Type::Record { record: id } => {
                let record = self.reference.record(id);
                let short = record.and_then(|record| record.key(record.shorthand?));
                let map = format!("a map with {}", self.keys_of(id));
                short.into_iter().flat_map(|key| self.alternatives(&key.kind)).chain([map]).collect()
            }
            Type::Any
            | Type::Bool
            | Type::True
            | Type::Integer { .. }
            | Type::Text { .. }
            | Type::Array { .. }
            | Type::Map { .. }
            | Type::Object { .. } => vec![self.one(kind)],
        }
    }

    /// "the keys of `deploy`", which leads to the table of them.
    fn keys_of(self, id: &str) -> String {
        let path = self.reference.record(id).map_or(id, |record| path_on(record, self.page));
        self.links.to(&format!("the keys of `{path}`"), &format!("#{}", anchor(path)))
    }
}

/// Where a record stands on the page about `page`.
pub(super) fn path_on<'a>(record: &'a Record, page: &str) -> &'a str {
    let here = record.paths.iter().find(|path| path.strip_prefix(page).is_some_and(|rest| rest.starts_with('.')));
    here.or_else(|| record.paths.first()).map_or(&record.id, String::as_str)
}

/// What GitHub makes of a heading.
pub(super) fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|letter| letter.is_alphanumeric() || "-_ ".contains(*letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter.to_ascii_lowercase() }).collect()
}

/// The file of a module's page.
pub(super) fn module_file(module: &Module) -> String {
    format!("stdlib/{}.md", module.path.trim_start_matches("aphex/").replace('/', "-"))
}

fn or(mut words: Vec<String>) -> String {
    match words.pop() {
        None => String::new(),
        Some(only) if words.is_empty() => only,
        Some(last) => format!("{} or {last}", words.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::anchor;

    #[test]
    fn anchors_are_those_of_github() {
        assert_eq!(anchor("`environment.deploy`"), "environmentdeploy");
        assert_eq!(anchor("Secret's key"), "secrets-key");
    }
}
