//! Files that are on no disk: a project in memory, texts that an editor has not saved, a source of files of one's own, and
//! the output as a map from paths to contents.
//!
//! `cargo run --example in_memory`

#![expect(clippy::print_stdout, reason = "an example shows what it gets")]

use std::collections::BTreeMap;

use aphex::{BuildError, Evaluation, Host, Interpreter, MemoryHost, ReadError, Script};

const SCRIPT: &str = r#"
import "./platform/accounts" as accounts;

let dev = environment("dev", #{ account: accounts::DEV, region: "eu-west-1", stacks: [stack("ShopStack")] });

pipeline("shop", #{
    cluster: "company-pipelines",
    account: accounts::PIPELINES,
    region:  "eu-west-1",
    source:  github("acme/shop"),
    stages:  [dev],
});
"#;

const ACCOUNTS: &str = r#"
export const PIPELINES = "999999999999";
export const DEV = "111111111111";
"#;

fn main() -> Result<(), BuildError> {
    let script = Script::new("pipeline.aphex", SCRIPT);
    let files = MemoryHost::new().with("platform/accounts.aphex", ACCOUNTS);
    let interpreter = Interpreter::builder().host(files).build()?;

    show("what is in memory", &interpreter.evaluate(&script));

    // A session reads each file once. A text that an editor has open counts before the file.
    let mut session = interpreter.session();
    session.open("platform/accounts.aphex", ACCOUNTS.replace("111111111111", "1234"));
    show("while somebody types", &session.evaluate(&script));
    session.close("platform/accounts.aphex");
    show("after the editor was closed", &session.evaluate(&script));

    let tenant = Tenant { name: "shop", files: &[("shop/platform/accounts.aphex", ACCOUNTS)] };
    show("from a table", &interpreter.with_host(tenant).evaluate(&script));
    Ok(())
}

/// The files of one tenant in a table of all.
struct Tenant {
    name: &'static str,
    files: &'static [(&'static str, &'static str)],
}

impl Host for Tenant {
    // A path is relative to the project root and has no `..` in it, so that no tenant sees what is another's.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let key = format!("{}/{path}", self.name);
        let found = self.files.iter().find(|(known, _)| *known == key);
        found.map(|(_, text)| text.as_bytes().to_vec()).ok_or(ReadError::NotFound)
    }

    fn exists(&self, path: &str) -> Option<bool> {
        Some(self.read(path).is_ok())
    }
}

/// What would be written, by its path.
fn files(evaluation: &Evaluation) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for output in &evaluation.outputs {
        for artifact in &output.artifacts {
            files.insert(format!("{}/{}", output.pipeline, artifact.path), artifact.contents().to_owned());
        }
        files.insert(format!("{}/pipeline.json", output.pipeline), output.manifest.clone());
    }
    files
}

fn show(title: &str, evaluation: &Evaluation) {
    println!("{title}:");
    evaluation.problems().for_each(|problem| println!("  {problem}"));
    for environment in evaluation.project.pipelines.iter().flat_map(|pipeline| pipeline.environments()) {
        println!("  {} is in the account {}", environment.name.as_str(), environment.account.as_str());
    }
    println!("  {:?}", files(evaluation).keys());
}
