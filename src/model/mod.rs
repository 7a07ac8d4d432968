//! The typed records of the language, each declared once, and what belongs to all of them together.

mod approval;
mod aws;
mod calls;
mod container;
mod environment;
mod event;
mod functions;
mod github;
mod identity;
mod invocation;
mod item;
mod kubernetes;
mod language;
mod notification;
mod order;
mod permission;
mod pipeline;
mod project;
mod region;
mod secret;
mod secret_use;
mod stack;
mod stage;
mod step;
mod tasks;
mod words;
mod written;

pub use approval::{Approval, ApprovalKeys, Gate};
pub use aws::{AccountId, BucketName, CdkQualifier, CfnStackName, ExportPrefix, PolicyArn, RoleName};
pub use container::{
    Build, DEPLOYER, Deploy, DeployMode, Duration, EnvironmentVariable, ImageRef, Images, PipelineResources, Quantity,
    Resources, Retries, Secrets, Tests, VariableValue, Variables,
};
pub use environment::{Environment, EnvironmentKeys, Rollback};
pub use event::Event;
pub use functions::{Call, Function, Method, Param, Session};
pub use github::{Github, GithubKeys, Glob, Repository};
pub use identity::{Purpose, Worker};
pub use invocation::{Invocation, Own};
pub use item::{Item, Keys, OneOrMany, Ref, Returned};
pub use kubernetes::{
    AnnotationKey, ClusterName, EventSourceName, LabelKey, LabelValue, ObjectName, Port, WorkflowPrefix,
};
pub use language::{FUNCTIONS, Language, METHODS};
pub use notification::{Endpoint, Header, Moment, Slack, SlackKeys, Webhook, WebhookKeys};
pub use order::{Cycle, StackIndex};
pub use permission::{Action, ConditionOperator, Conditions, Effect, PermissionResource, Statement};
pub use pipeline::{
    Argo, Artifacts, Cluster, Concurrency, EventSource, Identity, IdentityKind, Names, Notification, Pipeline,
    PipelineKeys, Retention, SecretKeyRef, SecretStore, ServiceType, StoreKind, StoreName, Validate,
};
pub use project::{Parameters, Project};
pub use region::{Partition, Region};
pub use secret::{Secret, SecretKey};
pub use secret_use::{SecretPurpose, SecretUse};
pub use stack::{Stack, StackKeys, StackName, StackRef};
pub use stage::{Flow, Stage, Wave};
pub use step::{Step, StepKeys, Trigger};
pub use tasks::{GateTask, TaskNames};
pub use words::{Command, Line, Message, Name, RepoPath, Url};
