//! Graphviz: a directed graph, with a cluster for each wave.
//!
//! A wave begins and ends in a point, so that thirty environments after thirty others are sixty arrows.

use std::fmt::Write;

use super::{Gate, Graph, Node};
use crate::report::visible_line;

const HEAD: &str = "    graph [rankdir=TB, labelloc=t, fontname=\"Helvetica,Arial,sans-serif\", fontsize=16, nodesep=0.3, ranksep=0.35]
    node [shape=box, style=\"rounded,filled\", fillcolor=\"#f6f8fa\", color=\"#59636e\", fontname=\"Helvetica,Arial,sans-serif\", fontsize=11]
    edge [color=\"#59636e\", arrowsize=0.7, fontname=\"Helvetica,Arial,sans-serif\", fontsize=10]
";
const EVENT: &str = "fillcolor=\"#ddf4ff\", color=\"#0969da\"";
const ENVIRONMENT: &str = "fillcolor=\"#dafbe1\", color=\"#1a7f37\"";
const GATE: &str = "shape=hexagon, style=filled, fillcolor=\"#fff8c5\", color=\"#9a6700\"";
const ROLLBACK: &str = "style=\"rounded,filled,dashed\", fillcolor=\"#ffebe9\", color=\"#cf222e\"";
const POINT: &str = "shape=point, width=0.06, color=\"#59636e\"";
const WAVE: &str = "style=\"rounded,filled\", fillcolor=\"#fafbfc\", color=\"#d1d9e0\", fontsize=10, labeljust=l";

/// The graph for Graphviz.
pub fn dot(graph: &Graph) -> String {
    let name = quoted([&graph.pipeline], "");
    let mut text = format!("digraph {name} {{\n");
    let label = quoted([&format!("{} in {}", graph.pipeline, graph.place())], "");
    writeln!(text, "{HEAD}    label={label}").expect("a string takes every text");
    let mut drawing = Drawing { text, nodes: 0 };
    let start = drawing.node(EVENT, graph.source.lines(), 1);
    let end = drawing.sequence(&graph.nodes, start, 1);
    if !graph.notices.is_empty() {
        let notices = drawing.node(EVENT, graph.end(), 1);
        drawing.write(1, &format!("{end} -> {notices} [style=dotted]"));
    }
    drawing.text.push_str("}\n");
    drawing.text
}

struct Drawing {
    text: String,
    nodes: usize,
}

impl Drawing {
    /// Nodes in order, after the one that is called `before`; gives what the last one is called.
    fn sequence(&mut self, nodes: &[Node], before: String, depth: usize) -> String {
        nodes.iter().fold(before, |before, node| self.after(&before, node, depth))
    }

    /// A part after the node that is called `before`; gives what the last of it is called.
    fn after(&mut self, before: &str, node: &Node, depth: usize) -> String {
        match node {
            Node::Task(task) => {
                let own = self.node("", [task], depth);
                self.arrow(before, own, depth)
            }
            Node::Gate(gate) => self.gate(before, gate, depth),
            Node::Environment(environment) => {
                let before = match &environment.gate {
                    Some(gate) => self.gate(before, gate, depth),
                    None => before.to_owned(),
                };
                let own = self.node(ENVIRONMENT, environment.lines(), depth);
                if let Some(rollback) = &environment.rollback {
                    let back = self.node(ROLLBACK, rollback.lines(), depth);
                    let look = "style=dashed, color=\"#cf222e\", constraint=false";
                    self.write(depth, &format!("{own} -> {back} [{look}]"));
                    // Beside it, not below.
                    self.write(depth, &format!("{{rank=same; {own}; {back}}}"));
                }
                self.arrow(&before, own, depth)
            }
            Node::Sequence(nodes) => self.sequence(nodes, before.to_owned(), depth),
            Node::Parallel(nodes) => self.wave(before, nodes, depth),
        }
    }

    fn wave(&mut self, before: &str, nodes: &[Node], depth: usize) -> String {
        let (fork, join) = (self.name(), self.name());
        self.write(depth, &format!("subgraph cluster_{fork} {{"));
        self.write(depth + 1, &format!("graph [label=\"parallel\", {WAVE}]"));
        self.write(depth + 1, &format!("{fork} [{POINT}]; {join} [{POINT}]"));
        for node in nodes {
            let last = self.after(&fork, node, depth + 1);
            self.write(depth + 1, &format!("{last} -> {join} [arrowhead=none]"));
        }
        self.write(depth, "}");
        self.write(depth, &format!("{before} -> {fork} [arrowhead=none]"));
        join
    }

    fn gate(&mut self, before: &str, gate: &Gate, depth: usize) -> String {
        let own = self.node(GATE, gate.lines(), depth);
        self.arrow(before, own, depth)
    }

    fn arrow(&mut self, before: &str, own: String, depth: usize) -> String {
        self.write(depth, &format!("{before} -> {own}"));
        own
    }

    fn node(&mut self, look: &str, lines: impl IntoIterator<Item = impl AsRef<str>>, depth: usize) -> String {
        let own = self.name();
        let comma = if look.is_empty() { "" } else { ", " };
        self.write(depth, &format!("{own} [label={}{comma}{look}]", quoted(lines, "\\n")));
        own
    }

    fn name(&mut self) -> String {
        self.nodes += 1;
        format!("n{}", self.nodes)
    }

    fn write(&mut self, depth: usize, line: &str) {
        writeln!(self.text, "{:1$}{line}", "", depth * 4).expect("a string takes every text");
    }
}

/// Lines as a quoted text. Graphviz reads a backslash as the start of an escape, and `&` as the start of an entity.
fn quoted(lines: impl IntoIterator<Item = impl AsRef<str>>, between: &str) -> String {
    let mut text = "\"".to_owned();
    for (at, line) in lines.into_iter().enumerate() {
        text.push_str(if at > 0 { between } else { "" });
        for character in visible_line(line.as_ref()).chars() {
            match character {
                '"' => text.push_str("\\\""),
                '\\' => text.push_str("\\\\"),
                '&' => text.push_str("&amp;"),
                _ => text.push(character),
            }
        }
    }
    text.push('"');
    text
}
