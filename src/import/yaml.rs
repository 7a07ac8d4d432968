//! YAML becomes values with places. Whatever the text, it takes time and memory in proportion to its length.

use std::collections::{BTreeSet, HashMap};

use granit_parser::{ErrorKind, Event, Parser, Placement, ScalarStyle, ScanError, StructureStyle, Tag, options};

use super::comments::{Collected, Comments};
use super::merge::merged;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::schema::Value;
use crate::source::{SourceId, Span, Spanned};

/// The most values of a configuration, those that aliases repeat counted each time.
const MAX_VALUES: usize = 50_000;
/// The most levels of lists and maps in each other.
const MAX_DEPTH: usize = 32;

/// What a text holds.
#[derive(Debug)]
pub(super) struct Document {
    /// The value.
    pub(super) root: Spanned<Value>,
    /// What people wrote beside it.
    pub(super) comments: Comments,
    /// Where the keys begin that hold an anchor.
    pub(super) holders: BTreeSet<u32>,
}

/// Reads the one document of `text`; `None` where it cannot be read.
pub(super) fn read(source: SourceId, text: &str, sink: &mut Sink) -> Option<Document> {
    let options = options! {
        max_buffered_comment_events: text.len(),
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    let mut builder = Builder::new(source, text, sink);
    for next in Parser::new_from_str_with_options(text, options) {
        let go_on = match next {
            Ok((event, span)) => builder.take(event, span),
            Err(error) => builder.fail(&error),
        };
        if !go_on {
            break;
        }
    }
    // Of several documents the first one was read, and is judged too.
    let nothing = builder.span(0, 0);
    let root =
        builder.root.take().or_else(|| (!builder.sink.has_errors()).then(|| Spanned::new(Value::Unit, nothing)))?;
    // An empty document is a configuration without a key.
    let root = if matches!(root.node, Value::Unit) { root.map(|_| Value::Map(Vec::new())) } else { root };
    Some(Document { root, comments: builder.collected.assign(), holders: builder.holders })
}

/// A value with what an alias to it costs.
#[derive(Debug, Clone)]
struct Built {
    value: Spanned<Value>,
    size: usize,
    depth: usize,
}

/// A list or a map that is not closed yet.
#[derive(Debug)]
struct Open {
    is_map: bool,
    in_brackets: bool,
    anchor: usize,
    start: u32,
    items: Vec<Spanned<Value>>,
    entries: Vec<(Spanned<String>, Spanned<Value>)>,
    /// The key whose value comes next, and how many anchors there were before it.
    key: Option<(Spanned<String>, usize)>,
    size: usize,
    depth: usize,
}

struct Builder<'a> {
    source: SourceId,
    text: &'a str,
    sink: &'a mut Sink,
    open: Vec<Open>,
    anchors: HashMap<usize, Built>,
    anchored: usize,
    total: usize,
    documents: usize,
    root: Option<Spanned<Value>>,
    collected: Collected,
    holders: BTreeSet<u32>,
}

impl<'a> Builder<'a> {
    fn new(source: SourceId, text: &'a str, sink: &'a mut Sink) -> Self {
        Self {
            source,
            text,
            sink,
            open: Vec::new(),
            anchors: HashMap::new(),
            anchored: 0,
            total: 0,
            documents: 0,
            root: None,
            collected: Collected::default(),
            holders: BTreeSet::new(),
        }
    }

    /// Takes an event; whether reading goes on.
    fn take(&mut self, event: Event<'_>, place: granit_parser::Span) -> bool {
        let range = place.byte_range().unwrap_or(0..0);
        let span = self.span(range.start, range.end);
        match event {
            Event::DocumentStart(..) => self.document(span),
            Event::Comment(text, placement) => {
                self.collected.add(span.start, placement == Placement::Right, &text);
                true
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.check_tag(place, tag.as_deref());
                let value = Spanned::new(scalar(&text, style, tag.as_deref()), self.trimmed(span));
                self.add(Built { value, size: 1, depth: 0 }, anchor)
            }
            Event::Alias(id) => self.alias(id, span),
            Event::SequenceStart(style, anchor, tag) => {
                self.check_tag(place, tag.as_deref());
                self.start(false, style, anchor, span)
            }
            Event::MappingStart(style, anchor, tag) => {
                self.check_tag(place, tag.as_deref());
                self.start(true, style, anchor, span)
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            _ => true,
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.source, offset(start), offset(end))
    }

    /// The place of a text without the empty lines that belong to a block text.
    fn trimmed(&self, span: Span) -> Span {
        let kept = self.text.get(span.range()).map_or(0, |text| text.trim_end().len());
        Span { end: span.start + u32::try_from(kept).unwrap_or(0), ..span }
    }

    fn error(&mut self, code: Code, span: Span, message: impl Into<String>, help: &str) {
        self.sink.push(Diagnostic::new(code, span, message).help(help));
    }

    fn document(&mut self, span: Span) -> bool {
        self.documents += 1;
        if self.documents > 1 {
            let help = "a file holds one configuration: put each into a file of its own";
            self.error(Code::BadYaml, span, "a second document starts here", help);
        }
        self.documents == 1
    }

    fn fail(&mut self, error: &ScanError) -> bool {
        let at = error.marker().byte_offset().unwrap_or(0);
        let start = self.text.floor_char_boundary(at);
        let span = self.span(start, start + self.text[start..].chars().next().map_or(0, char::len_utf8));
        if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
            return self.too_deep(span);
        }
        let help = match error.kind() {
            ErrorKind::MappingValueNotAllowed => "put a text that holds `: ` into quotes",
            ErrorKind::TabNotAllowed | ErrorKind::TabInBlockIndentation => {
                "indent with blanks: YAML takes no tabs there"
            }
            ErrorKind::UnexpectedCharacter { character } if !character.is_control() => {
                "put a text that starts with such a character into quotes"
            }
            _ => "correct it here, or shortly before",
        };
        let message = format!("this is not YAML: {}", error.info());
        self.error(Code::BadYaml, span, message, help);
        false
    }

    fn too_deep(&mut self, span: Span) -> bool {
        let message = format!("more than {MAX_DEPTH} lists and maps in each other");
        self.error(Code::TooDeep, span, message, "a configuration needs six");
        false
    }

    /// A tag of YAML's own says what is known anyhow; another one would mean something to another program.
    fn check_tag(&mut self, place: granit_parser::Span, tag: Option<&Tag>) {
        let Some(tag) = tag.filter(|tag| tag.core_suffix().is_none() && tag.to_string() != "!") else { return };
        let range = place.tag_span().and_then(|span| span.byte_range()).or_else(|| place.byte_range()).unwrap_or(0..0);
        let span = self.span(range.start, range.end);
        let message = format!("the tag `{}` means nothing in a configuration", tag.original());
        self.error(Code::BadYaml, span, message, "remove it");
    }

    fn alias(&mut self, id: usize, span: Span) -> bool {
        let Some(built) = self.anchors.get(&id) else {
            self.error(Code::BadYaml, span, "this alias stands inside of what it repeats", "write the value out");
            return false;
        };
        if self.total + built.size > MAX_VALUES {
            return self.too_many(span);
        }
        let built = built.clone();
        self.total += built.size;
        self.add(built, 0)
    }

    fn too_many(&mut self, span: Span) -> bool {
        let message = format!("more than {MAX_VALUES} values, those that aliases repeat counted each time");
        self.error(Code::LimitReached, span, message, "split the configuration");
        false
    }

    fn start(&mut self, is_map: bool, style: StructureStyle, anchor: usize, span: Span) -> bool {
        let in_brackets = style == StructureStyle::Flow;
        let (items, entries) = (Vec::new(), Vec::new());
        self.anchored += usize::from(anchor > 0);
        let open =
            Open { is_map, in_brackets, anchor, start: span.start, items, entries, key: None, size: 1, depth: 1 };
        self.open.push(open);
        true
    }

    fn end(&mut self, span: Span) -> bool {
        let Some(open) = self.open.pop() else { return true };
        let Open { is_map, in_brackets, anchor, start, items, entries, key: _, size, depth } = open;
        let whole = Span { start, end: span.end.max(start), ..span };
        let place = match (in_brackets, entries.first()) {
            (true, _) => whole,
            // A block has no brackets: its first key stands for it, or its first dash.
            (false, Some((key, _))) => key.span,
            (false, None) => Span { end: start + u32::from(!is_map), ..whole },
        };
        let value = if is_map { Value::Map(merged(entries, self.sink)) } else { Value::List(items) };
        self.add(Built { value: Spanned::new(value, place), size, depth }, anchor)
    }

    /// Adds a finished value to what is open.
    fn add(&mut self, built: Built, anchor: usize) -> bool {
        if anchor > 0 {
            self.anchored += usize::from(built.depth == 0);
            self.anchors.insert(anchor, built.clone());
        }
        let Built { value, size, depth } = built;
        self.total += 1;
        if self.total > MAX_VALUES {
            return self.too_many(value.span);
        }
        let anchored = self.anchored;
        let Some(open) = self.open.last_mut() else {
            self.root = Some(value);
            return true;
        };
        open.size += size;
        open.depth = open.depth.max(depth + 1);
        if open.depth > MAX_DEPTH {
            return self.too_deep(value.span);
        }
        if !open.is_map {
            self.collected.item(value.span.start, open.in_brackets);
            // An item of nothing would be left out, as if it were not there.
            open.items.push(value.map(|node| if matches!(node, Value::Unit) { nothing() } else { node }));
            return true;
        }
        match open.key.take() {
            Some((key, before)) => {
                self.collected.key(key.span.start, value.span.start);
                if anchored > before {
                    self.holders.insert(key.span.start);
                }
                open.entries.push((key, value));
                true
            }
            None => self.key(value, anchored),
        }
    }

    fn key(&mut self, value: Spanned<Value>, anchored: usize) -> bool {
        let Spanned { node, span } = value;
        let key = match node {
            Value::Str(text) => text,
            Value::Unit => self.text.get(span.range()).unwrap_or_default().to_owned(),
            _ => {
                self.error(Code::BadYaml, span, "a key is a text", "write a text before the `:`");
                return false;
            }
        };
        if let Some(open) = self.open.last_mut() {
            open.key = Some((Spanned::new(key, span), anchored));
        }
        true
    }
}

fn nothing() -> Value {
    Value::Other("nothing".into())
}

/// A text as it is written, so that an account keeps its digits; nothing where a plain text says so.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let is_text = tag.is_some_and(|tag| tag.core_suffix() != Some("null"));
    let is_null = matches!(text, "" | "~" | "null" | "Null" | "NULL");
    if style == ScalarStyle::Plain && is_null && !is_text { Value::Unit } else { Value::text(text) }
}
