//! A step runs some time, and starts in a folder that Argo finds.

use super::scope::{Context, Scope};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{Environment, Pipeline, Rollback, Stage, Step, Trigger};
use crate::source::Span;

/// Reports steps that no run has, and a folder whose name Argo would change.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for step in context.records.steps.iter().filter(|step| step.on.node.as_ref().is_some_and(Vec::is_empty)) {
        let help = "name `\"push\"` or `\"pull_request\"`, or leave the key out for `\"push\"`";
        let message = "`on`: no kind of run is left that has the step";
        sink.push(Diagnostic::new(Code::BadValue, step.on.span, message).help(help));
    }
    for (pipeline, scope) in context.pipelines() {
        for environment in &scope.environments {
            hooks(environment, sink);
        }
        stages(scope, sink);
        powerless(scope, sink);
        directory(pipeline, scope, sink);
    }
}

/// Only a push deploys, and what belongs to an environment runs where it deploys.
fn hooks(environment: &Environment, sink: &mut Sink) {
    let hooks = environment.before.iter().chain(environment.after.iter()).chain(environment.verify.iter());
    let hooks = hooks.map(|step| (&*step.node.0, step.span));
    let rollback = match &environment.rollback.node {
        Some(Rollback::Step(step)) => Some((&**step, environment.rollback.span)),
        Some(Rollback::Redeploy | Rollback::Commands(_)) | None => None,
    };
    for (step, listed) in hooks.chain(rollback).filter(|(step, _)| is_for_pull_requests_alone(step)) {
        let message = format!(
            "`on`: the step `{}` would never run: a pull request does not deploy to `{}`",
            step.name.as_str(),
            environment.name.as_str()
        );
        never(step, message, listed, "add `\"push\"`, or make it a stage before the first environment", sink);
    }
}

/// In pull requests a step has no rights and no secrets, so one that runs there alone never has them.
fn powerless(scope: &Scope<'_>, sink: &mut Sink) {
    for leaf in &scope.leaves {
        let Stage::Step(step) = &leaf.stage.node else { continue };
        let given = [
            ("permissions", step.permissions.is_empty(), step.permissions.span),
            ("secrets", step.secrets.is_empty(), step.secrets.span),
        ];
        for (key, _, span) in given.into_iter().filter(|(_, empty, _)| !empty && is_for_pull_requests_alone(step)) {
            let name = step.name.as_str();
            let message = format!("`{key}`: the step `{name}` runs in pull requests alone, where it gets none");
            let help = "leave the key out, or add `\"push\"` to `on`";
            sink.push(Diagnostic::new(Code::BadValue, span, message).help(help));
        }
    }
}

/// A pull request has the stages before the first environment.
fn stages(scope: &Scope<'_>, sink: &mut Sink) {
    let later = scope.leaves.iter().skip_while(|leaf| !matches!(leaf.stage.node, Stage::Environment(_)));
    for leaf in later {
        let Stage::Step(step) = &leaf.stage.node else { continue };
        if is_for_pull_requests_alone(step) {
            let name = step.name.as_str();
            let message =
                format!("`on`: the step `{name}` would never run: a pull request ends before the first environment");
            never(step, message, leaf.stage.span, "move it before the first environment, or add `\"push\"`", sink);
        }
    }
}

fn is_for_pull_requests_alone(step: &Step) -> bool {
    step.runs_on(Trigger::PullRequest) && !step.runs_on(Trigger::Push)
}

fn never(step: &Step, message: String, listed: Span, help: &str, sink: &mut Sink) {
    let found = Diagnostic::new(Code::BadValue, step.on.span, message).related(listed, "it stands here");
    sink.push(found.help(help));
}

/// A working directory gets to Argo as it is: no reader after it could undo a protection.
fn directory(pipeline: &Pipeline, scope: &Scope<'_>, sink: &mut Sink) {
    let starts_there = |environment: &&std::sync::Arc<Environment>| {
        environment.steps().next().is_some() || matches!(environment.rollback.node, Some(Rollback::Commands(_)))
    };
    let used = scope.leaves.iter().any(|leaf| matches!(leaf.stage.node, Stage::Step(_)))
        || scope.environments.iter().any(starts_there);
    if used && pipeline.directory.as_str().contains("{{") {
        let message = "`directory`: steps start in this folder, and Argo takes `{{` for a placeholder of its own";
        let help = "rename the folder";
        sink.push(Diagnostic::new(Code::BadValue, pipeline.directory.span, message).help(help));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{holds, related};
    use crate::source::MemoryHost;

    #[test]
    fn a_step_runs_in_some_kind_of_run() {
        holds(
            r#"
let none = step("none", #{ image: "a/b:1", commands: ["x"], on: [] });
//                                                              ^^ error[bad-value]: `on`: no kind of run is left that has the step
//                                                              help: name `"push"` or `"pull_request"`, or leave the key out for `"push"`
let early = step("early", #{ image: "a/b:1", commands: ["x"], on: ["pull_request"] });
let late = step("late", #{ image: "a/b:1", commands: ["x"], on: ["pull_request"] });
//                                                              ^^^^^^^^^^^^^^^^ error[bad-value]: `on`: the step `late` would never run: a pull request ends before the first environment
//                                                              help: move it before the first environment, or add `"push"`
let hook = step("hook", #{ image: "a/b:1", commands: ["x"], on: ["pull_request"] });
//                                                              ^^^^^^^^^^^^^^^^ error[bad-value]: `on`: the step `hook` would never run: a pull request does not deploy to `dev`
//                                                              help: add `"push"`, or make it a stage before the first environment
let both = step("both", #{ image: "a/b:1", commands: ["x"], on: ["pull_request", "push"] });
let dev = environment("dev", aws + #{ stacks: [stack("A")], before: [both], verify: hook });
pipeline("app", base + #{ stages: [none, early, dev, late] });
"#,
        );
    }

    #[test]
    fn a_folder_that_argo_would_change_is_refused_where_steps_start_in_it() {
        let script = r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")], rollback: ["x"] });
pipeline("app", base + #{ stages: [dev], directory: "{{a}}" });
"#;
        let found = super::super::testing::run(script, &MemoryHost::new());
        let found: Vec<_> = found.diagnostics.iter().map(|one| one.message.as_str()).collect();
        assert!(found.iter().any(|message| message.starts_with("`directory`: steps start")), "{found:?}");
    }

    #[test]
    fn a_rollback_is_an_environment_s_too() {
        let script = r#"
let undo = step("undo", #{ image: "a/b:1", commands: ["x"], on: ["pull_request"] });
let dev = environment("dev", aws + #{ stacks: [stack("A")], rollback: undo });
pipeline("app", base + #{ stages: [dev] });
"#;
        assert_eq!(related(script), ["undo: it stands here"]);
    }
}
