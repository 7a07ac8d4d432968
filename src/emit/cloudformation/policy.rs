//! IAM policies, counted as IAM counts them and split where they outgrow its quotas.

use std::borrow::Cow;

use serde::Serialize;

use crate::emit::tree::{Node, tree};
use crate::model::Partition;
use crate::source::Span;

/// The most characters of a role's inline policies together.
pub(super) const INLINE: usize = 10_240;
/// The most characters of a managed policy.
pub(super) const MANAGED: usize = 6_144;
/// The most managed policies of a role.
pub(super) const MANAGED_PER_ROLE: usize = 10;

const PARTITION: &str = "${AWS::Partition}";

/// The resource of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resource {
    /// What comes after the partition in an ARN.
    Ours(String),
    /// What the user wrote. It may hold variables of IAM's, which CloudFormation must leave alone.
    Users(String),
}

impl Resource {
    /// As CloudFormation takes it.
    fn template(&self) -> Node<'static> {
        match self {
            Self::Ours(rest) => tree!({ "Fn::Sub": format!("arn:{PARTITION}:{rest}") }),
            Self::Users(arn) => arn.clone().into(),
        }
    }

    /// As a person reads it.
    pub(super) fn text(&self, partition: Partition) -> String {
        match self {
            Self::Ours(rest) => format!("arn:{}:{rest}", partition.id()),
            Self::Users(arn) => arn.clone(),
        }
    }

    /// How many characters it has where IAM counts.
    fn characters(&self, partition: Partition) -> usize {
        match self {
            Self::Ours(rest) => "arn:".len() + partition.id().len() + ":".len() + quoted(rest),
            Self::Users(arn) => quoted(arn),
        }
    }

    /// As IAM takes it.
    #[cfg(test)]
    fn filled(&self, partition: Partition) -> Node<'static> {
        self.text(partition).into()
    }
}

/// A statement of a policy.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    /// Its name in the policy; the user's have none.
    pub(super) sid: Option<&'static str>,
    /// `Allow` or `Deny`.
    pub(super) effect: &'static str,
    /// The actions.
    pub(super) actions: Vec<Cow<'static, str>>,
    /// On what.
    pub(super) resources: Vec<Resource>,
    /// When it holds.
    pub(super) conditions: Option<Node<'static>>,
    /// Where the user wrote it.
    pub(super) span: Option<Span>,
}

impl Statement {
    /// A statement of aphex's own that allows.
    pub(super) fn allow(sid: &'static str, actions: &[&'static str], resources: Vec<Resource>) -> Self {
        let actions = actions.iter().map(|action| (*action).into()).collect();
        Self { sid: Some(sid), effect: "Allow", actions, resources, conditions: None, span: None }
    }

    fn node(&self, resources: Node<'static>) -> Node<'static> {
        let Self { sid, effect, actions, resources: _, conditions, span: _ } = self;
        let sid = sid.map(|sid| ("Sid".into(), sid.into()));
        let actions = actions.iter().map(|action| Node::Text(action.clone())).collect();
        let said = [("Effect".into(), (*effect).into()), ("Action".into(), actions), ("Resource".into(), resources)];
        let conditions = conditions.as_ref().map(|conditions| ("Condition".into(), conditions.clone()));
        Node::Map(sid.into_iter().chain(said).chain(conditions).collect())
    }
}

/// A policy: what becomes one document.
#[derive(Debug, Clone)]
pub(super) struct Policy {
    /// Its statements.
    pub(super) statements: Vec<Statement>,
    room: usize,
}

impl Policy {
    fn new(limit: usize) -> Self {
        Self { statements: Vec::new(), room: limit - size(&document(Node::List(Vec::new()))) }
    }

    /// As CloudFormation takes it.
    pub(super) fn template(&self) -> Node<'static> {
        let resources = |statement: &Statement| statement.resources.iter().map(Resource::template).collect();
        document(self.statements.iter().map(|statement| statement.node(resources(statement))).collect())
    }

    /// As IAM takes it.
    #[cfg(test)]
    pub(super) fn filled(&self, partition: Partition) -> Node<'static> {
        let fill = |statement: &Statement| statement.resources.iter().map(|r| r.filled(partition)).collect();
        document(self.statements.iter().map(|statement| statement.node(fill(statement))).collect())
    }

    /// Adds a statement with its first resource, where there is room.
    fn open(&mut self, statement: &Statement, cost: usize) -> bool {
        let Some(room) = self.room.checked_sub(cost) else { return false };
        self.room = room;
        self.statements.push(statement.clone());
        true
    }

    /// Adds a resource to the last statement, where there is room.
    fn extend(&mut self, resource: &Resource, cost: usize) -> bool {
        let (Some(room), Some(last)) = (self.room.checked_sub(cost), self.statements.last_mut()) else { return false };
        self.room = room;
        last.resources.push(resource.clone());
        true
    }
}

/// Policies for one role.
#[derive(Debug)]
pub(super) struct Split {
    /// What stands in the role itself.
    pub(super) inline: Policy,
    /// What did not fit there.
    pub(super) managed: Vec<Policy>,
    /// Statements that no policy holds, even with one resource: the smallest size, and where.
    pub(super) oversize: Vec<(usize, Option<Span>)>,
}

/// Puts `statements` into as few policies as their order allows. A statement that is too long is cut between resources,
/// which changes nothing in what it says.
pub(super) fn split(statements: &[Statement], partition: Partition) -> Split {
    let mut policies = vec![Policy::new(INLINE)];
    let mut oversize = Vec::new();
    for statement in statements {
        if let Err(size) = place(statement, partition, &mut policies) {
            oversize.push((size, statement.span));
        }
    }
    Split { managed: policies.split_off(1), inline: policies.remove(0), oversize }
}

/// Adds a statement to the last policy, and what has no room there to new ones. The error is the size that fits nowhere.
fn place(statement: &Statement, partition: Partition, policies: &mut Vec<Policy>) -> Result<(), usize> {
    let mut part = Statement { resources: Vec::new(), ..statement.clone() };
    // A comma before each statement and resource is counted also where there is none.
    let head = size(&part.node(Node::List(Vec::new()))) + 1;
    let mut opened = false;
    for resource in &statement.resources {
        let cost = resource.characters(partition) + 1;
        let last = policies.last_mut().expect("the list starts with one policy and only grows");
        if opened && last.extend(resource, cost) {
            continue;
        }
        part.resources = vec![resource.clone()];
        opened = true;
        if last.open(&part, head + cost) {
            continue;
        }
        let mut next = Policy::new(MANAGED);
        if !next.open(&part, head + cost) {
            return Err(head + cost);
        }
        policies.push(next);
    }
    Ok(())
}

/// The characters of a statement with all of its resources.
pub(super) fn characters(statement: &Statement) -> usize {
    size(&statement.node(statement.resources.iter().map(Resource::template).collect()))
}

/// The characters of a policy. IAM leaves white space out, and there is none in compact JSON but in texts.
pub(super) fn size(document: &impl Serialize) -> usize {
    serde_json::to_string(document).map_or(0, |text| text.chars().count())
}

/// The characters of a text in JSON, with its quotes.
fn quoted(text: &str) -> usize {
    let plain = |byte: &u8| matches!(byte, b' '..=b'~') && *byte != b'"' && *byte != b'\\';
    if text.as_bytes().iter().all(plain) { text.len() + 2 } else { size(&text) }
}

fn document(statements: Node<'_>) -> Node<'_> {
    tree!({ "Version": "2012-10-17", "Statement": statements })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(count: usize) -> Vec<Statement> {
        let role = |i: usize| Resource::Ours(format!("iam::{i:012}:role/some-role-with-a-name"));
        vec![
            Statement::allow("Read", &["s3:GetObject"], vec![Resource::Ours("s3:::bucket/*".into())]),
            Statement::allow("Assume", &["sts:AssumeRole"], (0..count).map(role).collect()),
        ]
    }

    fn resources(split: &Split, sid: &str) -> Vec<Resource> {
        let policies = std::iter::once(&split.inline).chain(&split.managed);
        let statements = policies.flat_map(|policy| &policy.statements).filter(|statement| statement.sid == Some(sid));
        statements.flat_map(|statement| statement.resources.clone()).collect()
    }

    #[test]
    fn every_document_is_within_its_quota_and_nothing_is_lost() {
        for partition in [Partition::Aws, Partition::AwsUsGov] {
            for count in [1, 10, 100, 140, 150, 151, 400, 2_000] {
                let statements = many(count);
                let split = split(&statements, partition);
                assert!(split.oversize.is_empty());
                assert!(size(&split.inline.filled(partition)) <= INLINE);
                assert!(split.managed.iter().all(|policy| size(&policy.filled(partition)) <= MANAGED));
                for statement in &statements {
                    assert_eq!(resources(&split, statement.sid.unwrap()), statement.resources);
                }
            }
        }
    }

    #[test]
    fn characters_are_counted_as_they_are_written() {
        for text in ["s3:::bucket/*", "a \"b\" \\ c", "é", "\n", ""] {
            for resource in [Resource::Ours(text.into()), Resource::Users(text.into())] {
                assert_eq!(resource.characters(Partition::AwsCn), size(&resource.filled(Partition::AwsCn)), "{text:?}");
            }
        }
    }

    #[test]
    fn a_policy_is_filled_before_the_next_is_opened() {
        let split = split(&many(2_000), Partition::Aws);
        let full = |policy: &Policy, limit: usize| size(&policy.filled(Partition::Aws)) > limit - 80;
        assert!(full(&split.inline, INLINE));
        assert!(split.managed.split_last().unwrap().1.iter().all(|policy| full(policy, MANAGED)));
    }

    #[test]
    fn a_statement_that_fits_nowhere_is_told() {
        let actions: Vec<String> = (0..1_000).map(|i| format!("service:Action{i}")).collect();
        let actions = actions.into_iter().map(Cow::from).collect();
        let statement = Statement { actions, ..Statement::allow("A", &[], vec![Resource::Users("*".into())]) };
        let split = split(&[statement], Partition::Aws);
        assert_eq!((split.oversize.len(), split.managed.len()), (1, 0));
    }

    #[test]
    fn what_a_user_wrote_is_no_expression_of_cloudformations() {
        let arn = "arn:aws:s3:::bucket/${aws:username}/*";
        assert_eq!(Resource::Users(arn.into()).template(), arn.into());
        assert_eq!(Resource::Ours("s3:::b".into()).template(), tree!({ "Fn::Sub": "arn:${AWS::Partition}:s3:::b" }));
    }
}
