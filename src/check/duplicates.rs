//! Names of environments, steps and approvals are unique within a pipeline, names of pipelines within a script.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::place::{Place, again, two};
use super::scope::{Context, Leaf, Scope};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{Approval, Environment, Gate, Pipeline, Rollback, Stage, Step, TaskNames};
use crate::schema::{Declared, Object};
use crate::source::Span;

/// Reports names that are taken, and approvals that have none.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    pipelines(context, sink);
    for (pipeline, scope) in context.pipelines() {
        let mut names = Names { pipeline, taken: HashMap::new(), tasks: tasks(scope), sink };
        names.waves(scope);
        let mut seen = HashSet::new();
        for leaf in &scope.leaves {
            names.leaf(leaf, &mut seen);
        }
    }
    if let Some(rest) = &context.rest {
        loose(context, rest, sink);
    }
}

/// One holder of a name.
struct Entry {
    kind: &'static str,
    place: Place,
    object: Option<Object>,
    /// The environment whose key it stands in, where it does not stand in the stages.
    within: Option<*const Environment>,
}

struct Names<'a, 's> {
    pipeline: &'a Arc<Pipeline>,
    taken: HashMap<String, Entry>,
    tasks: HashSet<String>,
    sink: &'s mut Sink,
}

impl Names<'_, '_> {
    fn waves(&mut self, scope: &Scope<'_>) {
        for (wave, first, second) in &scope.repeated {
            let message =
                format!("this `{}` stands twice in the stages of `{}`", wave.kind(), self.pipeline.name.as_str());
            let place = |listed| Place { name: wave.site, site: wave.site, listed };
            self.sink.push(again(message, place(*first), place(*second)));
        }
    }

    fn leaf(&mut self, leaf: &Leaf<'_>, seen: &mut HashSet<*const Environment>) {
        let listed = leaf.stage.span;
        match &leaf.stage.node {
            Stage::Environment(environment) => {
                let place = Place { name: environment.name.span, site: environment.site, listed };
                let object = Some(Object::new(environment.clone()));
                self.take(environment.name.as_str(), Entry { kind: "environment", place, object, within: None });
                if seen.insert(Arc::as_ptr(environment)) {
                    self.keys(environment);
                }
            }
            Stage::Step(step) => self.step(step, listed, None),
            Stage::Approval(approval) => self.approval(approval, leaf),
            Stage::Wave(_) => {}
        }
    }

    fn keys(&mut self, environment: &Arc<Environment>) {
        let within = Some(Arc::as_ptr(environment));
        self.gate(environment);
        let steps = environment.before.iter().chain(environment.after.iter()).chain(environment.verify.iter());
        steps.for_each(|step| self.step(&step.node.0, step.span, within));
        if let Some(Rollback::Step(step)) = &environment.rollback.node {
            self.step(step, environment.rollback.span, within);
        }
    }

    fn step(&mut self, step: &Arc<Step>, listed: Span, within: Option<*const Environment>) {
        let place = Place { name: step.name.span, site: step.site, listed };
        self.take(step.name.as_str(), Entry { kind: "step", place, object: Some(Object::new(step.clone())), within });
    }

    fn gate(&mut self, environment: &Environment) {
        let span = environment.approval.span;
        let Some(name) = environment.gate() else { return };
        let unnamed = Place { name: span, site: span, listed: span };
        match &environment.approval.node {
            None => {}
            Some(Gate::Ask | Gate::Message(_)) => self.take_gate(&name, unnamed, None),
            Some(Gate::Approval(approval)) => {
                let given = approval.keys.name.node.is_some();
                let place = Place {
                    name: if given { approval.keys.name.span } else { span },
                    site: approval.site,
                    listed: span,
                };
                self.take_gate(&name, place, Some(approval));
            }
        }
    }

    fn approval(&mut self, approval: &Arc<Approval>, leaf: &Leaf<'_>) {
        let span = if approval.keys.name.node.is_some() { approval.keys.name.span } else { approval.site };
        let place = Place { name: span, site: approval.site, listed: leaf.stage.span };
        if let Some(name) = approval.gate(leaf.next) {
            self.take_gate(&name, place, Some(approval));
        } else {
            let why = leaf.next.map_or("no stage comes after it", |_| "the stage after it has none to take");
            let message = format!("`approval` misses the key `name`: {why}");
            let help = "add `name`: a name";
            self.sink.push(Diagnostic::new(Code::MissingKey, approval.site, message).help(help));
        }
    }

    fn take_gate(&mut self, name: &str, place: Place, approval: Option<&Arc<Approval>>) {
        if self.tasks.contains(name) {
            let message = format!("`{}` has a task of its own that is called `{name}`", self.pipeline.name.as_str());
            let help = "give the approval another name, such as one that starts with `approve-`";
            self.sink.push(Diagnostic::new(Code::DuplicateName, place.name, message).help(help));
        }
        let object = approval.map(|approval| Object::new(approval.clone()));
        self.take(name, Entry { kind: "approval", place, object, within: None });
    }

    fn take(&mut self, name: &str, entry: Entry) {
        let Some(first) = self.taken.get(name) else {
            self.taken.insert(name.to_owned(), entry);
            return;
        };
        let same = first.object.as_ref().zip(entry.object.as_ref()).is_some_and(|(a, b)| a.same(b));
        if same && first.within.is_some() && entry.within.is_some() && first.within != entry.within {
            self.taken.insert(name.to_owned(), entry);
            return;
        }
        let holder = self.pipeline.name.as_str();
        let found = if same && first.place.site == entry.place.site && first.place.name == entry.place.name {
            again(format!("the {} `{name}` stands twice in `{holder}`", entry.kind), first.place, entry.place)
        } else if first.kind == entry.kind {
            two(format!("two {}s of `{holder}` are called `{name}`", entry.kind), first.place, entry.place)
        } else {
            let kinds = format!("{} and {}", one(first.kind), one(entry.kind));
            two(format!("{kinds} of `{holder}` are both called `{name}`"), first.place, entry.place)
        };
        self.sink.push(found);
    }
}

/// The tasks that the pipeline has beside the user's approvals.
fn tasks(scope: &Scope<'_>) -> HashSet<String> {
    let mut tasks: HashSet<String> =
        [TaskNames::VALIDATE, TaskNames::BUILD, TaskNames::UPDATE].map(str::to_owned).into();
    for leaf in &scope.leaves {
        match &leaf.stage.node {
            Stage::Environment(environment) => {
                tasks.extend([environment.deploy_task(), environment.test_task()]);
                tasks.extend([environment.rollback_task(), environment.record_task()]);
                tasks.extend(environment.steps().map(|step| format!("step-{}", step.name.as_str())));
            }
            Stage::Step(step) => drop(tasks.insert(format!("step-{}", step.name.as_str()))),
            Stage::Approval(_) | Stage::Wave(_) => {}
        }
    }
    tasks
}

fn one(kind: &str) -> String {
    format!("{} {kind}", if kind == "step" { "a" } else { "an" })
}

/// Pipelines of one name; one that is broken has its name all the same.
fn pipelines(context: &Context<'_>, sink: &mut Sink) {
    let sound = context.project.pipelines.iter().map(|one| (one.name.as_str(), Place::alone(one.name.span, one.site)));
    let mut all: Vec<_> = sound.chain(broken(context, "pipeline")).collect();
    all.sort_by_key(|(_, place)| place.name);
    let mut taken: HashMap<&str, Place> = HashMap::new();
    for (name, place) in all {
        match taken.get(name) {
            Some(first) => sink.push(two(format!("two pipelines are called `{name}`"), *first, place)),
            None => drop(taken.insert(name, place)),
        }
    }
}

/// Two different environments of one name, where the one pipeline that would hold them is broken.
fn loose(context: &Context<'_>, rest: &Scope<'_>, sink: &mut Sink) {
    if !context.is_one_broken_pipeline() {
        return;
    }
    let sound = rest
        .environments
        .iter()
        .map(|one| (one.name.as_str(), Place::alone(one.name.span, one.site), Some(Object::new(Arc::clone(one)))));
    let others = broken(context, "environment").map(|(name, place)| (name, place, None));
    let mut all: Vec<_> = sound.chain(others).collect();
    all.sort_by_key(|(_, place, _)| place.name);
    let mut taken: HashMap<&str, (Place, Option<Object>)> = HashMap::new();
    for (name, place, object) in all {
        let Some((first, other)) = taken.get(name) else {
            taken.insert(name, (place, object));
            continue;
        };
        let same = object.as_ref().zip(other.as_ref()).is_some_and(|(a, b)| a.same(b));
        if !same && first.name != place.name {
            sink.push(two(format!("two environments are called `{name}`"), *first, place));
        }
    }
}

fn broken<'a>(context: &Context<'a>, wanted: &'static str) -> impl Iterator<Item = (&'a str, Place)> + use<'a> {
    let broken = context.project.broken.iter().filter(move |(kind, _)| *kind == wanted);
    broken.filter_map(|(_, name)| name.as_ref()).map(|name| (name.node.as_str(), Place::alone(name.span, name.span)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{holds, related, run};
    use crate::source::MemoryHost;

    #[test]
    fn environments_of_one_pipeline_have_different_names() {
        holds(
            r#"
let a = environment("dev", aws + #{ stacks: [stack("A")] });
let b = environment("dev", aws + #{ stacks: ["A"] });
//                  ^^^^^ error[duplicate-name]: two environments of `app` are called `dev`
//                  help: give each a name of its own
pipeline("app", base + #{ stages: [a, b] });
"#,
        );
    }

    #[test]
    fn two_pipelines_may_share_an_environment() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("one", base + #{ stages: [dev] });
pipeline("two", base + #{ stages: [dev] });
"#,
        );
    }

    #[test]
    fn an_environment_stands_once_in_a_pipeline() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("one", base + #{ stages: [dev, parallel(dev)] });
//                                               ^^^ error[duplicate-name]: the environment `dev` stands twice in `one`
//                                               help: leave one of them out
let wave = parallel(environment("a", aws + #{ stacks: ["A"] }), environment("b", aws + #{ stacks: [stack("A")] }));
pipeline("two", base + #{ stages: [wave, wave] });
//                                       ^^^^ error[duplicate-name]: this `parallel` stands twice in the stages of `two`
//                                       help: leave one of them out
"#,
        );
    }

    #[test]
    fn one_text_that_names_two_is_marked_with_the_calls() {
        let script = r#"
let name = "dev";
let all = [environment(name, aws + #{ stacks: [stack("A")] }), environment(name, aws + #{ stacks: ["A"] })];
pipeline("app", base + #{ stages: all });
"#;
        let expected = ["environment: the first is made here", "environment: and the second here"];
        assert_eq!(related(script), expected);
        let script = r#"for region in ["us-east-1", "us-east-2"] { pipeline("app", base + #{ region: region, stages: [
            environment("dev", aws + #{ stacks: [stack("A")] })] }); }"#;
        assert_eq!(related(script), ["pipeline: this call runs more than once"]);
    }

    #[test]
    fn pipelines_have_different_names() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("app", base + #{ stages: [dev] });
pipeline("app", base + #{ stages: [] });
//                                ^^ error[bad-value]: `stages`: expected an array of environments, parallels, sequences, steps or approvals with at least one item
//       ^^^^^ error[duplicate-name]: two pipelines are called `app`
//       help: give each a name of its own
"#,
        );
    }

    #[test]
    fn names_are_compared_also_where_the_pipeline_is_broken() {
        holds(
            r#"
let a = environment("dev", #{ account: "12", region: "us-east-1", stacks: [stack("A")] });
//                                     ^^^^ error[bad-value]: `account`: an account id has 12 digits, this one has 2
let b = environment("dev", aws + #{ stacks: ["A"] });
//                  ^^^^^ error[duplicate-name]: two environments are called `dev`
//                  help: give each a name of its own
pipeline("app", base + #{ stages: [a, b] });
"#,
        );
    }

    #[test]
    fn steps_and_approvals_share_the_names_of_environments() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
let check = step("dev", #{ image: "a/b:1", commands: ["x"] });
//               ^^^^^ error[duplicate-name]: an environment and a step of `app` are both called `dev`
//               help: give each a name of its own
let gate = approval("Ship?");
let other = approval("Again?", #{ name: "approve-dev" });
//                                      ^^^^^^^^^^^^^ error[duplicate-name]: two approvals of `app` are called `approve-dev`
//                                      help: give each a name of its own
let task = approval("Now?", #{ name: "deploy-dev" });
//                                   ^^^^^^^^^^^^ error[duplicate-name]: `app` has a task of its own that is called `deploy-dev`
//                                   help: give the approval another name, such as one that starts with `approve-`
let last = approval("Done?");
//         ^^^^^^^^ error[missing-key]: `approval` misses the key `name`: no stage comes after it
//         help: add `name`: a name
pipeline("app", base + #{ stages: [gate, dev, check, other, task, last] });
"#,
        );
    }

    #[test]
    fn a_step_may_stand_in_several_environments_and_once_in_each() {
        let script = r#"
let soak = step("soak", #{ image: "a/b:1", commands: ["x"] });
let dev = environment("dev", aws + #{ stacks: [stack("A")], before: soak });
let prod = environment("prod", aws + #{ stacks: [stack("A")], before: soak, after: soak });
pipeline("app", base + #{ stages: [dev, prod] });
"#;
        let run = run(script, &MemoryHost::new());
        let found: Vec<_> =
            run.diagnostics.iter().map(|one| (one.message.as_str(), run.sources.text(one.primary.span))).collect();
        assert_eq!(found, [("the step `soak` stands twice in `app`", "soak")]);
    }

    #[test]
    fn stages_that_double_are_walked_once() {
        let doubled = "let wave = parallel(wave, wave);".repeat(12);
        let wave = r#"let wave = parallel(environment("dev", aws + #{ stacks: [stack("A")] }));"#;
        let script = format!(r#"{wave}{doubled}pipeline("app", base + #{{ stages: [wave] }});"#);
        let found = run(&script, &MemoryHost::new()).diagnostics;
        assert_eq!(found.len(), 12);
        assert!(found.iter().all(|one| one.code.id() == "duplicate-name"));
    }
}
