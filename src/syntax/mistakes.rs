//! The mistakes that people make: one diagnostic each, with its code and its exact place.

use crate::diagnostic::Code::{self, *};
use crate::source::SourceId;

/// A text with `«…»` around what is to be blamed, and the codes in the order of the places.
type Case = (&'static str, &'static [Code]);

#[rustfmt::skip]
const TEXTS: &[Case] = &[
    ("let x = «\"abc»;\nlet y = 2;", &[UnclosedText]),
    ("environment(«\"dev», #{ account: \"1\" });", &[UnclosedText]),
    ("let x = [\"a\", «\"npm run build»];\nlet y = 1;", &[UnclosedText]),
    ("let x = «`abc»;\nlet y = 2;", &[UnclosedText]),
    ("let x = `a-«${»b`;\nlet y = 2;", &[UnclosedInterpolation]),
    ("let x = `a-«${»b;\nlet y = 2;", &[UnclosedInterpolation]),
    ("let x = «'dev'»; f(«''»);", &[SingleQuotes, SingleQuotes]),
    ("let x = \"a«\\q»b\";", &[BadEscape]),
    ("let x = «“»smart”;", &[UnknownCharacter]),
    ("let «größe» = 1;", &[UnknownCharacter]),
    ("let x = «0x»; let y = «-0x10»; let z = «1e+»;", &[BadNumber, BadNumber, BadNumber]),
    ("a(); «/*» never", &[UnclosedComment]),
    ("«#» note\nlet x = 1; «#» note", &[ForeignSpelling, ForeignSpelling]),
];

#[rustfmt::skip]
const SEPARATORS: &[Case] = &[
    ("let x = 5«»\nlet y = 6;", &[MissingSemicolon]),
    ("let x = if a { 1 } else { 2 }«» // why\nlet y = 3;", &[MissingSemicolon]),
    ("f(1)«» g(2);", &[MissingSemicolon]),
    ("environment«» \"dev\" #{ a: 1 };", &[MissingSemicolon]),
    ("f(1«» 2);", &[MissingComma]),
    ("let x = [1«» 2];", &[MissingComma]),
    ("let m = #{\n  a: 1«»\n  b: 2,\n};", &[MissingComma]),
    ("let m = #{ a: 1«;» b: 2 };", &[MissingComma]),
    ("switch x { 1 => a«;» 2 => b }", &[MissingComma]),
    ("switch x { 1 => a«» 2 => b }", &[MissingComma]),
    ("fn f(a«» b) { }", &[MissingComma]),
    ("let m = #{ a«» 1 };", &[MissingColon]),
    ("let m = #{ a«», b«» };", &[MissingColon, MissingColon]),
    ("let m = #{ a «=» 1, b «=>» 2 };", &[EqualsInMap, EqualsInMap]),
    ("let m = #{ «:» 1 };", &[MissingName]),
    ("f(1,«», 2);", &[MissingExpression]),
];

#[rustfmt::skip]
const BRACKETS: &[Case] = &[
    ("let x = «[»1, 2;", &[UnclosedBracket]),
    ("f(«#{» a: 1 );", &[UnclosedBracket]),
    ("let m = #{\n    a: «[»1, 2,\n    b: 3,\n};\nlet n = 1;", &[UnclosedBracket]),
    ("pipeline(\"a\", #{ stages: [dev, parallel«(»staging, prod] });", &[UnclosedBracket]),
    ("stage«(»\"x\", #{\n    a: 1,\n};\nlet y = 2;", &[UnclosedBracket]),
    ("fn f() {\n    if x «{»\n        g();\n    h();\n}\n\nfn i() { }", &[UnclosedBracket]),
    ("fn f() «{»\n    g();\nlet y = 2;", &[UnclosedBracket]),
    ("fn f()«»\n    g();\n}\nlet y = 2;", &[MissingBlock]),
    ("if «(»a && b {\n    c();\n}", &[UnclosedBracket]),
    ("f(1)«)»;\nfn a() { } «}»", &[UnexpectedBracket, UnexpectedBracket]),
    ("let x = [1, 2«)»;", &[UnexpectedBracket]),
    ("let x = #{ a: network«]», b: 1 };", &[UnexpectedBracket]),
    ("let x = #{ a: «»b, c], d: 1 };", &[UnexpectedBracket]),
    ("f(\"a\", «{» a: 1 });\nlet m = «{» \"b\": 2 };", &[BraceForMap, BraceForMap]),
    ("f(\"a\",\n    «account»: 1,\n    region: 2,\n});", &[BraceForMap]),
    ("f(\"a\", account«:» 1, region: 2);", &[BraceForMap]),
    ("f«(»(1);", &[UnclosedBracket]),
];

#[rustfmt::skip]
const WORDS: &[Case] = &[
    ("let «default» = 1; fn «new»() { } fn f(«shared») { }", &[ReservedWord, ReservedWord, ReservedWord]),
    ("let «in» = 1;", &[ReservedWord]),
    ("let a = #{ «match»: 1, «if»: 2, \"default\": 3 };", &[ReservedWord, ReservedWord]),
    ("x.«default» = 1; let y = a.«shared».b;", &[ReservedWord, ReservedWord]),
    ("let x = «null»; f(«nil»);", &[NullValue, NullValue]),
    ("«eval»(\"1\");", &[ReservedWord]),
    ("let x = a «and» b «or» «not» c;", &[ForeignSpelling, ForeignSpelling, ForeignSpelling]),
    ("if a { } «elif» b { } else { }", &[ForeignSpelling]),
    ("if a { } else «b» { }", &[MissingBlock]),
    ("«function» f(a) { a }\n«var» x = 1;", &[ForeignSpelling, ForeignSpelling]),
    ("let «(»a, b) = c;\nlet «mut» d = 1; let e«:» int = 2;", &[ForeignSpelling, ForeignSpelling, ForeignSpelling]),
    ("x «===» y; i«++»; let z = a «?» b : c;", &[ForeignSpelling, ForeignSpelling, ForeignSpelling]),
    ("f(x «=>» x + 1);", &[ForeignSpelling]),
    ("let f = «fn»(a) { a };", &[ForeignSpelling]),
    ("import «x» from \"y\";", &[ForeignSpelling]),
    ("switch x { «case» 1 => 2, «default» => 3 }", &[ForeignSpelling, ForeignSpelling]),
    ("for i «of» xs { }\nfor «(»let i = 0; i < 3; i += 1) { }", &[UnexpectedToken, ForeignSpelling]),
    ("for «_» in xs { }\nmap(|«_»| 1);", &[MissingName, MissingName]),
    ("«async» fn f() { } if a { }; «else» { }", &[ForeignSpelling, UnexpectedToken]),
];

#[rustfmt::skip]
const MEANING: &[Case] = &[
    ("let x =«»\nlet y = 2;", &[MissingExpression]),
    ("let x = 5 «+»\nlet y = 2;", &[TrailingOperator]),
    ("if x «==» { 1 }", &[TrailingOperator]),
    ("if x «=» 1 { }", &[UnexpectedToken]),
    ("x = y «=» z;", &[UnexpectedToken]),
    ("const A = 1; { let A = 2; A = 3; } «A» += 1;", &[AssignToConstant]),
    ("«f(x)» = 1; «a.b()» = 2; a.b[0].c = 3; «1» = 2;", &[NotAssignable, NotAssignable, NotAssignable]),
    ("#{ a: 1, «\"a\"»: 2 };", &[DuplicateKey]),
    ("fn f(a) { } fn f() { } fn «f»(b) { }", &[DuplicateFunction]),
    ("fn f(a, «a») { } |x, «x»| x;", &[DuplicateParameter, DuplicateParameter]),
    ("«break»; loop { |x| { «continue»; }; break; }", &[MisplacedStatement, MisplacedStatement]),
    ("{ «fn» f() { } «export» let x = 1; }", &[MisplacedStatement, MisplacedStatement]),
    ("«this».x = 1; |a| this.x;", &[MisplacedStatement]),
    ("if «1» { } while a && «\"b\"» { } for x in «5» { }", &[WrongType, WrongType, WrongType]),
    ("[1][«\"a\"»]; #{}[«1»];", &[WrongType, WrongType]),
    ("switch x { «_» => 1, 2 => 3 }", &[BadCase]),
    ("switch x { «y» => 1, 1..3 => 2, «4» => 3 }", &[BadCase, BadCase]),
    ("let f = |x|«»;", &[MissingExpression]),
    ("try { a() }«»", &[MissingBlock]),
    ("do { }«»", &[MissingExpression]),
    ("a.«»;\na.«1»;", &[MissingName, MissingName]),
    ("let x = f(y)«»(z);", &[MissingSemicolon]),
];

/// The text without the marks, and where they stood.
fn unmark(marked: &str) -> (String, Vec<(usize, usize)>) {
    let (mut text, mut places) = (String::new(), Vec::new());
    let mut start = 0;
    for character in marked.chars() {
        match character {
            '«' => start = text.len(),
            '»' => places.push((start, text.len())),
            other => text.push(other),
        }
    }
    (text, places)
}

fn check(cases: &[Case]) {
    for (marked, codes) in cases {
        let (text, places) = unmark(marked);
        let found: Vec<_> = super::parse(SourceId(0), &text)
            .diagnostics
            .iter()
            .map(|problem| (problem.code, (problem.primary.span.start as usize, problem.primary.span.end as usize)))
            .collect();
        let expected: Vec<_> = codes.iter().copied().zip(places).collect();
        assert_eq!(found, expected, "{marked}");
    }
}

#[test]
fn texts_and_characters() {
    check(TEXTS);
}

#[test]
fn separators() {
    check(SEPARATORS);
}

#[test]
fn brackets() {
    check(BRACKETS);
}

#[test]
fn words() {
    check(WORDS);
}

#[test]
fn meaning() {
    check(MEANING);
}

fn codes(text: &str) -> Vec<Code> {
    super::parse(SourceId(0), text).diagnostics.iter().map(|problem| problem.code).collect()
}

#[test]
fn several_mistakes_are_found_in_one_run() {
    let text = "let a = 1\nlet b = [1 2];\nlet c = #{ x = 1 };\nf({ y: 2 });\nlet d = null;\n";
    assert_eq!(codes(text), [MissingSemicolon, MissingComma, EqualsInMap, BraceForMap, NullValue]);
}

#[test]
fn what_is_nested_too_deeply_is_one_problem() {
    let nested = [
        ("(", "1", ")"),
        ("[", "", "]"),
        ("#{a:", "1", "}"),
        ("{", "", "}"),
        ("f(", "", ")"),
        ("`${", "", "}`"),
        ("- ", "1", ""),
        ("1+", "1", ""),
        ("a", "", ".b"),
        ("a", "", "[1]"),
        ("|x| ", "1", ""),
        ("loop {", "", "}"),
    ];
    for (open, middle, close) in nested {
        let text = format!("{}{middle}{};", open.repeat(5_000), close.repeat(5_000));
        assert_eq!(codes(&text), [TooDeep], "{open}");
    }
}

#[test]
fn nothing_overflows_the_stack() {
    let pieces = [
        "(",
        "-",
        "|x|",
        "if a {",
        "a.",
        "a[",
        "1+",
        "!",
        "return ",
        "x ?? ",
        "fn a() {",
        "a ? ",
        "else ",
        "not a ",
        "if a {} else b {} else ",
        "switch a { 1 => ",
        "x => ",
        "fn(a) {",
        "new a ",
        "async fn ",
        "* a",
        "try {",
        "do {",
    ];
    for piece in pieces {
        assert!(!codes(&piece.repeat(5_000)).is_empty(), "{piece}");
    }
}
