//! What a pipeline needs and a configuration does not say: given, found out, or a placeholder that says so.

use super::{Noted, Value, entry};

/// An account that is none: twelve digits that nobody takes for their own.
pub const ACCOUNT: &str = "000000000000";
/// A cluster that is none.
pub const CLUSTER: &str = "my-cluster";
/// The name of a pipeline of which nothing is known.
const NAME: &str = "my-app";
/// The owner of a repository of which nothing is known.
const OWNER: &str = "my-org";

/// Where a pipeline runs and what triggers it. What is `None` becomes a placeholder with a comment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The pipeline's name.
    pub name: Option<String>,
    /// The EKS cluster.
    pub cluster: Option<String>,
    /// The AWS account of the cluster.
    pub account: Option<String>,
    /// The AWS region of the cluster.
    pub region: Option<String>,
    /// The repository, `owner/name`.
    pub repository: Option<String>,
    /// What is cloned, where that is not github.com.
    pub url: Option<String>,
    /// The branch that delivers, where it is not the language's default.
    pub branch: Option<String>,
}

impl Settings {
    /// The pipeline's name, or the placeholder.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(NAME)
    }

    /// The keys of a pipeline up to `source`, in the order of the language; `region` is a likely one for the placeholder.
    pub fn entries(&self, region: &str) -> Vec<Noted<(String, Value)>> {
        let or = |key: &str, given: &Option<String>, placeholder: &str, what: &str| match given {
            Some(given) => entry(key, Value::text(given)),
            None => entry(key, Value::text(placeholder)).right(format!(" replace: {what}")),
        };
        vec![
            or("cluster", &self.cluster, CLUSTER, "the EKS cluster that runs Argo"),
            or("account", &self.account, ACCOUNT, "the cluster's AWS account"),
            or("region", &self.region, region, "the cluster's region"),
            self.source(),
        ]
    }

    fn source(&self) -> Noted<(String, Value)> {
        let keys = [("branch", &self.branch), ("url", &self.url)];
        let keys: Vec<_> =
            keys.into_iter().filter_map(|(key, value)| Some(entry(key, Value::text(value.as_ref()?)))).collect();
        let placeholder = format!("{OWNER}/{}", self.name());
        let name = Value::text(self.repository.as_deref().unwrap_or(&placeholder));
        let keys = (!keys.is_empty()).then_some(Value::Short(keys));
        let source = entry("source", Value::call("github", [name].into_iter().chain(keys)));
        if self.repository.is_some() { source } else { source.right(" replace: the repository, `owner/name`") }
    }

    /// What has a placeholder, in words.
    pub fn open(&self) -> Vec<&'static str> {
        let all = [
            ("the pipeline's name", &self.name),
            ("`cluster`", &self.cluster),
            ("`account`", &self.account),
            ("`region`", &self.region),
            ("the repository in `source`", &self.repository),
        ];
        all.into_iter().filter(|(_, given)| given.is_none()).map(|(what, _)| what).collect()
    }
}
