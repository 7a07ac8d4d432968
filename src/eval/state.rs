//! What the calls of one run share.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use rhai::Position;

use super::Setting;
use super::limits::{Cancellation, Limits};
use super::literals::Literals;
use super::sites::Sites;
use super::trees::Trees;
use crate::diagnostic::Sink;
use crate::model::{Language, Parameters, Project};
use crate::source::{Host, LineColumn, Origin, SourceId, SourceMap, Span};
use crate::syntax::{Node, Parsed, Positions, SyntaxKind, Token, Tree};

/// The script's beginning, for problems that have no place.
pub(super) const NOWHERE: Span = Span::new(SourceId::FIRST, 0, 0);

/// The state of a run, shared by everything that the engine calls.
pub(super) type Shared = Rc<RefCell<State>>;

/// The state of a run.
pub(super) struct State {
    /// Reads modules.
    pub(super) host: Arc<dyn Host>,
    /// Every text so far.
    pub(super) sources: SourceMap,
    /// Their trees, by the number of the text.
    pub(super) trees: BTreeMap<SourceId, Arc<Parsed>>,
    /// What was read before this run.
    pub(super) known: Option<Arc<Trees>>,
    /// Where texts have syntax errors.
    pub(super) faults: BTreeMap<SourceId, Vec<Span>>,
    /// Where their tokens are in Rhai's own counting.
    positions: BTreeMap<SourceId, Positions>,
    /// The first line of each text, in the numbering that all texts of a run share.
    lines: Vec<(usize, SourceId)>,
    /// Takes problems.
    pub(super) sink: Sink,
    /// Takes what is declared.
    pub(super) project: Project,
    /// Values given from outside.
    pub(super) parameters: Parameters,
    /// What the script may call and import.
    pub(super) language: Arc<Language>,
    /// What it may take.
    pub(super) limits: Limits,
    /// The word from outside that ends it.
    pub(super) cancellation: Cancellation,
    /// Where literals were written.
    pub(super) literals: Literals,
    /// What the texts say.
    pub(super) sites: Sites,
    /// Modules that are evaluated, or could not be.
    pub(super) modules: BTreeMap<String, Option<rhai::Shared<rhai::Module>>>,
    /// Modules whose evaluation is under way, outermost first.
    pub(super) loading: Vec<String>,
    /// Names of imports that failed, so that nothing more is said about them.
    pub(super) missing: BTreeSet<String>,
    /// What `print` and `debug` said.
    pub(super) printed: Vec<String>,
    /// How many bytes of it.
    pub(super) printed_bytes: usize,
    /// How many bytes the texts have that were given to calls that declare something.
    pub(super) declared_bytes: usize,
    /// The calls in the user's texts that led into the standard library and are not done, outermost first.
    callers: Vec<Span>,
}

impl State {
    /// Nothing evaluated yet.
    pub(super) fn new(setting: Setting<'_>, sources: SourceMap, project: Project) -> Self {
        let Setting { host, language, parameters, limits, cancellation, known } = setting;
        Self {
            host: Arc::clone(host),
            sources,
            trees: BTreeMap::new(),
            known: known.cloned(),
            faults: BTreeMap::new(),
            positions: BTreeMap::new(),
            lines: Vec::new(),
            sink: Sink::new(),
            project,
            parameters: parameters.clone(),
            language: Arc::clone(language),
            limits: limits.clone().held(),
            cancellation: cancellation.clone(),
            literals: Literals::default(),
            sites: Sites::default(),
            modules: BTreeMap::new(),
            loading: Vec::new(),
            missing: BTreeSet::new(),
            printed: Vec::new(),
            printed_bytes: 0,
            declared_bytes: 0,
            callers: Vec::new(),
        }
    }

    /// Gives `source` a range of lines of its own: positions tell the text by their line, which they do whatever
    /// function of whichever module was running. `None` where all texts together have more lines than Rhai counts.
    pub(super) fn place(&mut self, source: SourceId) -> Option<usize> {
        let first = match self.lines.last() {
            Some((first, last)) => first + self.sources.get(*last).line_count() + 1,
            None => 0,
        };
        if first + self.sources.get(source).line_count() > SourceMap::MAX_LINES {
            return None;
        }
        self.lines.push((first, source));
        self.positions.insert(source, self.tree(source)?.positions());
        Some(first)
    }

    /// The text and offset of a position of Rhai's.
    pub(super) fn locate(&self, position: Position) -> Option<(SourceId, u32)> {
        let line = position.line()?;
        let index = self.lines.partition_point(|(first, _)| *first < line).checked_sub(1)?;
        let (first, id) = self.lines[index];
        let (line, column) = (line - first, position.position().unwrap_or(1));
        // Rhai's count drifts from the text's in some lines; the tree knows how. What is no token starts where it says.
        let offset = self.positions.get(&id).and_then(|positions| positions.offset(line, column));
        let counted = || {
            let at = LineColumn { line: u32::try_from(line).ok()?, column: u32::try_from(column).ok()? };
            Some(self.sources.get(id).offset(at))
        };
        Some((id, offset.or_else(counted)?))
    }

    /// The token at a position of Rhai's; for a dot or a bracket, which Rhai blames for what follows it, what follows.
    pub(super) fn token(&self, position: Position) -> Option<Span> {
        let (source, offset) = self.locate(position)?;
        let Some(token) = self.tree(source)?.token_at(offset) else {
            return Some(Span::new(source, offset, offset));
        };
        let behind = match token.kind() {
            SyntaxKind::Dot | SyntaxKind::QuestionDot => {
                let mut after = std::iter::successors(token.next(), |token| token.next());
                after.find(|token| !token.kind().is_trivia()).map(Token::span)
            }
            SyntaxKind::LBracket | SyntaxKind::QuestionBracket if token.node().kind() == SyntaxKind::Index => {
                token.node().children().last().map(Node::span)
            }
            _ => None,
        };
        Some(behind.unwrap_or_else(|| token.span()))
    }

    /// The tree of a text.
    pub(super) fn tree(&self, source: SourceId) -> Option<&Tree> {
        self.trees.get(&source).map(|parsed| &parsed.tree)
    }

    /// Whether `span` lies in the standard library.
    pub(super) fn is_library(&self, span: Span) -> bool {
        self.sources.get(span.source).origin == Origin::Stdlib
    }

    /// `span`, or where that lies in the standard library, the user's call that led there.
    pub(super) fn outside(&self, span: Span) -> Span {
        match self.callers.last() {
            Some(caller) if self.is_library(span) => *caller,
            _ => span,
        }
    }

    /// Notes that a call leads into the standard library; gives what `leave` wants back.
    pub(super) fn enter(&mut self, position: Position) -> usize {
        let caller = self.outside(self.token(position).unwrap_or(NOWHERE));
        self.callers.push(caller);
        self.sink.errors()
    }

    /// Notes that the call is done; whether an error was reported while it ran.
    pub(super) fn leave(&mut self, errors: usize) -> bool {
        self.callers.pop();
        self.sink.errors() > errors
    }

    /// The literal that starts at a position of Rhai's, with its sign.
    pub(super) fn literal(&self, position: Position) -> Option<Span> {
        let (source, offset) = self.locate(position)?;
        let tree = self.tree(source)?;
        let node = tree.literal_at(offset).or_else(|| tree.expressions_at(offset).next())?;
        Some(node.span())
    }
}
