//! A WorkflowTemplate as it stands in JSON, as far as it decides what runs. A field of a task that is not known here is
//! an error, since it could decide something too.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(super) struct Workflow {
    pub(super) spec: Spec,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Spec {
    pub(super) entrypoint: String,
    pub(super) on_exit: Option<String>,
    pub(super) hooks: Option<IgnoredAny>,
    pub(super) templates: Vec<Template>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Template {
    pub(super) name: String,
    #[serde(default)]
    pub(super) inputs: Parameters,
    #[serde(default)]
    pub(super) outputs: Parameters,
    pub(super) daemon: Option<bool>,
    pub(super) dag: Option<Dag>,
    pub(super) steps: Option<Vec<Vec<Task>>>,
    pub(super) suspend: Option<IgnoredAny>,
    pub(super) container: Option<Container>,
    pub(super) script: Option<IgnoredAny>,
    pub(super) container_set: Option<IgnoredAny>,
    pub(super) resource: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Dag {
    pub(super) fail_fast: Option<bool>,
    pub(super) tasks: Vec<Task>,
}

/// A task of a DAG, or a step.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Task {
    pub(super) name: String,
    pub(super) template: String,
    pub(super) depends: Option<String>,
    pub(super) when: Option<String>,
    #[serde(default)]
    pub(super) continue_on: ContinueOn,
    #[serde(default)]
    pub(super) arguments: Parameters,
}

/// The ends of a step that count as success.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ContinueOn {
    pub(super) error: bool,
    pub(super) failed: bool,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Parameters {
    #[serde(default)]
    pub(super) parameters: Vec<Parameter>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) value: Option<Value>,
    pub(super) default: Option<Value>,
    pub(super) value_from: Option<ValueFrom>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ValueFrom {
    pub(super) default: Option<Value>,
    pub(super) supplied: Option<IgnoredAny>,
    pub(super) config_map_key_ref: Option<Key>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Key {
    pub(super) key: String,
}

/// What a container runs.
#[derive(Debug, Deserialize)]
pub(super) struct Container {
    #[serde(default)]
    command: Vec<String>,
    #[serde(default)]
    args: Vec<String>,
}

impl Container {
    /// Whether it is there to fail, as what runs after a refused approval: its script is a list of commands without a
    /// condition, and the last one is `exit` with a number that is not 0.
    pub(super) fn always_fails(&self) -> bool {
        let Some(script) = self.args.last().or(self.command.last()) else { return false };
        let open = ["if ", "&&", "||", "case ", "while ", "until ", "for ", "{", "(", "|"];
        let last = script.trim_end_matches([';', '\n', ' ']).rsplit([';', '\n']).next().unwrap_or_default().trim();
        let number = last.strip_prefix("exit ").and_then(|number| number.trim().parse::<u8>().ok());
        number.is_some_and(|number| number != 0) && !open.iter().any(|word| script.contains(word))
    }
}

/// A value as Argo takes it: any scalar is its text.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
