//! SVG: a picture for documents, by itself: no scripts, no fonts from elsewhere, light or dark as the reader has it.
//!
//! A delivery is a row of parts, some of which are waves of such rows. So every part is a box in a box, an arrow leads from
//! one part to the next, and none can cross another.

mod canvas;
mod card;
mod layout;
mod measure;
mod wave;

use std::collections::BTreeSet;
use std::fmt::Write;

use canvas::{Canvas, Point, escaped};
use layout::{Block, GAP, Widths, length};
use measure::Font;

use super::{Environment, Graph, Node, Notice};

const STYLE: &str = include_str!("style.css");

/// Around the picture.
const MARGIN: i32 = 32;
/// A line of the head.
const LINE: i32 = 20;
/// Between two columns of parts.
const GUTTER: i32 = 64;
/// A column that is lower than this is not split.
const HIGH: i32 = 1_800;

/// The most columns.
const COLUMNS: i32 = 64;
/// From the last part of a column to the way to the next one, and from there to its first part.
const TURN: i32 = 24;
/// The narrowest head.
const HEAD: i32 = 640;

/// The picture of `graph`.
pub fn svg(graph: &Graph) -> String {
    let columns = columns(blocks(graph, Widths::of(graph)));
    let wide = columns.iter().map(Block::width).sum::<i32>() + GUTTER * length(columns.len() - 1);
    let high = columns.iter().map(|column| column.height).max().unwrap_or(0);
    let head: Vec<String> = head(graph).iter().flat_map(|line| Font::SUBTITLE.wrap(line, wide.max(HEAD), 3)).collect();
    let texts = head.iter().map(|line| Font::SUBTITLE.width(line)).chain([Font::TITLE.width(&graph.pipeline)]);
    let width = texts.chain([wide]).max().unwrap_or(wide) + 2 * MARGIN;
    let turn = if columns.len() > 1 { TURN } else { 0 };
    let top = MARGIN + 22 + LINE * length(head.len()) + 26 + turn;
    let mut canvas = Canvas::default();
    draw(&mut canvas, &columns, ((width - wide) / 2, top));
    let mut text = opening(graph, (width, top + high + turn + MARGIN));
    write_head(&mut text, graph, &head);
    [text, canvas.finish(), "</svg>\n".to_owned()].concat()
}

/// What stands below the pipeline's name.
fn head(graph: &Graph) -> Vec<String> {
    let mut lines = vec![format!("{} · runs in {}", graph.source.repository, graph.place())];
    lines.extend(graph.source.pull_requests().map(|tasks| format!("A pull request runs {tasks}.")));
    lines
}

/// The parts of the run, what starts it, and who is told of its end.
fn blocks(graph: &Graph, widths: Widths) -> Vec<Block<'_>> {
    let nodes = graph.nodes.iter().flat_map(|node| Block::of(node, widths));
    let start = Block::event(&graph.source.start(), widths.card);
    let mut blocks: Vec<Block<'_>> = [start].into_iter().chain(nodes).chain([Block::end()]).collect();
    if !graph.notices.is_empty() {
        blocks.push(Block::notice(&graph.end(), widths.card));
    }
    blocks
}

/// The parts in as many columns as make the picture about as wide as it is high.
fn columns(blocks: Vec<Block<'_>>) -> Vec<Block<'_>> {
    let high = blocks.iter().map(|block| block.height + GAP).sum::<i32>();
    let wide = blocks.iter().map(Block::width).max().unwrap_or(0) + GUTTER;
    let fits = |count: &i32| high / count <= HIGH.max(wide.saturating_mul(*count));
    let most = (1..=COLUMNS).find(fits).unwrap_or(COLUMNS);
    // One part may be most of the picture: then fewer columns are filled better.
    let starts =
        (2..=most).rev().map(|count| starts(&blocks, high, count)).find_map(|(starts, even)| even.then_some(starts));
    let starts = starts.unwrap_or_default();
    let mut columns: Vec<Vec<Block<'_>>> = vec![Vec::new()];
    for (at, block) in blocks.into_iter().enumerate() {
        if starts.contains(&at) {
            columns.push(Vec::new());
        }
        columns.last_mut().expect("there is always one").push(block);
    }
    columns.into_iter().map(Block::column).collect()
}

/// Which parts begin a column, where there are to be `count`, and whether no column is less than half of what it should be.
fn starts(blocks: &[Block<'_>], high: i32, count: i32) -> (BTreeSet<usize>, bool) {
    let (mut starts, mut heights, mut filled) = (BTreeSet::new(), vec![0], 0_i64);
    for (at, block) in blocks.iter().enumerate() {
        // The middle of a part decides where it goes.
        let column = (filled + i64::from(block.height / 2)) * i64::from(count) / i64::from(high.max(1));
        if column >= i64::from(length(heights.len())) && at > 0 {
            starts.insert(at);
            heights.push(0);
        }
        let own = block.height + GAP;
        filled += i64::from(own);
        if let Some(height) = heights.last_mut() {
            *height += own;
        }
    }
    let even = heights.iter().all(|height| height * 2 >= high / count);
    (starts, even)
}

/// Draws the columns from `(left, top)` on, each connected with the next by a way between them.
fn draw(canvas: &mut Canvas, columns: &[Block<'_>], (mut left, top): Point) {
    let mut before: Option<(Point, i32)> = None;
    for column in columns {
        let axis = left + column.left;
        if let Some(((x, y), edge)) = before {
            let (gutter, turn, above) = (i32::midpoint(edge, left), y + TURN, top - TURN);
            let way = [(x, y), (x, turn), (gutter, turn), (gutter, above), (axis, above), (axis, top)];
            column.connect(canvas, &way);
        }
        column.draw(canvas, axis, top);
        before = Some(((axis, top + column.height), left + column.width()));
        left += column.width() + GUTTER;
    }
}

fn opening(graph: &Graph, (width, height): Point) -> String {
    // Several pictures may stand in one page.
    let own = format!("aphex-graph-{}", escaped(&graph.pipeline));
    let title = escaped(&format!("The delivery graph of {}", graph.pipeline));
    let description = escaped(&description(graph));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"aphex-graph\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{own}-title\" aria-describedby=\"{own}-desc\">\n\
         <title id=\"{own}-title\">{title}</title>\n<desc id=\"{own}-desc\">{description}</desc>\n\
         <style>\n{STYLE}</style>\n<rect class=\"ground\" width=\"100%\" height=\"100%\"/>\n"
    )
}

fn write_head(text: &mut String, graph: &Graph, lines: &[String]) {
    let y = MARGIN + 16;
    let mut write = |class: &str, y: i32, line: &str| {
        let line = escaped(line);
        writeln!(text, "<text class=\"{class}\" x=\"{MARGIN}\" y=\"{y}\">{line}</text>")
            .expect("a string takes every text");
    };
    write(Font::TITLE.class, y, &graph.pipeline);
    for (at, line) in lines.iter().enumerate() {
        write(Font::SUBTITLE.class, y + 6 + LINE * (length(at) + 1), line);
    }
}

/// The picture in words, for who does not see it.
fn description(graph: &Graph) -> String {
    let events = graph.source.events().join("; ");
    let notices: Vec<String> = graph.notices.iter().map(Notice::words).collect();
    let notices = if notices.is_empty() { String::new() } else { format!(" However it ends: {}.", notices.join("; ")) };
    let order = format!("{events} in {}: {}.{notices}", graph.source.repository, ordered(&graph.nodes));
    let pull_requests = graph.source.pull_requests().map(|tasks| format!(" A pull request runs {tasks}."));
    [order, pull_requests.unwrap_or_default()].concat()
}

fn ordered(nodes: &[Node]) -> String {
    nodes.iter().map(words).collect::<Vec<_>>().join(", then ")
}

fn words(node: &Node) -> String {
    match node {
        Node::Task(task) => task.clone(),
        Node::Gate(gate) => gate.words(),
        Node::Environment(environment) => deployment(environment),
        Node::Sequence(nodes) => ordered(nodes),
        Node::Parallel(nodes) => {
            format!("side by side ({})", nodes.iter().map(words).collect::<Vec<_>>().join("; "))
        }
    }
}

fn deployment(environment: &Environment) -> String {
    let gate = environment.gate.as_ref().map(|gate| format!("{}, then ", gate.words())).unwrap_or_default();
    let back = environment.rollback.as_ref().map(|rollback| format!(", on failure {}", rollback.task));
    format!("{gate}{} in {}, {}{}", environment.name, environment.account, environment.region, back.unwrap_or_default())
}
