//! Brackets in pairs, before anything else is read.
//!
//! A missing bracket would make the parser take half of a file for the inside of something. So the pairs are put
//! right first: what is missing is added as a *ghost*, a token without text, what is too much is left out, and each
//! such mistake is reported once. The choice is by cost: fewest repairs first, and among equals the one that the
//! indentation speaks for. The parser then reads a text whose brackets all have their partner.

mod layout;
mod openers;
mod repair;

use self::layout::Layout;
use super::MAX_PROBLEMS;
use super::SyntaxKind as K;
use super::tree::RawToken;
use crate::diagnostic::Diagnostic;
use crate::source::{SourceId, Span};

/// A token as the parser sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// Its number among all tokens; a ghost stands before the token of that number.
    pub(super) raw: u32,
    pub(super) kind: K,
    /// Added, without text.
    pub(super) ghost: bool,
}

/// In place of a partner: it is no bracket.
pub(super) const NO_PAIR: u32 = u32::MAX;

/// The tokens that are no trivia, with their brackets in pairs; and the partner of each opening bracket.
pub(super) fn balance(
    source: SourceId,
    text: &str,
    tokens: &mut [RawToken],
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Item>, Vec<u32>) {
    let mut items: Vec<Item> = (0u32..)
        .zip(tokens.iter())
        .filter(|(_, token)| !token.kind.is_trivia())
        .map(|(raw, token)| Item { raw, kind: token.kind, ghost: false })
        .collect();
    if !is_balanced(&items) {
        let mut balancer = Balancer {
            source,
            text,
            layout: Layout::new(text, tokens),
            tokens,
            diagnostics,
            budget: 1_000_000 + items.len() * 2,
        };
        items = balancer.balanced(items);
    }
    let pairs = pairs(&items);
    (items, pairs)
}

struct Balancer<'a> {
    source: SourceId,
    text: &'a str,
    tokens: &'a mut [RawToken],
    layout: Layout,
    diagnostics: &'a mut Vec<Diagnostic>,
    /// How many more steps may be spent on looking ahead; without any the first way out is taken.
    budget: usize,
}

impl Balancer<'_> {
    fn balanced(&mut self, mut items: Vec<Item>) -> Vec<Item> {
        // Each opening bracket that is found missing is one more round.
        for _ in 0..20 {
            match self.repair(&items, true) {
                Ok(balanced) => return balanced,
                Err(missing) => {
                    self.report_opener(&items, &missing);
                    items.insert(missing.at, missing.item);
                }
            }
        }
        self.repair(&items, false).unwrap_or(items)
    }

    fn report(&mut self, problem: Diagnostic) {
        if self.diagnostics.len() < MAX_PROBLEMS {
            self.diagnostics.push(problem);
        }
    }

    fn span(&self, item: Item) -> Span {
        let end_of_text = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        let start = |raw: u32| self.tokens.get(raw as usize).map_or(end_of_text, |token| token.start);
        Span::new(self.source, start(item.raw), start(item.raw + u32::from(!item.ghost)))
    }
}

/// What closes `opener`.
pub(super) fn closer_of(opener: K) -> Option<K> {
    Some(match opener {
        K::LParen => K::RParen,
        K::LBracket | K::QuestionBracket => K::RBracket,
        K::LBrace | K::MapStart => K::RBrace,
        K::TemplateStart | K::TemplateMiddle => K::TemplateEnd,
        _ => return None,
    })
}

fn is_template(opener: K) -> bool {
    matches!(opener, K::TemplateStart | K::TemplateMiddle)
}

/// Whether statements stand in it, so that a `;` may.
fn holds_statements(opener: K) -> bool {
    opener == K::LBrace || is_template(opener)
}

fn is_balanced(items: &[Item]) -> bool {
    let mut open: Vec<K> = Vec::new();
    for item in items {
        let top = open.last().copied();
        match item.kind {
            K::RParen | K::RBracket | K::RBrace if top.and_then(closer_of) != Some(item.kind) => return false,
            K::TemplateMiddle | K::TemplateEnd if top.and_then(closer_of) != Some(K::TemplateEnd) => return false,
            K::Semicolon if top.is_some_and(|top| !holds_statements(top)) => return false,
            _ => {}
        }
        if item.kind.is_closer() {
            open.pop();
        }
        if closer_of(item.kind).is_some() {
            open.push(item.kind);
        }
    }
    open.is_empty()
}

/// The partner of each opening bracket.
fn pairs(items: &[Item]) -> Vec<u32> {
    let mut pairs = vec![NO_PAIR; items.len()];
    let mut open: Vec<usize> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        if item.kind.is_closer()
            && let Some(opener) = open.pop()
        {
            pairs[opener] = u32::try_from(at).unwrap_or(NO_PAIR);
        }
        if closer_of(item.kind).is_some() {
            open.push(at);
        }
    }
    pairs
}
