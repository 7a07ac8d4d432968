//! How a person lets a run go on, or refuses to.

use crate::model::{GateTask, Pipeline};

/// The lines about the gates of `pipeline`: all comments, since they are for a run that waits, and not for now.
pub(super) fn gates(pipeline: &Pipeline) -> Vec<String> {
    let gates = pipeline.gates();
    if gates.is_empty() {
        return Vec::new();
    }
    let (namespace, name) = (pipeline.argo.namespace.as_str(), pipeline.name.as_str());
    let mut lines = vec![
        "# Where a run waits for a person: in Argo's page choose the waiting node, RESUME, and `approve` as the decision. In a".to_owned(),
        "# shell, with the run's name as RUN, as below. Whatever is not `approve` refuses; so does the time, when it is over.".to_owned(),
        format!("# argo list --namespace {namespace} --running --selector aphex.dev/pipeline={name}"),
    ];
    lines.extend(gates.into_iter().flat_map(|gate| gate_lines(namespace, &gate)));
    lines
}

fn gate_lines(namespace: &str, gate: &GateTask) -> [String; 3] {
    let GateTask { name, message, seconds: _ } = gate;
    let node = format!("--namespace {namespace} --node-field-selector displayName={name}");
    let decide = |decision: &str| {
        format!("# argo node set \"$RUN\" {node} --output-parameter decision={decision} && argo resume \"$RUN\" {node}")
    };
    [format!("# {name}: {message}"), decide("approve"), decide("reject")]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::gates;
    use crate::emit::testing::{call, environment, pipeline};

    #[test]
    fn each_gate_is_told_how_to_pass_it() {
        assert_eq!(gates(&pipeline(json!({}))), Vec::<String>::new());
        let stages = json!([
            environment("dev", json!({ "approval": true })),
            call(
                "parallel",
                [environment("prod", json!({ "approval": { "$approval": ["Ship?", { "name": "ship" }] } })),]
            )
        ]);
        let lines = gates(&pipeline(json!({ "stages": stages })));
        assert!(lines.iter().all(|line| line.starts_with("# ")));
        let approve = "# argo node set \"$RUN\" --namespace argo --node-field-selector displayName=ship \
                       --output-parameter decision=approve && argo resume \"$RUN\" --namespace argo \
                       --node-field-selector displayName=ship";
        assert_eq!(lines[6..8], ["# ship: Ship?".to_owned(), approve.to_owned()]);
    }
}
