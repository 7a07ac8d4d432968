//! A container that does one piece of work, before it becomes a template: what Argo can fill in when a task starts is
//! kept apart from what makes the template's shape, so that many environments share one.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;
use k8s_openapi::api::core::v1::{
    Capabilities, Container, EnvVar, EnvVarSource, ResourceRequirements, SecretKeySelector, SecurityContext,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::escape::{LBRACE, needs_brace, protect, substitutable};
use super::types::{Artifact, Body, Git, Inputs, Parameter, RetryStrategy, Template};
use crate::model::{Duration, Resources, Retries, SecretKeyRef, Secrets, Variables};
use crate::source::normalize;

/// Every variable, and every shape, which is long, is looked up: the hash that is made for speed.
pub(super) type Hasher = foldhash::fast::RandomState;

/// A text on its way into a container.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Text<'a> {
    /// It stands in the template.
    Fixed(Cow<'a, str>),
    /// It is the value of that name, which each user of the template has.
    Value(Cow<'a, str>),
}

/// Where an environment variable comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Source<'a> {
    Text(Text<'a>),
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
pub(super) struct Shape<'a> {
    service_account: Cow<'a, str>,
    image: &'a str,
    command: Vec<Text<'a>>,
    args: Vec<Text<'a>>,
    checkout: Option<Checkout>,
    environment: Vec<(Cow<'a, str>, Source<'a>)>,
    cpu: &'a str,
    memory: &'a str,
    retries: u32,
    timeout: Option<i64>,
    artifact_path: bool,
}

/// The values of one job, by name, in the order in which they were given.
#[derive(Debug, Default)]
pub(super) struct Values<'a>(IndexMap<Cow<'a, str>, Cow<'a, str>, Hasher>);

impl<'a> Values<'a> {
    /// The names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|name| &**name)
    }

    /// The value of that name.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value)
    }

    fn insert(&mut self, name: Cow<'a, str>, value: Cow<'a, str>) {
        self.0.insert(name, value);
    }
}

/// One piece of work: a shape, and what this job puts into it.
#[derive(Debug)]
pub(super) struct Job<'a> {
    shape: Shape<'a>,
    values: Values<'a>,
    /// Its environment variables, which go into the shape when all are there.
    environment: IndexMap<Cow<'a, str>, Source<'a>, Hasher>,
}

/// Where a container finds the repository that was checked out for it.
pub(super) const WORKSPACE: &str = "/workspace";

/// How the output of the build is called for the rest of the run.
pub(super) const BUILD_OUTPUT: &str = "build-output";

/// What the build reports, read from its output. In a template and not in a task: there it would stand once a task.
const ARTIFACT_PATH: &str = "{{=jsonpath(workflow.outputs.parameters['build-output'], '$.data.artifact_path')}}";

impl<'a> Job<'a> {
    /// A job in `image`.
    pub(super) fn new(service_account: Cow<'a, str>, image: &'a str) -> Self {
        let shape = Shape {
            service_account,
            image,
            command: Vec::new(),
            args: Vec::new(),
            checkout: None,
            environment: Vec::new(),
            cpu: "",
            memory: "",
            retries: 0,
            timeout: None,
            artifact_path: false,
        };
        Self { shape, values: Values::default(), environment: IndexMap::default() }
    }

    /// What it is made of.
    pub(super) fn into_parts(self) -> (Shape<'a>, Values<'a>) {
        let environment = self.environment.into_iter().collect();
        (Shape { environment, ..self.shape }, self.values)
    }

    /// Adds a word of the command that is aphex's own.
    pub(super) fn command(&mut self, word: &'static str) {
        self.shape.command.push(Text::Fixed(word.into()));
    }

    /// Adds a word of the command that is the user's.
    pub(super) fn command_of_user(&mut self, name: String, word: &'a str) {
        let text = self.text(name.into(), word.into());
        self.shape.command.push(text);
    }

    /// Lets the container start in a folder of the repository at the run's commit. Argo's executor clones it, with
    /// `token` as the password.
    pub(super) fn checkout(&mut self, folder: &str, token: Option<SecretKeyRef>) {
        let folder = normalize(WORKSPACE, folder).map_or_else(|| WORKSPACE.to_owned(), |folder| format!("/{folder}"));
        self.shape.checkout = Some(Checkout { folder, token });
    }

    /// Adds an argument that holds a tag of Argo's.
    pub(super) fn tag(&mut self, tag: &'static str) {
        self.shape.args.push(Text::Fixed(tag.into()));
    }

    /// Adds an argument that holds a tag of Argo's, another one for each user of the template.
    pub(super) fn argument_tag(&mut self, name: &'static str, tag: &'static str) {
        self.values.insert(name.into(), tag.into());
        self.shape.args.push(Text::Value(name.into()));
    }

    /// Adds an argument that may differ from environment to environment.
    pub(super) fn argument(&mut self, name: impl Into<Cow<'a, str>>, text: impl Into<Cow<'a, str>>) {
        let text = self.text(name.into(), text.into());
        self.shape.args.push(text);
    }

    /// Adds an environment variable of aphex's own that holds a tag of Argo's.
    pub(super) fn variable_tag(&mut self, variable: &'static str, tag: &'static str) {
        self.add(variable, Source::Text(Text::Fixed(tag.into())));
    }

    /// Adds an environment variable of aphex's own that holds a tag of Argo's, another one for each user of the template.
    pub(super) fn variable_of_tag(&mut self, variable: &'static str, name: &'static str, tag: &'static str) {
        self.values.insert(name.into(), tag.into());
        self.add(variable, Source::Text(Text::Value(name.into())));
    }

    /// Adds an environment variable of aphex's own, whose value has that name.
    pub(super) fn variable(&mut self, variable: &'a str, name: impl Into<Cow<'a, str>>, text: impl Into<Cow<'a, str>>) {
        let text = self.text(name.into(), text.into());
        self.add(variable, Source::Text(text));
    }

    /// Adds an environment variable from a Secret.
    pub(super) fn secret(&mut self, variable: &'a str, secret: SecretKeyRef) {
        self.add(variable, Source::Secret(secret));
    }

    /// Adds the user's environment variables. Those that are there already stay: what is narrower comes first.
    pub(super) fn variables(&mut self, variables: &'a Variables) {
        for (variable, value) in variables.iter() {
            let variable = variable.as_str();
            if !self.environment.contains_key(variable) {
                self.variable(variable, format!("variable-{variable}"), value.as_str());
            }
        }
    }

    /// Adds the user's environment variables from Secrets.
    pub(super) fn secrets(&mut self, secrets: &'a Secrets) {
        for (variable, secret) in secrets.iter() {
            self.secret(variable.as_str(), (secret.name.as_str().to_owned(), secret.key.as_str().to_owned()));
        }
    }

    /// What the container asks of its node.
    pub(super) const fn resources(&mut self, cpu: &'a str, memory: &'a str) {
        self.shape.cpu = cpu;
        self.shape.memory = memory;
    }

    /// The user's limits for this kind of job.
    pub(super) fn limits(&mut self, timeout: Option<&Duration>, retries: Retries, resources: &'a Resources) {
        let Resources { cpu, memory } = resources;
        self.shape.timeout = timeout.map(Duration::seconds);
        self.shape.retries = retries.count();
        if let Some(cpu) = &cpu.node {
            self.shape.cpu = cpu.as_str();
        }
        if let Some(memory) = &memory.node {
            self.shape.memory = memory.as_str();
        }
    }

    /// Gives the container what the build reported.
    pub(super) fn artifact_path(&mut self) {
        self.shape.artifact_path = true;
        self.variable_tag("ARTIFACT_PATH", "{{inputs.parameters.artifact-path}}");
    }

    fn text(&mut self, name: Cow<'a, str>, text: Cow<'a, str>) -> Text<'a> {
        let text = protect(text);
        if needs_brace(&text) && !self.environment.contains_key(LBRACE) {
            // Before all others: the kubelet replaces what stands before.
            self.environment.shift_insert(0, LBRACE.into(), Source::Text(Text::Fixed("{".into())));
        }
        if !substitutable(&text) {
            return Text::Fixed(text);
        }
        self.values.insert(name.clone(), text);
        Text::Value(name)
    }

    fn add(&mut self, variable: &'a str, source: Source<'a>) {
        self.environment.entry(variable.into()).or_insert(source);
    }
}

impl Shape<'_> {
    /// The template of that name. What `values` has stands in it, the rest are its parameters `open`.
    pub(super) fn template(self, name: String, values: &Values<'_>, open: &[&str]) -> Template {
        let filled: HashSet<&str, Hasher> = open.iter().copied().collect();
        let fill = |text: Text<'_>| match text {
            Text::Fixed(text) => text.into_owned(),
            Text::Value(name) if filled.contains(&*name) => format!("{{{{inputs.parameters.{name}}}}}"),
            Text::Value(name) => values.get(&name).to_owned(),
        };
        let environment = self.environment.into_iter().map(|(name, source)| match source {
            Source::Text(text) => EnvVar { name: name.into_owned(), value: Some(fill(text)), value_from: None },
            Source::Secret(secret) => {
                EnvVar { name: name.into_owned(), value: None, value_from: Some(from_secret(secret)) }
            }
        });
        let container = Container {
            image: Some(self.image.to_owned()),
            command: Some(self.command.into_iter().map(fill).collect()),
            env: Some(environment.collect()),
            args: (!self.args.is_empty()).then(|| self.args.into_iter().map(fill).collect()),
            working_dir: self.checkout.as_ref().map(|checkout| checkout.folder.clone()),
            resources: Some(requirements(self.cpu.to_owned(), self.memory.to_owned())),
            security_context: Some(unprivileged()),
            ..Container::default()
        };
        let mut parameters: Vec<_> = open.iter().map(|name| Parameter::open(*name)).collect();
        parameters.extend(self.artifact_path.then(|| Parameter::new("artifact-path", ARTIFACT_PATH)));
        let artifacts: Vec<_> = self.checkout.map(|checkout| source(checkout.token)).into_iter().collect();
        let empty = parameters.is_empty() && artifacts.is_empty();
        Template {
            inputs: (!empty).then_some(Inputs { parameters, artifacts }),
            service_account_name: Some(self.service_account.into_owned()),
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
