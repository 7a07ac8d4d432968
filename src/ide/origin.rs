//! From a line of what a pipeline becomes back to where the script says it.

use super::hints::orders;
use super::outcome::{environments, tasks};
use super::workspace::{Location, Workspace, location};
use crate::compile::Evaluation;
use crate::eval::{Cancellation, Cancelled};
use crate::graph::Graph;
use crate::model::{Pipeline, Stage};

impl Workspace {
    /// Where the script says what stands on `line`, counted from 0, of the file `artifact` of a pipeline: the stage, the
    /// stack or the value; where nothing nearer is known, the pipeline's call.
    ///
    /// # Errors
    /// Where `cancellation` ended the evaluation that it takes.
    pub fn origin(
        &mut self,
        path: &str,
        pipeline: &str,
        artifact: &str,
        line: u32,
        cancellation: &Cancellation,
    ) -> Result<Option<Location>, Cancelled> {
        for (_, evaluation) in self.evaluations(path, cancellation)? {
            let outputs = evaluation.outputs.iter().filter(|output| output.pipeline == pipeline);
            let file = outputs.flat_map(|output| &output.artifacts).find(|file| file.path == artifact);
            let declared = evaluation.project.pipelines.iter().find(|one| one.name.as_str() == pipeline);
            if let (Some(file), Some(declared)) = (file, declared) {
                return Ok(Some(of_line(&evaluation, declared, file.contents(), line as usize)));
            }
        }
        Ok(None)
    }
}

/// The place of a line: that of the first name or value that the script gave, on the line itself, then in the items of lists
/// that the line is in, from the innermost out.
fn of_line(evaluation: &Evaluation, pipeline: &Pipeline, text: &str, line: usize) -> Location {
    let known = known(evaluation, pipeline);
    let meant = |word: &str| known.iter().find(|(name, _)| name == word).map(|(_, place)| place.clone());
    let lines: Vec<&str> = text.lines().collect();
    let own = lines.get(line).and_then(|own| scalars(own).find_map(meant));
    own.or_else(|| enclosing(&lines, line).find_map(meant)).unwrap_or_else(|| location(evaluation, pipeline.site))
}

/// The key and the value of a line, without their quotes.
fn scalars(line: &str) -> impl Iterator<Item = &str> {
    let bare = line.trim().trim_start_matches("- ");
    let (key, value) = bare.split_once(": ").unwrap_or((bare.trim_end_matches(':'), ""));
    [value, key].into_iter().map(|text| text.trim_matches(['"', '\''])).filter(|text| !text.is_empty())
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The names of what a line is in, innermost first: the `name` of an item of a list, or else the key above.
fn enclosing<'a>(lines: &'a [&'a str], line: usize) -> impl Iterator<Item = &'a str> {
    let mut at = line.min(lines.len().saturating_sub(1));
    let mut level = lines.get(at).map_or(0, |line| indent(line) + usize::from(line.trim_start().starts_with("- ")) * 2);
    std::iter::from_fn(move || {
        while at < lines.len() {
            let here = lines[at];
            let depth = indent(here);
            let is_item = here.trim_start().starts_with("- ");
            let is_head = depth < level && !here.trim().is_empty();
            let start = at;
            at = at.checked_sub(1)?;
            if !is_head {
                continue;
            }
            level = depth;
            // The keys of an item stand two further in than its dash.
            let inside = if is_item { depth + 2 } else { depth };
            let own = if is_item { start } else { start + 1 };
            let rest = lines[own..].iter().enumerate();
            let block = rest.take_while(|(index, line)| *index == 0 || indent(line) > depth || line.trim().is_empty());
            let named = block.filter(|(index, line)| *index == 0 && is_item || indent(line) == inside);
            let mut named = named.filter_map(|(_, line)| line.trim().trim_start_matches("- ").strip_prefix("name: "));
            return Some(named.next().unwrap_or_else(|| here.trim().trim_end_matches(':')).trim_matches('"'));
        }
        None
    })
}

/// The names and values of the output that the script gave, each with its place; the first of two counts.
fn known(evaluation: &Evaluation, pipeline: &Pipeline) -> Vec<(String, Location)> {
    let at = |span| location(evaluation, span);
    let graph = Graph::of(pipeline);
    let nodes = environments(&graph.nodes);
    let mut found: Vec<(String, Location)> = Vec::new();
    for order in orders(pipeline) {
        match order.stage {
            Stage::Environment(environment) => {
                let place = at(environment.site);
                let name = environment.name.as_str();
                let node = nodes.get(name);
                found.extend(node.iter().flat_map(|node| tasks(node)).map(|task| (task.to_owned(), place.clone())));
                found.push((name.to_owned(), at(environment.name.span)));
                found.push((environment.account.as_str().to_owned(), at(environment.account.span)));
                let target = format!("{}-{}", environment.account.as_str(), environment.region.as_str());
                found.push((target, place));
                for stack in environment.stacks.iter() {
                    found.push((stack.node.name().as_str().to_owned(), at(stack.span)));
                }
            }
            Stage::Step(step) => {
                found.push((step.name.as_str().to_owned(), at(step.site)));
                found.push((format!("step-{}", step.name.as_str()), at(step.site)));
            }
            Stage::Approval(approval) => {
                let name = order.stage.name().map(str::to_owned);
                found.extend(name.map(|name| (name, at(approval.site))));
            }
            Stage::Wave(_) => {}
        }
    }
    if pipeline.build.node.is_some() {
        found.push(("build".to_owned(), at(pipeline.build.span)));
    }
    found.push(("validate".to_owned(), at(pipeline.validate.span)));
    found.push((pipeline.source.name.as_str().to_owned(), at(pipeline.source.site)));
    found.push((pipeline.name.as_str().to_owned(), at(pipeline.name.span)));
    found
}
