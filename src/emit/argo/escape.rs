//! What a user wrote, protected on its way into a container. Two readers stand between: Argo replaces `{{…}}` in the JSON
//! of a template, in several passes, and the kubelet replaces `$(NAME)` in arguments and environment variables and makes
//! one `$` of two. Both are given texts in which they find nothing, and from which the kubelet makes what was written.

use std::borrow::Cow;

/// The variable that stands for a `{` which would otherwise follow another. A container has it where one is needed.
pub(super) const LBRACE: &str = "APHEX_LBRACE";

/// What the kubelet replaces by its value.
const REFERENCE: &str = "$(APHEX_LBRACE)";

/// `text` so that it comes out of Argo and the kubelet as it is.
pub(super) fn protect<'a>(text: impl Into<Cow<'a, str>>) -> Cow<'a, str> {
    let text = text.into();
    if text.contains(['$', '{']) { protected(&text).into() } else { text }
}

fn protected(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_brace = false;
    while let Some(next) = rest.chars().next() {
        let mut taken = next.len_utf8();
        if next == '$' {
            taken = rest.len() - rest.trim_start_matches('$').len();
            // A single `$` is left alone by the kubelet, unless a `(` follows. A character beyond ASCII it would take
            // apart: of what follows a `$` it reads one byte, and writes that as a character.
            let follows = |c: char| c == '(' || !c.is_ascii();
            let doubled = taken > 1 || rest[taken..].starts_with(follows);
            out.push_str(&rest[..taken]);
            out.push_str(if doubled { &rest[..taken] } else { "" });
        } else if next == '{' && after_brace {
            out.push_str(REFERENCE);
        } else {
            out.push(next);
        }
        after_brace = next == '{';
        rest = &rest[taken..];
    }
    out
}

/// Whether a protected text needs [`LBRACE`] in its container: only texts with `{{` do.
pub(super) fn needs_brace(protected: &str) -> bool {
    // In a protected text, a `$(` after an even number of `$` is ours: the user's are doubled.
    // Most texts have no `$` at all.
    protected.contains('$')
        && protected.match_indices(REFERENCE).any(|(at, _)| {
            let before = &protected[..at];
            (before.len() - before.trim_end_matches('$').len()).is_multiple_of(2)
        })
}

/// `text` with braces apart, where the kubelet does not read it and Argo would: it takes two for a tag, and has no way to
/// write them.
pub(super) fn apart(text: &str) -> String {
    // The second time for what the first left: of `{{{` it makes `{ {{`.
    text.replace("{{", "{ {").replace("{{", "{ {")
}

/// Whether a text may be the value of a parameter. Argo writes values into JSON with Go's quoting, which is not JSON's
/// for some control characters and for unprintable characters beyond U+FFFF, such as those in the flag of England:
/// a template that gets one is refused when the task starts. Such a text stands in the template itself.
pub(super) fn substitutable(text: &str) -> bool {
    text.chars().all(|c| match c {
        '\u{8}' | '\t' | '\n' | '\u{c}' | '\r' => true,
        '\u{0}'..='\u{1f}' | '\u{7f}' => false,
        c => c <= '\u{ffff}',
    })
}

/// What the kubelet makes of a text, after its expansion package.
#[cfg(test)]
pub(super) fn kubelet(text: &str) -> String {
    let Some((before, rest)) = text.split_once('$') else { return text.to_owned() };
    let (made, rest) = match rest.chars().next() {
        Some('$') => ("$".to_owned(), &rest[1..]),
        Some('(') => match rest.split_once(')') {
            Some((name, rest)) if &name[1..] == LBRACE => ("{".to_owned(), rest),
            Some((name, rest)) => (format!("<{}>", &name[1..]), rest),
            None => ("$(".to_owned(), &rest[1..]),
        },
        Some(c) if !c.is_ascii() => ("<one byte>".to_owned(), rest),
        _ => ("$".to_owned(), rest),
    };
    format!("{before}{made}{}", kubelet(rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What Argo makes of a text with simple and expression tags: every tag is gone, or it is an error. A text that
    /// comes out of this as it was holds nothing that any pass could find.
    fn argo(text: &str) -> Result<String, String> {
        let Some((before, rest)) = text.split_once("{{") else { return Ok(text.to_owned()) };
        let (_, after) = rest.split_once("}}").ok_or("a tag without an end")?;
        Ok(format!("{before}<replaced>{}", argo(after)?))
    }

    fn assert_arrives(text: &str) {
        let protected = protect(text);
        assert_eq!(argo(&protected).as_deref(), Ok(&*protected), "{text:?}");
        assert_eq!(kubelet(&protected), text, "{protected:?}");
        assert_eq!(needs_brace(&protected), text.contains("{{"), "{protected:?}");
    }

    #[test]
    fn what_was_written_arrives() {
        for text in [
            "",
            "npm ci",
            "echo $HOME ${HOME} $(HOME) $$ $$$ $$(HOME) $$$(HOME) $",
            "{{",
            "{{{",
            "{{{{",
            "{{=1}}",
            "{{{x}}}",
            "docker inspect -f '{{.State.Status}}' x",
            "${{ a }}",
            "$({{ a }})",
            "{${",
            "{$(APHEX_LBRACE)",
            "$(APHEX_LBRACE){{",
            "$$(APHEX_LBRACE){",
            "{$$(APHEX_LBRACE)",
            "}}{{",
            "\"quoted\" 'single' \\ \\n \\u007b{",
            "🚀{{🚀}}$(🚀)",
            "{{workflow.parameters.commit-sha}}",
            "{\n{",
            "{ {",
            "$({",
            "$(",
            "$)",
            "a$",
            "$é",
            "é$🚀",
        ] {
            assert_arrives(text);
        }
    }

    #[test]
    fn plain_texts_stay_readable() {
        for text in ["npm ci && npm run build", "echo $HOME ${HOME:-x} {a,b} }}", "awk '{print $1}'"] {
            assert_eq!(protect(text), text);
        }
        assert_eq!(protect("echo $(date) {{x}}"), "echo $$(date) {$(APHEX_LBRACE)x}}");
    }

    #[test]
    fn the_reference_is_to_the_variable() {
        assert_eq!(REFERENCE, format!("$({LBRACE})"));
    }

    #[test]
    fn braces_come_apart() {
        for (text, expected) in [("{a} {{b}}", "{a} { {b}}"), ("{{{", "{ { {"), ("{{{{{=1}}", "{ { { { {=1}}")] {
            assert_eq!(apart(text), expected);
        }
    }

    #[test]
    fn values_that_go_would_quote_in_its_own_way_are_no_parameters() {
        assert!(substitutable("é \u{200b} \t\n"));
        assert!(!substitutable("\u{1b}[0m") && !substitutable("\u{7f}") && !substitutable("🏴\u{e0067}"));
    }

    proptest! {
        #[test]
        fn whatever_is_written_arrives(text in prop_oneof![any::<String>(), "[{}$()=A-Cé ]{0,16}", r"(\$|\{|\(|APHEX_LBRACE|\)){0,9}"]) {
            assert_arrives(&text);
        }
    }
}
