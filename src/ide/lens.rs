//! What a script becomes, above the calls that it comes of; and the files themselves.

use std::collections::BTreeMap;

use super::outcome::{Grants, counted, environments, objects_of, output_of, tasks};
use super::workspace::{Location, Workspace, location};
use crate::compile::Evaluation;
use crate::eval::{Cancellation, Cancelled};
use crate::graph::{Graph, svg};
use crate::model::{Pipeline, Stage, TaskNames};

/// A line above a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The call's name.
    pub location: Location,
    /// What comes of it: "→ 6 Kubernetes objects, 2 IAM statements".
    pub title: String,
}

/// The files that a pipeline becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The pipeline's name.
    pub pipeline: String,
    /// Each file's path below the pipeline's folder, and its text.
    pub files: Vec<(String, String)>,
}

/// What a script says, and what it becomes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What it printed, a line each.
    pub printed: Vec<String>,
    /// The names of all its pipelines, in their order.
    pub pipelines: Vec<String>,
    /// The files of one of them; none where the script has errors.
    pub files: Option<Preview>,
    /// The picture of that one, as SVG.
    pub picture: Option<String>,
}

impl Preview {
    fn of(evaluation: &Evaluation, pipeline: &Pipeline) -> Option<Self> {
        let output = output_of(evaluation, pipeline)?;
        let files = output.artifacts.iter().map(|file| (file.path.clone(), file.contents().to_owned())).collect();
        Some(Self { pipeline: output.pipeline.clone(), files })
    }
}

impl Workspace {
    /// The lines above the calls of `pipeline` and `environment` in the text at `path`, in order; none where the script has
    /// errors, and so becomes nothing.
    ///
    /// # Errors
    /// Where `cancellation` ended the evaluation that they take.
    pub fn lenses(&mut self, path: &str, cancellation: &Cancellation) -> Result<Vec<Lens>, Cancelled> {
        let mut found = Vec::new();
        for (_, evaluation) in self.evaluations(path, cancellation)? {
            for output in &evaluation.outputs {
                let pipelines = &evaluation.project.pipelines;
                let Some(pipeline) = pipelines.iter().find(|one| one.name.as_str() == output.pipeline) else {
                    continue;
                };
                let objects = counted(objects_of(output), "Kubernetes object");
                let grants = Grants::of(pipeline);
                let statements = counted(grants.count(), "IAM statement");
                let place = location(&evaluation, pipeline.site);
                found.push(Lens { location: place, title: format!("→ {objects}, {statements}") });
                found.extend(stages(&evaluation, pipeline, &grants));
            }
        }
        found.retain(|lens| &*lens.location.path == path);
        found.sort_by(|a, b| a.location.cmp(&b.location));
        // One call that is run more than once says it once.
        found.dedup_by(|next, first| next.location == first.location);
        Ok(found)
    }

    /// The files of the pipeline that the call at `offset` belongs to; of the first one where there is none.
    ///
    /// # Errors
    /// Where `cancellation` ended the evaluation that it takes.
    pub fn preview(
        &mut self,
        path: &str,
        offset: Option<u32>,
        cancellation: &Cancellation,
    ) -> Result<Option<Preview>, Cancelled> {
        let all = self.evaluations(path, cancellation)?;
        let chosen =
            offset.and_then(|offset| all.iter().find_map(|(_, one)| at(one, path, offset).map(|found| (one, found))));
        let first =
            || all.iter().find_map(|(_, one)| one.project.pipelines.first().map(|first| (one, (&**first, None))));
        let Some((evaluation, (pipeline, _))) = chosen.or_else(first) else { return Ok(None) };
        Ok(Preview::of(evaluation, pipeline))
    }

    /// What the script at `path` says and becomes: of its pipelines the one that is called `pipeline`, or the first.
    ///
    /// # Errors
    /// Where `cancellation` ended the evaluation that it takes.
    pub fn outcome(
        &mut self,
        path: &str,
        pipeline: Option<&str>,
        cancellation: &Cancellation,
    ) -> Result<Outcome, Cancelled> {
        let all = self.evaluations(path, cancellation)?;
        let each = all.iter().flat_map(|(_, one)| one.project.pipelines.iter().map(move |found| (&**one, &**found)));
        let wanted = each.clone().find(|(_, found)| pipeline == Some(found.name.as_str()));
        let chosen = wanted.or_else(|| each.clone().next());
        Ok(Outcome {
            printed: all.iter().flat_map(|(_, one)| one.printed.iter().cloned()).collect(),
            pipelines: each.map(|(_, found)| found.name.as_str().to_owned()).collect(),
            files: chosen.and_then(|(evaluation, found)| Preview::of(evaluation, found)),
            picture: chosen.map(|(_, found)| svg(&Graph::of(found))),
        })
    }

    /// The picture of that pipeline, and the stage that `offset` is at, where it is at one. A script with errors has one as
    /// long as its pipeline could be read.
    ///
    /// # Errors
    /// Where `cancellation` ended the evaluation that it takes.
    pub fn picture(
        &mut self,
        path: &str,
        offset: Option<u32>,
        cancellation: &Cancellation,
    ) -> Result<Option<(String, Option<String>)>, Cancelled> {
        let all = self.evaluations(path, cancellation)?;
        let chosen = offset.and_then(|offset| all.iter().find_map(|(_, one)| at(one, path, offset)));
        let first = || all.iter().find_map(|(_, one)| one.project.pipelines.first().map(|first| (&**first, None)));
        Ok(chosen.or_else(first).map(|(pipeline, stage)| (svg(&Graph::of(pipeline)), stage)))
    }
}

/// The lines above the calls of `environment`.
fn stages(evaluation: &Evaluation, pipeline: &Pipeline, grants: &Grants) -> Vec<Lens> {
    let graph = Graph::of(pipeline);
    let nodes = environments(&graph.nodes);
    // How many environments a call makes, their tasks, and the statements of the first.
    let mut found: BTreeMap<Location, (usize, usize, usize)> = BTreeMap::new();
    for order in super::hints::orders(pipeline) {
        let Stage::Environment(environment) = order.stage else { continue };
        let Some(node) = nodes.get(environment.name.as_str()) else { continue };
        let own =
            found.entry(location(evaluation, environment.site)).or_insert_with(|| (0, 0, grants.to(environment).len()));
        (own.0, own.1) = (own.0 + 1, own.1 + tasks(node).len());
    }
    let lens = |(location, (count, tasks, statements)): (Location, (usize, usize, usize))| {
        let tasks = counted(tasks, "task");
        let title = if count > 1 {
            format!("→ {count} environments, {tasks}")
        } else {
            format!("→ {tasks}, {}", counted(statements, "IAM statement"))
        };
        Lens { location, title }
    };
    found.into_iter().map(lens).collect()
}

/// A place from the start of its line on: what stands before a call there belongs to it.
fn line_of(evaluation: &Evaluation, place: Location) -> Location {
    let text = evaluation.sources.find(&place.path).map_or("", |source| &source.text);
    let before = text.get(..place.start as usize).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| u32::try_from(at + 1).unwrap_or(place.start));
    Location { start, ..place }
}

/// The pipeline that the call around `offset` declares or is a part of, and the stage.
fn at<'a>(evaluation: &'a Evaluation, path: &str, offset: u32) -> Option<(&'a Pipeline, Option<String>)> {
    // The call that starts last before the offset is the one around it, or the one above it.
    let mut nearest: Option<(u32, &Pipeline, Option<String>)> = None;
    for pipeline in &evaluation.project.pipelines {
        let names = TaskNames::of(pipeline);
        let mut take = |span, stage: Option<String>| {
            let place = line_of(evaluation, location(evaluation, span));
            let is_before = &*place.path == path && place.start <= offset;
            if is_before && nearest.as_ref().is_none_or(|(start, ..)| *start < place.start) {
                nearest = Some((place.start, pipeline, stage));
            }
        };
        take(pipeline.site, None);
        for order in super::hints::orders(pipeline) {
            // What the picture calls it.
            let (name, site) = match order.stage {
                Stage::Environment(environment) => (Some(environment.name.as_str().to_owned()), environment.site),
                Stage::Step(step) => (Some(names.stage(step)), step.site),
                Stage::Approval(approval) => (order.stage.name().map(str::to_owned), approval.site),
                Stage::Wave(_) => continue,
            };
            take(site, name.clone());
            take(order.span, name);
        }
    }
    nearest.map(|(_, pipeline, stage)| (pipeline, stage))
}
