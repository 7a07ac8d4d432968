//! The layout: every part of a run has a size around its axis, the line on which arrows enter above and leave below.

use super::canvas::{Area, Canvas, Point};
use super::card::Card;
use super::measure::Font;
use super::wave::Wave;
use crate::graph::{Gate, Graph, Node};

/// The room for an arrow between two parts.
pub(super) const GAP: i32 = 30;
/// The height of a task that stands alone.
const TASK: i32 = 34;
/// The height of a line of text in gates and events.
const LINE: i32 = 17;
/// The most lines of a message, or of an event.
const MESSAGE: usize = 3;
/// What the points of a gate take of its width.
const POINTS: i32 = 44;
/// The narrowest and the widest card.
const CARD: (i32, i32) = (216, 316);
/// The narrowest and the widest box of a rollback.
const ROLLBACK: (i32, i32) = (168, 260);
/// How wide the end of a run is.
const END: i32 = 14;

/// A part with its size.
pub(super) struct Block<'a> {
    /// How far it goes to the left of the axis.
    pub(super) left: i32,
    /// How far it goes to the right of the axis.
    pub(super) right: i32,
    /// How high it is.
    pub(super) height: i32,
    part: Part<'a>,
}

enum Part<'a> {
    Event(Texts),
    Notice(Texts),
    End,
    Task(&'a str),
    Gate(&'a Gate, Vec<String>),
    Card(Card<'a>),
    Column(Vec<Block<'a>>),
    Wave(Wave<'a>),
}

/// What stands outside of the run.
struct Texts {
    whole: String,
    lines: Vec<String>,
}

/// How wide the cards of the picture are, and the boxes of rollbacks: all alike, so that they stand in columns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Widths {
    pub(super) card: i32,
    pub(super) rollback: i32,
}

impl Widths {
    /// As wide as the texts of `graph` need, within limits.
    pub(super) fn of(graph: &Graph) -> Self {
        let (card, rollback) = widest(&graph.nodes);
        Self { card: card.clamp(CARD.0, CARD.1), rollback: rollback.clamp(ROLLBACK.0, ROLLBACK.1) }
    }
}

fn widest(nodes: &[Node]) -> (i32, i32) {
    let widths = nodes.iter().map(|node| match node {
        Node::Environment(environment) => {
            let (card, rollback) = Card::needs(environment);
            (card.max(environment.gate.as_ref().map_or(0, needs)), rollback)
        }
        Node::Sequence(nodes) | Node::Parallel(nodes) => widest(nodes),
        Node::Gate(gate) => (needs(gate), 0),
        Node::Task(_) => (0, 0),
    });
    widths.fold((0, 0), |widest, own| (widest.0.max(own.0), widest.1.max(own.1)))
}

/// How wide a gate would have to be for its name.
fn needs(gate: &Gate) -> i32 {
    Font::GATE.width(&gate.task) + POINTS
}

impl<'a> Block<'a> {
    /// The parts that `node` is made of, one after the other.
    pub(super) fn of(node: &'a Node, widths: Widths) -> Vec<Self> {
        match node {
            Node::Task(task) => vec![Self::task(task, widths.card)],
            Node::Gate(gate) => vec![Self::gate(gate, widths.card)],
            Node::Environment(environment) => {
                let gate = environment.gate.as_ref().map(|gate| Self::gate(gate, widths.card));
                let own = Card::new(environment, widths);
                let (left, right, height) = own.size();
                let own = Self { left, right, height, part: Part::Card(own) };
                gate.into_iter().chain([own]).collect()
            }
            Node::Sequence(nodes) => nodes.iter().flat_map(|node| Self::of(node, widths)).collect(),
            Node::Parallel(nodes) => {
                let lanes = nodes.iter().map(|node| Self::column(Self::of(node, widths)));
                let wave = Wave::new(lanes.collect());
                let (left, right, height) = wave.size();
                vec![Self { left, right, height, part: Part::Wave(wave) }]
            }
        }
    }

    /// What starts the run.
    pub(super) fn event(texts: &[String], card: i32) -> Self {
        let (texts, own) = Self::outside(texts, card);
        Self { part: Part::Event(texts), ..own }
    }

    /// Who is told of its end.
    pub(super) fn notice(texts: &[String], card: i32) -> Self {
        let (texts, own) = Self::outside(texts, card);
        Self { part: Part::Notice(texts), ..own }
    }

    /// The end of the run, when all went well.
    pub(super) fn end() -> Self {
        Self { part: Part::End, ..Self::symmetric(END, END) }
    }

    fn outside(texts: &[String], card: i32) -> (Texts, Self) {
        let lines: Vec<String> =
            texts.iter().flat_map(|text| Font::MESSAGE.wrap(text, card + POINTS, MESSAGE)).collect();
        let widest = lines.iter().map(|line| Font::MESSAGE.width(line)).max().unwrap_or(0);
        let height = LINE * length(lines.len()) + 14;
        (Texts { whole: texts.join("\n"), lines }, Self::symmetric(widest + 40, height))
    }

    fn task(task: &'a str, card: i32) -> Self {
        let width = (Font::TASK.width(task) + 36).clamp(140, card);
        Self { part: Part::Task(task), ..Self::symmetric(width, TASK) }
    }

    fn gate(gate: &'a Gate, card: i32) -> Self {
        let message = Font::MESSAGE.wrap(&gate.message, card - POINTS - 8, MESSAGE);
        let height = LINE * length(message.len() + 2) + 16;
        Self { part: Part::Gate(gate, message), ..Self::symmetric(card, height) }
    }

    /// Parts under each other.
    pub(super) fn column(blocks: Vec<Self>) -> Self {
        let gaps = GAP * length(blocks.len().saturating_sub(1));
        let height = blocks.iter().map(|block| block.height).sum::<i32>() + gaps;
        let left = blocks.iter().map(|block| block.left).max().unwrap_or(0);
        let right = blocks.iter().map(|block| block.right).max().unwrap_or(0);
        Self { left, right, height, part: Part::Column(blocks) }
    }

    fn symmetric(width: i32, height: i32) -> Self {
        let left = width / 2;
        Self { left, right: width - left, height, part: Part::Column(Vec::new()) }
    }

    /// How wide it is.
    pub(super) const fn width(&self) -> i32 {
        self.left + self.right
    }

    /// Draws the way to it. An arrow ends at it, with a head; into a wave it goes on.
    pub(super) fn connect(&self, canvas: &mut Canvas, way: &[Point]) {
        match &self.part {
            Part::Wave(_) => canvas.line("line", way),
            Part::Notice(_) => canvas.line("line after", way),
            Part::Event(_) | Part::End | Part::Task(_) | Part::Gate(..) | Part::Card(_) => canvas.arrow(way),
            Part::Column(blocks) => blocks.iter().take(1).for_each(|first| first.connect(canvas, way)),
        }
    }

    /// Draws it with its axis at `x` and its upper edge at `y`.
    pub(super) fn draw(&self, canvas: &mut Canvas, x: i32, y: i32) {
        let area = Area { x: x - self.left, y, width: self.width(), height: self.height };
        match &self.part {
            Part::Event(Texts { whole, lines }) | Part::Notice(Texts { whole, lines }) => {
                canvas.open("event", whole);
                canvas.rect(area, (self.height / 2).min(20), "box");
                for (at, line) in lines.iter().enumerate() {
                    canvas.anchored(Font::MESSAGE, "middle", (x, y + 7 + LINE * length(at) + 13), line);
                }
                canvas.close();
            }
            Part::End => {
                canvas.open("end", "the run has succeeded");
                canvas.rect(area, END / 2, "box");
                canvas.rect(Area { x: x - 3, y: y + END / 2 - 3, width: 6, height: 6 }, 3, "dot");
                canvas.close();
            }
            Part::Task(task) => {
                canvas.open_stage("stage", task, task);
                canvas.rect(area, 8, "box");
                let shown = Font::TASK.fit(task, area.width - 20);
                canvas.anchored(Font::TASK, "middle", (x, y + 21), &shown);
                canvas.close();
            }
            Part::Gate(gate, message) => draw_gate(canvas, gate, message, area),
            Part::Card(card) => card.draw(canvas, area.x, y),
            Part::Column(blocks) => draw_column(canvas, blocks, x, y),
            Part::Wave(wave) => wave.draw(canvas, area, x),
        }
    }
}

fn draw_gate(canvas: &mut Canvas, gate: &Gate, message: &[String], area: Area) {
    canvas.open_stage("gate", &gate.task, &gate.lines().join("\n"));
    canvas.hexagon(area, "box");
    let (x, mut y) = (area.x + area.width / 2, area.y + 8 + 13);
    canvas.anchored(Font::GATE, "middle", (x, y), &Font::GATE.fit(&gate.task, area.width - POINTS));
    for line in message {
        y += LINE;
        canvas.anchored(Font::MESSAGE, "middle", (x, y), line);
    }
    canvas.anchored(Font::DETAIL, "middle", (x, y + LINE), &format!("waits {}", gate.wait()));
    canvas.close();
}

fn draw_column(canvas: &mut Canvas, blocks: &[Block<'_>], x: i32, mut y: i32) {
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            block.connect(canvas, &[(x, y), (x, y + GAP)]);
            y += GAP;
        }
        block.draw(canvas, x, y);
        y += block.height;
    }
}

/// A count as a length.
pub(super) fn length(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1_000)
}
