//! What a rollback needs: the commit of the last run that succeeded in an environment, and a deployment of it.
//!
//! A ConfigMap holds one commit an environment. It is written by the last task of an environment that can be rolled
//! back, as the executor: the identity that deploys says what was deployed, and neither tests nor steps can make it
//! deploy something else. It is read by Argo's controller, when a rollback starts, as an argument of the task: only there
//! may each environment name a key of its own while all share a template.

use std::rc::Rc;

use indexmap::IndexMap;
use k8s_openapi::api::core::v1::ConfigMap;

use super::objects::metadata;
use super::stages::COMMIT_SHA;
use super::types::{
    Arguments, Body, ConfigMapKeyRef, Dag, Inputs, Parameter, ResourceAction, Task, Template, ValueFrom,
};
use crate::model::{Environment, Pipeline};

/// The parameter that holds the commit to go back to.
const LAST_GOOD: &str = "last-good";

/// The commit that a redeployment gets, in its own template.
pub(super) const LAST_GOOD_TAG: &str = "{{inputs.parameters.last-good}}";

const RECORD: &str = "record";

/// Whether some environment can be rolled back.
pub(super) fn is_used(pipeline: &Pipeline) -> bool {
    pipeline.environments().iter().any(|environment| environment.rollback.node.is_some())
}

/// The ConfigMap, without data: applying it again keeps what was recorded.
pub(super) fn config_map(pipeline: &Pipeline) -> ConfigMap {
    let mut metadata = metadata(pipeline, pipeline.argo.namespace.as_str(), &pipeline.last_good());
    // Argo's controller reads no other ConfigMaps.
    let label = ("workflows.argoproj.io/configmap-type".to_owned(), "Parameter".to_owned());
    metadata.labels.get_or_insert_default().extend([label]);
    ConfigMap { metadata, ..ConfigMap::default() }
}

/// The task that records the run's commit for an environment.
pub(super) fn record(environment: &Environment) -> Task {
    let name = environment.name.as_str();
    Task::new(environment.record_task(), RECORD, vec![Parameter::new("environment", name)])
}

/// The template of those tasks.
pub(super) fn recorder(pipeline: &Pipeline) -> Template {
    let (name, namespace) = (pipeline.last_good(), pipeline.argo.namespace.as_str());
    let manifest = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\n  namespace: {namespace}\ndata:\n  \
         \"{{{{inputs.parameters.environment}}}}\": \"{{{{workflow.parameters.commit-sha}}}}\"\n"
    );
    let action = ResourceAction { action: "patch", merge_strategy: "merge", manifest };
    Template {
        inputs: Some(Inputs::parameters(vec![Parameter::open("environment")])),
        service_account_name: Some(pipeline.executor().service_account.into_owned()),
        ..Template::new(RECORD, Body::Resource(action))
    }
}

/// Redeployments: each deploys by the template of its environment's deployments, which gets another commit.
#[derive(Default)]
pub(super) struct Redeployments {
    /// By the template that deploys and the names of its parameters.
    templates: IndexMap<(Rc<str>, Vec<Rc<str>>), String>,
}

impl Redeployments {
    /// The task that deploys the last good commit to an environment, in place of `deploy`, which would do it always.
    pub(super) fn task(&mut self, pipeline: &Pipeline, environment: &Environment, deploy: Task) -> Task {
        let Task { name, template, arguments, .. } = deploy;
        let mut given = arguments.map_or_else(Vec::new, |arguments| arguments.parameters);
        given.retain(|parameter| &*parameter.name != COMMIT_SHA);
        let names = given.iter().map(|parameter| parameter.name.clone()).collect();
        let number = self.templates.len() + 1;
        let called = || if number == 1 { "redeploy".to_owned() } else { format!("redeploy-{number}") };
        let template = self.templates.entry((template, names)).or_insert_with(called).clone();
        let key = ConfigMapKeyRef { name: pipeline.last_good(), key: environment.name.as_str().to_owned() };
        let read = ValueFrom { config_map_key_ref: Some(key), default: Some(""), ..ValueFrom::default() };
        given.insert(0, Parameter { value_from: Some(read.into()), ..Parameter::open(LAST_GOOD) });
        Task::new(name, template, given)
    }

    /// The templates.
    pub(super) fn finish(self, built: bool) -> Vec<Template> {
        self.templates.into_iter().map(|((deploy, names), name)| redeploy(name, deploy, names, built)).collect()
    }
}

/// Deploys the last good commit where there is one; the first release has nothing to go back to.
fn redeploy(name: String, deploy: Rc<str>, names: Vec<Rc<str>>, built: bool) -> Template {
    let mut parameters = vec![Parameter::new(COMMIT_SHA, LAST_GOOD_TAG)];
    // What the build of this run reported belongs to another commit.
    parameters.extend(built.then(|| Parameter::new("artifact-path", "")));
    parameters
        .extend(names.iter().map(|name| Parameter::new(Rc::clone(name), format!("{{{{inputs.parameters.{name}}}}}"))));
    let task = Task {
        when: Some("{{=inputs.parameters['last-good'] != ''}}".to_owned()),
        arguments: Some(Arguments { parameters }),
        ..Task::new("redeploy", deploy, Vec::new())
    };
    let open = [LAST_GOOD.into()].into_iter().chain(names).map(Parameter::open);
    Template {
        inputs: Some(Inputs::parameters(open.collect())),
        ..Template::new(name, Body::Dag(Dag { fail_fast: false, tasks: vec![task] }))
    }
}
