//! Names of stacks: one stack to a name within a pipeline, and no name without a stack.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::place::{Place, two};
use super::scope::{Context, Scope};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{Environment, Returned, Stack, StackName, StackRef};
use crate::schema::{Config, Object, Value};
use crate::source::Spanned;

/// How many names are compared for "did you mean".
const CANDIDATES: usize = 500;

/// Reports two stacks of one name, a stack that is listed twice, and names of no stack.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    for scope in context.scopes() {
        if scope.pipeline.is_some() || context.is_one_broken_pipeline() {
            different(scope, sink);
        }
        scope.environments.iter().for_each(|environment| twice(environment, sink));
        unknown(context, scope, sink);
    }
}

fn different(scope: &Scope<'_>, sink: &mut Sink) {
    for stack in &scope.stacks {
        let name = &stack.name.node;
        let first = scope.by_name.get(name).copied().unwrap_or(stack);
        if Arc::ptr_eq(first, stack) || Object::new(Arc::clone(first)).same(&Object::new(Arc::clone(stack))) {
            continue;
        }
        let holder = scope.pipeline.map_or_else(String::new, |one| format!(" of `{}`", one.name.as_str()));
        let message =
            format!("two different stacks{holder} are called `{name}`; they differ in {}", differ(first, stack));
        let place = |stack: &Stack| Place::alone(stack.name.span, stack.site);
        sink.push(two(message, place(first), place(stack)));
    }
}

/// The keys in which two stacks differ.
fn differ(a: &Stack, b: &Stack) -> String {
    let keys = a.keys.entries().into_iter().zip(b.keys.entries());
    let other = keys.filter(|((_, a), (_, b))| names_or_json(a) != names_or_json(b));
    other.map(|((key, _), _)| format!("`{key}`")).collect::<Vec<_>>().join(" and ")
}

fn names_or_json(value: &Value) -> serde_json::Value {
    match value {
        Value::List(items) => items.iter().map(|item| names_or_json(item)).collect(),
        Value::Object(object) => object.name().map(|name| name.node).into(),
        other => other.to_json(),
    }
}

fn twice(environment: &Environment, sink: &mut Sink) {
    let mut listed = HashMap::new();
    for stack in environment.stacks.iter() {
        let name = stack.node.name();
        let Some(first) = listed.get(name).copied() else {
            listed.insert(name, stack.span);
            continue;
        };
        let message = format!("the environment `{}` lists the stack `{name}` twice", environment.name.as_str());
        let found = Diagnostic::new(Code::DuplicateName, stack.span, message).help("leave one of them out");
        sink.push(if first == stack.span { found } else { found.related(first, "the first is here") });
    }
}

fn unknown(context: &Context<'_>, scope: &Scope<'_>, sink: &mut Sink) {
    let broken = context.project.broken.iter().filter(|(kind, _)| *kind == Stack::FUNCTION);
    let broken: Option<HashSet<&str>> = broken.map(|(_, name)| name.as_ref().map(|name| &*name.node)).collect();
    // A broken stack without a readable name may be any of them.
    let Some(broken) = broken else { return };
    let declared: HashMap<&StackName, &Arc<Stack>> =
        context.records.stacks.iter().rev().map(|stack| (&stack.name.node, stack)).collect();
    for (reference, name) in names(scope) {
        let elsewhere = declared.get(name).copied();
        let loose = scope.pipeline.is_none() && elsewhere.is_some();
        if scope.by_name.contains_key(name) || broken.contains(name.as_str()) || loose {
            continue;
        }
        let message = match scope.pipeline {
            Some(pipeline) => format!("the pipeline `{}` has no stack `{name}`", pipeline.name.as_str()),
            None => format!("there is no stack `{name}`"),
        };
        let found = Diagnostic::new(Code::UnknownStack, reference.span, message);
        sink.push(match elsewhere {
            Some(stack) => found
                .related(stack.name.span, "declared here, and listed by no environment of the pipeline")
                .help("list the stack itself: a text names only what an environment lists as an object"),
            None => suggest(found, name, scope),
        });
    }
}

fn suggest(found: Diagnostic, name: &StackName, scope: &Scope<'_>) -> Diagnostic {
    let candidates = scope.by_name.keys().take(CANDIDATES).map(|known| known.as_str());
    let found = found.suggest(name.as_str(), candidates);
    if found.help.is_empty() {
        found.help(format!("declare it with `stack(\"{name}\")`, and list that"))
    } else {
        found
    }
}

/// Every text that stands for a stack.
fn names<'a>(scope: &Scope<'a>) -> impl Iterator<Item = (&'a Spanned<StackRef>, &'a StackName)> {
    let listed = scope.environments.iter().flat_map(|environment| environment.stacks.iter());
    let dependencies = scope.stacks.iter().flat_map(|stack| stack.depends_on.iter());
    listed.chain(dependencies).filter_map(|reference| match &reference.node {
        StackRef::Name(name) => Some((reference, name)),
        StackRef::Stack(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{holds, holds_with, related};
    use crate::source::MemoryHost;

    #[test]
    fn two_stacks_of_one_name_may_be_the_same_and_may_not_differ() {
        holds_with(
            r#"
let one = stack("Api", "a.ts");
let dev = environment("dev", aws + #{ stacks: [one] });
let prod = environment("prod", aws + #{ stacks: [stack("Api", "b.ts")] });
//                                                     ^^^^^ error[duplicate-name]: two different stacks of `app` are called `Api`; they differ in `path`
//                                                     help: give each a name of its own
let same = environment("same", aws + #{ stacks: [stack("Api", "a.ts")] });
pipeline("app", base + #{ stages: [dev, prod, same] });
pipeline("other", base + #{ stages: [prod] });
"#,
            &MemoryHost::new().with("a.ts", "").with("b.ts", ""),
        );
    }

    #[test]
    fn a_stack_is_listed_once() {
        holds(
            r#"
let api = stack("Api");
let dev = environment("dev", aws + #{ stacks: [api, "Api"] });
//                                                  ^^^^^ error[duplicate-name]: the environment `dev` lists the stack `Api` twice
//                                                  help: leave one of them out
pipeline("app", base + #{ stages: [dev] });
"#,
        );
    }

    #[test]
    fn a_text_names_a_stack_that_is_listed_or_depended_on() {
        holds(
            r#"
let network = stack("Network");
let api = stack("Api", #{ depends_on: [network] });
let dev = environment("dev", aws + #{ stacks: [api, "Network"] });
let prod = environment("prod", aws + #{ stacks: ["Api", "Netwrok"] });
//                                                      ^^^^^^^^^ error[unknown-stack]: the pipeline `app` has no stack `Netwrok`
//                                                      help: did you mean `Network`?
let web = stack("Web", #{ depends_on: ["Storage"] });
//                                     ^^^^^^^^^ error[unknown-stack]: the pipeline `app` has no stack `Storage`
//                                     help: declare it with `stack("Storage")`, and list that
let last = environment("last", aws + #{ stacks: [web] });
pipeline("app", base + #{ stages: [dev, prod, last] });
"#,
        );
    }

    #[test]
    fn a_stack_that_is_only_declared_is_shown() {
        let script = r#"
let network = stack("Network");
let dev = environment("dev", aws + #{ stacks: ["Network"] });
pipeline("app", base + #{ stages: [dev] });
"#;
        let expected = ["\"Network\": declared here, and listed by no environment of the pipeline"];
        assert_eq!(related(script), expected);
    }

    #[test]
    fn a_broken_stack_counts_as_declared() {
        holds(
            r#"
let api = stack("Api", #{ pth: "a.ts", path: "/a" });
//                        ^^^ error[unknown-key]: `stack` has no key `pth`
//                        help: did you mean `path`?
//                                           ^^^^ error[bad-value]: `path`: a path is relative to the repository's root, uses `/`, and does not leave it
let dev = environment("dev", aws + #{ stacks: ["Api", "Web"] });
//                                                    ^^^^^ error[unknown-stack]: the pipeline `app` has no stack `Web`
//                                                    help: declare it with `stack("Web")`, and list that
pipeline("app", base + #{ stages: [dev] });
"#,
        );
    }
}
