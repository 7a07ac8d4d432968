//! What a stack depends on is deployed by the same environment, or else is there already.

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;

use super::scope::{Context, Scope};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{Environment, Stack, StackRef};
use crate::source::{Span, Spanned};

/// How many environments a message names, and how many places it shows.
const SHOWN: usize = 3;

/// Warns of dependencies that an environment does not list, each once for all environments.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut unlisted = IndexMap::new();
    for scope in context.scopes() {
        for environment in &scope.environments {
            collect(scope, environment, &mut unlisted);
        }
    }
    sink.extend(unlisted.into_values().map(|one| one.describe()));
}

struct Unlisted<'a> {
    stack: &'a Arc<Stack>,
    entry: &'a Spanned<StackRef>,
    environments: IndexMap<*const Environment, &'a Arc<Environment>>,
}

fn collect<'a>(scope: &Scope<'a>, environment: &'a Arc<Environment>, unlisted: &mut IndexMap<Span, Unlisted<'a>>) {
    let listed: HashSet<_> = environment.stacks.iter().map(|stack| stack.node.name()).collect();
    // A name of no stack is a problem already, and may be the dependency misspelt.
    if environment.stacks.iter().any(|stack| !scope.has(&stack.node)) {
        return;
    }
    let stacks = environment.stacks.iter().filter_map(|stack| match &stack.node {
        StackRef::Stack(stack) => Some(stack),
        StackRef::Name(name) => scope.by_name.get(name).copied(),
    });
    for stack in stacks {
        for entry in stack.depends_on.iter() {
            let name = entry.node.name();
            if scope.has(&entry.node) && !listed.contains(name) {
                let one = unlisted.entry(entry.span);
                let one = one.or_insert_with(|| Unlisted { stack, entry, environments: IndexMap::new() });
                one.environments.insert(Arc::as_ptr(environment), environment);
            }
        }
    }
}

impl Unlisted<'_> {
    fn describe(&self) -> Diagnostic {
        let (stack, dependency) = (self.stack.name.as_str(), self.entry.node.name());
        let names = self.environments.values().take(SHOWN).map(|one| format!("`{}`", one.name.as_str()));
        let names = names.collect::<Vec<_>>().join(", ");
        let holders = match self.environments.len() {
            1 => format!("the environment {names} does"),
            count if count <= SHOWN => format!("the environments {names} do"),
            count => format!("{count} environments ({names}, …) do"),
        };
        let message = format!("`{stack}` depends on `{dependency}`, which {holders} not deploy");
        let help = format!("add `{dependency}` to `stacks`, unless it is there already");
        let mut found = Diagnostic::new(Code::UnlistedDependency, self.entry.span, message).help(help);
        let mut places = HashSet::new();
        for environment in self.environments.values().take(SHOWN) {
            if places.insert(environment.stacks.span) {
                found = found.related(
                    environment.stacks.span,
                    format!("it is not among the stacks of `{}`", environment.name.as_str()),
                );
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{holds, related};

    #[test]
    fn a_dependency_is_listed_by_the_environment() {
        let script = r#"
let network = stack("Network");
let api = stack("Api", #{ depends_on: [network] });
//                                     ^^^^^^^ warning[unlisted-dependency]: `Api` depends on `Network`, which the environment `prod` does not deploy
//                                     help: add `Network` to `stacks`, unless it is there already
let dev = environment("dev", aws + #{ stacks: [api, network] });
let prod = environment("prod", aws + #{ stacks: ["Api"] });
pipeline("app", base + #{ stages: [dev, prod] });
"#;
        holds(script);
        assert_eq!(related(script), [r#"["Api"]: it is not among the stacks of `prod`"#]);
    }

    #[test]
    fn many_environments_are_one_warning() {
        let script = r#"
let network = stack("Network");
let api = stack("Api", #{ depends_on: [network] });
//                                     ^^^^^^^ warning[unlisted-dependency]: `Api` depends on `Network`, which 5 environments (`a`, `b`, `c`, …) do not deploy
//                                     help: add `Network` to `stacks`, unless it is there already
let own = aws + #{ stacks: [api] };
let all = [environment("a", own), environment("b", own), environment("c", own), environment("d", own)];
pipeline("app", base + #{ stages: all + [environment("e", own)] });
"#;
        holds(script);
        assert_eq!(related(script).len(), 1);
    }
}
