//! The CloudFormation template in itself, and what it promises.

use super::{Findings, Index, Names};
use crate::emit::cloudformation::Stack;
use crate::emit::tree::Node;

/// What the stack of a cluster exports, behind its prefix.
const EXPORTS: [&str; 4] = ["ClusterName", "OIDCProviderArn", "KubectlRoleArn", "ClusterSecurityGroupId"];

/// The outputs that every stack has.
const OUTPUTS: [&str; 8] = [
    "ArtifactBucketName",
    "WorkflowExecutionRoleArn",
    "BuilderRoleArn",
    "WorkflowTemplateName",
    "WebhookUrl",
    "ClusterName",
    "KubectlRoleArn",
    "ClusterSecurityGroupId",
];

/// Looks for what does not fit in the template.
pub(super) fn check(index: &Index<'_>, stack: &Stack<'_>, found: &mut Findings) {
    let template = stack.template();
    let keys = |part: &str| template.get(part).map_or(&[][..], Node::entries).iter().map(|(name, _)| &**name);
    let resources: Names<'_> = keys("Resources").collect();
    let outputs: Names<'_> = keys("Outputs").collect();
    for output in OUTPUTS.iter().filter(|output| !outputs.contains(*output)) {
        found.add(output, format!("the stack promises the output `{output}`"));
    }
    let exports = EXPORTS.map(|export| format!("{}{export}", index.pipeline.cluster.export_prefix.as_str()));
    let exports = exports.iter().map(String::as_str).collect();
    walk(template, &Known { resources, exports }, found);
}

/// What an expression may name.
struct Known<'a> {
    resources: Names<'a>,
    exports: Names<'a>,
}

fn walk(node: &Node<'_>, known: &Known<'_>, found: &mut Findings) {
    match node {
        Node::List(items) => items.iter().for_each(|item| walk(item, known, found)),
        Node::Map(entries) => {
            for (key, value) in entries {
                expression(key, value, known, found);
                walk(value, known, found);
            }
        }
        Node::Bool(_) | Node::Int(_) | Node::Text(_) | Node::Json(_) => {}
    }
}

fn expression(function: &str, value: &Node<'_>, known: &Known<'_>, found: &mut Findings) {
    match (function, value) {
        ("Ref", Node::Text(name)) => known.resource(name, found),
        ("Fn::GetAtt", Node::List(parts)) => {
            if let Some(Node::Text(name)) = parts.first() {
                known.resource(name, found);
            }
        }
        ("Fn::ImportValue", Node::Text(name)) if !known.exports.contains(&**name) => {
            found.add(name, format!("the stack imports `{name}` from the cluster"));
        }
        ("Fn::Sub", Node::Text(text)) => variables(text, &[], known, found),
        ("Fn::Sub", Node::List(parts)) => {
            if let [Node::Text(text), variables_of] = &parts[..] {
                let own: Vec<&str> = variables_of.entries().iter().map(|(name, _)| &**name).collect();
                variables(text, &own, known, found);
            }
        }
        _ => {}
    }
}

/// Looks at every `${…}` of a text; `${!` is not one.
fn variables(text: &str, own: &[&str], known: &Known<'_>, found: &mut Findings) {
    let inside = text.split('$').skip(1).filter_map(|part| part.strip_prefix('{'));
    for part in inside.filter(|part| !part.starts_with('!')) {
        let name = part.split('}').next().unwrap_or_default();
        if !own.contains(&name) {
            known.resource(name.split('.').next().unwrap_or_default(), found);
        }
    }
}

impl Known<'_> {
    /// Adds a finding unless there is a resource of that name; CloudFormation's own names start with `AWS::`.
    fn resource(&self, name: &str, found: &mut Findings) {
        if !name.starts_with("AWS::") && !self.resources.contains(name) {
            found.add(name, format!("the stack refers to its resource `{name}`"));
        }
    }
}
