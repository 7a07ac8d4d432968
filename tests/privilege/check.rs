//! Everything that must be true of one pipeline.

use serde_json::Value;

use crate::case::Case;
use crate::iam::{Answer, Principal, Result};
use crate::identities::{Caller, Rights, stack};
use crate::least;
use crate::rbac::Named;
use crate::secrets;
use crate::table::Table;

/// What is wrong with the rights of `case`, in words.
pub(crate) fn findings(case: &Case, table: &Table) -> Vec<String> {
    let found = rights(case).map(|(rights, strangers)| {
        let questions = table.questions(case, &rights.identities);
        let mut found = rights.broken.clone();
        found.extend(unknown(&rights, table));
        found.extend(ownership(&rights));
        found.extend(tokens(case, &rights));
        found.extend(admitted(&rights, &strangers));
        found.extend(wide(&rights, table));
        found.extend(secrets::astray(case));
        found.extend(questions.iter().filter(|one| !one.holds(&rights)).map(|one| one.words(&rights)));
        if found.is_empty() {
            found = least::unneeded(&rights, &questions, &strangers);
        }
        found
    });
    let found = found.unwrap_or_else(|error| vec![error]);
    found.into_iter().map(|text| format!("{}: {text}", case.place)).collect()
}

/// The rights of `case`, and for each role those that must not become it.
pub(crate) fn rights(case: &Case) -> Result<(Rights, Vec<Vec<Stranger>>)> {
    let rights = Rights::read(case)?;
    let strangers = (0..rights.roles.len()).map(|role| strangers(case, &rights, role)).collect::<Result<_>>()?;
    Ok((rights, strangers))
}

/// Identities and jobs that the table does not know.
fn unknown(rights: &Rights, table: &Table) -> Vec<String> {
    let mut found = Vec::new();
    for identity in &rights.identities {
        let name = &identity.account.1;
        if !table.knows(&identity.kind) {
            found.push(format!("no row of the table is about {name}, which is `{}`", identity.kind));
        }
        let wrong = identity.jobs.iter().filter(|job| !table.runs(job, &identity.kind));
        found.extend(wrong.map(|job| format!("{job} runs as {name}, which is `{}`", identity.kind)));
    }
    found
}

/// Roles that are not one ServiceAccount's.
fn ownership(rights: &Rights) -> Vec<String> {
    let owners = |role: usize| rights.identities.iter().filter(|one| one.roles.contains(&role)).count();
    let wrong = (0..rights.roles.len()).filter(|role| owners(*role) != 1);
    wrong.map(|role| format!("{} is the role of {} ServiceAccounts", rights.roles[role].arn, owners(role))).collect()
}

/// Whoever may do nothing in the cluster is given no token for it.
fn tokens(case: &Case, rights: &Rights) -> Vec<String> {
    let is_idle = |account: &Named| !rights.grants.iter().any(|grant| grant.subjects.contains(account));
    let mut found = Vec::new();
    for identity in rights.identities.iter().filter(|identity| is_idle(&identity.account)) {
        let object = case.objects("ServiceAccount").find(|one| one["metadata"]["name"] == identity.account.1.as_str());
        if object.map(|one| &one["automountServiceAccountToken"]) != Some(&Value::Bool(false)) {
            found.push(format!("{} has a token and no use for it", identity.account.1));
        }
    }
    found
}

/// Somebody who must not become a role, in words and as a request.
pub(crate) type Stranger = (String, Caller);

/// Everybody near enough to a role's own ServiceAccount that a careless condition would admit them.
fn strangers(case: &Case, rights: &Rights, role: usize) -> Result<Vec<Stranger>> {
    let stack = stack(case)?;
    let owner = rights.identities.iter().find(|identity| identity.roles.contains(&role));
    let Some((namespace, name)) = owner.map(|owner| owner.account.clone()) else { return Ok(Vec::new()) };
    let (provider, cluster, account) = (stack.provider(), stack.cluster_arn(), stack.account);
    let elsewhere = [provider.replace("STAND-IN", "ANOTHER"), cluster.replace("STAND-IN", "ANOTHER")];
    let github = format!("arn:{}:iam::{account}:oidc-provider/token.actions.githubusercontent.com", stack.partition);
    let me = (namespace.clone(), name.clone());

    let mut accounts: Vec<Named> = rights.identities.iter().map(|identity| identity.account.clone()).collect();
    accounts.retain(|one| *one != me);
    accounts.extend([
        (namespace.clone(), "default".to_owned()),
        (namespace.clone(), format!("{name}-2")),
        (format!("{namespace}-2"), name.clone()),
        ("default".to_owned(), name.clone()),
    ]);
    let by_pods = case.text("identity.kind") == "pod_identity";
    let mut found = Vec::new();
    for (words, account_of, is_me) in
        accounts.iter().map(|one| (format!("{one:?}"), one, false)).chain([("it".to_owned(), &me, true)])
    {
        let ways = [
            (by_pods || !is_me, "with a token", Caller::irsa(&provider, account_of)),
            (!by_pods || !is_me, "by Pod Identity", Caller::pod_identity(account, &cluster, account_of)),
            (true, "with a token of another cluster", Caller::irsa(&elsewhere[0], account_of)),
            (true, "by Pod Identity of another cluster", Caller::pod_identity(account, &elsewhere[1], account_of)),
            (true, "by Pod Identity of another account", Caller::pod_identity("888888888888", &cluster, account_of)),
            (true, "with a token of GitHub's", Caller::irsa(&github, account_of)),
        ];
        found.extend(ways.into_iter().filter(|way| way.0).map(|(_, way, caller)| (format!("{words} {way}"), caller)));
    }
    let mut other_audience = Caller::irsa(&provider, &me);
    other_audience.given[0].1 = "vault".into();
    found.push(("it with a token for somebody else".to_owned(), other_audience));

    let arn = |account: &str, rest: &str| format!("arn:{}:iam::{account}:{rest}", stack.partition);
    let mut principals = vec![Principal::Aws(arn(account, "root")), Principal::Aws(arn("888888888888", "root"))];
    principals.extend(rights.roles.iter().map(|role| Principal::Aws(role.arn.clone())));
    principals.push(Principal::Aws(arn(account, "user/somebody")));
    principals.extend(
        ["ec2", "lambda", "cloudformation", "ecs-tasks"]
            .map(|name| Principal::Service(format!("{name}.amazonaws.com"))),
    );
    found.extend(principals.into_iter().map(|principal| {
        let words = format!("{principal:?}");
        (words, Caller { principal, actions: vec!["sts:AssumeRole"], given: Vec::new() })
    }));
    Ok(found)
}

/// Strangers that become a role.
fn admitted(rights: &Rights, strangers: &[Vec<Stranger>]) -> Vec<String> {
    let mut found = Vec::new();
    for (role, strangers) in rights.roles.iter().zip(strangers) {
        let wrong = strangers.iter().filter(|(_, caller)| caller.becomes(role) != Answer::Never);
        found.extend(wrong.map(|(words, _)| format!("{words} becomes {}", role.arn)));
    }
    found
}

/// What is allowed in one breath without a reason.
fn wide(rights: &Rights, table: &Table) -> Vec<String> {
    let mut found = Vec::new();
    for statement in rights.roles.iter().flat_map(|role| &role.statements).filter(|statement| statement.allows) {
        if statement.actions.is_not || statement.resources.is_not {
            found.push(format!("{}: everything but what it names", statement.place));
        }
        for action in &statement.actions.patterns {
            for resource in &statement.resources.patterns {
                let is_wide = action.contains(['*', '?']) || resource.splitn(6, ':').last() == Some("*");
                let is_known = table.wide.iter().any(|known| *known == (action.clone(), resource.clone()));
                if is_wide && !is_known {
                    found.push(format!("{}: {action} on {resource} is wide", statement.place));
                }
            }
        }
    }
    found
}
