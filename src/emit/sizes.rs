//! How large something is, against what its taker accepts, and what makes it so.

use std::io::{self, Write};

use indexmap::IndexMap;
use serde::Serialize;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// How many of the things that make something large are told.
const TOLD: usize = 3;

/// Something that can be too large.
pub(super) struct Size {
    /// What it is, with its article.
    pub(super) what: String,
    /// How large it is.
    pub(super) count: usize,
    /// What is counted, in the plural.
    pub(super) unit: &'static str,
    /// Who takes it, and how much.
    pub(super) limit: (&'static str, usize),
    /// Where to blame it.
    pub(super) span: Span,
    /// What to do.
    pub(super) help: &'static str,
}

impl Size {
    /// The problem, where it is too large; `shares` says how much of it is whose.
    pub(super) fn problem(&self, shares: impl FnOnce() -> Shares) -> Option<Diagnostic> {
        (self.count > self.limit.1).then(|| self.told(Code::TooLarge, &shares()))
    }

    /// The warning, where it is not too large, and has more than so many hundredths of what is taken.
    pub(super) fn warning(&self, hundredths: usize, shares: impl FnOnce() -> Shares) -> Option<Diagnostic> {
        let (_, limit) = self.limit;
        (self.count <= limit && self.count > limit / 100 * hundredths).then(|| self.told(Code::NearLimit, &shares()))
    }

    fn told(&self, code: Code, shares: &Shares) -> Diagnostic {
        let Self { what, count, unit, limit: (taker, limit), span, help } = self;
        let (count, limit) = (grouped(*count), grouped(*limit));
        let problem = Diagnostic::new(code, *span, format!("{what} has {count} {unit}, and {taker} takes {limit}"));
        shares
            .biggest()
            .map(|words| format!("the most: {words}"))
            .into_iter()
            .fold(problem, Diagnostic::help)
            .help(*help)
    }
}

/// How much of something is whose.
#[derive(Debug, Default)]
pub(super) struct Shares(IndexMap<String, usize>);

/// Those of one name are added up.
impl FromIterator<(String, usize)> for Shares {
    fn from_iter<I: IntoIterator<Item = (String, usize)>>(all: I) -> Self {
        let mut shares = IndexMap::new();
        for (name, count) in all {
            *shares.entry(name).or_default() += count;
        }
        Self(shares)
    }
}

impl Shares {
    /// The largest, in words.
    fn biggest(&self) -> Option<String> {
        let mut shares: Vec<(&String, &usize)> = self.0.iter().collect();
        shares.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let told = shares.iter().take(TOLD).map(|(name, count)| format!("{name} with {}", grouped(**count)));
        let told: Vec<String> = told.collect();
        (!told.is_empty()).then(|| told.join(", "))
    }
}

/// The bytes of `value` as compact JSON, the form in which the API server stores it.
pub(super) fn bytes(value: &impl Serialize) -> usize {
    let mut counter = Counter(0);
    serde_json::to_writer(&mut counter, value).expect("what aphex emits has texts for keys");
    counter.0
}

struct Counter(usize);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A number with a comma before each three digits.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let comma = |index: usize| index > 0 && (digits.len() - index).is_multiple_of(3);
    digits.char_indices().flat_map(|(index, digit)| comma(index).then_some(',').into_iter().chain([digit])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn numbers_are_read_in_threes() {
        let numbers = [0, 999, 1_000, 1_048_576].map(grouped);
        assert_eq!(numbers, ["0", "999", "1,000", "1,048,576"]);
    }

    #[test]
    fn the_largest_three_are_told_and_a_warning_comes_before_the_error() {
        let shares = || {
            let all = [("`a`", 10), ("`b`", 50), ("`a`", 30), ("`c`", 5), ("`d`", 20)];
            all.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
        };
        let span = Span::new(SourceId::FIRST, 0, 0);
        let of =
            |count| Size { what: "it".into(), count, unit: "bytes", limit: ("the cluster", 1_000), span, help: "less" };
        let words = |problem: Diagnostic| (problem.code, problem.message, problem.help.join("; "));
        let helped = "the most: `b` with 50, `a` with 40, `d` with 20; less".to_owned();
        let expected = (Code::TooLarge, "it has 1,001 bytes, and the cluster takes 1,000".to_owned(), helped.clone());
        assert_eq!(of(1_001).problem(shares).map(words), Some(expected));
        let expected = (Code::NearLimit, "it has 701 bytes, and the cluster takes 1,000".to_owned(), helped);
        assert_eq!(of(701).warning(70, shares).map(words), Some(expected));
        assert!(of(1_000).problem(shares).is_none() && of(700).warning(70, shares).is_none());
        assert!(of(1_001).warning(70, shares).is_none());
    }
}
