//! A wave: lanes side by side, in as many rows as it takes. Arrows come in from above and go to every lane along a bar
//! over its row; they leave along a bar below it. Further rows are reached by the left edge and left by the right one, so
//! that no arrow crosses a lane.

use super::canvas::{Area, Canvas, Point};
use super::layout::{Block, length};

/// The widest row, where it has more than two lanes: one below the other would not look side by side.
const WIDEST: i32 = 1_640;
/// Between the edge and the lanes, and beside rails.
const EDGE: i32 = 20;
const RAIL: i32 = 18;
/// Between two lanes.
const BETWEEN: i32 = 24;
/// From the upper edge to the first bar.
const TOP: i32 = 32;
/// From a bar to its lanes, from these to the next bar, and from there to the next row's.
const FORK: i32 = 26;
const JOIN: i32 = 18;
const NEXT: i32 = 20;
/// From the last bar to the lower edge.
const BOTTOM: i32 = 14;

/// Lanes in rows and columns.
pub(super) struct Wave<'a> {
    rows: Vec<Vec<Block<'a>>>,
    /// How far lanes go to the left and to the right of their axis.
    columns: Vec<(i32, i32)>,
}

impl<'a> Wave<'a> {
    /// The lanes in rows of one length, but the last.
    pub(super) fn new(lanes: Vec<Block<'a>>) -> Self {
        let count = per_row(&lanes);
        let mut columns = vec![(0, 0); count];
        let mut rows: Vec<Vec<Block<'a>>> = Vec::new();
        for (at, lane) in lanes.into_iter().enumerate() {
            let column = &mut columns[at % count];
            *column = (column.0.max(lane.left), column.1.max(lane.right));
            match rows.last_mut() {
                Some(row) if row.len() < count => row.push(lane),
                _ => rows.push(vec![lane]),
            }
        }
        Self { rows, columns }
    }

    /// How far it goes to the left and to the right of its axis, which is in the middle of its lanes', and how high it is.
    pub(super) fn size(&self) -> (i32, i32, i32) {
        let lanes = self.columns.iter().map(|(left, right)| left + right).sum::<i32>();
        let width = lanes + BETWEEN * length(self.columns.len() - 1) + 2 * self.margin();
        let rows = self.rows.iter().map(|row| FORK + height(row) + JOIN).sum::<i32>();
        let axes = self.axes(0);
        let left = i32::midpoint(axes[0], axes[axes.len() - 1]);
        (left, width - left, TOP + rows + NEXT * length(self.rows.len() - 1) + BOTTOM)
    }

    fn margin(&self) -> i32 {
        if self.rows.len() > 1 { EDGE + RAIL } else { EDGE }
    }

    /// The axes of the lanes of a row, where the wave begins at `x`.
    fn axes(&self, x: i32) -> Vec<i32> {
        let mut next = x + self.margin();
        let place = |(left, right): &(i32, i32)| {
            let own = next + left;
            next += left + right + BETWEEN;
            own
        };
        self.columns.iter().map(place).collect()
    }

    /// Draws it in `area`, where arrows enter and leave at `axis`.
    pub(super) fn draw(&self, canvas: &mut Canvas, area: Area, axis: i32) {
        canvas.wave(area);
        canvas.label((area.x + 14, area.y + 20), "parallel");
        let axes = self.axes(area.x);
        let bars = self.bars(area.y + TOP);
        for (at, row) in self.rows.iter().enumerate() {
            let (bar, join) = bars[at];
            let top = bar + FORK;
            let (entry, exit) = (entry(at, &bars, area, axis), exit(at, &bars, area, axis));
            for (at, (lane, x)) in row.iter().zip(&axes).enumerate() {
                let ends = [at == 0, at + 1 == row.len()];
                lane.connect(canvas, &joined(&entry, ends, &[(*x, bar), (*x, top)]));
                lane.draw(canvas, *x, top);
                canvas.line("line", &joined(&exit, ends, &[(*x, join), (*x, top + lane.height)]));
            }
        }
    }

    /// Where the bars over and below each row are.
    fn bars(&self, first: i32) -> Vec<(i32, i32)> {
        let mut bar = first;
        let place = |row: &Vec<Block<'a>>| {
            let own = (bar, bar + FORK + height(row) + JOIN);
            bar = own.1 + NEXT;
            own
        };
        self.rows.iter().map(place).collect()
    }
}

/// The way to the bar over a row. That to the last one goes by those between, which branch off.
fn entry(at: usize, bars: &[(i32, i32)], area: Area, axis: i32) -> Vec<Point> {
    let (first, rail) = (bars[0].0, area.x + RAIL);
    match at {
        0 => vec![(axis, area.y), (axis, first)],
        _ if at + 1 == bars.len() => vec![(axis, area.y), (axis, first), (rail, first), (rail, bars[at].0)],
        _ => vec![(rail, bars[at].0)],
    }
}

/// The way from the lower edge back to the bar below a row. That to the first one goes by those between, which join it.
fn exit(at: usize, bars: &[(i32, i32)], area: Area, axis: i32) -> Vec<Point> {
    let (last, end, rail) = (bars[bars.len() - 1].1, area.y + area.height, area.x + area.width - RAIL);
    match at {
        _ if at + 1 == bars.len() => vec![(axis, end), (axis, last)],
        0 => vec![(axis, end), (axis, last), (rail, last), (rail, bars[0].1)],
        _ => vec![(rail, bars[at].1)],
    }
}

/// The way of an arrow along a bar, which `way` leads to. Only the outermost arrows have all of it, so that nothing is
/// drawn twice; `ends` says whether this one is the first or the last.
fn joined(way: &[Point], [first, last]: [bool; 2], own: &[Point; 2]) -> Vec<Point> {
    let (x, middle) = (own[0].0, way.last().map_or(own[0].0, |point| point.0));
    let outermost = (first && x <= middle) || (last && x >= middle);
    if outermost { [way, own].concat() } else { own.to_vec() }
}

fn height(row: &[Block<'_>]) -> i32 {
    row.iter().map(|lane| lane.height).max().unwrap_or(0)
}

/// How many lanes stand in a row, so that all rows but the last have as many.
fn per_row(lanes: &[Block<'_>]) -> usize {
    let all = lanes.iter().map(|lane| lane.width() + BETWEEN).sum::<i32>();
    if all <= WIDEST {
        return lanes.len().max(1);
    }
    let widest = lanes.iter().map(|lane| lane.width() + BETWEEN).max().unwrap_or(1);
    let most = usize::try_from(WIDEST / widest).unwrap_or(1).max(2);
    lanes.len().div_ceil(lanes.len().div_ceil(most))
}
