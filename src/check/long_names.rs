//! Names that are made from others and that no key changes fit where they go.

use indexmap::IndexMap;

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::source::Span;

/// Reports names that make other names too long: one problem for each, at the name.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for (pipeline, _) in context.pipelines() {
        let mut long: IndexMap<Span, Vec<String>> = IndexMap::new();
        for (what, name, limit, span) in pipeline.derived_names() {
            let length = name.chars().count();
            if length > limit {
                let text = format!("{what} `{name}` has {length} characters, at most {limit} are allowed");
                long.entry(span).or_default().push(text);
            }
        }
        sink.extend(long.into_iter().map(|(span, long)| {
            let message = format!("the name makes other names too long: {}", long.join("; "));
            let help = "choose a shorter name: these have no key of their own";
            Diagnostic::new(Code::NameTooLong, span, message).help(help)
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::holds;

    /// A pipeline of this name that gives a short name to everything that has a key.
    fn script(name: &str, problem: &str) -> String {
        format!(
            r#"let dev = environment("dev", aws + #{{ stacks: [stack("A")] }});
let names = #{{ workflow_template: "t", event_source: "e", sensor: "s", executor_service_account: "x",
    builder_service_account: "b", executor_role: "x", builder_role: "b", stack: "p" }};
let artifacts = #{{ bucket: "some-bucket" }};
pipeline("{name}", base + #{{ stages: [dev], names: names, artifacts: artifacts }});
{problem}"#
        )
    }

    #[test]
    fn a_role_that_comes_out_too_long_is_marked_at_the_pipeline_s_name() {
        let name = "a".repeat(47);
        let problem = format!(
            "//       {} error[name-too-long]: the name makes other names too long: the updater's IAM role \
             `{name}-us-east-1-updater` has 65 characters, at most 64 are allowed\n//help: x",
            "^".repeat(49)
        );
        let problem = problem.replace("//help: x", "// help: choose a shorter name: these have no key of their own");
        holds(&script(&name, &problem));
        holds(&script(&"a".repeat(46), ""));
    }

    #[test]
    fn a_name_that_was_given_is_marked_where_it_was_given() {
        let (sensor, prefix) = ("s".repeat(60), "w".repeat(56));
        holds(&format!(
            r#"
let dev = environment("dev", aws + #{{ stacks: [stack("A")] }});
let source = #{{ source: github("octo/app", #{{ branch: ["main"], tags: ["v*"] }}) }};
pipeline("app", base + source + #{{ stages: [dev], names: #{{ sensor: "{sensor}" }} }});
//                                                                  {} error[name-too-long]: the name makes other names too long: the Sensor of tags `{sensor}-tag` has 64 characters, at most 63 are allowed; the Sensor of pull requests `{sensor}-pull-request` has 73 characters, at most 63 are allowed
//                                                                  help: choose a shorter name: these have no key of their own
pipeline("web", base + #{{ stages: [dev], names: #{{ workflow_prefix: "{prefix}-" }} }});
//                                                                  {} error[name-too-long]: the name makes other names too long: the workflow prefix of pull requests `{prefix}-pr-` has 60 characters, at most 58 are allowed
//                                                                  help: choose a shorter name: these have no key of their own
"#,
            "^".repeat(62),
            "^".repeat(59)
        ));
    }
}
