//! Puts words on lines: each gap between two words is written anew, and what is different becomes an edit.

use crate::source::Span;
use crate::syntax::{Edit, Tree};

use super::pieces::{Comment, Pieces, end_column};

/// How many columns a line has.
pub(super) const WIDTH: usize = 120;
/// How many columns a level stands in.
const INDENT: usize = 4;

/// Where a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// After an opening bracket, or at the start of all.
    Opening,
    /// Between two items.
    Middle,
    /// Inside of an item.
    Inside,
    /// Before a closing bracket, or at the end of all.
    Closing,
}

/// What is written so far.
pub(super) struct Printer<'t> {
    pub(super) pieces: Pieces<'t>,
    edits: Vec<Edit>,
    gap: String,
    /// The column after what is written.
    pub(super) column: usize,
    /// The column in which lines start.
    pub(super) indent: usize,
    /// Whether the last item of a list is to get its comma.
    comma: bool,
    /// Comments that stood before a comma or semicolon, and come after it.
    moved: Vec<Comment<'t>>,
    line_break: &'static str,
}

impl<'t> Printer<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        let first = tree.text().find('\n');
        let is_crlf = first.is_some_and(|at| tree.text()[..at].ends_with('\r'));
        Self {
            pieces: Pieces::new(tree),
            edits: Vec::new(),
            gap: String::new(),
            column: 0,
            indent: 0,
            comma: false,
            moved: Vec::new(),
            line_break: if is_crlf { "\r\n" } else { "\n" },
        }
    }

    /// What is to change, in order.
    pub(super) fn finish(mut self) -> Vec<Edit> {
        let end = self.pieces.all.len();
        let mut comments = std::mem::take(&mut self.moved);
        comments.extend(self.pieces.between(end).comments);
        self.write_comments(&comments, end, Place::Middle);
        if end > 0 || !comments.is_empty() {
            self.gap.push_str(self.line_break);
        }
        self.close_gap(end);
        self.edits
    }

    /// What `write` lays out stands one level further in.
    pub(super) fn indented(&mut self, write: impl FnOnce(&mut Self)) {
        self.indent += INDENT;
        write(self);
        self.indent -= INDENT;
    }

    /// The last item is written, and its list goes over several lines.
    pub(super) fn end_item(&mut self) {
        self.comma = true;
    }

    /// A word.
    pub(super) fn word(&mut self, piece: usize) {
        let word = self.pieces.all[piece];
        let text = word.at_column(self.column);
        self.advance(&text);
        if self.pieces.tree.text()[word.span.range()] != *text {
            self.edits.push(Edit::replace(word.span, text));
        }
    }

    /// The gap before a word on the same line.
    pub(super) fn space(&mut self, piece: usize) {
        let between = self.pieces.between(piece);
        let is_separator = matches!(self.pieces.all[piece].text(), "," | ";");
        if is_separator {
            self.moved.extend(between.comments);
            return self.close_gap(piece);
        }
        let mut comments = std::mem::take(&mut self.moved);
        comments.extend(between.comments);
        if comments.is_empty() {
            if self.pieces.space(piece) > 0 {
                self.gap.push(' ');
            }
            return self.close_gap(piece);
        }
        self.space_with(piece, &comments);
    }

    /// The same with comments in it; a line comment ends the line all the same.
    fn space_with(&mut self, piece: usize, comments: &[Comment<'_>]) {
        let after_opener = |text: &str| text.ends_with(['(', '[']);
        let glued = piece > 0 && after_opener(self.pieces.all[piece - 1].text());
        let mut ended = false;
        for (index, comment) in comments.iter().enumerate() {
            if ended || comment.is_line && comment.breaks > 0 {
                self.end_line(INDENT);
            } else if index > 0 || !glued {
                self.gap.push(' ');
            }
            self.gap.push_str(comment.text);
            ended = comment.is_line;
        }
        let text = self.pieces.all[piece].text();
        let closes = matches!(text, ")" | "]" | ",");
        if ended {
            self.end_line(if matches!(text, "else" | "catch" | "{") { 0 } else { INDENT });
        } else if !closes {
            self.gap.push(' ');
        }
        self.close_gap(piece);
    }

    /// The gap before a word on the same line, `width` blanks wide so that what follows is aligned.
    pub(super) fn pad(&mut self, piece: usize, width: usize) {
        if self.moved.is_empty() && self.pieces.between(piece).comments.is_empty() {
            self.gap.push_str(&" ".repeat(width));
            return self.close_gap(piece);
        }
        self.space(piece);
    }

    /// The gap before a word that starts a line.
    pub(super) fn line(&mut self, piece: usize, place: Place) {
        let between = self.pieces.between(piece);
        let mut comments = std::mem::take(&mut self.moved);
        comments.extend(between.comments);
        if std::mem::take(&mut self.comma) {
            self.gap.push(',');
        }
        if place == Place::Closing {
            self.indented(|printer| printer.write_comments(&comments, piece, Place::Middle));
        } else {
            self.write_comments(&comments, piece, place);
        }
        let last = comments.last();
        let shares_line = last.is_some_and(|last| {
            !last.is_line && between.breaks == 0 && (last.breaks > 0 || piece == 0) && place != Place::Closing
        });
        if shares_line {
            self.gap.push(' ');
        } else if piece > 0 || last.is_some() {
            let may_be_empty = place == Place::Middle || place == Place::Opening && last.is_some();
            if may_be_empty && between.breaks > 1 {
                self.gap.push_str(self.line_break);
            }
            self.end_line(0);
        }
        self.close_gap(piece);
    }

    /// Comments between two words that are on different lines: each on the line that it is on.
    fn write_comments(&mut self, comments: &[Comment<'_>], piece: usize, place: Place) {
        let (mut place, mut ended) = (place, false);
        for (index, comment) in comments.iter().enumerate() {
            let is_start = piece == 0 && index == 0;
            let ends = std::mem::replace(&mut ended, comment.is_line);
            if comment.breaks == 0 && !is_start && !ends {
                self.gap.push(' ');
            } else if !is_start {
                if comment.breaks > 1 && place == Place::Middle {
                    self.gap.push_str(self.line_break);
                }
                self.end_line(0);
            }
            self.gap.push_str(comment.text);
            if place == Place::Opening {
                place = Place::Middle;
            }
        }
    }

    fn end_line(&mut self, more: usize) {
        self.gap.push_str(self.line_break);
        self.gap.push_str(&" ".repeat(self.indent + more));
    }

    /// The gap is written: it becomes an edit where it is not there already.
    fn close_gap(&mut self, piece: usize) {
        let span = self.pieces.span_before(piece);
        let gap = std::mem::take(&mut self.gap);
        self.advance(&gap);
        let old = &self.pieces.tree.text()[span.range()];
        let mark = if old.starts_with('\u{feff}') && span.start == 0 { '\u{feff}'.len_utf8() } else { 0 };
        if old[mark..] != gap {
            let start = span.start + u32::try_from(mark).unwrap_or(0);
            self.edits.push(Edit::replace(Span { start, ..span }, gap));
        }
    }

    fn advance(&mut self, text: &str) {
        self.column = end_column(self.column, text);
    }
}
