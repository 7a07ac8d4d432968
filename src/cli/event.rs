//! `aphex event`: whether a delivery of GitHub starts a run, with what, and if not, why.

mod answer;
mod reasons;
mod words;

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::args::{AnswerFormat, Global};
use super::params::Parameters;
use super::script::Script;
use super::{Exit, Failure, screen};
use crate::compile::{Evaluation, Options, Output};
use crate::emit::{Artifact, Format};
use crate::event::{Delivery, Error, Receiver};
use crate::interpreter::Interpreter;
use answer::{Answer, json, text};

/// Show whether a delivery of GitHub starts a run, and if not, why
///
/// A run is shown with its parameters; where none starts, every filter that says no, and the key of the script behind it.
/// Nothing is sent and nothing is run: the emitted EventSource and Sensors are read as Argo Events reads them. The payload
/// is what GitHub shows under "Recent Deliveries" of a webhook, what its API gives for a delivery, or what an EventSource
/// passed on. The command ends with 0 whether or not a run starts.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Event {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The delivery, as JSON; `-` is standard input
    #[arg(long, value_name = "FILE")]
    payload: PathBuf,

    /// What happened, as the delivery's header `X-GitHub-Event` says: `push`, `pull_request`, …; where neither this nor the
    /// payload says it, the payload's keys tell
    #[arg(long = "event", value_name = "EVENT", value_parser = event)]
    kind: Option<String>,

    /// Ask this pipeline of the script alone
    #[arg(long, value_name = "NAME")]
    pipeline: Option<String>,

    /// How to print it
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "text")]
    format: AnswerFormat,

    #[command(flatten)]
    parameters: Parameters,
}

const EXAMPLES: &str = "Examples:
  aphex event pipeline.aphex --payload push.json
  aphex event pipeline.aphex --payload body.json --event push --format json
  gh api repos/ORG/NAME/hooks/1/deliveries/2 | aphex event ci.aphex --payload -";

/// The longest payload in bytes. GitHub sends at most 25 MB.
const MAX_BYTES: u64 = 32 << 20;

impl Event {
    pub(super) fn run(self, interpreter: &Interpreter, global: Global) -> Result<Exit, Failure> {
        let stdin = Path::new("-");
        if self.file == stdin && self.payload == stdin {
            let words = "the script and the payload cannot both be standard input; name a file for one of them";
            return Err(Failure::Usage(words.to_owned()));
        }
        let script = Script::read(interpreter, &self.file)?;
        let delivery = self.delivery()?;
        let parameters = self.parameters.values()?;
        let options = Options { module: false, parameters, pipeline: self.pipeline.clone(), format: Format::Json };
        let Some(compiled) = script.compiled(global, &options, &self.parameters)? else { return Ok(Exit::Script) };
        let answers = answers(&compiled, &delivery)?;
        super::print(&match self.format {
            AnswerFormat::Text => text(&delivery, &answers, global.quiet, screen::output_style(global)),
            AnswerFormat::Json => json(&delivery, &answers),
        })?;
        Ok(Exit::Done)
    }

    fn delivery(&self) -> Result<Delivery, Failure> {
        let name = self.payload.display();
        let name = if self.payload == Path::new("-") { "standard input".to_owned() } else { format!("`{name}`") };
        let bytes = bytes(&self.payload).map_err(|error| Failure::io(&format!("cannot read {name}"), &error))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(Failure::Usage(format!(
                "the payload in {name} has more than {} MiB; GitHub sends at most 25 MB",
                MAX_BYTES >> 20
            )));
        }
        let wrong = |error| Failure::Usage(format!("{name} is no delivery of GitHub's: {error}"));
        Delivery::read(&bytes, self.kind.as_deref()).map_err(wrong)
    }
}

/// An event as GitHub spells it.
fn event(text: &str) -> Result<String, String> {
    if !text.is_empty() && text.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_') {
        return Ok(text.to_owned());
    }
    Err("expected an event as GitHub spells it, such as `push` or `pull_request`".to_owned())
}

fn bytes(payload: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = MAX_BYTES + 1;
    if payload == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        std::fs::File::open(payload)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// What each pipeline makes of the delivery.
fn answers<'a>(compiled: &'a Evaluation, delivery: &Delivery) -> Result<Vec<Answer<'a>>, Failure> {
    let outside = |error: Error| Failure::Outside(error.to_string());
    let answer = |output: &'a Output| {
        let receiver = Receiver::read(&documents(output)?).map_err(outside)?;
        let verdict = receiver.receive(delivery).map_err(outside)?;
        let mut pipelines = compiled.project.pipelines.iter();
        let pipeline = pipelines.find(|pipeline| pipeline.name.as_str() == output.pipeline);
        let pipeline = pipeline.expect("every output is of a pipeline of the project");
        Ok(Answer::new(pipeline, &compiled.sources, delivery, verdict))
    };
    compiled.outputs.iter().map(answer).collect()
}

/// The documents that have to do with deliveries.
fn documents(output: &Output) -> Result<Vec<Value>, Failure> {
    let wanted = ["EventSource", "Sensor", "WorkflowTemplate"];
    let documents = output.artifacts.iter().flat_map(Artifact::documents);
    let documents = documents.filter(|document| wanted.contains(&document.kind));
    let read = documents.map(|document| serde_json::from_str(document.text));
    read.collect::<Result<_, _>>().map_err(|error| Failure::Outside(format!("cannot read what was emitted: {error}")))
}
