//! The answer of each pipeline, as text and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::reasons::{Reason, of_refusal, of_sensor};
use super::words;
use crate::event::{Delivery, How, Judgement, Origin, Parameter, Run, Verdict};
use crate::model::Pipeline;
use crate::report::{Style, visible};
use crate::source::{SourceMap, Span};

/// What a pipeline makes of a delivery.
pub(super) struct Answer<'a> {
    pipeline: &'a Pipeline,
    sources: &'a SourceMap,
    refused: Option<Reason>,
    sensors: Vec<(Judgement, Vec<Reason>)>,
}

impl<'a> Answer<'a> {
    /// The Sensors of `verdict` are those of the pipeline's events, in their order.
    pub(super) fn new(pipeline: &'a Pipeline, sources: &'a SourceMap, delivery: &Delivery, verdict: Verdict) -> Self {
        let Verdict { refused, sensors } = verdict;
        let sensors = sensors.into_iter().zip(pipeline.events()).map(|(judgement, event)| {
            let reasons = of_sensor(&judgement, event, pipeline, delivery);
            (judgement, reasons)
        });
        let sensors = sensors.collect();
        Self { pipeline, sources, refused: refused.map(|refused| of_refusal(&refused, pipeline)), sensors }
    }

    /// The run that a Sensor starts, if the delivery comes to it.
    fn run<'b>(&self, judgement: &'b Judgement) -> Option<&'b Run> {
        judgement.run.as_ref().filter(|_| self.refused.is_none())
    }

    fn runs(&self) -> usize {
        self.sensors.iter().filter(|(judgement, _)| self.run(judgement).is_some()).count()
    }

    /// Where something is written, as `file:line:column`.
    fn place(&self, span: Span) -> String {
        let source = self.sources.get(span.source);
        let at = source.position(span.start);
        format!("{}:{}:{}", visible(&source.name), at.line, at.column)
    }

    fn text(&self, style: Style) -> String {
        let mut text = format!("\n{}\n", style.paint("1", self.pipeline.name.as_str()));
        if let Some(refused) = &self.refused {
            return [text, self.line("  ", refused, style)].concat();
        }
        for (judgement, reasons) in &self.sensors {
            if let Some(run) = &judgement.run {
                text.push_str(&started(judgement, run, style));
            } else {
                let _ = writeln!(text, "  {}: {}", judgement.sensor, style.paint("33", "no run"));
                text.extend(reasons.iter().map(|reason| self.line("    ", reason, style)));
            }
        }
        text
    }

    fn line(&self, indent: &str, reason: &Reason, style: Style) -> String {
        let Reason { key, words, span } = reason;
        let key = key.map(|key| format!("`{key}`: ")).unwrap_or_default();
        let place = span.map(|span| style.paint("2", &format!(" ({})", self.place(span)))).unwrap_or_default();
        format!("{indent}{key}{words}{place}\n")
    }

    fn json(&self) -> Value {
        let sensor = |(judgement, reasons): &(Judgement, Vec<Reason>)| {
            let Judgement { sensor, trigger, filters, run: _ } = judgement;
            let reasons: Vec<Value> = reasons.iter().map(|reason| self.reason(reason)).collect();
            let run = self.run(judgement);
            json!({ "sensor": sensor, "trigger": trigger, "run": run, "reasons": reasons, "filters": filters })
        };
        let sensors: Vec<Value> = self.sensors.iter().map(sensor).collect();
        json!({
            "pipeline": self.pipeline.name.as_str(),
            "starts": self.runs() > 0,
            "refused": self.refused.as_ref().map(|refused| self.reason(refused)),
            "sensors": sensors,
        })
    }

    fn reason(&self, reason: &Reason) -> Value {
        let Reason { key, words, span } = reason;
        let mut value = json!({ "key": key, "message": words });
        if let Some(span) = span {
            let source = self.sources.get(span.source);
            let at = source.position(span.start);
            value["file"] = json!(source.name);
            value["start"] = json!({ "line": at.line, "column": at.column, "offset": span.start });
        }
        value
    }
}

/// A run with its parameters, one a line.
fn started(judgement: &Judgement, run: &Run, style: Style) -> String {
    let Run { namespace, prefix, workflow_template, parameters } = run;
    let word = style.paint("32", "starts a run");
    let mut text =
        format!("  {}: {word} `{prefix}…` of `{workflow_template}` in the namespace `{namespace}`\n", judgement.sensor);
    let width =
        |of: fn(&Parameter) -> &str| parameters.iter().map(|given| of(given).chars().count()).max().unwrap_or(0);
    let (names, values) = (width(|given| &given.name), width(|given| &given.value).min(60));
    for Parameter { name, value, from } in parameters {
        let (Origin::Event(from) | Origin::Sensor(from) | Origin::WorkflowTemplate(from)) = from;
        let from = style.paint("2", &format!("from {from}"));
        let _ = writeln!(text, "    {name:names$}  {:values$}  {from}", visible(value));
    }
    text
}

/// The answers for people.
pub(super) fn text(delivery: &Delivery, answers: &[Answer<'_>], quiet: bool, style: Style) -> String {
    let mut text = format!("{}\n", words::delivery(delivery));
    text.extend(words::doubt(delivery).filter(|_| !quiet).map(|doubt| doubt + "\n"));
    text.extend(answers.iter().map(|answer| answer.text(style)));
    let runs: usize = answers.iter().map(Answer::runs).sum();
    let sum = match runs {
        0 => "No run starts.".to_owned(),
        1 => "One run starts.".to_owned(),
        more => format!("{more} runs start."),
    };
    [text, format!("\n{sum}\n")].concat()
}

/// The answers for programs.
pub(super) fn json(delivery: &Delivery, answers: &[Answer<'_>]) -> String {
    let how = match delivery.how {
        How::Given => "given",
        How::Said => "payload",
        How::Shape => "keys",
    };
    let pipelines: Vec<Value> = answers.iter().map(Answer::json).collect();
    let value = json!({ "version": 1, "event": delivery.event, "event_from": how, "pipelines": pipelines });
    format!("{value:#}\n")
}
