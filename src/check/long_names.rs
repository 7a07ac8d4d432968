//! Names that are made from a pipeline's and that no key changes fit where they go.

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};

/// Reports a pipeline whose name makes other names too long: one problem, at the name.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for (pipeline, _) in context.pipelines() {
        let long = pipeline.derived_names().into_iter().filter_map(|(what, name, limit)| {
            let length = name.chars().count();
            (length > limit).then(|| format!("{what} `{name}` has {length} characters, at most {limit} are allowed"))
        });
        let long: Vec<String> = long.collect();
        if !long.is_empty() {
            let message = format!("the name makes other names too long: {}", long.join("; "));
            let help = "choose a shorter name: these have no key of their own";
            sink.push(Diagnostic::new(Code::NameTooLong, pipeline.name.span, message).help(help));
        }
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
}
