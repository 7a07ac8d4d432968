//! What CloudFormation or IAM would not take.

use super::Stack;
use super::policy::{self, MANAGED, MANAGED_PER_ROLE};
use super::roles::{self, Role};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Pipeline;

/// The most outputs of a stack.
const OUTPUTS: usize = 200;
/// The most resources of a stack.
const RESOURCES: usize = 500;
/// The largest template, in bytes, also from S3.
const BODY: usize = 1_000_000;

impl Stack<'_> {
    /// What is too large for its taker.
    pub(in crate::emit) fn problems(&self, pipeline: &Pipeline) -> Vec<Diagnostic> {
        let mut problems: Vec<Diagnostic> = self.roles.iter().flat_map(|role| role_problems(pipeline, role)).collect();
        // Where a role has too many policies, the stack is too large for the same reason.
        if problems.is_empty() {
            let count = |part: &str| self.template.get(part).map_or(0, |part| part.entries().len());
            problems.extend(stack_problem(pipeline, count("Resources"), RESOURCES, "resources"));
            problems.extend(stack_problem(pipeline, count("Outputs"), OUTPUTS, "outputs"));
            problems.extend(stack_problem(pipeline, self.text.len(), BODY, "bytes"));
        }
        problems
    }
}

fn role_problems(pipeline: &Pipeline, role: &Role) -> Vec<Diagnostic> {
    let split = policy::split(&role.statements, pipeline.region.partition());
    let oversize = split.oversize.iter().map(|(size, span)| {
        let message = format!("a statement has {size} characters with one resource, and an IAM policy takes {MANAGED}");
        let span = span.unwrap_or(pipeline.name.span);
        Diagnostic::new(Code::TooLarge, span, message).help("split it into several statements with fewer actions each")
    });
    let mut problems: Vec<Diagnostic> = oversize.collect();
    if split.managed.len() > MANAGED_PER_ROLE {
        problems.push(too_many_policies(pipeline, role, split.managed.len()));
    }
    problems
}

/// Only the executor grows with the targets, and all others with the user's statements.
fn too_many_policies(pipeline: &Pipeline, role: &Role, count: usize) -> Diagnostic {
    let (what, span, help) = if let Some(span) = role.permissions {
        let users = role.statements.iter().filter(|statement| statement.span.is_some()).count();
        let what = format!("{users} statements of `permissions`");
        (what, span, "write fewer, or say several resources with one `*`")
    } else {
        let what = format!("{} accounts and regions", roles::targets(pipeline).len());
        (what, pipeline.name.span, "split it into several pipelines, each with fewer accounts and regions")
    };
    let message = format!(
        "{what} take {count} managed policies of the IAM role `{}`, which may have {MANAGED_PER_ROLE}",
        role.name
    );
    Diagnostic::new(Code::TooLarge, span, message).help(help)
}

fn stack_problem(pipeline: &Pipeline, count: usize, limit: usize, unit: &str) -> Option<Diagnostic> {
    let message =
        format!("the pipeline's CloudFormation template has {count} {unit}, and CloudFormation takes {limit}");
    let problem = Diagnostic::new(Code::TooLarge, pipeline.name.span, message);
    (count > limit).then(|| problem.help("split it into several pipelines"))
}
