//! The module of `--template platform`: what an organisation decides for all of its pipelines.

use super::template::STAGES;
use crate::draft::{Script, Settings, Statement, Value, entry};

/// The functions that pipelines call.
const FUNCTIONS: &str = "\
/// An environment in one of the organisation's accounts.
fn target(stage, options) {
    if !(stage in global::ACCOUNTS) {
        fail(`there is no account \"${stage}\"`, stage);
        return;
    }
    environment(stage, #{ account: global::ACCOUNTS[stage], region: global::REGION } + options)
}

/// A pipeline on the organisation's cluster, with its settings.
fn deliver(name, options) {
    pipeline(name, global::SETTINGS.merge(options))
}";

/// The text of the module.
pub(super) fn text(settings: &Settings, region: &str) -> String {
    let accounts = STAGES.iter().map(|(stage, account)| {
        entry(stage, Value::text(*account)).right(Settings::open_at(&format!("the AWS account of {stage}")))
    });
    let mut keys = settings.entries(region);
    keys.retain(|key| key.node.0 != "source");
    keys.push(entry("retention", Value::text("14d")));
    let mut script = Script::default();
    let mut add = |doc: &str, name: &str, value: Value| {
        script.push(Statement::Verbatim(format!("/// {doc}")));
        script.push(Statement::Constant(name.to_owned(), value));
        script.gap();
    };
    add("The organisation's AWS accounts.", "ACCOUNTS", Value::Map(accounts.collect()));
    add("The region of its environments.", "REGION", Value::text(region));
    add("Where its pipelines run, and what they have in common.", "SETTINGS", Value::Map(keys));
    script.push(Statement::Verbatim(FUNCTIONS.to_owned()));
    format!("//! What the platform team gives every other team.\n\n{}", script.text())
}
