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
        let reserved = reference.words.reserved.iter().map(|word| word.to_string()).filter(|word| word != "this").collect();
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

#[test]
fn the_grammar_of_vs_code_has_the_words_of_the_declarations() {
    let words = Words::collect();
    hold("vscode/syntaxes/aphex.tmLanguage.json", |text| {
        let functions = format!("{})\\\\b(?=\\\\s*\\\\()", words.functions.join("|"));
        let text = rule(&text, "language-function", &functions);
        let keys = format!("{})\\\\b(?=\\\\s*:(?!:))", words.keys.join("|"));
        rule(&text, "known-key", &keys)
    });
}

/// A grammar in which the rule `name` matches other words.
fn rule(text: &str, name: &str, words: &str) -> String {
    let (head, rest) =
        text.split_once(&format!("\"{name}\": {{")).unwrap_or_else(|| panic!("there is no rule `{name}`"));
    let (own, rest) = rest.split_once("\"match\": \"\\\\b(").unwrap_or_else(|| panic!("`{name}` matches no words"));
    let (_, tail) = rest.split_once("\"\n").unwrap();
    format!("{head}\"{name}\": {{{own}\"match\": \"\\\\b({words}\"\n{tail}")
}

#[test]
fn the_queries_of_tree_sitter_have_the_words_of_the_declarations() {
    let words = Words::collect();
    hold("tree-sitter-aphex/queries/highlights.scm", |text| {
        let list = |words: &[String]| words.iter().flat_map(|word| ["    \"", word, "\"\n"]).collect::<String>();
        let pattern = |node: &str, field: &str, name: &str, capture: &str, words: &[String]| {
            format!("(({node}\n  {field}: ({name}) {capture})\n  (#any-of? {capture}\n{}  ))\n", list(words))
        };
        let call = pattern("call_expression", "function", "identifier", "@function.builtin", &words.functions);
        let key = pattern("pair", "key", "property_identifier", "@property.builtin", &words.keys);
        let text = between(&text, "; functions: written from the declarations\n", "; end", &call);
        between(&text, "; keys: written from the declarations\n", "; end", &key)
    });
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
