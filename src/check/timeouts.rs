//! A run lasts longer than its approvals together.

use super::scope::{Context, Scope};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{Gate, Pipeline, Stage};
use crate::source::Span;

/// How many approvals a problem shows.
const SHOWN: usize = 5;

/// Reports a pipeline's `timeout` that may end before its approvals do.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for (pipeline, scope) in context.pipelines() {
        let Some(timeout) = &pipeline.timeout.node else { continue };
        let waits = waits(scope);
        let together = waits.iter().map(|(seconds, _)| seconds).sum::<i64>();
        if !waits.is_empty() && timeout.seconds() <= together {
            sink.push(describe(pipeline, &waits, together));
        }
    }
}

fn describe(pipeline: &Pipeline, waits: &[(i64, Span)], together: i64) -> Diagnostic {
    let total = written(together);
    let approvals = if waits.len() == 1 { "its approval waits" } else { "its approvals together wait" };
    let message = format!("the run ends before {approvals} as long as they may, which is {total}");
    let message = if waits.len() == 1 { message.replace("they may", "it may") } else { message };
    let help = format!("give it more than `\"{total}\"`, or the approvals a shorter `timeout`");
    let mut found = Diagnostic::new(Code::ShortTimeout, pipeline.timeout.span, message).help(help);
    for (seconds, span) in waits.iter().take(SHOWN) {
        found = found.related(*span, format!("waits up to {}", written(*seconds)));
    }
    found
}

/// How long each approval waits at most, and where it stands.
fn waits(scope: &Scope<'_>) -> Vec<(i64, Span)> {
    let stages = scope.leaves.iter().filter_map(|leaf| match &leaf.stage.node {
        Stage::Approval(approval) => Some((approval.keys.timeout.seconds(), approval.site)),
        Stage::Environment(_) | Stage::Step(_) | Stage::Wave(_) => None,
    });
    let gates = scope.environments.iter().filter_map(|environment| {
        let span = match environment.approval.node.as_ref()? {
            Gate::Ask | Gate::Message(_) => environment.approval.span,
            Gate::Approval(approval) => approval.site,
        };
        Some((environment.gate_task()?.seconds, span))
    });
    stages.chain(gates).collect()
}

/// The length as a script would write it.
fn written(seconds: i64) -> String {
    let units = [(86_400, 'd'), (3_600, 'h'), (60, 'm')];
    let (factor, unit) = units.into_iter().find(|(factor, _)| seconds % factor == 0).unwrap_or((1, 's'));
    format!("{}{unit}", seconds / factor)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{holds, related};

    #[test]
    fn a_run_lasts_longer_than_its_approvals_together() {
        let script = r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
let stages = [approval("Really?"), dev, approval("And?", #{ name: "and", timeout: "90m" })];
pipeline("app", base + #{ stages: stages, timeout: "25h" });
//                                                 ^^^^^ error[short-timeout]: the run ends before its approvals together wait as long as they may, which is 1530m
//                                                 help: give it more than `"1530m"`, or the approvals a shorter `timeout`
pipeline("fine", base + #{ stages: stages, timeout: "26h" });
"#;
        holds(script);
        assert_eq!(related(script), ["approval: waits up to 1d", "approval: waits up to 90m"]);
    }
}
