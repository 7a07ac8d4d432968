//! A container that does one piece of work, before it becomes a template: what Argo can fill in when a task starts is
//! kept apart from what makes the template's shape, so that many environments share one.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use k8s_openapi::api::core::v1::{
    Capabilities, Container, EnvVar, EnvVarSource, ResourceRequirements, SecretKeySelector, SecurityContext,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::escape::{LBRACE, needs_brace, protect, substitutable};
use super::types::{Artifact, Body, Git, Inputs, Parameter, RetryStrategy, Template};
use crate::model::{Duration, Resources, Retries, SecretKeyRef, Secrets, Variables};
use crate::source::normalize;

/// A text on its way into a container.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Text {
    /// It stands in the template.
    Fixed(String),
    /// It is the value of that name, which each user of the template has.
    Value(String),
}

/// Where an environment variable comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Source {
    Text(Text),
    Secret(SecretKeyRef),
}

/// The repository at the run's commit, and the folder of it where the container starts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Checkout {
    folder: String,
    token: Option<SecretKeyRef>,
}

/// What a template is made of. Jobs of one shape share a template.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    service_account: String,
    image: String,
    command: Vec<Text>,
    args: Vec<Text>,
    checkout: Option<Checkout>,
    environment: Vec<(String, Source)>,
    cpu: String,
    memory: String,
    retries: u32,
    timeout: Option<i64>,
    artifact_path: bool,
}

/// The values of one job, by name.
pub(super) type Values = IndexMap<String, String>;

/// One piece of work: a shape, and what this job puts into it.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) shape: Shape,
    pub(super) values: Values,
}

/// Where a container finds the repository that was checked out for it.
pub(super) const WORKSPACE: &str = "/workspace";

/// How the output of the build is called for the rest of the run.
pub(super) const BUILD_OUTPUT: &str = "build-output";

/// What the build reports, read from its output. In a template and not in a task: there it would stand once a task.
const ARTIFACT_PATH: &str = "{{=jsonpath(workflow.outputs.parameters['build-output'], '$.data.artifact_path')}}";

impl Job {
    /// A job in `image`.
    pub(super) fn new(service_account: &str, image: &str) -> Self {
        let shape = Shape {
            service_account: service_account.to_owned(),
            image: image.to_owned(),
            command: Vec::new(),
            args: Vec::new(),
            checkout: None,
            environment: Vec::new(),
            cpu: String::new(),
            memory: String::new(),
            retries: 0,
            timeout: None,
            artifact_path: false,
        };
        Self { shape, values: Values::new() }
    }

    /// Adds a word of the command that is aphex's own.
    pub(super) fn command(&mut self, word: &str) {
        self.shape.command.push(Text::Fixed(word.to_owned()));
    }

    /// Adds a word of the command that is the user's.
    pub(super) fn command_of_user(&mut self, name: &str, word: &str) {
        let text = self.text(name, word);
        self.shape.command.push(text);
    }

    /// Lets the container start in a folder of the repository at the run's commit. Argo's executor clones it, with
    /// `token` as the password.
    pub(super) fn checkout(&mut self, folder: &str, token: Option<SecretKeyRef>) {
        let folder = normalize(WORKSPACE, folder).map_or_else(|| WORKSPACE.to_owned(), |folder| format!("/{folder}"));
        self.shape.checkout = Some(Checkout { folder, token });
    }

    /// Adds an argument that holds a tag of Argo's.
    pub(super) fn tag(&mut self, tag: &str) {
        self.shape.args.push(Text::Fixed(tag.to_owned()));
    }

    /// Adds an argument that holds a tag of Argo's, another one for each user of the template.
    pub(super) fn argument_tag(&mut self, name: &str, tag: &str) {
        self.values.insert(name.to_owned(), tag.to_owned());
        self.shape.args.push(Text::Value(name.to_owned()));
    }

    /// Adds an argument that may differ from environment to environment.
    pub(super) fn argument(&mut self, name: &str, text: &str) {
        let text = self.text(name, text);
        self.shape.args.push(text);
    }

    /// Adds an environment variable of aphex's own that holds a tag of Argo's.
    pub(super) fn variable_tag(&mut self, variable: &str, tag: &str) {
        self.add(variable, Source::Text(Text::Fixed(tag.to_owned())));
    }

    /// Adds an environment variable of aphex's own that holds a tag of Argo's, another one for each user of the template.
    pub(super) fn variable_of_tag(&mut self, variable: &str, name: &str, tag: &str) {
        self.values.insert(name.to_owned(), tag.to_owned());
        self.add(variable, Source::Text(Text::Value(name.to_owned())));
    }

    /// Adds an environment variable of aphex's own, whose value has that name.
    pub(super) fn variable(&mut self, variable: &str, name: &str, text: &str) {
        let text = self.text(name, text);
        self.add(variable, Source::Text(text));
    }

    /// Adds an environment variable from a Secret.
    pub(super) fn secret(&mut self, variable: &str, secret: SecretKeyRef) {
        self.add(variable, Source::Secret(secret));
    }

    /// Adds the user's environment variables. Those that are there already stay: what is narrower comes first.
    pub(super) fn variables(&mut self, variables: &Variables) {
        for (variable, value) in variables.iter() {
            let variable = variable.as_str();
            if !self.has(variable) {
                self.variable(variable, &format!("variable-{variable}"), value.as_str());
            }
        }
    }

    /// Adds the user's environment variables from Secrets.
    pub(super) fn secrets(&mut self, secrets: &Secrets) {
        for (variable, secret) in secrets.iter() {
            self.secret(variable.as_str(), (secret.name.as_str().to_owned(), secret.key.as_str().to_owned()));
        }
    }

    /// What the container asks of its node.
    pub(super) fn resources(&mut self, cpu: &str, memory: &str) {
        cpu.clone_into(&mut self.shape.cpu);
        memory.clone_into(&mut self.shape.memory);
    }

    /// The user's limits for this kind of job.
    pub(super) fn limits(&mut self, timeout: Option<&Duration>, retries: Retries, resources: &Resources) {
        let Resources { cpu, memory } = resources;
        self.shape.timeout = timeout.map(Duration::seconds);
        self.shape.retries = retries.count();
        if let Some(cpu) = &cpu.node {
            cpu.as_str().clone_into(&mut self.shape.cpu);
        }
        if let Some(memory) = &memory.node {
            memory.as_str().clone_into(&mut self.shape.memory);
        }
    }

    /// Gives the container what the build reported.
    pub(super) fn artifact_path(&mut self) {
        self.shape.artifact_path = true;
        self.variable_tag("ARTIFACT_PATH", "{{inputs.parameters.artifact-path}}");
    }

    fn text(&mut self, name: &str, text: &str) -> Text {
        let text = protect(text);
        if needs_brace(&text) && !self.has(LBRACE) {
            // Before all others: the kubelet replaces what stands before.
            self.shape.environment.insert(0, (LBRACE.to_owned(), Source::Text(Text::Fixed("{".to_owned()))));
        }
        if !substitutable(&text) {
            return Text::Fixed(text);
        }
        self.values.insert(name.to_owned(), text);
        Text::Value(name.to_owned())
    }

    fn has(&self, variable: &str) -> bool {
        self.shape.environment.iter().any(|(name, _)| name == variable)
    }

    fn add(&mut self, variable: &str, source: Source) {
        if !self.has(variable) {
            self.shape.environment.push((variable.to_owned(), source));
        }
    }
}

impl Shape {
    /// The template of that name. What `values` has stands in it, the rest are its parameters `open`.
    pub(super) fn template(self, name: String, values: &Values, open: &[&str]) -> Template {
        let fill = |text: Text| match text {
            Text::Fixed(text) => text,
            Text::Value(name) if open.contains(&&*name) => format!("{{{{inputs.parameters.{name}}}}}"),
            Text::Value(name) => values[&name].clone(),
        };
        let environment = self.environment.into_iter().map(|(name, source)| match source {
            Source::Text(text) => EnvVar { name, value: Some(fill(text)), value_from: None },
            Source::Secret(secret) => EnvVar { name, value: None, value_from: Some(from_secret(secret)) },
        });
        let container = Container {
            image: Some(self.image),
            command: Some(self.command.into_iter().map(fill).collect()),
            env: Some(environment.collect()),
            args: (!self.args.is_empty()).then(|| self.args.into_iter().map(fill).collect()),
            working_dir: self.checkout.as_ref().map(|checkout| checkout.folder.clone()),
            resources: Some(requirements(self.cpu, self.memory)),
            security_context: Some(unprivileged()),
            ..Container::default()
        };
        let mut parameters: Vec<_> = open.iter().map(|name| Parameter::open(*name)).collect();
        parameters.extend(self.artifact_path.then(|| Parameter::new("artifact-path", ARTIFACT_PATH)));
        let artifacts: Vec<_> = self.checkout.map(|checkout| source(checkout.token)).into_iter().collect();
        let empty = parameters.is_empty() && artifacts.is_empty();
        Template {
            inputs: (!empty).then_some(Inputs { parameters, artifacts }),
            service_account_name: Some(self.service_account),
            retry_strategy: (self.retries > 0).then(|| RetryStrategy::times(self.retries)),
            active_deadline_seconds: self.timeout,
            ..Template::new(name, Body::Container(Box::new(container)))
        }
    }
}

/// The repository at the run's commit.
fn source(token: Option<SecretKeyRef>) -> Artifact {
    let git = Git {
        repo: "{{workflow.parameters.repo-url}}".to_owned(),
        revision: "{{workflow.parameters.commit-sha}}".to_owned(),
        password_secret: token.map(selector),
    };
    Artifact { name: "source", path: WORKSPACE, git }
}

/// A key of a Secret.
pub(super) fn selector((name, key): SecretKeyRef) -> SecretKeySelector {
    SecretKeySelector { name, key, optional: None }
}

pub(super) fn from_secret(secret: SecretKeyRef) -> EnvVarSource {
    EnvVarSource { secret_key_ref: Some(selector(secret)), ..EnvVarSource::default() }
}

pub(super) fn requirements(cpu: String, memory: String) -> ResourceRequirements {
    let limits = BTreeMap::from([("memory".to_owned(), Quantity(memory.clone()))]);
    let requests = BTreeMap::from([("cpu".to_owned(), Quantity(cpu)), ("memory".to_owned(), Quantity(memory))]);
    ResourceRequirements { limits: Some(limits), requests: Some(requests), claims: None }
}

pub(super) fn unprivileged() -> SecurityContext {
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities { drop: Some(vec!["ALL".to_owned()]), add: None }),
        ..SecurityContext::default()
    }
}
