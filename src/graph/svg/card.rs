//! A card: an environment with its tasks in order, and beside it what answers their failure.

use super::canvas::{Area, Canvas, Point};
use super::layout::{Widths, length};
use super::measure::Font;
use crate::graph::words::{Link, Row};
use crate::graph::{Environment, Rollback};

/// The head: name and place.
const HEAD: i32 = 52;
/// A task, and a line of what it is about.
const TASK: i32 = 21;
const DETAIL: i32 = 15;
/// Below the last task.
const FOOT: i32 = 9;
/// From the left edge to the dots, and to the texts.
const DOTS: i32 = 18;
const TEXT: i32 = 32;
/// From a text to the right edge.
const EDGE: i32 = 14;
/// Before the box of a rollback.
const BEFORE: i32 = 44;
/// The most lines of what a rollback does.
const ANSWER: usize = 4;

/// An environment with everything that belongs to it.
pub(super) struct Card<'a> {
    environment: &'a Environment,
    rows: Vec<(Row<'a>, Vec<String>)>,
    /// How many tasks come before what a rollback answers for.
    unanswered: usize,
    rollback: Option<(&'a Rollback, Vec<String>)>,
    widths: Widths,
    height: i32,
}

impl<'a> Card<'a> {
    /// How wide it would have to be for every text but the lists of stacks, and so the box of its rollback for its name.
    pub(super) fn needs(environment: &Environment) -> (i32, i32) {
        let (rows, _) = environment.rows();
        let task = |row: &Row<'_>| TEXT + Font::TASK.width(row.task) + 12 + Font::KEY.width(row.key) + EDGE;
        let name = 2 * EDGE + Font::NAME.width(&environment.name);
        let place = 2 * EDGE + Font::MONO.width(&place(environment));
        let rollback = environment.rollback.as_ref().map_or(0, |rollback| 24 + Font::ROLLBACK.width(&rollback.task));
        (rows.iter().map(task).max().unwrap_or(0).max(name).max(place), rollback)
    }

    /// The card of `environment`.
    pub(super) fn new(environment: &'a Environment, widths: Widths) -> Self {
        let width = widths.card;
        let (rows, unanswered) = environment.rows();
        let rows: Vec<_> =
            rows.into_iter().map(|row| (about(&row, width), row)).map(|(lines, row)| (row, lines)).collect();
        let rollback = environment.rollback.as_ref().map(|rollback| {
            let lines = Font::DETAIL.wrap(&rollback.words(), widths.rollback - 24, ANSWER);
            (rollback, lines)
        });
        let own = HEAD + rows.iter().map(|(_, lines)| height(lines)).sum::<i32>() + FOOT;
        let beside = rollback.as_ref().map_or(0, |(_, lines)| rollback_height(lines));
        Self { environment, rows, unanswered, rollback, widths, height: own.max(beside) }
    }

    /// How far it goes to the left and to the right of its axis, and how high it is.
    pub(super) fn size(&self) -> (i32, i32, i32) {
        let left = self.widths.card / 2;
        let beside = if self.rollback.is_some() { BEFORE + self.widths.rollback } else { 0 };
        (left, self.widths.card - left + beside, self.height)
    }

    /// Draws it with its upper left at that place.
    pub(super) fn draw(&self, canvas: &mut Canvas, x: i32, y: i32) {
        canvas.open_stage("environment", &self.environment.name, &self.environment.lines().join("\n"));
        canvas.rect(Area { x, y, width: self.widths.card, height: self.height }, 10, "box");
        let room = self.widths.card - 2 * EDGE;
        canvas.text(Font::NAME, (x + EDGE, y + 22), &Font::NAME.fit(&self.environment.name, room));
        canvas.text(Font::MONO, (x + EDGE, y + 40), &Font::MONO.fit(&place(self.environment), room));
        canvas.rule("rule", [(x, y + HEAD - 3), (x + self.widths.card, y + HEAD - 3)]);
        let dots = self.draw_rows(canvas, x, y + HEAD);
        canvas.close();
        if let Some((rollback, lines)) = &self.rollback {
            self.draw_rollback(canvas, rollback, lines, [x + self.widths.card, y, dots.0, dots.1]);
        }
    }

    /// Draws the tasks; gives where the first and the last dot stand of those that a rollback answers for.
    fn draw_rows(&self, canvas: &mut Canvas, x: i32, top: i32) -> (i32, i32) {
        let dots = self.dots(top);
        let last = dots.last().copied().unwrap_or(top);
        for (at, pair) in dots.windows(2).enumerate() {
            // Stacks with tasks of their own say themselves what they wait for.
            let own = self.rows[at + 1].0.link == Link::After && self.rows[at].0.link == Link::After;
            canvas.rule(if own { "thread loose" } else { "thread" }, [(x + DOTS, pair[0]), (x + DOTS, pair[1])]);
        }
        for ((row, lines), y) in self.rows.iter().zip(&dots) {
            canvas.dot((x + DOTS, *y));
            let room = self.widths.card - TEXT - 12 - Font::KEY.width(row.key) - EDGE;
            canvas.text(Font::TASK, (x + TEXT, y + 4), &Font::TASK.fit(row.task, room));
            canvas.anchored(Font::KEY, "end", (x + self.widths.card - EDGE, y + 4), row.key);
            for (at, line) in lines.iter().enumerate() {
                canvas.text(Font::DETAIL, (x + TEXT, y + 4 + DETAIL * (length(at) + 1)), line);
            }
        }
        (dots.get(self.unanswered).copied().unwrap_or(last), last)
    }

    fn dots(&self, top: i32) -> Vec<i32> {
        let mut next = top;
        let place = |(_, lines): &(Row<'_>, Vec<String>)| {
            let own = next + TASK / 2;
            next += height(lines);
            own
        };
        self.rows.iter().map(place).collect()
    }

    /// The box beside the card, and an arrow to it from a bracket around what it answers for.
    fn draw_rollback(
        &self,
        canvas: &mut Canvas,
        rollback: &Rollback,
        lines: &[String],
        [edge, top, first, last]: [i32; 4],
    ) {
        let high = rollback_height(lines);
        let middle = i32::midpoint(first, last);
        let y = (middle - high / 2).clamp(top, top + self.height - high);
        let area = Area { x: edge + BEFORE, y, width: self.widths.rollback, height: high };
        let (x, spine) = (area.x + 12, edge + 14);
        if last > first {
            canvas.line("line failure", &[(edge + 4, first), (spine, first), (spine, last), (edge + 4, last)]);
        } else {
            canvas.line("line failure", &[(edge + 1, first), (spine, first)]);
        }
        canvas.failure(&[(spine, middle), (area.x, middle)]);
        canvas.open("rollback", &rollback.lines().join("\n"));
        canvas.rect(area, 8, "box");
        canvas.text(Font::KEY, (x, y + 18), "on failure");
        canvas.text(Font::ROLLBACK, (x, y + 35), &Font::ROLLBACK.fit(&rollback.task, area.width - 24));
        for (at, line) in lines.iter().enumerate() {
            let place: Point = (x, y + 35 + DETAIL * (length(at) + 1) + 1);
            canvas.text(Font::DETAIL, place, line);
        }
        canvas.close();
    }
}

fn place(environment: &Environment) -> String {
    format!("{} · {}", environment.account, environment.region)
}

/// What a task is about, in lines. Every stack is named: they are what the picture is about.
fn about(row: &Row<'_>, width: i32) -> Vec<String> {
    let room = width - TEXT - EDGE;
    if row.about.is_empty() {
        return Vec::new();
    }
    match row.link {
        Link::After => Font::DETAIL.wrap(&row.detail(""), room, usize::MAX),
        Link::Order => stacks(&row.about, room),
    }
}

/// Stacks in order, as many in a line as have room.
fn stacks(names: &[&str], room: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let then = if at + 1 < names.len() { " →" } else { "" };
        let name = format!("{}{then}", Font::DETAIL.fit(name, room - Font::DETAIL.width(then)));
        match lines.last_mut() {
            Some(line) if Font::DETAIL.width(&format!("{line} {name}")) <= room => {
                line.push(' ');
                line.push_str(&name);
            }
            _ => lines.push(name),
        }
    }
    lines
}

fn height(lines: &[String]) -> i32 {
    TASK + DETAIL * length(lines.len())
}

fn rollback_height(lines: &[String]) -> i32 {
    46 + DETAIL * length(lines.len())
}
