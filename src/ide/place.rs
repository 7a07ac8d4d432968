//! What a place of a text takes, as far as the text alone tells it.
//!
//! From a map up to the call that it is given to: through brackets, sums, `merge`, arrays, keys, variables, branches and what
//! functions return. Where nothing is found, nothing is known, and nobody is told anything wrong.

use crate::check::names::Scopes;
use crate::reference::{Key, Parameter, Record, Reference, Type};
use crate::syntax::{Array, Binary, Block, Call, Entry, Export, Function, Let, Map, Node, SyntaxKind as K, Token};

use super::workspace::around;

/// How many steps over variables and functions are gone.
const FARTHEST: usize = 4;

/// How many uses of a variable are looked at.
const MOST_USES: usize = 8;

/// What a value may be, and where the reference tells of it: `environment.deploy`.
#[derive(Debug, Clone)]
pub(super) struct Slot<'r> {
    pub(super) kind: &'r Type,
    pub(super) path: String,
}

/// What the texts of a place are read with.
pub(super) struct Places<'r, 't> {
    pub(super) reference: &'r Reference,
    pub(super) scopes: Scopes<'t>,
}

impl<'r, 't> Places<'r, 't> {
    pub(super) fn of(reference: &'r Reference, tree: &'t crate::syntax::Tree) -> Self {
        Self { reference, scopes: Scopes::of(tree) }
    }

    /// What may stand in the place of `node`; nothing where that is not known.
    pub(super) fn slots(&self, node: Node<'t>) -> Vec<Slot<'r>> {
        self.around(node, FARTHEST)
    }

    /// The records that a map in the place of `node` may be, each with its path.
    pub(super) fn records(&self, node: Node<'t>) -> Vec<(&'r Record, String)> {
        let mut found = Vec::new();
        for slot in self.slots(node) {
            self.records_of(&slot, &mut found);
        }
        found
    }

    fn around(&self, node: Node<'t>, far: usize) -> Vec<Slot<'r>> {
        let Some(parent) = node.parent() else { return Vec::new() };
        match parent.kind() {
            K::Paren | K::If | K::Switch | K::Case | K::ExpressionStatement => self.around(parent, far),
            K::Binary => {
                let is_sum =
                    Binary::cast(parent).and_then(Binary::operator).is_some_and(|token| token.kind() == K::Plus);
                if is_sum { self.around(parent, far) } else { Vec::new() }
            }
            K::MethodCall if is_merge(parent) => self.around(parent, far),
            K::Arguments => self.argument(parent, node, far),
            K::Array => {
                let slots = self.around(parent, far);
                slots.iter().flat_map(|slot| self.items(slot)).collect()
            }
            K::Entry => Entry::cast(parent).map(|entry| self.entry(entry, far)).unwrap_or_default(),
            K::Let => self.variable(parent, far),
            K::Block => self.last_of(parent, node, far),
            K::Closure => self.mapped(parent, far),
            K::Function => self.returned(parent, far),
            K::Return => around(parent).find(|node| matches!(node.kind(), K::Function | K::Closure)).map_or_else(
                Vec::new,
                |function| {
                    if function.kind() == K::Function {
                        self.returned(function, far)
                    } else {
                        self.mapped(function, far)
                    }
                },
            ),
            _ => Vec::new(),
        }
    }

    /// What the value of an entry may be, whether it is there or not.
    pub(super) fn slots_of(&self, entry: Entry<'t>) -> Vec<Slot<'r>> {
        self.entry(entry, FARTHEST)
    }

    /// What the argument of that number may be, whether it is there or not.
    pub(super) fn argument_slots(&self, call: Call<'t>, index: usize) -> Vec<Slot<'r>> {
        if is_merge(call.node()) {
            return self.around(call.node(), FARTHEST);
        }
        self.parameter(call, index).into_iter().map(|(slot, _)| slot).collect()
    }

    /// What an item of an array may be.
    pub(super) fn item_slots(&self, array: Array<'t>) -> Vec<Slot<'r>> {
        let slots = self.around(array.node(), FARTHEST);
        slots.iter().flat_map(|slot| self.items(slot)).collect()
    }

    /// What an entry's value may be.
    fn entry(&self, entry: Entry<'t>, far: usize) -> Vec<Slot<'r>> {
        let (Some(map), Some(key)) = (entry.map(), entry.key()) else { return Vec::new() };
        let mut found = Vec::new();
        for slot in self.around(map.node(), far) {
            let mut records = Vec::new();
            self.records_of(&slot, &mut records);
            found.extend(records.iter().filter_map(|(record, path)| {
                Some(Slot { kind: &record.key(&key.node)?.kind, path: format!("{path}.{}", key.node) })
            }));
            if let Some(values) = values(slot.kind) {
                found.push(Slot { kind: values, path: slot.path });
            }
        }
        found
    }

    /// What the argument `node` of a call may be.
    fn argument(&self, arguments: Node<'t>, node: Node<'t>, far: usize) -> Vec<Slot<'r>> {
        let Some(call) = arguments.parent().and_then(Call::cast) else { return Vec::new() };
        let index = call.arguments().take_while(|argument| *argument != node).count();
        if is_merge(call.node()) {
            return self.around(call.node(), far);
        }
        self.parameter(call, index).into_iter().map(|(slot, _)| slot).collect()
    }

    /// What the argument of that number may be, with the parameter that it is for.
    pub(super) fn parameter(&self, call: Call<'t>, index: usize) -> Option<(Slot<'r>, &'r Parameter)> {
        let function = self.function(call)?;
        let index = index + usize::from(call.is_method());
        let parameter = match function.parameters.get(index) {
            Some(parameter) => parameter,
            None if function.variadic => function.parameters.last()?,
            None => return None,
        };
        let is_record = matches!(parameter.kind, Type::Record { .. });
        let path = if is_record { function.name.to_owned() } else { format!("{}.{}", function.name, parameter.name) };
        Some((Slot { kind: &parameter.kind, path }, parameter))
    }

    /// The function of the language that a call calls.
    pub(super) fn function(&self, call: Call<'_>) -> Option<&'r crate::reference::Function> {
        let name = call.name().filter(|_| call.path().is_empty())?;
        self.reference.functions.iter().find(|function| function.name == name.text())
    }

    /// Where the variable that is given a value goes.
    fn variable(&self, definition: Node<'t>, far: usize) -> Vec<Slot<'r>> {
        let Some(name) = Let::cast(definition).and_then(Let::name) else { return Vec::new() };
        let Some(far) = far.checked_sub(1) else { return Vec::new() };
        let index = self.scopes.definitions.iter().position(|one| one.name == name);
        let uses = self.scopes.uses.iter().filter(|used| used.definition == index && index.is_some());
        let mut found = Vec::new();
        for used in uses.take(MOST_USES) {
            found.extend(self.around(used.node, far));
        }
        distinct(found)
    }

    /// What a block is, where `node` is its last statement.
    fn last_of(&self, block: Node<'t>, node: Node<'t>, far: usize) -> Vec<Slot<'r>> {
        let last = Block::cast(block).and_then(|block| block.statements().last());
        if last == Some(node) { self.around(block, far) } else { Vec::new() }
    }

    /// What a closure may give: an item of what `map` gives.
    fn mapped(&self, closure: Node<'t>, far: usize) -> Vec<Slot<'r>> {
        let call = closure.parent().and_then(Node::parent).and_then(Call::cast);
        let is_map = call.and_then(Call::name).is_some_and(|name| name.text() == "map");
        if let (Some(call), true) = (call, is_map) {
            let slots = self.around(call.node(), far);
            return slots.iter().flat_map(|slot| self.items(slot)).collect();
        }
        Vec::new()
    }

    /// Where what a function gives goes.
    fn returned(&self, function: Node<'t>, far: usize) -> Vec<Slot<'r>> {
        let Some(name) = Function::cast(function).and_then(Function::name) else { return Vec::new() };
        let Some(far) = far.checked_sub(1) else { return Vec::new() };
        let calls = self.scopes.calls.iter().filter(|called| called.name.text() == name.text());
        let mut found = Vec::new();
        for called in calls.filter(|called| called.call.path().is_empty()).take(MOST_USES) {
            found.extend(self.around(called.call.node(), far));
        }
        distinct(found)
    }

    /// What the items of an array in this place are.
    pub(super) fn items(&self, slot: &Slot<'r>) -> Vec<Slot<'r>> {
        let one = |kind: &'r Type| self.items(&Slot { kind, path: slot.path.clone() });
        match slot.kind {
            Type::Array { items, may_be_empty: _ } => vec![Slot { kind: items, path: slot.path.clone() }],
            Type::Either { any_of } => any_of.iter().flat_map(one).collect(),
            Type::Record { record } => {
                let record = self.reference.record(record);
                let short = record.and_then(|record| record.key(record.shorthand?));
                short.map(|key| one(&key.kind)).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }

    fn records_of(&self, slot: &Slot<'r>, found: &mut Vec<(&'r Record, String)>) {
        match slot.kind {
            Type::Record { record } => {
                if let Some(record) = self.reference.record(record)
                    && !found.iter().any(|(known, _)| known.id == record.id)
                {
                    found.push((record, slot.path.clone()));
                }
            }
            Type::Either { any_of } => {
                for kind in any_of {
                    self.records_of(&Slot { kind, path: slot.path.clone() }, found);
                }
            }
            _ => {}
        }
    }

    /// The key of a record that an entry of a map gives, with the record's path.
    pub(super) fn key(&self, entry: Entry<'t>) -> Option<(String, &'r Key)> {
        let key = entry.key()?;
        let records = self.records(entry.map()?.node());
        records.into_iter().find_map(|(record, path)| Some((path, record.key(&key.node)?)))
    }
}

/// Each kind once.
fn distinct(slots: Vec<Slot<'_>>) -> Vec<Slot<'_>> {
    let mut found: Vec<Slot<'_>> = Vec::new();
    for slot in slots {
        if !found.iter().any(|known| std::ptr::eq(known.kind, slot.kind)) {
            found.push(slot);
        }
    }
    found
}

/// What the values of a map with keys of the user's are.
fn values(kind: &Type) -> Option<&Type> {
    match kind {
        Type::Map { keys: _, values } => Some(values),
        Type::Either { any_of } => any_of.iter().find_map(values),
        _ => None,
    }
}

fn is_merge(node: Node<'_>) -> bool {
    Call::cast(node).filter(|call| call.is_method()).and_then(Call::name).is_some_and(|name| name.text() == "merge")
}

/// What is being written at an offset, told from the words before it: whatever comes after them may not be there yet.
#[derive(Debug, Clone, Copy)]
pub(super) enum Site<'t> {
    /// A key of a map.
    Key(Map<'t>),
    /// The value of an entry.
    Value(Entry<'t>),
    /// An argument of a call, and its number.
    Argument(Call<'t>, usize),
    /// An item of an array.
    Item(Array<'t>),
    /// Inside of a text.
    Text(Node<'t>),
    /// After a dot: what stands before it.
    Member(Node<'t>),
    /// After `::`: the words before it.
    Module(Token<'t>),
    /// Anywhere else that takes a statement.
    Statement,
    /// Anywhere else that takes a value.
    Expression,
    /// A new name, a comment: nothing can be told.
    Nothing,
}

/// What is written at `offset`, where the word that is being written starts at `start`.
pub(super) fn site(tree: &crate::syntax::Tree, start: u32, offset: u32) -> Site<'_> {
    let here = offset.checked_sub(1).and_then(|before| tree.token_at(before));
    if let Some(token) = here {
        let is_inside = offset < token.span().end;
        match token.kind() {
            K::LineComment | K::DocComment | K::BlockComment if is_inside || token.text().starts_with("//") => {
                return Site::Nothing;
            }
            K::Text if is_inside || !is_closed(token) => return Site::Text(token.node()),
            K::TemplateStart | K::TemplateMiddle | K::TemplateEnd if is_inside => return Site::Nothing,
            K::Int | K::Float => return Site::Nothing,
            _ => {}
        }
    }
    let Some(before) = significant(start.checked_sub(1).and_then(|before| tree.token_at(before))) else {
        return Site::Statement;
    };
    match before.kind() {
        K::Dot | K::QuestionDot => return receiver(before).map_or(Site::Nothing, Site::Member),
        K::ColonColon => return Site::Module(before),
        K::KwLet | K::KwConst | K::KwFn | K::KwAs | K::KwFor | K::KwPrivate => return Site::Nothing,
        K::KwImport => return Site::Expression,
        _ => {}
    }
    let Some((opener, commas, first)) = enclosing(before) else { return statement_or_expression(before) };
    let node = opener.node();
    match opener.kind() {
        K::MapStart => {
            let Some(map) = Map::cast(node) else { return Site::Nothing };
            if matches!(before.kind(), K::MapStart | K::Comma) && before.node() == node || first {
                return Site::Key(map);
            }
            let entry = map.entries().filter(|entry| entry.node().span().start < before.span().end).last();
            match (before.kind(), entry) {
                (K::Colon, Some(entry)) => Site::Value(entry),
                // A key that stands on a line of its own, after an entry without its comma.
                _ => Site::Expression,
            }
        }
        K::LBracket => match (Array::cast(node), before.kind()) {
            (Some(array), K::LBracket | K::Comma) => Site::Item(array),
            _ => Site::Expression,
        },
        K::LParen | K::Unit => match (node.parent().and_then(Call::cast), before.kind()) {
            (Some(call), K::LParen | K::Comma) if node.kind() == K::Arguments => Site::Argument(call, commas),
            _ => Site::Expression,
        },
        _ => statement_or_expression(before),
    }
}

fn statement_or_expression(before: Token<'_>) -> Site<'_> {
    match before.kind() {
        K::Semicolon | K::LBrace | K::RBrace | K::TemplateStart | K::TemplateMiddle => Site::Statement,
        K::Pipe => Site::Expression,
        kind if kind.ends_operand() => Site::Nothing,
        _ => Site::Expression,
    }
}

fn is_closed(token: Token<'_>) -> bool {
    let text = token.text();
    match text.chars().next() {
        Some('"') => text.len() > 1 && text.ends_with('"'),
        Some('`') => text.len() > 1 && text.ends_with('`'),
        _ => true,
    }
}

/// The token itself or the nearest before it that says something.
fn significant(token: Option<Token<'_>>) -> Option<Token<'_>> {
    std::iter::successors(token, |token| token.previous()).find(|token| !token.kind().is_trivia())
}

/// What stands before the dot.
fn receiver(dot: Token<'_>) -> Option<Node<'_>> {
    let before = significant(dot.previous())?;
    let end = before.span().end;
    around(before.node()).filter(|node| node.kind().is_expression()).take_while(|node| node.span().end == end).last()
}

/// The bracket that is open at a token, that token counted, with the number of commas in it before; and whether nothing but
/// the opener comes before.
pub(super) fn enclosing(from: Token<'_>) -> Option<(Token<'_>, usize, bool)> {
    let (mut depth, mut commas) = (0_usize, 0);
    for token in std::iter::successors(Some(from), |token| token.previous()) {
        match token.kind() {
            K::RBrace | K::RParen | K::RBracket | K::TemplateEnd => depth += 1,
            K::LBrace | K::MapStart | K::LParen | K::LBracket | K::QuestionBracket | K::TemplateStart => {
                let Some(less) = depth.checked_sub(1) else { return Some((token, commas, token == from)) };
                depth = less;
            }
            K::Comma if depth == 0 => commas += 1,
            // A statement's end closes what was left open before it.
            K::Semicolon if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// The call around an offset, with the number of the argument that stands there.
pub(super) fn call_at(tree: &crate::syntax::Tree, offset: u32) -> Option<(Call<'_>, usize)> {
    let mut before = significant(offset.checked_sub(1).and_then(|before| tree.token_at(before)))?;
    if before.kind() == K::Unit && offset < before.span().end {
        return before.node().parent().and_then(Call::cast).map(|call| (call, 0));
    }
    loop {
        let (opener, commas, _) = enclosing(before)?;
        let call = opener.node().parent().and_then(Call::cast).filter(|_| opener.kind() == K::LParen);
        if let Some(call) = call {
            return Some((call, commas));
        }
        // A map or an array in a call belongs to its argument; a block does not.
        if !matches!(opener.kind(), K::MapStart | K::LBracket | K::LParen) {
            return None;
        }
        before = significant(opener.previous())?;
    }
}

/// The value that an export or a definition gives its name.
pub(super) fn value_of(node: Node<'_>) -> Option<Node<'_>> {
    let inner = Export::cast(node).and_then(Export::definition).or_else(|| Let::cast(node));
    inner.and_then(Let::value)
}

/// The call that makes the value of a definition.
pub(super) fn made_by(definition: Node<'_>) -> Option<Call<'_>> {
    Call::cast(value_of(definition)?)
}

/// How a function of a script's is called: `target(name, region)`.
pub(super) fn usage(name: &str, function: Function<'_>) -> String {
    format!("{name}({})", function.parameters().map(Token::text).collect::<Vec<_>>().join(", "))
}
