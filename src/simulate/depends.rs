//! `depends`: what a task waits for, and how that must have ended.

use super::{Error, Phase, unsupported};

/// How deep parentheses may nest.
const DEPTH: usize = 32;

/// A parsed `depends`.
#[derive(Debug)]
pub(super) enum Depends {
    Result(String, Wanted),
    Not(Box<Depends>),
    All(Vec<Depends>),
    Any(Vec<Depends>),
}

/// The result of a task that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A bare name. `expandDependency` (ancestry.go) reads it as `Succeeded || Skipped || Daemoned`.
    Bare,
    /// That it ended so.
    Phase(Phase),
    /// What no task of ours is: a daemon, or one that was expanded from a list.
    Never,
}

impl Depends {
    /// Reads `text`, of which `who` is named in errors.
    pub(super) fn parse(text: &str, who: &str) -> Result<Self, Error> {
        let mut parser = Parser { text, rest: text, who, depth: 0 };
        let depends = parser.any()?;
        if parser.peek().is_some() { parser.fail() } else { Ok(depends) }
    }

    /// The tasks that it names, each once, in order.
    pub(super) fn names(&self) -> Vec<&str> {
        fn collect<'a>(depends: &'a Depends, names: &mut Vec<&'a str>) {
            match depends {
                Depends::Result(name, _) => names.push(name),
                Depends::Not(inner) => collect(inner, names),
                Depends::All(parts) | Depends::Any(parts) => parts.iter().for_each(|part| collect(part, names)),
            }
        }
        let mut names = Vec::new();
        collect(self, &mut names);
        let mut seen = std::collections::BTreeSet::new();
        names.retain(|name| seen.insert(*name));
        names
    }

    /// Whether it holds, once all tasks that it names have ended (`evaluateDependsLogic`, dag.go).
    pub(super) fn holds(&self, phase: &dyn Fn(&str) -> Phase) -> bool {
        match self {
            Self::Result(name, Wanted::Bare) => matches!(phase(name), Phase::Succeeded | Phase::Skipped),
            Self::Result(name, Wanted::Phase(wanted)) => phase(name) == *wanted,
            Self::Result(_, Wanted::Never) => false,
            Self::Not(inner) => !inner.holds(phase),
            Self::All(parts) => parts.iter().all(|part| part.holds(phase)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(phase)),
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    rest: &'a str,
    who: &'a str,
    depth: usize,
}

impl Parser<'_> {
    fn fail<T>(&self) -> Result<T, Error> {
        unsupported(format!("`depends` of `{}` cannot be read at `{}` in `{}`", self.who, self.rest, self.text))
    }

    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn take(&mut self, word: &str) -> bool {
        self.peek();
        let Some(rest) = self.rest.strip_prefix(word) else { return false };
        self.rest = rest;
        true
    }

    fn any(&mut self) -> Result<Depends, Error> {
        let mut parts = vec![self.all()?];
        while self.take("||") {
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Depends::Any(parts) })
    }

    fn all(&mut self) -> Result<Depends, Error> {
        let mut parts = vec![self.one()?];
        while self.take("&&") {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Depends::All(parts) })
    }

    fn one(&mut self) -> Result<Depends, Error> {
        self.depth += 1;
        if self.depth > DEPTH {
            return self.fail();
        }
        let part = if self.take("!") {
            Depends::Not(Box::new(self.one()?))
        } else if self.take("(") {
            let inner = self.any()?;
            if !self.take(")") {
                return self.fail();
            }
            inner
        } else {
            self.result()?
        };
        self.depth -= 1;
        Ok(part)
    }

    fn result(&mut self) -> Result<Depends, Error> {
        self.peek();
        let name = self.word(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        if name.is_empty() || name.starts_with('-') {
            return self.fail();
        }
        if !self.rest.starts_with('.') {
            return Ok(Depends::Result(name, Wanted::Bare));
        }
        let before = self.rest;
        self.rest = &self.rest[1..];
        let wanted = match self.word(|letter| letter.is_ascii_alphabetic()).as_str() {
            "Succeeded" => Wanted::Phase(Phase::Succeeded),
            "Failed" => Wanted::Phase(Phase::Failed),
            "Errored" => Wanted::Phase(Phase::Error),
            "Skipped" => Wanted::Phase(Phase::Skipped),
            "Omitted" => Wanted::Phase(Phase::Omitted),
            "Daemoned" | "AnySucceeded" | "AllFailed" => Wanted::Never,
            _ => {
                self.rest = before;
                return self.fail();
            }
        };
        Ok(Depends::Result(name, wanted))
    }

    fn word(&mut self, belongs: fn(char) -> bool) -> String {
        let end = self.rest.find(|letter| !belongs(letter)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str) -> bool {
        let phase = |name: &str| match name {
            "good" => Phase::Succeeded,
            "bad" => Phase::Failed,
            "lost" => Phase::Error,
            "skipped" => Phase::Skipped,
            _ => Phase::Omitted,
        };
        Depends::parse(text, "x").unwrap().holds(&phase)
    }

    #[test]
    fn results_and_bare_names() {
        assert!(holds("good") && holds("skipped") && !holds("bad") && !holds("lost") && !holds("omitted-1"));
        assert!(holds("bad.Failed") && holds("lost.Errored") && holds("omitted-1.Omitted") && !holds("lost.Failed"));
        assert!(!holds("good.Daemoned") && !holds("good.AnySucceeded") && !holds("bad.AllFailed"));
    }

    #[test]
    fn operators_bind_as_in_argo() {
        assert!(holds("good || bad.Succeeded && bad.Succeeded"));
        assert!(!holds("(good || bad.Succeeded) && bad.Succeeded"));
        assert!(holds("!bad.Succeeded&&!(bad.Succeeded||lost.Succeeded)"));
    }

    #[test]
    fn anything_else_is_an_error() {
        for text in ["", "a &&", "a & b", "a.Succeded", "(a", "a b", "a.", "-a", "a == b", &"(".repeat(1000)] {
            assert!(Depends::parse(text, "x").is_err(), "{text}");
        }
        assert_eq!(Depends::parse("a.Failed || b || a.Errored", "x").unwrap().names(), ["a", "b"]);
    }
}
