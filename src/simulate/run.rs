//! The result of a simulation, as data.

use serde::Serialize;

/// How a task ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Phase {
    /// It ran, and well.
    Succeeded,
    /// It ran and failed.
    Failed,
    /// It could not run, or was lost.
    Error,
    /// Its turn came, and its condition did not hold.
    Skipped,
    /// What it waits for did not end as it needs.
    Omitted,
}

impl Phase {
    /// Argo's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Succeeded => "Succeeded",
            Self::Failed => "Failed",
            Self::Error => "Error",
            Self::Skipped => "Skipped",
            Self::Omitted => "Omitted",
        }
    }

    /// Whether it ran. Argo's `Completed`: a task that was skipped or omitted is fulfilled, not completed.
    pub fn ran(self) -> bool {
        !matches!(self, Self::Skipped | Self::Omitted)
    }

    /// Whether it went wrong.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failed | Self::Error)
    }
}

/// What a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// It runs a container, or changes an object of the cluster.
    Task,
    /// It waits for a person.
    Approval,
    /// It is made of tasks of its own, as a rollback that deploys.
    Group,
    /// It is there because one graph has no room for all: the tasks in it are known by their names as any others.
    Graph,
}

/// What became of one task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskRun {
    /// Its name; what belongs to a group stands behind the group's name, as in `rollback-dev/redeploy`.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The group or the graph that it is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// How it ended.
    pub phase: Phase,
    /// Whether it ran at all.
    pub started: bool,
    /// When it ran, from 1: tasks of one wave run side by side, as if every task took the same time.
    pub wave: Option<usize>,
    /// What an approval answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
}

/// What became of the exit handler.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExitHandler {
    /// How it ended.
    pub phase: Phase,
    /// Its tasks, in the order in which they ran.
    pub tasks: Vec<TaskRun>,
}

/// A whole run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    /// How it ends.
    pub phase: Phase,
    /// Its tasks, in the order in which they ran or were passed over.
    pub tasks: Vec<TaskRun>,
    /// What ran after it, however it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_handler: Option<ExitHandler>,
}

impl Run {
    /// What became of the task of that name.
    pub fn task(&self, name: &str) -> Option<&TaskRun> {
        let handler = self.exit_handler.iter().flat_map(|handler| &handler.tasks);
        self.tasks.iter().chain(handler).find(|task| task.name == name)
    }
}
