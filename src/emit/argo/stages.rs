//! What each stage of a pipeline runs: image, script, arguments, environment variables, identity.

use std::borrow::Cow;
use std::sync::Arc;

use super::job::Job;
use super::objects::role_arn;
use crate::model::{
    Build, Command, Deploy, Environment, EnvironmentKeys, Identity, ImageRef, Name, Pipeline, PipelineResources,
    Rollback, SecretKeyRef, Secrets, StackIndex, StackName, Tests, Validate, Worker,
};
use crate::source::Spanned;

pub(super) const COMMIT: &str = "{{workflow.parameters.commit-sha}}";
const REPOSITORY: &str = "{{workflow.parameters.repo-url}}";
const BUCKET: &str = "{{workflow.parameters.artifact-bucket}}";

/// The parameter that says which commit is deployed, where that is not always the run's.
pub(super) const COMMIT_SHA: &str = "commit-sha";

/// Where EKS mounts the token that a pod becomes its role with.
const TOKEN_FILE: &str = "/var/run/secrets/eks.amazonaws.com/serviceaccount/token";

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    Delivery,
    PullRequest,
}

/// Makes the jobs of one pipeline.
pub(super) struct Stages<'a> {
    pub(super) pipeline: &'a Pipeline,
    stacks: StackIndex,
    run: Run,
}

impl<'a> Stages<'a> {
    /// The stages of `pipeline`.
    pub(super) fn of(pipeline: &'a Pipeline) -> Self {
        Self { pipeline, stacks: StackIndex::of(pipeline), run: Run::Delivery }
    }

    /// The stages of `pipeline` in pull requests: whoever they run as has no AWS role, and no secret reaches them but
    /// the one that clones the repository.
    pub(super) fn of_pull_requests(pipeline: &'a Pipeline) -> Self {
        Self { run: Run::PullRequest, ..Self::of(pipeline) }
    }

    /// Checks the script that declares the pipeline, or the one that `validate` names.
    pub(super) fn validate(&self, script: &'a str) -> Option<Job<'a>> {
        let path = match &self.pipeline.validate.node {
            Validate::Off => return None,
            Validate::On => script,
            Validate::Path(path) => path.as_str(),
        };
        let mut job = self.job(self.checker(), &self.pipeline.images.validator);
        job.command("/usr/local/bin/aphex-validate");
        job.argument("config", path);
        self.checkout(&mut job, ".");
        Some(job)
    }

    /// Builds the application.
    pub(super) fn build(&self) -> Option<Job<'a>> {
        let Build { commands, image, timeout, retries, variables, secrets, resources } =
            self.pipeline.build.node.as_ref()?;
        let image = image.node.as_ref().unwrap_or(&self.pipeline.images.builder);
        let mut job = self.job(self.checker(), image);
        job.command("/usr/local/bin/aphex-build");
        self.clone_token(&mut job);
        job.tag(REPOSITORY);
        job.tag(COMMIT);
        job.argument("commands", joined(commands));
        // Without a bucket, what is built is not kept.
        job.tag(if self.run == Run::PullRequest { "" } else { BUCKET });
        self.secrets(&mut job, secrets);
        job.variables(variables);
        job.limits(timeout.node.as_ref(), retries.node, resources);
        Some(job)
    }

    /// Deploys the pipeline itself.
    pub(super) fn update(&self) -> Option<Job<'a>> {
        if !self.pipeline.self_update.node {
            return None;
        }
        let mut job = self.job(self.pipeline.updater(), &self.pipeline.images.deployer);
        job.command("/usr/local/bin/aphex-deploy-pipeline");
        self.after_build(&mut job);
        self.clone_token(&mut job);
        job.tag(REPOSITORY);
        job.tag(COMMIT);
        job.argument("stack", self.pipeline.names.stack.as_str());
        job.tag(BUCKET);
        Some(job)
    }

    /// Deploys those stacks to an environment, at the commit that the tag `commit` gives.
    pub(super) fn deploy(&self, environment: &'a Environment, stacks: &[&StackName], commit: &'static str) -> Job<'a> {
        let Deploy { mode: _, image, timeout, retries, variables, resources } = &environment.deploy.node;
        let image = image.node.as_ref().unwrap_or(&self.pipeline.images.deployer);
        // Where nothing is ever redeployed the commit is the run's, and no parameter is needed.
        let given = matches!(environment.rollback.node, Some(Rollback::Redeploy)).then_some(commit);
        let mut job = self.job_at(self.pipeline.executor(), image, given);
        job.command("/usr/local/bin/aphex-deploy-stack");
        target(&mut job, environment);
        self.after_build(&mut job);
        self.clone_token(&mut job);
        job.tag(REPOSITORY);
        match given {
            Some(commit) => job.argument_tag(COMMIT_SHA, commit),
            None => job.tag(COMMIT),
        }
        job.argument("environment", environment.name.as_str());
        job.argument("stacks", stacks.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(" "));
        job.tag(BUCKET);
        job.variables(variables);
        job.variables(&environment.variables);
        job.limits(timeout.node.as_ref(), retries.node, resources);
        job
    }

    /// Tests what was deployed to an environment.
    pub(super) fn test(&self, environment: &'a Arc<Environment>) -> Option<Job<'a>> {
        let Tests { commands, image, timeout, retries, variables, secrets, resources, permissions: _ } =
            environment.tests.node.as_ref()?;
        let image = image.node.as_ref().unwrap_or(&self.pipeline.images.tester);
        let mut job = self.job(self.pipeline.tester(environment), image);
        job.command("/usr/local/bin/aphex-test");
        target(&mut job, environment);
        self.after_build(&mut job);
        self.clone_token(&mut job);
        job.argument("commands", joined(commands));
        job.secrets(secrets);
        job.variables(variables);
        job.variables(&environment.variables);
        job.limits(timeout.node.as_ref(), retries.node, resources);
        Some(job)
    }

    /// The stacks of an environment in the order of their deployment.
    pub(super) fn ordered<'s>(&'s self, environment: &'s Environment) -> Vec<&'s StackName> {
        self.stacks.order(environment).expect("check refuses stacks that depend on each other in a circle")
    }

    /// For each of `ordered` those before it that must be deployed first.
    pub(super) fn dependencies(&self, ordered: &[&StackName]) -> Vec<Vec<usize>> {
        self.stacks.dependencies(ordered)
    }

    /// Who validates and builds.
    fn checker(&self) -> Worker<'a> {
        match self.run {
            Run::Delivery => self.pipeline.builder(),
            Run::PullRequest => self.pipeline.pull_request_worker(),
        }
    }

    /// Adds the user's environment variables from Secrets, where they may be known.
    pub(super) fn secrets(&self, job: &mut Job<'a>, secrets: &'a Secrets) {
        match self.run {
            Run::Delivery => job.secrets(secrets),
            Run::PullRequest => {}
        }
    }

    /// A job of `who` that knows the pipeline and the run's commit.
    pub(super) fn job(&self, who: Worker<'a>, image: &'a ImageRef) -> Job<'a> {
        self.job_at(who, image, None)
    }

    fn job_at(&self, who: Worker<'a>, image: &'a ImageRef, commit: Option<&'static str>) -> Job<'a> {
        let Pipeline { name, site: _, keys } = self.pipeline;
        let mut job = Job::new(who.service_account, image.as_str());
        job.variable("APHEX_PIPELINE", "pipeline", Name::as_str(name));
        match commit {
            Some(commit) => job.variable_of_tag("APHEX_COMMIT", COMMIT_SHA, commit),
            None => job.variable_tag("APHEX_COMMIT", COMMIT),
        }
        job.variable("APHEX_REPOSITORY", "repository", keys.source.name.as_str());
        job.variable("APHEX_DIRECTORY", "directory", keys.directory.as_str());
        let Identity { kind: _, explicit_variables } = &keys.identity.node;
        if let Some(role) = who.role.as_ref().filter(|_| explicit_variables.node) {
            job.variable("AWS_ROLE_ARN", "role", role_arn(self.pipeline, role));
            job.variable_tag("AWS_WEB_IDENTITY_TOKEN_FILE", TOKEN_FILE);
        }
        let PipelineResources { cpu, memory } = &keys.resources.node;
        job.resources(cpu.as_str(), memory.as_str());
        job
    }

    /// Gives a container after the build what the build reported.
    pub(super) fn after_build(&self, job: &mut Job<'a>) {
        if self.pipeline.build.node.is_some() {
            job.artifact_path();
        }
    }

    /// Lets a container start in `folder` of the repository.
    pub(super) fn checkout(&self, job: &mut Job<'a>, folder: &str) {
        job.checkout(folder, self.token());
    }

    fn clone_token(&self, job: &mut Job<'a>) {
        if let Some(secret) = self.token() {
            job.secret("GITHUB_TOKEN", secret);
        }
    }

    fn token(&self) -> Option<SecretKeyRef> {
        let secret = self.pipeline.source.clone_token.node.as_ref()?;
        Some((secret.name.as_str().to_owned(), secret.key.as_str().to_owned()))
    }
}

/// What the containers of an environment know about it.
pub(super) fn target<'a>(job: &mut Job<'a>, environment: &'a Environment) {
    // Each key is used somewhere in this folder.
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

/// Commands as one line of shell.
pub(super) fn joined(commands: &[Spanned<Command>]) -> Cow<'_, str> {
    match commands {
        [only] => only.as_str().into(),
        _ => commands.iter().map(|command| command.as_str()).collect::<Vec<_>>().join(" && ").into(),
    }
}
