//! Opening brackets that are missing: found from a closing one that closes nothing.

use super::repair::after;
use super::{Balancer, Item, K, closer_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// An opening bracket to add.
pub(super) struct Missing {
    /// Before which item.
    pub(super) at: usize,
    pub(super) item: Item,
    /// Whose block it opens, where it is one.
    owner: Option<K>,
}

impl Missing {
    fn new(items: &[Item], at: usize, kind: K, owner: Option<K>) -> Self {
        let raw = at.checked_sub(1).map_or(0, |before| after(items[before]));
        Self { at, item: Item { raw, kind, ghost: true }, owner }
    }
}

impl Balancer<'_> {
    /// Where the partner of the closing bracket at `at` was forgotten, if that can be told.
    pub(super) fn missing_opener(&mut self, items: &[Item], at: usize) -> Option<Missing> {
        if !self.afford(items.len()) {
            return None;
        }
        let found = match items[at].kind {
            K::RParen => self.missing_paren(items, at),
            K::RBracket => missing_array(items, at),
            K::RBrace => self.missing_map(items, at).or_else(|| self.missing_block(items, at)),
            _ => None,
        }?;
        let now = self.cost(items, 0, &[]);
        let mut repaired = items.to_vec();
        repaired.insert(found.at, found.item);
        let then = self.cost(&repaired, 0, &[]);
        (then < now).then_some(found)
    }

    /// `f"a", b)`: a name, and a value right after it.
    fn missing_paren(&self, items: &[Item], closer: usize) -> Option<Missing> {
        let is_value = |kind| matches!(kind, K::Text | K::TemplateStart | K::Int | K::Float | K::MapStart | K::Ident);
        let at = (1..closer)
            .rev()
            .find(|at| items[at - 1].kind == K::Ident && is_value(items[*at].kind) && !self.starts_line(items, *at))?;
        Some(Missing::new(items, at, K::LParen, None))
    }

    /// `f("a", key: 1 })`: a key where none belongs.
    fn missing_map(&self, items: &[Item], closer: usize) -> Option<Missing> {
        let kind = |at: usize| items[at].kind;
        let is_key = |at: usize| matches!(kind(at), K::Ident | K::Text) && kind(at + 1) == K::Colon;
        let mut open = vec![K::LBrace];
        let mut best = None;
        for at in 1..closer {
            let inner = open.last().copied().unwrap_or(K::LBrace);
            let after_colon = kind(at - 1) == K::Colon && !self.starts_line(items, at);
            let separates = matches!(kind(at - 1), K::Comma | K::LParen | K::LBracket | K::Eq);
            let is_first = after_colon || inner != K::MapStart && separates;
            if is_first && is_key(at) && (best.is_none() || after_colon || kind(at - 1) != K::Comma) {
                best = Some(at);
            } else if kind(at).is_closer() {
                open.pop();
            } else if kind(at) == K::Semicolon {
                best = None;
            }
            if closer_of(kind(at)).is_some() {
                open.push(kind(at));
            }
        }
        best.map(|at| Missing::new(items, at, K::MapStart, None))
    }

    /// A line that starts a block, as `if x`, and no `{` at its end.
    fn missing_block(&self, items: &[Item], closer: usize) -> Option<Missing> {
        let owners = [K::KwIf, K::KwElse, K::KwFor, K::KwWhile, K::KwLoop, K::KwFn, K::KwTry, K::KwCatch, K::KwDo];
        (0..closer).rev().filter(|at| owners.contains(&items[*at].kind)).take(1_000).find_map(|owner| {
            let line = self.layout.line(items[owner].raw);
            let end = (owner + 1..=closer).find(|at| self.layout.line(items[*at].raw) > line)?;
            let has_block = items[owner..=end].iter().any(|item| item.kind == K::LBrace);
            (!has_block).then(|| Missing::new(items, end, K::LBrace, Some(items[owner].kind)))
        })
    }

    pub(super) fn report_opener(&mut self, items: &[Item], missing: &Missing) {
        let span = self.span(missing.item);
        let next = self.span(items.get(missing.at).copied().unwrap_or(missing.item));
        let problem = match (missing.item.kind, missing.owner) {
            (K::LBrace, owner) => {
                let owner = owner.map_or("this", K::words);
                let message = format!("the `{{` of {owner} is missing");
                Diagnostic::new(Code::MissingBlock, span, message).help("write `{` here")
            }
            (K::MapStart, _) => {
                Diagnostic::new(Code::BraceForMap, next, "a key belongs into a map").help("write `#{` before it")
            }
            (K::LBracket, _) => {
                let span = Span::new(next.source, next.start, next.start);
                Diagnostic::new(Code::UnexpectedBracket, span, "several values make an array").help("write `[` here")
            }
            _ => {
                let message = "the arguments of a call stand in `( )`";
                Diagnostic::new(Code::UnexpectedBracket, span, message).help("write `(` here")
            }
        };
        self.report(problem);
    }
}

/// `key: a, b]`, `let x = a, b]`: several values where one belongs.
fn missing_array(items: &[Item], closer: usize) -> Option<Missing> {
    let (mut depth, mut commas) = (0usize, 0);
    for at in (1..closer).rev() {
        match items[at].kind {
            kind if kind.is_closer() => depth += 1,
            kind if closer_of(kind).is_some() => depth = depth.checked_sub(1)?,
            K::Comma if depth == 0 => commas += 1,
            K::Colon | K::Eq if depth == 0 && commas > 0 => {
                return Some(Missing::new(items, at + 1, K::LBracket, None));
            }
            K::Semicolon | K::Colon | K::Eq if depth == 0 => return None,
            _ => {}
        }
    }
    None
}
