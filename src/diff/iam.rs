//! IAM statements as grants that can be compared: one action on one resource, under conditions.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

use std::collections::BTreeSet;

use serde_json::Value;

/// More grants than the statements of a role may have characters, of which this many cannot be told one by one.
const MAX_GRANTS: usize = 20_000;

/// Comparing more pairs than this takes longer than a person waits; what is not compared counts as not covered.
pub(super) const MAX_COMPARISONS: usize = 4_000_000;

/// Longer texts are compared as they are: patterns are for people.
const MAX_PATTERN: usize = 4_096;

/// What stands for one action, resource or principal.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Term {
    /// A text in which `*` and `?` stand for others.
    Pattern(Word),
    /// Everything but these: `NotAction`, `NotResource`, `NotPrincipal`.
    AllBut(Vec<Word>),
}

/// A text that is compared in one form and shown in another.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub(super) text: String,
    shown: String,
}

impl Word {
    /// A text as it is.
    fn exact(text: String) -> Self {
        Self { shown: text.clone(), text }
    }

    /// An action, which is the same whatever its case.
    fn action(text: String) -> Self {
        Self { text: text.to_ascii_lowercase(), shown: text }
    }
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Word {}

impl PartialOrd for Word {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Word {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl Term {
    /// Whether everything that `other` stands for, this does too; where that cannot be told, it does not.
    pub(super) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Pattern(pattern), Self::Pattern(text)) => covers(&pattern.text, &text.text),
            (Self::Pattern(pattern), Self::AllBut(_)) => pattern.text == "*",
            (Self::AllBut(these), Self::AllBut(those)) => these.iter().all(|text| those.contains(text)),
            (Self::AllBut(_), Self::Pattern(_)) => false,
        }
    }

    /// In words.
    pub(super) fn show(&self) -> String {
        match self {
            Self::Pattern(word) => format!("`{}`", short(&word.shown)),
            Self::AllBut(words) => {
                let texts: Vec<String> = words.iter().map(|word| format!("`{}`", short(&word.shown))).collect();
                format!("all but {}", texts.join(", "))
            }
        }
    }
}

/// An ARN that CloudFormation fills in says nothing by its beginning.
fn short(text: &str) -> &str {
    text.strip_prefix("arn:${AWS::Partition}:").unwrap_or(text)
}

/// Whether the pattern `general` takes every text that the pattern `special` takes. `*` takes any text, `?` one character.
pub(super) fn covers(general: &str, special: &str) -> bool {
    if general == special || general == "*" {
        return true;
    }
    if !general.contains(['*', '?']) || general.len().max(special.len()) > MAX_PATTERN {
        return false;
    }
    let (general, special): (Vec<char>, Vec<char>) = (general.chars().collect(), special.chars().collect());
    let (mut at, mut there) = (0, 0);
    // Where the last `*` stands, and how much of the text it takes.
    let mut star: Option<(usize, usize)> = None;
    while there < special.len() {
        match general.get(at) {
            Some('*') => {
                star = Some((at, there));
                at += 1;
            }
            Some(letter) if *letter == special[there] || (*letter == '?' && special[there] != '*') => {
                at += 1;
                there += 1;
            }
            _ => {
                let Some((place, taken)) = star else { return false };
                star = Some((place, taken + 1));
                at = place + 1;
                there = taken + 1;
            }
        }
    }
    general[at..].iter().all(|letter| *letter == '*')
}

/// One key of a `Condition`: operator, key and the texts of which one must match.
type Condition = (String, String, Vec<String>);

/// One action on one resource, allowed or denied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Grant {
    pub(super) allow: bool,
    /// To whom, in the policy of a resource or of trust.
    pub(super) principal: Option<Term>,
    pub(super) action: Term,
    pub(super) resource: Term,
    /// All of them must hold.
    pub(super) conditions: Vec<Condition>,
}

impl Grant {
    /// Whether this says everything that `other` says.
    pub(super) fn covers(&self, other: &Self) -> bool {
        let principal = match (&self.principal, &other.principal) {
            (Some(these), Some(those)) => these.covers(those),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        self.allow == other.allow
            && principal
            && self.action.covers(&other.action)
            && self.resource.covers(&other.resource)
            && self.conditions.iter().all(|wide| other.conditions.iter().any(|narrow| holds_where(wide, narrow)))
    }

    /// The conditions in words; nothing where there are none.
    pub(super) fn when(&self) -> String {
        let one = |(operator, key, values): &Condition| format!("{operator} {key} {}", values.join(" or "));
        let all: Vec<String> = self.conditions.iter().map(one).collect();
        if all.is_empty() { String::new() } else { format!(" if {}", all.join(" and ")) }
    }
}

/// Whether the condition `wide` holds wherever `narrow` does. Operators with a negation turn the sense of a list.
fn holds_where(wide: &Condition, narrow: &Condition) -> bool {
    let (operator, key, values) = wide;
    let plain = !["Not", "ForAll", "ForAny", "Null"].iter().any(|word| operator.contains(word));
    (operator, key) == (&narrow.0, &narrow.1)
        && (*values == narrow.2 || (plain && narrow.2.iter().all(|value| values.contains(value))))
}

/// What the statements of policy documents say.
pub(super) fn grants<'a>(documents: impl IntoIterator<Item = &'a Value>) -> BTreeSet<Grant> {
    let mut found = BTreeSet::new();
    for document in documents {
        for statement in many(&document["Statement"]) {
            add(statement, &mut found);
        }
    }
    found
}

fn add(statement: &Value, found: &mut BTreeSet<Grant>) {
    let allow = statement["Effect"] != "Deny";
    let conditions = conditions(&statement["Condition"]);
    let actions = terms(statement, "Action", Word::action);
    let resources = terms(statement, "Resource", Word::exact);
    let principals = principals(statement);
    let count = [principals.len(), actions.len(), resources.len()].into_iter().fold(1, usize::saturating_mul);
    if count.saturating_add(found.len()) > MAX_GRANTS {
        let whole = Term::Pattern(Word::exact(statement.to_string()));
        found.insert(Grant { allow, principal: None, action: whole.clone(), resource: whole, conditions });
        return;
    }
    for principal in &principals {
        for action in &actions {
            for resource in &resources {
                let (principal, action, resource) = (principal.clone(), action.clone(), resource.clone());
                found.insert(Grant { allow, principal, action, resource, conditions: conditions.clone() });
            }
        }
    }
}

/// The terms of a key or of its negation. What has neither, as a trust policy has no resource, says it of all.
fn terms(statement: &Value, key: &str, word: impl Fn(String) -> Word) -> Vec<Term> {
    let not = &statement[format!("Not{key}").as_str()];
    if !not.is_null() {
        let mut words: Vec<Word> = many(not).map(|value| word(text(value))).collect();
        words.sort();
        return vec![Term::AllBut(words)];
    }
    if statement[key].is_null() {
        return vec![Term::Pattern(word("*".to_owned()))];
    }
    many(&statement[key]).map(|value| Term::Pattern(word(text(value)))).collect()
}

fn principals(statement: &Value) -> Vec<Option<Term>> {
    let flat = |value: &Value| -> Vec<String> {
        match value {
            Value::Object(kinds) if !is_function(value) => {
                let all =
                    kinds.iter().flat_map(|(kind, them)| many(them).map(move |one| format!("{kind} {}", text(one))));
                all.collect()
            }
            Value::Null => Vec::new(),
            other => many(other).map(text).collect(),
        }
    };
    let not = flat(&statement["NotPrincipal"]);
    if !not.is_empty() {
        return vec![Some(Term::AllBut(not.into_iter().map(Word::exact).collect()))];
    }
    let these = flat(&statement["Principal"]);
    if these.is_empty() {
        vec![None]
    } else {
        these.into_iter().map(|text| Some(Term::Pattern(Word::exact(text)))).collect()
    }
}

fn conditions(value: &Value) -> Vec<Condition> {
    let mut found = Vec::new();
    for (operator, keys) in value.as_object().into_iter().flatten() {
        match keys.as_object() {
            Some(keys) => {
                for (key, values) in keys {
                    let mut texts: Vec<String> = many(values).map(text).collect();
                    texts.sort();
                    texts.dedup();
                    found.push((operator.clone(), key.clone(), texts));
                }
            }
            None => found.push((operator.clone(), String::new(), vec![keys.to_string()])),
        }
    }
    found.sort();
    found
}

/// One value, or each of a list.
pub(super) fn many(value: &Value) -> impl Iterator<Item = &Value> {
    let list = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    list.iter().filter(|value| !value.is_null())
}

/// The text of a value; what CloudFormation fills in stands as it is written.
pub(super) fn text(value: &Value) -> String {
    match value {
        // Outside of `Fn::Sub` nothing is filled in; such a text is IAM's to fill in.
        Value::String(text) if text.contains("${") => value.to_string(),
        Value::String(text) => text.clone(),
        Value::Object(_) => function(value).unwrap_or_else(|| value.to_string()),
        other => other.to_string(),
    }
}

/// What CloudFormation's functions fill in, in the words of one of them.
fn function(value: &Value) -> Option<String> {
    if !is_function(value) {
        return None;
    }
    if let Some(id) = value["Ref"].as_str() {
        return Some(format!("${{{id}}}"));
    }
    if let Some(name) = value["Fn::ImportValue"].as_str() {
        return Some(format!("${{{name}}}"));
    }
    if let Some([id, attribute]) = value["Fn::GetAtt"].as_array().map(Vec::as_slice) {
        return Some(format!("${{{}.{}}}", id.as_str()?, attribute.as_str()?));
    }
    value["Fn::Sub"].as_str().map(str::to_owned)
}

fn is_function(value: &Value) -> bool {
    value.as_object().is_some_and(|map| map.len() == 1 && map.keys().all(|key| key == "Ref" || key.starts_with("Fn::")))
}

/// What `new` says and `old` does not.
pub(super) fn beyond<'a>(old: &BTreeSet<Grant>, new: &'a BTreeSet<Grant>) -> Vec<&'a Grant> {
    let always = |grant: &Grant| old.contains(&Grant { conditions: Vec::new(), ..grant.clone() });
    let missing: Vec<&Grant> = new.iter().filter(|grant| !old.contains(*grant) && !always(grant)).collect();
    // Only these say more than themselves.
    let wide: Vec<&Grant> = old.iter().filter(|grant| is_wide(grant)).collect();
    if missing.len().saturating_mul(wide.len()) > MAX_COMPARISONS {
        return missing;
    }
    missing.into_iter().filter(|grant| !wide.iter().any(|other| other.covers(grant))).collect()
}

fn is_wide(grant: &Grant) -> bool {
    let wide = |term: &Term| match term {
        Term::Pattern(word) => word.text.contains(['*', '?']),
        Term::AllBut(_) => true,
    };
    wide(&grant.action)
        || wide(&grant.resource)
        || grant.principal.as_ref().is_some_and(wide)
        || !grant.conditions.is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn of(statement: &Value) -> BTreeSet<Grant> {
        grants([&json!({ "Statement": statement })])
    }

    fn more(old: &Value, new: &Value) -> usize {
        beyond(&of(old), &of(new)).len()
    }

    fn statement(action: &str, resource: &str) -> Value {
        json!({ "Effect": "Allow", "Action": action, "Resource": resource })
    }

    #[test]
    fn a_pattern_says_more_than_what_it_takes() {
        let (narrow, wide) = (statement("s3:GetObject", "arn:aws:s3:::b/*"), statement("s3:*", "arn:aws:s3:::b/*"));
        assert_eq!((more(&narrow, &wide), more(&wide, &narrow)), (1, 0));
        assert_eq!(more(&statement("s3:Get*", "*"), &statement("S3:getobject", "arn:x")), 0);
        assert_eq!(more(&statement("s3:Get?bject", "*"), &statement("s3:Get*", "*")), 1);
    }

    #[test]
    fn a_condition_less_says_more() {
        let mut bound = statement("s3:GetObject", "*");
        bound["Condition"] = json!({ "StringEquals": { "aws:a": ["x", "y"] }, "Bool": { "aws:b": "true" } });
        let mut less = bound.clone();
        less["Condition"] = json!({ "StringEquals": { "aws:a": "x" }, "Bool": { "aws:b": "true" } });
        assert_eq!(
            (more(&bound, &statement("s3:GetObject", "*")), more(&statement("s3:GetObject", "*"), &bound)),
            (1, 0)
        );
        assert_eq!((more(&bound, &less), more(&less, &bound)), (0, 1));
        for document in [&mut bound, &mut less] {
            let all = document["Condition"]["StringEquals"].take();
            document["Condition"] = json!({ "StringNotEquals": all });
        }
        assert_eq!((more(&bound, &less), more(&less, &bound)), (1, 1), "of a negation no list is known to be wider");
    }

    #[test]
    fn what_is_said_in_another_form_is_the_same() {
        let list = json!([{ "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*", "Effect": "Allow" }]);
        let split = json!([statement("s3:PutObject", "*"), statement("s3:GetObject", "*")]);
        assert_eq!((more(&list, &split), more(&split, &list)), (0, 0));
    }

    #[test]
    fn everything_but_something_is_not_that() {
        let not = json!({ "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" });
        assert_eq!(more(&statement("*", "*"), &not), 0);
        assert_eq!(more(&statement("iam:*", "*"), &not), 1);
        assert_eq!(more(&not, &statement("iam:PassRole", "*")), 1);
    }

    #[test]
    fn a_huge_product_is_told_as_one() {
        let many: Vec<String> = (0..1_000).map(|i| format!("a:{i}")).collect();
        assert_eq!(of(&json!({ "Action": many, "Resource": many, "Effect": "Allow" })).len(), 1);
    }

    fn any_statement() -> impl Strategy<Value = Value> {
        let effect = prop::sample::select(vec!["Allow", "Deny"]);
        let (action, resource) = ("(x|y|Not)", "[ab*?]{1,3}");
        let condition = prop::sample::select(vec![
            json!(null),
            json!({ "StringEquals": { "k": ["1", "2"] } }),
            json!({ "StringEquals": { "k": "1" } }),
        ]);
        (effect, action, resource, condition).prop_map(|(effect, action, resource, condition)| {
            let mut statement =
                json!({ "Effect": effect, "Action": action, "Resource": resource, "Condition": condition });
            if action == "Not" {
                statement["Action"].take();
                statement["NotAction"] = json!("x");
            }
            statement
        })
    }

    /// What IAM says of a request, by its rules: allowed by one statement, and denied by none.
    fn is_allowed(grants: &BTreeSet<Grant>, action: &str, resource: &str, value: &str) -> bool {
        let matches = |term: &Term, text: &str| match term {
            Term::Pattern(word) => covers(&word.text, text),
            Term::AllBut(words) => !words.iter().any(|word| covers(&word.text, text)),
        };
        let applies = |grant: &&Grant| {
            matches(&grant.action, action)
                && matches(&grant.resource, resource)
                && grant.conditions.iter().all(|(_, _, values)| values.iter().any(|one| one == value))
        };
        grants.iter().filter(applies).any(|grant| grant.allow)
            && !grants.iter().filter(applies).any(|grant| !grant.allow)
    }

    proptest! {
        #[test]
        fn what_is_allowed_now_and_was_not_is_told(
            old in prop::collection::vec(any_statement(), 0..4),
            new in prop::collection::vec(any_statement(), 0..4),
            request in ("[xyz]", "[ab]{1,3}", "[123]"),
        ) {
            let (old, new) = (of(&json!(old)), of(&json!(new)));
            let allowed = |grants| is_allowed(grants, &request.0, &request.1, &request.2);
            if allowed(&new) && !allowed(&old) {
                let gained = beyond(&old, &new).into_iter().any(|grant| grant.allow);
                let freed = beyond(&new, &old).into_iter().any(|grant| !grant.allow);
                prop_assert!(gained || freed, "{request:?}\n{old:#?}\n{new:#?}");
            }
        }

        #[test]
        fn a_pattern_covers_whatever_matches_it(pattern in "[ab*?]{0,6}", text in "[ab]{0,6}") {
            let words = pattern.chars().map(|c| match c { '*' => ".*".to_owned(), '?' => ".".to_owned(), c => c.to_string() });
            let regex = regex::Regex::new(&format!("^{}$", words.collect::<String>())).unwrap();
            prop_assert_eq!(covers(&pattern, &text), regex.is_match(&text));
        }

        #[test]
        fn covering_is_handed_on(a in "[ab*?]{0,4}", b in "[ab*?]{0,4}", c in "[ab]{0,4}") {
            prop_assert!(!(covers(&a, &b) && covers(&b, &c)) || covers(&a, &c));
        }
    }
}
