//! What the terminal can show, and how it is told.

use std::io::IsTerminal;

use super::args::{Color, Global};
use crate::report::Style;

/// How to write to standard error.
pub(super) fn error_style(global: Global) -> Style {
    style(global, std::io::stderr().is_terminal())
}

/// How to write to standard output.
pub(super) fn output_style(global: Global) -> Style {
    style(global, std::io::stdout().is_terminal())
}

fn style(global: Global, terminal: bool) -> Style {
    let color = match global.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && variable("NO_COLOR").is_empty() && variable("TERM") != "dumb",
    };
    let width = terminal_size::terminal_size_of(std::io::stderr()).or_else(terminal_size::terminal_size);
    let width = width.map(|(terminal_size::Width(columns), _)| usize::from(columns));
    Style { color, unicode: color && is_utf8(), width: width.filter(|_| terminal) }
}

/// Whether the terminal's characters are UTF-8, as the locale says; always on Windows.
fn is_utf8() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].map(variable).into_iter().find(|value| !value.is_empty());
    let named = locale.unwrap_or_default().to_ascii_lowercase();
    cfg!(windows) || named.contains("utf-8") || named.contains("utf8")
}

#[expect(clippy::disallowed_methods, reason = "only the look of the output depends on it")]
fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// The operating system's words in our style: lower case, without the number.
pub(super) fn words(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
