//! The order that a graph shows, held against the `depends` of the emitted WorkflowTemplate.

use std::collections::{BTreeMap, BTreeSet};

use aphex::graph::{Deploy, Environment, Gate, Graph, Node};
use serde_json::Value;

use crate::depends;

/// For each task all those before it.
type Earlier = BTreeMap<String, BTreeSet<String>>;

/// Where the order of `graph` is not that of `template`, the WorkflowTemplate that delivers; nothing where they agree.
pub(crate) fn differences(graph: &Graph, template: &Value) -> Vec<String> {
    let mut shown = Earlier::new();
    nodes(&graph.nodes, &BTreeSet::new(), &mut shown);
    let emitted = emitted(template);
    let mut wrong = Vec::new();
    for name in shown.keys().chain(emitted.keys()).collect::<BTreeSet<_>>() {
        match (shown.get(name), emitted.get(name)) {
            (Some(shown), Some(emitted)) => {
                let apart = shown.symmetric_difference(emitted);
                wrong.extend(apart.map(|before| format!("whether `{name}` waits for `{before}`")));
            }
            (shown, _) => {
                wrong.push(format!("`{name}` is {}", if shown.is_some() { "not emitted" } else { "not shown" }));
            }
        }
    }
    wrong.truncate(10);
    wrong
}

/// Where `tree`, the tree of that delivery, lacks a task, or names it above one that comes before it.
pub(crate) fn misplaced(tree: &str, template: &Value) -> Vec<String> {
    let (_, body) = tree.split_once("\n\n").unwrap();
    let words: Vec<&str> = body.split_whitespace().collect();
    let place = |task: &str| words.iter().position(|word| *word == task);
    // They are named by none of the pictures: the one belongs to its gate, the other to the last task before it.
    let shown = |task: &&String| !["reject-", "record-"].iter().any(|prefix| task.starts_with(prefix));
    let mut wrong = Vec::new();
    for (task, earlier) in emitted(template).iter().filter(|(task, _)| shown(task)) {
        let first = earlier.iter().filter(shown).filter_map(|before| place(before)).max();
        if place(task).is_none_or(|own| first.is_some_and(|first| own < first)) {
            wrong.push(format!("`{task}` is not below all that it waits for"));
        }
    }
    wrong
}

/// The tasks of the first graph of a WorkflowTemplate, in order.
pub(crate) fn tasks(template: &Value) -> Vec<String> {
    let tasks = template["spec"]["templates"][0]["dag"]["tasks"].as_array().unwrap();
    tasks.iter().map(|task| task["name"].as_str().unwrap().to_owned()).collect()
}

fn emitted(template: &Value) -> Earlier {
    let templates = template["spec"]["templates"].as_array().unwrap();
    let is_graph = |name: &str| {
        let own = templates.iter().find(|template| template["name"] == name);
        own.is_some_and(|template| !template["dag"].is_null())
    };
    let later = depends::later(template);
    // A redeployment is a graph with one task, which stands for it; a large delivery is cut into graphs of its own.
    let inner = |name: &str| name == "redeploy" || (is_graph(name) && name.starts_with("stages-"));
    let mut earlier: Earlier =
        later.keys().filter(|name| !inner(name)).map(|name| (name.clone(), BTreeSet::new())).collect();
    // Nothing goes on after a rollback; where it is in a graph of its own, what comes later waits for all of that.
    let before = later.iter().filter(|(name, _)| !inner(name) && !name.starts_with("rollback-"));
    for (name, after) in before {
        for task in after.iter().filter(|task| !inner(task)) {
            earlier.get_mut(task).unwrap().insert(name.clone());
        }
    }
    earlier
}

/// Notes what is before each of `nodes`, which run in order after `before`; gives what is before what follows them.
fn nodes(nodes: &[Node], before: &BTreeSet<String>, earlier: &mut Earlier) -> BTreeSet<String> {
    nodes.iter().fold(before.clone(), |before, node| match node {
        Node::Task(name) => task(name, before, earlier),
        Node::Gate(own) => gate(own, before, earlier),
        Node::Environment(own) => environment(own, before, earlier),
        Node::Sequence(own) => self::nodes(own, &before, earlier),
        Node::Parallel(own) => {
            own.iter().flat_map(|node| self::nodes(std::slice::from_ref(node), &before, earlier)).collect()
        }
    })
}

fn task(name: &str, mut before: BTreeSet<String>, earlier: &mut Earlier) -> BTreeSet<String> {
    assert_eq!(earlier.insert(name.to_owned(), before.clone()), None, "`{name}` stands in one place");
    before.insert(name.to_owned());
    before
}

fn gate(gate: &Gate, before: BTreeSet<String>, earlier: &mut Earlier) -> BTreeSet<String> {
    let before = task(&gate.task, before, earlier);
    task(&gate.rejection, before, earlier)
}

fn environment(own: &Environment, mut before: BTreeSet<String>, earlier: &mut Earlier) -> BTreeSet<String> {
    before = own.gate.iter().fold(before, |before, own| gate(own, before, earlier));
    before = own.before.iter().fold(before, |before, step| task(step, before, earlier));
    before = match &own.deploy {
        Deploy::Together { task: name, stacks: _ } => task(name, before, earlier),
        Deploy::PerStack(stacks) => {
            let mut after = before.clone();
            for stack in stacks {
                let waits = stack.after.iter().map(|at| &stacks[*at].task);
                let all = waits.flat_map(|name| earlier[name].iter().chain([name]));
                let own = all.cloned().chain(before.iter().cloned()).collect();
                after.extend(task(&stack.task, own, earlier));
            }
            after
        }
    };
    before =
        own.after.iter().chain(&own.test).chain(&own.verify).fold(before, |before, name| task(name, before, earlier));
    match &own.rollback {
        Some(rollback) => {
            task(&rollback.task, before.clone(), earlier);
            task(&rollback.record, before, earlier)
        }
        None => before,
    }
}
