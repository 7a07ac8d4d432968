//! The patterns of the text forms, held against what reads the texts.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::string::string_regex;
use proptest::test_runner::{Config, TestRunner};
use regex::Regex;

use crate::model::FUNCTIONS;
use crate::schema::{Form, Kind};

/// The forms of which a pattern says not all, and what it leaves out.
const MORE_THAN_A_PATTERN: &[(&str, &str)] = &[
    ("AnnotationKey", "the length of the prefix"),
    ("BucketName", "what S3 keeps for itself"),
    ("Duration", "nothing, and more than a year"),
    ("Glob", "what git refuses in the middle of a name"),
    ("ImageRef", "a host is told from a path by its dots"),
    ("LabelKey", "the length of the prefix"),
    ("Quantity", "nothing"),
    ("Region", "geographies and directions are listed"),
    ("RepoPath", "what leaves the repository"),
    ("Repository", "`.`, `..` and `.git`"),
    ("Retention", "whole days"),
    ("Url", "nothing that matters to a schema: hosts of brackets alone"),
];

/// Every form that a key or parameter takes, by name.
fn forms() -> BTreeMap<&'static str, &'static Form> {
    fn walk(kind: &'static Kind, found: &mut BTreeMap<&'static str, &'static Form>) {
        match kind {
            Kind::Text(form) if !form.name.is_empty() => drop(found.insert(form.name, form)),
            Kind::List(items, _) => walk(items, found),
            Kind::Table(keys, values) => [keys, values].into_iter().for_each(|kind| walk(kind, found)),
            Kind::Record(record) => record.fields.iter().for_each(|field| walk(&field.kind, found)),
            Kind::Either(kinds) => kinds.iter().for_each(|kind| walk(kind, found)),
            Kind::Text(_) | Kind::Any | Kind::Bool | Kind::True | Kind::Int(..) | Kind::OneOf(_) | Kind::Object(_) => {}
        }
    }
    let mut found = BTreeMap::new();
    FUNCTIONS.iter().flat_map(|function| function.params.iter()).for_each(|param| walk(&param.kind, &mut found));
    found
}

/// A form with its pattern, ready to be asked.
struct Subject {
    form: &'static Form,
    regex: Regex,
    exact: bool,
}

impl Subject {
    fn ask(&self, text: &str) {
        let Form { name, longest, check, .. } = self.form;
        let fits = self.regex.is_match(text) && longest.is_none_or(|longest| text.chars().count() <= longest);
        let read = check(text);
        assert!(read.is_err() || fits, "{name}: {text:?} is read, and the pattern does not match");
        assert!(!self.exact || !fits || read.is_ok(), "{name}: {text:?} matches, and is refused: {read:?}");
    }
}

/// `text` with one thing changed at the character of that number.
fn changed(text: &str, at: usize, with: char, how: u8) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = at % (letters.len() + 1);
    match how {
        0 => letters.insert(at, with),
        1 if at < letters.len() => letters[at] = with,
        2 if at < letters.len() => drop(letters.remove(at)),
        3 => letters.truncate(at),
        _ => letters = [&letters[..at], &vec!['a'; 60], &letters[at..]].concat(),
    }
    letters.into_iter().collect()
}

/// Texts of every length at which a limit may lie.
fn boundaries(longest: Option<usize>) -> impl Iterator<Item = String> {
    let lengths = (0..330).chain(longest.map_or(0..0, |longest| longest - 1..longest + 2));
    lengths.flat_map(|length| {
        let plain = "a".repeat(length);
        [format!("{plain}-"), format!("a/{plain}"), "1".repeat(length), plain]
    })
}

#[test]
fn a_text_that_is_read_matches_and_one_that_matches_is_read() {
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let odd = prop_oneof![any::<char>(), proptest::char::range('\t', '~')];
    for (name, form) in forms() {
        let pattern = form.pattern.unwrap_or_else(|| panic!("{name} has no pattern"));
        let inside =
            pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$')).expect("it is about the whole text");
        let exact = !MORE_THAN_A_PATTERN.iter().any(|(loose, _)| *loose == name);
        let subject = Subject { form, regex: Regex::new(pattern).expect("a regular expression"), exact };
        let change = (any::<usize>(), odd.clone(), 0_u8..5);
        let texts = (string_regex(inside).expect("texts can be made of it"), change);
        boundaries(form.longest).for_each(|text| subject.ask(&text));
        for _ in 0..200 {
            let (text, (at, with, how)) = texts.new_tree(&mut runner).expect("there is a text").current();
            subject.ask(&text);
            subject.ask(&changed(&text, at, with, how));
        }
    }
}

#[test]
fn the_exceptions_are_forms() {
    let forms = forms();
    let unknown = MORE_THAN_A_PATTERN.iter().find(|(name, _)| !forms.contains_key(name));
    assert!(unknown.is_none(), "{unknown:?}");
}
