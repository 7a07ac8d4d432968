//! Answers as a person reads them: places as `path:line:column`, in characters from 1.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::client::{Client, Encoding, Project};

/// The answer to a request, whose first word is what is asked.
#[expect(clippy::too_many_lines, reason = "a table of requests")]
pub(crate) fn answer(client: &mut Client, project: &Project, request: &str, path: &str, at: usize) -> String {
    let (what, rest) = request.split_once(' ').unwrap_or((request, ""));
    let document = json!({ "uri": project.uri(path) });
    let text = project.files[path.trim_start_matches('*')].clone();
    let position = position(&text, at, client.encoding);
    let here = json!({ "textDocument": document, "position": position });
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 100_000, "character": 0 } });
    let reader = Reader { project, encoding: client.encoding };
    let mut ask = |method: &str, params: Value| client.ask(&format!("textDocument/{method}"), params);
    let answered = match what {
        "problems" => {
            let path = if rest.is_empty() { path } else { rest };
            let found = client.problems(project, path);
            return or_nothing(found.iter().map(|one| reader.problem(path, one)).collect());
        }
        "complete" => ask("completion", here).map(|found| completions(&found, rest)),
        "hover" => ask("hover", here).map(|found| found["contents"]["value"].as_str().unwrap_or("nothing").to_owned()),
        "signature" => ask("signatureHelp", here).map(|found| signature(&found)),
        "definition" => ask("definition", here).map(|found| reader.places(&found)),
        "references" => {
            let context = json!({ "includeDeclaration": rest != "without" });
            let params = json!({ "textDocument": document, "position": position, "context": context });
            ask("references", params).map(|found| reader.places(&found))
        }
        "highlight" => ask("documentHighlight", here).map(|found| {
            let kinds = ["text", "read", "write"];
            let line = |one: &Value| {
                let kind = usize::try_from(one["kind"].as_u64().unwrap_or(1)).unwrap();
                format!("{} {}", reader.range(path, &one["range"]), kinds[kind - 1])
            };
            or_nothing(list(&found).map(line).collect())
        }),
        "rename" => {
            let params = json!({ "textDocument": document, "position": position, "newName": rest });
            ask("rename", params).map(|found| reader.edits(&found))
        }
        "renames" => ask("prepareRename", here)
            .map(|found| if found.is_null() { "nothing".to_owned() } else { reader.range(path, &found) }),
        "actions" => {
            let range = json!({ "start": position, "end": position });
            let params = json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } });
            ask("codeAction", params).map(|found| {
                let line = |one: &Value| {
                    format!(
                        "{}: {}\n{}",
                        one["kind"].as_str().unwrap(),
                        one["title"].as_str().unwrap(),
                        reader.edits(&one["edit"])
                    )
                };
                or_nothing(list(&found).map(line).collect())
            })
        }
        "symbols" => ask("documentSymbol", json!({ "textDocument": document })).map(|found| {
            let mut lines = Vec::new();
            list(&found).for_each(|one| symbol(&reader, path, one, 0, &mut lines));
            or_nothing(lines)
        }),
        "find" => client.ask("workspace/symbol", json!({ "query": rest })).map(|found| {
            let line = |one: &Value| format!("{} {}", one["name"].as_str().unwrap(), reader.place(&one["location"]));
            or_nothing(list(&found).map(line).collect())
        }),
        "hints" => ask("inlayHint", json!({ "textDocument": document, "range": whole })).map(|found| {
            let line = |one: &Value| {
                let range = json!({ "start": one["position"], "end": one["position"] });
                format!("{} {}", reader.range(path, &range), one["label"].as_str().unwrap())
            };
            or_nothing(list(&found).map(line).collect())
        }),
        "lenses" => ask("codeLens", json!({ "textDocument": document })).map(|found| {
            let line = |one: &Value| {
                format!("{} {}", reader.range(path, &one["range"]), one["command"]["title"].as_str().unwrap())
            };
            or_nothing(list(&found).map(line).collect())
        }),
        "folds" => ask("foldingRange", json!({ "textDocument": document })).map(|found| {
            let line = |one: &Value| {
                let (start, end) = (one["startLine"].as_u64().unwrap() + 1, one["endLine"].as_u64().unwrap() + 1);
                format!("{start}-{end} {}", one["kind"].as_str().unwrap_or("")).trim_end().to_owned()
            };
            or_nothing(list(&found).map(line).collect())
        }),
        "selections" => {
            ask("selectionRange", json!({ "textDocument": document, "positions": [position] })).map(|found| {
                let mut lines = Vec::new();
                let mut at = &found[0];
                while !at.is_null() {
                    lines.push(reader.text(path, &at["range"]).replace('\n', "⏎"));
                    at = &at["parent"];
                }
                or_nothing(lines)
            })
        }
        "links" => ask("documentLink", json!({ "textDocument": document })).map(|found| {
            let line = |one: &Value| {
                format!("{} {}", reader.range(path, &one["range"]), project.path(one["target"].as_str().unwrap()))
            };
            or_nothing(list(&found).map(line).collect())
        }),
        "tokens" => {
            ask("semanticTokens/full", json!({ "textDocument": document })).map(|found| tokens(&reader, path, &found))
        }
        "format" => {
            let params = json!({ "textDocument": document, "options": { "tabSize": 4, "insertSpaces": true } });
            ask("formatting", params).map(|found| reader.changed(path, list(&found)))
        }
        "format-line" => {
            let range = json!({ "start": { "line": position["line"], "character": 0 }, "end": position });
            let params =
                json!({ "textDocument": document, "range": range, "options": { "tabSize": 4, "insertSpaces": true } });
            ask("rangeFormatting", params).map(|found| reader.changed(path, list(&found)))
        }
        "preview" => client.ask("aphex/preview", here).map(|found| {
            let line = |one: &Value| {
                let lines = one["text"].as_str().unwrap().lines().count();
                format!("{} ({}, {lines} lines)", one["path"].as_str().unwrap(), one["languageId"].as_str().unwrap())
            };
            let mut lines = vec![found["pipeline"].as_str().unwrap_or("nothing").to_owned()];
            lines.extend(list(&found["files"]).map(line));
            or_nothing(lines)
        }),
        // `origin FILE TEXT`: of the first line that has that text.
        "origin" => {
            let (file, wanted) = rest.split_once(' ').unwrap();
            client
                .ask("aphex/preview", here)
                .and_then(|preview| {
                    let own = list(&preview["files"]).find(|one| one["path"] == file).unwrap();
                    let line = own["text"].as_str().unwrap().lines().position(|line| line.contains(wanted)).unwrap();
                    let pipeline = &preview["pipeline"];
                    let params = json!({ "textDocument": document, "pipeline": pipeline, "path": file, "line": line });
                    client.ask("aphex/origin", params)
                })
                .map(|found| {
                    format!(
                        "{} {}",
                        reader.place(&found),
                        reader.text(&project.path(found["uri"].as_str().unwrap()), &found["range"])
                    )
                })
        }
        "graph" => client.ask("aphex/graph", here).map(|found| {
            let svg = found["svg"].as_str().unwrap_or_default();
            let stages: Vec<&str> =
                svg.split("data-stage=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            format!("{} of {}", found["stage"].as_str().unwrap_or("none"), stages.join(", "))
        }),
        "explain" => client.ask("aphex/explain", json!({ "code": rest })).map(|found| {
            found["markdown"].as_str().and_then(|text| text.lines().next()).unwrap_or("nothing").to_owned()
        }),
        other => panic!("nothing answers `{other}`"),
    };
    answered.unwrap_or_else(|(code, message)| format!("error {code}: {message}"))
}

/// Reads the places of answers.
struct Reader<'a> {
    project: &'a Project,
    encoding: Encoding,
}

impl Reader<'_> {
    fn offset(&self, path: &str, position: &Value) -> usize {
        let text = &self.project.files[path.trim_start_matches('*')];
        let line = usize::try_from(position["line"].as_u64().unwrap()).unwrap();
        let mut left = usize::try_from(position["character"].as_u64().unwrap()).unwrap();
        let mut lines = text.split_inclusive('\n');
        let start: usize = lines.by_ref().take(line).map(str::len).sum();
        let mut at = start;
        for letter in text[start..].chars() {
            if left == 0 || letter == '\n' {
                break;
            }
            left -= if self.encoding == Encoding::Utf8 { letter.len_utf8() } else { letter.len_utf16() };
            at += letter.len_utf8();
        }
        at
    }

    fn line_column(&self, path: &str, position: &Value) -> (usize, usize) {
        let text = &self.project.files[path.trim_start_matches('*')];
        let before = &text[..self.offset(path, position)];
        let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }

    fn range(&self, path: &str, range: &Value) -> String {
        let (start, end) = (self.line_column(path, &range["start"]), self.line_column(path, &range["end"]));
        match (start, end) {
            _ if start == end => format!("{}:{}", start.0, start.1),
            ((line, from), (same, to)) if line == same => format!("{line}:{from}-{to}"),
            _ => format!("{}:{}-{}:{}", start.0, start.1, end.0, end.1),
        }
    }

    fn text(&self, path: &str, range: &Value) -> &str {
        &self.project.files[path.trim_start_matches('*')]
            [self.offset(path, &range["start"])..self.offset(path, &range["end"])]
    }

    fn place(&self, location: &Value) -> String {
        if location.is_null() {
            return "nothing".to_owned();
        }
        let path = self.project.path(location["uri"].as_str().unwrap());
        format!("{path}:{}", self.range(&path, &location["range"]))
    }

    fn places(&self, found: &Value) -> String {
        or_nothing(list(found).map(|one| self.place(one)).collect())
    }

    fn problem(&self, path: &str, one: &Value) -> String {
        let severity = if one["severity"] == 1 { "error" } else { "warning" };
        let message = one["message"].as_str().unwrap().replace('\n', "\n  ");
        let head =
            format!("{} {severity}[{}]: {message}", self.range(path, &one["range"]), one["code"].as_str().unwrap());
        let related = list(&one["relatedInformation"])
            .map(|other| format!("\n  {} {}", self.place(&other["location"]), other["message"].as_str().unwrap()));
        std::iter::once(head).chain(related).collect()
    }

    /// A file with changes made.
    fn changed<'e>(&self, path: &str, edits: impl Iterator<Item = &'e Value>) -> String {
        let mut text = self.project.files[path.trim_start_matches('*')].clone();
        let mut edits: Vec<(usize, usize, &str)> = edits
            .map(|edit| {
                let range = &edit["range"];
                (
                    self.offset(path, &range["start"]),
                    self.offset(path, &range["end"]),
                    edit["newText"].as_str().unwrap(),
                )
            })
            .collect();
        edits.sort_unstable();
        for (start, end, new) in edits.into_iter().rev() {
            text.replace_range(start..end, new);
        }
        text
    }

    /// The lines of each file that a change makes others of.
    fn edits(&self, edit: &Value) -> String {
        let mut text = String::new();
        let mut files: Vec<_> = edit["changes"].as_object().into_iter().flatten().collect();
        files.sort_by_key(|(uri, _)| uri.as_str());
        for (uri, edits) in files {
            let path = self.project.path(uri);
            let changed = self.changed(&path, list(edits));
            let old = &self.project.files[&path];
            let patch = aphex::report::patch((&path, old), (&path, &changed), aphex::report::Style::PLAIN);
            let lines = patch.lines().skip(2).filter(|line| line.starts_with(['-', '+']));
            writeln!(text, "  {path}").unwrap();
            lines.for_each(|line| writeln!(text, "    {line}").unwrap());
        }
        if text.is_empty() { "  nothing".to_owned() } else { text.trim_end().to_owned() }
    }
}

fn position(text: &str, at: usize, encoding: Encoding) -> Value {
    let before = &text[..at];
    let line = before.rfind('\n').map_or(before, |at| &before[at + 1..]);
    let character = match encoding {
        Encoding::Utf8 => line.len(),
        Encoding::Utf16 => line.encode_utf16().count(),
    };
    json!({ "line": before.matches('\n').count(), "character": character })
}

fn list(found: &Value) -> impl Iterator<Item = &Value> {
    found.as_array().into_iter().flatten()
}

#[expect(clippy::needless_pass_by_value, reason = "what was just made is given")]
fn or_nothing(lines: Vec<String>) -> String {
    if lines.is_empty() { "nothing".to_owned() } else { lines.join("\n") }
}

/// The first completions, or those whose label begins with a word: `complete 5`, `complete acc`.
fn completions(found: &Value, wanted: &str) -> String {
    let count: usize = wanted.parse().unwrap_or(usize::MAX);
    let begin = if count == usize::MAX { wanted } else { "" };
    let line = |one: &Value| {
        let label = one["label"].as_str().unwrap();
        let detail = one["detail"].as_str().map(|detail| format!(" — {detail}")).unwrap_or_default();
        let new = one["textEdit"]["newText"].as_str().unwrap().replace('\n', "⏎");
        let doc = if one["documentation"].is_null() { "" } else { " (documented)" };
        let new = if new == label { String::new() } else { format!(" ⇒ {new}") };
        format!("{label}{detail}{new}{doc}")
    };
    let mut all: Vec<&Value> = list(found).collect();
    all.sort_by_key(|one| one["sortText"].as_str().unwrap());
    let shown = all.into_iter().filter(|one| one["label"].as_str().unwrap().starts_with(begin)).take(count);
    or_nothing(shown.map(line).collect())
}

fn signature(found: &Value) -> String {
    if found.is_null() {
        return "nothing".to_owned();
    }
    let active = usize::try_from(found["activeSignature"].as_u64().unwrap()).unwrap();
    let argument = usize::try_from(found["activeParameter"].as_u64().unwrap()).unwrap();
    let line = |(index, one): (usize, &Value)| {
        let mark = if index == active { "* " } else { "  " };
        let parameter = &one["parameters"][argument];
        let words = parameter["documentation"].as_str().unwrap_or_default();
        let parameter = parameter["label"].as_str().unwrap_or("none");
        format!("{mark}{} at {parameter}: {words}", one["label"].as_str().unwrap())
    };
    list(&found["signatures"]).enumerate().map(line).collect::<Vec<_>>().join("\n")
}

fn symbol(reader: &Reader<'_>, path: &str, one: &Value, depth: usize, lines: &mut Vec<String>) {
    let detail = one["detail"].as_str().unwrap_or_default();
    let place = reader.range(path, &one["selectionRange"]);
    lines.push(format!("{}{} {detail} {place}", "  ".repeat(depth), one["name"].as_str().unwrap()));
    list(&one["children"]).for_each(|child| symbol(reader, path, child, depth + 1, lines));
}

fn tokens(reader: &Reader<'_>, path: &str, found: &Value) -> String {
    let numbers: Vec<u64> = list(&found["data"]).map(|number| number.as_u64().unwrap()).collect();
    let (mut line, mut character) = (0, 0);
    let mut lines: Vec<String> = Vec::new();
    for token in numbers.chunks(5) {
        character = if token[0] == 0 { character + token[1] } else { token[1] };
        line += token[0];
        let at = |character: u64| json!({ "line": line, "character": character });
        let text = reader.text(path, &json!({ "start": at(character), "end": at(character + token[2]) }));
        let kind = aphex::ide::TokenKind::NAMES[usize::try_from(token[3]).unwrap()];
        let names = aphex::ide::Modifier::NAMES.iter().enumerate();
        let modifiers = names.filter(|(bit, _)| token[4] & (1 << bit) != 0).flat_map(|(_, name)| [".", name]);
        let modifiers: String = modifiers.collect();
        lines.push(format!("{text} {kind}{modifiers}"));
    }
    or_nothing(lines)
}
