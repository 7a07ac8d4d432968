//! What the rules look at: each pipeline with everything that it holds, walked once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;

use crate::model::{
    Environment, Flow, Github, Pipeline, Project, Returned, Stack, StackName, StackRef, Stage, Step, Wave,
};
use crate::source::{Host, SourceMap, Span, Spanned};

/// What was declared, by kind.
pub(super) struct Records {
    pub(super) stacks: Vec<Arc<Stack>>,
    pub(super) environments: Vec<Arc<Environment>>,
    pub(super) steps: Vec<Arc<Step>>,
    pub(super) sources: Vec<Arc<Github>>,
}

/// What every rule gets.
pub(super) struct Context<'a> {
    pub(super) project: &'a Project,
    pub(super) sources: &'a SourceMap,
    pub(super) host: &'a dyn Host,
    pub(super) records: &'a Records,
    /// Each pipeline's, in order.
    pub(super) scopes: Vec<Scope<'a>>,
    /// What no pipeline holds, where something is broken: it would probably be held then.
    pub(super) rest: Option<Scope<'a>>,
}

/// A pipeline and what it holds, each once.
pub(super) struct Scope<'a> {
    /// The pipeline; `None` for what none holds.
    pub(super) pipeline: Option<&'a Arc<Pipeline>>,
    /// The stages that are not waves, in order.
    pub(super) leaves: Vec<Leaf<'a>>,
    /// Waves that stand there a second time: the wave, where it stood first, where again.
    pub(super) repeated: Vec<(&'a Arc<Wave>, Span, Span)>,
    /// Every environment.
    pub(super) environments: Vec<&'a Arc<Environment>>,
    /// Every stack that an environment lists or that such a stack depends on; two of one name where there are two.
    pub(super) stacks: Vec<&'a Arc<Stack>>,
    /// The first stack of each name.
    pub(super) by_name: IndexMap<&'a StackName, &'a Arc<Stack>>,
}

/// A stage that is not a wave.
pub(super) struct Leaf<'a> {
    pub(super) stage: &'a Spanned<Stage>,
    /// The stage that comes after it; none at the end and inside `parallel`.
    pub(super) next: Option<&'a Stage>,
}

impl Records {
    /// What `project` declared.
    pub(super) fn of(project: &Project) -> Self {
        Self {
            stacks: project.all().collect(),
            environments: project.all().collect(),
            steps: project.all().collect(),
            sources: project.all().collect(),
        }
    }
}

impl<'a> Context<'a> {
    /// What the rules get to see of `project`.
    pub(super) fn of(project: &'a Project, records: &'a Records, sources: &'a SourceMap, host: &'a dyn Host) -> Self {
        let scopes: Vec<Scope<'a>> = project.pipelines.iter().map(Scope::of).collect();
        let rest = project.is_broken().then(|| Scope::rest(records, &scopes));
        Self { project, sources, host, records, scopes, rest }
    }

    /// Each pipeline with its scope.
    pub(super) fn pipelines(&self) -> impl Iterator<Item = (&'a Arc<Pipeline>, &Scope<'a>)> {
        self.scopes.iter().filter_map(|scope| Some((scope.pipeline?, scope)))
    }

    /// Whether the script declares one pipeline, which is broken: what no pipeline holds is most likely its.
    pub(super) fn is_one_broken_pipeline(&self) -> bool {
        self.scopes.is_empty()
            && self.project.broken.iter().filter(|(kind, _)| *kind == Pipeline::FUNCTION).count() == 1
    }

    /// Each pipeline's scope, and what no pipeline holds where something is broken.
    pub(super) fn scopes(&self) -> impl Iterator<Item = &Scope<'a>> {
        self.scopes.iter().chain(&self.rest)
    }
}

impl<'a> Scope<'a> {
    fn of(pipeline: &'a Arc<Pipeline>) -> Self {
        let (leaves, repeated) = walk(&pipeline.stages);
        let mut seen = HashSet::new();
        let environments = leaves.iter().filter_map(|leaf| match &leaf.stage.node {
            Stage::Environment(environment) if seen.insert(Arc::as_ptr(environment)) => Some(environment),
            _ => None,
        });
        let environments: Vec<_> = environments.collect();
        let stacks = reach(environments.iter().flat_map(|environment| environment.stacks.iter()));
        Self { pipeline: Some(pipeline), leaves, repeated, environments, by_name: by_name(&stacks), stacks }
    }

    /// Whether there is such a stack.
    pub(super) fn has(&self, stack: &StackRef) -> bool {
        match stack {
            StackRef::Stack(_) => true,
            StackRef::Name(name) => self.by_name.contains_key(name),
        }
    }

    fn rest(records: &'a Records, scopes: &[Self]) -> Self {
        let held: HashSet<_> =
            scopes.iter().flat_map(|scope| &scope.environments).map(|one| Arc::as_ptr(one)).collect();
        let stacks: HashSet<_> = scopes.iter().flat_map(|scope| &scope.stacks).map(|one| Arc::as_ptr(one)).collect();
        let environments = records.environments.iter().filter(|one| !held.contains(&Arc::as_ptr(one)));
        let stacks: Vec<_> = records.stacks.iter().filter(|one| !stacks.contains(&Arc::as_ptr(one))).collect();
        Self {
            pipeline: None,
            leaves: Vec::new(),
            repeated: Vec::new(),
            environments: environments.collect(),
            by_name: by_name(&stacks),
            stacks,
        }
    }
}

type Walked<'a> = (Vec<Leaf<'a>>, Vec<(&'a Arc<Wave>, Span, Span)>);

/// The stages inside of each other's waves, in order; a wave that stands there again is not entered again, since a
/// script can double its stages forty times over.
fn walk(stages: &[Spanned<Stage>]) -> Walked<'_> {
    let (mut leaves, mut repeated) = (Vec::new(), Vec::new());
    let mut waves = HashMap::new();
    let mut open = vec![(Flow::Sequence, stages)];
    while let Some((flow, stages)) = open.pop() {
        let Some((stage, after)) = stages.split_first() else { continue };
        open.push((flow, after));
        let Stage::Wave(wave) = &stage.node else {
            let next = after.first().filter(|_| flow == Flow::Sequence).map(|next| &next.node);
            leaves.push(Leaf { stage, next });
            continue;
        };
        if let Some(first) = waves.insert(Arc::as_ptr(wave), stage.span) {
            repeated.push((wave, first, stage.span));
        } else {
            open.push((wave.flow, &wave.stages));
        }
    }
    (leaves, repeated)
}

/// The stacks that `listed` names as objects, and those that they depend on, each object once.
fn reach<'a>(listed: impl Iterator<Item = &'a Spanned<StackRef>>) -> Vec<&'a Arc<Stack>> {
    let mut seen = HashSet::new();
    let mut found: Vec<&'a Arc<Stack>> = Vec::new();
    let mut take = |reference: &'a Spanned<StackRef>, found: &mut Vec<&'a Arc<Stack>>| match &reference.node {
        StackRef::Stack(stack) if seen.insert(Arc::as_ptr(stack)) => found.push(stack),
        StackRef::Stack(_) | StackRef::Name(_) => {}
    };
    listed.for_each(|reference| take(reference, &mut found));
    let mut next = 0;
    while let Some(stack) = found.get(next).copied() {
        stack.depends_on.iter().for_each(|reference| take(reference, &mut found));
        next += 1;
    }
    found
}

fn by_name<'a>(stacks: &[&'a Arc<Stack>]) -> IndexMap<&'a StackName, &'a Arc<Stack>> {
    let mut found = IndexMap::new();
    for stack in stacks {
        found.entry(&stack.name.node).or_insert(*stack);
    }
    found
}
