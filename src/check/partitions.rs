//! A pipeline and all that it deploys to are in one AWS partition.

use std::sync::Arc;

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{Pipeline, Statement};
use crate::source::{Span, Spanned};

/// Reports regions and ARNs of another partition than the pipeline's region.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for (pipeline, scope) in context.pipelines() {
        let partition = pipeline.region.partition();
        for environment in &scope.environments {
            if environment.region.partition() != partition {
                sink.push(region(pipeline, &environment.region));
            }
            if let Some(tests) = &environment.tests.node {
                statements(pipeline, &tests.permissions, sink);
            }
        }
        if let Some(boundary) = &pipeline.permissions_boundary.node {
            arn(pipeline, boundary.as_str(), pipeline.permissions_boundary.span, sink);
        }
        statements(pipeline, &pipeline.permissions, sink);
        for step in pipeline.steps() {
            statements(pipeline, &step.permissions, sink);
        }
    }
}

fn region(pipeline: &Arc<Pipeline>, region: &Spanned<crate::model::Region>) -> Diagnostic {
    let (own, other) = (pipeline.region.partition().id(), region.partition().id());
    let message = format!("the region `{}` is in the partition `{other}`, and the pipeline is in `{own}`", region.node);
    Diagnostic::new(Code::MixedPartitions, region.span, message)
        .related(pipeline.region.span, format!("`{}` runs here", pipeline.name.as_str()))
        .help("roles do not reach from one partition into another: give each a pipeline of its own")
}

fn statements(pipeline: &Arc<Pipeline>, statements: &[Spanned<Statement>], sink: &mut Sink) {
    for resource in statements.iter().flat_map(|statement| statement.resources.iter()) {
        arn(pipeline, resource.as_str(), resource.span, sink);
    }
}

/// Reports an ARN that can name nothing in the pipeline's partition; one with a wildcard there can.
fn arn(pipeline: &Arc<Pipeline>, arn: &str, span: Span, sink: &mut Sink) {
    let own = pipeline.region.partition().id();
    let Some(partition) = arn.strip_prefix("arn:").and_then(|rest| rest.split(':').next()) else { return };
    let literal = partition.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if !literal || partition == own {
        return;
    }
    let message = format!("this ARN is in the partition `{partition}`, and the pipeline is in `{own}`");
    let found = Diagnostic::new(Code::MixedPartitions, span, message)
        .related(pipeline.region.span, format!("`{}` runs here", pipeline.name.as_str()));
    sink.push(found.help(format!("start it with `arn:{own}:`")));
}

#[cfg(test)]
mod tests {
    use super::super::testing::holds;

    #[test]
    fn an_environment_of_another_partition_is_marked_at_its_region() {
        holds(
            r#"
let a = stack("A");
let dev = environment("dev", aws + #{ stacks: [a] });
let china = environment("china", #{ account: "111111111111", region: "cn-north-1", stacks: [a] });
//                                                                   ^^^^^^^^^^^^ error[mixed-partitions]: the region `cn-north-1` is in the partition `aws-cn`, and the pipeline is in `aws`
//                                                                   help: roles do not reach from one partition into another: give each a pipeline of its own
pipeline("app", base + #{ stages: [dev, china] });
pipeline("cn", base + #{ region: "cn-northwest-1", stages: [china] });
"#,
        );
    }

    #[test]
    fn an_arn_is_of_the_pipeline_s_partition() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("app", base + #{ stages: [dev],
    permissions_boundary: "arn:aws-us-gov:iam::111111111111:policy/limit",
//                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[mixed-partitions]: this ARN is in the partition `aws-us-gov`, and the pipeline is in `aws`
//                        help: start it with `arn:aws:`
    permissions: [#{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/*", "arn:*:s3:::b/*", "arn:aws-cn:s3:::c"] }],
//                                                                                                ^^^^^^^^^^^^^^^^^^^ error[mixed-partitions]: this ARN is in the partition `aws-cn`, and the pipeline is in `aws`
//                                                                                                help: start it with `arn:aws:`
});
"#,
        );
    }
}
