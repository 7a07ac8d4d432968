//! A delivery, and values that it holds, in words.

use serde_json::Value;

use crate::event::{Delivery, How};
use crate::report::visible;

/// The most characters of a value that are shown.
const LONGEST: usize = 60;

/// A value of a delivery between backticks, in one line that steers no terminal, cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    let mut letters = text.chars();
    let mut shown = String::new();
    for letter in letters.by_ref().take(LONGEST) {
        match letter {
            '\n' | '\t' => shown.extend(letter.escape_default()),
            letter => shown.push(letter),
        }
    }
    let more = if letters.next().is_some() { "…" } else { "" };
    format!("`{}{more}`", visible(&shown))
}

/// Several values: "`a`, `b` or `c`".
pub(super) fn one_of<'a>(texts: impl IntoIterator<Item = &'a str>, word: &str) -> String {
    let mut texts: Vec<String> = texts.into_iter().map(quoted).collect();
    let Some(last) = texts.pop() else { return String::new() };
    if texts.is_empty() { last } else { format!("{} {word} {last}", texts.join(", ")) }
}

/// What a ref names: "the branch `main`".
pub(super) fn named(reference: &str) -> String {
    match (reference.strip_prefix("refs/heads/"), reference.strip_prefix("refs/tags/")) {
        (Some(branch), _) => format!("the branch {}", quoted(branch)),
        (_, Some(tag)) => format!("the tag {}", quoted(tag)),
        (None, None) => quoted(reference),
    }
}

/// What a delivery says that happened.
pub(super) fn delivery(delivery: &Delivery) -> String {
    let repository = delivery.repository().map(|name| format!(" of {}", quoted(name))).unwrap_or_default();
    match delivery.event.as_str() {
        "push" => {
            let what = delivery.text(&["ref"]).map_or_else(|| "something".to_owned(), named);
            let deleted = delivery.value(&["deleted"]).and_then(Value::as_bool) == Some(true);
            format!("{} of {what}{repository}", if deleted { "deletion" } else { "push" })
        }
        "pull_request" => pull_request(delivery, &repository),
        other => {
            let action = delivery.text(&["action"]).map(|action| format!(": {}", quoted(action)));
            format!("{}{repository}{}", quoted(other), action.unwrap_or_default())
        }
    }
}

fn pull_request(delivery: &Delivery, repository: &str) -> String {
    let number = delivery.value(&["number"]).and_then(Value::as_u64);
    let number = number.map(|number| format!(" {number}")).unwrap_or_default();
    let base = delivery.text(&["pull_request", "base", "ref"]);
    let base = base.map(|base| format!(" to the branch {}", quoted(base))).unwrap_or_default();
    let action = delivery.text(&["action"]).map(|action| format!(": {}", quoted(action))).unwrap_or_default();
    format!("pull request{number}{repository}{base}{action}")
}

/// How the event is known, where somebody might doubt it.
pub(super) fn doubt(delivery: &Delivery) -> Option<String> {
    match delivery.how {
        How::Given | How::Said => None,
        How::Shape => Some(format!(
            "The payload does not name its event; its keys are those of {}. `--event` names another one.",
            quoted(&delivery.event)
        )),
    }
}
