//! Secrets and ConfigMaps: whatever a container or the event source reads is something that the user is told to make, or
//! that the output brings; what the user is told to make is read.

use super::{Findings, Index, namespace};
use crate::emit::argo::Objects;
use crate::emit::argo::types::{Body, Resource, WorkflowSpec};

/// Looks for Secrets and ConfigMaps that nobody brings.
pub(super) fn check(index: &Index<'_>, objects: &Objects, found: &mut Findings) {
    for workflow in &index.workflows {
        of_workflow(index, workflow, found);
    }
    let at = namespace(&objects.event_source.metadata);
    for github in objects.event_source.spec.github.values() {
        let read = [github.api_token.as_ref(), Some(&github.webhook_secret)].into_iter().flatten();
        read.for_each(|secret| {
            has(index, at, &secret.name, &secret.key, &|| "the EventSource".to_owned(), found);
        });
    }
    if index.pipeline.secret_store.external().is_some() {
        external(index, objects, found);
    }
}

fn of_workflow(index: &Index<'_>, workflow: &Resource<WorkflowSpec>, found: &mut Findings) {
    let namespace = namespace(&workflow.metadata);
    for template in &workflow.spec.templates {
        let who = || format!("the template `{}`", template.name);
        for secret in template.artifacts().iter().filter_map(|artifact| artifact.git.password_secret.as_ref()) {
            has(index, namespace, &secret.name, &secret.key, &who, found);
        }
        if let Body::Container(container) = &template.body {
            let sources = container.env.iter().flatten().filter_map(|variable| variable.value_from.as_ref());
            for secret in sources.filter_map(|source| source.secret_key_ref.as_ref()) {
                has(index, namespace, &secret.name, &secret.key, &who, found);
            }
        }
        let Body::Dag(dag) = &template.body else { continue };
        let given = dag.tasks.iter().filter_map(|task| task.arguments.as_ref()).flat_map(|given| &given.parameters);
        let read = given.filter_map(|parameter| parameter.value_from.as_ref()?.config_map_key_ref.as_ref());
        read.for_each(|key| index.has("ConfigMap", namespace, &key.name, &who, found));
    }
}

fn has(index: &Index<'_>, namespace: &str, name: &str, key: &str, who: &dyn Fn() -> String, found: &mut Findings) {
    let secrets = index.secrets.iter().find(|((other, secret), _)| *other == namespace && secret == name);
    if !secrets.is_some_and(|(_, keys)| keys.contains_key(key)) {
        found.add(name, format!("{} reads the key `{key}` of the Secret `{name}` in `{namespace}`", who()));
    }
}

/// Whether External Secrets brings every key.
fn external(index: &Index<'_>, objects: &Objects, found: &mut Findings) {
    for ((namespace, name), keys) in &index.secrets {
        let brings = |key: &String| {
            objects.external_secrets.iter().any(|object| {
                super::namespace(&object.metadata) == *namespace
                    && object.spec.target.name == *name
                    && object.spec.data.iter().any(|data| data.secret_key == *key)
            })
        };
        for key in keys.keys().filter(|key| !brings(key)) {
            found.add(
                name,
                format!("the pipeline reads the key `{key}` of the ExternalSecret `{name}` in `{namespace}`"),
            );
        }
    }
}
