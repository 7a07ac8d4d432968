//! What a pipeline needs and a configuration does not say: given, found out, or a placeholder that says so.

use super::{Noted, Statement, Value, entry, name_for};
use crate::model::{Artifacts, BucketName, Region};
use crate::schema::{Config, Default, Text};

/// Where a pipeline runs and what triggers it. What is `None` becomes a placeholder with a comment.
#[derive(Debug, Clone, std::default::Default, PartialEq, Eq)]
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

/// Why a pipeline in `region` cannot have that name, in words: other names are made from it, and the shortest limit is
/// that of the bucket. Where no region is known it may be the longest.
pub fn too_long(name: &str, region: Option<&str>) -> Option<String> {
    let longest = || Region::known().max_by_key(|region| region.len()).unwrap_or_default();
    let field = Artifacts::RECORD.field("bucket")?;
    let Some(Default::Text(pattern)) = field.default else { return None };
    let region = region.unwrap_or_else(longest);
    let bucket = pattern.replace("<name>", name).replace("<account>", Settings::ACCOUNT).replace("<region>", region);
    BucketName::parse(&bucket).err()
}

/// The name of a pipeline after its repository, cut where other names would be too long.
pub fn name_after(repository: &str, region: Option<&str>) -> Option<String> {
    let mut name = name_for(repository.rsplit('/').next()?, "app")?;
    while !name.is_empty() && too_long(&name, region).is_some() {
        name.pop();
    }
    let name = name.trim_end_matches('-');
    (!name.is_empty()).then(|| name.to_owned())
}

impl Settings {
    /// An account that is none: twelve digits that nobody takes for their own.
    pub const ACCOUNT: &str = "000000000000";
    /// A cluster that is none.
    pub const CLUSTER: &str = "my-cluster";
    /// The region of a pipeline of which nothing is known.
    pub const REGION: &str = "us-east-1";
    /// What a comment at a placeholder begins with.
    pub const OPEN: &str = " replace: ";
    /// The name of a pipeline of which nothing is known.
    const NAME: &str = "my-app";
    /// The owner of a repository of which nothing is known.
    const OWNER: &str = "my-org";

    /// The pipeline's name, or the placeholder.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(Self::NAME)
    }

    /// The keys of a pipeline up to `source`, in the order of the language; `region` is a likely one for the placeholder.
    pub fn entries(&self, region: &str) -> Vec<Noted<(String, Value)>> {
        let or = |key: &str, given: &Option<String>, placeholder: &str, what: &str| match given {
            Some(given) => entry(key, Value::text(given)),
            None => entry(key, Value::text(placeholder)).right(Self::open_at(what)),
        };
        vec![
            or("cluster", &self.cluster, Self::CLUSTER, "the EKS cluster that runs Argo"),
            or("account", &self.account, Self::ACCOUNT, "the cluster's AWS account"),
            or("region", &self.region, region, "the cluster's region"),
            self.source(),
        ]
    }

    fn source(&self) -> Noted<(String, Value)> {
        let keys = [("branch", &self.branch), ("url", &self.url)];
        let keys: Vec<_> =
            keys.into_iter().filter_map(|(key, value)| Some(entry(key, Value::text(value.as_ref()?)))).collect();
        let placeholder = format!("{}/{}", Self::OWNER, self.name());
        let name = Value::text(self.repository.as_deref().unwrap_or(&placeholder));
        let keys = (!keys.is_empty()).then_some(Value::Short(keys));
        let source = entry("source", Value::call("github", [name].into_iter().chain(keys)));
        if self.repository.is_some() { source } else { source.right(Self::open_at("the repository, `owner/name`")) }
    }

    /// The comment at a placeholder for `what`.
    pub fn open_at(what: &str) -> String {
        format!("{}{what}", Self::OPEN)
    }

    /// A call that declares the pipeline, with a comment where its name is a placeholder.
    pub fn declaration(&self, function: &str, keys: Vec<Noted<(String, Value)>>) -> Noted<Statement> {
        let call = Value::call(function, [Value::text(self.name()), Value::Map(keys)]);
        let call = Noted::new(Statement::Do(call));
        if self.name.is_some() {
            return call;
        }
        call.above(Self::open_at("the pipeline's name, after which its objects are called"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leaves_room_for_those_made_from_it() {
        let whole = "my-org/a-repository-with-quite-a-long-name";
        let name = name_after(whole, Some("us-east-1")).unwrap_or_default();
        assert!(whole.contains(&name) && too_long(&name, Some("us-east-1")).is_none());
        assert!(name_after(whole, None).unwrap_or_default().len() < name.len());
        assert!(too_long(&format!("{name}-x"), Some("us-east-1")).is_some());
    }
}
