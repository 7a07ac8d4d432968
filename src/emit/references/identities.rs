//! Who is who: bindings, the names in Kubernetes Roles, and the IAM role of each ServiceAccount.

use k8s_openapi::api::rbac::v1::{PolicyRule, RoleBinding};

use super::{Findings, Index, name, namespace};
use crate::emit::Bundle;
use crate::emit::argo::rbac::Object;

/// The annotation by which EKS gives a ServiceAccount its role.
const ROLE: &str = "eks.amazonaws.com/role-arn";

/// The kinds of the resources that Roles name one by one.
const KINDS: [(&str, &str); 5] = [
    ("workflowtemplates", "WorkflowTemplate"),
    ("eventsources", "EventSource"),
    ("sensors", "Sensor"),
    ("services", "Service"),
    ("configmaps", "ConfigMap"),
];

/// Looks for identities that are nobody's.
pub(super) fn check(index: &Index<'_>, bundle: &Bundle<'_>, found: &mut Findings) {
    for object in &bundle.objects.rbac {
        match object {
            Object::Binding(binding) => bound(index, binding, found),
            Object::Role(role) => {
                let who = || format!("the Role `{}`", name(&role.metadata));
                let rules = role.rules.iter().flatten();
                rules.for_each(|rule| named(index, namespace(&role.metadata), rule, &who, found));
            }
            Object::Account(account) => {
                let arn = account.metadata.annotations.as_ref().and_then(|annotations| annotations.get(ROLE));
                let name = name(&account.metadata);
                let role = arn.and_then(|arn| arn.rsplit_once(":role/")).map(|(_, role)| role);
                if role.is_some_and(|role| !bundle.stack.has_role(role, name)) {
                    let role = role.unwrap_or_default();
                    found.add(
                        role,
                        format!("the ServiceAccount `{name}` becomes the IAM role `{role}`, which trusts it"),
                    );
                }
            }
        }
    }
    for (role, account) in bundle.stack.trusted() {
        let namespace = index.pipeline.argo.namespace.as_str();
        index.has("ServiceAccount", namespace, account, &|| format!("the IAM role `{role}`"), found);
    }
}

fn bound(index: &Index<'_>, binding: &RoleBinding, found: &mut Findings) {
    let who = || format!("the RoleBinding `{}`", name(&binding.metadata));
    index.has("Role", namespace(&binding.metadata), &binding.role_ref.name, &who, found);
    for subject in binding.subjects.iter().flatten() {
        index.has("ServiceAccount", subject.namespace.as_deref().unwrap_or_default(), &subject.name, &who, found);
    }
}

/// Whether the objects that a rule names are there. An object of another pipeline must not be named by mistake.
fn named(index: &Index<'_>, namespace: &str, rule: &PolicyRule, who: &dyn Fn() -> String, found: &mut Findings) {
    let resources = rule.resources.iter().flatten();
    for (_, kind) in resources.filter_map(|resource| KINDS.iter().find(|(plural, _)| plural == resource)) {
        for name in rule.resource_names.iter().flatten() {
            index.has(kind, namespace, name, who, found);
        }
    }
}
