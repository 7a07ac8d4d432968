//! What formatting keeps: the words of a text, one after the other, and what stands between them.

use std::borrow::Cow;

use crate::source::Span;
use crate::syntax::{Binary, Node, SyntaxKind as K, Token, Tree, decode_text, move_text};

use super::spacing::is_spaced;

/// A word of the text, which is kept as it is: a token, a whole text with its interpolations, or `()`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'t> {
    pub(super) first: Token<'t>,
    pub(super) last: Token<'t>,
    pub(super) span: Span,
}

impl<'t> Piece<'t> {
    pub(super) fn text(&self) -> &'t str {
        // Blanks in empty brackets go.
        if self.first.kind() == K::LParen && self.last != self.first {
            return "()";
        }
        &self.first.node().tree().text()[self.span.range()]
    }

    /// Whether a text in it goes on after a `\` at a line's end: what it holds depends on the column that it starts in.
    pub(super) fn continues(&self) -> bool {
        let text = self.text();
        text.contains('\n') && self.tokens().any(is_continued)
    }

    /// How it is written where it starts in `column`, with the same value.
    pub(super) fn at_column(&self, column: usize) -> Cow<'t, str> {
        if !self.continues() {
            return self.text().into();
        }
        let source = self.first.node().tree().text();
        let (mut written, mut column) = (String::new(), column);
        for token in self.tokens() {
            let start = written.len();
            if is_continued(token) {
                written.push_str(&move_text(source, token.span().range(), column));
            } else {
                written.push_str(token.text());
            }
            column = end_column(column, &written[start..]);
        }
        written.into()
    }

    /// Whether it is the same word as another one: as it is written, or in its value.
    pub(super) fn is_same(&self, other: &Piece<'_>) -> bool {
        let value = |token: Token<'_>| {
            let source = token.node().tree().text();
            if token.kind() == K::Text { decode_text(source, token.span().range()) } else { token.text().to_owned() }
        };
        self.text() == other.text()
            || self.continues() && other.continues() && self.tokens().map(value).eq(other.tokens().map(value))
    }

    fn tokens(&self) -> impl Iterator<Item = Token<'t>> + use<'t> {
        let end = self.last.next();
        std::iter::successors(Some(self.first), |token| token.next()).take_while(move |token| Some(*token) != end)
    }

    /// Whether something that lays itself out over lines can start with it: a bracket that is not closed at once.
    fn opens(&self) -> bool {
        let opener = matches!(self.first.kind(), K::LParen | K::LBracket | K::MapStart | K::LBrace);
        opener && self.first.node().children().next().is_some()
    }
}

/// A comment between two words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comment<'t> {
    pub(super) text: &'t str,
    /// Whether the line ends with it.
    pub(super) is_line: bool,
    /// How many line breaks stand before it.
    pub(super) breaks: usize,
}

/// What stands between two words.
#[derive(Debug)]
pub(super) struct Between<'t> {
    pub(super) comments: Vec<Comment<'t>>,
    /// How many line breaks stand at its end.
    pub(super) breaks: usize,
}

/// All words of a text, and sums over them, so that the width of any part is a subtraction.
pub(super) struct Pieces<'t> {
    pub(super) tree: &'t Tree,
    pub(super) all: Vec<Piece<'t>>,
    /// For each token the word that it is in, or the one before it.
    of: Vec<u32>,
    /// Whether a line must end before a word.
    forced: Vec<bool>,
    /// The width of everything before a word on one line, and what stands between it and the word before.
    before: Vec<usize>,
    between: Vec<usize>,
    /// How many lines must end before the end of the word before, and of a word.
    breaks: Vec<usize>,
}

impl<'t> Pieces<'t> {
    pub(super) fn new(tree: &'t Tree) -> Self {
        let mut pieces = Self {
            tree,
            all: Vec::new(),
            of: Vec::with_capacity(tree.tokens().len()),
            forced: Vec::new(),
            before: vec![0],
            between: Vec::new(),
            breaks: vec![0],
        };
        pieces.collect();
        pieces.forced = vec![false; pieces.all.len()];
        for node in tree.nodes() {
            pieces.mark(node);
        }
        pieces.measure();
        pieces
    }

    fn collect(&mut self) {
        let mut end = 0;
        for token in self.tree.tokens() {
            if token.index() >= end && !token.kind().is_trivia() && !is_last_comma(token) {
                let last = match token.kind() {
                    K::TemplateStart => token.node().tokens().next_back(),
                    K::LParen => end_of_empty(token),
                    _ => None,
                };
                let last = last.unwrap_or(token);
                let span = Span { end: last.span().end, ..token.span() };
                self.all.push(Piece { first: token, last, span });
                end = last.index() + 1;
            }
            self.of.push(u32::try_from(self.all.len().saturating_sub(1)).unwrap_or(u32::MAX));
        }
    }

    /// Notes where a line must end because of `node`: where the author ended one after a bracket or before a dot or an
    /// operator, and between the statements of a block.
    fn mark(&mut self, node: Node<'t>) {
        let (first, last) = self.range(node);
        let token = |token: Option<Token<'t>>| token.map(|token| self.piece(token));
        match node.kind() {
            // A part of a text with interpolations, or one word.
            _ if first == last => {}
            K::Block if node.children().nth(1).is_some() => self.forced[first + 1] = true,
            K::Parameters if self.all[first].first.kind() == K::Pipe => {}
            K::Array | K::Map | K::Arguments | K::Parameters | K::Block => self.mark_if_broken(Some(first + 1)),
            K::Switch => self.mark_if_broken(token(node.token(K::LBrace)).map(|opener| opener + 1)),
            K::MethodCall => self.mark_if_broken(token(node.own_tokens().next())),
            K::Binary => {
                let operator = token(Binary::cast(node).and_then(Binary::operator));
                let Some(operator) = operator.filter(|operator| first < *operator && *operator < last) else { return };
                self.forced[operator] |= self.has_break(operator) || self.has_break(operator + 1);
            }
            _ => {}
        }
    }

    /// Notes that a line must end before a word where the author ended one there, unless that is a bracket's end.
    fn mark_if_broken(&mut self, piece: Option<usize>) {
        let closes = |piece: &Piece<'_>| matches!(piece.first.kind(), K::RParen | K::RBracket | K::RBrace);
        let Some(piece) = piece else { return };
        if self.all.get(piece).is_some_and(|found| !closes(found)) {
            self.forced[piece] |= self.has_break(piece);
        }
    }

    fn measure(&mut self) {
        for (index, piece) in self.all.iter().enumerate() {
            let comments = self.between(index).comments;
            let width: usize = comments.iter().map(|comment| comment.text.chars().count() + 1).sum();
            let space = index > 0 && (!comments.is_empty() || is_spaced(self.all[index - 1].last, piece.first));
            self.forced[index] |= comments.iter().any(|comment| comment.is_line || comment.text.contains('\n'));
            let (text, between) = (piece.text(), width + usize::from(space));
            let lines = usize::from(self.forced[index]) + usize::from(text.contains('\n'));
            self.between.push(between);
            self.before.push(self.before[index] + between + text.chars().count());
            self.breaks.push(self.breaks[index] + lines);
        }
    }

    /// The words of `node`, first and last.
    pub(super) fn range(&self, node: Node<'t>) -> (usize, usize) {
        let mut tokens = node.tokens();
        let first = tokens.next().map_or(0, |token| self.piece(token));
        (first, tokens.next_back().map_or(first, |token| self.piece(token)))
    }

    /// The word that a token is in.
    pub(super) fn piece(&self, token: Token<'t>) -> usize {
        self.of[token.index()] as usize
    }

    /// Whether a line must end before a word.
    pub(super) fn is_forced(&self, piece: usize) -> bool {
        self.forced[piece]
    }

    /// Whether a line must end somewhere from one word to another, where it may end before the first.
    pub(super) fn is_broken(&self, first: usize, last: usize) -> bool {
        self.breaks[last + 1] - self.breaks[first] > usize::from(self.forced[first])
    }

    /// How wide the words from one to another are on one line.
    pub(super) fn width(&self, first: usize, last: usize) -> usize {
        self.before[last + 1] - self.before[first] - self.between[first]
    }

    /// How wide it is from a word, with what stands before it, to the first place where a line may end: `most` or more
    /// where that is far. `tail` comes after the word `last`.
    pub(super) fn width_to_break(&self, first: usize, last: usize, tail: usize, most: usize) -> usize {
        let mut width = 0;
        for index in first..=last {
            if self.forced[index] {
                return width;
            }
            let text = self.all[index].text();
            width += self.between[index] + text.lines().next().unwrap_or_default().chars().count();
            if width >= most || self.all[index].opens() || text.contains('\n') {
                return width;
            }
        }
        width + tail
    }

    /// How far a word starts behind another one, on one line.
    pub(super) fn offset(&self, first: usize, piece: usize) -> usize {
        self.before[piece] + self.between[piece] - self.before[first] - self.between[first]
    }

    /// How wide what stands before a word on one line is.
    pub(super) fn space(&self, piece: usize) -> usize {
        self.between[piece]
    }

    /// Where the text between a word and the one before it stands. The number after the last word is the end.
    pub(super) fn span_before(&self, piece: usize) -> Span {
        let start = piece.checked_sub(1).map_or(0, |before| self.all[before].span.end);
        let text = u32::try_from(self.tree.text().len()).unwrap_or(u32::MAX);
        let end = self.all.get(piece).map_or(text, |piece| piece.span.start);
        Span::new(self.tree.source(), start, end)
    }

    /// What stands between a word and the one before it.
    pub(super) fn between(&self, piece: usize) -> Between<'t> {
        let first = piece.checked_sub(1).map(|before| self.all[before].last.next());
        let first = first.unwrap_or_else(|| self.tree.tokens().next());
        let end = self.all.get(piece).map(|piece| piece.first);
        let mut found = Between { comments: Vec::new(), breaks: 0 };
        let tokens = std::iter::successors(first, |token| token.next()).take_while(|token| Some(*token) != end);
        for token in tokens {
            match token.kind() {
                K::Whitespace => found.breaks += line_breaks(token.text()),
                K::LineComment | K::DocComment | K::BlockComment => {
                    let is_line = token.text().starts_with("//");
                    let text = if is_line { token.text().trim_end() } else { token.text() };
                    found.comments.push(Comment { text, is_line, breaks: std::mem::take(&mut found.breaks) });
                }
                _ => {}
            }
        }
        found
    }

    /// Every comment, without the blanks at its end.
    pub(super) fn comments(&self) -> Vec<&'t str> {
        let comments = (0..=self.all.len()).flat_map(|piece| self.between(piece).comments);
        comments.map(|comment| comment.text).collect()
    }

    /// Whether a word stands right after the one before it: no empty line and no comment of its own line between.
    pub(super) fn is_adjacent(&self, piece: usize) -> bool {
        let Between { comments, breaks } = self.between(piece);
        breaks <= 1 && comments.iter().all(|comment| comment.breaks == 0)
    }

    /// Whether an empty line stands before a word.
    pub(super) fn has_empty_line(&self, piece: usize) -> bool {
        let Between { comments, breaks } = self.between(piece);
        breaks > 1 || comments.iter().any(|comment| comment.breaks > 1)
    }

    /// Whether the author ended a line before a word.
    pub(super) fn has_break(&self, piece: usize) -> bool {
        self.tree.text()[self.span_before(piece).range()].contains(['\n', '\r'])
    }
}

fn is_continued(token: Token<'_>) -> bool {
    token.kind() == K::Text && token.text().starts_with('"') && token.text().contains('\n')
}

/// The column after a text that starts in one.
pub(super) fn end_column(column: usize, text: &str) -> usize {
    match text.rsplit_once('\n') {
        Some((_, last)) => last.chars().count(),
        None => column + text.chars().count(),
    }
}

/// The bracket that closes the one at `token`, with nothing but blanks between.
fn end_of_empty(token: Token<'_>) -> Option<Token<'_>> {
    let next = token.next()?;
    let end = if next.kind() == K::Whitespace { next.next()? } else { next };
    (end.kind() == K::RParen).then_some(end)
}

/// Whether it is the comma after the last item of a list, which a list on one line does without.
pub(super) fn is_last_comma(token: Token<'_>) -> bool {
    let is_list = || matches!(token.node().kind(), K::Array | K::Map | K::Arguments | K::Case);
    let mut after = std::iter::successors(token.next(), |token| token.next());
    token.kind() == K::Comma
        && is_list()
        && after.find(|token| !token.kind().is_trivia()).is_some_and(|token| token.kind().is_closer())
}

/// The line breaks of a text, `\r\n` counted once.
fn line_breaks(text: &str) -> usize {
    let returns = text.matches('\r').count() - text.matches("\r\n").count();
    text.matches('\n').count() + returns
}
