//! Texts of everyday forms: names, commands, messages, paths, addresses.

use crate::schema::text;

text! {
    /// The name of a pipeline, environment, step or approval: lower-case letters, digits and hyphens, starting with a
    /// letter and ending with a letter or digit, at most 63 characters, since Kubernetes takes it as the value of a label
    /// and in names of objects. Names of environments, steps and approvals are unique within a pipeline, those of
    /// pipelines within a script (`duplicate-name`).
    pub struct Name
        matches r"^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$"
        = "a name", "names", |text| {
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
    /// One line of shell: not empty, without control characters but tab. It reaches the container byte for byte: braces
    /// and dollar signs that Argo or the kubelet would eat are protected.
    pub struct Command
        matches r"^[^\x00-\x08\x0A-\x1F\x7F-\x9F]*[^\x00-\x1F\x7F-\x9F\s][^\x00-\x08\x0A-\x1F\x7F-\x9F]*$"
        = "a command", "commands", |text| {
        if text.trim().is_empty() {
            return Err("a command is not empty".into());
        }
        no_control(text, "a command", "put each line into a command of its own")
    };
}

text! {
    /// One line of text, as an argument, an annotation or a header has: no control characters but tab.
    pub struct Line
        matches r"^[^\x00-\x08\x0A-\x1F\x7F-\x9F]*$"
        = "a text", "texts", |text| no_control(text, "an argument", "a control character would not arrive");
}

text! {
    /// Words for a person: one line, not empty, without control characters but tab.
    pub struct Message
        matches r"^[^\x00-\x08\x0A-\x1F\x7F-\x9F]*[^\x00-\x1F\x7F-\x9F\s][^\x00-\x08\x0A-\x1F\x7F-\x9F]*$"
        = "a message", "messages", |text| {
        if text.trim().is_empty() {
            return Err("a message is not empty".into());
        }
        no_control(text, "a message", "a line break would not be shown")
    };
}

text! {
    /// A path inside the repository, from its root, with `/` between folders; `"."` is the root. It neither starts with
    /// `/` or `-` nor leaves the repository.
    pub struct RepoPath
        matches r"^[^\x00-\x08\x0A-\x1F\x7F-\x9F/-][^\x00-\x08\x0A-\x1F\x7F-\x9F]*$"
        = "a path in the repository", "paths in the repository", |text| {
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
    /// The address of a service: `https://…` or `http://…`, with a host, without a user name or password; at most 2,000
    /// characters of ASCII.
    pub struct Url
        matches r"^https?://[A-Za-z0-9.:\[\]-]+([/?#][!#-&(-;=?-\[\]-_a-z|~]*)?$" at most 2_000
        = "an address that starts with `https://`", "addresses", |text| {
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
