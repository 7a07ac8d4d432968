use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::diagnostic::Code;
use crate::source::{Origin, SourceId};

const COLORS: Style = Style { color: true, unicode: true, width: Some(100) };
const SCREEN: Style = Style { color: false, unicode: true, width: Some(100) };

fn one(text: &str) -> SourceMap {
    let mut map = SourceMap::new();
    map.add("pipeline.aphex", "ci/pipeline.aphex", text, Origin::Script);
    map
}

/// The span of the first `word` in a text of the map.
fn find(map: &SourceMap, text: usize, word: &str) -> Span {
    let source = map.iter().nth(text).unwrap();
    let start = u32::try_from(source.text.find(word).unwrap()).unwrap();
    source.span(start, start + u32::try_from(word.len()).unwrap())
}

/// An error with everything, and a warning with nothing.
fn usual() -> (SourceMap, Vec<Diagnostic>) {
    let mut map = one(
        "import \"./platform/defaults\" as platform;\nlet id = \"12\";\n\n\n\n\nlet dev = environment(\"dev\", #{\n    account: id,\n    region: \"us-east-1\",\n    aproval: true,\n});\npipeline(\"my-app\", platform::base(dev));\n",
    );
    map.add(
        "platform/defaults.aphex",
        "ci/platform/defaults.aphex",
        "fn base(dev) {\n    make(dev)\n}\n",
        Origin::Module,
    );
    let diagnostics = vec![
        Diagnostic::new(
            Code::BadValue,
            find(&map, 0, "\"12\""),
            "`account`: an account id has 12 digits, this one has 2",
        )
        .label("12 digits belong here")
        .related(find(&map, 0, "id,"), "it was given to `environment` here")
        .related(find(&map, 1, "make"), "and used by `make`")
        .help("write the account id as a text of 12 digits, such as \"123456789012\"")
        .help("or take it from a parameter: `param(\"account\")`")
        .trace(find(&map, 1, "make(dev)"), "`make` was called here")
        .trace(find(&map, 0, "base(dev)"), "`base` was called here"),
        Diagnostic::new(Code::Unused, find(&map, 0, "dev"), "100% of `dev`, or so:\nnothing uses it"),
    ];
    (map, diagnostics)
}

fn usual_as(format: Format, style: Style) -> String {
    let (map, diagnostics) = usual();
    render(format, &diagnostics, &map, style)
}

fn human(map: &SourceMap, diagnostic: Diagnostic, style: Style) -> String {
    render(Format::Human, &[diagnostic], map, style)
}

#[test]
fn every_format_has_its_form() {
    assert_snapshot!("human_plain", usual_as(Format::Human, Style::PLAIN));
    assert_snapshot!("human_screen", usual_as(Format::Human, SCREEN));
    assert_snapshot!("human_narrow", usual_as(Format::Human, Style { width: Some(40), ..SCREEN }));
    assert_snapshot!("human_colors", usual_as(Format::Human, COLORS).replace('\u{1b}', "ESC"));
    assert_snapshot!("short", usual_as(Format::Short, Style::PLAIN));
    assert_snapshot!("json", usual_as(Format::Json, Style::PLAIN));
    assert_snapshot!("sarif", usual_as(Format::Sarif, Style::PLAIN));
    assert_snapshot!("github", usual_as(Format::Github, Style::PLAIN));
}

#[test]
fn short_says_no_more_than_its_line() {
    let colored = usual_as(Format::Short, COLORS);
    assert!(colored.contains("\u{1b}["), "{colored}");
    assert_eq!(
        usual_as(Format::Short, Style::PLAIN).lines().next(),
        Some("pipeline.aphex:2:10: error[bad-value]: `account`: an account id has 12 digits, this one has 2")
    );
}

#[test]
fn nothing_wrong_is_nothing_said() {
    let map = one("");
    for format in [Format::Human, Format::Short, Format::Json, Format::Github] {
        assert_eq!(render(format, &[], &map, COLORS), "");
    }
    let log: serde_json::Value = serde_json::from_str(&render(Format::Sarif, &[], &map, COLORS)).unwrap();
    assert_eq!(log["runs"][0]["results"], serde_json::json!([]));
}

#[test]
fn odd_places_are_drawn() {
    let text = "\u{feff}let a = 1\r\nlet 名前 = \"👍🏽\";\t\tlet b = 2;\r\n#{\r\n  key: [\r\n    1,\r\n  ]\r\n}\r\n";
    let map = one(text);
    let source = map.get(SourceId(0));
    let end = u32::try_from(text.len()).unwrap();
    let at = |word: &str| find(&map, 0, word);
    let mut drawn = String::new();
    for (span, label) in [
        (source.span(at("1\r").end, at("1\r").start + 1), "a `;` belongs here"),
        (at("\"👍🏽\""), "wide"),
        (at("b = 2"), "after tabs"),
        (source.span(at("#{").start, at("\n}").end), "several lines"),
        (source.span(end, end), "the end"),
        (source.span(0, 0), "the start"),
        (source.span(end + 7, end + 9), "past the end"),
    ] {
        drawn.push_str(&human(&map, Diagnostic::new(Code::UnexpectedToken, span, label).label(label), SCREEN));
    }
    drawn.push_str(&human(&one(""), Diagnostic::new(Code::NoPipeline, Span::new(SourceId(0), 0, 0), "empty"), SCREEN));
    assert_snapshot!("odd_places", drawn);
}

#[test]
fn long_lines_and_long_labels_are_cut() {
    let long = format!("let a = \"{}\"; wrong; let b = \"{}\";\n", "x".repeat(3_000), "y".repeat(3_000));
    let map = one(&format!("{long}pipeline(\n{})\n", "  1,\n".repeat(30)));
    let mut drawn = String::new();
    let wrong = Diagnostic::new(Code::UnexpectedToken, find(&map, 0, "wrong"), "a word")
        .label("here")
        .related(find(&map, 0, "let"), "left of what is shown")
        .related(find(&map, 0, "let b"), "after it");
    drawn.push_str(&human(&map, wrong, SCREEN));
    let start = find(&map, 0, "pipeline(");
    let tall = Span { end: u32::try_from(map.get(SourceId(0)).text.len()).unwrap(), ..start };
    drawn.push_str(&human(&map, Diagnostic::new(Code::WrongArguments, tall, "too many").label("all of it"), SCREEN));
    assert_snapshot!("cut", drawn);
}

#[test]
fn a_script_cannot_steer_the_terminal() {
    let map = one("fail(\"\u{1b}[2J\u{9b}31m\u{202e}\u{7}\rx\");\n");
    let said = "\u{1b}]0;title\u{7}\u{9b}2J\u{202e}";
    let bad = Diagnostic::new(Code::UserError, find(&map, 0, "x"), said).label(said).help(said);
    let bad = bad.trace(find(&map, 0, "fail"), said);
    let mut shown = String::new();
    for format in [Format::Human, Format::Short, Format::Github] {
        shown.push_str(&render(format, std::slice::from_ref(&bad), &map, SCREEN));
    }
    assert!(!shown.contains(|c: char| c != '\n' && (c.is_control() || c == '\u{202e}')), "{shown:?}");
    assert_snapshot!("hostile", shown);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_place_in_any_text_is_drawn(
        text in "\u{feff}?(\\PC|[ab\"\t\r]|\n|\r\n|\u{1b}){0,60}",
        places in proptest::collection::vec((0u32..200, 0u32..200), 1..5),
        width in 0usize..60,
    ) {
        let mut map = one(&text);
        map.add("b", "b", &text, Origin::Module);
        let span = |(a, b): (u32, u32)| Span::new(SourceId(u16::from(b % 7 == 0)), a, b);
        let mut bad = Diagnostic::new(Code::BadValue, span(places[0]), text.clone()).label("x");
        for place in &places[1..] {
            bad = bad.related(span(*place), "y").trace(span(*place), text.clone());
        }
        for style in [Style::PLAIN, Style { width: Some(width), ..COLORS }] {
            let drawn = render(Format::Human, std::slice::from_ref(&bad), &map, style);
            prop_assert!(!drawn.contains("Failed to read") && !drawn.contains("OutOfBounds"), "{}", drawn);
            for format in [Format::Short, Format::Json, Format::Sarif, Format::Github] {
                let drawn = render(format, std::slice::from_ref(&bad), &map, style);
                prop_assert_eq!(drawn.lines().count() == 1, format != Format::Sarif, "{}", drawn);
            }
        }
    }
}
