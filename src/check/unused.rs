//! What a script declares is used by something.

use std::collections::HashSet;

use super::scope::Context;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{Function, Pipeline, Returned, Stack, StackRef};
use crate::schema::{Object, Value};
use crate::source::{Origin, Span};

/// Warns of what the script itself declares and nothing uses. Where something is broken, that may have used it.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let project = context.project;
    if project.is_broken() || project.pipelines.is_empty() {
        return;
    }
    let used: HashSet<*const ()> = project.declared.iter().flat_map(uses).collect();
    let named = named_stacks(context);
    let counts = |object: &Object| {
        object.kind() == Pipeline::FUNCTION
            // What an embedder's function declares is the embedder's to use.
            || Function::find(object.kind()).is_none()
            || used.contains(&address(object))
            || (object.kind() == Stack::FUNCTION && object.name().is_some_and(|name| named.contains(&name.node)))
    };
    // Of what one call makes in a loop or a function, the script may well choose.
    let sites: HashSet<Span> = project.declared.iter().filter(|one| counts(one)).map(site).collect();
    for object in &project.declared {
        let site = site(object);
        let own = context.sources.get(site.source).origin == Origin::Script;
        if own && !counts(object) && !sites.contains(&site) {
            sink.push(describe(object, site));
        }
    }
}

fn describe(object: &Object, site: Span) -> Diagnostic {
    let kind = object.kind();
    let name = object.name().filter(|name| name.span.source == site.source);
    let (message, span) = match name {
        Some(name) => (format!("the {kind} `{}` is never used", name.node), name.span),
        None => (format!("what this `{kind}` returns is never used"), site),
    };
    let help = match kind {
        "environment" | "step" | "approval" | "parallel" | "sequence" => "add it to the `stages` of a pipeline",
        "stack" => "add it to the `stacks` of an environment",
        "github" => "make it the `source` of a pipeline",
        _ => "use it",
    };
    Diagnostic::new(Code::Unused, span, message).help(format!("{help}, or remove it"))
}

fn site(object: &Object) -> Span {
    object.declared().site()
}

/// Tells two declared things apart, however alike they are.
fn address(object: &Object) -> *const () {
    std::ptr::from_ref(object.declared()).cast()
}

/// What the keys of `object` refer to.
fn uses(object: &Object) -> Vec<*const ()> {
    let mut open: Vec<Value> = object.declared().keys().into_iter().map(|(_, value)| value.node).collect();
    let mut found = Vec::new();
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => found.push(address(&object)),
            Value::List(items) => open.extend(items.into_iter().map(|item| item.node)),
            Value::Map(entries) => open.extend(entries.into_iter().map(|(_, value)| value.node)),
            Value::Unit
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Broken(_)
            | Value::Function
            | Value::Other(_) => {}
        }
    }
    found
}

/// The stacks that a text stands for somewhere.
fn named_stacks(context: &Context<'_>) -> HashSet<String> {
    let listed = context.records.environments.iter().flat_map(|environment| environment.stacks.iter());
    let dependencies = context.records.stacks.iter().flat_map(|stack| stack.depends_on.iter());
    let names = listed.chain(dependencies).filter_map(|reference| match &reference.node {
        StackRef::Name(name) => Some(name.as_str().to_owned()),
        StackRef::Stack(_) => None,
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::holds;

    #[test]
    fn what_nothing_uses_is_a_warning_at_its_name() {
        holds(
            r#"
let network = stack("Network");
let orphan = stack("Orphan");
//                 ^^^^^^^^ warning[unused]: the stack `Orphan` is never used
//                 help: add it to the `stacks` of an environment, or remove it
let dev = environment("dev", aws + #{ stacks: [stack("Api", #{ depends_on: ["Network"] }), network] });
let old = environment("old", aws + #{ stacks: [stack("Old")] });
//                    ^^^^^ warning[unused]: the environment `old` is never used
//                    help: add it to the `stages` of a pipeline, or remove it
let wave = parallel(dev);
//         ^^^^^^^^ warning[unused]: what this `parallel` returns is never used
//         help: add it to the `stages` of a pipeline, or remove it
let source = github("octo/other");
//                  ^^^^^^^^^^^^ warning[unused]: the github `octo/other` is never used
//                  help: make it the `source` of a pipeline, or remove it
pipeline("app", base + #{ stages: [dev] });
"#,
        );
    }

    #[test]
    fn nothing_is_unused_where_something_is_broken_or_no_pipeline_is_declared() {
        holds(r#"let orphan = stack("Orphan");"#);
        holds(
            r#"
let orphan = stack("Orphan");
pipeline("app", base + #{ stages: [] });
//                                ^^ error[bad-value]: `stages`: expected an array of environments, parallels, sequences, steps or approvals with at least one item
"#,
        );
    }

    #[test]
    fn a_loop_may_make_more_than_the_script_uses() {
        holds(
            r#"
let all = [];
for name in ["a", "b"] { let last = environment(name, aws + #{ stacks: [stack("A")] }); }
pipeline("app", base + #{ stages: [last] });
"#,
        );
    }
}
