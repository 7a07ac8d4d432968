//! Comments of a configuration, each given to the value that it stands above or beside.

use std::collections::BTreeMap;

use crate::draft::Noted;

/// Comments by the offset at which the value begins that they belong to.
#[derive(Debug, Default)]
pub(super) struct Comments {
    above: BTreeMap<u32, Vec<String>>,
    right: BTreeMap<u32, Vec<String>>,
    tail: Vec<String>,
}

impl Comments {
    /// Gives what belongs to the values that begin at `offsets` to `part`. Nothing is given twice.
    pub(super) fn give<T>(&mut self, offsets: &[u32], mut part: Noted<T>) -> Noted<T> {
        for offset in offsets {
            part.above.extend(self.above.remove(offset).unwrap_or_default());
            part.right.extend(self.right.remove(offset).unwrap_or_default());
        }
        part
    }

    /// All that belongs to the value at `offset`, in one list.
    pub(super) fn take(&mut self, offset: u32) -> Vec<String> {
        let both = [self.above.remove(&offset), self.right.remove(&offset)];
        both.into_iter().flatten().flatten().collect()
    }

    /// What is left, in the order of the text: none is lost.
    pub(super) fn rest(self) -> Vec<String> {
        let mut all: Vec<_> = self.above.into_iter().chain(self.right).collect();
        all.sort_by_key(|(offset, _)| *offset);
        all.into_iter().flat_map(|(_, lines)| lines).chain(self.tail).collect()
    }
}

/// Collects comments and the places where something begins, until both are known.
#[derive(Debug, Default)]
pub(super) struct Collected {
    comments: Vec<(u32, bool, String)>,
    above: BTreeMap<u32, u32>,
    right: BTreeMap<u32, u32>,
}

impl Collected {
    /// A comment at `offset`; whether it stands to the right of something.
    pub(super) fn add(&mut self, offset: u32, right: bool, text: &str) {
        self.comments.push((offset, right, text.to_owned()));
    }

    /// A key at `offset`, whose value begins at `value`.
    pub(super) fn key(&mut self, offset: u32, value: u32) {
        self.above.entry(offset).or_insert(value);
        self.right.insert(offset, value);
    }

    /// An item that begins at `offset`. In brackets what stands to its right belongs to the whole list.
    pub(super) fn item(&mut self, offset: u32, in_brackets: bool) {
        self.above.insert(offset, offset);
        if !in_brackets {
            self.right.entry(offset).or_insert(offset);
        }
    }

    /// Each comment with its value: above what comes next, or to the right of what came last.
    pub(super) fn assign(self) -> Comments {
        let mut comments = Comments::default();
        for (offset, is_right, text) in self.comments {
            let last = self.right.range(..=offset).next_back().filter(|_| is_right);
            let next = self.above.range(offset..).next();
            match (last, next) {
                (Some((_, owner)), _) => comments.right.entry(*owner).or_default().push(text),
                (None, Some((_, owner))) => comments.above.entry(*owner).or_default().push(text),
                (None, None) => comments.tail.push(text),
            }
        }
        comments
    }
}
