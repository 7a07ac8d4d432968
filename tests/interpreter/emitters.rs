//! What makes files: aphex's own emitters, others beside them and in their place.

use aphex::{Artifact, Code, Diagnostic, Emission, Emitter, Format, Interpreter, OwnCode, Script, Severity, Span};

use super::{PIPELINE, problems};

/// Writes the number of stages into a file.
struct Count {
    name: &'static str,
    path: &'static str,
}

impl Emitter for Count {
    fn name(&self) -> &str {
        self.name
    }

    fn emit(&self, emission: &mut Emission<'_>) {
        let stages = emission.pipeline().stages.len();
        emission.add(Artifact::text(self.path, "Count", format!("{stages}\n")));
        emission.next_step(format!("cat {}", self.path));
    }
}

fn paths(interpreter: &Interpreter) -> Vec<String> {
    let evaluation = interpreter.evaluate(&Script::new("a.aphex", PIPELINE));
    assert_eq!(problems(&evaluation), [""; 0]);
    evaluation.outputs[0].artifacts.iter().map(|artifact| artifact.path.clone()).collect()
}

#[test]
fn an_emitter_comes_after_the_others_or_in_the_place_of_its_name() {
    let own = paths(&Interpreter::default());
    assert_eq!(own.last().unwrap(), "cloudformation.yaml");
    let beside = Interpreter::builder().emitter(Count { name: "count", path: "count.txt" }).build().unwrap();
    assert_eq!(paths(&beside), [&own[..], &["count.txt".to_owned()]].concat());
    let instead =
        Interpreter::builder().emitter(Count { name: "cloudformation", path: "terraform.tf" }).build().unwrap();
    assert_eq!(paths(&instead), [&own[..own.len() - 1], &["terraform.tf".to_owned()]].concat());
    let alone =
        Interpreter::builder().without_emitters().emitter(Count { name: "count", path: "count.txt" }).build().unwrap();
    assert_eq!(paths(&alone), ["count.txt"]);
    let evaluation = alone.evaluate(&Script::new("a.aphex", PIPELINE));
    let output = &evaluation.outputs[0];
    assert_eq!(output.next_steps, ["cat count.txt"]);
    let manifest: serde_json::Value = serde_json::from_str(&output.manifest).unwrap();
    let files: Vec<&String> = manifest["files"].as_object().unwrap().keys().collect();
    assert_eq!(files, ["count.txt"]);
    let documents: Vec<_> = output.artifacts[0].documents().map(|one| (one.kind, one.text)).collect();
    assert_eq!(documents, [("Count", "1\n")]);
}

#[test]
fn what_may_not_be_written_is_an_error() {
    for path in ["../out.txt", "/etc/passwd", "a/../b", "", "pipeline.json", "cloudformation.yaml", "a\\b"] {
        let interpreter = Interpreter::builder().emitter(Count { name: "count", path }).build().unwrap();
        let evaluation = interpreter.evaluate(&Script::new("a.aphex", PIPELINE));
        assert_eq!(evaluation.diagnostics.len(), 1, "{path}");
        assert_eq!(evaluation.diagnostics[0].code, Code::BadArtifact, "{path}");
        assert!(problems(&evaluation)[0].starts_with("a.aphex:4:1: error[bad-artifact]: "), "{path}");
        assert!(evaluation.outputs.is_empty(), "{path}");
    }
}

#[test]
fn an_emitter_reports_problems_of_its_own() {
    static LARGE: OwnCode = OwnCode::new("acme-large", Severity::Warning, "much of something");

    struct Warns;

    impl Emitter for Warns {
        fn name(&self) -> &'static str {
            "warns"
        }

        fn emit(&self, emission: &mut Emission<'_>) {
            let json = emission.format() == Format::Json;
            let message = format!("{} files, JSON: {json}", emission.artifacts().len());
            emission.report(Diagnostic::new(Code::Own(&LARGE), Span::NOWHERE, message));
        }
    }

    let interpreter = Interpreter::builder().emitter(Warns).build().unwrap();
    let evaluation = interpreter.evaluate(&Script::new("a.aphex", PIPELINE).format(Format::Json));
    assert_eq!(problems(&evaluation), ["a.aphex:4:1: warning[acme-large]: 6 files, JSON: true"]);
    assert_eq!(evaluation.outputs.len(), 1, "a warning keeps nothing from being written");
}
