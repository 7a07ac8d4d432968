//! The answers to problems. Most are what a problem's help says to write: the help quotes it.

use std::sync::Arc;

use super::Fix;
use super::keys::missing_keys;
use crate::diagnostic::Code;
use crate::ide::problems::Problem;
use crate::ide::workspace::{File, Workspace, between_quotes};
use crate::source::{SourceId, Span};
use crate::syntax::{Edit, Entry, SyntaxKind as K, Token};

impl Workspace {
    /// The answers to a problem of a text, the best first.
    pub(super) fn fixes(&mut self, file: &Arc<File>, problem: &Problem) -> Vec<Fix> {
        let place = Place::of(file, problem);
        match problem.code {
            Code::MissingKey => {
                let reference = self.reference();
                return missing_keys(file, &reference, place.span, &problem.message).into_iter().collect();
            }
            Code::UnknownModule => return self.missing_import(file, &place).into_iter().collect(),
            _ => {}
        }
        problem.help.iter().filter_map(|help| place.meant(help).or_else(|| place.written(problem, help))).collect()
    }

    /// The import of a module that is used and was not imported, where there is one of that name.
    fn missing_import(&mut self, file: &Arc<File>, place: &Place<'_>) -> Option<Fix> {
        let name = place.text;
        let library: Option<String> = self
            .language()
            .library
            .modules()
            .map(|(path, _)| path)
            .find(|path| path.split('/').next_back() == Some(name))
            .map(str::to_owned);
        let own = || {
            let scripts = self.scripts();
            let is_it = |other: &&Arc<File>| other.path.rsplit('/').next() == Some(&format!("{name}.aphex"));
            scripts.iter().find(is_it).map(|other| crate::ide::completion::relative(&file.path, &other.path))
        };
        let path = library.or_else(own)?;
        let import = format!("import \"{path}\" as {name};\n");
        let root = file.tree().root();
        let imports = root.children().filter(|node| node.kind() == K::Import);
        let first = imports.last().map_or_else(
            || root.children().next().map_or(0, |node| line_start(file, node.span().start)),
            |last| next_line(file, last.span().end),
        );
        let at = Span::new(SourceId::FIRST, first, first);
        Some(Fix::new(format!("Import `{path}`"), vec![Edit::replace(at, import)]))
    }
}

/// The text that a problem is about.
struct Place<'t> {
    file: &'t File,
    /// What the problem marks.
    span: Span,
    text: &'t str,
    token: Option<Token<'t>>,
}

impl<'t> Place<'t> {
    fn of(file: &'t File, problem: &Problem) -> Self {
        let span = Span::new(SourceId::FIRST, problem.marked.0, problem.marked.1);
        let text = file.text().get(span.range()).unwrap_or_default();
        let token = file.tree().token_from(span.start).filter(|token| token.span() == span);
        Self { file, span, text, token }
    }

    fn replace(&self, title: impl Into<String>, text: impl Into<String>) -> Fix {
        Fix::new(title, vec![Edit::replace(self.span, text)])
    }

    fn insert(&self, at: u32, text: &str) -> Fix {
        let span = Span::new(self.span.source, at, at);
        Fix::new(format!("Insert `{}`", text.trim()), vec![Edit::replace(span, text)])
    }

    /// The word that was probably meant.
    fn meant(&self, help: &str) -> Option<Fix> {
        let rest = help.strip_prefix("did you mean ")?;
        let word = quoted(rest)?;
        let title = format!("Change to `{word}`");
        if rest.starts_with("the closure ") {
            return Some(self.replace(title, format!("{word}.call")));
        }
        let token = self.token?;
        if token.kind() == K::Text {
            // Its quotes stay.
            let inner = between_quotes(self.text, self.span)?;
            return Some(Fix::new(title, vec![Edit::replace(inner, word)]));
        }
        Some(self.replace(title, word))
    }

    /// What a help says to write, or to leave out.
    fn written(&self, problem: &Problem, help: &str) -> Option<Fix> {
        let word = quoted(help);
        let is_whole = |word: &str| !word.contains('…');
        let starts = |head: &str| help.starts_with(head);
        let instead = |word: &str| self.replace(format!("Change to `{word}`"), word);
        match problem.code {
            Code::MissingSemicolon => Some(self.insert(self.span.start, ";")),
            Code::MissingComma if self.text == ";" => Some(instead(",")),
            Code::MissingComma if starts("write `,` between them") => Some(self.insert(self.span.start, ",")),
            Code::EqualsInMap => Some(instead(":")),
            Code::MissingColon if starts("write `:` after the key") => Some(self.insert(self.span.start, ":")),
            Code::MissingColon => {
                let key = word?.strip_suffix(": …")?;
                Some(self.insert(self.span.start, &format!(": {key}")))
            }
            Code::BraceForMap if self.text.starts_with('{') => Some(self.insert(self.span.start, "#")),
            Code::BraceForMap if starts("write `#{` before it") => Some(self.insert(self.span.start, "#{ ")),
            Code::SingleQuotes => Some(self.replace("Put it in double quotes", whole(help)?)),
            Code::UnknownCharacter if starts("write a text in plain quotes") => {
                let inner = self.text.trim_matches(['“', '”', '‘', '’', '„', '«', '»']);
                Some(self.replace("Put it in plain quotes", format!("\"{}\"", inner.replace('"', "\\\""))))
            }
            Code::UnknownCharacter if starts("replace it with a plain space") => {
                Some(self.replace("Change to a space", " "))
            }
            Code::ReservedWord if starts("put it in quotes") => {
                Some(self.replace("Put it in quotes", format!("\"{}\"", self.text)))
            }
            Code::ReservedWord if starts("take another name") => Some(instead(word?)),
            Code::UnclosedText if starts("close it with `\"`") => Some(self.insert(self.span.end, "\"")),
            Code::UnclosedBracket => {
                let (latest, _) = problem.related.first()?;
                Some(self.insert(latest.start, word?))
            }
            Code::UnexpectedBracket if starts("write ") && !self.text.is_empty() && self.is_bracket() => {
                Some(instead(word?))
            }
            Code::UnexpectedBracket | Code::MissingBlock if starts("write ") => {
                Some(self.insert(self.span.start, word?))
            }
            Code::UnexpectedBracket if starts("remove it") => Some(self.replace("Remove it", "")),
            Code::BadType if starts("write it in quotes") && self.token.is_some() => {
                Some(self.replace("Put it in quotes", whole(help)?))
            }
            Code::NotInterpolated => self.interpolated(help),
            Code::ClosureCall if starts("write `") && word?.contains(".call(") => {
                Some(Fix::new("Call it with `.call(…)`", self.insert(self.span.end, ".call").edits))
            }
            Code::FunctionAsValue if starts("wrap it into a closure") => Some(instead(word?)),
            Code::OuterVariable if starts("write `global::") => Some(instead(word?)),
            Code::UnknownFunction if starts("the module ") => Some(instead(quoted(help.split_once("write ")?.1)?)),
            Code::MissingFile if starts("write ") && self.token.is_some() => Some(instead(word?)),
            Code::DuplicateKey => {
                let entry = self.token.and_then(|token| Entry::cast(token.node()))?;
                Some(Fix::new("Remove this one", vec![entry.remove()]))
            }
            Code::UnexpectedToken if help == "remove it" => Some(self.replace("Remove it", "")),
            Code::UnexpectedToken if self.text == "=" && starts("compare with `==`") => Some(instead("==")),
            Code::UnexpectedToken if self.text == "==" && starts("write `=`") => Some(instead("=")),
            Code::ForeignSpelling | Code::UnknownCharacter if help == "leave it out" => {
                Some(self.replace("Leave it out", ""))
            }
            Code::ForeignSpelling | Code::NullValue if starts("write `") => {
                word.filter(|word| is_whole(word)).map(instead)
            }
            _ => None,
        }
    }

    fn is_bracket(&self) -> bool {
        matches!(self.text, ")" | "]" | "}")
    }

    /// The text around a `${…}` in backticks, or the mention as the shell has it.
    fn interpolated(&self, help: &str) -> Option<Fix> {
        if let Some(word) = help.strip_prefix("where it is meant for the shell, write ").and_then(quoted) {
            return Some(self.replace(format!("Change to `{word}`, for the shell"), word));
        }
        let text = self.file.tree().token_at(self.span.start).filter(|token| token.kind() == K::Text)?;
        let inner = text.text().strip_prefix('"')?.strip_suffix('"')?;
        let is_plain = !inner.contains(['`', '\\', '"']);
        is_plain.then(|| Fix::new("Put the text in backticks", vec![Edit::replace(text.span(), format!("`{inner}`"))]))
    }
}

/// The first thing that a help quotes.
fn quoted(help: &str) -> Option<&str> {
    let (_, rest) = help.split_once('`')?;
    let (word, _) = rest.split_once('`')?;
    (!word.is_empty()).then_some(word)
}

/// What a help quotes, which may have backticks in it.
fn whole(help: &str) -> Option<&str> {
    let (_, rest) = help.split_once('`')?;
    let (word, _) = rest.rsplit_once('`')?;
    (!word.is_empty()).then_some(word)
}

fn line_start(file: &File, offset: u32) -> u32 {
    let before = &file.text()[..offset as usize];
    u32::try_from(before.rfind('\n').map_or(0, |at| at + 1)).unwrap_or(0)
}

fn next_line(file: &File, offset: u32) -> u32 {
    let after = &file.text()[offset as usize..];
    let length = after.find('\n').map_or(after.len(), |at| at + 1);
    offset + u32::try_from(length).unwrap_or(0)
}
