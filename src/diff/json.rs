//! Changes as JSON for programs: version 1 of a structure that only grows.

use serde_json::{Value, json};

use super::{Change, Changes, PipelineChanges, State};

impl Changes {
    /// `{"version": 1, "same": …, "summary": …, "pipelines": […]}`: a pipeline has `pipeline`, `state` (`added`, `removed`,
    /// `renamed` with `renamed_from`, `changed`) and `changes`; a change has `topic`, `action`, `effect`, `path`, `subject`,
    /// `text`, and `old` and `new` where it is about one value.
    pub fn json(&self) -> Value {
        let pipelines: Vec<Value> = self.pipelines.iter().map(pipeline).collect();
        let summary = if self.is_empty() { "no change".to_owned() } else { self.summary() };
        json!({ "version": 1, "same": self.is_empty(), "summary": summary, "pipelines": pipelines })
    }
}

fn pipeline(PipelineChanges { name, state, changes }: &PipelineChanges) -> Value {
    let mut value = json!({ "pipeline": name, "state": state.name() });
    if let State::Renamed { from } = state {
        value["renamed_from"] = json!(from);
    }
    value["changes"] = changes.iter().map(change).collect();
    value
}

fn change(Change { topic, action, effect, path, subject, text, old, new }: &Change) -> Value {
    let mut value = json!({
        "topic": topic.name(),
        "action": action.name(),
        "effect": effect.name(),
        "path": path,
        "subject": subject,
        "text": text,
    });
    for (key, given) in [("old", old), ("new", new)] {
        if let Some(given) = given {
            value[key] = given.clone();
        }
    }
    value
}
