//! Which words have a blank between them on a line.

use crate::syntax::{SyntaxKind as K, Token};

/// Whether a blank stands between two words on one line.
pub(super) fn is_spaced(left: Token<'_>, right: Token<'_>) -> bool {
    let owner = |token: Token<'_>| token.node().kind();
    match (left.kind(), right.kind()) {
        // Without a blank they would be read as a decimal number, or as a number and a range.
        (K::Int | K::Float, K::Dot | K::QuestionDot) => was_spaced(right),
        (K::Float, K::DotDot | K::DotDotEq) if left.text().ends_with('.') => true,
        (K::LBrace, K::Semicolon) => true,
        (K::LBrace | K::MapStart, K::RBrace)
        | (
            _,
            K::Comma
            | K::Semicolon
            | K::Colon
            | K::ColonColon
            | K::RParen
            | K::RBracket
            | K::Dot
            | K::QuestionDot
            | K::QuestionBracket,
        )
        | (K::LParen | K::LBracket | K::QuestionBracket | K::Dot | K::QuestionDot | K::ColonColon, _) => false,
        (_, K::LBracket) if owner(right) == K::Index => false,
        (_, K::LParen | K::Unit) if matches!(owner(right), K::Arguments | K::Parameters) => false,
        (_, K::Bang) if owner(right) == K::Call => false,
        (K::Bang | K::Minus | K::Plus, _) if owner(left) == K::Unary => keeps_apart(left, right),
        (K::DotDot | K::DotDotEq, _) => !starts_operand(right),
        (_, K::DotDot | K::DotDotEq) => !ends_operand(left),
        (K::Pipe, _) if owner(left) == K::Parameters => !opens_parameters(left),
        (_, K::Pipe) if owner(right) == K::Parameters && !opens_parameters(right) => false,
        _ => true,
    }
}

/// Whether the author put a blank before a word.
fn was_spaced(token: Token<'_>) -> bool {
    token.previous().is_some_and(|before| before.kind().is_trivia())
}

/// Whether a sign and what follows it would become another word.
fn keeps_apart(sign: Token<'_>, right: Token<'_>) -> bool {
    let is_number = matches!(right.kind(), K::Int | K::Float);
    let is_sign = right.text().starts_with(['-', '+', '.']);
    match sign.kind() {
        K::Bang => right.text().starts_with('.') || was_spaced(right) && right.text().starts_with("in"),
        _ => is_number || is_sign,
    }
}

fn starts_operand(token: Token<'_>) -> bool {
    let kind = token.kind();
    kind.starts_expression() && !matches!(kind, K::DotDot | K::DotDotEq | K::Pipe | K::PipePipe)
        || matches!(kind, K::RBracket | K::RParen)
}

fn ends_operand(token: Token<'_>) -> bool {
    matches!(
        token.kind(),
        K::Ident
            | K::Reserved
            | K::Int
            | K::Float
            | K::Text
            | K::Char
            | K::TemplateEnd
            | K::RParen
            | K::RBracket
            | K::Unit
    )
}

/// Whether it is the first `|` of a closure.
fn opens_parameters(token: Token<'_>) -> bool {
    token.node().tokens().next() == Some(token)
}
