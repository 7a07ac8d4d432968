//! Mermaid: a flowchart, as Markdown pages show it.
//!
//! A wave is a subgraph, and arrows lead to it and from it: thirty environments after thirty others are one arrow. A page
//! takes 500 arrows and 50,000 characters, unless its `maxEdges` and `maxTextSize` say otherwise.

use std::fmt::Write;

use super::{Gate, Graph, Node};
use crate::report::visible_line;

/// What stands before the nodes; lines of an environment have room.
const HEAD: &str = "config:
  flowchart:
    wrappingWidth: 360
---
flowchart TD
    classDef event fill:#ddf4ff,stroke:#0969da,color:#1f2328
    classDef task fill:#f6f8fa,stroke:#59636e,color:#1f2328
    classDef environment fill:#dafbe1,stroke:#1a7f37,color:#1f2328
    classDef gate fill:#fff8c5,stroke:#9a6700,color:#1f2328
    classDef rollback fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:5 3
";

/// A subgraph takes no class.
const WAVE: &str = "fill:none,stroke:#8c959f";

/// The flowchart of `graph`.
pub fn mermaid(graph: &Graph) -> String {
    let mut chart = Chart { text: format!("---\ntitle: {} in {}\n{HEAD}", graph.pipeline, graph.place()), nodes: 0 };
    let start = chart.node(["([", "])"], "event", &graph.source.lines(), 1);
    let end = chart.sequence(&graph.nodes, Some(start), 1);
    if let (Some(last), false) = (end, graph.notices.is_empty()) {
        let notices = chart.node(["([", "])"], "event", &graph.end(), 1);
        chart.write(1, &format!("{last} -.-> {notices}"));
    }
    chart.text
}

struct Chart {
    text: String,
    nodes: usize,
}

impl Chart {
    /// Nodes in order, after the one that is called `before`; gives what the last one is called.
    fn sequence(&mut self, nodes: &[Node], before: Option<String>, depth: usize) -> Option<String> {
        nodes.iter().fold(before, |before, node| {
            let (first, last) = self.part(node, depth);
            if let Some(before) = before {
                self.write(depth, &format!("{before} --> {first}"));
            }
            Some(last)
        })
    }

    /// What the first and the last of a part are called.
    fn part(&mut self, node: &Node, depth: usize) -> (String, String) {
        match node {
            Node::Task(task) => twice(self.node(["[", "]"], "task", &[task], depth)),
            Node::Gate(gate) => twice(self.gate(gate, depth)),
            Node::Environment(environment) => {
                let own = self.node(["[", "]"], "environment", &environment.lines(), depth);
                if let Some(rollback) = &environment.rollback {
                    let back = self.node(["[[", "]]"], "rollback", &rollback.lines(), depth);
                    self.write(depth, &format!("{own} -.-> {back}"));
                }
                let Some(gate) = &environment.gate else { return twice(own) };
                let gate = self.gate(gate, depth);
                self.write(depth, &format!("{gate} --> {own}"));
                (gate, own)
            }
            Node::Sequence(nodes) => {
                let (first, rest) = nodes.split_first().expect("a sequence has at least two parts");
                let (first, last) = self.part(first, depth);
                let end = self.sequence(rest, Some(last.clone()), depth);
                (first, end.unwrap_or(last))
            }
            Node::Parallel(nodes) => {
                self.nodes += 1;
                let own = format!("w{}", self.nodes);
                self.write(depth, &format!("subgraph {own} [\"parallel\"]"));
                for node in nodes {
                    self.part(node, depth + 1);
                }
                self.write(depth, "end");
                self.write(depth, &format!("style {own} {WAVE}"));
                twice(own)
            }
        }
    }

    fn gate(&mut self, gate: &Gate, depth: usize) -> String {
        self.node(["{{", "}}"], "gate", &gate.lines(), depth)
    }

    fn node(&mut self, shape: [&str; 2], class: &str, lines: &[impl AsRef<str>], depth: usize) -> String {
        self.nodes += 1;
        let own = format!("n{}", self.nodes);
        let label = lines.iter().map(|line| escaped(line.as_ref())).collect::<Vec<_>>().join("<br/>");
        self.write(depth, &format!("{own}{}\"{label}\"{}:::{class}", shape[0], shape[1]));
        own
    }

    fn write(&mut self, depth: usize, line: &str) {
        writeln!(self.text, "{:1$}{line}", "", depth * 4).expect("a string takes every text");
    }
}

fn twice(name: String) -> (String, String) {
    (name.clone(), name)
}

/// A text as it stands in a label. Letters of all languages, digits and what has no meaning anywhere in a label stay as
/// they are; everything else is its number, which Mermaid turns back before it shows the label. Before it looks for a few
/// things, too: a break after a backslash, formulas between pairs of dollars, icons like `fa:fa-ban`. A character without
/// width keeps these apart.
fn escaped(text: &str) -> String {
    const JOINER: &str = "#8288;";
    const APART: [(char, &str); 3] = [('\\', "n"), ('$', "$"), (':', "fa-")];
    let shown = visible_line(text);
    let mut label = String::with_capacity(shown.len() + 16);
    for (at, character) in shown.char_indices() {
        if !character.is_ascii() || character.is_ascii_alphanumeric() || " -.,?!()".contains(character) {
            label.push(character);
        } else {
            write!(label, "#{};", u32::from(character)).expect("a string takes every text");
        }
        let rest = &shown[at + character.len_utf8()..];
        if APART.iter().any(|(before, after)| character == *before && rest.starts_with(after)) {
            label.push_str(JOINER);
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_holds_nothing_that_means_something() {
        assert_eq!(escaped("Ship \"it\"? end"), "Ship #34;it#34;? end");
        assert_eq!(escaped("a\\nb $$x$$ fa:fa-x"), "a#92;#8288;nb #36;#8288;#36;x#36;#8288;#36; fa#58;#8288;fa-x");
        assert_eq!(escaped("é漢 #quot;\u{202e}"), "é漢 #35;quot#59;#92;u#123;202e#125;");
    }
}
