//! Scratch.
use aphex::diagnostic::Diagnostic;
use aphex::source::{Origin, SourceMap};
use rhai::Engine;

fn engine() -> Engine {
    let mut engine = Engine::new();
    engine.set_max_expr_depths(aphex::syntax::MAX_DEPTH, aphex::syntax::MAX_DEPTH);
    engine.disable_symbol("eval");
    engine
}

fn read(text: &str) -> Vec<Diagnostic> {
    let id = SourceMap::new().add("a", "a", text, Origin::Script);
    aphex::syntax::parse(id, text).diagnostics
}

#[test]
fn scratch() {
    let text = std::fs::read_to_string(std::env::var("SCRATCH").unwrap()).unwrap();
    for case in text.split("\n----\n") {
        println!("=======\n{case}\n-------");
        println!("rhai: {:?}", engine().compile(case).err().map(|e| e.to_string()));
        for d in read(case) {
            println!("{}..{} {:?} {} | {:?} | {:?}", d.primary.span.start, d.primary.span.end, case.get(d.primary.span.range()), d.code.id(), d.message, d.help);
        }
        if std::env::var("TREE").is_ok() {
            let id = SourceMap::new().add("a", "a", case, Origin::Script);
            println!("{}", aphex::syntax::parse(id, case).tree.root().outline());
        }
    }
}
