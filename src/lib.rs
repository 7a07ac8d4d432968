//! aphex: a short script becomes the files that deliver an AWS CDK application with Argo.
//!
//! A script becomes values, values become a model, the model becomes files; anything that goes wrong becomes a
//! [`Diagnostic`](diagnostic::Diagnostic). The modules stand in that order, and each uses only those above it:
//!
//! 1. [`source`]: texts, places in them, and the [`Host`](source::Host) that reads files.
//! 2. [`diagnostic`]: problems as data, and the table of their codes.
//! 3. [`syntax`]: a lexer and a resilient parser with a lossless tree, which says what stands where.
//!    [`mod@format`] gives such a text its one style.
//! 4. [`schema`]: what a declaration is: records, keys, kinds of value, and the reading of values against them.
//! 5. [`model`]: the records of the language, each declared once, and the functions that a script calls.
//! 6. [`stdlib`]: the texts of the standard library, which is written in the language.
//! 7. [`eval`] runs the script in a cage, [`check`] holds rules across records, [`emit`] makes files, and
//!    [`mod@reference`] describes the language out of its declarations.
//! 8. [`simulate`] says what Argo would do with an emitted WorkflowTemplate; it knows none of the above but problems.
//!    [`event`] says what Argo Events would do with a delivery of GitHub, in the same way.
//! 9. [`compile`](mod@compile): the four steps one after the other.
//! 10. [`import`] makes a script of the original system's configuration, [`init`] one of what a project's files say, and
//!     [`draft`] lays both out.
//! 11. [`report`] writes problems as text or data; [`graph`] is what a pipeline will do, as data and pictures; [`diff`]
//!     says what is different between two outputs, by meaning; [`cli`] is the command.

#![cfg_attr(
    not(feature = "internals"),
    allow(
        unreachable_pub,
        dead_code,
        unused_imports,
        reason = "the commands and the tests use more of a floor than an embedder does"
    )
)]

#[cfg(feature = "cli")]
pub mod cli;

pub use compile::{Evaluation, Output};
pub use diagnostic::{Code, Diagnostic, Label, Located, OwnCode, Position, Severity, Sink};
pub use emit::{Artifact, CloudFormation, Document, Emission, Emitter, Format, Kubernetes};
pub use eval::{Cancellation, Cancelled, Limits};
pub use interpreter::{BuildError, Builder, Interpreter, Script, Session};
pub use model::Project;
pub use source::{
    DiskHost, Host, LineColumn, MemoryHost, Origin, ReadError, Source, SourceId, SourceMap, Span, Spanned,
};

#[cfg(not(feature = "internals"))]
mod check;
#[cfg(feature = "internals")]
pub mod check;
#[cfg(not(feature = "internals"))]
mod compile;
#[cfg(feature = "internals")]
pub mod compile;
#[cfg(not(feature = "internals"))]
mod diagnostic;
#[cfg(feature = "internals")]
pub mod diagnostic;
#[cfg(all(feature = "cli", not(feature = "internals")))]
mod diff;
#[cfg(all(feature = "cli", feature = "internals"))]
pub mod diff;
#[cfg(all(feature = "cli", not(feature = "internals")))]
mod draft;
#[cfg(all(feature = "cli", feature = "internals"))]
pub mod draft;
#[cfg(not(feature = "internals"))]
mod emit;
#[cfg(feature = "internals")]
pub mod emit;
#[cfg(not(feature = "internals"))]
mod eval;
#[cfg(feature = "internals")]
pub mod eval;
#[cfg(all(feature = "cli", not(feature = "internals")))]
mod event;
#[cfg(all(feature = "cli", feature = "internals"))]
pub mod event;
#[cfg(not(feature = "internals"))]
mod format;
#[cfg(feature = "internals")]
pub mod format;
#[cfg(all(feature = "cli", not(feature = "internals")))]
mod graph;
#[cfg(all(feature = "cli", feature = "internals"))]
pub mod graph;
#[cfg(all(feature = "cli", not(feature = "internals")))]
mod import;
#[cfg(all(feature = "cli", feature = "internals"))]
pub mod import;
#[cfg(all(feature = "cli", not(feature = "internals")))]
mod init;
#[cfg(all(feature = "cli", feature = "internals"))]
pub mod init;
#[cfg(not(feature = "internals"))]
mod interpreter;
#[cfg(feature = "internals")]
pub mod interpreter;
#[cfg(not(feature = "internals"))]
mod model;
#[cfg(feature = "internals")]
pub mod model;
#[cfg(not(feature = "internals"))]
mod reference;
#[cfg(feature = "internals")]
pub mod reference;
#[cfg(all(feature = "cli", not(feature = "internals")))]
mod report;
#[cfg(all(feature = "cli", feature = "internals"))]
pub mod report;
#[cfg(not(feature = "internals"))]
mod schema;
#[cfg(feature = "internals")]
pub mod schema;
#[cfg(all(feature = "cli", not(feature = "internals")))]
mod simulate;
#[cfg(all(feature = "cli", feature = "internals"))]
pub mod simulate;
#[cfg(not(feature = "internals"))]
mod source;
#[cfg(feature = "internals")]
pub mod source;
#[cfg(not(feature = "internals"))]
mod stdlib;
#[cfg(feature = "internals")]
pub mod stdlib;
#[cfg(not(feature = "internals"))]
mod syntax;
#[cfg(feature = "internals")]
pub mod syntax;

/// What functions and records of an embedder's are declared with: the same that those of the language are.
pub mod declare {
    pub use crate::model::{Function, Invocation, OneOrMany, Own, Param, Ref, Returned};
    pub use crate::schema::{
        Choice, Config, Declared, Default, Field, Fields, Form, FromConfig, Kind, NonEmpty, Object, Reader, Record,
        Table, Text, Value,
    };

    /// What the macros need where they are used.
    #[doc(hidden)]
    pub mod hidden {
        pub use serde::{Serialize, Serializer};

        pub use crate::schema::config::{Literal, key, serialize_entries};
    }
}

/// The reference of the language as data: what a page, a hover or a completion has to say.
pub mod language {
    pub use crate::reference::{
        Choice, Constant, Default, Function, Key, Method, Module, ModuleFunction, Parameter, Problem, Record,
        Reference, Signature, TextForm, Type, Words,
    };
}

/// The typed records of the language: what a script declared, as [`Project::pipelines`](crate::Project) holds it.
pub mod records {
    pub use crate::model::{
        AccountId, Action, AnnotationKey, Approval, ApprovalKeys, Argo, Artifacts, BucketName, Build, CdkQualifier,
        CfnStackName, Cluster, ClusterName, Command, Concurrency, Conditions, Cycle, Deploy, DeployMode, Duration,
        Effect, Endpoint, Environment, EnvironmentKeys, EnvironmentVariable, Event, EventSource, EventSourceName,
        ExportPrefix, Flow, Gate, GateTask, Github, GithubKeys, Glob, Header, Identity, IdentityKind, ImageRef, Images,
        Item, Keys, LabelKey, LabelValue, Line, Message, Moment, Name, Names, Notification, ObjectName, Parameters,
        Partition, PermissionResource, Pipeline, PipelineKeys, PipelineResources, PolicyArn, Port, Quantity, Region,
        RepoPath, Repository, Resources, Retention, Retries, RoleName, Rollback, Secret, SecretKey, SecretKeyRef,
        SecretStore, Secrets, ServiceType, Slack, SlackKeys, Stack, StackIndex, StackKeys, StackName, StackRef, Stage,
        Statement, Step, StepKeys, StoreKind, StoreName, Tests, Trigger, Url, Validate, VariableValue, Variables, Wave,
        Webhook, WebhookKeys, WorkflowPrefix,
    };
}
