//! A configuration in the words of the language: stacks, environments, the pipeline.

use std::collections::BTreeMap;

use super::comments::Comments;
use super::config::{Config, Environment, Portable, Stack, Tests};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::draft::{Names, Noted, Script, Settings, Statement, Value, entry};
use crate::model::{Command, Region};
use crate::schema::Text;
use crate::source::{Span, Spanned};

/// The script that does what `config` did.
pub(super) fn write(config: &Config, settings: &Settings, comments: &mut Comments, sink: &mut Sink) -> Script {
    let stacks = Stacks::of(config, sink);
    let Config { version, build, environments } = config;
    let mut writer = Writer { names: Names::apart_from(commands(config)), comments, script: Script::default() };
    writer.header(version.span);
    let stacks = writer.stacks(stacks);
    let first = environments.iter().map(|one| one.node.region.as_str()).next().unwrap_or_default();
    let names: Vec<Value> = environments
        .iter()
        .enumerate()
        .map(|(index, one)| {
            let above = if index == 0 { writer.comments.take(environments.span.start) } else { Vec::new() };
            writer.environment(one, &stacks, above)
        })
        .collect();
    let mut keys = settings.entries(first);
    let commands = writer.commands(&build.commands);
    keys.push(writer.under(build.span, build.commands.span, entry("build", commands)));
    keys.push(entry("stages", Value::list(names)));
    writer.script.statements.push(settings.declaration("pipeline", keys));
    let Writer { mut script, comments, names: _ } = writer;
    script.tail = std::mem::take(comments).rest();
    if !script.tail.is_empty() {
        script.gap();
    }
    script
}

/// Reports environments that a pipeline cannot reach: roles do not cross from one partition of AWS to another.
pub(super) fn check(config: &Config, settings: &Settings, sink: &mut Sink) {
    let given = settings.region.as_deref().and_then(|region| Region::parse(region).ok());
    let regions = || config.environments.iter().map(|one| &one.node.region);
    let Some(home) = given.or_else(|| regions().next().map(|region| region.node.clone())) else { return };
    for region in regions().filter(|region| region.partition() != home.partition()) {
        let (own, other) = (region.partition().id(), home.partition().id());
        let message =
            format!("the region `{}` is in the partition `{own}`, and the pipeline is in `{other}`", region.node);
        let help = "import the environments of each partition from a configuration of their own";
        sink.push(Diagnostic::new(Code::MixedPartitions, region.span, message).help(help));
    }
}

/// Every command, which may hold what a shell reads as a variable.
fn commands(config: &Config) -> impl Iterator<Item = &str> {
    let tests = config.environments.iter().filter_map(|one| one.node.tests.node.as_ref());
    let all = config.build.commands.iter().chain(tests.flat_map(|tests| tests.commands.iter()));
    all.map(|command| command.0.as_str())
}

/// The stacks of a configuration by name, each once, in the order in which they come.
struct Stacks<'a> {
    order: Vec<&'a Spanned<Stack>>,
    by_name: BTreeMap<&'a str, Known>,
}

/// What is known of a stack: its place in the order, and whether all agree on its file.
struct Known {
    index: usize,
    one_path: bool,
}

impl<'a> Stacks<'a> {
    /// All of them. What stands twice, and names with several files, are reported.
    fn of(config: &'a Config, sink: &mut Sink) -> Self {
        let mut stacks = Self { order: Vec::new(), by_name: BTreeMap::new() };
        let mut environments = Taken::new();
        for environment in config.environments.iter() {
            let name = &environment.node.name;
            let what = |name: &str| format!("two environments are called `{name}`");
            once(&mut environments, name.0.as_str(), name.span, what, sink);
            let mut listed = Taken::new();
            for stack in environment.node.stacks.iter() {
                let name = &stack.node.name;
                let what = |name: &str| format!("an environment lists the stack `{name}` twice");
                once(&mut listed, name.0.as_str(), name.span, what, sink);
                stacks.add(stack, sink);
            }
        }
        stacks
    }

    fn add(&mut self, stack: &'a Spanned<Stack>, sink: &mut Sink) {
        let Stack { name, path } = &stack.node;
        let index = self.order.len();
        let Some(known) = self.by_name.get_mut(name.0.as_str()) else {
            self.by_name.insert(name.0.as_str(), Known { index, one_path: true });
            self.order.push(stack);
            return;
        };
        let first = &self.order[known.index].node.path;
        if first.0.as_str() != path.0.as_str() {
            known.one_path = false;
            let message = format!("the stack `{}` has another file in another environment", name.0);
            let help = "a stack is deployed by its name: the script names no file; where these are two stacks, give each \
                        a name of its own";
            let found = Diagnostic::new(Code::SeveralPaths, path.span, message).help(help);
            sink.push(found.related(first.span, "another one is here"));
        }
    }
}

/// The names that are taken, with their places.
type Taken<'a> = BTreeMap<&'a str, Span>;

/// Reports a name that is taken.
fn once<'a>(names: &mut Taken<'a>, name: &'a str, span: Span, what: impl Fn(&str) -> String, sink: &mut Sink) {
    if let Some(first) = names.insert(name, span) {
        let found = Diagnostic::new(Code::DuplicateName, span, what(name));
        let found = if first == span { found } else { found.related(first, "the first is here") };
        sink.push(found.help("give each a name of its own, or leave one of them out"));
    }
}

/// The variable of each stack, by the stack's name.
type Variables<'a> = BTreeMap<&'a str, String>;

struct Writer<'a> {
    names: Names,
    comments: &'a mut Comments,
    script: Script,
}

impl Writer<'_> {
    fn header(&mut self, version: Span) {
        let above = self.comments.take(version.start);
        if !above.is_empty() {
            self.script.statements.push(Noted { above, ..Noted::new(Statement::Gap) });
        }
    }

    fn stacks<'a>(&mut self, Stacks { order, by_name }: Stacks<'a>) -> Variables<'a> {
        let mut variables = Variables::new();
        for stack in order {
            let Stack { name, path } = &stack.node;
            let variable = self.names.stack(name.0.as_str());
            let one_path = by_name.get(name.0.as_str()).is_some_and(|known| known.one_path);
            let path = one_path.then(|| Value::text(path.0.as_str()));
            let call = Value::call("stack", [Value::text(name.0.as_str())].into_iter().chain(path));
            let part = Noted::new(Statement::Let(variable.clone(), call));
            let offsets = [stack.span.start, name.span.start, stack.node.path.span.start];
            self.script.statements.push(self.comments.give(&offsets, part));
            variables.insert(name.0.as_str(), variable);
        }
        self.script.gap();
        variables
    }

    /// Writes an environment; gives its variable.
    fn environment(&mut self, one: &Spanned<Environment>, stacks: &Variables<'_>, above: Vec<String>) -> Value {
        let Environment { name, region, account, stacks: listed, tests } = &one.node;
        let variable = self.names.take(name.0.as_str(), "env");
        let mut part = Noted { above, ..Noted::new(()) };
        part = self.comments.give(&[one.span.start, name.span.start], part);
        let text = |value: &str| Value::text(value);
        let mut keys = vec![
            self.comments.give(&[account.span.start], entry("account", text(account.as_str()))),
            self.comments.give(&[region.span.start], entry("region", text(region.as_str()))),
        ];
        let items = listed.iter().map(|stack| self.listed(stack, stacks)).collect();
        keys.push(self.comments.give(&[listed.span.start], entry("stacks", Value::List(items))));
        if let Some(Tests { commands }) = &tests.node
            && !commands.is_empty()
        {
            let value = self.commands(commands);
            keys.push(self.under(tests.span, commands.span, entry("tests", value)));
        }
        let call = Value::call("environment", [Value::text(name.0.as_str()), Value::Map(keys)]);
        let Noted { node: (), above, right } = part;
        self.script.statements.push(Noted { node: Statement::Let(variable.clone(), call), above, right });
        self.script.gap();
        Value::raw(variable)
    }

    /// A stack among those of an environment. What is said of it in a later environment stays there.
    fn listed(&mut self, stack: &Spanned<Stack>, variables: &Variables<'_>) -> Noted<Value> {
        let Stack { name, path } = &stack.node;
        let variable = variables.get(name.0.as_str()).cloned().unwrap_or_default();
        let offsets = [stack.span.start, name.span.start, path.span.start];
        self.comments.give(&offsets, Noted::new(Value::raw(variable)))
    }

    /// `part` with the comments of a map, and of the list that is its only key.
    fn under<T>(&mut self, map: Span, list: Span, part: Noted<T>) -> Noted<T> {
        let above = self.comments.take(map.start);
        self.comments.give(&[list.start], Noted { above, ..part })
    }

    fn commands(&mut self, commands: &[Spanned<Portable<Command>>]) -> Value {
        let each = |command: &Spanned<Portable<Command>>| {
            let part = Noted::new(Value::text(command.0.as_str()));
            self.comments.give(&[command.span.start], part)
        };
        Value::List(commands.iter().map(each).collect())
    }
}
