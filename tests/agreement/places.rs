//! Both name the same places: where tokens start, and where calls happen.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::{NativeCallContext, Token};

use super::{Writer, engine, read};

/// Texts at which Rhai's count of lines and columns differs from an editor's.
const ODD: &[&str] = &[
    "a; // comment\r b; // comment\r\n c;\n d",
    "let a = `\\${x} \\${y}`; b",
    "`\\${x} ${ a + 1 } \\${y}${b}\n  c`; d; `\r\ne`; f",
    "let a = #\"one\"\ntwo\n\"#; b;\nlet c = ##\"x\"#\n\"\n\"##; d",
    "\u{feff}a + b",
    "/* one\n/* two\n*/ */ a; \"b\\\n  c\"; d;\n'\\''; e",
    "x !in y; -1 - -2; a-1; #{a: -1}; \"ä\" + b",
];

/// Line and column of every token but those that our lexer counts to a text's interpolations.
fn rhai_starts(text: &str) -> Vec<(usize, usize)> {
    let engine = engine();
    let (tokens, control) = engine.lex([&text]);
    let (mut starts, mut braces, mut resumes) = (Vec::new(), Vec::new(), false);
    for (token, position) in tokens {
        let resumed = std::mem::take(&mut resumes);
        let mut is_ours = !resumed;
        match token {
            Token::EOF => break,
            Token::InterpolatedString(_) if resumed => braces.push(0),
            Token::InterpolatedString(_) => braces.push(0),
            Token::LeftBrace | Token::MapStart => {
                if let Some(open) = braces.last_mut() {
                    is_ours = *open > 0;
                    *open += 1;
                }
            }
            Token::RightBrace => {
                if let Some(open) = braces.last_mut() {
                    *open -= 1;
                    resumes = *open == 0;
                }
                if resumes {
                    braces.pop();
                    control.borrow_mut().is_within_text = true;
                }
            }
            _ => {}
        }
        if is_ours {
            starts.push((position.line().unwrap_or(0), position.position().unwrap_or(0)));
        }
    }
    starts
}

#[test]
fn tokens_start_where_rhai_says() {
    let scripts = (0..150).map(Writer::script).filter(|text| engine().compile(text).is_ok());
    for text in ODD.iter().map(|text| (*text).to_owned()).chain(scripts) {
        let tree = read(&text).tree;
        let positions = tree.positions();
        let ours: Vec<u32> =
            tree.tokens().filter(|token| !token.kind().is_trivia()).map(|token| token.span().start).collect();
        let theirs = rhai_starts(text.trim_start_matches('\u{feff}'));
        let found: Vec<Option<u32>> = theirs.iter().map(|(line, column)| positions.offset(*line, *column)).collect();
        assert_eq!(found, ours.into_iter().map(Some).collect::<Vec<_>>(), "{text}\n{theirs:?}");
    }
}

#[test]
fn calls_are_found_where_rhai_says_that_they_happen() {
    let script =
        "f(1); 2.f(3); (f)(4); [5].map(|x| f(x)); let m = #{a: 6}; m.a.f(7); `${ f(8) }`; m::f(9); 1 + f(10)\n .f(2)";
    let calls = Rc::new(RefCell::new(Vec::new()));
    let mut engine = engine();
    let mut module = rhai::Module::new();
    let seen = Rc::clone(&calls);
    let note = move |context: NativeCallContext, first: i64| {
        seen.borrow_mut().push(context.call_position());
        first
    };
    module.set_native_fn("f", {
        let note = note.clone();
        move |context: NativeCallContext, first: i64| Ok(note(context, first))
    });
    engine.register_static_module("m", module.into());
    engine.register_fn("f", {
        let note = note.clone();
        move |context: NativeCallContext, first: i64, _second: i64| note(context, first)
    });
    engine.register_fn("f", note);
    engine.run(script).expect("the script is valid");
    let tree = read(script).tree;
    let positions = tree.positions();
    for position in calls.borrow().iter() {
        let offset = positions.offset(position.line().unwrap_or(0), position.position().unwrap_or(0));
        let call = offset.and_then(|offset| tree.call_at(offset));
        let name = call.and_then(aphex::syntax::Call::name).map(aphex::syntax::Token::text);
        assert_eq!(name, Some("f"), "{position:?}");
    }
    assert_eq!(calls.borrow().len(), 9);
}
