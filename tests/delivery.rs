//! Walks the delivery of every example through every single failure, and holds what must be true of each. What happens
//! stands in `tests/delivery/<example>.txt`; `APHEX_UPDATE=1` rewrites it.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

mod depends;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use aphex::compile::{Options, Output, compile};
use aphex::emit::{Artifact, Format};
use aphex::simulate::{Kind, Outcome, Phase, Run, Scenario, TaskName, Workflow};
use aphex::source::{DiskHost, Host};
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

/// With more tasks than this only a summary is written.
const READABLE: usize = 24;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names = |folder: &str| {
        let entries = std::fs::read_dir(root.join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<BTreeSet<_>>()
    };
    let examples = names("examples").into_iter().map(|name| (format!("examples/{name}/pipeline.aphex"), name));
    let own = names("tests/delivery").into_iter().filter_map(|name| {
        let own = name.strip_suffix(".aphex").map(str::to_owned)?;
        Some((format!("tests/delivery/{name}"), own))
    });
    let scripts = examples.chain(own).filter(|(path, _)| root.join(path).exists());
    let trials = scripts.map(|(path, name)| Trial::test(name.clone(), move || script(&path, &name)));
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

fn script(path: &str, name: &str) -> Result<(), Failed> {
    let mut text = String::new();
    let mut wrong = Vec::new();
    for output in outputs(path)? {
        for (title, value) in workflows(&output) {
            text.push_str(&Delivery::new(&value)?.walk(&title, &mut wrong));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/delivery").join(format!("{name}.txt"));
    if std::env::var_os("APHEX_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    if !wrong.is_empty() {
        return Err(wrong.join("\n").into());
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    if there == text { Ok(()) } else { Err(format!("not as in {}; see `APHEX_UPDATE=1`", path.display()).into()) }
}

fn outputs(path: &str) -> Result<Vec<Output>, Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let host: Arc<dyn Host> = Arc::new(DiskHost::new(root).unwrap());
    let bytes = std::fs::read(root.join(path)).unwrap();
    let compiled = compile(&host, path, path, bytes, &Options { format: Format::Json, ..Options::default() });
    let messages: Vec<&str> = compiled.diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect();
    if compiled.has_errors() { Err(messages.join("\n").into()) } else { Ok(compiled.outputs) }
}

/// Every WorkflowTemplate of a pipeline with its name.
fn workflows(output: &Output) -> Vec<(String, Value)> {
    let documents = output.artifacts.iter().flat_map(Artifact::documents);
    let templates = documents.filter(|document| document.kind == "WorkflowTemplate");
    let values = templates.map(|document| serde_json::from_str::<Value>(document.text).unwrap());
    values.map(|value| (value["metadata"]["name"].as_str().unwrap().to_owned(), value)).collect()
}

struct Delivery {
    workflow: Workflow,
    tasks: Vec<TaskName>,
    good: Run,
    /// For each task all those that wait for it, however far on; those of a graph that waits too.
    later: BTreeMap<String, BTreeSet<String>>,
}

/// A task that is there for when something goes wrong.
fn answers(name: &str) -> bool {
    name.starts_with("rollback-") || name.starts_with("reject-")
}

impl Delivery {
    fn new(value: &Value) -> Result<Self, Failed> {
        let workflow = Workflow::read(value)?;
        let good = workflow.simulate(&Scenario::default())?;
        Ok(Self { tasks: workflow.tasks(), later: depends::later(value), workflow, good })
    }

    fn walk(&self, title: &str, wrong: &mut Vec<String>) -> String {
        self.well(title, wrong);
        let mut rows = vec![row("all goes well", &self.good)];
        for TaskName { name, kind } in self.tasks.iter().filter(|task| task.kind != Kind::Graph) {
            let outcomes: &[Outcome] = match kind {
                Kind::Approval => &[Outcome::Fail, Outcome::Error, Outcome::Reject, Outcome::TimeOut, Outcome::Resume],
                _ => &[Outcome::Fail, Outcome::Error],
            };
            for outcome in outcomes {
                let run = self.workflow.simulate(&Scenario::single(name, *outcome)).unwrap();
                let what = format!("{name} {}", word(*outcome));
                if self.ran_well(name) {
                    self.holds(name, &run)
                        .into_iter()
                        .for_each(|fault| wrong.push(format!("{title}: {what}: {fault}")));
                    rows.push(row(&what, &run));
                }
                self.rolled_back(name, *outcome, &run, &mut rows, title, wrong);
            }
        }
        self.table(title, &rows)
    }

    /// With no failure, the run ends well, and everything ran but the answers to failures.
    fn well(&self, title: &str, wrong: &mut Vec<String>) {
        if self.good.phase != Phase::Succeeded {
            wrong.push(format!("{title}: all goes well: the run ends {}", self.good.phase.name()));
        }
        for task in self.good.tasks.iter().filter(|task| !task.name.contains('/')) {
            if task.started == answers(&task.name) {
                wrong.push(format!("{title}: all goes well: `{}` is {}", task.name, task.phase.name()));
            }
        }
    }

    fn ran_well(&self, name: &str) -> bool {
        self.good.task(name).is_some_and(|task| task.started)
    }

    /// What must be true where only the task of that name goes wrong.
    fn holds(&self, name: &str, run: &Run) -> Vec<String> {
        let mut faults = Vec::new();
        let handler = run.exit_handler.iter().flat_map(|handler| &handler.tasks).any(|task| task.name == name);
        // A notification that goes wrong changes nothing.
        if run.phase.is_failure() == handler {
            faults.push(format!("the run ends {}", run.phase.name()));
        }
        let later = self.later.get(name).cloned().unwrap_or_default();
        for task in run.tasks.iter().filter(|task| !task.name.contains('/') && task.kind != Kind::Graph) {
            let after = later.contains(&task.name);
            if after && task.started && !answers(&task.name) {
                faults.push(format!("`{}` ran", task.name));
            }
            if !after && !task.started && !answers(&task.name) {
                faults.push(format!("`{}`, which does not wait for it, did not run", task.name));
            }
        }
        for kind in ["deploy-", "test-"] {
            let back = name.strip_prefix(kind).and_then(|environment| run.task(&format!("rollback-{environment}")));
            if back.is_some_and(|back| !back.started) {
                faults.push("it was not rolled back".to_owned());
            }
        }
        let mut handled = run.exit_handler.iter().flat_map(|handler| &handler.tasks);
        let unhandled = handled.any(|task| task.phase == Phase::Omitted);
        if unhandled {
            faults.push("the exit handler did not run".to_owned());
        }
        faults
    }

    /// A rollback that goes wrong too, or has nothing to go back to, changes nothing in how the run ends.
    fn rolled_back(
        &self,
        name: &str,
        outcome: Outcome,
        run: &Run,
        rows: &mut Vec<(String, Run)>,
        title: &str,
        wrong: &mut Vec<String>,
    ) {
        let back = run
            .tasks
            .iter()
            .filter(|task| task.started && task.name.starts_with("rollback-") && !task.name.contains('/'));
        for task in back {
            let mut both = Scenario::single(name, outcome);
            both.outcomes.insert(task.name.clone(), Outcome::Fail);
            let run = self.workflow.simulate(&both).unwrap();
            let what = format!("{name} {}, {} fails", word(outcome), task.name);
            self.holds(name, &run).into_iter().for_each(|fault| wrong.push(format!("{title}: {what}: {fault}")));
            if outcome == Outcome::Fail {
                rows.push(row(&what, &run));
            }
            let first =
                Scenario { first_releases: self.workflow.environments().clone(), ..Scenario::single(name, outcome) };
            let run = self.workflow.simulate(&first).unwrap();
            self.holds(name, &run)
                .into_iter()
                .for_each(|fault| wrong.push(format!("{title}: {what}, first release: {fault}")));
        }
    }

    fn table(&self, title: &str, rows: &[(String, Run)]) -> String {
        if self.tasks.len() > READABLE {
            return summary(title, rows);
        }
        let mut lines = vec![format!("# {title}\n\n")];
        for (what, run) in rows {
            let ran = run.tasks.iter().filter(|task| task.kind != Kind::Graph && !task.name.contains('/'));
            let (ran, not): (Vec<_>, Vec<_>) = ran.partition(|task| task.started);
            let mark = |phase: Phase| match phase {
                Phase::Failed => " FAILED",
                Phase::Error => " ERROR",
                _ => "",
            };
            let ran: Vec<String> = ran.iter().map(|task| format!("{}{}", task.name, mark(task.phase))).collect();
            let not: Vec<&str> = not.iter().map(|task| task.name.as_str()).collect();
            lines.push(format!("{what}: the run ends {}\n  ran      {}\n", run.phase.name(), ran.join(", ")));
            if !not.is_empty() {
                lines.push(format!("  did not  {}\n", not.join(", ")));
            }
            if let Some(handler) = &run.exit_handler {
                let names: Vec<&str> =
                    handler.tasks.iter().filter(|task| task.started).map(|task| task.name.as_str()).collect();
                lines.push(format!("  then     {}\n", names.join(", ")));
            }
            lines.push("\n".to_owned());
        }
        lines.concat()
    }
}

/// Of a large delivery: how many tasks ran, which rollbacks, and how the run ends.
fn summary(title: &str, rows: &[(String, Run)]) -> String {
    let widest = rows.iter().map(|(what, _)| what.len()).max().unwrap_or(0);
    let mut lines = vec![format!("# {title}\n\n")];
    for (what, run) in rows {
        let tasks = run.tasks.iter().filter(|task| task.kind != Kind::Graph && !task.name.contains('/'));
        let ran: Vec<&str> = tasks.filter(|task| task.started).map(|task| task.name.as_str()).collect();
        let answered: Vec<&str> = ran.iter().copied().filter(|name| answers(name)).collect();
        let answered = if answered.is_empty() { String::new() } else { format!("  {}", answered.join(", ")) };
        lines.push(format!("{what:widest$}  {:9}  {:>3} ran{answered}\n", run.phase.name(), ran.len()));
    }
    lines.push("\n".to_owned());
    lines.concat()
}

fn row(what: &str, run: &Run) -> (String, Run) {
    (what.to_owned(), run.clone())
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Fail => "fails",
        Outcome::Error => "is lost",
        Outcome::Reject => "is refused",
        Outcome::TimeOut => "times out",
        Outcome::Resume => "is resumed",
    }
}
