//! Our parser and Rhai's accept the same texts: those of the repository, generated ones, and broken variants of both.

use std::fmt::Write as _;
use std::path::Path;

use aphex::diagnostic::{Code, Diagnostic};
use aphex::source::{Origin, SourceMap};
use aphex::syntax::{self, MAX_DEPTH, SyntaxKind};

/// Where we refuse what Rhai takes: the code, part of the message, and why.
const STRICTER: &[(Code, &str, &str)] = &[
    (Code::UnclosedComment, "", "Rhai takes the rest of the file for a comment, silently"),
    (Code::MissingExpression, "the body of the closure", "Rhai takes `|x|` and `|x| ;` at the end of the text"),
    (Code::UnexpectedToken, "`!` cannot follow a call after a dot", "Rhai takes `x.f!()`, where it means nothing, inside a longer chain"),
    (Code::WrongType, "a closure where a condition", "Rhai takes a closure for a condition where it uses an outer variable"),
    (Code::BadCase, "a case is a value that is written out", "Rhai takes closures and `Fn(\"…\")` as cases, which nothing equals"),
];

/// An engine that reads scripts as ours does.
fn engine() -> rhai::Engine {
    let mut engine = rhai::Engine::new();
    engine.set_max_expr_depths(MAX_DEPTH, MAX_DEPTH);
    engine.disable_symbol("eval");
    engine
}

fn read(text: &str) -> syntax::Parsed {
    let id = SourceMap::new().add("a.aphex", "a.aphex", text, Origin::Script);
    syntax::parse(id, text)
}

/// What the two say, where they differ.
fn difference(engine: &rhai::Engine, text: &str) -> Option<String> {
    let ours: Vec<Diagnostic> = read(text).diagnostics.into_iter().filter(Diagnostic::is_error).collect();
    let theirs = engine.compile(text.trim_start_matches('\u{feff}')).err();
    let allowed = !ours.is_empty() && ours.iter().all(is_stricter);
    if ours.is_empty() == theirs.is_none() || allowed {
        return None;
    }
    let ours: Vec<_> = ours.iter().map(|problem| (problem.primary.span.range(), &problem.message)).collect();
    Some(format!("---\n{text}\n---\nRhai: {theirs:?}\nours: {ours:?}\n"))
}

fn is_stricter(problem: &Diagnostic) -> bool {
    STRICTER.iter().any(|(code, part, _)| problem.code == *code && problem.message.contains(part))
}

/// A small generator of numbers: the same ones in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const NAMES: &[&str] = &["a", "b", "c", "x", "stack", "dev", "f", "_y1"];

const LITERALS: &[&str] = &[
    "1", "0", "-1", "12_000", "0xff", "0b11", "0o17", "1.5", "2.", "1e3", "-2.5e-3", "true", "false", "()", "'a'", "'\\n'",
    "\"text\"", "\"a \\\"b\\\" \\\\ \\u00e4\"", "\"say \"\"hi\"\"\"", "`plain`", "`two\nlines`", "#\"raw \"x\" \"#", "`\\${no}`",
    "99999999999999999999", "-0x10", "''", "'ab'", "1.e", "0x", "\"\\q\"", "1..5", "..", "1..", "..=3",
];

const OPERATORS: &[&str] = &[
    "+", "-", "*", "/", "%", "**", "<<", ">>", "&", "|", "^", "&&", "||", "??", "==", "!=", "<", ">", "<=", ">=", "in",
    "!in", "..", "..=", "===", "=", "<-",
];

/// Tokens that a mutation writes over others.
const TOKENS: &[&str] = &[
    "(", ")", "[", "]", "{", "}", "#{", "()", ";", ",", ":", "::", "=>", ".", "?.", "?[", "..", "=", "+", "-", "!", "|",
    "||", "&&", "==", "+=", "let", "const", "if", "else", "for", "in", "while", "loop", "do", "until", "switch", "fn",
    "private", "return", "throw", "break", "continue", "try", "catch", "import", "export", "as", "this", "default", "null",
    "print", "call", "eval", "_", "a", "x", "1", "2.5", "\"s\"", "'c'", "`t`", "`a ${", "}`", "\"", "`", "true", "//", "/*",
    "@", "#", "?", "--", "->", "ä", "\n", "0x", "-0x1", "var", "new",
];

struct Writer {
    random: Random,
    text: String,
}

impl Writer {
    fn script(seed: u64) -> String {
        let mut writer = Self { random: Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1), text: String::new() };
        for _ in 0..=writer.random.below(6) {
            let depth = 1 + writer.random.below(5);
            if writer.random.below(8) == 0 {
                writer.function(depth);
            } else {
                writer.statement(depth);
            }
        }
        writer.text
    }

    fn put(&mut self, text: &str) {
        self.text.push_str(text);
        let blank = self.random.pick(&[" ", " ", " ", "", "\n", " /* c */ ", "// c\n", "  "]);
        // Two words must not become one.
        let blank = if blank.is_empty() && text.ends_with(|c: char| !"([{,;".contains(c)) { " " } else { blank };
        self.text.push_str(blank);
    }

    fn name(&mut self) {
        let name = self.random.pick(NAMES);
        self.put(name);
    }

    fn separated(&mut self, by: &str, depth: usize, write: fn(&mut Self, usize)) {
        let count = self.random.below(4);
        for index in 0..count {
            write(self, depth);
            if index + 1 < count || self.random.below(3) == 0 {
                self.put(by);
            }
        }
    }

    fn bracket(&mut self, open: &str, close: &str, depth: usize, write: fn(&mut Self, usize)) {
        self.put(open);
        self.separated(",", depth, write);
        self.put(close);
    }

    fn function(&mut self, depth: usize) {
        let start = self.random.pick(&["fn", "private fn", "fn int.", "fn \"T\"."]);
        self.put(start);
        self.name();
        self.bracket("(", ")", depth, |writer, _| writer.name());
        self.block(depth);
    }

    fn block(&mut self, depth: usize) {
        self.put("{");
        for _ in 0..self.random.below(3) {
            self.statement(depth.saturating_sub(1));
        }
        if self.random.below(2) == 0 {
            self.expression(depth);
        }
        self.put("}");
    }

    fn statement(&mut self, depth: usize) {
        let depth = depth.saturating_sub(1);
        match self.random.below(if depth == 0 { 5 } else { 17 }) {
            0 | 1 => self.definition(depth),
            2 => self.assignment(depth),
            3 => self.expression(depth),
            4 => {
                let word = self.random.pick(&["return", "throw", "break", "continue", "return 1", "throw \"x\"", ""]);
                self.put(word);
            }
            5 => return self.function_like("if", depth),
            6 => return self.function_like("while", depth),
            7 => return self.function_like("loop", depth),
            8 => return self.for_(depth),
            9 => return self.switch(depth),
            10 => self.do_(depth),
            11 => return self.try_(depth),
            12 => return self.block(depth),
            13 => self.import(),
            14 => {
                let start = self.random.pick(&["export let e = 1", "export a", "export a as b", "export const Q = 2"]);
                self.put(start);
            }
            _ => self.call(depth),
        }
        self.put(";");
    }

    fn definition(&mut self, depth: usize) {
        let word = self.random.pick(&["let", "const"]);
        self.put(word);
        self.name();
        if self.random.below(5) > 0 {
            self.put("=");
            self.expression(depth);
        }
    }

    fn assignment(&mut self, depth: usize) {
        match self.random.below(4) {
            0 => self.expression(depth),
            1 => {
                self.name();
                self.postfix(depth);
            }
            _ => self.name(),
        }
        let operator = self.random.pick(&["=", "+=", "-=", "*=", "/=", "%=", "**=", "<<=", ">>=", "&=", "|=", "^="]);
        self.put(operator);
        self.expression(depth);
    }

    fn function_like(&mut self, word: &str, depth: usize) {
        self.put(word);
        if word != "loop" {
            self.expression(depth);
        }
        self.block(depth);
        if word == "if" && self.random.below(2) == 0 {
            self.put("else");
            if self.random.below(3) == 0 && depth > 0 { self.function_like("if", depth - 1) } else { self.block(depth) }
        }
    }

    fn for_(&mut self, depth: usize) {
        let head = self.random.pick(&["for x in", "for (x, i) in", "for (a, a) in", "for a in"]);
        self.put(head);
        self.expression(depth);
        self.block(depth);
    }

    fn do_(&mut self, depth: usize) {
        self.put("do");
        self.block(depth);
        let word = self.random.pick(&["while", "until"]);
        self.put(word);
        self.expression(depth);
    }

    fn try_(&mut self, depth: usize) {
        self.put("try");
        self.block(depth);
        let word = self.random.pick(&["catch", "catch (e)", "catch (a)"]);
        self.put(word);
        self.block(depth);
    }

    fn import(&mut self) {
        let text = self.random.pick(&["import \"./m\" as m", "import \"aphex/x\" as a", "import \"m\""]);
        self.put(text);
    }

    fn switch(&mut self, depth: usize) {
        self.put("switch");
        self.expression(depth);
        self.put("{");
        for _ in 0..self.random.below(4) {
            let value = self.random.pick(&["1", "\"a\"", "1..3", "2 | 3", "_", "'c'", "[1, 2]", "1 if a", "x", "-1", "#{a: 1}"]);
            self.put(value);
            self.put("=>");
            if self.random.below(3) == 0 { self.block(depth) } else { self.expression(depth) }
            self.put(",");
        }
        self.put("}");
    }

    fn call(&mut self, depth: usize) {
        let path = self.random.pick(&["", "", "m::", "a::b::", "global::"]);
        self.text.push_str(path);
        self.name();
        self.bracket("(", ")", depth, Self::expression);
        if self.random.below(3) == 0 {
            self.postfix(depth);
        }
    }

    fn postfix(&mut self, depth: usize) {
        for _ in 0..=self.random.below(3) {
            match self.random.below(6) {
                0 => self.put(".name"),
                1 => self.put("?.x"),
                2 | 3 => {
                    let open = self.random.pick(&["[", "?["]);
                    self.put(open);
                    self.expression(depth);
                    self.put("]");
                }
                _ => {
                    let call = self.random.pick(&[".map", ".call", ".f", "?.len"]);
                    self.put(call);
                    self.bracket("(", ")", depth, Self::expression);
                }
            }
        }
    }

    fn expression(&mut self, depth: usize) {
        if depth == 0 {
            let value = if self.random.below(2) == 0 { self.random.pick(LITERALS) } else { self.random.pick(NAMES) };
            return self.put(value);
        }
        let depth = depth - 1;
        match self.random.below(16) {
            0 | 1 => {
                self.expression(depth);
                let operator = self.random.pick(OPERATORS);
                self.put(operator);
                self.expression(depth);
            }
            2 => {
                let operator = self.random.pick(&["-", "+", "!", "not "]);
                self.put(operator);
                self.expression(depth);
            }
            3 => self.bracket("[", "]", depth, Self::expression),
            4 | 5 => self.bracket("#{", "}", depth, Self::entry),
            6 => {
                self.put("(");
                self.expression(depth);
                self.put(")");
            }
            7 | 8 => {
                self.expression(0);
                self.postfix(depth);
            }
            9 => self.template(depth),
            10 => self.closure(depth),
            11 => self.function_like("if", depth),
            12 => self.switch(depth),
            13 => self.block(depth),
            _ => self.call(depth),
        }
    }

    fn entry(&mut self, depth: usize) {
        let key = self.random.pick(&["a", "b", "account", "region", "\"q\"", "\"a\"", "`k`", "default", "if", "stages"]);
        self.put(key);
        self.put(":");
        self.expression(depth);
    }

    fn template(&mut self, depth: usize) {
        self.text.push_str("`a ${");
        self.expression(depth);
        let end = self.random.pick(&["} b`", "}`", "}${}`", "; 1}`"]);
        self.put(end);
    }

    fn closure(&mut self, depth: usize) {
        let head = self.random.pick(&["||", "|x|", "|x, y|", "|x, x|", "|a,|"]);
        self.put(head);
        match self.random.below(4) {
            0 => self.block(depth),
            1 => self.assignment(depth),
            _ => self.expression(depth),
        }
    }
}

/// `text` with a few tokens removed, doubled, swapped, replaced or added, or with its end cut off.
fn mutate(text: &str, random: &mut Random) -> String {
    let parsed = read(text);
    let mut pieces: Vec<String> = parsed.tree.tokens().map(|token| token.text().to_owned()).collect();
    let places: Vec<usize> =
        parsed.tree.tokens().filter(|token| token.kind() != SyntaxKind::Whitespace).map(|token| token.index()).collect();
    if places.is_empty() {
        return random.pick(TOKENS).to_owned();
    }
    for _ in 0..=random.below(2) {
        let (at, other) = (places[random.below(places.len())], places[random.below(places.len())]);
        match random.below(7) {
            0 => pieces[at].clear(),
            1 => pieces[at] = pieces[at].repeat(2),
            2 => pieces.swap(at, other),
            3 | 4 => pieces[at] = format!(" {} ", random.pick(TOKENS)),
            5 => pieces[at].insert_str(0, &format!(" {} ", random.pick(TOKENS))),
            _ if random.below(3) == 0 => pieces.iter_mut().skip(at).for_each(String::clear),
            _ => pieces[at] = random.pick(LITERALS).to_owned(),
        }
    }
    pieces.concat()
}

/// Every script of the repository.
fn scripts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in ["stdlib", "examples", "tests"] {
        collect(&root.join(folder), &mut found);
    }
    found
}

#[expect(clippy::disallowed_methods, reason = "the test reads the repository, not what a script names")]
fn collect(folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "aphex") {
            found.extend(std::fs::read_to_string(&path));
        }
    }
}

/// Compares over `seeds`, each with `variants` broken ones; the differences.
fn compare(seeds: std::ops::Range<u64>, variants: usize) -> (usize, Vec<String>) {
    let engine = engine();
    let mut random = Random(0x5eed);
    let (mut valid, mut differences) = (0, Vec::new());
    for text in seeds.map(Writer::script).chain(scripts()) {
        valid += usize::from(engine.compile(&text).is_ok());
        differences.extend(difference(&engine, &text));
        for _ in 0..variants {
            differences.extend(difference(&engine, &mutate(&text, &mut random)));
        }
    }
    (valid, differences)
}

fn shown(differences: &[String]) -> String {
    let mut shortest: Vec<&String> = differences.iter().collect();
    shortest.sort_by_key(|one| one.len());
    shortest.into_iter().take(8).fold(format!("{} differences\n", differences.len()), |mut all, one| {
        let _ = writeln!(all, "{one}");
        all
    })
}

#[test]
fn both_accept_the_same_texts() {
    let (valid, differences) = compare(0..400, 2);
    assert!(valid > 60, "only {valid} of the generated scripts are valid: they should be");
    assert!(differences.is_empty(), "{}", shown(&differences));
}

/// Ways to nest: what comes before, in the middle, and after.
const NESTING: &[(&str, &str, &str)] = &[
    ("(", "1", ")"),
    ("[", "", "]"),
    ("#{a: ", "1", "}"),
    ("{ ", "", "}"),
    ("f(", "", ")"),
    ("f(1, ", "", ")"),
    ("-", "a", ""),
    ("!", "a", ""),
    ("1 + ", "1", ""),
    ("2 ** ", "2", ""),
    ("1 * 2 + ", "1", ""),
    ("a && ", "b", ""),
    ("a ?? ", "b", ""),
    ("a[", "0", "]"),
    ("a", "", ".b"),
    ("a", "", "[1]"),
    ("a", "", ".f()"),
    ("a", "", ".f(1)[2]"),
    ("|x| ", "x", ""),
    ("|| { ", "", "}"),
    ("if a { ", "", "}"),
    ("if a { } else ", "{}", ""),
    ("if a { } else { ", "", "}"),
    ("while a { ", "", "}"),
    ("loop { ", "", "}"),
    ("do { ", "", "} while x"),
    ("for x in y { ", "", "}"),
    ("switch a { 1 => ", "1", " }"),
    ("switch ", "a", " { }"),
    ("try { ", "", "} catch { }"),
    ("`${", "1", "}`"),
    ("return ", "1", ""),
    ("a ?? return ", "1", ""),
    ("x = ", "1", ""),
    ("let x = [", "1", "]"),
    ("f(#{a: [", "1", "]})"),
    ("import ", "\"a\"", ""),
    ("export let x = ", "1", ""),
    ("m::f(|x| x.g(", "1", "))"),
    ("(a.b[", "1", "])"),
];

#[test]
fn both_stop_at_the_same_depth() {
    let engine = engine();
    let mut differences = Vec::new();
    for (before, middle, after) in NESTING {
        for depth in 1..=70 {
            let text = format!("{}{middle}{}", before.repeat(depth), after.repeat(depth));
            let chain = format!("{before}{middle}{}", after.repeat(depth));
            for text in [text, chain] {
                for around in [text.clone(), format!("fn f() {{ {text} }}"), format!("let x = {text};"), format!("f(|| {text})")] {
                    differences.extend(difference(&engine, &around));
                }
            }
        }
    }
    assert!(differences.is_empty(), "{}", shown(&differences));
}

#[test]
#[ignore = "minutes long: for a change of the parser"]
fn both_accept_the_same_of_many_texts() {
    let (_, differences) = compare(1_000..21_000, 8);
    assert!(differences.is_empty(), "{}", shown(&differences));
}
