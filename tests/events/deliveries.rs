//! Deliveries of GitHub as Argo Events hands them on, cut to what somebody might look at.

use serde_json::{Value, json};

/// The commit of every delivery, the object that an annotated tag is, and what a deletion has in its place.
pub(crate) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const TAG: &str = "76543210fedcba9876543210fedcba9876543210";
const NOTHING: &str = "0000000000000000000000000000000000000000";

/// Deliveries of the repository of that name and of others, each with a name.
pub(crate) fn deliveries(repository: &str) -> Vec<(&'static str, Value)> {
    let branch = |name: &str, files: &[&str]| push(repository, &format!("refs/heads/{name}"), COMMIT, files);
    let tag = |name: &str, after: &str| push(repository, &format!("refs/tags/{name}"), after, &[]);
    let opened = |base: &str| pull_request(repository, "opened", base, Some(repository));
    vec![
        ("push main", branch("main", &["README.md"])),
        ("push main, docs", branch("main", &["docs/a.md", "docs/deep/b.md"])),
        ("push main, api", branch("main", &["services/api/index.ts"])),
        ("push main, api2", branch("main", &["services/api2/index.ts"])),
        ("push main, old/services/api", branch("main", &["old/services/api/index.ts"])),
        ("push main, a quote before", branch("main", &["x\"services/api/y", "x,", "\\"])),
        ("push main, R&D", branch("main", &["docs/R&D/<a>.md"])),
        ("push main, removed", files(branch("main", &[]), &[], &["services/api/gone.ts"])),
        ("push main, modified, second commit", files(branch("main", &["x"]), &["services/api/new.ts"], &[])),
        ("push main, no commits", branch("main", &[])),
        ("push main-hotfix", branch("main-hotfix", &["README.md"])),
        ("push xmain", branch("xmain", &["README.md"])),
        ("push feature/refs/heads/main", branch("feature/refs/heads/main", &["README.md"])),
        ("push release/1", branch("release/1", &["services/api/index.ts"])),
        ("push release/1/fix", branch("release/1/fix", &["README.md"])),
        ("push branch v1.2", branch("v1.2", &["README.md"])),
        ("delete main", deleted(repository, "refs/heads/main")),
        ("tag v1.2", tag("v1.2", COMMIT)),
        ("tag v1.2 annotated", tag("v1.3", TAG)),
        ("tag nightly", tag("nightly", COMMIT)),
        ("tag refs/heads/main", tag("refs/heads/main", COMMIT)),
        ("delete tag v1.2", deleted(repository, "refs/tags/v1.2")),
        ("push main of another", push("other/repository", "refs/heads/main", COMMIT, &["services/api/index.ts"])),
        ("push main of a longer name", push(&format!("{repository}2"), "refs/heads/main", COMMIT, &["README.md"])),
        ("tag v1.2 of another", push("other/repository", "refs/tags/v1.2", COMMIT, &[])),
        ("PR opened", opened("main")),
        ("PR synchronize", pull_request(repository, "synchronize", "main", Some(repository))),
        ("PR reopened", pull_request(repository, "reopened", "main", Some(repository))),
        ("PR closed", pull_request(repository, "closed", "main", Some(repository))),
        ("PR labeled", pull_request(repository, "labeled", "main", Some(repository))),
        ("PR from a fork", pull_request(repository, "opened", "main", Some("someone/my-app"))),
        ("PR from a deleted fork", pull_request(repository, "opened", "main", None)),
        ("PR to dev", opened("dev")),
        ("PR to release/1", opened("release/1")),
        ("PR to main2", opened("main2")),
        ("PR review", event(opened("main")["body"].clone(), "pull_request_review")),
        ("PR of another", pull_request("other/repository", "opened", "main", Some("other/repository"))),
        ("ping", event(json!({ "zen": "…", "repository": { "full_name": repository } }), "ping")),
    ]
}

/// What Argo Events makes of a body: two headers are copied into it.
fn event(mut body: Value, kind: &str) -> Value {
    body["X-GitHub-Event"] = json!(kind);
    body["X-GitHub-Delivery"] = json!("72d3162e-cc78-11e3-81ab-4c9367dc0958");
    json!({ "headers": { "X-Github-Event": [kind] }, "body": body, "metadata": null })
}

/// A push; each file is added by a commit of its own.
fn push(repository: &str, pushed: &str, after: &str, added: &[&str]) -> Value {
    let commit = |file: &&str| json!({ "id": COMMIT, "message": "refs/heads/main", "added": [file], "modified": [], "removed": [] });
    let body = json!({
        "ref": pushed,
        "before": NOTHING,
        "after": after,
        "created": false,
        "deleted": false,
        "forced": false,
        "base_ref": null,
        "commits": added.iter().map(commit).collect::<Vec<_>>(),
        "head_commit": { "id": COMMIT, "message": "refs/heads/main" },
        "repository": { "full_name": repository, "default_branch": "main" },
        "pusher": { "name": "octocat" },
    });
    event(body, "push")
}

/// A push with one more commit, which touches these.
fn files(mut push: Value, modified: &[&str], removed: &[&str]) -> Value {
    let commit = json!({ "id": COMMIT, "added": [], "modified": modified, "removed": removed });
    push["body"]["commits"].as_array_mut().expect("a push has commits").push(commit);
    push
}

fn deleted(repository: &str, pushed: &str) -> Value {
    let mut push = push(repository, pushed, NOTHING, &[]);
    push["body"]["deleted"] = json!(true);
    push["body"]["head_commit"] = Value::Null;
    push
}

/// A pull request to `base` from the repository `head`, which may be gone.
fn pull_request(repository: &str, action: &str, base: &str, head: Option<&str>) -> Value {
    let body = json!({
        "action": action,
        "number": 1,
        "pull_request": {
            "head": { "ref": "main", "sha": COMMIT, "repo": head.map(|name| json!({ "full_name": name })) },
            "base": { "ref": base, "sha": TAG, "repo": { "full_name": repository } },
            "title": "refs/heads/main",
        },
        "repository": { "full_name": repository, "default_branch": "main" },
    });
    event(body, "pull_request")
}
