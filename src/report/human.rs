//! `--message-format human`: the text that is wrong with words next to it, drawn by miette.

use std::fmt;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, ThemeCharacters, ThemeStyles};

use super::excerpt::{Excerpt, Room, columns};
use super::visible::{visible, visible_line};
use super::{Problem, Style, count};
use crate::diagnostic::{Code, Severity};
use crate::source::{Source, SourceId, Spanned};

/// The widest drawing: longer lines are hard to read.
const WIDEST: usize = 120;
/// The narrowest: less has no room for text beside the line numbers.
const NARROWEST: usize = 30;
/// How many calls of a trace are shown.
const MOST_CALLS: usize = 8;

pub(super) fn render(problems: &[Problem<'_>], style: Style) -> String {
    let mut text = String::new();
    for problem in problems {
        let mut drawn = String::new();
        draw(&mut drawn, *problem, style);
        // miette indents the message too; at the edge it is seen better where the next problem starts.
        text.push_str(drawn.strip_prefix("  ").unwrap_or(&drawn));
        text.push('\n');
    }
    text.push_str(&closing(problems, style));
    trim_lines(&text)
}

/// `2 errors, 1 warning; …`, and where to read on.
fn closing(problems: &[Problem<'_>], style: Style) -> String {
    let error = problems.iter().find(|problem| problem.severity() == Severity::Error);
    let Some(first) = error.or(problems.first()) else { return String::new() };
    let counted = style.paint(color(first.severity()), &count(problems));
    let code = first.diagnostic.code.id();
    format!("{counted}; {}\n", style.paint("2", &format!("`aphex explain {code}` tells more")))
}

fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "1;31",
        Severity::Warning => "1;33",
    }
}

fn draw(text: &mut String, problem: Problem<'_>, style: Style) {
    let diagnostic = problem.diagnostic;
    let home = diagnostic.primary.span.source;
    let mut places = vec![&diagnostic.primary];
    places.extend(diagnostic.related.iter().filter(|place| place.span.source == home));
    let mut main = Drawing::new(problem, &places, style, Head::Code(diagnostic.code));
    main.message = visible(&diagnostic.message).into_owned();
    main.help = (!diagnostic.help.is_empty()).then(|| visible(&diagnostic.help.join("\n")).into_owned());
    main.draw(text, style);
    for group in elsewhere(&diagnostic.related, home) {
        Drawing::new(problem, &group, style, Head::Note).draw(text, style);
    }
    draw_trace(text, problem, style);
}

/// The related places in other texts, those of one text together: miette draws one text at a time.
fn elsewhere(related: &[Spanned<String>], home: SourceId) -> Vec<Vec<&Spanned<String>>> {
    let mut groups: Vec<Vec<&Spanned<String>>> = Vec::new();
    for place in related.iter().filter(|place| place.span.source != home) {
        match groups.iter_mut().find(|group| group[0].span.source == place.span.source) {
            Some(group) => group.push(place),
            None => groups.push(vec![place]),
        }
    }
    groups
}

fn draw_trace(text: &mut String, problem: Problem<'_>, style: Style) {
    let trace = &problem.diagnostic.trace;
    for (index, call) in trace.iter().take(MOST_CALLS).enumerate() {
        let head = if index == 0 { style.paint("36", "  trace: ") } else { " ".repeat(9) };
        let words = if call.node.is_empty() { "called here".into() } else { visible_line(&call.node) };
        let (at, _) = problem.place(call.span);
        let place = style.paint("36", &format!("{}:{}:{}", problem.name(call.span), at.line, at.column));
        text.extend([head.as_str(), &words, " (", &place, ")\n"]);
    }
    if let Some(more) = trace.len().checked_sub(MOST_CALLS).filter(|more| *more > 0) {
        text.extend([" ".repeat(9), format!("and {more} more\n")]);
    }
}

/// What stands before the message.
#[derive(Debug, Clone, Copy)]
enum Head {
    Code(Code),
    Note,
}

/// One drawing of one text.
#[derive(Debug)]
struct Drawing {
    head: Head,
    message: String,
    help: Option<String>,
    excerpt: Excerpt,
    /// Sorted by place, as miette sorts them when it deals out colours.
    labels: Vec<LabeledSpan>,
}

impl Drawing {
    /// The first of `places`, of which there is one at least, is the one that counts.
    fn new(problem: Problem<'_>, places: &[&Spanned<String>], style: Style, head: Head) -> Self {
        let spans: Vec<_> = places.iter().map(|place| place.span).collect();
        let source = problem.sources.get(spans[0].source);
        let (excerpt, found) = Excerpt::new(source, &spans, room(style, source));
        let mut drawing = Self { head, message: String::new(), help: None, excerpt, labels: Vec::new() };
        let alone = matches!(head, Head::Note) && places.len() == 1;
        for (index, (place, span)) in places.iter().zip(found).enumerate() {
            let words = Some(visible(&place.node).into_owned()).filter(|words| !words.is_empty() && !alone);
            let label = if index == 0 { LabeledSpan::new_primary_with_span } else { LabeledSpan::new_with_span };
            drawing.labels.push(label(words, span));
        }
        drawing.labels.sort_by_key(LabeledSpan::offset);
        let words = if alone { visible(&places[0].node).into_owned() } else { String::new() };
        drawing.message = if words.is_empty() { "see also".to_owned() } else { words };
        drawing
    }

    fn draw(&mut self, text: &mut String, style: Style) {
        if style.width.is_some() {
            self.message = wrap(&self.message, width(style) - 4, self.word().len() - 1);
            self.help = self.help.take().map(|help| wrap(&help, width(style) - 8, 0));
        }
        self.handler(style).render_report(text, self).expect("a string takes every text");
    }

    /// What stands before the message.
    fn word(&self) -> String {
        match self.head {
            Head::Code(code) => format!("{}[{}]:", code.severity().name(), code.id()),
            Head::Note => "note:".to_owned(),
        }
    }

    fn handler(&self, style: Style) -> GraphicalReportHandler {
        let characters = if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() };
        let mut theme = GraphicalTheme { characters, styles: ThemeStyles::none() };
        let word = self.word();
        theme.characters.error.clone_from(&word);
        theme.characters.warning.clone_from(&word);
        theme.characters.advice = word;
        if style.color {
            theme.styles = self.colors();
        }
        let handler = GraphicalReportHandler::new_themed(theme).with_urls(false).without_syntax_highlighting();
        // miette would break words at their hyphens, and so every code and file name.
        handler.with_wrap_lines(false)
    }

    /// What counts has the colour of its severity, wherever among the labels it stands.
    fn colors(&self) -> ThemeStyles {
        let mut styles = ThemeStyles::ansi();
        styles.error = styles.error.bold();
        styles.warning = styles.warning.bold();
        styles.advice = styles.advice.bold();
        styles.link = styles.help;
        let main = match self.head {
            Head::Code(code) if code.severity() == Severity::Error => styles.error,
            Head::Code(_) => styles.warning,
            Head::Note => styles.advice,
        };
        let labels = self.labels.iter();
        styles.highlights = labels.map(|label| if label.primary() { main } else { styles.help }).collect();
        styles
    }
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawing {}

impl miette::Diagnostic for Drawing {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.head {
            Head::Code(code) if code.severity() == Severity::Error => miette::Severity::Error,
            Head::Code(_) => miette::Severity::Warning,
            Head::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

fn width(style: Style) -> usize {
    style.width.unwrap_or(WIDEST).clamp(NARROWEST, WIDEST)
}

/// How much of a line is shown: what its number, the bar and the edge of a label of several lines leave of the width.
fn room(style: Style, source: &Source) -> Room {
    let gutter = source.line_count().to_string().len() + 8;
    Room { width: width(style) - 2 - gutter, more: if style.unicode { "…" } else { "..." } }
}

/// `text` with line breaks in place of the spaces where it would be wider than `width`; `used` columns are taken.
fn wrap(text: &str, width: usize, used: usize) -> String {
    let mut wrapped = String::with_capacity(text.len() + 8);
    let mut column = used;
    for line in text.split_inclusive('\n') {
        for word in line.split_inclusive(' ') {
            let wide = word.trim_end().chars().map(columns).sum::<usize>();
            if column + wide > width && column > 0 {
                wrapped.truncate(wrapped.trim_end_matches(' ').len());
                wrapped.push('\n');
                column = 0;
            }
            wrapped.push_str(word);
            column += word.chars().map(columns).sum::<usize>();
        }
        column = if line.ends_with('\n') { 0 } else { column };
    }
    wrapped
}

fn trim_lines(text: &str) -> String {
    text.split_inclusive('\n').flat_map(|line| [line.trim_end(), "\n"]).collect()
}
