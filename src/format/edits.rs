//! What formatting changes, in pieces small enough that an editor can take those of some lines alone.

use std::ops::Range;

use crate::source::Span;
use crate::syntax::{Edit, Tree};

use super::pieces::Pieces;

/// The changes from one text to another with the same words and comments, in order; those that lie in `range`.
pub(super) fn between(old: &Tree, new: &Tree, range: &Range<u32>) -> Vec<Edit> {
    let steps = steps(&Pieces::new(old), &Pieces::new(new));
    let changes = steps
        .into_iter()
        .flat_map(|(before, after)| by_line(before, &old.text()[before.range()], &new.text()[after.range()]));
    changes.filter(|edit| range.contains(&edit.span.start) && edit.span.end <= range.end).collect()
}

/// Where the words and the gaps between them stand in both texts. Where a comment goes to another gap, the gaps and what
/// is between them are one step: half of it would lose the comment, or write it twice.
fn steps(old: &Pieces<'_>, new: &Pieces<'_>) -> Vec<(Span, Span)> {
    let mut steps: Vec<(Span, Span)> = Vec::with_capacity(old.all.len() * 2 + 1);
    let mut moved = 0_isize;
    for piece in 0..=old.all.len() {
        let is_open = moved != 0;
        let count = |pieces: &Pieces<'_>| pieces.between(piece).comments.len().cast_signed();
        moved += count(old) - count(new);
        let gap = (old.span_before(piece), new.span_before(piece));
        let words = old.all.get(piece).zip(new.all.get(piece));
        let word = words.map(|(old, new)| (old.span, new.span));
        match steps.last_mut().filter(|_| is_open) {
            Some(step) => (step.0.end, step.1.end) = (gap.0.end, gap.1.end),
            None => steps.push(gap),
        }
        match (word, steps.last_mut().filter(|_| moved != 0)) {
            (Some(word), Some(step)) => (step.0.end, step.1.end) = (word.0.end, word.1.end),
            (Some(word), None) => steps.push(word),
            (None, _) => {}
        }
        if words.is_some_and(|(old, new)| old.text() != new.text() && old.continues()) {
            join_line(&mut steps, old, new);
        }
    }
    steps
}

/// Makes one step of the last ones back to the start of the line: a text whose blanks follow the column of its quote
/// changes with everything that moves it, or means something else.
fn join_line(steps: &mut Vec<(Span, Span)>, old: &Pieces<'_>, new: &Pieces<'_>) {
    let ends_line = |(before, after): &(Span, Span)| {
        old.tree.text()[before.range()].contains('\n') || new.tree.text()[after.range()].contains('\n')
    };
    let Some(mut joined) = steps.pop() else { return };
    while let Some(step) = steps.pop() {
        (joined.0.start, joined.1.start) = (step.0.start, step.1.start);
        if ends_line(&step) {
            break;
        }
    }
    steps.push(joined);
}

/// The changes that make `new` out of `old`, which stands at `span`: line by line where both have as many lines and
/// nothing but blanks. A comma or a comment may have gone to another line: half of that would write it twice.
fn by_line(span: Span, old: &str, new: &str) -> Vec<Edit> {
    let lines = |text: &str| text.matches('\n').count();
    let is_blank = |text: &str| text.trim().is_empty();
    if lines(old) != lines(new) || !is_blank(old) || !is_blank(new) {
        return least(span.start, old, new, span).into_iter().collect();
    }
    let mut start = span.start;
    let pairs = old.split('\n').zip(new.split('\n'));
    let edits = pairs.filter_map(|(old, new)| {
        let edit = least(start, old, new, span);
        start += size(old) + 1;
        edit
    });
    edits.collect()
}

/// The change that makes `new` out of `old`, which starts at `start`, without what both begin and end with.
fn least(start: u32, old: &str, new: &str, span: Span) -> Option<Edit> {
    let same = |(a, b): &(char, char)| a == b;
    let head: usize = old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (&old[head..], &new[head..]);
    let tail: usize = old.chars().rev().zip(new.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let start = start + u32::try_from(head).unwrap_or(0);
    (old != new).then(|| Edit::replace(Span { start, end: start + size(old), ..span }, new))
}

fn size(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}
