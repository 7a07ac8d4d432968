//! What a pipeline will do, before anything runs: the order of its tasks as data, and one picture of it a file.
//!
//! [`Graph::of`] says what the emitted WorkflowTemplate makes Argo do. Every name of a task is the WorkflowTemplate's.
//! A picture is made from the graph alone, and makes the texts of others harmless where it is shown.

mod build;
mod dot;
mod mermaid;
mod svg;
mod tree;
mod words;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;
pub use tree::tree;

/// The delivery of one pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    /// The pipeline's name.
    pub pipeline: String,
    /// What starts a run.
    pub source: Source,
    /// Where it runs.
    pub cluster: Cluster,
    /// What a run does, in order: each waits until all of the one before it has succeeded.
    pub nodes: Vec<Node>,
    /// Who is told when a run has ended.
    pub notices: Vec<Notice>,
}

/// The repository that starts runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// As `owner/name`.
    pub repository: String,
    /// Patterns of the branches whose pushes deliver.
    pub branches: Vec<String>,
    /// Patterns of the tags whose pushes deliver.
    pub tags: Vec<String>,
    /// Patterns of the paths that a push to a branch must touch; none where it may touch any.
    pub paths: Vec<String>,
    /// The tasks that a pull request runs, in order; empty where pull requests start nothing.
    pub pull_request: Vec<String>,
}

/// The cluster that runs the pipeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Its name.
    pub name: String,
    /// The account that it is in.
    pub account: String,
    /// The region that it is in.
    pub region: String,
}

/// A part of a run. A step that no push runs is no part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// One task: validation, build, the pipeline's own update, or a step of the user's.
    Task(String),
    /// Waits for a person.
    Gate(Gate),
    /// A deployment target with everything that belongs to it.
    Environment(Box<Environment>),
    /// At least two parts, each after the one before it. Stands in a [`Node::Parallel`] alone.
    Sequence(Vec<Node>),
    /// At least two parts side by side. When one fails the others finish, and nothing after them starts.
    Parallel(Vec<Node>),
}

/// A place in a run that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// The task that waits.
    pub task: String,
    /// The task that fails where nobody approved. What comes later waits for it.
    pub rejection: String,
    /// What the person is asked.
    pub message: String,
    /// How long it waits, in seconds.
    pub seconds: i64,
}

/// A deployment target. Its fields run in the order in which they stand here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// The AWS account, twelve digits.
    pub account: String,
    /// The AWS region.
    pub region: String,
    /// The gate before it.
    pub gate: Option<Gate>,
    /// Steps before the deployment.
    pub before: Vec<String>,
    /// The deployment. The failure of it, or of what follows, is answered by the rollback.
    pub deploy: Deploy,
    /// Steps after the deployment.
    pub after: Vec<String>,
    /// The task that tests what was deployed.
    pub test: Option<String>,
    /// Steps after the tests.
    pub verify: Vec<String>,
    /// What answers a failure.
    pub rollback: Option<Rollback>,
}

/// How the stacks of an environment are deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deploy {
    /// One task for all of them.
    Together {
        /// The task.
        task: String,
        /// The stacks, in the order of their deployment.
        stacks: Vec<String>,
    },
    /// A task a stack. Those that do not wait for each other run side by side.
    PerStack(Vec<Stack>),
}

/// A stack with a task of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// The task.
    pub task: String,
    /// The stack's name.
    pub name: String,
    /// The places, among the stacks of its environment, of those that it waits for. All are before its own.
    pub after: Vec<usize>,
}

/// What answers the failure of an environment. It runs where its deployment, or something after that, failed; the run
/// has failed all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollback {
    /// The task that answers.
    pub task: String,
    /// The task that notes the commit where all went well. What comes later waits for it.
    pub record: String,
    /// What the answer is.
    pub answer: Answer,
}

/// What a rollback does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It deploys the last commit that succeeded there; on the first release there is none, and it does nothing.
    Redeploy,
    /// It runs these lines of shell.
    Commands(Vec<String>),
    /// It runs the step of that name.
    Step(String),
}

/// Who is told how a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Where the message goes.
    pub to: Channel,
    /// Whether it follows a run that succeeded.
    pub success: bool,
    /// Whether it follows a run that failed.
    pub failure: bool,
}

/// Where a message goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Channel {
    /// To Slack.
    Slack,
    /// To an address of the user's: its host, where the script names it. The rest may be a secret.
    Webhook(Option<String>),
}
