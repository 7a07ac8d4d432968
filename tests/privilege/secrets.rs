//! Which pod is given which Secret: no RBAC stands between a pod and what its own template names.

use serde_json::Value;

use crate::case::Case;
use crate::identities::pods;

/// Where a template names a key of a Secret.
const KEYS: [&str; 3] = ["secretKeyRef", "passwordSecret", "usernameSecret"];

/// Jobs that are given no Secret but the one to clone with: what is deployed asks AWS, and a pull request is not reviewed.
const BARE: [&str; 4] = ["deploy", "update", "record", "validate"];

/// Secrets that reach a pod which has no business with them, in words.
pub(crate) fn astray(case: &Case) -> Vec<String> {
    let secret = |key: &str| {
        let secret = &case.model["source"][key];
        Some((secret["name"].as_str()?.to_owned(), secret["key"].as_str()?.to_owned()))
    };
    let clone = secret("clone_token");
    let of_github = [secret("token"), secret("webhook_secret")];
    let mut found = Vec::new();
    for (job, _, pod) in pods(case) {
        let is_bare = job.starts_with("pull-request/") || BARE.contains(&job.as_str());
        let mut given = Vec::new();
        let mut other = false;
        collect(pod, &mut given, &mut other);
        for one in given.into_iter().map(Some) {
            if one != clone && (is_bare || of_github.contains(&one)) {
                found.push(format!("{job} is given the Secret {}", one.unwrap_or_default().0));
            }
        }
        if other {
            found.push(format!("{job} is given a Secret in a way that is not known here"));
        }
    }
    found
}

/// Every name and key of a Secret in `value`; `other`: whether one is mounted or taken whole.
fn collect(value: &Value, found: &mut Vec<(String, String)>, other: &mut bool) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if KEYS.contains(&key.as_str()) {
                    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
                    found.push((text("name"), text("key")));
                } else {
                    *other |= ["secret", "secretRef", "envFrom", "sshPrivateKeySecret"].contains(&key.as_str());
                    collect(value, found, other);
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found, other)),
        _ => {}
    }
}
