//! aphex: a short script becomes the files that deliver an AWS CDK application with Argo.
//!
//! This is the interpreter as a library, for a platform team's own command, a service that checks scripts, an editor, a
//! test. The command `aphex` is `cli`, which is left out with `default-features = false`.
//!
//! ```
//! use aphex::{Interpreter, Script};
//!
//! let script = Script::new("pipeline.aphex", r#"
//!     let app = stack("AppStack", "lib/app-stack.ts");
//!     let dev = environment("dev", #{ account: "111111111111", region: "eu-west-1", stacks: [app] });
//!     pipeline("my-app", #{ cluster: "pipelines", account: "999999999999", region: "eu-west-1",
//!                           source: github("my-org/my-app"), stages: [dev] });
//! "#);
//! let evaluation = Interpreter::default().evaluate(&script);
//! evaluation.problems().for_each(|problem| println!("{problem}"));
//! for artifact in evaluation.outputs.iter().flat_map(|output| &output.artifacts) {
//!     println!("{}: {} bytes", artifact.path, artifact.contents().len());
//! }
//! # assert_eq!(evaluation.outputs[0].artifacts.len(), 6);
//! ```
//!
//! - [`Interpreter`] evaluates a [`Script`] and gives an [`Evaluation`]: the typed [`records`], the problems as data, the
//!   files in memory. It may be used from many threads at once; [`Cancellation`] ends an evaluation from outside.
//! - [`Builder`] makes another interpreter: a [`Host`] for files, [`Limits`], parameters, and what an embedder adds to the
//!   language: functions, modules, kinds of problems, rules, emitters. [`declare`] has what functions and records are
//!   declared with, [`config!`], [`choices!`] and [`text!`] declare them.
//! - [`Session`] keeps the texts of a project between evaluations, as an editor or a watcher needs it.
//! - [`language`] is the reference of the language as data, with what an embedder added: for documentation, completion
//!   and hovers.
//!
//! Everything that a script says is untrusted: it reads nothing but modules through the host, and it cannot take more
//! than the limits.
//!
//! # How it is built
//!
//! A script becomes values, values become a model, the model becomes files; anything that goes wrong becomes a
//! [`Diagnostic`]. The floors below are private, stand in this order, and each uses only those above it;
//! `docs/architecture.md` tells the whole story.
//!
//! 1. `source`: texts, places in them, and the [`Host`] that reads files.
//! 2. `diagnostic`: problems as data, and the table of their codes.
//! 3. `syntax`: a lexer and a resilient parser with a lossless tree, which says what stands where. `format` gives such a
//!    text its one style.
//! 4. `schema`: what a declaration is: records, keys, kinds of value, and the reading of values against them.
//! 5. `stdlib`: the texts of the standard library, which is written in the language.
//! 6. `model`: the records of the language, each declared once, and the functions that a script calls.
//! 7. `eval` runs the script in a cage, `check` holds rules across records, `emit` makes files, and `reference` describes
//!    the language out of its declarations.
//! 8. `compile`: the four steps one after the other; `interpreter` is what embedders see of it.
//! 9. With the feature `cli`: `simulate` and `event` say what Argo and Argo Events would do with what was emitted,
//!    `import` and `init` make scripts and `draft` lays them out, `report` writes problems as text or data, `graph` draws
//!    what a pipeline will do, `diff` says what is different between two outputs, `ide` answers what an editor asks, `lsp`
//!    is the language server, `playground` answers a page, and `cli` is the command. WebAssembly is without the last and `lsp`.

#![forbid(unsafe_code)]
#![cfg_attr(
    any(not(feature = "internals"), target_family = "wasm"),
    allow(
        unreachable_pub,
        dead_code,
        unused_imports,
        reason = "the commands and the tests use more of a floor than an embedder does"
    )
)]

#[cfg(all(feature = "cli", not(target_family = "wasm")))]
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
mod ide;
#[cfg(all(feature = "cli", feature = "internals"))]
pub mod ide;
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
#[cfg(all(feature = "cli", not(feature = "internals"), not(target_family = "wasm")))]
mod lsp;
#[cfg(all(feature = "cli", feature = "internals", not(target_family = "wasm")))]
pub mod lsp;
#[cfg(not(feature = "internals"))]
mod model;
#[cfg(feature = "internals")]
pub mod model;
#[cfg(all(feature = "cli", not(feature = "internals")))]
mod playground;
#[cfg(all(feature = "cli", feature = "internals"))]
pub mod playground;
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

/// Runs what the guide for embedders and the README show.
#[cfg(doctest)]
#[doc = include_str!("../docs/embedding.md")]
#[doc = include_str!("../README.md")]
struct Guides;

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

/// The reference of the language as data, as Markdown and as JSON Schema: what a page, a hover or a completion has to say.
///
/// ```
/// use aphex::Interpreter;
/// use aphex::language::{Part, page};
///
/// let reference = Interpreter::default().reference();
/// let found = reference.find("environment.account");
/// assert!(matches!(found[..], [Part::Key("environment", key)] if key.required));
/// assert!(page(&reference, found[0]).contains("an AWS account id"));
/// ```
pub mod language {
    pub use crate::reference::{
        Choice, Constant, Default, Function, Key, Method, Module, ModuleFunction, Page, Parameter, Part, Problem,
        Record, Reference, Signature, TextForm, Type, Words, document, page, pages, part_schema, pipeline_schema,
    };
}

/// The typed records of the language: what a script declared, as [`Project::pipelines`](crate::Project) holds it.
pub mod records {
    pub use crate::model::{
        AccountId, Action, AnnotationKey, Approval, ApprovalKeys, Argo, Artifacts, BucketName, Build, CdkQualifier,
        CfnStackName, Cluster, ClusterName, Command, Concurrency, ConditionOperator, Conditions, Cycle, Deploy,
        DeployMode, Duration, Effect, Endpoint, Environment, EnvironmentKeys, EnvironmentVariable, Event, EventSource,
        EventSourceName, ExportPrefix, Flow, Gate, GateTask, Github, GithubKeys, Glob, Header, Identity, IdentityKind,
        ImageRef, Images, Item, Keys, LabelKey, LabelValue, Line, Message, Moment, Name, Names, Notification,
        ObjectName, Parameters, Partition, PermissionResource, Pipeline, PipelineKeys, PipelineResources, PolicyArn,
        Port, Purpose, Quantity, Region, RepoPath, Repository, Resources, Retention, Retries, RoleName, Rollback,
        Secret, SecretKey, SecretKeyRef, SecretPurpose, SecretStore, SecretUse, Secrets, ServiceType, Slack, SlackKeys,
        Stack, StackIndex, StackKeys, StackName, StackRef, Stage, Statement, Step, StepKeys, StoreKind, StoreName,
        Tests, Trigger, Url, Validate, VariableValue, Variables, Wave, Webhook, WebhookKeys, Worker, WorkflowPrefix,
    };
}
