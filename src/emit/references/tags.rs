//! Argo's tags in a text: `{{name.of.a.value}}`, and expressions, `{{=…}}`, of which the values that they read are looked
//! at. What a user wrote holds no tag: it was protected on its way here.

/// A value that a tag reads, as the names of its path.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Path<'t>(Vec<&'t str>);

impl<'t> Path<'t> {
    /// The names.
    pub(super) fn names(&self) -> &[&'t str] {
        &self.0
    }
}

impl std::fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("."))
    }
}

/// Calls `see` with every value that the tags of `text` read.
///
/// # Errors
/// What is no tag that could be understood.
pub(super) fn read<'t>(text: &'t str, see: &mut dyn FnMut(Path<'t>)) -> Result<(), &'t str> {
    let mut rest = text;
    // Most texts have no brace at all, which is seen faster than that they have no two.
    while let Some(start) = rest.contains('{').then(|| rest.find("{{")).flatten() {
        let inside = &rest[start + 2..];
        let end = inside.find("}}").ok_or(&rest[start..])?;
        let tag = &inside[..end];
        rest = &inside[end + 2..];
        match tag.strip_prefix('=') {
            Some(expression) => paths(expression, see)?,
            None if tag.is_empty() || tag.split('.').any(str::is_empty) => return Err(tag),
            None => see(Path(tag.split('.').collect())),
        }
    }
    Ok(())
}

/// The functions of Argo's expressions that aphex uses.
const FUNCTIONS: &[&str] = &["jsonpath"];

/// The values that an expression reads: each name that is no function's, with the members behind it.
fn paths<'t>(expression: &'t str, see: &mut dyn FnMut(Path<'t>)) -> Result<(), &'t str> {
    let mut rest = expression;
    while let Some(next) = rest.chars().next() {
        if next == '\'' {
            rest = literal(rest).ok_or(expression)?.1;
        } else if next.is_ascii_alphabetic() {
            let (mut path, mut after) = (vec![word(rest)], &rest[word(rest).len()..]);
            while let Some((name, behind)) = member(after) {
                path.push(name);
                after = behind;
            }
            rest = after;
            if !FUNCTIONS.contains(&path[0]) {
                see(Path(path));
            }
        } else if " ()?!=&|,".contains(next) {
            rest = &rest[1..];
        } else {
            return Err(expression);
        }
    }
    Ok(())
}

/// The name behind a dot or in brackets, and what comes after it.
fn member(text: &str) -> Option<(&str, &str)> {
    let behind = text.strip_prefix('?').unwrap_or(text);
    if let Some(inside) = behind.strip_prefix('[') {
        let (name, after) = literal(inside)?;
        return Some((name, after.strip_prefix(']')?));
    }
    let name = word(behind.strip_prefix('.')?);
    (!name.is_empty()).then(|| (name, &behind[1 + name.len()..]))
}

/// A text in single quotes, and what comes after it.
fn literal(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('\'')?.split_once('\'')
}

/// The letters, digits and `_` that a text starts with.
fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::read;

    fn values(text: &str) -> Result<Vec<String>, &str> {
        let mut found = Vec::new();
        read(text, &mut |path| found.push(path.to_string())).map(|()| found)
    }

    #[test]
    fn the_values_of_tags_and_expressions_are_found() {
        let of = |texts: &[&str]| Ok(texts.iter().map(|text| (*text).to_owned()).collect());
        assert_eq!(values("plain } text {"), of(&[]));
        assert_eq!(
            values("a {{workflow.name}} and {{inputs.parameters.x-y}}"),
            of(&["workflow.name", "inputs.parameters.x-y"])
        );
        assert_eq!(
            values("{{=jsonpath(workflow.outputs.parameters['build-output'], '$.data.artifact_path')}}"),
            of(&["workflow.outputs.parameters.build-output"])
        );
        assert_eq!(
            values("{{=(tasks['approve-a']?.outputs?.parameters?.decision ?? 'reject') != 'approve'}}"),
            of(&["tasks.approve-a.outputs.parameters.decision"])
        );
    }

    #[test]
    fn what_is_not_understood_is_told() {
        for text in ["{{", "{{}}", "{{a..b}}", "{{='open}}", "{{=a + b}}", "{{=a[b]}}"] {
            assert!(values(text).is_err(), "{text}");
        }
    }
}
