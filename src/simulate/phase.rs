//! How a graph ends.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::plan::Plan;
use super::walk::State;
use super::{Error, Phase, unsupported};

/// The tasks for which no other one waits, by name: Argo's targets (`findLeafTaskNames`, dag.go).
pub(super) fn targets(plan: &Plan, tasks: &[usize]) -> Vec<usize> {
    let waited: BTreeSet<usize> = tasks.iter().flat_map(|&id| plan.nodes[id].after.iter().copied()).collect();
    let mut targets: Vec<usize> = tasks.iter().copied().filter(|id| !waited.contains(id)).collect();
    targets.sort_by(|&a, &b| plan.nodes[a].task.cmp(&plan.nodes[b].task));
    targets
}

/// The phase of the graph `dag`, all of whose tasks have ended (`assessDAGPhase`, workflow/controller/dag.go of Argo
/// Workflows 3.6 to 4.1).
///
/// Only targets count. A target that did not run has the phase of its branch: that of the last node before it that ran,
/// on whichever way leads to it; a failure on one way outweighs success on another. With `failFast: false`, the last
/// target that failed, by name, decides between Failed and Error.
pub(super) fn assess(plan: &Plan, states: &[State], dag: usize, targets: &[usize]) -> Result<Phase, Error> {
    let mut found: BTreeMap<usize, Option<Phase>> = targets.iter().map(|&id| (id, None)).collect();
    let mut seen = BTreeSet::new();
    let mut queue: VecDeque<(usize, Phase)> = states[dag].children.iter().map(|&id| (id, Phase::Succeeded)).collect();
    while let Some((id, branch)) = queue.pop_front() {
        if !seen.insert((id, branch)) {
            continue;
        }
        let branch = states[id].phase.filter(|phase| phase.ran()).unwrap_or(branch);
        if let Some(before) = found.get_mut(&id)
            && !before.is_some_and(Phase::is_failure)
        {
            *before = Some(branch);
        }
        queue.extend(states[id].children.iter().map(|&child| (child, branch)));
    }
    let mut result = Phase::Succeeded;
    for id in targets {
        match found[id] {
            Some(phase) if phase.is_failure() => result = phase,
            Some(_) => {}
            None => return unsupported(format!("the run never ends: nothing leads to `{}`", plan.nodes[*id].name)),
        }
    }
    Ok(result)
}
