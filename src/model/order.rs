//! The stacks of a pipeline by name, and the order in which an environment deploys its own.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;

use super::environment::Environment;
use super::pipeline::Pipeline;
use super::stack::{Stack, StackName, StackRef};

/// The stacks that depend on each other in a circle: each before the next, the last before the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cycle(pub Vec<StackName>);

/// The stacks of every environment are looked up: the hash that is made for speed.
type Hasher = foldhash::fast::RandomState;

/// Every stack of a pipeline: those that its environments list, and what these depend on.
#[derive(Debug, Clone, Default)]
pub struct StackIndex {
    stacks: IndexMap<StackName, Arc<Stack>, Hasher>,
}

impl std::fmt::Display for Cycle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.0.iter().map(StackName::as_str).collect();
        write!(f, "stacks depend on each other in a circle: {}", names.join(", "))
    }
}

impl std::error::Error for Cycle {}

impl StackIndex {
    /// The stacks of `pipeline`; of two different ones with one name, the first.
    pub fn of(pipeline: &Pipeline) -> Self {
        let mut index = Self::default();
        for environment in pipeline.environments() {
            for stack in environment.stacks.iter() {
                index.add(&stack.node);
            }
        }
        index
    }

    /// The stack of that name.
    pub fn get(&self, name: &StackName) -> Option<&Arc<Stack>> {
        self.stacks.get(name)
    }

    /// Every stack, in the order in which they were found.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Stack>> {
        self.stacks.values()
    }

    /// The names of the stacks that `environment` deploys, in order: each after what it depends on, ties as written.
    /// A dependency through a stack that the environment does not list counts too.
    ///
    /// # Errors
    /// Where they depend on each other in a circle.
    pub fn order<'a>(&'a self, environment: &'a Environment) -> Result<Vec<&'a StackName>, Cycle> {
        let names = || environment.stacks.iter().map(|stack| stack.node.name());
        let is_free = |name| self.get(name).is_none_or(|stack| stack.depends_on.is_empty());
        if names().all(is_free) {
            let mut seen: HashSet<&StackName, Hasher> = HashSet::default();
            return Ok(names().filter(|name| seen.insert(name)).collect());
        }
        let listed: IndexMap<&StackName, ()> = environment.stacks.iter().map(|stack| (stack.node.name(), ())).collect();
        let mut visit = Visit { index: self, state: IndexMap::new(), order: Vec::new() };
        for name in listed.keys() {
            visit.from(name)?;
        }
        Ok(visit.order.into_iter().filter(|name| listed.contains_key(name)).collect())
    }

    /// For each of `listed`, which are in order, the places of those that it depends on, itself or through stacks that
    /// are not listed.
    pub fn dependencies(&self, listed: &[&StackName]) -> Vec<Vec<usize>> {
        let places: IndexMap<&StackName, usize> =
            listed.iter().enumerate().map(|(place, name)| (*name, place)).collect();
        listed.iter().map(|name| self.before(name, &places)).collect()
    }

    fn before(&self, name: &StackName, places: &IndexMap<&StackName, usize>) -> Vec<usize> {
        let (mut found, mut open, mut seen) = (BTreeSet::new(), vec![name], HashSet::new());
        while let Some(name) = open.pop() {
            let dependencies = self.get(name).map_or(&[][..], |stack| &stack.depends_on.node[..]);
            for dependency in dependencies.iter().map(|dependency| dependency.node.name()) {
                match places.get(dependency) {
                    Some(place) => drop(found.insert(*place)),
                    None if seen.insert(dependency) => open.push(dependency),
                    None => {}
                }
            }
        }
        found.into_iter().collect()
    }

    fn add(&mut self, stack: &StackRef) {
        // Most environments list what another one has listed.
        if self.stacks.contains_key(stack.name()) {
            return;
        }
        let mut open = vec![stack.clone()];
        while let Some(next) = open.pop() {
            let StackRef::Stack(stack) = next else { continue };
            if !self.stacks.contains_key(&stack.name.node) {
                open.extend(stack.depends_on.iter().rev().map(|dependency| dependency.node.clone()));
                self.stacks.insert(stack.name.node.clone(), stack);
            }
        }
    }
}

/// A depth-first walk with its stack on the heap: scripts may chain thousands of stacks.
struct Visit<'a> {
    index: &'a StackIndex,
    state: IndexMap<&'a StackName, bool>,
    order: Vec<&'a StackName>,
}

impl<'a> Visit<'a> {
    fn from(&mut self, name: &'a StackName) -> Result<(), Cycle> {
        let mut path: Vec<(&'a StackName, usize)> = Vec::new();
        self.enter(name, &mut path);
        while let Some((name, next)) = path.last_mut() {
            let dependencies = self.index.get(name).map_or(&[][..], |stack| &stack.depends_on.node[..]);
            let Some(dependency) = dependencies.get(*next) else {
                self.state.insert(name, true);
                self.order.push(name);
                path.pop();
                continue;
            };
            *next += 1;
            let dependency = dependency.node.name();
            match self.state.get(dependency) {
                Some(true) => {}
                Some(false) => return Err(cycle(&path, dependency)),
                None => self.enter(dependency, &mut path),
            }
        }
        Ok(())
    }

    fn enter(&mut self, name: &'a StackName, path: &mut Vec<(&'a StackName, usize)>) {
        if self.state.get(name).is_none() {
            self.state.insert(name, false);
            path.push((name, 0));
        }
    }
}

fn cycle(path: &[(&StackName, usize)], back_to: &StackName) -> Cycle {
    let names = path.iter().map(|(name, _)| *name).skip_while(|name| *name != back_to);
    Cycle(names.cloned().collect())
}
