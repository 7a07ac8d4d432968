//! A template as CloudFormation makes it: expressions filled with stand-ins, and what of it grants something.

use serde_json::{Map, Value};

use crate::iam::{Policy, Result, Statement, known, map, statements};

/// A template, and the account and region that it is for.
pub(crate) struct Stack<'a> {
    pub(crate) resources: &'a Map<String, Value>,
    pub(crate) partition: &'static str,
    pub(crate) account: &'a str,
    pub(crate) region: &'a str,
    /// What the names of the cluster's exports begin with.
    pub(crate) exports: &'a str,
}

/// A role with everything that it may do.
#[derive(Debug, Clone)]
pub(crate) struct Role {
    pub(crate) arn: String,
    pub(crate) trust: Vec<Statement>,
    pub(crate) statements: Vec<Statement>,
}

/// That Pod Identity gives a ServiceAccount a role.
#[derive(Debug, Clone)]
pub(crate) struct Association {
    pub(crate) cluster: String,
    pub(crate) namespace: String,
    pub(crate) account: String,
    pub(crate) role: String,
}

impl Stack<'_> {
    /// The OIDC provider of the pipeline's cluster.
    pub(crate) fn provider(&self) -> String {
        let end = format!("oidc.eks.{}.amazonaws.com/id/{}", self.region, self.cluster());
        format!("arn:{}:iam::{}:oidc-provider/{end}", self.partition, self.account)
    }

    /// The name of the pipeline's cluster.
    pub(crate) fn cluster(&self) -> String {
        format!("{}STAND-IN", self.exports.to_ascii_uppercase())
    }

    /// The ARN of that cluster.
    pub(crate) fn cluster_arn(&self) -> String {
        format!("arn:{}:eks:{}:{}:cluster/{}", self.partition, self.region, self.account, self.cluster())
    }

    /// Every role. What could grant anything and is not understood is an error.
    pub(crate) fn roles(&self) -> Result<Vec<Role>> {
        let mut roles = Vec::new();
        for (id, resource) in self.resources {
            match resource["Type"].as_str().unwrap_or_default() {
                "AWS::IAM::Role" => roles.push(self.role(id, &resource["Properties"])?),
                "AWS::S3::Bucket"
                | "AWS::S3::BucketPolicy"
                | "AWS::IAM::ManagedPolicy"
                | "AWS::EKS::PodIdentityAssociation"
                | "AWS::SecretsManager::Secret" => {}
                other => return Err(format!("{id}: whether `{other}` grants anything is not known here")),
            }
        }
        Ok(roles)
    }

    fn role(&self, id: &str, properties: &Value) -> Result<Role> {
        let said = map(id, properties)?;
        let plain = ["RoleName", "Description", "AssumeRolePolicyDocument", "PermissionsBoundary", "Policies"];
        known(id, said, &[&plain[..], &["ManagedPolicyArns", "Tags"]].concat())?;
        let trust = self.resolve(&properties["AssumeRolePolicyDocument"])?;
        let trust = match trust.as_str() {
            Some(text) => serde_json::from_str(text).map_err(|error| format!("{id}: its trust policy: {error}"))?,
            None => trust,
        };
        let mut held = Vec::new();
        for policy in properties["Policies"].as_array().into_iter().flatten() {
            let document = self.resolve(&policy["PolicyDocument"])?;
            held.extend(statements(id, &document, Policy::Identity)?);
        }
        for arn in properties["ManagedPolicyArns"].as_array().into_iter().flatten() {
            let policy = arn["Ref"].as_str().and_then(|policy| self.resources.get(policy));
            let policy = policy.ok_or_else(|| format!("{id}: what is in the policy {arn} is not known here"))?;
            let document = self.resolve(&policy["Properties"]["PolicyDocument"])?;
            held.extend(statements(id, &document, Policy::Identity)?);
        }
        Ok(Role { arn: self.arn(id)?, trust: statements(id, &trust, Policy::Trust)?, statements: held })
    }

    /// The statements of every bucket's policy. A bucket without one, or open to the world, is an error.
    pub(crate) fn bucket_policies(&self) -> Result<Vec<Statement>> {
        let of = |kind: &'static str| self.resources.iter().filter(move |(_, resource)| resource["Type"] == kind);
        let mut found = Vec::new();
        for (id, bucket) in of("AWS::S3::Bucket") {
            let public = &bucket["Properties"]["PublicAccessBlockConfiguration"];
            let is_closed =
                public.as_object().is_some_and(|keys| keys.len() == 4 && keys.values().all(|on| on == true));
            let has_policy =
                of("AWS::S3::BucketPolicy").any(|(_, policy)| policy["Properties"]["Bucket"]["Ref"] == **id);
            if !is_closed || !has_policy {
                return Err(format!("{id}: public access is not blocked, or there is no policy"));
            }
        }
        for (id, policy) in of("AWS::S3::BucketPolicy") {
            let document = self.resolve(&policy["Properties"]["PolicyDocument"])?;
            found.extend(statements(id, &document, Policy::Resource)?);
        }
        Ok(found)
    }

    /// Every association of Pod Identity.
    pub(crate) fn associations(&self) -> Result<Vec<Association>> {
        let mut found = Vec::new();
        for (id, resource) in self.resources.iter().filter(|(_, one)| one["Type"] == "AWS::EKS::PodIdentityAssociation")
        {
            let said = self.resolve(&resource["Properties"])?;
            let text = |key: &str| said[key].as_str().map(str::to_owned).ok_or_else(|| format!("{id}: no `{key}`"));
            found.push(Association {
                cluster: text("ClusterName")?,
                namespace: text("Namespace")?,
                account: text("ServiceAccount")?,
                role: text("RoleArn")?,
            });
        }
        Ok(found)
    }

    /// `value` with every expression in it filled.
    pub(crate) fn resolve(&self, value: &Value) -> Result<Value> {
        match value {
            Value::Object(map) => match map.iter().next() {
                Some((name, argument)) if map.len() == 1 && (name == "Ref" || name.starts_with("Fn::")) => {
                    self.call(name, argument)
                }
                _ => map.iter().map(|(key, value)| Ok((key.clone(), self.resolve(value)?))).collect(),
            },
            Value::Array(items) => items.iter().map(|item| self.resolve(item)).collect(),
            plain => Ok(plain.clone()),
        }
    }

    fn call(&self, name: &str, argument: &Value) -> Result<Value> {
        let wrong = || format!("what {name} makes of {argument} is not known here");
        if name == "Fn::Sub" {
            return self.substitute(argument).map(Value::from);
        }
        let argument = self.resolve(argument)?;
        let items = argument.as_array().map(Vec::as_slice);
        match (name, argument.as_str(), items) {
            ("Ref", Some(name), _) => Ok(self.reference(name)?.into()),
            ("Fn::GetAtt", _, Some([id, attribute])) if attribute == "Arn" => {
                Ok(self.arn(id.as_str().ok_or_else(wrong)?)?.into())
            }
            ("Fn::ImportValue", Some(name), _) => Ok(self.import(name)?.into()),
            ("Fn::Select", _, Some([at, Value::Array(list)])) => {
                let at = at.as_u64().and_then(|at| usize::try_from(at).ok());
                at.and_then(|at| list.get(at).cloned()).ok_or_else(wrong)
            }
            ("Fn::Split", _, Some([Value::String(at), Value::String(text)])) => Ok(text.split(at.as_str()).collect()),
            ("Fn::Join", _, Some([Value::String(between), Value::Array(parts)])) => {
                let parts: Option<Vec<&str>> = parts.iter().map(Value::as_str).collect();
                Ok(parts.ok_or_else(wrong)?.join(between).into())
            }
            _ => Err(wrong()),
        }
    }

    /// `${Name}` is a variable, else what `Ref` gives; `${Name.Arn}` is an attribute, and `${!` stands for `${`.
    fn substitute(&self, argument: &Value) -> Result<String> {
        let (text, variables) = match argument.as_array().map(Vec::as_slice) {
            Some([text, variables]) => (text, map("Fn::Sub", variables)?.clone()),
            _ => (argument, Map::new()),
        };
        let text = text.as_str().ok_or_else(|| format!("Fn::Sub of {argument}"))?;
        let mut parts = text.split("${");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').ok_or_else(|| format!("`{text}` has no end"))?;
            let value = match (name.strip_prefix('!'), variables.get(name), name.strip_suffix(".Arn")) {
                (Some(plain), ..) => format!("${{{plain}}}"),
                (_, Some(value), _) => {
                    let value = self.resolve(value)?;
                    value.as_str().ok_or_else(|| format!("{name} is no text"))?.to_owned()
                }
                (_, None, Some(id)) => self.arn(id)?,
                (_, None, None) => self.reference(name)?,
            };
            filled.push_str(&value);
            filled.push_str(rest);
        }
        Ok(filled)
    }

    fn reference(&self, name: &str) -> Result<String> {
        match name {
            "AWS::Partition" => Ok(self.partition.to_owned()),
            "AWS::AccountId" => Ok(self.account.to_owned()),
            "AWS::Region" => Ok(self.region.to_owned()),
            id => self.named(id, "BucketName"),
        }
    }

    fn named(&self, id: &str, key: &str) -> Result<String> {
        let name = self.resources.get(id).and_then(|resource| resource["Properties"][key].as_str());
        name.map(str::to_owned).ok_or_else(|| format!("what `{id}` refers to is not known here"))
    }

    fn arn(&self, id: &str) -> Result<String> {
        let resource = self.resources.get(id).ok_or_else(|| format!("there is no `{id}`"))?;
        match resource["Type"].as_str().unwrap_or_default() {
            "AWS::IAM::Role" => {
                let name = self.named(id, "RoleName")?;
                Ok(format!("arn:{}:iam::{}:role/{name}", self.partition, self.account))
            }
            "AWS::S3::Bucket" => Ok(format!("arn:{}:s3:::{}", self.partition, self.named(id, "BucketName")?)),
            other => Err(format!("the ARN of a {other} is not known here")),
        }
    }

    fn import(&self, name: &str) -> Result<String> {
        match name.strip_prefix(self.exports) {
            Some("OIDCProviderArn") => Ok(self.provider()),
            Some("ClusterName") => Ok(self.cluster()),
            _ => Err(format!("what `{name}` exports is not known here")),
        }
    }
}
