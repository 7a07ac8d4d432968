//! Permissions name what they are about.

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{Effect, Statement};
use crate::source::{Span, Spanned};

/// Warns of a `"*"` alone among what may be done or on what.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let pipelines = context.project.pipelines.iter().map(|pipeline| &pipeline.permissions.node);
    let tests = context.records.environments.iter().filter_map(|environment| environment.tests.node.as_ref());
    let steps = context.records.steps.iter().map(|step| &step.permissions.node);
    let all = pipelines.chain(tests.map(|tests| &tests.permissions.node)).chain(steps);
    for statement in all.flatten().filter(|statement| statement.effect.node == Effect::Allow) {
        broad(statement, sink);
    }
}

fn broad(statement: &Spanned<Statement>, sink: &mut Sink) {
    let warn = |span: Span, what: &str, help: &str| {
        Diagnostic::new(Code::BroadPermission, span, format!("`\"*\"` allows {what}")).help(help)
    };
    for action in statement.actions.iter().filter(|action| action.as_str() == "*") {
        let help = "name the actions, as in `\"s3:GetObject\"`";
        sink.push(warn(action.span, "every action of every service", help));
    }
    for resource in statement.resources.iter().filter(|resource| resource.as_str() == "*") {
        let help = "name the ARNs, as in `\"arn:aws:s3:::bucket/*\"`, where the action knows resources";
        sink.push(warn(resource.span, "this on everything in the account", help));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::holds;

    #[test]
    fn a_star_alone_is_a_warning_unless_it_denies() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("app", base + #{ stages: [dev], permissions: [
    #{ actions: ["*"], resources: ["arn:aws:s3:::a/*"] },
//               ^^^ warning[broad-permission]: `"*"` allows every action of every service
//               help: name the actions, as in `"s3:GetObject"`
    #{ actions: ["s3:*"], resources: ["*"] },
//                                    ^^^ warning[broad-permission]: `"*"` allows this on everything in the account
//                                    help: name the ARNs, as in `"arn:aws:s3:::bucket/*"`, where the action knows resources
    #{ actions: ["*"], resources: ["*"], effect: "Deny" },
] });
"#,
        );
    }

    #[test]
    fn tests_and_steps_are_held_to_it_too() {
        holds(
            r#"
let all = [#{ actions: ["s3:*"], resources: ["*"] }];
//                                           ^^^ warning[broad-permission]: `"*"` allows this on everything in the account
//                                           help: name the ARNs, as in `"arn:aws:s3:::bucket/*"`, where the action knows resources
let every = [#{ actions: ["*"], resources: ["arn:aws:s3:::a/*"] }];
//                        ^^^ warning[broad-permission]: `"*"` allows every action of every service
//                        help: name the actions, as in `"s3:GetObject"`
let scan = step("scan", #{ image: "a/b:1", commands: ["x"], permissions: all });
let dev = environment("dev", aws + #{ stacks: [stack("A")], tests: #{ commands: ["x"], permissions: every } });
pipeline("app", base + #{ stages: [scan, dev] });
"#,
        );
    }
}
