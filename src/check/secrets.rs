//! What registers the webhook and what signs GitHub's deliveries reach the event source alone, never a container of a
//! run: whoever holds the one administers the repository's webhooks, and whoever holds the other starts runs.

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{SecretPurpose, SecretUse};

/// Reports a container's secret that is the event source's: the same key of the same Secret, or of the same entry in a
/// store of secrets, which is one for all namespaces.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for (pipeline, _) in context.pipelines() {
        let stored = pipeline.secret_store.external().is_some();
        let (kept, reaching): (Vec<_>, Vec<_>) = pipeline.secrets().into_iter().partition(is_kept);
        for used in reaching {
            let same = |own: &&SecretUse<'_>| {
                (stored || own.namespace == used.namespace) && (&own.name, &own.key) == (&used.name, &used.key)
            };
            let Some(own) = kept.iter().find(same) else { continue };
            let what = match own.purpose {
                SecretPurpose::Token => "the token that registers the webhook",
                _ => "the secret that signs GitHub's deliveries",
            };
            let message = format!("{what} would reach a container of a run: `{}`, key `{}`", used.name, used.key);
            let help = "make a Secret of its own for this, with no more rights than it needs";
            sink.push(Diagnostic::new(Code::BadValue, used.span, message).help(help));
        }
    }
}

fn is_kept(used: &SecretUse<'_>) -> bool {
    matches!(used.purpose, SecretPurpose::Token | SecretPurpose::Signature)
}

#[cfg(test)]
mod tests {
    use super::super::testing::holds;

    #[test]
    fn the_event_source_s_secrets_stay_with_it() {
        holds(
            r#"
let reads = secret("app-github", "token");
//                 ^^^^^^^^^^^^ error[bad-value]: the token that registers the webhook would reach a container of a run: `app-github`, key `token`
//                 help: make a Secret of its own for this, with no more rights than it needs
let tests = #{ commands: ["x"], secrets: #{ A: reads } };
let dev = environment("dev", aws + #{ stacks: [stack("A")], tests: tests });
let public = #{ url: "https://hooks.example.com" };
let one = #{ namespace: "q", events_namespace: "q" };
pipeline("app", base + #{ stages: [dev], event_source: public, argo: one });
"#,
        );
    }

    #[test]
    fn a_secret_of_one_name_in_another_namespace_is_another_one() {
        holds(
            r#"
let tests = #{ commands: ["x"], secrets: #{ A: secret("app-github", "token") } };
let dev = environment("dev", aws + #{ stacks: [stack("A")], tests: tests });
pipeline("app", base + #{ stages: [dev], event_source: #{ url: "https://hooks.example.com" } });
"#,
        );
    }
}
