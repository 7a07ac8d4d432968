//! Which bracket is missing, too much, or the wrong one.

use super::openers::Missing;
use super::{Balancer, Item, K, closer_of, holds_statements, is_template};
use crate::diagnostic::{Code, Diagnostic};

/// An opening bracket that waits for its partner.
#[derive(Debug, Clone, Copy)]
struct Open {
    /// Its place among the items that are done.
    at: usize,
    item: Item,
}

/// What to do about a closing bracket that does not fit.
enum Way {
    /// It is too much.
    Leave,
    /// This many before it are not closed.
    Close(usize),
    /// It stands for the right one.
    Replace,
}

/// The work on one round.
struct Round<'i> {
    items: &'i [Item],
    done: Vec<Item>,
    open: Vec<Open>,
}

impl Balancer<'_> {
    /// The items in pairs; or, where `search`, the first opening bracket that is found missing.
    pub(super) fn repair(&mut self, items: &[Item], search: bool) -> Result<Vec<Item>, Missing> {
        let found = self.diagnostics.len();
        let mut round = Round { items, done: Vec::with_capacity(items.len() + 4), open: Vec::new() };
        for (at, item) in items.iter().enumerate() {
            self.close_by_indentation(&mut round, at);
            let kind = item.kind;
            let mut missing = None;
            match kind {
                K::RParen | K::RBracket | K::RBrace => missing = self.closer(&mut round, at, search),
                K::TemplateMiddle | K::TemplateEnd => self.template(&mut round, at),
                K::Semicolon => self.semicolon(&mut round, at),
                _ => {}
            }
            if let Some(missing) = missing {
                self.diagnostics.truncate(found);
                return Err(missing);
            }
            if closer_of(kind).is_some() {
                let at_done = round.done.len() - usize::from(kind == K::TemplateMiddle);
                round.open.push(Open { at: at_done, item: *item });
            }
            if !kind.is_closer() {
                round.done.push(*item);
            }
        }
        self.close_down_to(&mut round, 0);
        Ok(round.done)
    }

    /// Closes what stands open while the line at `at` is indented no further than the line that opened it.
    fn close_by_indentation(&mut self, round: &mut Round<'_>, at: usize) {
        let item = round.items[at];
        if item.ghost || !self.starts_line(round.items, at) {
            return;
        }
        while let Some(top) = round.open.last() {
            if !self.is_outside(item, top.item) || !self.afford(round.open.len()) {
                return;
            }
            let open = kinds(&round.open);
            let keep = self.cost(round.items, at, &open);
            let close = 1 + self.cost(round.items, at, &open[..open.len() - 1]);
            if keep == 0 || close > keep {
                return;
            }
            self.close_down_to(round, open.len() - 1);
        }
    }

    /// Whether `item`, which starts a line, looks as if it stood outside of the bracket `opener`.
    fn is_outside(&self, item: Item, opener: Item) -> bool {
        let (indentation, inside) = (self.layout.indentation(item.raw), self.layout.indentation(opener.raw));
        // `else` without the brace before it is often moved a little.
        let slack = if matches!(item.kind, K::KwElse | K::KwCatch) { 2 } else { 0 };
        let is_less_deep = self.layout.line(opener.raw) < self.layout.line(item.raw) && indentation <= inside + slack;
        // A bracket that would close it from further out belongs to another one.
        let closes_outer = closer_of(opener.kind) == Some(item.kind) && indentation < inside;
        !is_template(opener.kind) && is_less_deep && (!item.kind.is_closer() || closes_outer)
    }

    pub(super) fn starts_line(&self, items: &[Item], at: usize) -> bool {
        let written = |item: Item| item.raw.saturating_sub(u32::from(item.ghost));
        at.checked_sub(1)
            .is_none_or(|before| self.layout.last_line(written(items[before])) < self.layout.line(written(items[at])))
    }

    fn closer(&mut self, round: &mut Round<'_>, at: usize, search: bool) -> Option<Missing> {
        let item = round.items[at];
        if round.open.last().is_some_and(|top| closer_of(top.item.kind) == Some(item.kind)) {
            round.open.pop();
            round.done.push(item);
            return None;
        }
        match self.way(round, at) {
            Way::Close(count) => {
                self.close_down_to(round, round.open.len() - count);
                round.open.pop();
                round.done.push(item);
            }
            Way::Replace => self.replace(round, item),
            Way::Leave => {
                if search && let Some(missing) = self.missing_opener(round.items, at) {
                    return Some(missing);
                }
                self.leave(item);
            }
        }
        None
    }

    /// The cheapest way to deal with the closing bracket at `at`, which does not fit.
    fn way(&mut self, round: &Round<'_>, at: usize) -> Way {
        if !self.afford(round.open.len()) {
            return Way::Leave;
        }
        let open = kinds(&round.open);
        let mut best = (1 + self.cost(round.items, at + 1, &open), Way::Leave);
        if open.last().is_some_and(|top| !is_template(*top)) {
            let cost = 1 + self.cost(round.items, at + 1, &open[..open.len() - 1]);
            if cost <= best.0 {
                best = (cost, Way::Replace);
            }
        }
        if let Some(count) = partner(&open, round.items[at].kind) {
            let cost = count + self.cost(round.items, at, &open[..open.len() - count]);
            if cost <= best.0 {
                best = (cost, Way::Close(count));
            }
        }
        best.1
    }

    /// A `;` between brackets that hold no statements: they end before it, or it was meant to be a `,`.
    fn semicolon(&mut self, round: &mut Round<'_>, at: usize) {
        if !self.afford(round.open.len()) {
            return;
        }
        let open = kinds(&round.open);
        let count = open.iter().rev().take_while(|kind| !holds_statements(**kind)).count();
        // `for (…; …; …)` of other languages is the parser's to report.
        let before_top = round.open.last().and_then(|top| top.at.checked_sub(1)).map(|before| round.done[before].kind);
        if count == 0 || before_top == Some(K::KwFor) {
            return;
        }
        let stay = 1 + self.cost(round.items, at + 1, &open);
        let close = count + self.cost(round.items, at + 1, &open[..open.len() - count]);
        if close <= stay {
            self.close_down_to(round, open.len() - count);
        }
    }

    /// The end of an interpolation: what it holds ends with it.
    fn template(&mut self, round: &mut Round<'_>, at: usize) {
        let Some(index) = round.open.iter().rposition(|open| is_template(open.item.kind)) else { return };
        self.close_down_to(round, index + 1);
        round.open.pop();
        round.done.push(round.items[at]);
    }

    /// Adds the closing brackets of all but the first `count` that are open, and reports them.
    fn close_down_to(&mut self, round: &mut Round<'_>, count: usize) {
        while round.open.len() > count {
            let Some(open) = round.open.pop() else { return };
            let Some(closer) = closer_of(open.item.kind) else { continue };
            if self.is_doubled(round, open) {
                continue;
            }
            let place = self.closing_place(&round.done, open);
            let raw = place.checked_sub(1).map_or(0, |before| after(round.done[before]));
            self.budget = self.budget.saturating_sub(round.done.len() - place);
            let ghost = Item { raw, kind: closer, ghost: true };
            round.done.insert(place, ghost);
            self.report_unclosed(open.item, ghost);
        }
    }

    /// Leaves out a bracket that was typed twice, as in `((a)`; whether it was.
    fn is_doubled(&mut self, round: &mut Round<'_>, open: Open) -> bool {
        let is_twin = round.done.get(open.at + 1).is_some_and(|next| next.kind == open.item.kind);
        if !is_twin || open.item.ghost || !self.afford(round.done.len() - open.at) {
            return false;
        }
        round.done.remove(open.at);
        self.tokens[open.item.raw as usize].bad = true;
        let message = format!("{} stands here twice and is closed once", open.item.kind.words());
        let problem = Diagnostic::new(Code::UnclosedBracket, self.span(open.item), message);
        self.report(problem.help("remove it, or close it"));
        true
    }

    /// Where the closing bracket of `open` belongs, up to the end of what is done.
    fn closing_place(&mut self, done: &[Item], open: Open) -> usize {
        if !self.afford(done.len() - open.at) {
            return done.len();
        }
        let (mut depth, mut holds_block) = (0usize, false);
        let kind = |at: usize| done.get(at).map_or(K::Eof, |item| item.kind);
        let is_brace = matches!(open.item.kind, K::LBrace | K::MapStart);
        for at in open.at + 1..done.len() {
            let is_key = matches!(kind(at + 1), K::Ident | K::Text) && kind(at + 2) == K::Colon;
            let starts_block = kind(at) == K::LBrace && kind(at - 1).ends_operand() && at > open.at + 1;
            holds_block |= matches!(kind(at), K::KwIf | K::KwSwitch | K::KwFor | K::KwWhile);
            if depth == 0 && !is_brace && (kind(at) == K::Comma && is_key || starts_block && !holds_block) {
                return at;
            }
            if kind(at).is_closer() {
                depth = depth.saturating_sub(1);
            }
            if closer_of(kind(at)).is_some() {
                depth += 1;
            }
        }
        // What separates it from the next item, or ends its statement, stands outside.
        let last = done.len() - 1;
        let same_line = self.layout.line(open.item.raw) == self.layout.line(done[last].raw);
        let is_outside = kind(last) == K::Comma && (same_line || open.item.kind != K::MapStart)
            || kind(last) == K::Semicolon && same_line;
        if is_outside && last > open.at { last } else { done.len() }
    }

    fn replace(&mut self, round: &mut Round<'_>, item: Item) {
        let Some(open) = round.open.pop() else { return };
        let closer = closer_of(open.item.kind).unwrap_or(item.kind);
        let message = format!("{} does not close {}", item.kind.words(), open.item.kind.words());
        let problem = Diagnostic::new(Code::UnexpectedBracket, self.span(item), message);
        let problem = problem.related(self.span(open.item), "opened here");
        self.report(problem.help(format!("write {} here", closer.words())));
        self.tokens[item.raw as usize].bad = true;
        round.done.push(Item { kind: closer, ..item });
    }

    fn leave(&mut self, item: Item) {
        let message = format!("{} closes nothing", item.kind.words());
        let problem = Diagnostic::new(Code::UnexpectedBracket, self.span(item), message);
        self.report(problem.help("remove it, or open what it should close"));
        self.tokens[item.raw as usize].bad = true;
    }

    fn report_unclosed(&mut self, item: Item, ghost: Item) {
        let closer = ghost.kind;
        // A ghost was reported when it was added, the end of a text by the lexer.
        if item.ghost || closer == K::TemplateEnd {
            return;
        }
        let message = format!("{} is never closed", item.kind.words());
        let problem = Diagnostic::new(Code::UnclosedBracket, self.span(item), message);
        let problem = problem.related(self.span(ghost), format!("{} is missed at the latest here", closer.words()));
        self.report(problem.help(format!("close it with {}", closer.words())));
    }

    /// Takes `steps` off what may still be spent; whether that much was left.
    pub(super) fn afford(&mut self, steps: usize) -> bool {
        let enough = self.budget > steps;
        self.budget = self.budget.saturating_sub(steps);
        enough
    }

    /// How many repairs the items from `at` on ask for, at first sight, while `open` waits to be closed.
    pub(super) fn cost(&mut self, items: &[Item], at: usize, open: &[K]) -> usize {
        let mut open = open.to_vec();
        let mut cost = 0;
        for item in items.iter().skip(at) {
            if !self.afford(1) {
                return cost;
            }
            cost += step(&mut open, item.kind);
        }
        cost + open.len()
    }
}

/// Passes one token; how many repairs it asks for.
fn step(open: &mut Vec<K>, kind: K) -> usize {
    let mut cost = 0;
    match kind {
        K::RParen | K::RBracket | K::RBrace => match partner(open, kind) {
            Some(count) => {
                open.truncate(open.len() - count - 1);
                cost = count;
            }
            None => cost = 1,
        },
        K::TemplateMiddle | K::TemplateEnd => {
            if let Some(at) = open.iter().rposition(|kind| is_template(*kind)) {
                cost = open.len() - at - 1;
                open.truncate(at);
            }
        }
        K::Semicolon => {
            cost = open.iter().rev().take_while(|kind| !holds_statements(**kind)).count();
            open.truncate(open.len() - cost);
        }
        _ => {}
    }
    if closer_of(kind).is_some() {
        open.push(kind);
    }
    cost
}

/// How many brackets are open inside the one that `closer` closes.
fn partner(open: &[K], closer: K) -> Option<usize> {
    let inside = open.iter().rev().take_while(|kind| !is_template(**kind));
    // What lies further out than that is hardly meant.
    inside.take(32).position(|kind| closer_of(*kind) == Some(closer))
}

/// The token number right after `item`.
pub(super) fn after(item: Item) -> u32 {
    item.raw + u32::from(!item.ghost)
}

fn kinds(open: &[Open]) -> Vec<K> {
    open.iter().map(|open| open.item.kind).collect()
}
