//! Decides which words start a line.
//!
//! What fits on the line stands there. What does not is laid out by its kind; most often its last bracket takes the lines,
//! so that `environment("dev", #{` stays one line. Where the author ended a line after an opening bracket, before a dot
//! or at an operator, lines end there too: what was spread over lines once stays so, and what is written comes out the
//! same when it is formatted again.

use crate::syntax::{Array, Element, Let, Node, SyntaxKind as K};

use super::chains::first_value;
use super::printer::{Place, Printer, WIDTH};

impl<'t> Printer<'t> {
    /// The statements of a script or a block.
    pub(super) fn statements(&mut self, node: Node<'t>, place: Place) {
        let statements: Vec<Node<'t>> = node.children().collect();
        // The variables of a script are its declarations; inside of a block they are steps on the way.
        let pads = if node.kind() == K::Root { self.aligned(&statements) } else { vec![1; statements.len()] };
        let (mut place, mut number) = (place, 0);
        for element in words(node) {
            match element {
                Element::Token(token) if token.kind() == K::Semicolon => {
                    let piece = self.pieces.piece(token);
                    self.space(piece);
                    self.word(piece);
                }
                Element::Token(_) => {}
                Element::Node(statement) => {
                    self.line(self.pieces.range(statement).0, place);
                    match Let::cast(statement) {
                        Some(found) => self.let_(found, pads[number]),
                        None => self.node(statement, 1),
                    }
                    (place, number) = (Place::Middle, number + 1);
                }
            }
        }
    }

    /// How many blanks stand before the `=` of each definition, so that those of a run stand below each other.
    fn aligned(&self, statements: &[Node<'t>]) -> Vec<usize> {
        let mut pads = vec![1; statements.len()];
        let mut start = 0;
        while start < statements.len() {
            let mut end = start + 1;
            while end < statements.len() && self.follows(statements[end - 1], statements[end]) {
                end += 1;
            }
            self.align(&statements[start..end], &mut pads[start..end]);
            start = end;
        }
        pads
    }

    /// Whether a definition belongs to the run of the one right before it, which takes one line.
    fn follows(&self, before: Node<'t>, node: Node<'t>) -> bool {
        let constant = |node| Let::cast(node).filter(|found| found.value().is_some()).map(Let::is_constant);
        let ((first, last), next) = (self.pieces.range(before), self.pieces.range(node).0);
        let is_run = constant(before).is_some() && constant(before) == constant(node);
        is_run
            && !self.pieces.is_broken(first, last)
            && self.indent + self.pieces.width(first, last) < WIDTH
            && self.pieces.is_adjacent(next)
    }

    fn align(&self, run: &[Node<'t>], pads: &mut [usize]) {
        let ends: Vec<usize> = run.iter().map(|node| self.width_of_name(*node)).collect();
        let widest = ends.iter().copied().max().unwrap_or(0);
        let fits = |(node, end): (&Node<'t>, &usize)| {
            let (first, last) = self.pieces.range(*node);
            self.indent + self.pieces.width(first, last) + widest - end < WIDTH
        };
        if run.len() > 1 && run.iter().zip(&ends).take(run.len() - 1).all(fits) {
            for (pad, end) in pads.iter_mut().zip(&ends) {
                *pad = 1 + widest - end;
            }
        }
    }

    /// How wide a definition is up to the end of its name.
    fn width_of_name(&self, node: Node<'t>) -> usize {
        let name = Let::cast(node).and_then(Let::name).map(|name| self.pieces.piece(name));
        name.map_or(0, |name| self.pieces.width(self.pieces.range(node).0, name))
    }

    fn let_(&mut self, definition: Let<'t>, pad: usize) {
        let node = definition.node();
        let (first, last) = self.pieces.range(node);
        let Some(equals) = node.token(K::Eq) else { return self.flat(first, last) };
        let equals = self.pieces.piece(equals);
        self.flat(first, equals - 1);
        self.pad(equals, pad);
        self.word(equals);
        self.space(equals + 1);
        match definition.value() {
            Some(value) => self.node(value, 1),
            None => self.flat(equals + 1, last),
        }
    }

    /// Lays a node out whose first word may be written where the line is. `tail`: how many columns come after it.
    pub(super) fn node(&mut self, node: Node<'t>, tail: usize) {
        let (first, last) = self.pieces.range(node);
        if first == last || self.fits(first, last, tail) {
            return self.flat(first, last);
        }
        match node.kind() {
            K::Array | K::Arguments | K::Parameters => self.list(node, tail),
            K::Map => self.map(node),
            K::Block => self.block(node),
            K::Switch => self.switch(node),
            K::Binary => self.binary(node, tail),
            K::MethodCall | K::Property | K::Index => self.chain(node, tail),
            _ => self.inline(node, tail),
        }
    }

    /// Whether the words from one to another fit on the line, with `tail` columns after them.
    pub(super) fn fits(&self, first: usize, last: usize, tail: usize) -> bool {
        !self.pieces.is_broken(first, last) && self.column + self.pieces.width(first, last) + tail <= WIDTH
    }

    /// Words on one line.
    pub(super) fn flat(&mut self, first: usize, last: usize) {
        for piece in first..=last {
            if piece > first {
                self.space(piece);
            }
            self.word(piece);
        }
    }

    /// The parts of a node one after the other, each laid out as it needs.
    pub(super) fn inline(&mut self, node: Node<'t>, tail: usize) {
        let (first, last) = self.pieces.range(node);
        self.parts(words(node), (first, last), tail);
    }

    /// Parts of something that ends with the word `last`. The gap before the word `first` is written.
    pub(super) fn parts(
        &mut self,
        parts: impl Iterator<Item = Element<'t>>,
        (first, last): (usize, usize),
        tail: usize,
    ) {
        for (index, part) in parts.enumerate() {
            let (start, end) = match part {
                Element::Token(token) => (self.pieces.piece(token), self.pieces.piece(token)),
                Element::Node(node) => self.pieces.range(node),
            };
            if start > first {
                self.space(start);
            }
            match part {
                Element::Token(_) => self.word(start),
                Element::Node(node) if index > 0 && is_branch(node) => self.branch(node),
                // Where one map of several in an array takes lines, all of them do.
                Element::Node(node) if node.kind() == K::Map && is_one_of_maps(node) => self.map(node),
                Element::Node(node) => {
                    let rest = self.pieces.width_to_break(end + 1, last, tail, WIDTH);
                    self.node(node, rest);
                }
            }
        }
    }

    /// A block or a further `if` of a statement that takes lines: all of its blocks do.
    fn branch(&mut self, node: Node<'t>) {
        if node.kind() == K::Block { self.block(node) } else { self.inline(node, 0) }
    }

    /// `{ … }` over lines.
    fn block(&mut self, node: Node<'t>) {
        let (first, last) = self.pieces.range(node);
        if node.children().next().is_none() {
            return self.empty(first, last);
        }
        self.word(first);
        self.indented(|printer| printer.statements(node, Place::Opening));
        self.line(last, Place::Closing);
        self.word(last);
    }

    /// Brackets with nothing in them but comments, perhaps.
    fn empty(&mut self, first: usize, last: usize) {
        if !self.pieces.is_forced(last) {
            return self.flat(first, last);
        }
        self.word(first);
        self.line(last, Place::Closing);
        self.word(last);
    }

    /// Arguments, parameters or the items of an array.
    fn list(&mut self, node: Node<'t>, tail: usize) {
        let (first, last) = self.pieces.range(node);
        if first + 1 == last {
            return self.empty(first, last);
        }
        if self.pieces.all[first].first.kind() == K::Pipe || self.hugs(node) {
            return self.inline(node, tail);
        }
        self.word(first);
        self.indented(|printer| printer.items(node, |printer, item| printer.node(item, 1)));
        self.line(last, Place::Closing);
        self.word(last);
    }

    /// What stands between the brackets of a list, an item a line, the commas right after them.
    fn items(&mut self, list: Node<'t>, mut write: impl FnMut(&mut Self, Node<'t>)) {
        let (first, last) = self.pieces.range(list);
        let mut place = Place::Opening;
        for item in words(list) {
            match item {
                Element::Token(token) => {
                    let piece = self.pieces.piece(token);
                    if piece == first || piece == last {
                        continue;
                    }
                    if token.kind() == K::Comma {
                        self.space(piece);
                    } else {
                        self.line(piece, place);
                    }
                    self.word(piece);
                }
                Element::Node(node) => {
                    self.line(self.pieces.range(node).0, place);
                    write(self, node);
                }
            }
            place = Place::Middle;
        }
        // The parameters of a function take no comma after the last one.
        if list.kind() != K::Parameters {
            self.end_item();
        }
    }

    /// Whether the brackets of a list stay on the line, and its last item takes the lines, or each of its maps does.
    fn hugs(&self, node: Node<'t>) -> bool {
        let (first, last) = self.pieces.range(node);
        if self.pieces.is_forced(first + 1) || self.pieces.is_forced(last) {
            return false;
        }
        let only = node.children().count() == 1;
        if let Some(array) = Array::cast(node).filter(|_| !only) {
            return array.items().all(|item| item.kind() == K::Map);
        }
        let Some(item) = node.children().last() else { return false };
        let start = self.pieces.range(item).0;
        let column = self.column + self.pieces.offset(first, start);
        !self.pieces.is_broken(first, start - 1)
            && !self.pieces.is_forced(start)
            && self.takes_lines(item, column)
            && column + self.pieces.width_to_break(start, last, 0, WIDTH) <= WIDTH
    }

    /// Whether something that starts in that column is laid out over lines before what it stands in: a map, a block, a
    /// call that ends with one, what the author has laid out so.
    pub(super) fn takes_lines(&self, node: Node<'t>, column: usize) -> bool {
        let start = self.pieces.range(node).0;
        let inner =
            |inner: Node<'t>| self.takes_lines(inner, column + self.pieces.offset(start, self.pieces.range(inner).0));
        let last = || node.children().last().is_some_and(inner);
        match node.kind() {
            K::Map | K::Array | K::Block | K::Switch | K::If => {
                node.children().next().is_some() || self.pieces.is_forced(self.pieces.range(node).1)
            }
            K::Template | K::Literal => node.text().contains('\n'),
            K::Arguments => {
                let is_list =
                    |item: Node<'t>| item.kind() == K::Array && item.children().all(|item| item.kind() != K::Map);
                let item = node.children().last();
                item.is_some_and(|item| self.pieces.is_forced(start + 1) || !is_list(item) && inner(item))
            }
            K::MethodCall => (last() || self.starts_broken(node)) && !self.is_split(node, column),
            K::Binary => {
                let (operands, operators) = self.operands(node);
                let is_forced = operators.iter().any(|operator| self.pieces.is_forced(*operator));
                !is_forced && operands.last().copied().is_some_and(inner)
            }
            K::Call | K::Closure | K::Unary | K::Paren | K::ExpressionStatement => last(),
            _ => false,
        }
    }

    /// Whether a chain starts with brackets that the author has laid out over lines.
    fn starts_broken(&self, node: Node<'t>) -> bool {
        let base = first_value(node);
        let (first, last) = self.pieces.range(base);
        matches!(base.kind(), K::Map | K::Array) && self.pieces.is_broken(first, last)
    }

    /// Whether the lines of something that starts in that column are all inside of brackets that it ends with.
    pub(super) fn is_bracketed(&self, node: Node<'t>, column: usize) -> bool {
        let last = || node.children().last().is_some_and(|last| self.is_bracketed(last, column));
        match node.kind() {
            K::Arguments | K::Index | K::Property => node.children().next().is_some(),
            K::MethodCall => last() && !self.is_split(node, column),
            K::Call | K::Closure | K::Unary | K::Paren | K::ExpressionStatement => last(),
            _ => self.takes_lines(node, column),
        }
    }

    /// A map over lines, the values below each other.
    fn map(&mut self, node: Node<'t>) {
        let (first, last) = self.pieces.range(node);
        if first + 1 == last {
            return self.empty(first, last);
        }
        let mut pads = self.columns(node).into_iter();
        self.word(first);
        self.indented(|printer| {
            printer.items(node, |printer, entry| printer.entry(entry, pads.next().unwrap_or(1)));
        });
        self.line(last, Place::Closing);
        self.word(last);
    }

    /// How many blanks stand before the value of each entry. An empty line starts a new column.
    fn columns(&self, map: Node<'t>) -> Vec<usize> {
        let widths: Vec<(usize, bool)> = map
            .children()
            .map(|entry| {
                let (first, _) = self.pieces.range(entry);
                (self.pieces.width(first, first), self.pieces.has_empty_line(first))
            })
            .collect();
        let mut pads = Vec::with_capacity(widths.len());
        while pads.len() < widths.len() {
            let rest = &widths[pads.len()..];
            let group = 1 + rest.iter().skip(1).take_while(|(_, apart)| !apart).count();
            let widest = rest[..group].iter().map(|(width, _)| *width).max().unwrap_or(0);
            pads.extend(rest[..group].iter().map(|(width, _)| 1 + widest - width));
        }
        pads
    }

    fn entry(&mut self, entry: Node<'t>, pad: usize) {
        let (first, last) = self.pieces.range(entry);
        self.flat(first, first + 1);
        self.pad(first + 2, pad);
        match entry.children().last() {
            Some(value) => self.node(value, 1),
            None => self.flat(first + 2, last),
        }
    }

    /// `switch x { … }`, a case a line.
    fn switch(&mut self, node: Node<'t>) {
        let (first, last) = self.pieces.range(node);
        let is_case = |part: &Element<'t>| matches!(part, Element::Node(node) if node.kind() == K::Case);
        let is_end = |part: &Element<'t>| matches!(part, Element::Token(token) if self.pieces.piece(*token) == last);
        let (cases, head): (Vec<_>, Vec<_>) = words(node).filter(|part| !is_end(part)).partition(is_case);
        self.parts(head.into_iter(), (first, last), 0);
        let mut has_block = true;
        self.indented(|printer| {
            let mut place = Place::Opening;
            for case in cases {
                let Element::Node(case) = case else { continue };
                printer.line(printer.pieces.range(case).0, place);
                printer.inline(case, 1);
                has_block = case.children().last().is_some_and(|body| body.kind() == K::Block);
                place = Place::Middle;
            }
        });
        if !has_block {
            self.end_item();
        }
        self.line(last, Place::Closing);
        self.word(last);
    }
}

/// The nodes and tokens of a node, without what is no word.
pub(super) fn words(node: Node<'_>) -> impl Iterator<Item = Element<'_>> {
    node.elements().filter(|element| match element {
        Element::Token(token) => !token.kind().is_trivia() && !super::pieces::is_last_comma(*token),
        Element::Node(_) => true,
    })
}

/// Whether it stands in an array with others.
fn is_one_of_maps(map: Node<'_>) -> bool {
    map.parent().is_some_and(|list| list.kind() == K::Array && list.children().nth(1).is_some())
}

/// Whether it is a block of an `if`, a `try`, a loop or a function, or the `if` after an `else`.
fn is_branch(node: Node<'_>) -> bool {
    let of = node.parent().map(Node::kind);
    matches!(node.kind(), K::Block | K::If) && matches!(of, Some(K::If | K::Try | K::While | K::For | K::Function))
}
