//! What comes of what a script declares: tasks and their templates, objects, what a role may do.

use std::collections::{BTreeSet, HashMap};

use super::workspace::{Location, location};
use crate::compile::{Evaluation, Output};
use crate::emit::{Artifact, Holder, Permission, permissions};
use crate::graph::{Deploy, Environment, Graph, Node};
use crate::model::{self, Pipeline};
use crate::schema::Object;

/// The documents that are no object of Kubernetes.
const OTHERS: &[&str] = &["CloudFormation", "Kustomization"];

/// The most lines of one kind that are shown.
const MOST: usize = 12;

/// What `pipeline` became; nothing where the script has errors.
pub(super) fn output_of<'a>(evaluation: &'a Evaluation, pipeline: &Pipeline) -> Option<&'a Output> {
    evaluation.outputs.iter().find(|output| output.pipeline == pipeline.name.as_str())
}

/// What was declared by the call at `site`, or under a name.
pub(super) fn objects(
    evaluation: &Evaluation,
    site: Option<&Location>,
    named: Option<&(&'static str, String)>,
) -> Vec<Object> {
    let is_it = |object: &&Object| {
        let is_here = site.is_some_and(|site| location(evaluation, object.declared().site()) == *site);
        let is_named = named
            .is_some_and(|(kind, name)| object.kind() == *kind && object.name().is_some_and(|own| own.node == *name));
        is_here || is_named
    };
    evaluation.project.declared.iter().filter(is_it).cloned().collect()
}

/// What comes of `objects`, in Markdown; nothing of those that are only a part of others.
pub(super) fn tell(evaluation: &Evaluation, objects: &[Object]) -> Option<String> {
    let told: Vec<String> = objects.iter().filter_map(|object| one(evaluation, object)).collect();
    match &told[..] {
        [] => None,
        [only] => Some(only.clone()),
        _ => {
            let heads = told.iter().filter_map(|text| text.lines().next());
            Some(list(heads.map(str::to_owned)))
        }
    }
}

fn one(evaluation: &Evaluation, object: &Object) -> Option<String> {
    if let Some(pipeline) = object.downcast::<Pipeline>() {
        return pipeline_text(evaluation, &pipeline);
    }
    let environment = object.downcast::<model::Environment>()?;
    let name = environment.name.as_str();
    for pipeline in &evaluation.project.pipelines {
        let graph = Graph::of(pipeline);
        let Some(found) = environments(&graph.nodes).remove(name) else { continue };
        let tasks = tasks(found);
        let output = output_of(evaluation, pipeline);
        let lines = tasks.iter().map(|task| {
            let template = output.and_then(|output| template(output, task)).filter(|template| template != task);
            template.map_or_else(|| format!("`{task}`"), |template| format!("`{task}` (template `{template}`)"))
        });
        let order = super::hints::order_of(pipeline, &environment)?;
        let count = pipeline.stages.len();
        let head = format!("**`{name}`** is stage {order} of {count} in `{}`.", graph.pipeline);
        let grants = Grants::of(pipeline);
        let allowed = grants.to(&environment).into_iter().map(|grant| statement(grant, &environment));
        return Some(format!("{head} Its tasks:\n\n{}\n\nWhat they may do in AWS:\n\n{}", list(lines), list(allowed)));
    }
    None
}

fn pipeline_text(evaluation: &Evaluation, pipeline: &Pipeline) -> Option<String> {
    let output = output_of(evaluation, pipeline)?;
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    for document in output.artifacts.iter().flat_map(Artifact::documents) {
        if OTHERS.contains(&document.kind) {
            continue;
        }
        match kinds.iter_mut().find(|(kind, _)| *kind == document.kind) {
            Some((_, count)) => *count += 1,
            None => kinds.push((document.kind, 1)),
        }
    }
    let objects =
        kinds.iter().map(|(kind, count)| if *count == 1 { format!("`{kind}`") } else { format!("{count} × `{kind}`") });
    let grants = permissions(pipeline);
    let mut roles: Vec<(&str, &str, usize)> = Vec::new();
    for Permission { role, description, .. } in &grants {
        match roles.iter_mut().find(|(known, _, _)| known == role) {
            Some((_, _, count)) => *count += 1,
            None => roles.push((role, description, 1)),
        }
    }
    let roles = roles
        .iter()
        .map(|(role, description, count)| format!("`{role}`: {description}, {}", counted(*count, "statement")));
    Some(format!(
        "**`{}`** becomes {}:\n\n{}\n\nand {}:\n\n{}",
        pipeline.name.as_str(),
        counted(objects_of(output), "Kubernetes object"),
        list(objects),
        counted(grants.len(), "IAM statement"),
        list(roles),
    ))
}

/// How many objects of Kubernetes a pipeline becomes.
pub(super) fn objects_of(output: &Output) -> usize {
    let documents = output.artifacts.iter().flat_map(Artifact::documents);
    documents.filter(|document| !OTHERS.contains(&document.kind)).count()
}

/// "1 task", "2 tasks".
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The environments of a delivery, by name.
pub(super) fn environments(nodes: &[Node]) -> HashMap<&str, &Environment> {
    let mut found = HashMap::new();
    let mut open: Vec<&Node> = nodes.iter().collect();
    while let Some(node) = open.pop() {
        match node {
            Node::Environment(environment) => drop(found.insert(&*environment.name, &**environment)),
            Node::Sequence(nodes) | Node::Parallel(nodes) => open.extend(nodes),
            Node::Task(_) | Node::Gate(_) => {}
        }
    }
    found
}

/// The tasks of an environment, in their order.
pub(super) fn tasks(environment: &Environment) -> Vec<&str> {
    let Environment { name: _, account: _, region: _, gate, before, deploy, after, test, verify, rollback } =
        environment;
    let gate = gate.iter().flat_map(|gate| [&gate.task, &gate.rejection]);
    let deploy: Vec<&String> = match deploy {
        Deploy::Together { task, stacks: _ } => vec![task],
        Deploy::PerStack(stacks) => stacks.iter().map(|stack| &stack.task).collect(),
    };
    let rollback = rollback.iter().flat_map(|rollback| [&rollback.task, &rollback.record]);
    let all = gate.chain(before).chain(deploy).chain(after).chain(test).chain(verify).chain(rollback);
    all.map(String::as_str).collect()
}

/// The template that a task runs, as the `WorkflowTemplate` says it.
fn template(output: &Output, task: &str) -> Option<String> {
    let file = output.artifacts.iter().find(|artifact| artifact.path.ends_with("workflow-template.yaml"))?;
    let lines: Vec<&str> = file.contents().lines().collect();
    let is_task = |line: &str| line.trim_start().trim_start_matches("- ").strip_prefix("name: ") == Some(task);
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| is_task(line)) {
        let indent = line.len() - line.trim_start().len();
        let own = lines[at + 1..].iter().take_while(|next| {
            let inner = next.len() - next.trim_start().len();
            inner > indent && !next.trim_start().starts_with("- name: ") || inner > indent + 2
        });
        let mut own = own.filter(|next| next.len() - next.trim_start().len() == indent + 2);
        if let Some(found) = own.find_map(|next| next.trim().strip_prefix("template: ")) {
            return Some(found.to_owned());
        }
    }
    None
}

/// What a pipeline's containers may do in AWS, by whom it is about.
pub(super) struct Grants {
    all: Vec<Permission>,
    /// The statements of tests and steps.
    own: HashMap<Holder, Vec<usize>>,
    /// The statements by which deployments become a role of an account and region.
    targets: HashMap<String, Vec<usize>>,
}

impl Grants {
    pub(super) fn of(pipeline: &Pipeline) -> Self {
        let all = permissions(pipeline);
        let (mut own, mut targets) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for (index, grant) in all.iter().enumerate() {
            own.entry(grant.holder.clone()).or_default().push(index);
            let roles = grant.resources.iter().filter(|resource| resource.contains(":role/cdk-"));
            let deploys = roles.filter(|_| grant.holder == Holder::Deployments);
            for (_, target) in deploys.filter_map(|resource| resource.rsplit_once("-role-")) {
                targets.entry(target.to_owned()).or_default().push(index);
            }
        }
        Self { all, own, targets }
    }

    /// How many statements there are.
    pub(super) const fn count(&self) -> usize {
        self.all.len()
    }

    /// The statements by which an environment's tasks do what they do.
    pub(super) fn to(&self, environment: &model::Environment) -> Vec<&Permission> {
        let around = [&environment.before, &environment.after, &environment.verify];
        let steps = around.into_iter().flat_map(|steps| steps.iter());
        let steps = steps.map(|step| Holder::Step(step.node.0.name.as_str().to_owned()));
        let holders = steps.chain([Holder::Tests(environment.name.as_str().to_owned())]);
        let own = holders.filter_map(|holder| self.own.get(&holder)).flatten();
        let deploys = self.targets.get(&target(environment)).into_iter().flatten();
        let found: BTreeSet<usize> = own.chain(deploys).copied().collect();
        found.into_iter().map(|index| &self.all[index]).collect()
    }
}

fn target(environment: &model::Environment) -> String {
    format!("{}-{}", environment.account.as_str(), environment.region.as_str())
}

/// A statement in words: what it allows, and on what; of the deployments', only what is about the environment.
fn statement(grant: &Permission, environment: &model::Environment) -> String {
    let target = Some(target(environment)).filter(|_| grant.holder == Holder::Deployments);
    let is_about = |resource: &&String| target.as_deref().is_none_or(|target| resource.contains(target));
    let resources: Vec<String> =
        grant.resources.iter().filter(is_about).map(|resource| format!("`{resource}`")).collect();
    let actions: Vec<String> = grant.actions.iter().map(|action| format!("`{action}`")).collect();
    let word = if grant.allows { "" } else { "not " };
    format!("{word}{} on {}, as `{}`", actions.join(", "), resources.join(", "), grant.role)
}

fn list(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<String> = lines.collect();
    let rest = lines.len().saturating_sub(MOST);
    let more = (rest > 0).then(|| format!("- and {rest} more"));
    let shown = lines.into_iter().take(MOST).map(|line| format!("- {line}"));
    let text = shown.chain(more).collect::<Vec<_>>().join("\n");
    if text.is_empty() { "- nothing".to_owned() } else { text }
}
