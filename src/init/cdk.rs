//! The CDK app of a project: its stacks, and where they go, as far as its files say.

use serde_json::Value;

use super::Folder;
use crate::model::{AccountId, Region, StackName};
use crate::schema::Text;

/// The most stacks that a first script names.
const MAX_STACKS: usize = 200;

/// Stacks that go to one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    /// The AWS account, where the app names it.
    pub account: Option<String>,
    /// The AWS region, where the app names it.
    pub region: Option<String>,
    /// The stacks, in the order of the app.
    pub stacks: Vec<String>,
}

/// What was synthesised last, or else what the app's text says; empty where neither tells.
pub(super) fn targets(folder: Folder<'_>, notes: &mut Vec<String>) -> (Vec<Target>, Option<String>) {
    if let Some(manifest) = folder.json("cdk.out/manifest.json", notes) {
        let found = synthesised(&manifest);
        if !found.is_empty() {
            return (found, Some(folder.at("cdk.out/manifest.json")));
        }
    }
    let app = folder.json("cdk.json", notes).and_then(|cdk| Some(cdk.get("app")?.as_str()?.to_owned()));
    let file = app.as_deref().and_then(|app| entry_point(folder, app));
    let stacks = file.as_deref().and_then(|file| folder.text(file)).map(|text| written(&text)).unwrap_or_default();
    if stacks.is_empty() {
        return (Vec::new(), None);
    }
    (vec![Target { account: None, region: None, stacks }], file.map(|file| folder.at(&file)))
}

/// The stacks of a cloud assembly, by the place where they go (Cloud Assembly Schema: `artifacts`, each with `type`,
/// `environment` as `aws://ACCOUNT/REGION`, and `properties.stackName`).
fn synthesised(manifest: &Value) -> Vec<Target> {
    let artifacts = manifest["artifacts"].as_object().into_iter().flatten();
    let stacks = artifacts.filter(|(_, artifact)| artifact["type"] == "aws:cloudformation:stack");
    let mut targets: Vec<Target> = Vec::new();
    for (id, artifact) in stacks.take(MAX_STACKS) {
        let name = artifact["properties"]["stackName"].as_str().unwrap_or(id);
        if StackName::parse(name).is_err() {
            continue;
        }
        let place = artifact["environment"].as_str().and_then(|text| text.strip_prefix("aws://")?.split_once('/'));
        let account = place.and_then(|(account, _)| AccountId::parse(account).ok()).map(|id| id.as_str().to_owned());
        let region = place.map(|(_, region)| region.to_owned()).filter(|name| Region::known().any(|one| one == name));
        let known = targets.iter_mut().find(|target| target.account == account && target.region == region);
        match known {
            Some(target) if target.stacks.iter().any(|stack| stack == name) => {}
            Some(target) => target.stacks.push(name.to_owned()),
            None => targets.push(Target { account, region, stacks: vec![name.to_owned()] }),
        }
    }
    targets
}

/// The file in the command of `cdk.json` that makes the app: `npx ts-node --prefer-ts-exts bin/app.ts`.
fn entry_point(folder: Folder<'_>, command: &str) -> Option<String> {
    let endings = [".ts", ".mts", ".js", ".mjs", ".py", ".go", ".java"];
    let words = command.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
    let mut files = words.filter(|word| endings.iter().any(|ending| word.ends_with(ending)));
    files.find(|file| folder.has(file)).map(str::to_owned)
}

/// The names in calls like `new ApiStack(app, "Api"` and `ApiStack(app, "Api"`.
fn written(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (_, rest) in text.match_indices("Stack(").filter_map(|(at, _)| text.split_at_checked(at + "Stack(".len())) {
        let Some((scope, rest)) = rest.split_once(',') else { continue };
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_.$".contains(c);
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|quote| ['"', '\'', '`'].contains(quote));
        let Some(quote) = quote.filter(|_| !scope.trim().is_empty() && scope.trim().chars().all(is_name)) else {
            continue;
        };
        let name = rest[1..].split(quote).next().unwrap_or_default();
        if StackName::parse(name).is_ok() && !names.iter().any(|known| known == name) && names.len() < MAX_STACKS {
            names.push(name.to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryHost;

    #[test]
    fn stacks_are_found_in_the_text_of_an_app() {
        let typescript = r#"
            import { ApiStack } from "../lib/api-stack";
            const app = new cdk.App();
            new NetworkStack(app, 'Network', { env });
            new ApiStack(
                app, "Api", {});
            new ApiStack(app, `Api-${stage}`);
            new ApiStack(app, "Api");
            class MyStack extends Stack { constructor(scope: Construct, id: string) {} }
        "#;
        assert_eq!(written(typescript), ["Network", "Api"]);
        assert_eq!(written("AppStack(app, \"App\",\n    env=x)\nclass A(Stack):\n  def f(self, a): pass\n"), ["App"]);
        assert!(written("Stack(").is_empty() && written("Stack(é, \"é\"").is_empty());
    }

    #[test]
    fn what_was_synthesised_counts_more_than_the_text() {
        let manifest = r#"{"artifacts": {
            "Tree": {"type": "cdk:tree"},
            "A": {"type": "aws:cloudformation:stack", "environment": "aws://111111111111/eu-west-1",
                  "properties": {"stackName": "Network"}},
            "Api": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region"},
            "B": {"type": "aws:cloudformation:stack", "environment": "aws://111111111111/eu-west-1"},
            "bad name": {"type": "aws:cloudformation:stack"}
        }}"#;
        let host = MemoryHost::new().with("infra/cdk.out/manifest.json", manifest).with("infra/cdk.json", "{}");
        let (found, from) = targets(Folder { host: &host, path: "infra" }, &mut Vec::new());
        assert_eq!(from.as_deref(), Some("infra/cdk.out/manifest.json"));
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].stacks, ["Network", "B"]);
        assert_eq!(found[0].region.as_deref(), Some("eu-west-1"));
        assert_eq!(found[1], Target { account: None, region: None, stacks: vec!["Api".into()] });
    }

    #[test]
    fn the_app_is_the_file_that_its_command_names() {
        let host = MemoryHost::new()
            .with("cdk.json", r#"{"app": "npx ts-node --prefer-ts-exts bin/shop.ts"}"#)
            .with("bin/shop.ts", "new ShopStack(app, 'Shop')");
        let (found, from) = targets(Folder { host: &host, path: "" }, &mut Vec::new());
        assert_eq!((found[0].stacks[0].as_str(), from.as_deref()), ("Shop", Some("bin/shop.ts")));
        let outside = MemoryHost::new().with("cdk.json", r#"{"app": "python3 ../../app.py"}"#);
        assert!(targets(Folder { host: &outside, path: "" }, &mut Vec::new()).0.is_empty());
    }
}
