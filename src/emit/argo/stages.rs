//! What each stage of a pipeline runs: image, script, arguments, environment variables, identity.

use super::job::Job;
use super::objects::role_arn;
use crate::model::{
    Build, Command, Deploy, Environment, EnvironmentKeys, Identity, ImageRef, Images, Name, Pipeline, StackIndex,
    Tests, Validate, Worker,
};
use crate::source::Spanned;

const COMMIT: &str = "{{workflow.parameters.commit-sha}}";
const REPOSITORY: &str = "{{workflow.parameters.repo-url}}";
const BUCKET: &str = "{{workflow.parameters.artifact-bucket}}";

/// Where EKS mounts the token that a pod becomes its role with.
const TOKEN_FILE: &str = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";

/// Who a container runs as.
#[derive(Debug, Clone, Copy)]
enum Who {
    Builder,
    Executor,
    Updater,
}

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    Delivery,
    PullRequest,
}

/// Makes the jobs of one pipeline.
pub(super) struct Stages<'a> {
    pipeline: &'a Pipeline,
    images: &'a Images,
    stacks: StackIndex,
    run: Run,
}

impl<'a> Stages<'a> {
    /// The stages of `pipeline`.
    pub(super) fn of(pipeline: &'a Pipeline) -> Self {
        Self { pipeline, images: &pipeline.images, stacks: StackIndex::of(pipeline), run: Run::Delivery }
    }

    /// The stages of `pipeline` in pull requests: whoever they run as has no AWS role, and no secret reaches them but
    /// the one that clones the repository.
    pub(super) fn of_pull_requests(pipeline: &'a Pipeline) -> Self {
        Self { run: Run::PullRequest, ..Self::of(pipeline) }
    }

    /// Checks the script that declares the pipeline, or the one that `validate` names.
    pub(super) fn validate(&self, script: &str) -> Option<Job> {
        let path = match &self.pipeline.validate.node {
            Validate::Off => return None,
            Validate::On => script,
            Validate::Path(path) => path.as_str(),
        };
        let mut job = self.job(Who::Builder, &self.images.validator, "/usr/local/bin/aphex-validate");
        job.argument("config", path);
        Some(job)
    }

    /// Builds the application.
    pub(super) fn build(&self) -> Option<Job> {
        let Build { commands, image, timeout, retries, variables, secrets, resources } =
            self.pipeline.build.node.as_ref()?;
        let image = image.node.as_ref().unwrap_or(&self.images.builder);
        let mut job = self.job(Who::Builder, image, "/usr/local/bin/aphex-build");
        self.clone_token(&mut job);
        job.tag(REPOSITORY);
        job.tag(COMMIT);
        job.argument("commands", &joined(commands));
        if self.run == Run::PullRequest {
            // No bucket: what is built is not kept.
            job.tag("");
        } else {
            job.tag(BUCKET);
            job.secrets(secrets);
        }
        job.variables(variables);
        job.limits(timeout.node.as_ref(), retries.node, resources);
        Some(job)
    }

    /// Deploys the pipeline itself.
    pub(super) fn update(&self) -> Option<Job> {
        if !self.pipeline.self_update.node {
            return None;
        }
        let mut job = self.job(Who::Updater, &self.images.deployer, "/usr/local/bin/aphex-deploy-pipeline");
        self.later(&mut job);
        job.tag(REPOSITORY);
        job.tag(COMMIT);
        job.argument("stack", self.pipeline.names.stack.as_str());
        job.tag(BUCKET);
        Some(job)
    }

    /// Deploys to an environment.
    pub(super) fn deploy(&self, environment: &Environment) -> Job {
        let Deploy { mode: _, image, timeout, retries, variables, resources } = &environment.deploy.node;
        let image = image.node.as_ref().unwrap_or(&self.images.deployer);
        let mut job = self.job(Who::Executor, image, "/usr/local/bin/aphex-deploy-stack");
        target(&mut job, environment);
        self.later(&mut job);
        job.tag(REPOSITORY);
        job.tag(COMMIT);
        job.argument("environment", environment.name.as_str());
        job.argument("stacks", &self.ordered_stacks(environment));
        job.tag(BUCKET);
        job.variables(variables);
        job.variables(&environment.variables);
        job.limits(timeout.node.as_ref(), retries.node, resources);
        job
    }

    /// Tests what was deployed to an environment.
    pub(super) fn test(&self, environment: &Environment) -> Option<Job> {
        let Tests { commands, image, timeout, retries, variables, secrets, resources, permissions: _ } =
            environment.tests.node.as_ref()?;
        let image = image.node.as_ref().unwrap_or(&self.images.tester);
        let mut job = self.job(Who::Builder, image, "/usr/local/bin/aphex-test");
        target(&mut job, environment);
        self.later(&mut job);
        job.argument("commands", &joined(commands));
        job.secrets(secrets);
        job.variables(variables);
        job.variables(&environment.variables);
        job.limits(timeout.node.as_ref(), retries.node, resources);
        Some(job)
    }

    fn job(&self, who: Who, image: &ImageRef, command: &'static str) -> Job {
        let Pipeline { name, site: _, keys } = self.pipeline;
        let Worker { service_account, role, purpose: _, permissions: _ } = match (self.run, who) {
            (Run::PullRequest, _) => self.pipeline.pull_request_worker(),
            (Run::Delivery, Who::Builder) => self.pipeline.builder(),
            (Run::Delivery, Who::Executor) => self.pipeline.executor(),
            (Run::Delivery, Who::Updater) => self.pipeline.updater(),
        };
        let mut job = Job::new(&service_account, image.as_str(), command);
        job.variable("APHEX_PIPELINE", "pipeline", Name::as_str(name));
        job.variable_tag("APHEX_COMMIT", COMMIT);
        job.variable("APHEX_REPOSITORY", "repository", keys.source.name.as_str());
        job.variable("APHEX_DIRECTORY", "directory", keys.directory.as_str());
        let Identity { kind: _, explicit_variables } = &keys.identity.node;
        if let Some(role) = role.filter(|_| explicit_variables.node) {
            job.variable("AWS_ROLE_ARN", "role", &role_arn(self.pipeline, &role));
            job.variable_tag("AWS_WEB_IDENTITY_TOKEN_FILE", TOKEN_FILE);
        }
        job.resources(keys.resources.cpu.as_str(), keys.resources.memory.as_str());
        job
    }

    /// What every container after the build has.
    fn later(&self, job: &mut Job) {
        if self.pipeline.build.node.is_some() {
            job.artifact_path();
        }
        self.clone_token(job);
    }

    fn clone_token(&self, job: &mut Job) {
        if let Some(secret) = &self.pipeline.source.clone_token.node {
            job.secret("GITHUB_TOKEN", (secret.name.as_str().to_owned(), secret.key.as_str().to_owned()));
        }
    }

    fn ordered_stacks(&self, environment: &Environment) -> String {
        let order = self.stacks.order(environment).expect("check refuses stacks that depend on each other in a circle");
        order.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// What the containers of an environment know about it.
fn target(job: &mut Job, environment: &Environment) {
    // Each key is used in one of the functions here; those with `_` come with a later version.
    let EnvironmentKeys {
        account,
        region,
        stacks: _,
        approval: _,
        before: _,
        deploy: _,
        after: _,
        tests: _,
        verify: _,
        rollback: _,
        variables: _,
    } = &environment.keys;
    job.variable("APHEX_ENVIRONMENT", "environment", environment.name.as_str());
    job.variable("APHEX_ACCOUNT", "account", account.as_str());
    job.variable("AWS_REGION", "region", region.as_str());
    job.variable("AWS_DEFAULT_REGION", "region", region.as_str());
}

fn joined(commands: &[Spanned<Command>]) -> String {
    commands.iter().map(|command| command.as_str()).collect::<Vec<_>>().join(" && ")
}
