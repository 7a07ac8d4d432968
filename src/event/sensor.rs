//! A Sensor: its filters, and the run that it starts where they hold.

use serde_json::Value;

use super::filter::{Filter, Look};
use super::gjson::Path;
use super::{Delivery, Error, Judgement, Origin, Parameter, Run, known, raw, unsupported};

/// A Sensor with one dependency and one trigger, and what the WorkflowTemplate of its runs adds.
#[derive(Debug)]
pub struct Sensor {
    name: String,
    trigger: String,
    filters: Vec<Filter>,
    run: Planned,
}

/// A run before there is a delivery.
#[derive(Debug)]
struct Planned {
    namespace: String,
    prefix: String,
    workflow_template: String,
    /// The names of the parameters and the paths that lead to their values.
    taken: Vec<(String, String, Path)>,
    /// Those that are the same in every run.
    given: Vec<Parameter>,
}

impl Sensor {
    /// Reads a Sensor as JSON. `templates`: each WorkflowTemplate that its runs may be of.
    ///
    /// # Errors
    /// Where something in it is not of the forms that are known here.
    pub fn read(sensor: &Value, templates: &[&Value]) -> Result<Self, Error> {
        let raw::Object { metadata, spec } = known::<raw::Object<raw::Sensor>>("Sensor", sensor)?;
        let (Ok([dependency]), Ok([trigger])) =
            (<[_; 1]>::try_from(spec.dependencies), <[_; 1]>::try_from(spec.triggers))
        else {
            return unsupported("a Sensor with more than one dependency or trigger");
        };
        let raw::TriggerTemplate { name: trigger, conditions, k8s } = trigger.template;
        if conditions != dependency.name {
            return unsupported(format!("the conditions `{conditions}` of a trigger"));
        }
        let filters = dependency.filters.data.into_iter().map(Filter::read).collect::<Result<_, _>>()?;
        let run = Planned::read(&metadata.name, &dependency.name, k8s, templates)?;
        Ok(Self { name: metadata.name, trigger, filters, run })
    }

    /// What it makes of a delivery.
    ///
    /// # Errors
    /// Where it would take too long to tell, or a parameter leads nowhere.
    pub fn judge(&self, delivery: &Delivery) -> Result<Judgement, Error> {
        let Self { name, trigger, filters, run } = self;
        let looks = filters.iter().map(|filter| filter.look(&delivery.data, &delivery.work));
        let filters: Vec<Look> = looks.collect::<Result<_, _>>()?;
        let starts = filters.iter().all(|look| look.holds);
        let run = if starts { Some(run.with(&delivery.data)?) } else { None };
        Ok(Judgement { sensor: name.clone(), trigger: trigger.clone(), filters, run })
    }
}

impl Planned {
    fn read(sensor: &str, dependency: &str, k8s: raw::Kubernetes, templates: &[&Value]) -> Result<Self, Error> {
        let raw::Kubernetes { operation, source, parameters } = k8s;
        let raw::Resource { kind, metadata, spec, .. } = source.resource;
        if operation != "create" || kind != "Workflow" {
            return unsupported(format!("a trigger that is to {operation} a {kind}"));
        }
        let mut own = arguments(spec.arguments, &Origin::Sensor(sensor.to_owned()))?;
        let workflow_template = spec.workflow_template_ref.name;
        let mut taken = Vec::new();
        for parameter in parameters {
            let raw::TriggerParameter { src: raw::Origin { dependency_name, data_key }, dest } = parameter;
            let (Some(path), Some(index)) = (Path::parse(&data_key), index(&dest)) else {
                return unsupported(format!("the parameter from `{data_key}` to `{dest}`"));
            };
            if dependency_name != dependency || index >= own.len() {
                return unsupported(format!("the parameter from `{dependency_name}` to `{dest}`"));
            }
            taken.push((own[index].name.clone(), data_key, path));
        }
        own.retain(|parameter| !taken.iter().any(|(name, ..)| *name == parameter.name));
        for parameter in defaults(&workflow_template, templates)? {
            let is = |name: &str| name == parameter.name;
            if !own.iter().any(|own| is(&own.name)) && !taken.iter().any(|(name, ..)| is(name)) {
                own.push(parameter);
            }
        }
        let raw::Metadata { name: _, generate_name: prefix, namespace } = metadata;
        Ok(Self { namespace, prefix, workflow_template, taken, given: own })
    }

    /// The run of a delivery. A path that leads nowhere keeps the trigger from starting anything.
    fn with(&self, event: &Value) -> Result<Run, Error> {
        let Self { namespace, prefix, workflow_template, taken, given } = self;
        let mut parameters = Vec::with_capacity(taken.len() + given.len());
        for (name, spelled, path) in taken {
            let Some(found) = path.get(event) else {
                return unsupported(format!("the payload has no `{spelled}`, which the run needs as `{name}`"));
            };
            let value = match &*found {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            parameters.push(Parameter { name: name.clone(), value, from: Origin::Event(spelled.clone()) });
        }
        parameters.extend(given.iter().cloned());
        Ok(Run {
            namespace: namespace.clone(),
            prefix: prefix.clone(),
            workflow_template: workflow_template.clone(),
            parameters,
        })
    }
}

/// The position in `spec.arguments.parameters` that a destination names.
fn index(destination: &str) -> Option<usize> {
    let position = destination.strip_prefix("spec.arguments.parameters.")?.strip_suffix(".value")?;
    position.parse().ok()
}

/// The parameters that have a value there.
fn arguments(arguments: raw::Arguments, from: &Origin) -> Result<Vec<Parameter>, Error> {
    let parameter = |argument: raw::Argument| {
        let raw::Argument { name, value } = argument;
        match value {
            Some(Value::String(value)) => Some(Ok(Parameter { name, value, from: from.clone() })),
            Some(other) => Some(unsupported(format!("the value {other} of the parameter `{name}`"))),
            None => None,
        }
    };
    arguments.parameters.into_iter().filter_map(parameter).collect()
}

/// What every run of a WorkflowTemplate gets, where it is among `templates`.
fn defaults(name: &str, templates: &[&Value]) -> Result<Vec<Parameter>, Error> {
    let Some(template) = templates.iter().find(|template| template["metadata"]["name"] == name) else {
        return Ok(Vec::new());
    };
    let raw::Object { spec, .. } = known::<raw::Object<raw::Workflow>>("WorkflowTemplate", template)?;
    arguments(spec.arguments, &Origin::WorkflowTemplate(name.to_owned()))
}
