//! Writes scripts: productions of the grammar put together at random, mostly valid.

/// A small generator of numbers: the same ones in every run.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("it is below `end`")
    }

    pub(crate) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const NAMES: &[&str] = &["a", "b", "c", "x", "stack", "dev", "f", "_y1"];

pub(crate) const LITERALS: &[&str] = &[
    "1",
    "0",
    "-1",
    "12_000",
    "0xff",
    "0b11",
    "0o17",
    "1.5",
    "2.",
    "1e3",
    "-2.5e-3",
    "true",
    "false",
    "()",
    "'a'",
    "'\\n'",
    "\"text\"",
    "\"a \\\"b\\\" \\\\ \\u00e4\"",
    "\"say \"\"hi\"\"\"",
    "`plain`",
    "`two\nlines`",
    "#\"raw \"x\" \"#",
    "`\\${no}`",
    "99999999999999999999",
    "-0x10",
    "''",
    "'ab'",
    "1.e",
    "0x",
    "\"\\q\"",
    "1..5",
    "..",
    "1..",
    "..=3",
];

const OPERATORS: &[&str] = &[
    "+", "-", "*", "/", "%", "**", "<<", ">>", "&", "|", "^", "&&", "||", "??", "==", "!=", "<", ">", "<=", ">=", "in",
    "!in", "..", "..=", "===", "=", "<-",
];

/// Tokens that a mutation writes over others.
pub(crate) const TOKENS: &[&str] = &[
    "(", ")", "[", "]", "{", "}", "#{", "()", ";", ",", ":", "::", "=>", ".", "?.", "?[", "..", "=", "+", "-", "!",
    "|", "||", "&&", "==", "+=", "let", "const", "if", "else", "for", "in", "while", "loop", "do", "until", "switch",
    "fn", "private", "return", "throw", "break", "continue", "try", "catch", "import", "export", "as", "this",
    "default", "null", "print", "call", "eval", "_", "a", "x", "1", "2.5", "\"s\"", "'c'", "`t`", "`a ${", "}`", "\"",
    "`", "true", "//", "/*", "@", "#", "?", "--", "->", "ä", "\n", "0x", "-0x1", "var", "new",
];

pub(crate) struct Writer {
    random: Random,
    text: String,
}

impl Writer {
    pub(crate) fn script(seed: u64) -> String {
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
            let value = self
                .random
                .pick(&["1", "\"a\"", "1..3", "2 | 3", "_", "'c'", "[1, 2]", "1 if a", "x", "-1", "#{a: 1}"]);
            self.put(value);
            self.put("=>");
            if self.random.below(3) == 0 {
                self.block(depth);
            } else {
                self.expression(depth);
            }
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
        let key =
            self.random.pick(&["a", "b", "account", "region", "\"q\"", "\"a\"", "`k`", "default", "if", "stages"]);
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
