//! The part of Argo's expression language (expr-lang) that stands in the conditions that aphex writes.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::str::CharIndices;

/// What an expression works on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing is there.
    Missing,
    /// Only a real run knows it.
    Unknown,
    Text(String),
    Bool(bool),
    Map(BTreeMap<String, Value>),
}

/// The most tokens of an expression: it is read by recursion.
const TOKENS: usize = 256;

/// A parsed expression.
#[derive(Debug)]
pub(super) enum Expression {
    Literal(Value),
    Name(String),
    Member { of: Box<Expression>, key: String, optional: bool },
    Not(Box<Expression>),
    Binary(Box<Expression>, Operator, Box<Expression>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Coalesce,
    Equal,
    Differs,
    And,
    Or,
}

impl Operator {
    /// How tightly it binds, as in expr-lang's table.
    fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal | Self::Differs => 3,
            Self::Coalesce => 4,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Text(String),
    Name(String),
    Operator(Operator),
    Not,
    /// `.`, `?.`, `[`, `]`, `(` or `)`.
    Sign(&'static str),
}

impl Expression {
    /// Reads `text`; the error says what is not understood.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut tokens = tokens(text)?;
        if tokens.len() > TOKENS {
            return Err(format!("the expression is longer than {TOKENS} words"));
        }
        tokens.reverse();
        let mut parser = Parser { tokens };
        let expression = parser.binary(1)?;
        match parser.tokens.pop() {
            None => Ok(expression),
            Some(token) => Err(format!("{token:?} was not expected")),
        }
    }

    /// Its value, where `name` knows the names that it starts from.
    pub(super) fn value(&self, name: &dyn Fn(&str) -> Value) -> Result<Value, String> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Name(word) => Ok(name(word)),
            Self::Member { of, key, optional } => match of.value(name)? {
                Value::Map(mut map) => Ok(map.remove(key).unwrap_or(Value::Missing)),
                Value::Missing if *optional => Ok(Value::Missing),
                Value::Unknown => Ok(Value::Unknown),
                _ => Err(format!("nothing has a `{key}` here")),
            },
            Self::Not(inner) => Ok(Value::Bool(!bool(&inner.value(name)?)?)),
            Self::Binary(left, Operator::Coalesce, right) => match left.value(name)? {
                Value::Missing => right.value(name),
                value => Ok(value),
            },
            Self::Binary(left, Operator::And, right) => {
                Ok(Value::Bool(bool(&left.value(name)?)? && bool(&right.value(name)?)?))
            }
            Self::Binary(left, Operator::Or, right) => {
                Ok(Value::Bool(bool(&left.value(name)?)? || bool(&right.value(name)?)?))
            }
            Self::Binary(left, operator, right) => {
                let same = same(&left.value(name)?, &right.value(name)?)?;
                Ok(Value::Bool(same == (*operator == Operator::Equal)))
            }
        }
    }
}

/// Whether two texts are the same. What is missing, unknown or no text does not compare: the result would be a guess.
pub(super) fn same(left: &Value, right: &Value) -> Result<bool, String> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Ok(left == right),
        (Value::Missing, _) | (_, Value::Missing) => Err("it compares what is not there".to_owned()),
        (Value::Unknown, _) | (_, Value::Unknown) => Err("it compares what only a real run knows".to_owned()),
        _ => Err("it compares what is no text".to_owned()),
    }
}

fn bool(value: &Value) -> Result<bool, String> {
    match value {
        Value::Bool(value) => Ok(*value),
        _ => Err("a part of it is neither true nor false".to_owned()),
    }
}

struct Parser {
    /// The last one comes first.
    tokens: Vec<Token>,
}

impl Parser {
    fn binary(&mut self, strength: u8) -> Result<Expression, String> {
        let mut left = self.unary()?;
        let mut coalesced = false;
        while let Some(&Token::Operator(operator)) = self.tokens.last() {
            if operator.strength() < strength {
                break;
            }
            if coalesced && operator != Operator::Coalesce {
                return Err("`??` and another operator need parentheses".to_owned());
            }
            coalesced = operator == Operator::Coalesce;
            self.tokens.pop();
            let right = self.binary(operator.strength() + 1)?;
            left = Expression::Binary(Box::new(left), operator, Box::new(right));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expression, String> {
        if self.tokens.last() == Some(&Token::Not) {
            self.tokens.pop();
            return Ok(Expression::Not(Box::new(self.unary()?)));
        }
        let first = match self.tokens.pop() {
            Some(Token::Text(text)) => Expression::Literal(Value::Text(text)),
            Some(Token::Name(name)) => match name.as_str() {
                "true" => Expression::Literal(Value::Bool(true)),
                "false" => Expression::Literal(Value::Bool(false)),
                _ => Expression::Name(name),
            },
            Some(Token::Sign("(")) => {
                let inner = self.binary(1)?;
                self.expect(")")?;
                inner
            }
            Some(token) => return Err(format!("{token:?} was not expected")),
            None => return Err("it ends too early".to_owned()),
        };
        self.members(first)
    }

    fn members(&mut self, mut of: Expression) -> Result<Expression, String> {
        while let Some(Token::Sign(sign @ ("." | "?." | "["))) = self.tokens.last().cloned() {
            self.tokens.pop();
            let optional = sign == "?.";
            let bracket = sign == "[" || (optional && self.tokens.last() == Some(&Token::Sign("[")));
            if bracket && optional {
                self.tokens.pop();
            }
            let ((Some(Token::Text(key)), true) | (Some(Token::Name(key)), false)) = (self.tokens.pop(), bracket)
            else {
                return Err("a key must be a name, or a text in brackets".to_owned());
            };
            if bracket {
                self.expect("]")?;
            }
            of = Expression::Member { of: Box::new(of), key, optional };
        }
        Ok(of)
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), String> {
        if self.tokens.pop() == Some(Token::Sign(sign)) { Ok(()) } else { Err(format!("`{sign}` was expected")) }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let two = text.get(at..at + 2).unwrap_or_default();
        let (token, length) = match (letter, two) {
            (' ' | '\t' | '\n' | '\r', _) => continue,
            ('\'' | '"', _) => (Token::Text(quoted(letter, &mut letters)?), 1),
            (_, "==") => (Token::Operator(Operator::Equal), 2),
            (_, "!=") => (Token::Operator(Operator::Differs), 2),
            (_, "&&") => (Token::Operator(Operator::And), 2),
            (_, "||") => (Token::Operator(Operator::Or), 2),
            (_, "??") => (Token::Operator(Operator::Coalesce), 2),
            (_, "?.") => (Token::Sign("?."), 2),
            ('!', _) => (Token::Not, 1),
            ('.', _) => (Token::Sign("."), 1),
            ('[', _) => (Token::Sign("["), 1),
            (']', _) => (Token::Sign("]"), 1),
            ('(', _) => (Token::Sign("("), 1),
            (')', _) => (Token::Sign(")"), 1),
            _ if letter.is_ascii_alphabetic() || letter == '_' => (word(letter, &mut letters), 1),
            _ => return Err(format!("`{letter}` is not understood")),
        };
        if length == 2 {
            letters.next();
        }
        tokens.push(token);
    }
    Ok(tokens)
}

fn word(first: char, letters: &mut Peekable<CharIndices<'_>>) -> Token {
    let mut word = String::from(first);
    while let Some((_, letter)) = letters.next_if(|(_, letter)| letter.is_ascii_alphanumeric() || *letter == '_') {
        word.push(letter);
    }
    match word.as_str() {
        "and" => Token::Operator(Operator::And),
        "or" => Token::Operator(Operator::Or),
        "not" => Token::Not,
        _ => Token::Name(word),
    }
}

fn quoted(quote: char, letters: &mut Peekable<CharIndices<'_>>) -> Result<String, String> {
    let mut text = String::new();
    for (_, letter) in letters {
        match letter {
            '\\' => return Err("an escape in a text is not understood".to_owned()),
            _ if letter == quote => return Ok(text),
            _ => text.push(letter),
        }
    }
    Err("a text does not end".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::Text(text.to_owned())
    }

    fn map(keys: &[(&str, Value)]) -> Value {
        Value::Map(keys.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    fn value(expression: &str) -> Result<Value, String> {
        let decision = map(&[("outputs", map(&[("parameters", map(&[("decision", text("approve"))]))]))]);
        let name = |name: &str| match name {
            "tasks" => map(&[("gate", decision.clone()), ("open", map(&[]))]),
            "inputs" => map(&[("parameters", map(&[("last-good", text("")), ("later", Value::Unknown)]))]),
            _ => Value::Missing,
        };
        Expression::parse(expression)?.value(&name)
    }

    #[test]
    fn the_conditions_that_are_written() {
        let gate = |name: &str| format!("(tasks['{name}']?.outputs?.parameters?.decision ?? 'reject') == 'approve'");
        assert_eq!(value(&gate("gate")), Ok(Value::Bool(true)));
        assert_eq!(value(&gate("open")), Ok(Value::Bool(false)));
        assert_eq!(value(&gate("other")), Ok(Value::Bool(false)));
        assert_eq!(value("inputs.parameters['last-good'] != ''"), Ok(Value::Bool(false)));
        assert_eq!(
            value("not (true and false) || tasks.gate.outputs.parameters.decision == \"no\""),
            Ok(Value::Bool(true))
        );
        assert_eq!(value("'approve' == tasks.open?.decision ?? 'approve'"), Ok(Value::Bool(true)));
    }

    #[test]
    fn nothing_is_guessed() {
        let wrong = [
            "",
            "tasks.open.outputs.parameters",
            "tasks['open'] == 'a'",
            "inputs.parameters.later == ''",
            "typo == ''",
            "a ?? 'b' == 'c'",
            "1 == 1",
            "len('a') == 'b'",
            "'a",
            "'a' 'b'",
            "('a'",
            "a[b]",
            "'\\n' == ''",
            "'a' && true",
            "a ? b : c",
            "x | y",
            "é",
        ];
        for expression in wrong {
            assert!(value(expression).is_err(), "{expression}");
        }
        assert!(value(&"(".repeat(100_000)).is_err() && value(&"!".repeat(100_000)).is_err());
    }
}
