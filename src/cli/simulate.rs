//! `aphex simulate`: what would run, and how the run would end.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::args::{AnswerFormat, Global};
use super::params::Parameters;
use super::script::Script;
use super::{Exit, Failure, screen};
use crate::compile::{Options, Output};
use crate::emit::{Artifact, Format};
use crate::interpreter::Interpreter;
use crate::report::Style;
use crate::simulate::{Error, ExitHandler, Kind, Outcome, Phase, Run, Scenario, TaskRun, Workflow};

/// Show which tasks run, in what order, and how the run ends, by Argo's rules
///
/// Nothing is run and nothing is asked: the emitted WorkflowTemplate is walked as Argo's controller walks it. What is not
/// named goes well, and every approval is given. Tasks without a number of their own run beside the one above them. They
/// are called as in Argo: validate, build, update-pipeline,
/// approve-ENV, deploy-ENV, test-ENV, rollback-ENV, record-ENV, step-NAME.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Simulate {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The task fails; may be repeated
    #[arg(long, value_name = "TASK", value_delimiter = ',')]
    fail: Vec<String>,

    /// The task is lost or cannot start, which Argo calls Error; may be repeated
    #[arg(long, value_name = "TASK", value_delimiter = ',')]
    error: Vec<String>,

    /// The approval is refused; may be repeated
    #[arg(long, value_name = "GATE", value_delimiter = ',')]
    reject: Vec<String>,

    /// Nobody answers the approval in time; may be repeated
    #[arg(long, value_name = "GATE", value_delimiter = ',')]
    time_out: Vec<String>,

    /// Nothing has succeeded in the environment before, so that there is nothing to go back to; may be repeated
    #[arg(long, value_name = "ENV", value_delimiter = ',')]
    first_release: Vec<String>,

    /// Simulate this pipeline of the script alone
    #[arg(long, value_name = "NAME")]
    pipeline: Option<String>,

    /// How to print it
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    format: AnswerFormat,

    #[command(flatten)]
    parameters: Parameters,
}

const EXAMPLES: &str = "Examples:
  aphex simulate pipeline.aphex
  aphex simulate pipeline.aphex --fail test-staging
  aphex simulate pipeline.aphex --reject approve-prod --format json";

/// The run of one pipeline.
struct Simulated {
    pipeline: String,
    scenario: Scenario,
    run: Run,
}

impl Simulate {
    pub(super) fn run(self, interpreter: &Interpreter, global: Global) -> Result<Exit, Failure> {
        let script = Script::read(interpreter, &self.file)?;
        let parameters = self.parameters.values()?;
        let options = Options { module: false, parameters, pipeline: self.pipeline.clone(), format: Format::Json };
        let Some(outputs) = script.outputs(global, &options, &self.parameters)? else { return Ok(Exit::Script) };
        let runs = self.simulated(&outputs)?;
        super::print(&match self.format {
            AnswerFormat::Text => text(&runs, screen::output_style(global)),
            AnswerFormat::Json => json(&runs),
        })?;
        Ok(Exit::Done)
    }

    fn simulated(&self, outputs: &[Output]) -> Result<Vec<Simulated>, Failure> {
        let scenario = self.scenario()?;
        let workflows = outputs.iter().map(Own::of).collect::<Result<Vec<_>, _>>()?;
        let runs = workflows.iter().zip(outputs).map(|(own, output)| {
            // Of several pipelines each takes what it has. What none has stays, and the first one says so.
            let mut scenario = scenario.clone();
            scenario.outcomes.retain(|name, _| own.has(name) || !workflows.iter().any(|other| other.has(name)));
            let has = |own: &Own, name: &str| own.workflow.environments().contains(name);
            scenario.first_releases.retain(|name| has(own, name) || !workflows.iter().any(|other| has(other, name)));
            let run = own.workflow.simulate(&scenario).map_err(|error| failure(&error))?;
            Ok(Simulated { pipeline: output.pipeline.clone(), scenario, run })
        });
        runs.collect()
    }

    fn scenario(&self) -> Result<Scenario, Failure> {
        let given = [
            (&self.fail, Outcome::Fail),
            (&self.error, Outcome::Error),
            (&self.reject, Outcome::Reject),
            (&self.time_out, Outcome::TimeOut),
        ];
        let mut scenario = Scenario::default();
        scenario.first_releases.extend(self.first_release.iter().cloned());
        for (names, outcome) in given {
            for name in names {
                if scenario.outcomes.insert(name.clone(), outcome).is_some_and(|before| before != outcome) {
                    return Err(Failure::Usage(format!("`{name}` is named with two outcomes; name it with one")));
                }
            }
        }
        Ok(scenario)
    }
}

/// What a pipeline runs.
struct Own {
    workflow: Workflow,
    names: BTreeSet<String>,
}

impl Own {
    /// The first WorkflowTemplate of a pipeline is the one that delivers.
    fn of(output: &Output) -> Result<Self, Failure> {
        let mut documents = output.artifacts.iter().flat_map(Artifact::documents);
        let template = documents.find(|document| document.kind == "WorkflowTemplate");
        let text = template.map(|document| document.text).unwrap_or_default();
        let outside = |error| Failure::Outside(format!("cannot read the WorkflowTemplate: {error}"));
        let value: Value = serde_json::from_str(text).map_err(outside)?;
        let workflow = Workflow::read(&value).map_err(|error| failure(&error))?;
        let names = workflow.tasks().into_iter().map(|task| task.name).collect();
        Ok(Self { workflow, names })
    }

    fn has(&self, task: &str) -> bool {
        self.names.contains(task)
    }
}

fn failure(error: &Error) -> Failure {
    match error {
        Error::Unknown { .. } => Failure::Usage(error.to_string()),
        Error::Unsupported(_) => Failure::Outside(error.to_string()),
    }
}

fn json(runs: &[Simulated]) -> String {
    let run = |Simulated { pipeline, scenario, run }: &Simulated| {
        let Scenario { outcomes, first_releases } = scenario;
        let mut value = json!({"pipeline": pipeline, "outcomes": outcomes, "first_releases": first_releases});
        if let (Value::Object(all), Value::Object(run)) = (&mut value, json!(run)) {
            all.extend(run);
        }
        value
    };
    let runs: Vec<Value> = runs.iter().map(run).collect();
    format!("{:#}\n", json!({"version": 1, "runs": runs}))
}

fn text(runs: &[Simulated], style: Style) -> String {
    let texts: Vec<String> = runs.iter().map(|run| table(run, style)).collect();
    texts.join("\n")
}

fn table(Simulated { pipeline, scenario, run }: &Simulated, style: Style) -> String {
    let Run { phase, tasks, exit_handler } = run;
    let mut text = format!("{}: {}\n\n", style.paint("1", pipeline), circumstances(scenario));
    text.push_str(&rows(tasks, style));
    text.push_str(&passed("\nNot run: ", tasks, style));
    if let Some(ExitHandler { phase: _, tasks }) = exit_handler {
        let shown = rows(tasks, style);
        let head = if shown.is_empty() { "" } else { "\nAfter it, however it ends:\n\n" };
        text.extend([head, &shown, &passed("\nNot run after it: ", tasks, style)]);
    }
    text.push_str(&untouched(scenario, run));
    let word = style.paint(color(*phase), phase.name());
    [text, format!("\nThe run ends {word}.\n")].concat()
}

/// The tasks that did not run, behind a head.
fn passed(head: &str, tasks: &[TaskRun], style: Style) -> String {
    let passed = tasks.iter().filter(|task| is_shown(task) && !task.started);
    let passed: Vec<&str> = passed.map(|task| task.name.as_str()).collect();
    if passed.is_empty() {
        return String::new();
    }
    style.paint("2", &wrapped(head, &passed, style.width.unwrap_or(100).clamp(40, 120))) + "\n"
}

/// What was to go wrong and is not run at all: the run ends as if it had not been named.
fn untouched(scenario: &Scenario, run: &Run) -> String {
    let after = run.exit_handler.iter().flat_map(|handler| &handler.tasks);
    let ran: BTreeSet<&str> =
        run.tasks.iter().chain(after).filter(|task| task.started).map(|task| task.name.as_str()).collect();
    let idle: Vec<&str> = scenario.outcomes.keys().map(String::as_str).filter(|name| !ran.contains(name)).collect();
    match &idle[..] {
        [] => String::new(),
        [one] => format!("\n{one} does not run here, so that it makes no difference.\n"),
        more => format!("\n{} do not run here, so that they make no difference.\n", more.join(" and ")),
    }
}

/// The tasks of a graph stand for it, and a group stands for its tasks.
fn is_shown(task: &TaskRun) -> bool {
    task.kind != Kind::Graph && !task.name.contains('/')
}

/// A line for each task that ran; those of one wave side by side in time, so with one number.
fn rows(tasks: &[TaskRun], style: Style) -> String {
    let shown = |task: &&TaskRun| task.started && is_shown(task);
    let widest = tasks.iter().filter(shown).map(|task| task.name.len()).max().unwrap_or(0);
    let mut last = None;
    let mut lines = Vec::new();
    for task in tasks.iter().filter(shown) {
        let wave = task.wave.filter(|_| task.wave != last);
        last = task.wave;
        let wave = wave.map(|wave| wave.to_string()).unwrap_or_default();
        let word = style.paint(color_of(task), &word(task, tasks));
        lines.push(format!("  {wave:>3}  {:widest$}  {word}\n", task.name));
    }
    lines.concat()
}

fn word(task: &TaskRun, tasks: &[TaskRun]) -> String {
    let inside = |other: &&TaskRun| other.name.strip_prefix(&task.name).is_some_and(|rest| rest.starts_with('/'));
    let idle = tasks.iter().any(|other| inside(&other)) && !tasks.iter().filter(inside).any(|other| other.started);
    match (task.kind, task.phase, task.decision.as_deref()) {
        (Kind::Group, Phase::Succeeded, _) if idle => "nothing to do".to_owned(),
        (Kind::Approval, Phase::Succeeded, Some("approve")) => "approved".to_owned(),
        (Kind::Approval, Phase::Succeeded, _) => "not approved".to_owned(),
        (_, phase, _) => phase.name().to_lowercase(),
    }
}

fn color_of(task: &TaskRun) -> &'static str {
    let refused = task.kind == Kind::Approval && task.decision.as_deref() != Some("approve");
    if refused { "33" } else { color(task.phase) }
}

fn color(phase: Phase) -> &'static str {
    match phase {
        Phase::Succeeded => "32",
        Phase::Failed | Phase::Error => "1;31",
        Phase::Skipped | Phase::Omitted => "2",
    }
}

/// What was asked for, in words.
fn circumstances(Scenario { outcomes, first_releases }: &Scenario) -> String {
    let outcomes = outcomes.iter().map(|(name, outcome)| {
        let verb = match outcome {
            Outcome::Fail => "fails",
            Outcome::Error => "is lost",
            Outcome::Reject => "is refused",
            Outcome::TimeOut => "is not answered in time",
            Outcome::Resume => "is resumed without an answer",
        };
        format!("{name} {verb}")
    });
    let first = first_releases.iter().map(|name| format!("nothing was released to {name} before"));
    let all: Vec<String> = outcomes.chain(first).collect();
    if all.is_empty() { "all goes well".to_owned() } else { all.join(", ") }
}

/// Words after a head, in lines of that width.
fn wrapped(head: &str, words: &[&str], width: usize) -> String {
    let indent = head.trim_start_matches('\n').len();
    let (mut text, mut column) = (head.to_owned(), indent);
    for (number, word) in words.iter().enumerate() {
        let comma = if number + 1 < words.len() { "," } else { "" };
        if column > indent && column + 1 + word.len() + comma.len() > width {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            column = indent;
        } else if number > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        text.push_str(comma);
        column += word.len() + comma.len();
    }
    text
}
