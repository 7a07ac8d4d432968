//! Values that a place takes: texts to choose from, names, regions, what functions return.

use std::sync::Arc;

use super::{Completion, Maker, Sort, call_snippet, record_snippet};
use crate::ide::place::Slot;
use crate::model::{Region, StackName};
use crate::reference::Type;
use crate::schema::Text;
use crate::source::Span;
use crate::syntax::{Import, Node};

/// The names that texts may have, by what declares them.
type Names = [(&'static str, String)];

impl<'a, 't> Maker<'a, 't> {
    /// What each of `slots` takes.
    pub(super) fn values(&mut self, slots: &[Slot<'a>], names: &Names) {
        for slot in slots {
            self.value(slot.kind, names, true);
        }
    }

    fn value(&mut self, kind: &'a Type, names: &Names, quoted: bool) {
        let written = |text: &str| if quoted { format!("\"{text}\"") } else { text.to_owned() };
        match kind {
            Type::Choice { choices } => {
                for (index, choice) in choices.iter().enumerate() {
                    let one = self.new_one(written(choice.text), Sort::Choice);
                    let rank = u32::try_from(index).unwrap_or(0);
                    self.add(Completion { documentation: choice.doc.clone(), rank, ..one });
                }
            }
            Type::Bool | Type::True if quoted => {
                for word in if matches!(kind, Type::True) { &["true"][..] } else { &["true", "false"] } {
                    let one = self.new_one(*word, Sort::Keyword);
                    self.add(Completion { rank: 5, ..one });
                }
            }
            Type::Text { form: Some(form), .. } => self.known(form, names, quoted),
            Type::Either { any_of } => any_of.iter().for_each(|kind| self.value(kind, names, quoted)),
            Type::Array { items, .. } if !quoted => self.value(items, names, quoted),
            Type::Record { record } => {
                let Some(record) = self.reference.record(record) else { return };
                if let Some(key) = record.shorthand.and_then(|short| record.key(short)) {
                    self.value(&key.kind, names, quoted);
                }
                if quoted {
                    let one = self.new_one("#{ … }", Sort::Snippet);
                    let snippet = record_snippet(record, &mut 1);
                    self.add(Completion {
                        detail: record.name.into(),
                        documentation: record.doc.clone(),
                        snippet,
                        rank: 15,
                        ..one
                    });
                }
            }
            Type::Object { function } if quoted => {
                let Some(function) = self.reference.functions.iter().find(|known| known.name == *function) else {
                    return;
                };
                let one = self.new_one(function.name, Sort::Function);
                let snippet = call_snippet(self.reference, function);
                let detail = function.calls.first().cloned().unwrap_or_default();
                self.add(Completion { detail, documentation: function.doc.clone(), snippet, rank: 20, ..one });
            }
            _ => {}
        }
    }

    /// The texts of a form that are known.
    fn known(&mut self, form: &str, names: &Names, quoted: bool) {
        let written = |text: &str| if quoted { format!("\"{text}\"") } else { text.to_owned() };
        if form == Region::NAME {
            for region in Region::known() {
                let one = self.new_one(written(region), Sort::Choice);
                self.add(Completion { detail: "an AWS region".into(), rank: 12, ..one });
            }
        }
        if form == StackName::NAME {
            for (_, name) in names.iter().filter(|(kind, _)| *kind == "stack") {
                let one = self.new_one(written(name), Sort::Choice);
                self.add(Completion { detail: "a stack".into(), rank: 11, ..one });
            }
        }
    }

    /// What could stand in a text: its quotes are there already.
    pub(super) fn text(&mut self, node: Node<'t>, names: &Names, modules: &[Arc<str>]) {
        let written = node.text();
        let is_closed = written.len() > 1 && written.ends_with(['"', '`']);
        let span = node.span();
        let inner = Span::new(span.source, span.start + 1, (span.end - u32::from(is_closed)).max(span.start + 1));
        self.word = inner;
        if node.parent().and_then(Import::cast).is_some() {
            for module in modules {
                let one = self.new_one(&**module, Sort::Module);
                let is_own = module.starts_with('.');
                self.add(Completion { rank: if is_own { 10 } else { 20 }, ..one });
            }
            return;
        }
        let slots = self.places.slots(node);
        // A text may be a part of a longer one that is being written in the place of a map or an array.
        for slot in &slots {
            self.value(slot.kind, names, false);
        }
    }
}

/// The functions whose objects fit.
pub(super) fn objects(slots: &[Slot<'_>]) -> Vec<&'static str> {
    let mut found = Vec::new();
    for slot in slots {
        collect(slot.kind, &mut found);
    }
    found
}

fn collect(kind: &Type, found: &mut Vec<&'static str>) {
    match kind {
        Type::Object { function } => found.push(function),
        Type::Either { any_of } => any_of.iter().for_each(|kind| collect(kind, found)),
        Type::Array { items, .. } => collect(items, found),
        _ => {}
    }
}
