//! What a Sensor does with a delivery: its data filters, after Argo Events' `filter.go`, and the parameters of its
//! trigger. Whatever a Sensor has that is not known here stops the test.

use regex::Regex;
use serde_json::Value;

use super::gjson;

/// The commit that `sensor` starts a run for, if `delivery` starts one.
pub(crate) fn run(sensor: &Value, delivery: &Value) -> Option<String> {
    let dependencies = sensor["spec"]["dependencies"].as_array().expect("a Sensor has dependencies");
    let triggers = sensor["spec"]["triggers"].as_array().expect("a Sensor has triggers");
    let ([dependency], [trigger]) = (&dependencies[..], &triggers[..]) else { panic!("one of each: {sensor}") };
    assert_eq!(trigger["template"]["conditions"], dependency["name"]);
    let filters = dependency["filters"].as_object().expect("a dependency has filters");
    assert_eq!(filters.keys().collect::<Vec<_>>(), ["data"]);
    let data = filters["data"].as_array().expect("filters are an array");
    data.iter().all(|filter| holds(filter, delivery)).then(|| commit(trigger, delivery))
}

fn holds(filter: &Value, delivery: &Value) -> bool {
    assert_eq!(filter.as_object().map(serde_json::Map::len), Some(3), "{filter}");
    let Some(found) = gjson::get(delivery, filter["path"].as_str().expect("a path")) else { return false };
    let mut values = filter["value"].as_array().expect("values").iter().map(|value| value.as_str().expect("a text"));
    match filter["type"].as_str() {
        Some("string") => {
            let text = gjson::text(&found);
            values.any(|value| Regex::new(value).expect("a regular expression").is_match(&text))
        }
        Some("bool") => values.any(|value| (value == "true") == (found == Value::Bool(true))),
        other => panic!("no filter of type {other:?} is expected"),
    }
}

/// The only parameter that reaches the run.
fn commit(trigger: &Value, delivery: &Value) -> String {
    let kubernetes = &trigger["template"]["k8s"];
    let Some([parameter]) = kubernetes["parameters"].as_array().map(Vec::as_slice) else { panic!("one parameter") };
    assert_eq!(parameter["dest"], "spec.arguments.parameters.0.value");
    assert_eq!(kubernetes["source"]["resource"]["spec"]["arguments"]["parameters"][0]["name"], "commit-sha");
    let key = parameter["src"]["dataKey"].as_str().expect("a key");
    gjson::get(delivery, key).map_or_else(|| "nothing".to_owned(), |value| gjson::text(&value))
}
