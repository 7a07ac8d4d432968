//! Keys of maps.

use super::{Completion, Maker, Sort};
use crate::reference::{Key, Part, Type};
use crate::syntax::{Map, SyntaxKind as K, Token};

impl<'t> Maker<'_, 't> {
    /// The keys that a map does not have yet, those that it must have first.
    pub(super) fn keys(&mut self, map: Map<'t>) {
        let given: Vec<String> = map
            .entries()
            .filter(|entry| !self.is_word(entry.key_token().map(Token::span)))
            .filter_map(|entry| entry.key().map(|key| key.node))
            .collect();
        // What follows a word that is there already is not written twice.
        let colon = self.after_word() == Some(K::Colon);
        let ends = self.needs_comma(map);
        for (record, path) in self.places.records(map.node()) {
            for (index, key) in record.keys.iter().enumerate() {
                if given.iter().any(|known| known == key.key) {
                    continue;
                }
                let order = u32::try_from(index).unwrap_or(0).min(99);
                let value = if colon { String::new() } else { format!(": {}{ends}", placeholder(&key.kind, 1)) };
                let one = self.new_one(key.key, Sort::Property);
                self.add(Completion {
                    detail: detail(key),
                    documentation: self.page(Part::Key(&path, key)),
                    snippet: format!("{}{value}", key.key),
                    rank: order + if key.required { 0 } else { 100 },
                    ..one
                });
            }
        }
    }

    fn is_word(&self, span: Option<crate::source::Span>) -> bool {
        span.is_some_and(|span| span.start == self.word.start && span.end == self.word.end)
    }

    /// What comes after the word that is being written.
    fn after_word(&self) -> Option<K> {
        let next = self.file.tree().token_at(self.word.end);
        std::iter::successors(next, |token| token.next()).map(Token::kind).find(|kind| !kind.is_trivia())
    }

    /// A comma, where the map goes on over lines and none comes.
    fn needs_comma(&self, map: Map<'_>) -> &'static str {
        let after = self.after_word();
        let is_over_lines = map.node().text().contains('\n');
        if is_over_lines && after != Some(K::Comma) { "," } else { "" }
    }
}

/// What a key takes, and what holds where it is not given.
fn detail(key: &Key) -> String {
    match &key.default {
        None => format!("{} (required)", key.words),
        Some(default) => format!("{} = {}", key.words, default.words.trim_matches('`')),
    }
}

/// A place for a value of this kind.
pub(in crate::ide) fn placeholder(kind: &Type, place: u32) -> String {
    match kind {
        Type::Text { .. } => format!("\"${{{place}}}\""),
        Type::Bool => format!("${{{place}:true}}"),
        Type::True => "true".to_owned(),
        Type::Choice { choices } => {
            let texts: Vec<&str> = choices.iter().map(|choice| choice.text).collect();
            format!("\"${{{place}|{}|}}\"", texts.join(","))
        }
        Type::Array { .. } => format!("[${{{place}}}]"),
        Type::Map { .. } | Type::Record { .. } => format!("#{{ ${{{place}}} \\}}"),
        Type::Object { function } => format!("{function}(${{{place}}})"),
        Type::Either { any_of } => match any_of.first() {
            // A text is what a person most often gives.
            Some(Type::Text { .. }) => format!("\"${{{place}}}\""),
            _ => format!("${{{place}}}"),
        },
        Type::Any | Type::Integer { .. } => format!("${{{place}}}"),
    }
}
