//! `--message-format json`: one object a line.

use super::Problem;

pub(super) fn render(problems: &[Problem<'_>]) -> String {
    let mut text = String::new();
    for Problem { diagnostic, sources } in problems {
        let line = serde_json::to_string(&diagnostic.located(sources)).expect("strings and numbers are always JSON");
        text.push_str(&line);
        text.push('\n');
    }
    text
}
