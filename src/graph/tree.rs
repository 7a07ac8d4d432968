//! The tree: a graph for a terminal, line by line.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Environment, Gate, Graph, Node};
use crate::report::{Style, visible_line};

/// Less than this beside its head is no room for a text; it goes below.
const LEAST: usize = 24;
/// The widest text: longer lines are hard to read.
const WIDEST: usize = 120;

const BOLD: &str = "1";
const DIM: &str = "2";
const GATE: &str = "33";
const ROLLBACK: &str = "31";
const PLAIN: &str = "";

/// The tree of `graph`, which ends with a line break. It is as wide as the screen at most, as far as names allow.
pub fn tree(graph: &Graph, style: Style) -> String {
    let marks = if style.unicode { &DRAWN } else { &TYPED };
    let mut tree = Tree { style, marks, text: String::new() };
    tree.heading(graph);
    tree.sequence(&graph.nodes.iter().collect::<Vec<_>>(), "");
    if !graph.notices.is_empty() {
        let notices: Vec<String> = graph.notices.iter().map(super::Notice::words).collect();
        tree.line(["\n", ""], &[(DIM, "however it ends  ")], &notices.join("; "));
    }
    tree.text
}

/// How branches look: before one of several, before the last one, and beside what belongs to either.
struct Marks {
    sequence: [&'static str; 4],
    parallel: [&'static str; 4],
    gate: &'static str,
    then: &'static str,
}

const DRAWN: Marks =
    Marks {
        sequence: ["├─ ", "└─ ", "│  ", "   "], parallel: ["╠═ ", "╚═ ", "║  ", "   "], gate: "◆ ", then: " → "
    };
const TYPED: Marks =
    Marks { sequence: ["|- ", "`- ", "|  ", "   "], parallel: ["|= ", "`= ", "|  ", "   "], gate: "? ", then: " > " };

/// A part of a line that stays whole, and its colour.
type Cell<'a> = (&'static str, &'a str);

struct Tree {
    style: Style,
    marks: &'static Marks,
    text: String,
}

impl Tree {
    fn heading(&mut self, graph: &Graph) {
        self.line(["", ""], &[(BOLD, &graph.pipeline)], "");
        self.line(["  ", "  "], &[(DIM, "source       ")], &graph.source.repository);
        for event in graph.source.events() {
            self.line(["  ", "  "], &[(DIM, "starts with  ")], &event);
        }
        if let Some(tasks) = graph.source.pull_requests() {
            self.line(["  ", "  "], &[(DIM, "pull request ")], &tasks);
        }
        self.line(["  ", "  "], &[(DIM, "runs in      ")], &graph.place());
        self.text.push('\n');
    }

    /// Nodes in order. The gate of an environment is a branch of its own.
    fn sequence(&mut self, nodes: &[&Node], indent: &str) {
        let count = nodes.iter().map(|node| 1 + usize::from(gate_of(node).is_some())).sum::<usize>();
        let mut left = count;
        for node in nodes {
            if let Some(gate) = gate_of(node) {
                left -= 1;
                let [first, rest] = branch(self.marks.sequence, left, indent);
                self.gate(gate, [&first, &rest]);
            }
            left -= 1;
            let [first, rest] = branch(self.marks.sequence, left, indent);
            self.node(node, [&first, &rest]);
        }
    }

    fn parallel(&mut self, nodes: &[Node], indent: &str) {
        for (at, node) in nodes.iter().enumerate() {
            let [first, rest] = branch(self.marks.parallel, nodes.len() - 1 - at, indent);
            if gate_of(node).is_some() {
                self.line([&first, &rest], &[(DIM, "sequence")], "");
                self.sequence(&[node], &rest);
            } else {
                self.node(node, [&first, &rest]);
            }
        }
    }

    fn node(&mut self, node: &Node, indents: [&str; 2]) {
        match node {
            Node::Task(task) => self.line(indents, &[(PLAIN, task)], ""),
            Node::Gate(gate) => self.gate(gate, indents),
            Node::Environment(environment) => self.environment(environment, indents),
            Node::Sequence(nodes) => {
                self.line(indents, &[(DIM, "sequence")], "");
                self.sequence(&nodes.iter().collect::<Vec<_>>(), indents[1]);
            }
            Node::Parallel(nodes) => {
                self.line(indents, &[(DIM, "parallel")], "");
                self.parallel(nodes, indents[1]);
            }
        }
    }

    fn gate(&mut self, gate: &Gate, indents: [&str; 2]) {
        let waits = format!("waits {}: {}", gate.wait(), gate.message);
        self.line(indents, &[(GATE, self.marks.gate), (GATE, &gate.task), (PLAIN, "  ")], &waits);
    }

    fn environment(&mut self, environment: &Environment, [first, rest]: [&str; 2]) {
        let Environment { name, account, region, rollback, .. } = environment;
        self.line([first, rest], &[(BOLD, name), (PLAIN, "  "), (DIM, account), (PLAIN, "  "), (DIM, region)], "");
        let (rows, _) = environment.rows();
        let tasks = rows.iter().map(|row| row.task).chain(rollback.as_ref().map(|rollback| rollback.task.as_str()));
        let widest = tasks.map(str::len).max().unwrap_or(0);
        for row in &rows {
            let (key, task) = (format!("  {:8}  ", row.key), format!("{:widest$}  ", row.task));
            self.line([rest, rest], &[(DIM, &key), (PLAIN, &task)], &row.detail(self.marks.then));
        }
        if let Some(rollback) = rollback {
            let task = format!("{:widest$}  ", rollback.task);
            self.line([rest, rest], &[(DIM, "  rollback  "), (ROLLBACK, &task)], &rollback.words());
        }
    }

    /// A line that starts with the first indent and with `head`; `tail`, which may be anybody's text, follows in as many
    /// lines as it needs.
    fn line(&mut self, [first, rest]: [&str; 2], head: &[Cell<'_>], tail: &str) {
        let tail = visible_line(tail.trim_end());
        self.text.push_str(first);
        let last = head.len().saturating_sub(1);
        for (at, (code, text)) in head.iter().enumerate() {
            let text = if at == last && tail.is_empty() { text.trim_end() } else { text };
            let painted = if code.is_empty() { text.to_owned() } else { self.style.paint(code, text) };
            self.text.push_str(&painted);
        }
        let column = rest.width() + head.iter().map(|(_, text)| text.width()).sum::<usize>();
        let screen = self.style.width.map(|width| width.min(WIDEST));
        let (column, room) = match screen.map(|width| width.saturating_sub(column)) {
            None => (column, usize::MAX),
            Some(room) if room >= LEAST || tail.width() <= room => (column, room),
            Some(_) => {
                let column = rest.width() + 4;
                self.break_line(rest, column);
                (column, screen.unwrap_or(WIDEST).saturating_sub(column).max(LEAST))
            }
        };
        for (at, part) in wrapped(&tail, room).into_iter().enumerate() {
            if at > 0 {
                self.break_line(rest, column);
            }
            self.text.push_str(part);
        }
        self.text.push('\n');
    }

    /// A line break, and spaces to `column`, after the lines of the branches beside it.
    fn break_line(&mut self, rest: &str, column: usize) {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
        self.text.push_str(rest);
        self.text.push_str(&" ".repeat(column - rest.width()));
    }
}

/// What a branch starts with, and what the lines below it start with; `left` branches follow it.
fn branch([one, last, beside, nothing]: [&str; 4], left: usize, indent: &str) -> [String; 2] {
    let (first, rest) = if left == 0 { (last, nothing) } else { (one, beside) };
    [format!("{indent}{first}"), format!("{indent}{rest}")]
}

fn gate_of(node: &Node) -> Option<&Gate> {
    match node {
        Node::Environment(environment) => environment.gate.as_ref(),
        Node::Task(_) | Node::Gate(_) | Node::Sequence(_) | Node::Parallel(_) => None,
    }
}

/// A text in lines of at most `room` columns: at spaces, and where a word is too long, in it.
fn wrapped(text: &str, room: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(cut) = overflow(rest, room) {
        lines.push(rest[..cut].trim_end());
        rest = rest[cut..].trim_start();
    }
    lines.push(rest);
    lines
}

/// Where a text that is wider than `room` is cut.
fn overflow(text: &str, room: usize) -> Option<usize> {
    let (mut columns, mut space) = (0, 0);
    for (at, character) in text.char_indices() {
        columns += character.width().unwrap_or(0);
        if character == ' ' {
            space = at;
        }
        if columns > room {
            // A character that is wider than the room stands in a line alone.
            let least = text.chars().next().map_or(0, char::len_utf8);
            return Some(if space > 0 { space } else { at.max(least) });
        }
    }
    None
}
