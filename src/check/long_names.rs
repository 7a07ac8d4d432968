//! Names that are made from others and that no key changes fit where they go.

use indexmap::IndexMap;

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{Purpose, Worker};
use crate::source::Span;

/// The most characters of a ServiceAccount and of an IAM role.
const LIMITS: [usize; 2] = [63, 64];

/// Reports names that make other names too long: one problem for each, at the name.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for (pipeline, _) in context.pipelines() {
        let mut names: IndexMap<Span, Vec<_>> = IndexMap::new();
        for (what, name, limit, span) in pipeline.derived_names() {
            names.entry(span).or_default().push((what, name, limit));
        }
        for (span, names) in names {
            let names = names.iter().map(|(what, name, limit)| (*what, name.as_str(), *limit));
            report(span, names, "choose a shorter name: these have no key of their own", sink);
        }
        for worker in pipeline.own_workers() {
            own(&worker, sink);
        }
    }
}

/// The names of one that has permissions of its own.
fn own(worker: &Worker<'_>, sink: &mut Sink) {
    let (span, account, role) = match worker.purpose {
        Purpose::Tests(environment) => {
            (environment.name.span, "the ServiceAccount of its tests", "the IAM role of its tests")
        }
        Purpose::Step(step) => (step.name.span, "its ServiceAccount", "its IAM role"),
        // Theirs are checked as names of the pipeline.
        Purpose::Executor | Purpose::Builder | Purpose::Updater | Purpose::PullRequest => return,
    };
    let account = (account, &*worker.service_account, LIMITS[0]);
    let role = worker.role.as_ref().map(|name| (role, &**name, LIMITS[1]));
    let help =
        "choose a shorter name, here or for the pipeline: these begin with the pipeline's and have no key of their own";
    report(span, std::iter::once(account).chain(role), help, sink);
}

fn report<'a>(span: Span, names: impl Iterator<Item = (&'a str, &'a str, usize)>, help: &str, sink: &mut Sink) {
    let long = names.filter_map(|(what, name, limit)| {
        let length = name.chars().count();
        (length > limit).then(|| format!("{what} `{name}` has {length} characters, at most {limit} are allowed"))
    });
    let long: Vec<String> = long.collect();
    if !long.is_empty() {
        let message = format!("the name makes other names too long: {}", long.join("; "));
        sink.push(Diagnostic::new(Code::NameTooLong, span, message).help(help));
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
    fn a_role_of_its_own_that_comes_out_too_long_is_marked_at_the_environment_s_name() {
        holds(
            r#"
let own = [#{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/*"] }];
let tests = #{ commands: ["x"], permissions: own };
let a = environment("abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrst", aws + #{ stacks: [stack("A")], tests: tests });
let b = environment("abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstu", aws + #{ stacks: [stack("A")], tests: tests });
//                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[name-too-long]: the name makes other names too long: the IAM role of its tests `a-us-east-1-test-abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstu` has 65 characters, at most 64 are allowed
//                  help: choose a shorter name, here or for the pipeline: these begin with the pipeline's and have no key of their own
pipeline("a", base + #{ stages: [a, b] });
"#,
        );
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
