//! Keys that only one kind of identity or of secret store knows.

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{IdentityKind, Names, SecretStore};

/// ServiceAccounts that are somebody else's: every pod that names none runs as the first, and Argo's own pods as the others.
const TAKEN: &[&str] = &["default", "argo", "argo-server", "argo-events-sa", "argo-events-webhook-sa"];

/// Reports names of ServiceAccounts that would be taken over.
fn accounts(names: &Names, sink: &mut Sink) {
    let given = [
        ("executor_service_account", names.executor_service_account.as_str(), names.executor_service_account.span),
        ("builder_service_account", names.builder_service_account.as_str(), names.builder_service_account.span),
        ("sensor", names.sensor.as_str(), names.sensor.span),
        ("event_source", names.event_source.as_str(), names.event_source.span),
    ];
    for (key, name, span) in given.into_iter().filter(|(_, name, _)| TAKEN.contains(name)) {
        let message =
            format!("`names.{key}`: the ServiceAccount `{name}` is not this pipeline's: other pods run as it too");
        let help = "choose a name that only this pipeline has";
        sink.push(Diagnostic::new(Code::BadValue, span, message).help(help));
    }
}

/// Reports `explicit_variables` with Pod Identity, and the `kind` of a store that is none.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for (pipeline, _) in context.pipelines() {
        accounts(&pipeline.names, sink);
        let (identity, store) = (&pipeline.identity, &pipeline.secret_store);
        if identity.kind.node == IdentityKind::PodIdentity && identity.explicit_variables.node {
            let message = "`identity.explicit_variables`: with `\"pod_identity\"` there is no token in a file, and the \
                           variables would keep a container from its role";
            let found = Diagnostic::new(Code::BadValue, identity.explicit_variables.span, message);
            let found = found.related(identity.kind.span, "the kind is chosen here");
            sink.push(found.help("leave it out: the agent on the node sets what a container needs"));
        }
        if store.kind.node.is_some() && store.external().is_none() {
            let name = SecretStore::KUBERNETES;
            let message = format!("`secret_store.kind`: `\"{name}\"` means Secrets that exist already, and no store");
            let help = "add the store's `name`, or leave `kind` out";
            sink.push(Diagnostic::new(Code::BadValue, store.kind.span, message).help(help));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::holds;

    #[test]
    fn service_accounts_of_others_are_not_taken_over() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("app", base + #{ stages: [dev], names: #{ executor_service_account: "default" } });
//                                                                           ^^^^^^^^^ error[bad-value]: `names.executor_service_account`: the ServiceAccount `default` is not this pipeline's: other pods run as it too
//                                                                           help: choose a name that only this pipeline has
"#,
        );
    }

    #[test]
    fn variables_of_irsa_are_an_error_with_pod_identity() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("app", base + #{ stages: [dev], identity: #{ kind: "pod_identity", explicit_variables: true } });
//                                                                                              ^^^^ error[bad-value]: `identity.explicit_variables`: with `"pod_identity"` there is no token in a file, and the variables would keep a container from its role
//                                                                                              help: leave it out: the agent on the node sets what a container needs
pipeline("b", base + #{ stages: [dev], identity: #{ kind: "pod_identity", explicit_variables: false } });
pipeline("c", base + #{ stages: [dev], identity: #{ explicit_variables: true } });
"#,
        );
    }

    #[test]
    fn a_kind_without_a_store_is_an_error() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("a", base + #{ stages: [dev], secret_store: #{ kind: "SecretStore" } });
//                                                            ^^^^^^^^^^^^^ error[bad-value]: `secret_store.kind`: `"kubernetes"` means Secrets that exist already, and no store
//                                                            help: add the store's `name`, or leave `kind` out
pipeline("b", base + #{ stages: [dev], secret_store: #{ name: "kubernetes", kind: "ClusterSecretStore" } });
//                                                                                ^^^^^^^^^^^^^^^^^^^^ error[bad-value]: `secret_store.kind`: `"kubernetes"` means Secrets that exist already, and no store
//                                                                                help: add the store's `name`, or leave `kind` out
pipeline("c", base + #{ stages: [dev], secret_store: #{ name: "aws", kind: "SecretStore" } });
pipeline("d", base + #{ stages: [dev], secret_store: "kubernetes" });
"#,
        );
    }
}
