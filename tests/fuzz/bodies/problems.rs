//! What holds for every list of problems.

use aphex::diagnostic::Diagnostic;
use aphex::report::{Format, Style, render};
use aphex::source::{Origin, SourceMap, Span};
use serde_json::Value;

/// Every place lies in its text, and every report can be written.
pub(super) fn check(diagnostics: &[Diagnostic], sources: &SourceMap) {
    for one in diagnostics {
        let places = one.related.iter().chain(&one.trace).chain([&one.primary]);
        places.for_each(|place| check_span(place.span, &sources.get(place.span.source).text, one));
        let source = sources.get(one.primary.span.source);
        assert_ne!(source.origin, Origin::Stdlib, "nobody can edit it: {one:?}");
        assert!(!one.message.trim().is_empty(), "{one:?}");
    }
    let wide = Style { color: true, unicode: true, width: Some(40) };
    for style in [Style::PLAIN, wide] {
        render(Format::Human, diagnostics, sources, style);
        render(Format::Short, diagnostics, sources, style);
    }
    render(Format::Github, diagnostics, sources, Style::PLAIN);
    let lines = render(Format::Json, diagnostics, sources, Style::PLAIN);
    assert_eq!(lines.lines().count(), diagnostics.len(), "{lines}");
    let sarif = render(Format::Sarif, diagnostics, sources, Style::PLAIN);
    for json in lines.lines().chain([&*sarif]).filter(|text| !text.is_empty()) {
        let read: Result<Value, _> = serde_json::from_str(json);
        assert!(read.is_ok(), "{read:?}: {json}");
    }
}

fn check_span(span: Span, text: &str, problem: &Diagnostic) {
    assert!(span.start <= span.end && text.get(span.range()).is_some(), "{span:?} is no place: {problem:?}");
}
