//! Labels and annotations of the user's leave those alone that aphex, Argo and EKS live by.

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::AnnotationKey;
use crate::source::{Span, Spanned};

/// Prefixes whose keys mean something to those who read them.
const PREFIXES: &[(&str, &str)] =
    &[("aphex.dev/", "aphex"), ("workflows.argoproj.io/", "Argo Workflows"), ("events.argoproj.io/", "Argo Events")];

/// Labels that every object has from aphex.
const LABELS: &[&str] = &[
    "app.kubernetes.io/name",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/component",
    "app.kubernetes.io/part-of",
    "app.kubernetes.io/managed-by",
];

/// Labels by which Argo Events finds its pods, and Services theirs.
const OF_EVENTS: &[&str] = &["eventsource-name", "sensor-name", "owner-name", "controller", "eventbus-name"];

/// Names the role of a service account.
const ROLE: &str = "eks.amazonaws.com/role-arn";

/// Reports keys that are taken.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for (pipeline, _) in context.pipelines() {
        for (key, _) in pipeline.labels.iter() {
            let owner = owner(key.as_str()).or_else(|| LABELS.contains(&key.as_str()).then_some("aphex"));
            let owner = owner.or_else(|| OF_EVENTS.contains(&key.as_str()).then_some("Argo Events"));
            report("labels", key.as_str(), key.span, owner, sink);
        }
        annotations("annotations", pipeline.annotations.iter().map(|(key, _)| key), sink);
        let own = pipeline.event_source.annotations.iter().map(|(key, _)| key);
        annotations("event_source.annotations", own, sink);
    }
}

fn annotations<'a>(at: &str, keys: impl Iterator<Item = &'a Spanned<AnnotationKey>>, sink: &mut Sink) {
    for key in keys {
        let owner = owner(key.as_str()).or_else(|| (key.as_str() == ROLE).then_some("aphex"));
        report(at, key.as_str(), key.span, owner, sink);
    }
}

fn owner(key: &str) -> Option<&'static str> {
    PREFIXES.iter().find(|(prefix, _)| key.starts_with(prefix)).map(|(_, owner)| *owner)
}

fn report(at: &str, key: &str, span: Span, owner: Option<&str>, sink: &mut Sink) {
    let Some(owner) = owner else { return };
    let message = format!("`{at}`: {owner} sets `{key}` itself");
    let help = "choose another key, such as one with your own domain before the `/`";
    sink.push(Diagnostic::new(Code::BadValue, span, message).help(help));
}

#[cfg(test)]
mod tests {
    use super::super::testing::holds;

    #[test]
    fn keys_that_are_taken_are_marked() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("app", base + #{ stages: [dev],
    labels: #{ team: "a", "app.kubernetes.io/version": "1", "app.kubernetes.io/part-of": "a" },
//                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[bad-value]: `labels`: aphex sets `app.kubernetes.io/part-of` itself
//                                                          help: choose another key, such as one with your own domain before the `/`
    annotations: #{ "eks.amazonaws.com/sts-regional-endpoints": "true", "eks.amazonaws.com/role-arn": "a" },
//                                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[bad-value]: `annotations`: aphex sets `eks.amazonaws.com/role-arn` itself
//                                                                      help: choose another key, such as one with your own domain before the `/`
    event_source: #{ annotations: #{ "events.argoproj.io/x": "a" } },
//                                   ^^^^^^^^^^^^^^^^^^^^^^ error[bad-value]: `event_source.annotations`: Argo Events sets `events.argoproj.io/x` itself
//                                   help: choose another key, such as one with your own domain before the `/`
});
"#,
        );
    }
}
