//! What comes out for small pipelines.

use serde_json::{Value, json};

use super::*;
use crate::emit::testing::{call, environment, named, pipeline};

/// Writes pipelines below `APHEX_DUMP`, for the tools outside.
#[test]
#[ignore = "writes files"]
fn dump() {
    let folder = std::path::PathBuf::from(option_env!("APHEX_DUMP").unwrap_or("/tmp/aphex-dump"));
    for (name, pipeline) in samples() {
        for (format, extension) in [(Format::Yaml, "yaml"), (Format::Json, "json")] {
            for artifact in emit(&pipeline, "pipeline.aphex", format) {
                let path = folder.join(extension).join(name).join(&artifact.path);
                #[expect(clippy::disallowed_methods, reason = "a test that is run by hand")]
                {
                    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                    std::fs::write(path, artifact.text()).unwrap();
                }
            }
        }
    }
}

fn samples() -> Vec<(&'static str, std::sync::Arc<Pipeline>)> {
    let many = |prefix: &str, count: usize| -> Vec<Value> {
        let made = (0..count).map(|n| {
            environment(
                &format!("{prefix}-{n}"),
                json!({
                    "account": format!("{n:012}"),
                    "variables": { "LEVEL": format!("{}", n % 7) },
                    "tests": ["npm run test:smoke", format!("curl -fsS https://{n}.example.com")],
                }),
            )
        });
        made.collect()
    };
    let secret = |name: &str, key: &str| call("secret", [name, key]);
    vec![
        ("minimal", pipeline(json!({}))),
        ("bare", pipeline(json!({ "build": null, "validate": false, "self_update": false }))),
        (
            "nested",
            pipeline(json!({ "stages": [
                environment("dev", json!({ "tests": ["npm test"] })),
                call("parallel", [
                    environment("eu", json!({ "tests": ["npm test"] })),
                    call("sequence", [
                        environment("us", json!({})),
                        call("parallel", [environment("us-a", json!({})), environment("us-b", json!({ "tests": ["npm run b"] }))]),
                    ]),
                ]),
                call("sequence", [environment("prod", json!({ "deploy": { "timeout": "1h", "retries": 2 } }))]),
            ] })),
        ),
        (
            "everything",
            named(
                "shop",
                json!({
                    "cluster": { "name": "company", "export_prefix": "Company-" },
                    "region": "cn-north-1",
                    "source": { "$github": ["my-org/my.app", {
                        "branch": ["main", "release/**", "v?.*"],
                        "url": "https://git.example.com/$(x)/$$a.git",
                        "token": secret("hooks", "token"),
                        "webhook_secret": secret("hooks", "hmac"),
                        "clone_token": secret("clone", "token"),
                    }] },
                    "build": {
                        "commands": ["docker inspect -f '{{.State.Status}}' x", "echo $(date) $$ \"${HOME}\" \\ 🚀 {{{x}}} {{=1}}"],
                        "image": "node:22", "timeout": "20m", "retries": 3,
                        "variables": { "ON": "yes", "TEMPLATE": "{{workflow.name}} $(HOME)", "LINES": "a\nb\n", "CI": "true" },
                        "secrets": { "NPM_TOKEN": secret("npm", "token") },
                        "resources": { "cpu": "2", "memory": "4Gi" },
                    },
                    "stages": [environment("dev", json!({
                        "region": "cn-northwest-1",
                        "stacks": [call("stack", ["Api"]), { "$stack": ["Web", { "depends_on": ["Db"] }] }, call("stack", ["Db"])],
                        "deploy": { "mode": "together", "image": "deploy:1", "timeout": "2h", "retries": 1, "variables": { "A": "1" }, "resources": { "memory": "1Gi" } },
                        "tests": { "commands": ["{{"], "image": "test:1", "timeout": "90s", "retries": 2, "variables": { "B": "{{" },
                            "secrets": { "KEY": secret("keys", "a") }, "resources": { "cpu": "1" } },
                        "variables": { "A": "2", "B": "3", "FLAG": "🏴\u{e0067}" },
                    }))],
                    "directory": "apps/{{shop}}",
                    "validate": "ci/$$deploy.aphex",
                    "self_update": true,
                    "images": { "builder": "b:1", "deployer": "d:1", "tester": "t:1", "validator": "v:1" },
                    "pin_images": true,
                    "names": { "workflow_template": "wt", "event_source": "es", "sensor": "se", "workflow_prefix": "run-",
                        "executor_service_account": "ex", "builder_service_account": "bu", "executor_role": "Ex", "builder_role": "Bu", "stack": "Stack" },
                    "artifacts": { "bucket": "bucket", "retention": "30d" },
                    "argo": { "namespace": "workflows", "events_namespace": "events", "event_bus": "bus" },
                    "event_source": { "url": "https://hooks.example.com/", "type": "LoadBalancer", "port": 443,
                        "annotations": { "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal" } },
                    "identity": { "kind": "irsa", "explicit_variables": true },
                    "permissions": [{ "actions": ["s3:GetObject"], "resources": ["arn:aws-cn:s3:::x/*"] }],
                    "permissions_boundary": "arn:aws-cn:iam::999999999999:policy/boundary",
                    "cdk_qualifier": "abc",
                    "concurrency": "parallel",
                    "timeout": "2d", "retention": "14d",
                    "resources": { "cpu": "250m", "memory": "1Gi" },
                    "labels": { "team": "shop", "on": "yes", "app.kubernetes.io/managed-by": "me" },
                    "annotations": { "note": "on", "tag": "{{x}}", "date": "2024-01-01" },
                }),
            ),
        ),
        ("wide", pipeline(json!({ "stages": [call("parallel", many("e", 300))] }))),
        ("long", pipeline(json!({ "stages": many("e", 300) }))),
        ("twice", pipeline(json!({ "stages": [call("parallel", many("a", 150)), call("parallel", many("b", 150))] }))),
    ]
}
