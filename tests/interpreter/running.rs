//! How scripts are run: parameters, files, limits, cancellation, sessions, threads.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aphex::declare::Function;
use aphex::{Cancellation, Cancelled, Evaluation, Host, Interpreter, Limits, MemoryHost, ReadError, Script, Session};

use super::{PIPELINE, check, printed, problems};

#[test]
fn everything_may_go_to_another_thread() {
    fn both<T: Send + Sync>() {}
    both::<Interpreter>();
    both::<Session>();
    both::<Evaluation>();
    both::<Script>();
    both::<Cancellation>();
}

#[test]
fn a_script_says_more_than_the_interpreter_about_parameters() {
    let interpreter = Interpreter::builder().parameter("a", "all").parameter("b", true).build().unwrap();
    let script = Script::new("a.aphex", r#"print(`${param("a")} ${param("b", false)} ${param("c", 1)}`);"#).module();
    assert_eq!(interpreter.evaluate(&script).printed, ["all true 1"]);
    let script = script.parameter("a", "mine").parameter("c", 2);
    let evaluation = interpreter.evaluate(&script);
    assert_eq!(evaluation.printed, ["mine true 2"]);
    assert_eq!(evaluation.project.parameters["c"], 2);
}

#[test]
fn a_script_is_shown_by_its_name_and_found_by_its_path() {
    let files = MemoryHost::new().with("platform/a.aphex", "export const A = 1;");
    let interpreter = Interpreter::builder().host(files).build().unwrap();
    let text = r#"import "../platform/a" as a; print(a::A); x"#;
    let evaluation = interpreter.evaluate(&Script::new("shop/pipeline.aphex", text).named("<editor>").module());
    assert_eq!(evaluation.printed, ["1"]);
    assert_eq!(problems(&evaluation), ["<editor>:1:43: error[unknown-variable]: there is no variable `x`"]);
    assert_eq!(evaluation.project.script, "shop/pipeline.aphex");
    let evaluation = interpreter.evaluate(&Script::new("a.aphex", [0xff]).module());
    assert!(problems(&evaluation)[0].contains("error[not-utf8]"));
}

#[test]
fn an_evaluation_is_data() {
    let evaluation = Interpreter::default().evaluate(&Script::new("a.aphex", format!("print(1);{PIPELINE}")));
    let json = serde_json::to_value(&evaluation).unwrap();
    assert_eq!((&json["problems"], &json["printed"]), (&serde_json::json!([]), &serde_json::json!(["1"])));
    let pipeline = &json["pipelines"][0];
    assert_eq!((&pipeline["kind"], &pipeline["name"]), (&"pipeline".into(), &"my-app".into()));
    assert_eq!(pipeline["stages"][0]["stacks"], serde_json::json!(["AppStack"]));
    let artifact = &json["outputs"][0]["artifacts"][0];
    assert_eq!(artifact["path"], "kubernetes/rbac.yaml");
    assert!(artifact["contents"].as_str().unwrap().contains("kind: ServiceAccount"));

    let evaluation = Interpreter::default().evaluate(&Script::new("a.aphex", "let x = 1;\nstac(x);").module());
    let expected = serde_json::json!([{
        "severity": "error",
        "code": "unknown-function",
        "message": "there is no function `stac`",
        "help": "did you mean `stack`?",
        "file": "a.aphex",
        "labels": [{
            "primary": true,
            "message": "",
            "file": "a.aphex",
            "start": { "line": 2, "column": 1, "offset": 11 },
            "end": { "line": 2, "column": 5, "offset": 15 },
        }],
    }]);
    assert_eq!(serde_json::to_value(&evaluation).unwrap()["problems"], expected);
    assert_eq!(serde_json::to_value(&evaluation.diagnostics[0]).unwrap()["code"], "unknown-function");
}

/// What is wrong with `text` where one limit is another.
fn limited(set: impl FnOnce(&mut Limits), text: &str) -> String {
    let mut limits = Limits::default();
    set(&mut limits);
    let interpreter = Interpreter::builder().limits(limits).build().unwrap();
    check(&interpreter, text).first().cloned().unwrap_or_default()
}

#[test]
fn every_limit_holds() {
    let deep = "fn f(n) { if n > 0 { f(n - 1) } } f(20);";
    let cases: [(String, &str); 9] = [
        (limited(|limits| limits.operations = 100, "let i = 0; while i < 1000 { i += 1 }"), "100 operations"),
        (limited(|limits| limits.time = Duration::ZERO, "let i = 0; while i < 1000 { i += 1 }"), "0 seconds"),
        (limited(|limits| limits.call_depth = 10, deep), "10 deep"),
        (limited(|limits| limits.text_bytes = 10, r#"let a = "12345678"; let b = a + a;"#), "10 bytes"),
        (limited(|limits| limits.array_items = 2, "let a = []; for i in 0..5 { a.push(i) }"), "2 items"),
        (limited(|limits| limits.map_keys = 2, "let a = #{}; for i in 0..5 { a.set(`k${i}`, i) }"), "2 keys"),
        (limited(|limits| limits.variables = 2, "let a = 1; let b = 2; let c = 3;"), "2 variables"),
        (limited(|limits| limits.declarations = 2, "for i in 0..5 { secret(`s${i}`, \"k\") }"), "2 things"),
        (limited(|limits| limits.imports = 1, r#"import "aphex/node" as a; import "aphex/go" as b;"#), "1 imports"),
    ];
    for (found, expected) in cases {
        assert!(found.contains("error[limit-reached]") && found.contains(expected), "{expected}: {found}");
    }
    // A limit of none would be no limit for Rhai.
    assert!(limited(|limits| limits.operations = 0, "let i = 0; while true { i += 1 }").contains("limit-reached"));
    // The stack bears no deeper calls.
    let deeper = limited(|limits| limits.call_depth = 100_000, "fn f(n) { if n > 0 { f(n - 1) } } f(10000);");
    assert!(deeper.contains("more than 64 deep"), "{deeper}");
    let mut limits = Limits::default();
    limits.printed_bytes = 4;
    let interpreter = Interpreter::builder().limits(limits).build().unwrap();
    let said = printed(&interpreter, "print(\"abc\"); print(\"defg\"); print(\"h\");");
    assert_eq!(said, ["abc", "(what is printed after this is left out)"]);
}

#[test]
fn an_evaluation_ends_when_it_is_told_to() {
    let mut limits = Limits::default();
    (limits.operations, limits.time) = (u64::MAX, Duration::MAX);
    let interpreter = Interpreter::builder().limits(limits).build().unwrap();
    let script = Script::new("a.aphex", "loop { }").module();
    let cancellation = Cancellation::new();
    let start = Instant::now();
    std::thread::scope(|scope| {
        let running = scope.spawn(|| interpreter.evaluate_until(&script, &cancellation));
        std::thread::sleep(Duration::from_millis(50));
        assert!(!running.is_finished());
        cancellation.cancel();
        assert_eq!(running.join().unwrap().unwrap_err(), Cancelled);
    });
    assert!(start.elapsed() < Duration::from_mins(1));
    // What a script catches is no word from outside.
    let script = Script::new("a.aphex", "while true { try { loop { } } catch { } }").module();
    assert_eq!(interpreter.evaluate_until(&script, &cancellation).unwrap_err(), Cancelled);
    let script = Script::new("a.aphex", "print(1);").module();
    assert_eq!(interpreter.evaluate(&script).printed, ["1"]);
}

/// Files in memory that are counted when they are read.
#[derive(Default)]
struct Counted {
    files: Mutex<MemoryHost>,
    read: AtomicUsize,
    looked: AtomicUsize,
}

impl Counted {
    fn with(&self, path: &str, text: &str) {
        let mut files = self.files.lock().unwrap();
        *files = std::mem::take(&mut *files).with(path, text);
    }

    fn taken(&self) -> (usize, usize) {
        (self.read.swap(0, Ordering::Relaxed), self.looked.swap(0, Ordering::Relaxed))
    }
}

impl Host for Counted {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.read.fetch_add(1, Ordering::Relaxed);
        self.files.lock().unwrap().read(path)
    }

    fn exists(&self, path: &str) -> Option<bool> {
        self.looked.fetch_add(1, Ordering::Relaxed);
        self.files.lock().unwrap().exists(path)
    }
}

#[test]
fn a_session_reads_what_changed() {
    let host = Arc::new(Counted::default());
    host.with("a.aphex", "export const A = 1;");
    host.with("b.aphex", r#"import "./a" as a; export const B = a::A + 1;"#);
    let mut session = Interpreter::builder().host(Arc::clone(&host)).build().unwrap().session();
    let text = r#"import "./b" as b; stack("S", "lib/s.ts"); print(b::B);"#;
    let said = |session: &Session, text: &str| session.evaluate(&Script::new("p.aphex", text).module()).printed;
    assert_eq!(said(&session, text), ["2"]);
    assert_eq!(host.taken(), (2, 1));
    // Neither the same script nor a changed one reads again what it imports.
    assert_eq!(said(&session, text), ["2"]);
    assert_eq!(said(&session, &format!("print(0); {text}")), ["0", "2"]);
    assert_eq!(host.taken(), (0, 0));
    // What changed is read when somebody says so.
    host.with("a.aphex", "export const A = 10;");
    assert_eq!(said(&session, text), ["2"]);
    session.changed("a.aphex");
    assert_eq!(said(&session, text), ["11"]);
    assert_eq!(host.taken().0, 1);
    // What stands in an editor counts before the file, also where there is none.
    session.open("a.aphex", "export const A = 20;");
    assert_eq!(said(&session, text), ["21"]);
    session.close("a.aphex");
    assert_eq!(said(&session, text), ["11"]);
    session.open("c.aphex", "export const C = 5;");
    assert_eq!(said(&session, r#"import "./c" as c; print(c::C);"#), ["5"]);
    session.all_changed();
    assert_eq!(said(&session, text), ["11"]);
    assert_eq!(host.taken().0, 3);
}

#[test]
fn what_a_session_remembers_makes_no_difference() {
    let files = MemoryHost::new().with("b.aphex", "export const B = 1;\nfn f(x) { x.y }\nlet wrong = stac();");
    let interpreter = Interpreter::builder().host(files).build().unwrap();
    let session = interpreter.session();
    let texts = [
        r#"import "./b" as b; b::f(1);"#,
        "",
        r#"import "aphex/node" as node; import "./b" as b; b::f(#{});"#,
        "\u{feff}import \"./b\" as b;\n\n\nprint(b::C);",
        r#"import "./b" as b; b::f(1);"#,
    ];
    for text in texts.iter().cycle().take(20) {
        let script = Script::new("p.aphex", *text).module();
        assert_eq!(problems(&session.evaluate(&script)), problems(&interpreter.evaluate(&script)));
    }
}

#[test]
fn a_panic_of_an_embedders_function_reaches_whoever_called() {
    let function = Function::new("explode", "Nothing good.").body(|_| panic!("on purpose"));
    let interpreter = Interpreter::builder().function(function).build().unwrap();
    let script = Script::new("a.aphex", "explode();").module();
    let result = std::panic::catch_unwind(AssertUnwindSafe(|| interpreter.evaluate(&script)));
    assert_eq!(result.unwrap_err().downcast_ref::<&str>(), Some(&"on purpose"));
    assert_eq!(printed(&interpreter, "print(1);"), ["1"]);
}
