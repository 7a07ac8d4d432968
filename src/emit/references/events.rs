//! From GitHub to a run: Service, EventSource, Sensors, and the Workflow that each of them makes.

use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Findings, Index};
use crate::emit::argo::Objects;
use crate::emit::argo::sensor::{KubernetesTrigger, RunSpec, SensorSpec};
use crate::emit::argo::types::Resource;

/// Looks for what does not fit between GitHub and a run.
pub(super) fn check(index: &Index<'_>, objects: &Objects, found: &mut Findings) {
    service(objects, found);
    let event_source = &objects.event_source;
    let namespace = event_source.metadata.namespace.as_deref().unwrap_or_default();
    let account = &event_source.spec.template.service_account_name;
    index.has("ServiceAccount", namespace, account, &|| "the EventSource".to_owned(), found);
    for one in &objects.sensors {
        sensor(index, objects, one, found);
    }
}

/// Whether the Service leads to the EventSource.
fn service(objects: &Objects, found: &mut Findings) {
    let name = objects.event_source.metadata.name.as_deref().unwrap_or_default();
    let spec = objects.service.spec.as_ref();
    let selector = spec.and_then(|spec| spec.selector.as_ref()).and_then(|labels| labels.get("eventsource-name"));
    if selector.map(String::as_str) != Some(name) {
        let selected = selector.map_or("", String::as_str);
        found.add(selected, format!("the Service selects the EventSource `{selected}`"));
    }
    let mut listening = objects.event_source.spec.github.values().map(|github| github.webhook.port.as_str());
    let ports = spec.and_then(|spec| spec.ports.as_ref()).into_iter().flatten();
    for target in ports.filter_map(|port| port.target_port.as_ref()) {
        let text = match target {
            IntOrString::Int(port) => port.to_string(),
            IntOrString::String(port) => port.clone(),
        };
        if !listening.any(|port| port == text) {
            found.add(&text, format!("the Service sends to the port {text} of the EventSource"));
        }
    }
}

fn sensor(index: &Index<'_>, objects: &Objects, sensor: &Resource<SensorSpec>, found: &mut Findings) {
    let name = sensor.metadata.name.as_deref().unwrap_or_default();
    let who = || format!("the Sensor `{name}`");
    let namespace = sensor.metadata.namespace.as_deref().unwrap_or_default();
    index.has("ServiceAccount", namespace, &sensor.spec.template.service_account_name, &who, found);
    for dependency in &sensor.spec.dependencies {
        index.has("EventSource", namespace, &dependency.event_source_name, &who, found);
        if !objects.event_source.spec.github.contains_key(&dependency.event_name) {
            found.add(&dependency.event_name, format!("{} waits for the event `{}`", who(), dependency.event_name));
        }
    }
    let knows = |name: &str| sensor.spec.dependencies.iter().any(|dependency| dependency.name == name);
    for trigger in &sensor.spec.triggers {
        let template = &trigger.template;
        if !knows(template.conditions) {
            found.add(template.conditions, format!("{} waits for the dependency `{}`", who(), template.conditions));
        }
        for origin in template.k8s.parameters.iter().map(|parameter| &parameter.src) {
            if !knows(origin.dependency_name) {
                let words = format!("{} takes a value from the dependency `{}`", who(), origin.dependency_name);
                found.add(origin.dependency_name, words);
            }
        }
        run(index, &template.k8s, &who, found);
    }
}

/// Whether there is the WorkflowTemplate that a Sensor starts, and gets what it must be given.
fn run(index: &Index<'_>, trigger: &KubernetesTrigger, who: &dyn Fn() -> String, found: &mut Findings) {
    let run = &trigger.source.resource;
    let namespace = run.metadata.namespace.as_deref().unwrap_or_default();
    let named = run.spec.workflow_template_ref.name.as_str();
    let is_named = |metadata: &k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta| {
        metadata.name.as_deref() == Some(named) && metadata.namespace.as_deref() == Some(namespace)
    };
    let Some(workflow) = index.workflows.iter().find(|workflow| is_named(&workflow.metadata)) else {
        found.add(named, format!("{} starts the WorkflowTemplate `{named}` in `{namespace}`", who()));
        return;
    };
    let (given, asked) = (&run.spec.arguments.parameters, &workflow.spec.arguments.parameters);
    for parameter in given.iter().filter(|given| asked.iter().all(|asked| asked.name != given.name)) {
        found.add(&parameter.name, format!("{} gives the parameter `{}` to `{named}`", who(), parameter.name));
    }
    let open = asked.iter().filter(|asked| asked.value.is_none() && asked.default.is_none());
    for parameter in open.filter(|asked| given.iter().all(|given| given.name != asked.name)) {
        found.add(&parameter.name, format!("{} gets the parameter `{}` of `{named}` from", who(), parameter.name));
    }
    for dest in trigger.parameters.iter().map(|parameter| parameter.dest).filter(|dest| !leads(dest, run)) {
        found.add(dest, format!("{} puts a value into `{dest}` of its Workflow", who()));
    }
}

/// Whether a path of a Sensor leads to the value of a parameter. Argo Events would add to a list where it does not.
fn leads(dest: &str, run: &Resource<RunSpec>) -> bool {
    let position = dest.strip_prefix("spec.arguments.parameters.").and_then(|rest| rest.strip_suffix(".value"));
    let position = position.and_then(|text| text.parse::<usize>().ok());
    position.is_some_and(|position| position < run.spec.arguments.parameters.len())
}
