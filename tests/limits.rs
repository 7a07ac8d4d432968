//! What bounds a script, where a file that shows it would be long. The others are in `tests/suite/limits`, the worst
//! scripts that we know in `tests/worst`.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test sets its scene, and stops where it cannot")]

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use aphex::{Interpreter, Limits, Script};

/// Evaluates a script, with time enough; its problems, as `line:column: [code]: message`.
fn problems(text: &str) -> Vec<String> {
    let mut limits = Limits::default();
    limits.time = Duration::from_mins(1);
    problems_within(limits, text)
}

fn problems_within(limits: Limits, text: &str) -> Vec<String> {
    let interpreter = Interpreter::builder().limits(limits).build().unwrap();
    let evaluation = interpreter.evaluate(&Script::new("p.aphex", text).module());
    let shown = evaluation.problems().map(|problem| problem.to_string().replace("p.aphex:", "").replace("error", ""));
    shown.collect()
}

/// `count` times what `each` makes of a number, so many on a line.
fn many(count: usize, on_a_line: usize, each: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for number in 0..count {
        write!(text, "{}{}", each(number), if (number + 1) % on_a_line == 0 { "\n" } else { " " }).unwrap();
    }
    text
}

#[test]
fn variables_functions_and_written_lists_are_counted() {
    let variables = many(10_001, 100, |number| format!("let v{number} = 1;"));
    assert_eq!(problems(&variables), ["101:1: [limit-reached]: there are more than 10000 variables at one time"]);
    let functions = many(5_001, 100, |number| format!("fn f{number}() {{ }}"));
    let said = problems(&functions);
    assert_eq!(said, ["51:1: [limit-reached]: a text has more than 5000 functions, closures counted too"]);
    let closures = problems(&many(5_001, 100, |_| "|x| x;".into()));
    assert!(closures[0].contains("a text has more than 5000 functions, closures counted too"), "{closures:?}");
    let array = format!("let all = [\n{}];", many(10_001, 100, |_| "0,".into()));
    assert_eq!(problems(&array), ["102:1: [limit-reached]: an array has more than 10000 items"]);
    let map = format!("let all = #{{\n{}}};", many(10_001, 100, |number| format!("k{number}: 0,")));
    let said = problems(&map);
    assert!(said.len() == 1 && said[0].ends_with("[limit-reached]: a map has more than 10000 keys"), "{said:?}");
}

#[test]
fn a_text_is_bounded_in_bytes_lines_and_columns_and_so_are_all_together() {
    let too_long = "1:1: [too-long]: a script has at most 1048576 bytes, 65000 lines, and as many bytes in a line";
    assert_eq!(problems(&"// 1\n".repeat(300_000)), [too_long]);
    assert_eq!(problems(&"\n".repeat(65_000)), [too_long]);
    assert_eq!(problems(&format!("//{}", "x".repeat(65_000))), [too_long]);
    let mut host = aphex::MemoryHost::new();
    let mut script = String::new();
    for number in 0..3 {
        host = host.with(&format!("m{number}.aphex"), format!("//{}\n", "x".repeat(60_000)).repeat(16));
        writeln!(script, "import \"./m{number}\" as m{number};").unwrap();
    }
    let interpreter = Interpreter::builder().host(host).build().unwrap();
    let evaluation = interpreter.evaluate(&Script::new("p.aphex", script.as_str()).module());
    let said: Vec<String> = evaluation.problems().map(|problem| problem.to_string()).collect();
    assert_eq!(said, ["m2.aphex:1:1: error[too-long]: all texts of a run together have at most 2097152 bytes"]);
}

#[test]
fn a_thousand_problems_are_told_and_that_there_are_more() {
    let said = problems("for number in 0..2000 { warn(\"problem \" + number); }");
    assert_eq!(said.len(), 1_001);
    assert_eq!(said.iter().filter(|said| said.contains("there are more than 1000 problems")).count(), 1);
    assert_eq!(problems(&"unknown();\n".repeat(2_000)).len(), 1_001);
    assert_eq!(problems(&"let a = ;\n".repeat(2_000)).len(), 1_000, "what is read is told of a thousand mistakes");
}

#[test]
fn what_is_printed_is_cut_off_and_no_problem() {
    let script = "let text = \"x\"; text.pad(200000, \"x\"); for number in 0..10 { print(text); debug(text); }";
    let evaluation = Interpreter::default().evaluate(&Script::new("p.aphex", script).module());
    assert_eq!(evaluation.problems().count(), 0);
    assert_eq!(evaluation.printed.len(), 2);
    assert!(evaluation.printed[1].contains("left out"), "{}", evaluation.printed[1]);
}

#[test]
fn output_is_bounded_over_all_pipelines() {
    let mut limits = Limits::default();
    limits.output_bytes = 100_000;
    let said = problems_within(
        limits,
        r#"let app = stack("App");
let dev = environment("dev", #{ account: "111111111111", region: "us-east-1", stacks: [app] });
for number in 0..20 {
    pipeline(`p${number}`, #{ cluster: "tools", account: "999999999999", region: "us-east-1", source: github(`org/app${number}`), stages: [dev] });
}"#,
    );
    assert_eq!(said, ["4:14: [limit-reached]: up to this pipeline the output has more than 100000 bytes"]);
}

#[test]
fn memory_is_bounded() {
    // In a process of its own: what other tests take counts too.
    let script = Path::new(env!("CARGO_TARGET_TMPDIR")).join("memory.aphex");
    let text = "let text = \"x\";\ntext.pad(1000000, \"x\");\nlet all = [];\nlet keep = |text| { let copy = text + \"y\"; || copy };\nloop { all.push(keep.call(text)); }\n";
    std::fs::write(&script, text).unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_aphex")).args(["check", "--message-format", "short"]).arg(script).output();
    let said = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(said.contains("error[limit-reached]: the script takes more than 192 MiB of memory"), "{said}");
}

#[test]
fn a_lower_limit_is_held_to_and_none_is_no_limit() {
    let with = |set: &dyn Fn(&mut Limits), text: &str| {
        let mut limits = Limits::default();
        set(&mut limits);
        problems_within(limits, text)
    };
    let [one] = &with(&|limits| limits.declared_bytes = 10, "stack(\"Application\");")[..] else { panic!() };
    assert_eq!(one, "1:1: [limit-reached]: what the script declares holds more than 10 bytes of text");
    let [one] = &with(&|limits| limits.text_bytes = 0, "let a = \"ab\" + \"c\";")[..] else { panic!() };
    assert!(one.contains("longer than 1 bytes"), "{one}");
    assert!(with(&|limits| limits.memory_bytes = usize::MAX, "let a = 1;").is_empty());
}
