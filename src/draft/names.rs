//! Names of variables, made from names that have other rules.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{FUNCTIONS, Name};
use crate::schema::Text;
use crate::syntax::words;

/// Gives each thing a name of its own.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
    /// The number that the next thing of that name tries first.
    next: BTreeMap<String, usize>,
}

impl Names {
    /// Names that do not stand in `texts`: where `"${dev}"` is meant for a shell, no variable is called `dev`, which
    /// would be a warning.
    pub fn apart_from<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mentioned = texts.into_iter().flat_map(|text| text.split("${").skip(1)).map(|rest| {
            let rest = rest.trim_start();
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            rest[..end].to_owned()
        });
        Self { taken: mentioned.collect(), next: BTreeMap::new() }
    }

    /// A name that nothing else has, as near to `text` as may be; `kind` is the name of what has none of its own.
    pub fn take(&mut self, text: &str, kind: &str) -> String {
        let base = snake(text);
        let base = match &*base {
            "" => kind.to_owned(),
            name if words::is_name(name) => base,
            _ => format!("{kind}_{base}"),
        };
        let numbered = |number| match number {
            0_usize => base.clone(),
            1 => format!("{base}_{kind}"),
            _ => format!("{base}_{kind}_{number}"),
        };
        let mut number = self.next.get(&base).copied().unwrap_or(0);
        while !self.is_free(&numbered(number)) {
            number += 1;
        }
        let name = numbered(number);
        self.taken.insert(name.clone());
        self.next.insert(base, number + 1);
        name
    }

    /// A name for a stack, without the word that every stack's name ends with.
    pub fn stack(&mut self, name: &str) -> String {
        let short =
            name.strip_suffix("Stack").or_else(|| name.strip_suffix("-stack")).filter(|short| !short.is_empty());
        self.take(short.unwrap_or(name), "stack")
    }

    fn is_free(&self, name: &str) -> bool {
        !self.taken.contains(name) && FUNCTIONS.iter().all(|function| function.name != name)
    }
}

/// `text` in lower case, with `_` between its words.
fn snake(text: &str) -> String {
    let mut name = String::new();
    let letters: Vec<char> = text.chars().take(60).collect();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(index + 1);
        let begins = letter.is_ascii_uppercase()
            && (before.is_some_and(|before| before.is_ascii_lowercase() || before.is_ascii_digit())
                || before.is_some_and(|before| before.is_ascii_uppercase())
                    && after.is_some_and(char::is_ascii_lowercase));
        let is_word = letter.is_ascii_alphanumeric();
        if (begins || !is_word) && !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        if is_word {
            name.push(letter.to_ascii_lowercase());
        }
    }
    name.trim_end_matches('_').to_owned()
}

/// The name of a pipeline or an environment that is most like `text`; `prefix` comes before what starts with a digit.
pub fn name_for(text: &str, prefix: &str) -> Option<String> {
    let mut name = String::new();
    for letter in text.chars().take(200) {
        if letter.is_ascii_alphanumeric() {
            name.push(letter.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert_str(0, &format!("{prefix}-"));
    }
    // A name that is too long is cut until it is one.
    while !name.is_empty() && Name::parse(&name).is_err() {
        name.pop();
    }
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_made_valid() {
        assert_eq!(name_for("My_App.js", "app").as_deref(), Some("my-app-js"));
        assert_eq!(name_for("-2nd--", "env").as_deref(), Some("env-2nd"));
        assert_eq!(name_for(&"x-".repeat(80), "app").map(|name| name.len()), Some(63));
        assert_eq!(name_for("日本", "app"), None);
    }

    #[test]
    fn a_name_is_one_of_the_language_and_new() {
        let mut names = Names::apart_from(["echo ${dev} ${prod:-x}"]);
        let mut take = |text| names.take(text, "stack");
        assert_eq!(take("MyAppStack"), "my_app_stack");
        assert_eq!(take("APIStack"), "api_stack");
        assert_eq!(take("my-app-stack"), "my_app_stack_stack");
        assert_eq!(take("dev"), "dev_stack");
        assert_eq!(take("DEV"), "dev_stack_2");
        assert_eq!(take("prod"), "prod_stack");
        assert_eq!(take("shared"), "stack_shared");
        assert_eq!(take("pipeline"), "pipeline_stack");
        assert_eq!(take("2nd"), "stack_2nd");
        assert_eq!(take("été"), "t");
        assert_eq!(take("é"), "stack_stack");
    }
}
