//! What a Sensor does with a delivery, by the reading of `aphex::event`. Whatever a Sensor has that is not known there stops
//! the test.

use aphex::event::{Delivery, Origin, Sensor};
use serde_json::Value;

/// The commit that `sensor` starts a run for, if `delivery` starts one.
pub(crate) fn run(sensor: &Value, delivery: &Value) -> Option<String> {
    let delivery =
        Delivery::read(delivery.to_string().as_bytes(), None).expect("a delivery that Argo Events passed on");
    let judgement = Sensor::read(sensor, &[]).and_then(|sensor| sensor.judge(&delivery));
    let run = judgement.expect("a Sensor of the known forms").run?;
    // The only parameter that reaches the run.
    let [parameter] = &run.parameters[..] else { panic!("one parameter, not {:?}", run.parameters) };
    assert_eq!(parameter.name, "commit-sha");
    assert!(matches!(parameter.from, Origin::Event(_)), "{parameter:?}");
    Some(parameter.value.clone())
}
