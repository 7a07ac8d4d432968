//! Holds the word lists of `editors/`, functions and keys, against the declarations that they are made of.
//! `APHEX_UPDATE=1` rewrites them.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use aphex::reference::Reference;
use serde_json::{Value, json};

/// What an editor colours.
struct Words {
    functions: Vec<String>,
    keys: Vec<String>,
    /// Those that are no names, `this` left out, which is a value.
    reserved: Vec<String>,
    json: Value,
}

impl Words {
    fn collect() -> Self {
        let reference = Reference::collect();
        let functions: Vec<String> = reference.functions.iter().map(|function| function.name.to_owned()).collect();
        let keys: BTreeSet<&str> =
            reference.records.iter().flat_map(|record| &record.keys).map(|key| key.key).collect();
        let methods: Vec<&str> = reference.methods.iter().map(|method| method.name).collect();
        let modules: Vec<Value> = reference.modules.iter().map(module).collect();
        let json = json!({
            "keywords": reference.words.keywords,
            "reserved": reference.words.reserved,
            "callable": reference.words.callable,
            "functions": functions,
            "methods": methods,
            "modules": modules,
            "keys": keys,
        });
        let reserved =
            reference.words.reserved.iter().map(|word| (*word).to_owned()).filter(|word| word != "this").collect();
        Self { functions, keys: keys.into_iter().map(str::to_owned).collect(), reserved, json }
    }
}

fn module(module: &aphex::reference::Module) -> Value {
    let functions: Vec<&str> = module.functions.iter().map(|function| &*function.name).collect();
    let constants: Vec<&str> = module.constants.iter().map(|constant| &*constant.name).collect();
    json!({ "path": module.path, "functions": functions, "constants": constants })
}

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("editors").join(file)
}

/// Holds a file against what it should be, or rewrites it.
fn hold(file: &str, change: impl FnOnce(String) -> String) {
    let path = path(file);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let expected = change(text.clone());
    if text == expected {
        return;
    }
    assert!(
        std::env::var_os("APHEX_UPDATE").is_some(),
        "editors/{file} is stale: `APHEX_UPDATE=1 cargo test --test editors`"
    );
    std::fs::write(path, expected).unwrap();
}

#[test]
fn the_words_are_those_of_the_declarations() {
    hold("words.json", |_| format!("{}\n", serde_json::to_string_pretty(&Words::collect().json).unwrap()));
}

/// The lines of a word list, as wide as a script's line may be.
fn wrapped(head: &str, words: &[String]) -> String {
    let mut lines = vec![head.to_owned()];
    for word in words {
        let last = lines.last_mut().unwrap();
        if last.len() + word.len() >= 110 {
            lines.push(head.to_owned());
        }
        let last = lines.last_mut().unwrap();
        last.push(' ');
        last.push_str(word);
    }
    lines.join("\n") + "\n"
}

/// What stands between two lines of a file, made anew.
fn between(text: &str, first: &str, last: &str, new: &str) -> String {
    let (head, rest) = text.split_once(first).unwrap_or_else(|| panic!("`{first}` is not there"));
    let (_, tail) = rest.split_once(last).unwrap_or_else(|| panic!("`{last}` is not there"));
    format!("{head}{first}{new}{last}{tail}")
}

#[test]
fn vim_colours_the_words_of_the_declarations() {
    let words = Words::collect();
    hold("vim/syntax/aphex.vim", |text| {
        let functions = wrapped("syntax keyword aphexFunction contained", &words.functions);
        let keys = wrapped("syntax keyword aphexKey contained", &words.keys);
        let reserved = wrapped("syntax keyword aphexReserved", &words.reserved);
        let text = between(&text, "\" functions: written from the declarations\n", "\" end", &functions);
        let text = between(&text, "\" keys: written from the declarations\n", "\" end", &keys);
        between(&text, "\" reserved: written from the declarations\n", "\" end", &reserved)
    });
}

#[test]
fn emacs_colours_the_words_of_the_declarations() {
    let words = Words::collect();
    let quoted = |list: &[String]| {
        let quoted: Vec<String> = list.iter().map(|word| format!("\"{word}\"")).collect();
        format!("{}    ", wrapped("   ", &quoted))
    };
    hold("emacs/aphex-mode.el", |text| {
        let text = between(&text, ";; functions: written from the declarations\n", ";; end", &quoted(&words.functions));
        let text = between(&text, ";; keys: written from the declarations\n", ";; end", &quoted(&words.keys));
        between(&text, ";; reserved: written from the declarations\n", ";; end", &quoted(&words.reserved))
    });
}

/// VS Code's grammar with the words of the declarations in it.
fn text_mate(words: &Words, text: &str) -> String {
    let functions = format!("{})\\\\b(?=\\\\s*\\\\()", words.functions.join("|"));
    let text = rule(text, "language-function", &functions);
    let keys = format!("{})\\\\b(?=\\\\s*:(?!:))", words.keys.join("|"));
    rule(&text, "known-key", &keys)
}

#[test]
fn the_grammar_of_vs_code_has_the_words_of_the_declarations() {
    let words = Words::collect();
    hold("vscode/syntaxes/aphex.tmLanguage.json", |text| text_mate(&words, &text));
}

#[test]
fn sublime_text_has_the_grammar_of_vs_code() {
    let text = std::fs::read_to_string(path("vscode/syntaxes/aphex.tmLanguage.json")).unwrap();
    let grammar: Value = serde_json::from_str(&text_mate(&Words::collect(), &text)).unwrap();
    let contexts = grammar["repository"].as_object().unwrap().iter().map(|(name, rule)| {
        let rules = match rule["patterns"].as_array() {
            Some(rules) if rule["begin"].is_null() => rules.iter().map(|rule| sublime(rule, "    ")).collect(),
            _ => sublime(rule, "    "),
        };
        format!("  {name}:\n{rules}")
    });
    let head = "%YAML 1.2\n---\n# Written from ../vscode/syntaxes/aphex.tmLanguage.json: change that.\n\
                name: aphex\nscope: source.aphex\nfile_extensions: [aphex]\ncontexts:\n  main:\n    - include: code\n";
    let syntax = format!("{head}{}", contexts.collect::<String>());
    hold("sublime/aphex.sublime-syntax", |_| syntax);
}

/// A rule of VS Code's grammar in the form of Sublime Text: what begins and ends pushes a context.
fn sublime(rule: &Value, indent: &str) -> String {
    let text = |key: &str| rule[key].as_str();
    let quoted = |pattern: &str| pattern.replace('\'', "''");
    let captured = |key: &str, indent: &str| {
        let captures = rule.get(key).or_else(|| rule.get("captures"));
        let name = captures.and_then(|captures| captures["0"]["name"].as_str());
        name.map_or_else(String::new, |name| format!("{indent}captures:\n{indent}  0: {name}\n"))
    };
    if let Some(name) = text("include") {
        return format!("{indent}- include: {}\n", name.trim_start_matches('#'));
    }
    if let Some(pattern) = text("match") {
        return format!("{indent}- match: '{}'\n{indent}  scope: {}\n", quoted(pattern), text("name").unwrap());
    }
    let (begin, end) = (quoted(text("begin").unwrap()), quoted(text("end").unwrap()));
    let (inside, deeper) = (format!("{indent}    "), format!("{indent}      "));
    let name = text("name").map_or_else(String::new, |name| format!("{inside}- meta_scope: {name}\n"));
    let inner = rule["patterns"].as_array().into_iter().flatten();
    [
        format!("{indent}- match: '{begin}'\n{}", captured("beginCaptures", &format!("{indent}  "))),
        format!("{indent}  push:\n{name}"),
        format!("{inside}- match: '{end}'\n{}{deeper}pop: true\n", captured("endCaptures", &deeper)),
        inner.map(|rule| sublime(rule, &inside)).collect(),
    ]
    .concat()
}

/// A grammar in which the rule `name` matches other words.
fn rule(text: &str, name: &str, words: &str) -> String {
    let (head, rest) =
        text.split_once(&format!("\"{name}\": {{")).unwrap_or_else(|| panic!("there is no rule `{name}`"));
    let (own, rest) = rest.split_once("\"match\": \"\\\\b(").unwrap_or_else(|| panic!("`{name}` matches no words"));
    let (_, tail) = rest.split_once("\"\n").unwrap();
    format!("{head}\"{name}\": {{{own}\"match\": \"\\\\b({words}\"\n{tail}")
}

/// The highlights with the words of the declarations in them.
fn highlights(words: &Words, text: &str) -> String {
    let list = |words: &[String]| words.iter().flat_map(|word| ["    \"", word, "\"\n"]).collect::<String>();
    let pattern = |node: &str, field: &str, name: &str, capture: &str, words: &[String]| {
        format!("(({node}\n  {field}: ({name}) {capture})\n  (#any-of? {capture}\n{}  ))\n", list(words))
    };
    let call = pattern("call_expression", "function", "identifier", "@function.builtin", &words.functions);
    let key = pattern("pair", "key", "property_identifier", "@property.builtin", &words.keys);
    let text = between(text, "; functions: written from the declarations\n", "; end", &call);
    between(&text, "; keys: written from the declarations\n", "; end", &key)
}

#[test]
fn the_queries_of_tree_sitter_have_the_words_of_the_declarations() {
    let words = Words::collect();
    hold("tree-sitter-aphex/queries/highlights.scm", |text| highlights(&words, &text));
}

/// The grammar's names of colours with those of Helix and of Zed.
const CAPTURES: &[(&str, &str, &str)] = &[
    ("variable", "variable", "variable"),
    ("variable.builtin", "variable.builtin", "variable.special"),
    ("constant", "constant", "constant"),
    ("variable.parameter", "variable.parameter", "variable.parameter"),
    ("module", "namespace", "namespace"),
    ("type", "type", "type"),
    ("function", "function", "function"),
    ("function.call", "function", "function"),
    ("function.builtin", "function.builtin", "function.builtin"),
    ("variable.member", "variable.other.member", "property"),
    ("function.method.call", "function.method", "function.method"),
    ("property", "variable.other.member", "property"),
    ("property.builtin", "variable.other.member", "property.builtin"),
    ("string", "string", "string"),
    ("character", "constant.character", "string"),
    ("string.escape", "constant.character.escape", "string.escape"),
    ("number", "constant.numeric.integer", "number"),
    ("number.float", "constant.numeric.float", "number"),
    ("boolean", "constant.builtin.boolean", "boolean"),
    ("keyword", "keyword.storage", "keyword"),
    ("keyword.function", "keyword.function", "keyword"),
    ("keyword.conditional", "keyword.control.conditional", "keyword"),
    ("keyword.repeat", "keyword.control.repeat", "keyword"),
    ("keyword.return", "keyword.control.return", "keyword"),
    ("keyword.exception", "keyword.control.exception", "keyword"),
    ("keyword.import", "keyword.control.import", "keyword"),
    ("keyword.operator", "keyword.operator", "keyword.operator"),
    ("operator", "operator", "operator"),
    ("punctuation.bracket", "punctuation.bracket", "punctuation.bracket"),
    ("punctuation.delimiter", "punctuation.delimiter", "punctuation.delimiter"),
    ("punctuation.special", "punctuation.special", "punctuation.special"),
    ("character.special", "constant.builtin", "variable.special"),
    ("constant.builtin", "constant.builtin", "constant.builtin"),
    ("comment", "comment", "comment"),
    ("comment.documentation", "comment.block.documentation", "comment.doc"),
];

#[test]
fn helix_and_zed_have_the_colours_of_the_grammar() {
    let read = |name: &str| std::fs::read_to_string(path(&format!("tree-sitter-aphex/queries/{name}.scm"))).unwrap();
    let own = highlights(&Words::collect(), &read("highlights"));
    let (head, rest) = own.split_once('@').unwrap();
    let renamed = |pick: fn(&(&str, &'static str, &'static str)) -> &'static str| {
        let parts = rest.split('@').map(|part| {
            let end = part.find(|c: char| !c.is_ascii_lowercase() && c != '.' && c != '_').unwrap_or(part.len());
            let (name, rest) = part.split_at(end);
            let known = CAPTURES.iter().find(|(own, ..)| *own == name);
            format!("@{}{rest}", pick(known.unwrap_or_else(|| panic!("`@{name}` is not in the table"))))
        });
        format!("{head}{}", parts.collect::<String>())
    };
    hold("helix/queries/aphex/highlights.scm", |_| renamed(|(_, helix, _)| helix));
    hold("zed/languages/aphex/highlights.scm", |_| renamed(|(_, _, zed)| zed));
    for folder in ["helix/queries", "zed/languages"] {
        hold(&format!("{folder}/aphex/injections.scm"), |_| read("injections"));
    }
}

#[test]
fn neovim_has_the_queries_of_the_grammar() {
    for name in ["folds", "highlights", "indents", "injections", "locals", "textobjects"] {
        let own = std::fs::read_to_string(path(&format!("tree-sitter-aphex/queries/{name}.scm"))).unwrap();
        hold(&format!("neovim/queries/aphex/{name}.scm"), |_| own);
    }
}

#[test]
fn neovim_has_the_colours_and_the_indentation_of_vim() {
    for folder in ["indent", "syntax"] {
        let own = std::fs::read_to_string(path(&format!("vim/{folder}/aphex.vim"))).unwrap();
        hold(&format!("neovim/{folder}/aphex.vim"), |_| own);
    }
}
