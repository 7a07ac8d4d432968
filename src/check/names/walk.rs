//! One walk through a tree, in the order in which it runs. The parser bounds how deeply a tree is nested.

use std::collections::HashMap;

use super::scopes::{Called, Definition, How, Member, Place, Role, Scope, Scopes, Use};
use super::texts;
use crate::source::Span;
use crate::syntax::{Call, Closure, For, Function, Let, Node, SyntaxKind as K, Token, Tree, Try, Variable};

/// Reads the names of `tree`.
pub(super) fn walk(tree: &Tree) -> Scopes<'_> {
    let end = u32::try_from(tree.text().len()).unwrap_or(u32::MAX);
    let all = Scope { span: Span::new(tree.source(), 0, end), parent: None, definitions: Vec::new() };
    let scopes =
        Scopes { definitions: Vec::new(), uses: Vec::new(), members: Vec::new(), calls: Vec::new(), tree: vec![all] };
    let mut walk = Walk { scopes, scope: 0, names: HashMap::new() };
    walk.children(tree.root(), Place::default());
    walk.scopes
}

struct Walk<'t> {
    scopes: Scopes<'t>,
    /// The number of the innermost scope.
    scope: usize,
    /// What each name means here, innermost last.
    names: HashMap<&'t str, Vec<usize>>,
}

impl<'t> Walk<'t> {
    fn children(&mut self, node: Node<'t>, place: Place<'t>) {
        node.children().for_each(|child| self.node(child, place));
    }

    fn node(&mut self, node: Node<'t>, place: Place<'t>) {
        match node.kind() {
            K::Error | K::Parameters => {}
            K::Block | K::Interpolation => self.scoped(node.span(), |walk| walk.children(node, place)),
            K::Let => self.definition(node, place),
            K::Export => self.export(node, place),
            K::For => self.for_(node, place),
            K::Try => self.try_(node, place),
            K::Function => self.function(node),
            K::Closure => self.closure(node, place),
            K::Variable => self.variable(node, place),
            K::Call => self.call(node, place),
            K::MethodCall => self.method(node, place),
            K::Literal => self.literal(node, place),
            _ => self.children(node, place),
        }
    }

    /// Runs `inside` in a scope of its own.
    fn scoped(&mut self, span: Span, inside: impl FnOnce(&mut Self)) {
        self.nested(span, Some(self.scope), inside);
    }

    fn nested(&mut self, span: Span, parent: Option<usize>, inside: impl FnOnce(&mut Self)) {
        let outer = self.scope;
        self.scope = self.scopes.tree.len();
        self.scopes.tree.push(Scope { span, parent, definitions: Vec::new() });
        inside(self);
        for index in &self.scopes.tree[self.scope].definitions {
            let name = self.scopes.definitions[*index].name.text();
            self.names.get_mut(name).and_then(Vec::pop);
        }
        self.scope = outer;
    }

    fn define(&mut self, name: Token<'t>, role: Role, from: u32) {
        let index = self.scopes.definitions.len();
        self.scopes.definitions.push(Definition::new(name, role, from, self.scope));
        self.scopes.tree[self.scope].definitions.push(index);
        self.names.entry(name.text()).or_default().push(index);
    }

    fn meaning(&self, name: &str) -> Option<usize> {
        self.names.get(name)?.last().copied()
    }

    fn definition(&mut self, node: Node<'t>, place: Place<'t>) {
        self.children(node, place);
        if let Some(binding) = Let::cast(node).and_then(Let::binding) {
            let role = if binding.constant { Role::Constant } else { Role::Variable };
            self.define(binding.name, role, node.span().end);
        }
    }

    fn export(&mut self, node: Node<'t>, place: Place<'t>) {
        self.children(node, place);
        let export = crate::syntax::Export::cast(node).filter(|export| export.definition().is_none());
        if let Some(name) = export.and_then(crate::syntax::Export::name) {
            self.use_(name.text(), name.span(), node, How::Value, place);
        }
    }

    fn for_(&mut self, node: Node<'t>, place: Place<'t>) {
        let Some((for_, body)) = For::cast(node).and_then(|for_| Some((for_, for_.body()?))) else { return };
        if let Some(items) = for_.items() {
            self.node(items, place);
        }
        self.scoped(body.span(), |walk| {
            for_.names().for_each(|name| walk.define(name, Role::Item, body.span().start));
            walk.node(body, place);
        });
    }

    fn try_(&mut self, node: Node<'t>, place: Place<'t>) {
        let Some(try_) = Try::cast(node) else { return };
        if let Some(body) = try_.body() {
            self.node(body, Place { tried: true, ..place });
        }
        if let Some(handler) = try_.handler() {
            self.scoped(handler.span(), |walk| {
                if let Some(name) = try_.name() {
                    walk.define(name, Role::Caught, handler.span().start);
                }
                walk.node(handler, place);
            });
        }
    }

    fn function(&mut self, node: Node<'t>) {
        let Some(function) = Function::cast(node) else { return };
        let outer = std::mem::take(&mut self.names);
        let place = Place { function: function.name(), ..Place::default() };
        self.nested(node.span(), None, |walk| {
            function.parameters().for_each(|name| walk.define(name, Role::Parameter, node.span().start));
            if let Some(body) = function.body() {
                walk.node(body, place);
            }
        });
        self.names = outer;
    }

    fn closure(&mut self, node: Node<'t>, place: Place<'t>) {
        let Some(closure) = Closure::cast(node) else { return };
        self.scoped(node.span(), |walk| {
            closure.parameters().for_each(|name| walk.define(name, Role::Parameter, node.span().start));
            if let Some(body) = closure.body() {
                walk.node(body, Place { closure: true, ..place });
            }
        });
    }

    fn variable(&mut self, node: Node<'t>, place: Place<'t>) {
        let Some((variable, name)) = Variable::cast(node).and_then(|found| Some((found, found.name()?))) else {
            return;
        };
        let path = variable.path();
        if path.is_empty() {
            self.use_(name.text(), name.span(), node, How::Value, place);
        } else {
            self.scopes.members.push(Member { path, name, place });
        }
    }

    fn use_(&mut self, name: &'t str, span: Span, node: Node<'t>, how: How, place: Place<'t>) {
        let definition = self.meaning(name);
        self.scopes.uses.push(Use { name, span, node, how, definition, place });
    }

    fn call(&mut self, node: Node<'t>, place: Place<'t>) {
        let call = Call::cast(node);
        match call.and_then(|call| Some((call, call.name()?))) {
            Some((call, name)) => {
                let variable = if call.path().is_empty() { self.meaning(name.text()) } else { None };
                self.scopes.calls.push(Called { call, name, variable, place });
                node.children().skip(1).for_each(|child| self.node(child, place));
            }
            None => self.children(node, place),
        }
    }

    fn method(&mut self, node: Node<'t>, place: Place<'t>) {
        if let Some((call, name)) = Call::cast(node).and_then(|call| Some((call, call.name()?))) {
            self.scopes.calls.push(Called { call, name, variable: None, place });
        }
        self.children(node, place);
    }

    /// The `${name}` of a text that does not interpolate.
    fn literal(&mut self, node: Node<'t>, place: Place<'t>) {
        let Some(token) = node.token(K::Text) else { return };
        for (name, span) in texts::mentions(token) {
            self.use_(name, span, node, How::Mention(span), place);
        }
    }
}
