//! That nothing can be taken away: every action, resource, condition, verb, name and subject is left out once, and a row of
//! the table must then no longer hold.

use crate::check::Stranger;
use crate::iam::{Answer, Statement};
use crate::identities::{Ask, Rights};
use crate::patterns::{arn, meets};
use crate::rbac::Grant;
use crate::table::Question;

/// What could be left out, in words.
pub(crate) fn unneeded(rights: &Rights, questions: &[Question], strangers: &[Vec<Stranger>]) -> Vec<String> {
    let mut rights = rights.clone();
    let mut found = Vec::new();
    for (role, strangers) in strangers.iter().enumerate() {
        for at in 0..rights.roles[role].statements.len() {
            let has = |question: &Question| rights.identities[question.who].roles.contains(&role);
            let asked: Vec<&Question> = questions.iter().filter(|question| has(question)).collect();
            found.extend(in_statement(&mut rights, &asked, |rights| &mut rights.roles[role].statements[at]));
        }
        found.extend(in_trust(&mut rights, role, strangers));
    }
    let asked: Vec<&Question> = questions.iter().collect();
    for at in 0..rights.bucket.len() {
        found.extend(in_statement(&mut rights, &asked, |rights| &mut rights.bucket[at]));
    }
    for at in 0..rights.grants.len() {
        found.extend(in_grant(&mut rights, &asked, at));
    }
    found
}

fn in_statement(
    rights: &mut Rights,
    questions: &[&Question],
    part: impl Fn(&mut Rights) -> &mut Statement,
) -> Vec<String> {
    let statement = part(rights).clone();
    let touched = |question: &&&Question| match &question.ask {
        Ask::Aws(request) => statement.touches(&request.action, &request.resource) != Answer::Never,
        Ask::Cluster(_) => false,
    };
    let questions: Vec<&Question> = questions.iter().filter(touched).copied().collect();
    let mut found = unasked(&statement, &questions);
    for (at, action) in statement.actions.patterns.iter().enumerate() {
        part(rights).actions.patterns.remove(at);
        if questions.iter().all(|question| question.holds(rights)) {
            found.push(format!("{}: no row needs {action}", statement.place));
        }
        *part(rights) = statement.clone();
    }
    for (at, resource) in statement.resources.patterns.iter().enumerate() {
        part(rights).resources.patterns.remove(at);
        let about = |question: &&&Question| match &question.ask {
            Ask::Aws(request) => arn(resource, &request.resource, meets),
            Ask::Cluster(_) => false,
        };
        if questions.iter().filter(about).all(|question| question.holds(rights)) {
            found.push(format!("{}: no row needs {resource}", statement.place));
        }
        part(rights).resources.patterns.insert(at, resource.clone());
    }
    for at in 0..statement.conditions.len() {
        let condition = part(rights).conditions.remove(at);
        if questions.iter().all(|question| question.holds(rights)) {
            found.push(format!("{}: no row needs the condition {}", statement.place, condition.key));
        }
        part(rights).conditions.insert(at, condition);
    }
    found
}

/// Pairs of an action and a resource that a statement names and no row asks about: two lists grant each with each.
fn unasked(statement: &Statement, questions: &[&Question]) -> Vec<String> {
    let mut found = Vec::new();
    for action in &statement.actions.patterns {
        for resource in &statement.resources.patterns {
            let is_meant = |question: &&Question| match &question.ask {
                Ask::Aws(request) => {
                    let actions = meets(&action.to_ascii_lowercase(), &request.action.to_ascii_lowercase());
                    question.may == statement.allows && actions && arn(resource, &request.resource, meets)
                }
                Ask::Cluster(_) => false,
            };
            if !questions.iter().any(is_meant) {
                found.push(format!("{}: no row is about {action} on {resource}", statement.place));
            }
        }
    }
    found
}

/// A role is trusted to one principal, for the actions of one way to it. Without a condition somebody else must get in.
fn in_trust(rights: &mut Rights, role: usize, strangers: &[Stranger]) -> Vec<String> {
    let trust = rights.roles[role].trust.clone();
    let mut found = Vec::new();
    if trust.len() != 1 || trust[0].principals.len() != 1 {
        found.push(format!("{}: is trusted to more than one", rights.roles[role].arn));
    }
    for (at, statement) in trust.iter().enumerate() {
        for condition in 0..statement.conditions.len() {
            rights.roles[role].trust[at].conditions.remove(condition);
            if strangers.iter().all(|(_, caller)| caller.becomes(&rights.roles[role]) == Answer::Never) {
                found.push(format!(
                    "{}: nobody is kept out by {}",
                    statement.place, statement.conditions[condition].key
                ));
            }
            rights.roles[role].trust[at] = statement.clone();
        }
        let known = ["sts:AssumeRole", "sts:TagSession", "sts:AssumeRoleWithWebIdentity"];
        let wanted = if known[..2] == statement.actions.patterns[..] { &known[..2] } else { &known[2..] };
        if statement.actions.patterns != wanted {
            found.push(format!("{}: takes {:?}", statement.place, statement.actions.patterns));
        }
    }
    found
}

fn in_grant(rights: &mut Rights, questions: &[&Question], at: usize) -> Vec<String> {
    let grant = rights.grants[at].clone();
    let cluster = |question: &&&Question| matches!(question.ask, Ask::Cluster(_));
    let questions: Vec<&Question> = questions.iter().filter(cluster).copied().collect();
    let mut found = unasked_of(&grant, &questions);
    let mut without = |words: &str, change: &dyn Fn(&mut Grant)| {
        change(&mut rights.grants[at]);
        let unneeded = questions.iter().all(|question| question.holds(rights));
        rights.grants[at] = grant.clone();
        found.extend(unneeded.then(|| format!("{}: no row needs {words}", grant.place)));
    };
    for (index, verb) in grant.verbs.iter().enumerate() {
        without(verb, &|grant| drop(grant.verbs.remove(index)));
    }
    for (index, name) in grant.names.iter().enumerate() {
        // No name at all would mean every name.
        without(name, &|grant| grant.names[index] = "-".into());
    }
    if !grant.names.is_empty() {
        without("the names of objects", &|grant| grant.names.clear());
    }
    for (index, (_, name)) in grant.subjects.iter().enumerate() {
        without(name, &|grant| drop(grant.subjects.remove(index)));
    }
    found
}

/// Verbs and objects that a rule joins and no row asks about. A rule is about one kind of object.
fn unasked_of(grant: &Grant, questions: &[&Question]) -> Vec<String> {
    let mut found = Vec::new();
    if grant.groups.len() != 1 || grant.resources.len() != 1 {
        found.push(format!("{}: is about several kinds", grant.place));
    }
    let names = grant.names.iter().map(|name| vec![name.clone()]);
    let names: Vec<_> = names.chain(grant.names.is_empty().then(Vec::new)).collect();
    for (verb, names) in grant.verbs.iter().flat_map(|verb| names.iter().map(move |names| (verb, names))) {
        let part = Grant { verbs: vec![verb.clone()], names: names.clone(), ..grant.clone() };
        let is_meant = |question: &&Question| match &question.ask {
            Ask::Cluster(request) => question.may && part.answer(request) == Answer::Always,
            Ask::Aws(_) => false,
        };
        if !questions.iter().any(is_meant) {
            found.push(format!("{}: no row is about {verb} on {names:?}", grant.place));
        }
    }
    found
}
