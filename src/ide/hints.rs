//! What an editor shows between the words of a text: where a stage runs in the order of its pipeline, and what holds for keys
//! that are not given.

use std::ops::Range;
use std::sync::Arc;

use super::place::Places;
use super::workspace::{File, Location, Workspace, closer, location};
use crate::compile::Evaluation;
use crate::eval::{Cancellation, Cancelled};
use crate::model::{Environment, Flow, Pipeline, Stage};
use crate::source::{Span, Spanned};
use crate::syntax::{Map, SyntaxKind as K};

/// The most stages of a pipeline that are numbered.
const MOST: usize = 2_000;

/// The most keys whose defaults are shown at one map.
const MOST_DEFAULTS: usize = 4;

/// Which hints are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hints {
    /// Where a stage runs in the order of a pipeline.
    pub order: bool,
    /// What holds for keys that are not given.
    pub defaults: bool,
}

/// A text that is shown between words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Where: the byte before which it is shown.
    pub offset: u32,
    /// The text.
    pub label: String,
    /// What it means, in Markdown.
    pub tooltip: String,
    /// Whether a blank comes after it, and not before it.
    pub is_before: bool,
}

/// Where a stage runs.
#[derive(Debug, Clone)]
pub(super) struct Order<'a> {
    /// `2`, `2a`, `2a.1`: stages of one number and different letters run side by side.
    pub(super) label: String,
    pub(super) stage: &'a Stage,
    /// Where it is passed to what holds it.
    pub(super) span: Span,
}

/// The stages of a pipeline that are no waves, in order.
pub(super) fn orders(pipeline: &Pipeline) -> Vec<Order<'_>> {
    let mut found = Vec::new();
    for (index, stage) in pipeline.stages.iter().enumerate() {
        walk(stage, (index + 1).to_string(), &mut found);
    }
    found
}

fn walk<'a>(stage: &'a Spanned<Stage>, label: String, found: &mut Vec<Order<'a>>) {
    if found.len() >= MOST {
        return;
    }
    match &stage.node {
        Stage::Wave(wave) => {
            for (index, inner) in wave.stages.iter().enumerate() {
                let own = match wave.flow {
                    Flow::Parallel => format!("{label}{}", letters(index)),
                    Flow::Sequence => format!("{label}.{}", index + 1),
                };
                walk(inner, own, found);
            }
        }
        Stage::Environment(_) | Stage::Step(_) | Stage::Approval(_) => {
            found.push(Order { label, stage: &stage.node, span: stage.span });
        }
    }
}

/// `a` to `z`, then `aa`.
fn letters(index: usize) -> String {
    let last = char::from(b'a' + u8::try_from(index % 26).unwrap_or(0));
    match index / 26 {
        0 => last.to_string(),
        more => format!("{}{last}", letters(more - 1)),
    }
}

impl Workspace {
    /// The hints of the text at `path` that lie in `range`, in order.
    ///
    /// # Errors
    /// Where `cancellation` ended the evaluation that they take.
    pub fn hints(
        &mut self,
        path: &str,
        range: Range<u32>,
        wanted: Hints,
        cancellation: &Cancellation,
    ) -> Result<Vec<Hint>, Cancelled> {
        let Some(file) = self.file(path) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        if wanted.order {
            for (_, evaluation) in self.evaluations(path, cancellation)? {
                for pipeline in &evaluation.project.pipelines {
                    order_hints(&file, &evaluation, pipeline, &mut found);
                }
            }
        }
        if wanted.defaults {
            found.extend(self.default_hints(&file));
        }
        found.retain(|hint| range.start <= hint.offset && hint.offset <= range.end);
        found.sort_by(|a, b| a.offset.cmp(&b.offset).then_with(|| a.label.cmp(&b.label)));
        // A stage of several pipelines says a number once.
        found.dedup_by(|next, first| (next.offset, &next.label) == (first.offset, &first.label));
        Ok(found)
    }

    fn default_hints(&mut self, file: &File) -> Vec<Hint> {
        let reference = self.reference();
        let places = Places::of(&reference, file.tree());
        let maps = file.tree().nodes().filter(|node| node.kind() == K::Map && node.text().contains('\n'));
        maps.filter_map(Map::cast)
            .filter_map(|map| {
                let is_argument = map.node().parent().is_some_and(|parent| parent.kind() == K::Arguments);
                let records = if is_argument { places.records(map.node()) } else { Vec::new() };
                let [(record, _)] = &records[..] else { return None };
                let open = record.keys.iter().filter(|key| map.entry(key.key).is_none());
                let known = open.filter_map(|key| {
                    let default = key.default.as_ref().filter(|default| !default.is_made())?;
                    let value = default.value.as_ref()?;
                    let is_empty = value.as_array().is_some_and(Vec::is_empty)
                        || value.as_object().is_some_and(serde_json::Map::is_empty);
                    (!is_empty).then(|| format!("{}: {value}", key.key))
                });
                let known: Vec<String> = known.collect();
                let shown = known.iter().take(MOST_DEFAULTS).cloned().collect::<Vec<_>>().join(", ");
                let more = if known.len() > MOST_DEFAULTS { ", …" } else { "" };
                (!known.is_empty()).then(|| Hint {
                    offset: closer(map.node()),
                    label: format!("{shown}{more}"),
                    tooltip: format!("Not given, so that these hold:\n\n```rhai\n{}\n```", known.join("\n")),
                    is_before: true,
                })
            })
            .collect()
    }
}

/// The hints of a pipeline's stages that stand in `file`: where they are listed, and where they are declared.
fn order_hints(file: &Arc<File>, evaluation: &Evaluation, pipeline: &Pipeline, found: &mut Vec<Hint>) {
    let count = pipeline.stages.len();
    let mut places: Vec<(Location, Vec<String>, Option<String>)> = Vec::new();
    let mut add = |place: Location, label: &str, name: Option<&str>| {
        if place.path != file.path
            || file.text().get(place.start as usize..place.end as usize).is_none_or(str::is_empty)
        {
            return;
        }
        match places.iter_mut().find(|(known, _, _)| *known == place) {
            Some((_, labels, _)) => labels.push(label.to_owned()),
            None => places.push((place, vec![label.to_owned()], name.map(str::to_owned))),
        }
    };
    for Order { label, stage, span } in orders(pipeline) {
        let listed = location(evaluation, span);
        let name = stage.name();
        let own = match stage {
            Stage::Environment(environment) => Some(location(evaluation, environment.site)),
            Stage::Step(step) => Some(location(evaluation, step.site)),
            Stage::Approval(approval) => Some(location(evaluation, approval.site)),
            Stage::Wave(_) => None,
        };
        // Where it is declared in the very place where it is listed, one hint will do.
        let elsewhere = own.filter(|own| own.path != listed.path || own.start < listed.start || listed.end < own.end);
        add(listed, &label, name);
        if let Some(own) = elsewhere {
            add(own, &label, name);
        }
    }
    for (place, labels, name) in places {
        let label = match &labels[..] {
            [] => continue,
            [only] => only.clone(),
            [first, .., last] => format!("{first}–{last}"),
        };
        let what = name.map_or_else(|| "this stage".to_owned(), |name| format!("`{name}`"));
        let side = if label.contains(|letter: char| letter.is_ascii_lowercase()) {
            " Stages of one number and different letters run side by side."
        } else {
            ""
        };
        let tooltip = format!("{what} is stage {label} of {count} in `{}`.{side}", pipeline.name.as_str());
        found.push(Hint { offset: place.start, label, tooltip, is_before: true });
    }
}

/// The number of an environment in the order of a pipeline.
pub(super) fn order_of(pipeline: &Pipeline, environment: &Environment) -> Option<String> {
    let is_it =
        |order: &Order<'_>| matches!(order.stage, Stage::Environment(one) if one.name.node == environment.name.node);
    orders(pipeline).into_iter().find(is_it).map(|order| order.label)
}
