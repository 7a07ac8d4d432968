//! Talks to `http_service` over a socket.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::{example, expect};

/// The program, which ends with this.
struct Service {
    child: Child,
    address: String,
}

impl Service {
    fn start(patience: &str) -> Self {
        let mut child = example("http_service").args(["0", patience]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://").unwrap().to_owned();
        Self { child, address }
    }

    /// The status and the body of an answer.
    fn send(&self, head: &str, body: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        let length = body.len();
        let head = format!("{head} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        // Whoever refuses a body need not read it.
        let _ = stream.write_all(body);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    fn check(&self, script: impl AsRef<[u8]>) -> (u16, Value) {
        let (status, body) = self.send("POST /check", script.as_ref());
        (status, serde_json::from_str(&body).unwrap())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn pipeline(name: &str) -> String {
    format!(
        r#"
let app = stack("AppStack");
let dev = environment("dev", #{{ account: "111111111111", region: "eu-west-1", stacks: [app] }});
pipeline("{name}", #{{
    cluster: "company-pipelines",
    account: "999999999999",
    region:  "eu-west-1",
    source:  github("acme/shop"),
    stages:  [dev],
}});"#
    )
}

/// Few operations that each take long: only the clock ends it, after three seconds of the interpreter's own.
const SLOW: &str = "let a = []; a.pad(9_000, 1); loop { let b = a; b.push(1); }";

#[test]
fn scripts_are_checked_and_nothing_ends_the_service() {
    let service = Service::start("60000");
    let large = vec![b' '; (256 << 10) + 1];
    let wide = "let text = \"x\"; for n in 0..15 { text += text; }
        let one = step(\"one\", #{ image: \"a:1\", commands: [\"x\"], variables: #{ TEXT: text } });
        for n in 0..100 {
            pipeline(`wide-${n}`, #{ cluster: \"c\", account: \"999999999999\", region: \"eu-west-1\",
                source: github(\"a/b\"), stages: [one] });
        }";
    let bodies: [(&str, &[u8]); 7] = [
        ("a text with mistakes", b"let app = stak(\"AppStack\");\nenvironment(\"dev\", #{ acount: \"1\" });\n"),
        ("nothing", b""),
        ("not UTF-8", b"let a = \"\xff\";"),
        ("a loop without an end", b"loop { }"),
        ("more than it takes", &large),
        ("a short script with a long answer", wide.as_bytes()),
        ("a call that goes deep", b"fn f(n) { f(n + 1) } f(0);"),
    ];
    let mut talk = String::new();
    for (title, body) in bodies {
        let (status, answer) = service.check(body);
        writeln!(talk, "{title}: {status}\n{answer:#}\n").unwrap();
    }
    for head in ["GET /check", "POST /", "POST /check?a=%zz"] {
        let (status, body) = service.send(head, b"let a = 1;");
        writeln!(talk, "{head}: {status}\n{body}\n").unwrap();
    }
    expect("http_service", &talk);

    let (status, answer) = service.check(pipeline("shop"));
    assert_eq!((status, &answer["problems"]), (200, &Value::Array(Vec::new())), "{answer:#}");
    assert_eq!(answer["pipelines"][0]["name"], "shop");
    assert!(answer["outputs"][0]["artifacts"].as_array().unwrap().len() > 4, "{answer:#}");
}

#[test]
fn many_clients_are_answered_at_once_each_with_its_own() {
    let service = Service::start("60000");
    std::thread::scope(|scope| {
        for client in 0..4 {
            let service = &service;
            scope.spawn(move || {
                for request in 0..5 {
                    let name = format!("app-{client}-{request}");
                    let (status, answer) = service.check(pipeline(&name));
                    assert_eq!((status, &answer["outputs"][0]["pipeline"]), (200, &Value::from(name)), "{answer:#}");
                    let (status, answer) = service.check(format!("fail(\"{client} {request}\");"));
                    assert_eq!(
                        (status, &answer["problems"][0]["message"]),
                        (200, &format!("{client} {request}").into())
                    );
                }
            });
        }
    });
}

#[test]
fn nobody_waits_longer_than_is_said_and_what_nobody_waits_for_ends() {
    let service = Service::start("1000");
    // As many as it evaluates at one time: the next one is answered only where these have ended.
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..4).map(|_| scope.spawn(|| service.check(SLOW))).collect();
        for client in clients {
            let (status, answer) = client.join().unwrap();
            assert_eq!((status, &answer["error"]), (503, &Value::from("it took too long")));
        }
    });
    let (status, answer) = service.check(pipeline("shop"));
    assert_eq!((status, &answer["pipelines"][0]["name"]), (200, &Value::from("shop")), "{answer:#}");
}
