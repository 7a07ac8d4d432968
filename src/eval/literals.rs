//! Where each literal was written, carried by the value itself.
//!
//! A text of the parsed script is an allocation of its own, which every copy of the value shares: its address tells
//! where it was written, whichever variables, functions, closures, arrays, merged maps and modules it came through.
//!
//! Other values have a tag, a number that copies keep. The literals of the top level are replaced by constants whose tag
//! is their number in a table (the bodies of functions cannot be changed from outside of Rhai; there, the call's text
//! tells the place). An operation that changes a value in place keeps the tag: the table knows the literal's value too,
//! and a value that is another one was computed.

use std::collections::HashMap;

use rhai::{AST, ASTNode, Dynamic, Expr, ImmutableString, Position, Stmt, StmtBlock};

use crate::source::Span;

/// The literals of a run.
#[derive(Debug, Default)]
pub(super) struct Literals {
    places: Vec<(Span, Content)>,
    texts: HashMap<usize, Span>,
    /// What the addresses belong to; while they live, no other text gets one of them.
    kept: Vec<ImmutableString>,
}

#[derive(Debug, PartialEq)]
enum Content {
    Bool(bool),
    Int(i64),
    Float(u64),
    Str(ImmutableString),
    Empty,
}

impl Literals {
    /// Where `value` was written, where it is a literal.
    pub(super) fn place(&self, value: &Dynamic) -> Option<Span> {
        if value.tag() == 0 {
            return self.texts.get(&address(&*value.read_lock::<ImmutableString>()?)).copied();
        }
        let index = usize::try_from(value.tag()).ok()?.checked_sub(1)?;
        let (span, content) = self.places.get(index)?;
        (Content::of(value).as_ref() == Some(content)).then_some(*span)
    }

    /// `value`, known from now on to be written at `span`; itself where its type has no literals.
    pub(super) fn tag(&mut self, mut value: Dynamic, span: Span) -> Dynamic {
        // A tag has 32 bits, and 16 where addresses have 32.
        if let (Some(content), Ok(tag)) = (Content::of(&value), (self.places.len() + 1).try_into()) {
            // A variable keeps a text and drops its tag.
            if let Content::Str(text) = &content
                && !text.is_empty()
            {
                self.texts.insert(address(text), span);
            }
            self.places.push((span, content));
            value.set_tag(tag);
        }
        value
    }
}

impl Content {
    fn of(value: &Dynamic) -> Option<Self> {
        if let Some(text) = value.read_lock::<ImmutableString>() {
            return Some(Self::Str(text.clone()));
        }
        if let Ok(number) = value.as_int() {
            return Some(Self::Int(number));
        }
        if let Ok(bool) = value.as_bool() {
            return Some(Self::Bool(bool));
        }
        if let Ok(number) = value.as_float() {
            return Some(Self::Float(number.to_bits()));
        }
        let array = value.read_lock::<rhai::Array>().is_some_and(|array| array.is_empty());
        let map = value.read_lock::<rhai::Map>().is_some_and(|map| map.is_empty());
        (array || map).then_some(Self::Empty)
    }
}

/// Where the characters of a text are.
fn address(text: &ImmutableString) -> usize {
    text.as_str().as_ptr().addr()
}

/// A parsed script whose literals know their place; `span_at` finds the text of the literal that starts at a position.
pub(super) fn mark(ast: AST, literals: &mut Literals, span_at: &dyn Fn(Position) -> Option<Span>) -> AST {
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        if let Some(ASTNode::Expr(Expr::StringConstant(text, position))) = path.last()
            && !text.is_empty()
            && let Some(span) = span_at(*position)
        {
            literals.texts.insert(address(text), span);
            literals.kept.push(text.clone());
        }
        true
    });
    let mut marker = Marker { literals, span_at };
    let (mut statements, functions) = (ast.statements().to_vec(), ast.shared_lib().clone());
    drop(ast);
    for statement in &mut statements {
        marker.statement(statement);
    }
    AST::new(statements, functions)
}

struct Marker<'a> {
    literals: &'a mut Literals,
    span_at: &'a dyn Fn(Position) -> Option<Span>,
}

impl Marker<'_> {
    fn block(&mut self, block: &mut StmtBlock) {
        block.statements_mut().iter_mut().for_each(|statement| self.statement(statement));
    }

    fn flow(&mut self, flow: &mut rhai::FlowControl) {
        self.expression(&mut flow.expr);
        self.block(&mut flow.body);
        self.block(&mut flow.branch);
    }

    fn statement(&mut self, statement: &mut Stmt) {
        match statement {
            Stmt::If(flow, _) | Stmt::While(flow, _) | Stmt::Do(flow, ..) | Stmt::TryCatch(flow, _) => self.flow(flow),
            Stmt::For(parts, _) => self.flow(&mut parts.2),
            Stmt::Switch(parts, _) => {
                self.expression(&mut parts.0);
                // The left side is the case's condition, which the interpreter compares as the constant that it is.
                parts.1.expressions.iter_mut().for_each(|case| self.expression(&mut case.rhs));
            }
            Stmt::Var(parts, ..) => self.expression(&mut parts.1),
            Stmt::Assignment(parts) => {
                self.expression(&mut parts.1.lhs);
                self.expression(&mut parts.1.rhs);
            }
            Stmt::FnCall(call, _) => call.args.iter_mut().for_each(|arg| self.expression(arg)),
            Stmt::Block(block) => self.block(block),
            Stmt::Expr(expression) | Stmt::BreakLoop(Some(expression), ..) | Stmt::Return(Some(expression), ..) => {
                self.expression(expression);
            }
            Stmt::Import(parts, _) => self.expression(&mut parts.0),
            _ => {}
        }
    }

    fn expression(&mut self, expression: &mut Expr) {
        let position = expression.position();
        let constant = match expression {
            Expr::BoolConstant(value, _) => Dynamic::from(*value),
            Expr::IntegerConstant(value, _) => Dynamic::from(*value),
            Expr::FloatConstant(value, _) => Dynamic::from(**value),
            Expr::Array(items, _) if items.is_empty() => Dynamic::from_array(rhai::Array::new()),
            Expr::Map(parts, _) if parts.0.is_empty() => Dynamic::from_map(rhai::Map::new()),
            _ => return self.parts(expression),
        };
        if let Some(span) = (self.span_at)(position) {
            *expression = Expr::DynamicConstant(Box::new(self.literals.tag(constant, span)), position);
        }
    }

    fn parts(&mut self, expression: &mut Expr) {
        match expression {
            Expr::InterpolatedString(items, _) => {
                items.iter_mut().for_each(|item| self.expression(item));
            }
            Expr::Array(items, _) => items.iter_mut().for_each(|item| self.expression(item)),
            Expr::Map(parts, _) => parts.0.iter_mut().for_each(|(_, value)| self.expression(value)),
            Expr::FnCall(call, _) | Expr::MethodCall(call, _) => {
                call.args.iter_mut().for_each(|arg| self.expression(arg));
            }
            Expr::Dot(sides, ..) | Expr::Index(sides, ..) => {
                self.expression(&mut sides.lhs);
                self.expression(&mut sides.rhs);
            }
            Expr::And(items, _) | Expr::Or(items, _) | Expr::Coalesce(items, _) => {
                items.iter_mut().for_each(|item| self.expression(item));
            }
            Expr::Stmt(block) => self.block(block),
            _ => {}
        }
    }
}
