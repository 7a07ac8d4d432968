//! Texts of everyday forms: names, commands, messages, paths, addresses.

use crate::schema::text;

text! {
    /// The name of a pipeline, environment, step or approval: lower-case letters, digits and hyphens, starting with a
    /// letter and ending with a letter or digit, at most 63 characters (a Kubernetes label value and object name).
    pub struct Name = "a name", "names", |text| {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if let Some(wrong) = text.chars().find(|c| !allowed(*c)) {
            return Err(format!("a name has lower-case letters, digits and hyphens, this one has {wrong:?}"));
        }
        if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err("a name starts with a lower-case letter".into());
        }
        if text.ends_with('-') {
            return Err("a name ends with a letter or digit".into());
        }
        longest(text, 63, "a name")
    };
}

text! {
    /// One line of shell.
    pub struct Command = "a command", "commands", |text| {
        if text.trim().is_empty() {
            return Err("a command is not empty".into());
        }
        no_control(text, "a command", "put each line into a command of its own")
    };
}

text! {
    /// An argument of a container: any text without control characters but tab.
    pub struct Line = "a text", "texts", |text| no_control(text, "an argument", "a control character would not arrive");
}

text! {
    /// Words for a person.
    pub struct Message = "a message", "messages", |text| {
        if text.trim().is_empty() {
            return Err("a message is not empty".into());
        }
        no_control(text, "a message", "a line break would not be shown")
    };
}

text! {
    /// A path inside the repository, from its root.
    pub struct RepoPath = "a path in the repository", "paths in the repository", |text| {
        if text.is_empty() {
            return Err("a path is not empty; the repository's root is `\".\"`".into());
        }
        no_control(text, "a path", "a control character in a path is a mistake")?;
        if text.starts_with('-') {
            return Err("a path that starts with `-` would be taken for an option; write `./-…`".into());
        }
        match crate::source::normalize("", text) {
            Some(_) => Ok(()),
            None => Err("a path is relative to the repository's root, uses `/`, and does not leave it".into()),
        }
    };
}

text! {
    /// The address of a service: `https://…` or `http://…`, with a host, without credentials.
    pub struct Url = "an address that starts with `https://`", "addresses", |text| {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let Some(rest) = rest else { return Err("an address starts with `https://`".into()) };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if host.contains('@') {
            return Err("an address holds no user name or password: give a token with `secret(…)`".into());
        }
        if host.is_empty() || !host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:[]".contains(c)) {
            return Err(format!("`{host}` is not a host name"));
        }
        match text.chars().find(|c| c.is_whitespace() || c.is_control() || !c.is_ascii() || "\"'`\\{}<>".contains(*c)) {
            Some(wrong) => Err(format!("an address has no {wrong:?}")),
            None => longest(text, 2_000, "an address"),
        }
    };
}

/// Refuses a text of more than `limit` characters.
pub(super) fn longest(text: &str, limit: usize, what: &str) -> Result<(), String> {
    match text.chars().count() {
        length if length > limit => Err(format!("{what} has at most {limit} characters, `{text}` has {length}")),
        0 => Err(format!("{what} is not empty")),
        _ => Ok(()),
    }
}

/// Refuses control characters but tab.
pub(super) fn no_control(text: &str, what: &str, why: &str) -> Result<(), String> {
    match text.chars().find(|c| c.is_control() && *c != '\t') {
        Some('\n' | '\r') => Err(format!("{what} is one line: {why}")),
        Some(wrong) => Err(format!("{what} holds no control characters, this one has {wrong:?}")),
        None => Ok(()),
    }
}
