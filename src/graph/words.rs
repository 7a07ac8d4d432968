//! What pictures say in words, the same in each.

use super::{Answer, Channel, Deploy, Environment, Gate, Graph, Notice, Rollback, Source};

/// A task of an environment.
pub(super) struct Row<'a> {
    /// The key of the environment that asks for it.
    pub(super) key: &'static str,
    /// The task.
    pub(super) task: &'a str,
    /// What it is about, each part a text of its own.
    pub(super) about: Vec<&'a str>,
    /// How the parts stand to each other.
    pub(super) link: Link,
}

/// How the parts of what a row is about stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Link {
    /// Stacks of one task, in order.
    Order,
    /// A stack, then those that it waits for.
    After,
}

impl<'a> Row<'a> {
    /// A task that is about nothing.
    fn step(key: &'static str) -> impl Fn(&'a String) -> Self {
        move |task| Self { key, task, about: Vec::new(), link: Link::Order }
    }

    /// What it is about as one text, with `then` between stacks in order; empty where there is nothing to say.
    pub(super) fn detail(&self, then: &str) -> String {
        match (self.link, &self.about[..]) {
            (Link::After, [stack, after @ ..]) if !after.is_empty() => format!("{stack} after {}", after.join(", ")),
            (Link::Order | Link::After, all) => all.join(then),
        }
    }
}

impl Environment {
    /// Its tasks in order, without gate and rollback, and how many of them come before what a rollback answers for.
    pub(super) fn rows(&self) -> (Vec<Row<'_>>, usize) {
        let mut rows: Vec<Row<'_>> = self.before.iter().map(Row::step("before")).collect();
        let unanswered = rows.len();
        match &self.deploy {
            Deploy::Together { task, stacks } => {
                let about = stacks.iter().map(String::as_str).collect();
                rows.push(Row { key: "deploy", task, about, link: Link::Order });
            }
            Deploy::PerStack(stacks) => rows.extend(stacks.iter().map(|stack| {
                let after = stack.after.iter().filter_map(|at| stacks.get(*at)).map(|stack| stack.name.as_str());
                let about = std::iter::once(stack.name.as_str()).chain(after).collect();
                Row { key: "deploy", task: &stack.task, about, link: Link::After }
            })),
        }
        rows.extend(self.after.iter().map(Row::step("after")));
        rows.extend(self.test.iter().map(Row::step("tests")));
        rows.extend(self.verify.iter().map(Row::step("verify")));
        (rows, unanswered)
    }
}

impl Environment {
    /// What a box says of it, line by line: where it is, and its tasks.
    pub(super) fn lines(&self) -> Vec<String> {
        let task = |row: &Row<'_>| match row.detail(", ") {
            detail if detail.is_empty() => row.task.to_owned(),
            detail => format!("{}: {detail}", row.task),
        };
        let head = [self.name.clone(), format!("{}, {}", self.account, self.region)];
        head.into_iter().chain(self.rows().0.iter().map(task)).collect()
    }
}

impl Rollback {
    /// What a box says of it, line by line.
    pub(super) fn lines(&self) -> [String; 3] {
        ["on failure".to_owned(), self.task.clone(), self.words()]
    }

    /// What it does.
    pub(super) fn words(&self) -> String {
        match &self.answer {
            Answer::Redeploy => "deploys the last commit that succeeded".to_owned(),
            Answer::Commands(commands) => format!("runs {}", commands.join(" && ")),
            Answer::Step(step) => format!("runs the step {step}"),
        }
    }
}

impl Gate {
    /// What it is in one line.
    pub(super) fn words(&self) -> String {
        format!("the gate {} ({}; waits {})", self.task, self.message, self.wait())
    }

    /// What a box says of it, line by line.
    pub(super) fn lines(&self) -> [String; 3] {
        [self.task.clone(), self.message.clone(), format!("waits {}", self.wait())]
    }

    /// How long it waits.
    pub(super) fn wait(&self) -> String {
        let units = [(86_400, "d"), (3_600, "h"), (60, "m")];
        // A day is what nobody calls `1d`.
        let whole = |(unit, _): &&(i64, &str)| self.seconds % unit == 0 && (self.seconds > *unit || *unit < 86_400);
        let (unit, letter) = units.iter().find(whole).unwrap_or(&(1, "s"));
        format!("{}{letter}", self.seconds / unit)
    }
}

impl Source {
    /// What starts a delivery, a kind of event a text.
    pub(super) fn events(&self) -> Vec<String> {
        let mut events = Vec::new();
        if !self.branches.is_empty() {
            let paths =
                if self.paths.is_empty() { String::new() } else { format!(" that touches {}", or(&self.paths)) };
            events.push(format!("push to {}{paths}", or(&self.branches)));
        }
        if !self.tags.is_empty() {
            events.push(format!("tag {}", or(&self.tags)));
        }
        events
    }

    /// The same, with what stands between them.
    pub(super) fn start(&self) -> Vec<String> {
        let events = self.events().into_iter().enumerate();
        events.map(|(at, event)| if at > 0 { format!("or {event}") } else { event }).collect()
    }

    /// What a box says of it, line by line.
    pub(super) fn lines(&self) -> Vec<String> {
        let pull_requests = self.pull_requests().map(|tasks| format!("pull request: {tasks}"));
        [self.repository.clone()].into_iter().chain(self.start()).chain(pull_requests).collect()
    }

    /// What a pull request runs; nothing where it runs nothing.
    pub(super) fn pull_requests(&self) -> Option<String> {
        let tasks = self.pull_request.join(", ");
        (!tasks.is_empty()).then(|| format!("{tasks}; deploys nothing"))
    }
}

impl Notice {
    /// Where the message goes, and after which runs.
    pub(super) fn words(&self) -> String {
        let to = match &self.to {
            Channel::Slack => "Slack".to_owned(),
            Channel::Webhook(Some(host)) => format!("webhook {host}"),
            Channel::Webhook(None) => "webhook".to_owned(),
        };
        let on = match (self.success, self.failure) {
            (true, true) => "on success and failure",
            (true, false) => "on success",
            (false, _) => "on failure",
        };
        format!("{to} {on}")
    }
}

impl Graph {
    /// What a box says of who is told at the end, line by line.
    pub(super) fn end(&self) -> Vec<String> {
        std::iter::once("however it ends".to_owned()).chain(self.notices.iter().map(Notice::words)).collect()
    }

    /// Where it runs.
    pub(super) fn place(&self) -> String {
        format!("{}, {}, {}", self.cluster.name, self.cluster.account, self.cluster.region)
    }
}

/// Texts as a list with `or` before the last one.
fn or(texts: &[String]) -> String {
    match texts {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => texts.concat(),
    }
}
