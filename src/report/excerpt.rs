//! The few lines of a text that a drawing shows, made safe to print, with the places of its labels in them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::visible::{visible, visible_line};
use crate::source::{LineColumn, Source, Span};

/// A label on more lines than this is drawn on its first line alone.
const MOST_LINES: usize = 8;
/// A tab reaches to the next multiple of this; miette's own default.
const TAB: usize = 4;

/// Lines of one text, one after another, not all of them neighbours.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    lines: Vec<Line>,
    /// Where in the original text the labels start, by their place in the excerpt.
    starts: BTreeMap<usize, LineColumn>,
}

#[derive(Debug)]
struct Line {
    /// In the original text, from 0.
    number: usize,
    /// Offset of its start in the excerpt.
    start: usize,
}

/// How much of a line is shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// In columns.
    pub(super) width: usize,
    /// Stands for what is left out.
    pub(super) more: &'static str,
}

/// Where a label stands in its text: lines from 0, and bytes from their starts.
#[derive(Debug, Clone, Copy)]
struct Place {
    first: (usize, usize),
    last: (usize, usize),
}

impl Excerpt {
    /// The lines around `spans`, each no wider than there is room, and each span's place in them, in their order.
    pub(super) fn new(source: &Source, spans: &[Span], room: Room) -> (Self, Vec<SourceSpan>) {
        let places: Vec<Place> = spans.iter().map(|span| Place::new(source, *span)).collect();
        let mut excerpt = Self {
            name: visible_line(&source.name).into_owned(),
            text: String::new(),
            lines: Vec::new(),
            starts: BTreeMap::new(),
        };
        let mut cuts = BTreeMap::new();
        for number in numbers(&places, source) {
            let line = source.line_text(number);
            let place = places.iter().find(|place| place.first.0 == number);
            let marked = place.map_or(0..0, |place| place.first.1..place.end_on_first(line));
            let cut = Cut::new(line, marked, room);
            let start = excerpt.text.len();
            excerpt.lines.push(Line { number, start });
            cut.write(&mut excerpt.text);
            excerpt.text.push('\n');
            cuts.insert(number, (start, cut));
        }
        let find = |(line, byte): (usize, usize)| cuts.get(&line).map_or(0, |(start, cut)| start + cut.find(byte));
        let mut found = Vec::with_capacity(spans.len());
        for (place, span) in places.iter().zip(spans) {
            let (start, end) = (find(place.first), find(place.last));
            excerpt.starts.entry(start).or_insert_with(|| source.position(span.start));
            found.push(SourceSpan::new(start.into(), end.saturating_sub(start)));
        }
        (excerpt, found)
    }

    /// The line of the excerpt that holds an offset of it.
    fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|line| line.start <= offset).saturating_sub(1)
    }

    fn follows(&self, line: usize) -> bool {
        line > 0 && line < self.lines.len() && self.lines[line].number == self.lines[line - 1].number + 1
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let mut first = self.line(span.offset());
        let mut last = self.line(span.offset() + span.len());
        // Two labels far apart are asked for together: this says that they are not.
        if span.offset() + span.len() > self.text.len() || (first + 1..=last).any(|line| !self.follows(line)) {
            return Err(MietteError::OutOfBounds);
        }
        for _ in 0..before {
            first -= usize::from(self.follows(first));
        }
        for _ in 0..after {
            last += usize::from(self.follows(last + 1));
        }
        let start = self.lines[first].start;
        let end = self.lines.get(last + 1).map_or(self.text.len(), |next| next.start);
        let at = self.starts.get(&span.offset()).filter(|_| before == 0);
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            &self.text.as_bytes()[start..end],
            SourceSpan::new(start.into(), end - start),
            self.lines[first].number,
            at.map_or(0, |at| at.column as usize - 1),
            last - first + 1,
        )))
    }
}

impl Place {
    fn new(source: &Source, span: Span) -> Self {
        let first = Self::find(source, span.start);
        let last = Self::find(source, span.end.max(span.start));
        if last.0 - first.0 < MOST_LINES {
            Self { first, last }
        } else {
            Self { first, last: (first.0, source.line_text(first.0).len()) }
        }
    }

    fn end_on_first(&self, line: &str) -> usize {
        if self.last.0 == self.first.0 { self.last.1 } else { line.len() }
    }

    fn find(source: &Source, offset: u32) -> (usize, usize) {
        let LineColumn { line, .. } = source.position(offset);
        let start = source.offset(LineColumn { line, column: 1 });
        let index = line as usize - 1;
        let text = source.line_text(index);
        let mut byte = (offset.saturating_sub(start) as usize).min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        (index, byte)
    }
}

/// The lines of every label, each with those of its neighbours that say something.
fn numbers(places: &[Place], source: &Source) -> BTreeSet<usize> {
    let mut numbers = BTreeSet::new();
    for Place { first, last } in places {
        numbers.extend(first.0..=last.0);
        let around = [first.0.checked_sub(1), Some(last.0 + 1).filter(|line| *line < source.line_count())];
        numbers.extend(around.into_iter().flatten().filter(|line| !source.line_text(*line).trim().is_empty()));
    }
    numbers
}

/// A line, or as much of it as there is room for.
struct Cut<'a> {
    line: &'a str,
    start: usize,
    end: usize,
    more: &'static str,
}

impl<'a> Cut<'a> {
    /// What of `line` there is room for, with the start of what is `marked` in it, and its end if that can be.
    fn new(line: &'a str, marked: Range<usize>, Room { width, more }: Room) -> Self {
        let end = fit(line, width);
        if end >= marked.end || fit(line, width / 3) > marked.start {
            return Self { line, start: 0, end, more };
        }
        // Two thirds of the room are for what is marked and what comes after it, one third for what stands before.
        let mut start = marked.start;
        let mut room = width / 3;
        for (at, character) in line[..start].char_indices().rev() {
            let Some(left) = room.checked_sub(columns(character)) else { break };
            (start, room) = (at, left);
        }
        Self { line, start, end: start + fit(&line[start..], width), more }
    }

    fn write(&self, text: &mut String) {
        text.push_str(if self.start > 0 { self.more } else { "" });
        text.push_str(&visible(&self.line[self.start..self.end]));
        text.push_str(if self.end < self.line.len() { self.more } else { "" });
    }

    /// Where byte `byte` of the line stands in what was written.
    fn find(&self, byte: usize) -> usize {
        if byte < self.start {
            return 0;
        }
        let lead = if self.start > 0 { self.more.len() } else { 0 };
        let rest = if byte > self.end { self.more.len() } else { 0 };
        lead + visible(&self.line[self.start..byte.min(self.end)]).len() + rest
    }
}

/// How many bytes of `line` fit into `width` columns.
fn fit(line: &str, width: usize) -> usize {
    let mut room = width;
    for (at, character) in line.char_indices() {
        match room.checked_sub(columns(character)) {
            Some(left) => room = left,
            None => return at,
        }
    }
    line.len()
}

/// At most this many columns; the exact width is miette's business.
pub(super) fn columns(character: char) -> usize {
    match character {
        '\t' => TAB,
        ' '..='~' => 1,
        _ if character.is_control() => character.escape_default().len(),
        '\u{80}'..='\u{10ff}' => 1,
        _ => 2,
    }
}
