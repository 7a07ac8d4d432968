//! Stacks do not depend on each other in a circle.

use std::sync::Arc;

use indexmap::IndexMap;

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{Stack, StackName, StackRef};
use crate::source::Spanned;

/// How many stacks of a circle a message names, and how many places it shows.
const SHOWN: usize = 8;

/// Reports circles: at least one of every group of stacks that all depend on each other.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for scope in context.scopes() {
        let mut walk = Walk { stacks: &scope.by_name, state: vec![State::New; scope.by_name.len()], found: Vec::new() };
        for index in 0..scope.by_name.len() {
            walk.from(index);
        }
        sink.extend(walk.found.iter().filter_map(|circle| describe(circle)));
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    /// On the way, at this depth.
    Open(usize),
    Done,
    /// Part of a circle that was found.
    Found,
}

/// One edge: who depends, and the entry that says on what.
type Edge<'a> = (&'a Arc<Stack>, &'a Spanned<StackRef>);

/// A depth-first walk with its path on the heap: scripts may chain thousands of stacks.
struct Walk<'a, 's> {
    stacks: &'s IndexMap<&'a StackName, &'a Arc<Stack>>,
    state: Vec<State>,
    found: Vec<Vec<Edge<'a>>>,
}

impl Walk<'_, '_> {
    fn from(&mut self, start: usize) {
        if self.state[start] != State::New {
            return;
        }
        self.state[start] = State::Open(0);
        // Each stack on the way, and how many of its dependencies were followed.
        let mut path = vec![(start, 0)];
        while let Some((index, next)) = path.last_mut() {
            let index = *index;
            let Some(dependency) = self.stacks[index].depends_on.get(*next) else {
                if matches!(self.state[index], State::Open(_)) {
                    self.state[index] = State::Done;
                }
                path.pop();
                continue;
            };
            *next += 1;
            let Some(to) = self.stacks.get_index_of(dependency.node.name()) else { continue };
            match self.state[to] {
                State::New => {
                    self.state[to] = State::Open(path.len());
                    path.push((to, 0));
                }
                State::Open(depth) => self.close(&path[depth..]),
                State::Done | State::Found => {}
            }
        }
    }

    /// Takes the circle that `path` makes, where none of it is part of another.
    fn close(&mut self, path: &[(usize, usize)]) {
        if path.iter().rev().any(|(index, _)| self.state[*index] == State::Found) {
            return;
        }
        for (index, _) in path {
            self.state[*index] = State::Found;
        }
        let edge = |(index, next): &(usize, usize)| {
            let stack = self.stacks[*index];
            (stack, &stack.depends_on[*next - 1])
        };
        self.found.push(path.iter().map(edge).collect());
    }
}

/// The circle from the entry that closes it: a text, since an object can only name what stands before it.
fn describe(circle: &[Edge<'_>]) -> Option<Diagnostic> {
    let start = circle.iter().position(|(_, entry)| matches!(entry.node, StackRef::Name(_))).unwrap_or(0);
    let mut edges = circle[start..].iter().chain(&circle[..start]);
    let (first, entry) = edges.next()?;
    let name = &first.name.node;
    if circle.len() == 1 {
        let message = format!("the stack `{name}` depends on itself");
        return Some(Diagnostic::new(Code::DependencyCycle, entry.span, message).help("remove it"));
    }
    let names: Vec<String> = edges.clone().map(|(stack, _)| format!("`{}`", stack.name.as_str())).collect();
    let (shown, more) = names.split_at(names.len().min(SHOWN));
    let more = if more.is_empty() { String::new() } else { format!(" → … ({} more)", more.len()) };
    let message = format!("stacks depend on each other in a circle: `{name}` → {}{more} → `{name}`", shown.join(" → "));
    let help = "remove one of these dependencies: a stack is deployed after what it depends on";
    let mut found = Diagnostic::new(Code::DependencyCycle, entry.span, message).help(help);
    for (stack, other) in edges.take(SHOWN).filter(|(_, other)| other.span != entry.span) {
        let label = format!("`{}` depends on `{}`", stack.name.as_str(), other.node.name());
        found = found.related(other.span, label);
    }
    Some(found.label(format!("`{name}` depends on `{}`", entry.node.name())))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::testing::{holds, related, run};
    use crate::source::MemoryHost;

    #[test]
    fn a_circle_is_shown_as_a_path() {
        let script = r#"
let a = stack("A", #{ depends_on: ["C"] });
//                                 ^^^ error[dependency-cycle]: stacks depend on each other in a circle: `A` → `C` → `B` → `A`
//                                 help: remove one of these dependencies: a stack is deployed after what it depends on
let b = stack("B", #{ depends_on: [a] });
let c = stack("C", #{ depends_on: [b] });
let d = stack("D", #{ depends_on: [a, b, c] });
let dev = environment("dev", aws + #{ stacks: [a, b, c, d] });
pipeline("app", base + #{ stages: [dev] });
"#;
        holds(script);
        assert_eq!(related(script), ["b: `C` depends on `B`", "a: `B` depends on `A`"]);
    }

    #[test]
    fn circles_apart_are_reported_each() {
        holds(
            r#"
let a = stack("A", #{ depends_on: ["A"] });
//                                 ^^^ error[dependency-cycle]: the stack `A` depends on itself
//                                 help: remove it
let b = stack("B", #{ depends_on: ["C"] });
//                                 ^^^ error[dependency-cycle]: stacks depend on each other in a circle: `B` → `C` → `B`
//                                 help: remove one of these dependencies: a stack is deployed after what it depends on
let c = stack("C", #{ depends_on: [b, a] });
let dev = environment("dev", aws + #{ stacks: [a, b, c] });
pipeline("app", base + #{ stages: [dev] });
"#,
        );
    }

    #[test]
    fn a_circle_is_found_also_where_the_pipeline_is_broken() {
        holds(
            r#"
let a = stack("A", #{ depends_on: ["B"] });
//                                 ^^^ error[dependency-cycle]: stacks depend on each other in a circle: `A` → `B` → `A`
//                                 help: remove one of these dependencies: a stack is deployed after what it depends on
let b = stack("B", #{ depends_on: [a] });
let dev = environment("dev", #{ account: "1", region: "us-east-1", stacks: [a, b] });
//                                       ^^^ error[bad-value]: `account`: an account id has 12 digits, this one has 1
pipeline("app", base + #{ stages: [dev] });
"#,
        );
    }

    #[test]
    fn a_chain_of_thousands_is_walked_without_recursion() {
        let mut script = String::from("let all = [];\n");
        for index in 0..5_000 {
            let next = (index + 1) % 5_000;
            writeln!(script, "stack(\"S{index}\", #{{ depends_on: [\"S{next}\"] }});").unwrap();
        }
        script.push_str("environment(\"dev\", #{ account: \"1\", region: \"us-east-1\", stacks: [\"S0\"] });");
        let found = run(&script, &MemoryHost::new()).diagnostics;
        let circle = found.iter().find(|one| one.code.id() == "dependency-cycle").unwrap();
        assert!(circle.message.ends_with("`S8` → … (4991 more) → `S0`"), "{}", circle.message);
    }
}
