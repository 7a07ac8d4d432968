//! What CloudFormation or IAM would not take.

use super::Stack;
use super::policy::{self, MANAGED, MANAGED_PER_ROLE, Split, Statement};
use super::roles::{self, Role};
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::sizes::{Shares, Size, bytes, grouped};
use crate::emit::tree::Node;
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
        let mut problems: Vec<Diagnostic> =
            self.roles.iter().flat_map(|(split, role)| role_problems(pipeline, split, role)).collect();
        // Where a role has too many policies, the stack is too large for the same reason.
        if problems.is_empty() {
            problems.extend(self.stack_problems(pipeline));
        }
        problems
    }

    fn stack_problems(&self, pipeline: &Pipeline) -> Vec<Diagnostic> {
        let entries = |part: &str| self.template.get(part).map_or(&[][..], Node::entries);
        let (resources, outputs) = (entries("Resources"), entries("Outputs"));
        let size = |count: usize, unit: &'static str, limit: usize| Size {
            what: "the pipeline's CloudFormation template".into(),
            count,
            unit,
            limit: ("CloudFormation", limit),
            span: pipeline.name.span,
            help: "split it into several pipelines",
        };
        let of_type = || resources.iter().map(|(_, resource)| (type_of(resource), 1)).collect();
        let arns =
            || self.roles.iter().map(|(_, role)| (format!("the roles of `{}` policies", role.policy), 1)).collect();
        let large = || resources.iter().map(|(name, resource)| (format!("`{name}`"), bytes(resource))).collect();
        let all = [
            size(resources.len(), "resources", RESOURCES).problem(of_type),
            size(outputs.len(), "outputs", OUTPUTS).problem(arns),
            size(self.text.len(), "bytes", BODY).problem(large),
        ];
        all.into_iter().flatten().collect()
    }
}

fn type_of(resource: &Node<'_>) -> String {
    match resource.get("Type") {
        Some(Node::Text(name)) => format!("`{name}`"),
        _ => String::new(),
    }
}

fn role_problems(pipeline: &Pipeline, split: &Split, role: &Role) -> Vec<Diagnostic> {
    let oversize = split.oversize.iter().map(|(size, span)| {
        let (size, limit) = (grouped(*size), grouped(MANAGED));
        let message = format!("a statement has {size} characters with one resource, and an IAM policy takes {limit}");
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
    let size = |of: String, span, help| Size {
        what: format!("the IAM role `{}`, with {of},", role.name),
        count,
        unit: "managed policies",
        limit: ("IAM", MANAGED_PER_ROLE),
        span,
        help,
    };
    let Some(span) = role.permissions else {
        let targets = roles::targets(pipeline);
        let help = "split the pipeline into several, each with fewer accounts and regions";
        let regions = || targets.iter().map(|(account, _)| (format!("the account {account}"), 1)).collect();
        let size = size(format!("{} accounts and regions", targets.len()), pipeline.name.span, help);
        return size.problem(regions).expect("the caller has counted");
    };
    let mut users: Vec<&Statement> = role.statements.iter().filter(|statement| statement.span.is_some()).collect();
    let help = "write fewer statements, or say several resources with one `*`";
    let size = size(format!("{} statements of `permissions`", users.len()), span, help);
    let problem = size.problem(Shares::default).expect("the caller has counted");
    users.sort_by_key(|statement| std::cmp::Reverse(policy::characters(statement)));
    let largest = users.into_iter().take(3).filter_map(|statement| Some((statement, statement.span?)));
    largest.fold(problem, |problem, (statement, span)| {
        problem.related(span, format!("this statement has {} characters", grouped(policy::characters(statement))))
    })
}
