//! `--message-format sarif`: one SARIF 2.1.0 log for the run.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;

use serde_json::{Value, json};

use super::Problem;
use crate::diagnostic::Code;
use crate::source::Span;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn render(problems: &[Problem<'_>]) -> String {
    let codes: BTreeSet<Code> = problems.iter().map(|problem| problem.diagnostic.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "aphex",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| rule(*code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": problems.iter().map(|problem| result(*problem, &codes)).collect::<Vec<_>>(),
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.id(),
        "shortDescription": { "text": code.summary() },
        "defaultConfiguration": { "level": code.severity().name() },
    })
}

fn result(problem: Problem<'_>, codes: &[Code]) -> Value {
    let diagnostic = problem.diagnostic;
    let mut message = diagnostic.message.clone();
    for help in &diagnostic.help {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    let mut result = json!({
        "ruleId": diagnostic.code.id(),
        "ruleIndex": codes.iter().position(|code| *code == diagnostic.code),
        "level": problem.severity().name(),
        "message": { "text": message },
        "locations": [location(problem, diagnostic.primary.span, &diagnostic.primary.node)],
    });
    let others = diagnostic.related.iter().chain(&diagnostic.trace);
    // The schema wants no location twice, and a function that calls itself gives many.
    let mut seen = HashSet::new();
    let others = others.filter(|place| seen.insert(*place));
    let others: Vec<Value> = others.map(|place| location(problem, place.span, &place.node)).collect();
    if !others.is_empty() {
        result["relatedLocations"] = others.into();
    }
    result
}

fn location(problem: Problem<'_>, span: Span, message: &str) -> Value {
    let (start, end) = problem.place(span);
    let mut location = json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&problem.sources.get(span.source).path) },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    }});
    if !message.is_empty() {
        location["message"] = json!({ "text": message });
    }
    location
}

/// A path as a relative URI reference. A colon in its first part would read as a scheme, so it is always escaped.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/@+=".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("a string takes every text");
        }
    }
    uri
}
