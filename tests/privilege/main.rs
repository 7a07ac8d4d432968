//! Least privilege: every IAM policy, trust policy, bucket policy and Kubernetes Role that is written for the examples, decided
//! as AWS and Kubernetes decide, and held against `table.txt`. Nothing here knows how the documents were made.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at what it does not expect")]

mod bites;
mod case;
mod check;
mod cloudformation;
mod decisions;
mod iam;
mod identities;
mod least;
mod page;
mod patterns;
mod rbac;
mod secrets;
mod table;
mod untrusted;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use case::{Case, cases};
use iam::Answer;
use identities::{Caller, Rights, stack};
use table::{Question, Table};

static CASES: LazyLock<Vec<Case>> = LazyLock::new(cases);
static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(include_str!("table.txt")));

/// Every pipeline with its rights and what the table asks of it.
static ASKED: LazyLock<Vec<(&Case, Rights, Vec<Question>)>> = LazyLock::new(|| {
    let asked = |case: &'static Case| {
        let rights = Rights::read(case).unwrap();
        let questions = TABLE.questions(case, &rights.identities);
        (case, rights, questions)
    };
    CASES.iter().map(asked).collect()
});

/// Two pipelines that are not the same one in two examples, each with the other.
fn pairs() -> impl Iterator<Item = [&'static (&'static Case, Rights, Vec<Question>); 2]> {
    let all = ASKED.iter().flat_map(|one| ASKED.iter().map(move |other| [one, other]));
    all.filter(|[one, other]| one.0.text("name") != other.0.text("name"))
}

#[test]
fn every_identity_may_do_what_the_table_says_and_nothing_else() {
    let found: Vec<String> = CASES.iter().flat_map(|case| check::findings(case, &TABLE)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_row_is_about_somebody() {
    let asked: BTreeSet<usize> = ASKED.iter().flat_map(|(_, _, questions)| questions).map(|one| one.line).collect();
    let idle: Vec<usize> = TABLE.rows.iter().map(|row| row.line).filter(|line| !asked.contains(line)).collect();
    assert!(idle.is_empty(), "no pipeline has what these lines are about: {idle:?}");
    let run =
        |job: &String| ASKED.iter().any(|(_, rights, _)| rights.identities.iter().any(|one| one.jobs.contains(job)));
    let idle: Vec<&String> = TABLE.jobs.iter().map(|(job, _)| job).filter(|job| !run(job)).collect();
    assert!(idle.is_empty(), "nothing does these: {idle:?}");
    let rows = TABLE.rows.iter().filter(|row| row.may).count();
    assert!(ASKED.len() > 20 && rows > 30 && TABLE.rows.len() - rows > 50, "{rows} of {}", TABLE.rows.len());
}

#[test]
fn no_pipeline_may_do_what_only_another_one_may() {
    let mut found = Vec::new();
    for [(_, mine, own), (theirs, there, questions)] in pairs() {
        for question in questions.iter().filter(|question| question.may) {
            for (at, identity) in mine.identities.iter().enumerate() {
                let is_own = || own.iter().any(|one| one.may && one.who == at && one.ask == question.ask);
                if mine.decide(identity, &question.ask, there) != Answer::Never && !is_own() {
                    found.push(format!("{:?} may in {}: {:?}", identity.account, theirs.place, question.ask));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_pipeline_becomes_a_role_of_another_one() {
    let mut found = Vec::new();
    for [(case, mine, _), (theirs, there, _)] in pairs() {
        let stacks = [stack(case).unwrap(), stack(theirs).unwrap()];
        for (account, stack) in mine.identities.iter().flat_map(|one| stacks.iter().map(|stack| (&one.account, stack)))
        {
            let by_token = Caller::irsa(&stack.provider(), account);
            let by_pods = Caller::pod_identity(stack.account, &stack.cluster_arn(), account);
            for role in &there.roles {
                if by_token.becomes(role).max(by_pods.becomes(role)) != Answer::Never {
                    found.push(format!("{account:?} becomes {}", role.arn));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
