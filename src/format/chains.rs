//! Operators, and what hangs on dots.

use crate::syntax::{Binary, Element, Node, SyntaxKind as K};

use super::layout::words;
use super::printer::{Place, Printer, WIDTH};

impl<'t> Printer<'t> {
    /// `a + b + c`: the lines inside of its brackets, or an operator at the start of each line.
    pub(super) fn binary(&mut self, node: Node<'t>, tail: usize) {
        let (operands, operators) = self.operands(node);
        if self.stays(&operands, &operators, tail) {
            return self.inline(node, tail);
        }
        let mut operands = operands.into_iter();
        if let Some(first) = operands.next() {
            let next = operators.first().map_or(tail, |_| 0);
            self.node(first, next);
        }
        self.indented(|printer| {
            for (operator, operand) in operators.into_iter().zip(operands) {
                printer.line(operator, Place::Inside);
                printer.word(operator);
                printer.space(operator + 1);
                printer.node(operand, tail);
            }
        });
    }

    /// Whether the operators of a chain stay where they are, and brackets in it take the lines.
    fn stays(&self, operands: &[Node<'t>], operators: &[usize], tail: usize) -> bool {
        let Some(last) = operands.last() else { return true };
        if operators.iter().any(|operator| self.pieces.is_forced(*operator)) {
            return false;
        }
        let start = self.pieces.range(operands[0]).0;
        let bracketed = |operand: &Node<'t>| {
            let offset = self.pieces.offset(start, self.pieces.range(*operand).0);
            self.is_bracketed(*operand, self.column + offset)
        };
        let is_broken = |operand: &&Node<'t>| {
            let (first, last) = self.pieces.range(**operand);
            self.pieces.is_broken(first, last)
        };
        let mut broken = operands.iter().filter(is_broken).peekable();
        if broken.peek().is_some() {
            return broken.all(bracketed);
        }
        let (first, end) = self.pieces.range(*last);
        let opener = self.pieces.width_to_break(first, end, tail, WIDTH);
        let column = self.column + self.pieces.offset(start, first);
        self.takes_lines(*last, column) && column + opener <= WIDTH
    }

    /// The values of a chain of operators that bind alike, and the words that the operators between them are. None where
    /// an operator has one side alone.
    pub(super) fn operands(&self, node: Node<'t>) -> (Vec<Node<'t>>, Vec<usize>) {
        let operator = |node| Binary::cast(node).and_then(Binary::operator);
        let precedence = |node| operator(node).map_or(0, |operator| operator.kind().precedence());
        let (mut operands, mut operators, mut rest) = (Vec::new(), Vec::new(), node);
        while precedence(rest) == precedence(node) {
            let sides =
                Binary::cast(rest).and_then(|binary| Some((binary.left()?, binary.operator()?, binary.right()?)));
            let Some((left, operator, right)) = sides else { return (Vec::new(), Vec::new()) };
            operands.push(right);
            operators.push(self.pieces.piece(operator));
            rest = left;
        }
        operands.push(rest);
        operands.reverse();
        operators.reverse();
        (operands, operators)
    }

    /// `a.b(c).d(e)`: the lines inside of its last brackets, or each call on a line of its own.
    pub(super) fn chain(&mut self, node: Node<'t>, tail: usize) {
        let (first, last) = self.pieces.range(node);
        if !self.is_split(node, self.column) {
            return self.inline(node, tail);
        }
        let links = links(node);
        self.node(first_value(node), 0);
        self.indented(|printer| {
            for link in links.into_iter().rev() {
                let mut parts = words(link).skip(1);
                let starts = link.kind() == K::MethodCall;
                if let Some(Element::Token(dot)) = parts.next() {
                    let piece = printer.pieces.piece(dot);
                    if starts {
                        printer.line(piece, Place::Inside);
                    } else {
                        printer.space(piece);
                    }
                    printer.word(piece);
                    let end = if link == node { last } else { printer.pieces.range(link).1 };
                    printer.parts(parts, (first, end), if link == node { tail } else { 0 });
                }
            }
        });
    }

    /// Whether each call of a chain that starts in that column has a line of its own: where the author wrote it so, where
    /// a call before the last takes lines, and where it does not fit and no bracket of the last of several calls can take
    /// the lines.
    pub(super) fn is_split(&self, node: Node<'t>, column: usize) -> bool {
        let links = links(node);
        let calls: Vec<&Node<'t>> = links.iter().filter(|link| link.kind() == K::MethodCall).collect();
        let dot = |call: &Node<'t>| call.own_tokens().next().map_or(0, |dot| self.pieces.piece(dot));
        if calls.iter().any(|call| self.pieces.is_forced(dot(call))) {
            return true;
        }
        let lists = calls.iter().filter_map(|call| call.child(K::Arguments));
        let mut lists = lists.filter(|list| list.children().next().is_some());
        let last = lists.next();
        let Some(arguments) = last.as_ref().filter(|_| calls.len() > 1) else { return false };
        let is_broken = |(first, last)| self.pieces.is_broken(first, last);
        if lists.any(|list| is_broken(self.pieces.range(list))) {
            return true;
        }
        let (start, opener) = (self.pieces.range(node).0, self.pieces.range(*arguments).0);
        if self.pieces.is_broken(start, opener) {
            return false;
        }
        let column = column + self.pieces.offset(start, opener);
        column >= WIDTH
            || !self.pieces.is_broken(opener, self.pieces.range(*arguments).1) && !self.takes_lines(*arguments, column)
    }
}

/// What a chain starts with.
pub(super) fn first_value(node: Node<'_>) -> Node<'_> {
    links(node).last().and_then(|link| link.children().next()).unwrap_or(node)
}

/// The links of a chain, the last one first: what stands after the first value.
fn links(node: Node<'_>) -> Vec<Node<'_>> {
    let is_link = |node: &Node<'_>| matches!(node.kind(), K::MethodCall | K::Property | K::Index);
    std::iter::successors(Some(node), |node| node.children().next()).take_while(is_link).collect()
}
