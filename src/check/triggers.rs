//! A source says what triggers it, and a webhook's address can be added to.

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};

/// Reports a source that nothing triggers, and an address that a path cannot follow.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for source in &context.records.sources {
        if source.branches().is_empty() && source.tags.is_empty() {
            let message = "`branch`: no branch and no tag is left that would start a run";
            let help = "name a branch, or leave the key out for `main`";
            sink.push(Diagnostic::new(Code::BadValue, source.branch.span, message).help(help));
        }
    }
    for (pipeline, _) in context.pipelines() {
        let Some(url) = &pipeline.event_source.url.node else { continue };
        if let Some(wrong) = url.as_str().chars().find(|c| ['?', '#'].contains(c)) {
            let path = pipeline.webhook_path();
            let message =
                format!("`event_source.url`: `{path}` is added to the address, which cannot stand after {wrong:?}");
            let help = "end the address before it";
            sink.push(Diagnostic::new(Code::BadValue, pipeline.event_source.url.span, message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::holds;

    #[test]
    fn something_starts_a_run() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("app", base + #{ stages: [dev], source: github("octo/app", #{ branch: [] }) });
//                                                                             ^^ error[bad-value]: `branch`: no branch and no tag is left that would start a run
//                                                                             help: name a branch, or leave the key out for `main`
pipeline("fine", base + #{ stages: [dev] });
"#,
        );
    }

    #[test]
    fn a_webhook_s_address_ends_before_a_query() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("app", base + #{ stages: [dev], event_source: #{ url: "https://hooks.example.com/in?team=a" } });
//                                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[bad-value]: `event_source.url`: `/app/push` is added to the address, which cannot stand after '?'
//                                                             help: end the address before it
pipeline("fine", base + #{ stages: [dev], event_source: #{ url: "https://hooks.example.com/in" } });
"#,
        );
    }
}
