//! Which name means what: the definitions of a text, where each can be seen, and what each use of a name refers to.

use super::walk;
use crate::source::Span;
use crate::syntax::{Call, Node, Token, Tree};

/// What introduces a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// `let`
    Variable,
    /// `const`
    Constant,
    /// A parameter of a function or closure.
    Parameter,
    /// The variable or counter of a `for`.
    Item,
    /// What a `catch` caught.
    Caught,
}

/// A name that something introduces.
#[derive(Debug, Clone, Copy)]
pub struct Definition<'t> {
    /// The name where it is introduced.
    pub name: Token<'t>,
    /// What introduces it.
    pub role: Role,
    /// The offset from which on it can be seen, up to the end of its scope.
    pub from: u32,
    /// Whether it stands at the top level, outside of every block.
    pub top: bool,
    scope: usize,
}

/// What surrounds a place.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place<'t> {
    /// The function that it is in.
    pub function: Option<Token<'t>>,
    /// Whether it is in a closure.
    pub closure: bool,
    /// Whether it is in the first block of a `try`, where a mistake may be what is tried.
    pub tried: bool,
}

impl Place<'_> {
    /// Whether it runs as part of the top level, once and with nothing else in sight.
    pub fn is_top_level(self) -> bool {
        self.function.is_none() && !self.closure
    }
}

/// How a name is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// As a value, or to assign to it.
    Value,
    /// `${name}` in a text that does not interpolate, which takes up this much.
    Mention(Span),
}

/// A use of a name without a path.
#[derive(Debug, Clone, Copy)]
pub struct Use<'t> {
    /// The name as it is written.
    pub name: &'t str,
    /// Where it stands.
    pub span: Span,
    /// The node that it is in.
    pub node: Node<'t>,
    /// How it is used.
    pub how: How,
    /// What it refers to: a number among [`Scopes::definitions`].
    pub definition: Option<usize>,
    /// What surrounds it.
    pub place: Place<'t>,
}

/// A use of a name in a module, or of `global::NAME`.
#[derive(Debug, Clone)]
pub struct Member<'t> {
    /// The modules, outermost first.
    pub path: Vec<Token<'t>>,
    /// The name.
    pub name: Token<'t>,
    /// What surrounds it.
    pub place: Place<'t>,
}

/// A call.
#[derive(Debug, Clone, Copy)]
pub struct Called<'t> {
    /// The call.
    pub call: Call<'t>,
    /// The name that is called.
    pub name: Token<'t>,
    /// The variable of that name, for a call that is none after a dot.
    pub variable: Option<usize>,
    /// What surrounds it.
    pub place: Place<'t>,
}

/// A part of the text in which definitions can be seen.
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) span: Span,
    pub(super) parent: Option<usize>,
    pub(super) definitions: Vec<usize>,
}

/// The names of one text. The order of everything in it is the text's.
#[derive(Debug)]
pub struct Scopes<'t> {
    /// What is introduced.
    pub definitions: Vec<Definition<'t>>,
    /// Uses of variables.
    pub uses: Vec<Use<'t>>,
    /// Uses of names in modules that are no calls.
    pub members: Vec<Member<'t>>,
    /// Every call.
    pub calls: Vec<Called<'t>>,
    /// A function's scope has no parent: it sees nothing from outside.
    pub(super) tree: Vec<Scope>,
}

impl<'t> Definition<'t> {
    pub(super) fn new(name: Token<'t>, role: Role, from: u32, scope: usize) -> Self {
        Self { name, role, from, top: scope == 0, scope }
    }
}

impl<'t> Scopes<'t> {
    /// The names of `tree`.
    pub fn of(tree: &'t Tree) -> Self {
        let mut scopes = walk::walk(tree);
        scopes.uses.sort_by_key(|used| used.span.start);
        scopes.calls.sort_by_key(|called| called.name.span().start);
        scopes
    }

    /// The definition of the name at `offset`: of a use, or the name's own.
    pub fn definition_at(&self, offset: u32) -> Option<&Definition<'t>> {
        let own = self.definitions.iter().find(|found| covers(found.name.span(), offset));
        own.or_else(|| self.definitions.get(self.use_at(offset)?.definition?))
    }

    /// The use of a variable at `offset`.
    pub fn use_at(&self, offset: u32) -> Option<&Use<'t>> {
        let before = self.uses.partition_point(|used| used.span.start <= offset).checked_sub(1)?;
        self.uses.get(before).filter(|used| covers(used.span, offset))
    }

    /// The uses of variables that lie in `span`.
    pub fn uses_in(&self, span: Span) -> &[Use<'t>] {
        let first = self.uses.partition_point(|used| used.span.start < span.start);
        let end = self.uses.partition_point(|used| used.span.start < span.end);
        &self.uses[first..end.max(first)]
    }

    /// What can be seen at `offset`, the nearest first; what is shadowed is left out.
    pub fn names_at(&self, offset: u32) -> Vec<&Definition<'t>> {
        let mut seen = std::collections::HashSet::new();
        let mut found = Vec::new();
        let mut scope = Some(self.scope_at(offset));
        while let Some(here) = scope.and_then(|index| self.tree.get(index)) {
            let inside = here.definitions.iter().rev().filter_map(|index| self.definitions.get(*index));
            found.extend(inside.filter(|one| one.from <= offset && seen.insert(one.name.text())));
            scope = here.parent;
        }
        found
    }

    /// Whether `definition` could be seen at `offset` if it stood before it: their scopes lie in each other.
    pub(super) fn encloses(&self, definition: &Definition<'t>, offset: u32) -> bool {
        let mut scope = Some(self.scope_at(offset));
        while let Some(index) = scope {
            if index == definition.scope {
                return true;
            }
            scope = self.tree.get(index).and_then(|here| here.parent);
        }
        false
    }

    /// Whether `definition` belongs to the same function as the place at `offset`, or both to the top level.
    pub(super) fn is_near(&self, definition: &Definition<'t>, offset: u32) -> bool {
        self.outermost(definition.scope) == self.outermost(self.scope_at(offset))
    }

    fn outermost(&self, scope: usize) -> usize {
        let parent = |index: &usize| self.tree.get(*index).and_then(|here| here.parent);
        std::iter::successors(Some(scope), parent).last().unwrap_or(scope)
    }

    /// The innermost scope: scopes are numbered as they start, so that it is the last that covers the offset.
    fn scope_at(&self, offset: u32) -> usize {
        let after = self.tree.partition_point(|scope| scope.span.start <= offset);
        let covering = (1..after).rev().find(|index| offset < self.tree[*index].span.end);
        covering.unwrap_or(0)
    }
}

fn covers(span: Span, offset: u32) -> bool {
    span.start <= offset && offset <= span.end
}

#[cfg(test)]
mod tests {
    use super::Scopes;
    use crate::source::SourceId;

    /// Looks at the names of `text`, which has a `¦` at the offset in question.
    fn at<T>(text: &str, look: impl Fn(&Scopes<'_>, u32) -> T) -> T {
        let offset = text.find('¦').unwrap();
        let tree = crate::syntax::parse(SourceId(0), &text.replacen('¦', "", 1)).tree;
        look(&Scopes::of(&tree), u32::try_from(offset).unwrap())
    }

    fn names(text: &str) -> Vec<String> {
        at(text, |scopes, offset| scopes.names_at(offset).iter().map(|one| one.name.text().to_owned()).collect())
    }

    fn definition(text: &str) -> Option<u32> {
        at(text, |scopes, offset| scopes.definition_at(offset).map(|one| one.name.span().start))
    }

    #[test]
    fn names_are_seen_in_their_scope_and_after_their_definition() {
        assert_eq!(names("let a = 1; { let b = 2; ¦ } let c = 3;"), ["b", "a"]);
        assert_eq!(names("let a = 1; { let b = 2; } ¦"), ["a"]);
        assert_eq!(names("let a = 1; fn f(x) { let y = 1; ¦ }"), ["y", "x"]);
        assert_eq!(names("let a = 1; [1].map(|x| { let a = 2; ¦ });"), ["a", "x"]);
        assert_eq!(names("for (x, i) in [1] { ¦ }"), ["i", "x"]);
        assert_eq!(names("try { } catch (e) { ¦ }"), ["e"]);
    }

    #[test]
    fn a_use_leads_to_its_definition() {
        assert_eq!(definition("let a = 1; let a = a¦ + 1; a"), Some(4));
        assert_eq!(definition("let a = 1; let a = a + 1; a¦"), Some(15));
        assert_eq!(definition("let a = 1; fn f() { a¦ }"), None);
        assert_eq!(definition("let a = 1; { let a = 2; } a¦"), Some(4));
        assert_eq!(definition("let ab¦c = 1;"), Some(4));
        assert_eq!(definition("let name = 1; `x ${na¦me}`"), Some(4));
    }
}
