//! From GitHub to a run: Service, EventSource, Sensors, and the Workflow that each of them makes.

use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{Findings, Index, name, namespace, workflow};
use crate::emit::argo::Objects;
use crate::emit::argo::sensor::{KubernetesTrigger, RunSpec, SensorSpec};
use crate::emit::argo::types::Resource;

/// Looks for what does not fit between GitHub and a run.
pub(super) fn check(index: &Index<'_>, objects: &Objects, found: &mut Findings) {
    service(objects, found);
    let event_source = &objects.event_source;
    let account = &event_source.spec.template.service_account_name;
    index.has("ServiceAccount", namespace(&event_source.metadata), account, &|| "the EventSource".to_owned(), found);
    for one in &objects.sensors {
        sensor(index, objects, one, found);
    }
}

/// Whether the Service leads to the EventSource.
fn service(objects: &Objects, found: &mut Findings) {
    let spec = objects.service.spec.as_ref();
    let selector = spec.and_then(|spec| spec.selector.as_ref()).and_then(|labels| labels.get("eventsource-name"));
    if selector.map(String::as_str) != Some(name(&objects.event_source.metadata)) {
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
    let who = || format!("the Sensor `{}`", name(&sensor.metadata));
    let namespace = namespace(&sensor.metadata);
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
    let namespace = namespace(&run.metadata);
    let named = run.spec.workflow_template_ref.name.as_str();
    let is_named = |metadata| (super::namespace(metadata), name(metadata)) == (namespace, named);
    let Some(workflow) = index.workflows.iter().find(|workflow| is_named(&workflow.metadata)) else {
        found.add(named, format!("{} starts the WorkflowTemplate `{named}` in `{namespace}`", who()));
        return;
    };
    let (given, asked) = (&run.spec.arguments.parameters, &workflow.spec.arguments.parameters);
    workflow::handed_over(given, asked, who, format_args!("`{named}`"), found);
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
