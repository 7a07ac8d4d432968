//! The words of the language in one place: keywords, reserved words and reserved symbols.

use super::SyntaxKind;

/// The keywords, with their kinds.
pub const KEYWORDS: &[(&str, SyntaxKind)] = &[
    ("true", SyntaxKind::KwTrue),
    ("false", SyntaxKind::KwFalse),
    ("let", SyntaxKind::KwLet),
    ("const", SyntaxKind::KwConst),
    ("if", SyntaxKind::KwIf),
    ("else", SyntaxKind::KwElse),
    ("switch", SyntaxKind::KwSwitch),
    ("do", SyntaxKind::KwDo),
    ("while", SyntaxKind::KwWhile),
    ("until", SyntaxKind::KwUntil),
    ("loop", SyntaxKind::KwLoop),
    ("for", SyntaxKind::KwFor),
    ("in", SyntaxKind::KwIn),
    ("fn", SyntaxKind::KwFn),
    ("private", SyntaxKind::KwPrivate),
    ("continue", SyntaxKind::KwContinue),
    ("break", SyntaxKind::KwBreak),
    ("return", SyntaxKind::KwReturn),
    ("throw", SyntaxKind::KwThrow),
    ("try", SyntaxKind::KwTry),
    ("catch", SyntaxKind::KwCatch),
    ("import", SyntaxKind::KwImport),
    ("export", SyntaxKind::KwExport),
    ("as", SyntaxKind::KwAs),
];

/// Words that can be neither a name, nor a key without quotes, nor a property after a dot.
pub const RESERVED_WORDS: &[&str] = &[
    "async",
    "await",
    "case",
    "default",
    "eval",
    "go",
    "goto",
    "is",
    "match",
    "module",
    "new",
    "nil",
    "null",
    "package",
    "protected",
    "public",
    "shared",
    "spawn",
    "static",
    "super",
    "sync",
    "this",
    "thread",
    "use",
    "var",
    "void",
    "with",
    "yield",
];

/// Reserved words that are functions of the language: they can be called and are nothing else.
pub const CALLABLE_WORDS: &[&str] =
    &["Fn", "call", "curry", "debug", "is_def_fn", "is_def_var", "is_shared", "print", "type_of"];

/// Those of [`CALLABLE_WORDS`] that can also be called after a dot.
pub const METHOD_WORDS: &[&str] = &["call", "curry", "is_shared", "type_of"];

/// A symbol that the language reserves and does not have.
#[derive(Debug, Clone, Copy)]
pub struct ReservedSymbol {
    /// How it is written.
    pub text: &'static str,
    /// What the parser goes on with; [`SyntaxKind::Unknown`] where it is best left out.
    pub instead: SyntaxKind,
    /// What to do about it.
    pub help: &'static str,
}

const fn symbol(text: &'static str, instead: SyntaxKind, help: &'static str) -> ReservedSymbol {
    ReservedSymbol { text, instead, help }
}

/// Symbols of other languages that the language reserves, longest first.
pub const RESERVED_SYMBOLS: &[ReservedSymbol] = &[
    symbol("===", SyntaxKind::EqEq, "write `==`"),
    symbol("!==", SyntaxKind::NotEq, "write `!=`"),
    symbol("...", SyntaxKind::Unknown, "there is no spread: join arrays and maps with `+`"),
    symbol("::<", SyntaxKind::ColonColon, "write `::`"),
    symbol("# {", SyntaxKind::MapStart, "write `#{`, without a space"),
    symbol("->", SyntaxKind::Unknown, "a function does not declare what it returns: leave it out"),
    symbol("<-", SyntaxKind::Lt, "write `=` to assign, or `< -` with a space to compare"),
    symbol(":=", SyntaxKind::Eq, "write `=`"),
    symbol(":;", SyntaxKind::Unknown, "write `;`"),
    symbol("(*", SyntaxKind::LParen, "a comment is written `/* … */`"),
    symbol("*)", SyntaxKind::RParen, "a comment is written `/* … */`"),
    symbol("++", SyntaxKind::Unknown, "write `+= 1` to count up; arrays and texts are joined with a single `+`"),
    symbol("--", SyntaxKind::Unknown, "write `-= 1` to count down"),
    symbol("|>", SyntaxKind::Unknown, "call the function: `f(x)` or `x.f()`"),
    symbol("<|", SyntaxKind::Unknown, "call the function: `f(x)` or `x.f()`"),
    symbol("!.", SyntaxKind::Dot, "write `.`"),
    symbol("#!", SyntaxKind::Unknown, "leave it out: a script has no such line"),
    symbol("#", SyntaxKind::Unknown, "a map starts with `#{`, a comment with `//`"),
    symbol("~", SyntaxKind::Unknown, "leave it out"),
    symbol("@", SyntaxKind::Unknown, "leave it out"),
    symbol("$", SyntaxKind::Unknown, "`${…}` stands in a text in backticks only"),
];

/// The keyword `word`.
pub fn keyword(word: &str) -> Option<SyntaxKind> {
    KEYWORDS.iter().find(|(text, _)| *text == word).map(|(_, kind)| *kind)
}

/// Whether `word` is reserved: no name, no bare key, no property.
pub fn is_reserved(word: &str) -> bool {
    RESERVED_WORDS.contains(&word) || CALLABLE_WORDS.contains(&word)
}

/// Whether `word` can be a name: of a variable, a function, a parameter, or a key without quotes.
pub fn is_name(word: &str) -> bool {
    let start = word.trim_start_matches('_');
    start.starts_with(|first: char| first.is_ascii_alphabetic())
        && start.chars().all(|next| next.is_ascii_alphanumeric() || next == '_')
        && keyword(word).is_none()
        && !is_reserved(word)
}
