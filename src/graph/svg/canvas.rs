//! The canvas: the elements of the picture, in the layers in which they lie on each other.

use std::fmt::Write;

use super::measure::Font;
use crate::report::visible_line;

/// How round the corners of arrows are.
const CORNER: i32 = 8;

/// A place, in pixels from the upper left.
pub(super) type Point = (i32, i32);

/// A rectangle.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// What was drawn. Waves lie under arrows, arrows under boxes.
#[derive(Debug, Default)]
pub(super) struct Canvas {
    waves: String,
    arrows: String,
    boxes: String,
}

impl Canvas {
    /// All layers, the lowest first.
    pub(super) fn finish(self) -> String {
        [self.waves, self.arrows, self.boxes].concat()
    }

    /// The ground of a wave.
    pub(super) fn wave(&mut self, area: Area) {
        put(&mut self.waves, format_args!("{}\n", rect(area, 12, "wave")));
    }

    /// A line through `points`, with round corners.
    pub(super) fn line(&mut self, class: &str, points: &[Point]) {
        put(&mut self.arrows, format_args!("<path class=\"{class}\" d=\"{}\"/>\n", rounded(points)));
    }

    /// The same with a head, which points down.
    pub(super) fn arrow(&mut self, points: &[Point]) {
        self.line("line", points);
        let Some((x, y)) = points.last() else { return };
        put(
            &mut self.arrows,
            format_args!("<path class=\"head\" d=\"M{} {}L{x} {y}L{} {}z\"/>\n", x - 4, y - 7, x + 4, y - 7),
        );
    }

    /// The same with a head that points to the right, for what happens after a failure.
    pub(super) fn failure(&mut self, points: &[Point]) {
        self.line("line failure", points);
        let Some((x, y)) = points.last() else { return };
        let (back, over, under) = (x - 7, y - 4, y + 4);
        let head = format_args!("<path class=\"head failure\" d=\"M{back} {over}L{x} {y}L{back} {under}z\"/>\n");
        put(&mut self.arrows, head);
    }

    /// Opens a group, which a pointer or a screen reader finds by the whole of its text.
    pub(super) fn open(&mut self, class: &str, title: &str) {
        put(&mut self.boxes, format_args!("<g class=\"{class}\"><title>{}</title>", escaped(title)));
    }

    /// Opens the group of a stage, which an editor finds by the stage's name.
    pub(super) fn open_stage(&mut self, class: &str, stage: &str, title: &str) {
        let (stage, title) = (escaped(stage), escaped(title));
        put(&mut self.boxes, format_args!("<g class=\"{class}\" data-stage=\"{stage}\"><title>{title}</title>"));
    }

    /// Closes the group.
    pub(super) fn close(&mut self) {
        self.boxes.push_str("</g>\n");
    }

    /// A box with round corners.
    pub(super) fn rect(&mut self, area: Area, radius: i32, class: &str) {
        self.boxes.push_str(&rect(area, radius, class));
    }

    /// A box with points at its left and right.
    pub(super) fn hexagon(&mut self, Area { x, y, width, height }: Area, class: &str) {
        let (right, middle, bottom, edge) = (x + width, y + height / 2, y + height, 16);
        let (left, inner) = (x + edge, right - edge);
        put(
            &mut self.boxes,
            format_args!(
                "<path class=\"{class}\" d=\"M{left} {y}H{inner}L{right} {middle}L{inner} {bottom}H{left}L{x} {middle}z\"/>"
            ),
        );
    }

    /// A line in a box.
    pub(super) fn rule(&mut self, class: &str, [from, to]: [Point; 2]) {
        put(&mut self.boxes, format_args!("<path class=\"{class}\" d=\"{}\"/>", rounded(&[from, to])));
    }

    /// A dot in a box.
    pub(super) fn dot(&mut self, (x, y): Point) {
        put(&mut self.boxes, format_args!("<circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"3.5\"/>"));
    }

    /// A text that begins at `at`.
    pub(super) fn text(&mut self, font: Font, (x, y): Point, text: &str) {
        put(
            &mut self.boxes,
            format_args!("<text class=\"{}\" x=\"{x}\" y=\"{y}\">{}</text>", font.class, escaped(text)),
        );
    }

    /// A text with its middle, or its end, at `at`.
    pub(super) fn anchored(&mut self, font: Font, anchor: &str, (x, y): Point, text: &str) {
        let (class, text) = (font.class, escaped(text));
        put(
            &mut self.boxes,
            format_args!("<text class=\"{class}\" text-anchor=\"{anchor}\" x=\"{x}\" y=\"{y}\">{text}</text>"),
        );
    }

    /// The name of a wave.
    pub(super) fn label(&mut self, (x, y): Point, text: &str) {
        put(&mut self.waves, format_args!("<text class=\"label\" x=\"{x}\" y=\"{y}\">{}</text>\n", escaped(text)));
    }
}

fn put(layer: &mut String, element: std::fmt::Arguments<'_>) {
    layer.write_fmt(element).expect("a string takes every text");
}

fn rect(Area { x, y, width, height }: Area, radius: i32, class: &str) -> String {
    format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>")
}

/// A path along `points`, which stand under, over or beside each other.
fn rounded(points: &[Point]) -> String {
    let mut points = points.to_vec();
    points.dedup();
    let Some((x, y)) = points.first() else { return String::new() };
    let mut path = format!("M{x} {y}");
    for corner in points.windows(3) {
        let [from, (x, y), to] = [corner[0], corner[1], corner[2]];
        let radius = CORNER.min(distance(from, (x, y)) / 2).min(distance((x, y), to) / 2);
        let (before, after) = (toward((x, y), from, radius), toward((x, y), to, radius));
        put(&mut path, format_args!("L{} {}Q{x} {y} {} {}", before.0, before.1, after.0, after.1));
    }
    if let [.., (x, y)] = &points[..] {
        put(&mut path, format_args!("L{x} {y}"));
    }
    path
}

fn distance(from: Point, to: Point) -> i32 {
    (from.0 - to.0).abs() + (from.1 - to.1).abs()
}

fn toward(from: Point, to: Point, by: i32) -> Point {
    (from.0 + (to.0 - from.0).signum() * by, from.1 + (to.1 - from.1).signum() * by)
}

/// A text in XML, which has no place for some characters.
pub(super) fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 16);
    for character in text.split('\n').map(visible_line).collect::<Vec<_>>().join("\n").chars() {
        match character {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => written.push(char::REPLACEMENT_CHARACTER),
            _ => written.push(character),
        }
    }
    written
}
