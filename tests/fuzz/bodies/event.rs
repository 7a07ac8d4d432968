//! Whatever a delivery says, there is an answer.

use std::sync::LazyLock;

use aphex::emit::Artifact;
use aphex::event::{Delivery, Receiver};
use aphex::{Format, Interpreter, MemoryHost, Script};
use serde_json::Value;

/// What receives deliveries: that of the script beside the payloads, and of one that asks for more.
static RECEIVERS: LazyLock<Vec<Receiver>> = LazyLock::new(|| {
    let payloads = include_str!("../../events/payloads/pipeline.aphex");
    let more = r#"
        let dev = environment("dev", #{ account: "111111111111", region: "us-east-1", stacks: [stack("App")] });
        pipeline("more", #{
            cluster: "c", account: "999999999999", region: "us-east-1", build: ["make"], stages: [dev],
            source: github("my-org/my-app", #{
                branch: ["main", "release/**", "*-x?"], tags: ["v*", "night**"], paths: ["src/**", "*.md", "docs/R&D/?a"],
            }),
        });
    "#;
    [payloads, more].into_iter().flat_map(receivers).collect()
});

fn receivers(text: &str) -> Vec<Receiver> {
    let interpreter = Interpreter::default().with_host(MemoryHost::new());
    let evaluation = interpreter.evaluate(&Script::new("pipeline.aphex", text).format(Format::Json));
    assert!(!evaluation.has_errors(), "{:?}", evaluation.diagnostics);
    let receiver = |artifacts: &[Artifact]| {
        let documents = artifacts.iter().flat_map(Artifact::documents);
        let read = documents.map(|document| serde_json::from_str(document.text).expect("it is JSON"));
        Receiver::read(&read.collect::<Vec<Value>>()).expect("what is emitted can be told about")
    };
    evaluation.outputs.iter().map(|output| receiver(&output.artifacts)).collect()
}

pub(super) fn run(bytes: &[u8]) {
    for event in [None, Some("push"), Some("pull_request")] {
        let delivery = match Delivery::read(bytes, event) {
            Ok(delivery) => delivery,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                continue;
            }
        };
        delivery.repository();
        for receiver in &*RECEIVERS {
            if let Ok(verdict) = receiver.receive(&delivery) {
                for sensor in &verdict.sensors {
                    let holds = sensor.filters.iter().all(|look| look.holds);
                    assert_eq!(holds, sensor.run.is_some(), "{sensor:?}");
                }
            }
        }
    }
}
