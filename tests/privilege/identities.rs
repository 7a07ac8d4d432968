//! Who there is: each ServiceAccount, what runs as it, and the roles that it becomes.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::case::Case;
use crate::cloudformation::{Role, Stack};
use crate::iam::{self, Answer, Principal, Result, Statement, decide, known, map};
use crate::rbac::{self, Grant, Named, grants, text};

/// Kinds of objects that say nothing of rights, or whose rights are read here.
const KINDS: [&str; 10] = [
    "ServiceAccount",
    "Role",
    "RoleBinding",
    "WorkflowTemplate",
    "EventSource",
    "Sensor",
    "Service",
    "ConfigMap",
    "ExternalSecret",
    "Kustomization",
];

/// A ServiceAccount.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) account: Named,
    /// What the table calls it.
    pub(crate) kind: String,
    /// The roles that it becomes, by their place in [`Rights::roles`].
    pub(crate) roles: BTreeSet<usize>,
    /// What runs as it.
    pub(crate) jobs: BTreeSet<String>,
}

/// Everything that a pipeline's documents say of rights.
#[derive(Debug, Clone)]
pub(crate) struct Rights {
    pub(crate) roles: Vec<Role>,
    /// The policies of its bucket.
    pub(crate) bucket: Vec<Statement>,
    pub(crate) grants: Vec<Grant>,
    pub(crate) identities: Vec<Identity>,
    /// The ways to a role that its trust policy does not admit.
    pub(crate) broken: Vec<String>,
}

/// A request of either kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ask {
    Aws(iam::Request),
    Cluster(rbac::Request),
}

impl Rights {
    /// What the documents of `case` grant.
    pub(crate) fn read(case: &Case) -> Result<Self> {
        if let Some(odd) = case.objects.iter().find(|object| !KINDS.iter().any(|kind| object["kind"] == **kind)) {
            return Err(format!("what a {} grants is not known here", odd["kind"]));
        }
        overrides(case)?;
        let stack = stack(case)?;
        let (roles, bucket, grants) = (stack.roles()?, stack.bucket_policies()?, grants(&case.objects)?);
        let mut identities = Vec::new();
        for account in case.objects("ServiceAccount") {
            let account = (text(&account["metadata"]["namespace"])?, text(&account["metadata"]["name"])?);
            let kind = kind(case, &account);
            identities.push(Identity { account, kind, roles: BTreeSet::new(), jobs: BTreeSet::new() });
        }
        let mut rights = Self { roles, bucket, grants, identities, broken: Vec::new() };
        for (job, account) in jobs(case) {
            let identity = rights.identities.iter_mut().find(|identity| identity.account == account);
            let identity =
                identity.ok_or_else(|| format!("{job} runs as {account:?}, which is no ServiceAccount of it"))?;
            identity.jobs.insert(job);
        }
        rights.join(case, &stack)?;
        Ok(rights)
    }

    /// Follows every way from a ServiceAccount to a role.
    fn join(&mut self, case: &Case, stack: &Stack<'_>) -> Result<()> {
        let mut ways: Vec<(Named, String, Caller)> = Vec::new();
        for object in case.objects("ServiceAccount") {
            let account = (text(&object["metadata"]["namespace"])?, text(&object["metadata"]["name"])?);
            if let Some(role) = object["metadata"]["annotations"]["eks.amazonaws.com/role-arn"].as_str() {
                let caller = Caller::irsa(&stack.provider(), &account);
                ways.push((account, role.to_owned(), caller));
            }
        }
        for association in stack.associations()? {
            let account = (association.namespace, association.account);
            let cluster = stack.cluster_arn();
            let same = association.cluster == stack.cluster();
            let caller =
                Caller::pod_identity(stack.account, if same { &cluster } else { &association.cluster }, &account);
            ways.push((account, association.role, caller));
        }
        for (account, arn, caller) in ways {
            let role = self.roles.iter().position(|role| role.arn == arn);
            let identity = self.identities.iter_mut().find(|identity| identity.account == account);
            match (role, identity) {
                (Some(role), Some(identity)) if caller.becomes(&self.roles[role]) == Answer::Always => {
                    identity.roles.insert(role);
                }
                _ => self.broken.push(format!("{} cannot become {arn}", account.1)),
            }
        }
        Ok(())
    }

    /// Whether `who` may do it, where the bucket and the namespaces are those of `there`.
    pub(crate) fn decide(&self, who: &Identity, ask: &Ask, there: &Self) -> Answer {
        match ask {
            Ask::Aws(request) => {
                let bucket = |principal: &Principal| {
                    let about = there.bucket.iter().map(|one| (one, one.is_about(principal).min(one.answer(request))));
                    about.collect::<Vec<_>>()
                };
                let of = |role: &usize| {
                    let role = &self.roles[*role];
                    let own = role.statements.iter().map(|statement| (statement, statement.answer(request)));
                    decide(own.chain(bucket(&Principal::Aws(role.arn.clone()))))
                };
                let nobody = decide(bucket(&Principal::Anyone));
                who.roles.iter().map(of).fold(nobody, Answer::max)
            }
            Ask::Cluster(request) => {
                let all = self.grants.iter().chain(&there.grants);
                all.map(|grant| grant.allows(&who.account, request)).max().unwrap_or(Answer::Never)
            }
        }
    }
}

/// The template of `case`.
pub(crate) fn stack(case: &Case) -> Result<Stack<'_>> {
    Ok(Stack {
        resources: map("Resources", &case.template["Resources"])?,
        partition: case.partition(),
        account: case.text("account"),
        region: case.text("region"),
        exports: case.text("cluster.export_prefix"),
    })
}

/// What the table calls a ServiceAccount: by the names that the language promises, and by the objects that run as it.
fn kind(case: &Case, (namespace, name): &Named) -> String {
    let runs = |kind| {
        case.objects(kind).any(|object| {
            object["spec"]["template"]["serviceAccountName"] == name.as_str()
                && object["metadata"]["namespace"] == namespace.as_str()
        })
    };
    let own = name.strip_prefix(case.text("name")).and_then(|rest| rest.strip_prefix('-'));
    match own {
        _ if runs("Sensor") => "sensor".to_owned(),
        _ if runs("EventSource") => "event-source".to_owned(),
        _ if name == case.text("names.builder_service_account") => "build".to_owned(),
        _ if name == case.text("names.executor_service_account") => "deploy".to_owned(),
        Some("updater") => "update".to_owned(),
        Some("pull-request") => "pull-request".to_owned(),
        Some(own) if own.starts_with("test-") || own.starts_with("step-") => own.to_owned(),
        _ => format!("unknown:{name}"),
    }
}

/// Ways in which a run could be somebody else than its WorkflowTemplate says.
fn overrides(case: &Case) -> Result<()> {
    fn has(value: &Value, key: &str) -> bool {
        match value {
            Value::Object(map) => map.iter().any(|(name, value)| name == key || has(value, key)),
            Value::Array(items) => items.iter().any(|item| has(item, key)),
            _ => false,
        }
    }
    let keys = ["podSpecPatch", "executor", "templateRef", "inline"];
    for template in case.objects("WorkflowTemplate") {
        if let Some(key) = keys.iter().find(|key| has(template, key)) {
            return Err(format!("as whom a pod with `{key}` runs is not known here"));
        }
    }
    for trigger in case.objects("Sensor").flat_map(|sensor| sensor["spec"]["triggers"].as_array().into_iter().flatten())
    {
        let started = &trigger["template"]["k8s"]["source"]["resource"];
        known("a run", map("a run", &started["spec"])?, &["workflowTemplateRef", "arguments"])?;
        let parameters = trigger["template"]["k8s"]["parameters"].as_array().into_iter().flatten();
        for parameter in parameters {
            let place = parameter["dest"].as_str().unwrap_or_default();
            if !place.starts_with("spec.arguments.parameters.") && !place.starts_with("metadata.labels.") {
                return Err(format!("what a delivery changes at `{place}` of a run is not known here"));
            }
        }
    }
    Ok(())
}

/// What runs as which ServiceAccount.
fn jobs(case: &Case) -> Vec<(String, Named)> {
    let account = |(job, template, pod): (String, &Value, &Value)| {
        let name = pod["serviceAccountName"].as_str().or(template["spec"]["serviceAccountName"].as_str());
        let namespace = template["metadata"]["namespace"].as_str().unwrap_or_default();
        (job, (namespace.to_owned(), name.unwrap_or("default").to_owned()))
    };
    pods(case).into_iter().map(account).collect()
}

/// Every pod of every WorkflowTemplate: what it does, the WorkflowTemplate, and the pod's own template.
pub(crate) fn pods(case: &Case) -> Vec<(String, &Value, &Value)> {
    let reviewed: BTreeSet<&str> = case.objects("Sensor").filter_map(reviewed).collect();
    let mut found = Vec::new();
    for template in case.objects("WorkflowTemplate") {
        let is_review = template["metadata"]["name"].as_str().is_some_and(|name| reviewed.contains(name));
        for pod in template["spec"]["templates"].as_array().into_iter().flatten() {
            let Some(job) = job(pod) else { continue };
            found.push((if is_review { format!("pull-request/{job}") } else { job.to_owned() }, template, pod));
        }
    }
    found
}

/// The WorkflowTemplate that a Sensor of pull requests starts.
fn reviewed(sensor: &Value) -> Option<&str> {
    let spec = &sensor["spec"];
    let filters = spec["dependencies"][0]["filters"]["data"].as_array()?;
    let is_review = |filter: &Value| filter["path"] == "body.X-GitHub-Event" && filter["value"][0] == "^pull_request$";
    let started = &spec["triggers"][0]["template"]["k8s"]["source"]["resource"]["spec"]["workflowTemplateRef"]["name"];
    filters.iter().any(is_review).then(|| started.as_str())?
}

/// What a pod does, by its command; none where there is no pod.
fn job(template: &Value) -> Option<&'static str> {
    if template.get("resource").is_some() {
        return Some("record");
    }
    if ["dag", "steps", "suspend"].iter().any(|kind| template.get(kind).is_some()) {
        return None;
    }
    let name = template["name"].as_str().unwrap_or_default();
    let command = template["container"]["command"][0].as_str().unwrap_or_default();
    Some(match command.strip_prefix("/usr/local/bin/aphex-").unwrap_or_default() {
        "validate" => "validate",
        "build" => "build",
        "test" => "test",
        "deploy-stack" => "deploy",
        "deploy-pipeline" => "update",
        _ if name.starts_with("notify-") => "notify",
        _ if name.starts_with("rollback") => "rollback",
        _ if name.starts_with("reject") => "reject",
        _ => "step",
    })
}

/// Somebody who asks for a role.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) principal: Principal,
    /// Every action that it takes.
    pub(crate) actions: Vec<&'static str>,
    pub(crate) given: Vec<(String, String)>,
}

impl Caller {
    /// A pod with a token of the cluster's, as IRSA has it.
    pub(crate) fn irsa(provider: &str, (namespace, name): &Named) -> Self {
        let host = provider.split(":oidc-provider/").nth(1).unwrap_or_default();
        let given = [
            (format!("{host}:aud"), "sts.amazonaws.com".to_owned()),
            (format!("{host}:sub"), format!("system:serviceaccount:{namespace}:{name}")),
        ];
        let principal = Principal::Federated(provider.to_owned());
        Self { principal, actions: vec!["sts:AssumeRoleWithWebIdentity"], given: given.into() }
    }

    /// A pod that Pod Identity asks for.
    pub(crate) fn pod_identity(account: &str, cluster: &str, (namespace, name): &Named) -> Self {
        let tag = |key: &str, value: &str| (format!("aws:RequestTag/{key}"), value.to_owned());
        let given = vec![
            ("aws:SourceAccount".to_owned(), account.to_owned()),
            tag("eks-cluster-arn", cluster),
            tag("kubernetes-namespace", namespace),
            tag("kubernetes-service-account", name),
        ];
        let principal = Principal::Service("pods.eks.amazonaws.com".to_owned());
        Self { principal, actions: vec!["sts:AssumeRole", "sts:TagSession"], given }
    }

    /// Whether it becomes `role`: its trust policy must take every action.
    pub(crate) fn becomes(&self, role: &Role) -> Answer {
        let each = self.actions.iter().map(|action| {
            let request = iam::Request { action: (*action).into(), resource: "*".into(), given: self.given.clone() };
            decide(role.trust.iter().map(|one| (one, one.is_about(&self.principal).min(one.answer(&request)))))
        });
        each.min().unwrap_or(Answer::Never)
    }
}
