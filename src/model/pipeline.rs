//! `pipeline`: what a script declares in the end.

use std::sync::Arc;

use super::aws::{AccountId, BucketName, CdkQualifier, CfnStackName, ExportPrefix, PolicyArn, RoleName};
use super::container::{Build, Duration, Images, PipelineResources};
use super::environment::Environment;
use super::event::Event;
use super::github::Github;
use super::item::{Item, Keys, Ref, Returned};
use super::kubernetes::{
    AnnotationKey, ClusterName, EventSourceName, LabelKey, LabelValue, ObjectName, Port, WorkflowPrefix,
};
use super::notification::{Slack, Webhook};
use super::permission::Statement;
use super::region::Region;
use super::secret::Secret;
use super::stage::Stage;
use super::words::{Line, Name, RepoPath, Url};
use crate::schema::{FromConfig, Kind, NonEmpty, Object, Reader, Table, Text, Value, choices, config, text};
use crate::source::{Span, Spanned};

config! {
    /// The EKS cluster that the pipeline runs in. It exists already, and so do the exports of its CloudFormation stack:
    /// `…ClusterName`, `…OIDCProviderArn`, `…KubectlRoleArn` and `…ClusterSecurityGroupId`.
    pub struct Cluster = "cluster", shorthand "name" {
        /// The cluster's name.
        name: ClusterName,
        /// Everything before `ClusterName` in the names of these exports.
        export_prefix: ExportPrefix = "AphexCluster-<cluster>-",
    }
}

config! {
    /// What the pipeline's objects are called. A name that is too long or not allowed where it goes is an error
    /// (`name-too-long`, `bad-value`), never cut. The ServiceAccounts `<name>-updater` and `<name>-pull-request` and the
    /// IAM role `<name>-<region>-updater` have no key.
    pub struct Names = "names" {
        /// The WorkflowTemplate.
        workflow_template: ObjectName = "<name>-template",
        /// The EventSource.
        event_source: EventSourceName = "<name>-github",
        /// The Sensor. Further ones, of tags and of pull requests, add `-tag` and `-pull-request` to it.
        sensor: ObjectName = "<name>-sensor",
        /// What the names of workflows start with; five characters of Kubernetes' own follow.
        workflow_prefix: WorkflowPrefix = "<name>-",
        /// The ServiceAccount of deployments.
        executor_service_account: ObjectName = "<name>-executor",
        /// The ServiceAccount of the build, the tests and the user's steps.
        builder_service_account: ObjectName = "<name>-builder",
        /// The IAM role of deployments.
        executor_role: RoleName = "<name>-<region>-executor",
        /// The IAM role of the build, the tests and the user's steps.
        builder_role: RoleName = "<name>-<region>-builder",
        /// The CloudFormation stack.
        stack: CfnStackName = "<name>-pipeline",
    }
}

text! {
    /// How long artifacts stay in the bucket: as a duration, in whole days, since S3 counts so.
    pub struct Retention
        matches r"^[0-9]{1,9}[smhd]$"
        = "a number of days like `\"90d\"`", "numbers of days", |text| {
        let length = Duration::parse(text)?;
        if length.seconds() % 86_400 == 0 { Ok(()) } else { Err("S3 counts in whole days, like `\"90d\"`".into()) }
    };
}

impl Retention {
    /// The number of days.
    pub fn days(&self) -> i64 {
        Duration::parse(self.as_str()).expect("a Retention is made from a text that is a duration").seconds() / 86_400
    }
}

config! {
    /// Where the build's artifacts are kept.
    pub struct Artifacts = "artifacts" {
        /// The S3 bucket that the pipeline's CloudFormation stack creates. It stays when the stack is deleted.
        bucket: BucketName = "<name>-artifacts-<account>-<region>",
        /// How long an artifact is kept before S3 deletes it.
        retention: Retention = "90d",
    }
}

config! {
    /// Where Argo runs in the cluster.
    pub struct Argo = "argo" {
        /// The namespace of workflows: each WorkflowTemplate, with its ServiceAccounts and Secrets.
        namespace: ObjectName = "argo",
        /// The namespace of the EventSource, its Service and the Sensors.
        events_namespace: ObjectName = "argo-events",
        /// The EventBus in that namespace.
        event_bus: ObjectName = "default",
    }
}

choices! {
    /// The type of a Service.
    pub enum ServiceType {
        /// Reachable inside the cluster; something else brings GitHub to it.
        ClusterIp = "ClusterIP",
        /// A load balancer of its own.
        LoadBalancer = "LoadBalancer",
        /// A port of every node.
        NodePort = "NodePort",
    }
}

config! {
    /// How GitHub reaches the pipeline.
    pub struct EventSource = "event_source" {
        /// The public address of the Service, with which Argo Events registers the webhook at GitHub. Without it no
        /// webhook is registered: the output `WebhookUrl` is the address inside the cluster,
        /// `http://<Service>.<events namespace>.svc:<port>/<name>/push`, and `aphex run` prints how to add the webhook by
        /// hand.
        url: Option<Url> = none,
        /// The type of the Service.
        type_: ServiceType = "ClusterIP",
        /// The port of the Service, from 1 to 65535.
        port: Port = 12_000,
        /// Annotations of the Service, such as those of a load balancer's controller.
        annotations: Table<AnnotationKey, Line> = {},
    }
}

choices! {
    /// How pods become their IAM role.
    pub enum IdentityKind {
        /// IAM roles for service accounts, by the cluster's OIDC provider.
        Irsa = "irsa",
        /// EKS Pod Identity, by an agent in the cluster.
        PodIdentity = "pod_identity",
    }
}

config! {
    /// How pods become their IAM role: by which of EKS's mechanisms.
    pub struct Identity = "identity", shorthand "kind" {
        /// By which mechanism.
        kind: IdentityKind = "irsa",
        /// Whether `AWS_ROLE_ARN` and `AWS_WEB_IDENTITY_TOKEN_FILE` are also written into the containers, which EKS
        /// otherwise injects.
        explicit_variables: bool = false,
    }
}

text! {
    /// `"kubernetes"`, or the name of a store of External Secrets: a Kubernetes name of at most 63 characters.
    pub struct StoreName
        matches r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$" at most 63
        = "`\"kubernetes\"` or the name of a secret store", "names of secret stores", |text| {
        ObjectName::parse(text).map(|_| ())
    };
}

choices! {
    /// The kind of a store of External Secrets.
    pub enum StoreKind {
        /// For the whole cluster.
        ClusterSecretStore = "ClusterSecretStore",
        /// For one namespace.
        SecretStore = "SecretStore",
    }
}

config! {
    /// Where the Secrets that `secret(…)` names come from.
    pub struct SecretStore = "secret_store", shorthand "name" {
        /// `"kubernetes"`: Secrets that exist already. Otherwise the store of External Secrets that syncs them from
        /// AWS Secrets Manager; aphex writes an ExternalSecret for each.
        name: StoreName = "kubernetes",
        /// The kind of the store of External Secrets.
        kind: Option<StoreKind> = none "`\"ClusterSecretStore\"` where a store is named",
    }
}

impl SecretStore {
    /// The name of the store that is no store: Secrets that exist already.
    pub const KUBERNETES: &str = "kubernetes";

    /// The store of External Secrets, where there is one: its kind and name.
    pub fn external(&self) -> Option<(StoreKind, &str)> {
        let kind = self.kind.node.unwrap_or(StoreKind::ClusterSecretStore);
        (self.name.as_str() != Self::KUBERNETES).then(|| (kind, self.name.as_str()))
    }
}

choices! {
    /// What happens to a run while another one of the pipeline is under way.
    pub enum Concurrency {
        /// It waits for the other to end, also while that one waits for a person.
        Queue = "queue",
        /// It does not wait; two runs may deploy at once.
        Parallel = "parallel",
    }
}

/// Whether and by which script the pipeline is validated.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Validate {
    /// Not at all.
    Off,
    /// By the script that declares it.
    On,
    /// By the script at this path in the repository.
    Path(RepoPath),
}

impl FromConfig for Validate {
    const KIND: Kind = Kind::Either(&[Kind::Bool, Kind::Text(&RepoPath::FORM)]);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        match value.node {
            Value::Bool(true) => Some(Self::On),
            Value::Bool(false) => Some(Self::Off),
            Value::Str(_) => reader.text(value).map(Self::Path),
            _ => reader.bad_type(value, &Self::KIND),
        }
    }

    fn to_config(&self, _: Span) -> Value {
        match self {
            Self::Off => Value::Bool(false),
            Self::On => Value::Bool(true),
            Self::Path(path) => Value::text(path.as_str()),
        }
    }
}

/// Where a notification goes.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Notification {
    /// A Slack channel.
    Slack(Arc<Slack>),
    /// An address of the user's.
    Webhook(Arc<Webhook>),
}

impl FromConfig for Notification {
    const KIND: Kind = Kind::Either(&[Kind::Object(Slack::FUNCTION), Kind::Object(Webhook::FUNCTION)]);

    fn from_config(value: &Spanned<Value>, reader: &mut Reader<'_>) -> Option<Self> {
        let found = match &value.node {
            Value::Object(object) if object.kind() == Slack::FUNCTION => object.downcast().map(Self::Slack),
            Value::Object(object) if object.kind() == Webhook::FUNCTION => object.downcast().map(Self::Webhook),
            _ => None,
        };
        found.or_else(|| reader.bad_type(value, &Self::KIND))
    }

    fn to_config(&self, _: Span) -> Value {
        Value::Object(match self {
            Self::Slack(slack) => Object::new(slack.clone()),
            Self::Webhook(webhook) => Object::new(webhook.clone()),
        })
    }
}

config! {
    /// The keys of a pipeline: where it runs, what starts it, what it does.
    pub struct PipelineKeys = "pipeline" {
        /// The existing EKS cluster that it runs in.
        cluster: Cluster,
        /// The account where the cluster and the pipeline's own resources live.
        account: AccountId,
        /// The region where the cluster and the pipeline's own resources live.
        region: Region,
        /// The repository that triggers it, and which pushes do.
        source: Ref<Github>,
        /// How the application is built, before the first stage. A pull request builds too, and keeps nothing.
        build: Option<Build> = none,
        /// What runs after the build, in the order written.
        stages: NonEmpty<Stage>,
        /// The folder of the CDK app in the repository. Build and test commands start there, and every container gets
        /// it as `APHEX_DIRECTORY`.
        directory: RepoPath = ".",
        /// The validation stage, which checks the script before anything else: `true` for the script's own path in the
        /// repository, another path, or `false` for no such stage.
        validate: Validate = true,
        /// The pipeline-deployment stage, by which the pipeline updates itself from the pushed script. Whoever can push
        /// to the branch can thereby change the pipeline; `false` closes that.
        self_update: bool = true,
        /// The images that run the stages.
        images: Images = {},
        /// Makes an image without a version tag or digest an error (`unpinned-image`); `latest` is no version.
        pin_images: bool = false,
        /// What the pipeline's objects are called.
        names: Names = {},
        /// Where the build's artifacts are kept.
        artifacts: Artifacts = {},
        /// Where Argo runs.
        argo: Argo = {},
        /// How GitHub reaches the pipeline.
        event_source: EventSource = {},
        /// How pods become their IAM role.
        identity: Identity = "irsa",
        /// What the build may do in AWS beyond writing artifacts; the same goes for tests and steps without `permissions`
        /// of their own.
        permissions: Vec<Spanned<Statement>> = [],
        /// The ARN of the policy that is the permissions boundary of every role.
        permissions_boundary: Option<PolicyArn> = none,
        /// The qualifier of the CDK bootstrap: it names the roles that deployments may assume, in exactly the accounts
        /// and regions of the script.
        cdk_qualifier: CdkQualifier = "hnb659fds",
        /// Where the Secrets that `secret(…)` names come from.
        secret_store: SecretStore = "kubernetes",
        /// Whether runs of this pipeline wait for each other.
        concurrency: Concurrency = "queue",
        /// Where notifications go when a run ended.
        notifications: Vec<Spanned<Notification>> = [],
        /// How long the whole run may take, the time that approvals wait included: it must be longer than all of them
        /// together (`short-timeout`).
        timeout: Option<Duration> = none "no limit",
        /// How long finished runs stay in the cluster.
        retention: Option<Duration> = none "as Argo is set up",
        /// What every container asks of its node, unless its own `resources` say otherwise.
        resources: PipelineResources = {},
        /// Labels that are added to every object.
        labels: Table<LabelKey, LabelValue> = {},
        /// Annotations that are added to every object.
        annotations: Table<AnnotationKey, Line> = {},
    }
}

/// What `pipeline(…)` returns.
pub type Pipeline = Item<Name, PipelineKeys>;

impl Keys for PipelineKeys {
    const FUNCTION: &'static str = "pipeline";
}

/// A key of a Secret: the Secret's name, then the key.
pub type SecretKeyRef = (String, String);

impl Pipeline {
    /// Every environment, in the order of the stages.
    pub fn environments(&self) -> Vec<&Arc<Environment>> {
        let mut found = Vec::new();
        collect(&self.stages, &mut found);
        found
    }

    /// The Secret that registers the webhook.
    pub fn token(&self) -> SecretKeyRef {
        self.github_secret(self.source.token.node.as_ref(), "token")
    }

    /// The Secret that signs GitHub's deliveries.
    pub fn webhook_secret(&self) -> SecretKeyRef {
        self.github_secret(self.source.webhook_secret.node.as_ref(), "webhook-secret")
    }

    /// The ServiceAccount of the pipeline-deployment stage.
    pub fn updater_service_account(&self) -> String {
        format!("{}-updater", self.name.as_str())
    }

    /// The IAM role of the pipeline-deployment stage.
    pub fn updater_role(&self) -> String {
        format!("{}-{}-updater", self.name.as_str(), self.region.as_str())
    }

    /// The ConfigMap that holds the last commit that succeeded in each environment that can be rolled back.
    pub fn last_good(&self) -> String {
        format!("{}-last-good", self.name.as_str())
    }

    /// The ServiceAccount of the Sensor's pod, in the events namespace.
    pub fn sensor_service_account(&self) -> &str {
        self.names.sensor.as_str()
    }

    /// The ServiceAccount of the EventSource's pod, in the events namespace.
    pub fn event_source_service_account(&self) -> &str {
        self.names.event_source.as_str()
    }

    /// The Service that GitHub's deliveries come through. Not `<event source>-eventsource-svc`, which is Argo Events' own.
    pub fn service(&self) -> String {
        format!("{}-webhook", self.names.event_source.as_str())
    }

    /// The path of the webhook; each pipeline has its own, so that several can share a host.
    pub fn webhook_path(&self) -> String {
        format!("/{}/push", self.name.as_str())
    }

    /// Names that are made from others and that no key changes: what they name, the name, its limit, and the place of
    /// the name that it is made from.
    pub fn derived_names(&self) -> Vec<(&'static str, String, usize, Span)> {
        let (own, events) = (self.name.span, self.events());
        let mut names = vec![
            ("the updater's ServiceAccount", self.updater_service_account(), 63, own),
            ("the updater's IAM role", self.updater_role(), 64, own),
            ("the webhook's Service", self.service(), 63, self.names.event_source.span),
        ];
        names.extend(events.iter().map(|event| (event.sensor(), self.sensor(*event), 63, self.names.sensor.span)));
        if events.contains(&Event::PullRequest) {
            let prefix = self.workflow_prefix(Event::PullRequest);
            names.push(("the WorkflowTemplate of pull requests", self.pull_request_template(), 63, own));
            names.push(("the workflow prefix of pull requests", prefix, 58, self.names.workflow_prefix.span));
        }
        if self.has_plain_worker() {
            let account = self.pull_request_worker().service_account.into_owned();
            names.push(("the ServiceAccount of pull requests", account, 63, own));
        }
        names
    }

    fn github_secret(&self, given: Option<&Ref<Secret>>, key: &str) -> SecretKeyRef {
        match given {
            Some(secret) => (secret.name.as_str().to_owned(), secret.key.as_str().to_owned()),
            None => (format!("{}-github", self.name.as_str()), key.to_owned()),
        }
    }
}

fn collect<'a>(stages: &'a [Spanned<Stage>], found: &mut Vec<&'a Arc<Environment>>) {
    for stage in stages {
        match &stage.node {
            Stage::Environment(environment) => found.push(environment),
            Stage::Wave(wave) => collect(&wave.stages, found),
            Stage::Step(_) | Stage::Approval(_) => {}
        }
    }
}
