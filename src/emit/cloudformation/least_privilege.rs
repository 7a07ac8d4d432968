//! Who may do what, as a table: the policies of whole templates, decided as IAM decides.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::emit::testing::{call, environment, named, pipeline};

/// The bucket of `my-app`, which the tables call `ARTIFACTS`.
const ARTIFACTS: &str = "my-app-artifacts-999999999999-";

/// A template with its roles.
struct Template {
    json: Value,
    partition: &'static str,
    bucket: String,
}

/// What is asked: may it be done, on what, under which circumstances.
struct Question<'a> {
    action: &'a str,
    resource: String,
    circumstances: Vec<(&'a str, &'a str)>,
}

impl Template {
    fn of(pipeline: &Pipeline) -> Self {
        let json = Stack::of(pipeline).template.json();
        let bucket = pipeline.artifacts.bucket.as_str().to_owned();
        Self { json, partition: pipeline.region.partition().id(), bucket }
    }

    fn resources(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.json["Resources"].as_object().unwrap().iter()
    }

    fn roles(&self) -> impl Iterator<Item = &str> {
        let roles = self.resources().filter(|(_, resource)| resource["Type"] == "AWS::IAM::Role");
        roles.map(|(id, _)| id.strip_suffix("Role").unwrap())
    }

    /// Every statement of a role, those of its managed policies too.
    fn statements(&self, role: &str) -> Vec<&Value> {
        let properties = &self.json["Resources"][format!("{role}Role")]["Properties"];
        let inline = properties["Policies"].as_array().into_iter().flatten();
        let managed = properties["ManagedPolicyArns"].as_array().into_iter().flatten();
        let managed = managed.map(|arn| &self.json["Resources"][arn["Ref"].as_str().unwrap()]["Properties"]);
        let documents = inline.chain(managed).map(|policy| &policy["PolicyDocument"]["Statement"]);
        documents.flat_map(|statements| statements.as_array().unwrap()).collect()
    }

    fn allows(&self, role: &str, question: &Question<'_>) -> bool {
        let statements = self.statements(role);
        let says = |effect| statements.iter().any(|one| one["Effect"] == effect && self.applies(one, question));
        says("Allow") && !says("Deny")
    }

    fn applies(&self, statement: &Value, question: &Question<'_>) -> bool {
        let list = |key: &str| statement[key].as_array().unwrap().iter();
        let conditions = statement["Condition"].as_object().into_iter().flatten();
        let met = |(operator, keys): (&String, &Value)| {
            assert_eq!(operator, "StringEquals");
            let mut keys = keys.as_object().unwrap().iter();
            keys.all(|(key, value)| question.circumstances.iter().any(|(name, is)| key == name && value == is))
        };
        list("Action").any(|action| matches(action.as_str().unwrap(), question.action))
            && list("Resource").any(|resource| matches(&self.filled(resource), &question.resource))
            && conditions.into_iter().all(met)
    }

    fn filled(&self, resource: &Value) -> String {
        let text = resource.as_str().or(resource["Fn::Sub"].as_str()).unwrap();
        text.replace("${AWS::Partition}", self.partition)
    }

    /// Holds every line of `table` (an action, the resource without `arn:<partition>:`, circumstances, then the roles that
    /// may) against the policies, and that no role may do anything that no line tells.
    fn holds(&self, table: &str) {
        let lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
        let mut asked = BTreeSet::new();
        for line in lines {
            let mut words = line.split_whitespace();
            let (action, resource) = (words.next().unwrap(), words.next().unwrap());
            let resource = match resource {
                "*" => "*".to_owned(),
                rest => format!("arn:{}:{}", self.partition, rest.replace("ARTIFACTS", &self.bucket)),
            };
            let (given, who): (Vec<&str>, Vec<&str>) = words.partition(|word| word.contains('='));
            let circumstances = given.iter().map(|word| word.split_once('=').unwrap()).collect();
            let question = Question { action, resource, circumstances };
            let mut may: Vec<&str> = self.roles().filter(|role| self.allows(role, &question)).collect();
            if may.is_empty() {
                may.push("nobody");
            }
            assert_eq!(may, who, "{line}");
            asked.insert(action);
        }
        for role in self.roles() {
            for action in self.statements(role).iter().flat_map(|one| one["Action"].as_array().unwrap()) {
                assert!(asked.contains(action.as_str().unwrap()), "no line asks for {action} of {role}");
            }
        }
    }
}

/// Whether a pattern of IAM's matches.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_at_checked(1) {
        None => text.is_empty(),
        Some(("*", rest)) => (0..=text.len()).any(|at| matches(rest, &text[at..])),
        Some((one, rest)) => text.strip_prefix(one).is_some_and(|text| matches(rest, text)),
    }
}

#[test]
fn a_small_pipeline() {
    let template = Template::of(&pipeline(json!({})));
    assert!(template.bucket.starts_with(ARTIFACTS));
    template.holds(
        "
        s3:GetBucketLocation     s3:::ARTIFACTS                                            Executor Builder Updater
        s3:ListBucket            s3:::ARTIFACTS                                            Executor Builder Updater
        s3:GetObject             s3:::ARTIFACTS/abc/app.zip                                Executor Builder Updater
        s3:PutObject             s3:::ARTIFACTS/abc/app.zip                                Builder
        s3:AbortMultipartUpload  s3:::ARTIFACTS/abc/app.zip                                Builder
        s3:DeleteObject          s3:::ARTIFACTS/abc/app.zip                                nobody
        s3:PutBucketPolicy       s3:::ARTIFACTS                                            nobody
        s3:GetObject             s3:::ARTIFACTS-of-others/app.zip                          nobody
        s3:ListBucket            s3:::cdk-hnb659fds-assets-111111111111-eu-west-1          nobody

        sts:AssumeRole  iam::111111111111:role/cdk-hnb659fds-deploy-role-111111111111-eu-west-1            Executor
        sts:AssumeRole  iam::111111111111:role/cdk-hnb659fds-lookup-role-111111111111-eu-west-1            Executor
        sts:AssumeRole  iam::111111111111:role/cdk-hnb659fds-file-publishing-role-111111111111-eu-west-1   Executor
        sts:AssumeRole  iam::111111111111:role/cdk-hnb659fds-image-publishing-role-111111111111-eu-west-1  Executor
        sts:AssumeRole  iam::111111111111:role/cdk-hnb659fds-cfn-exec-role-111111111111-eu-west-1          nobody
        sts:AssumeRole  iam::111111111111:role/cdk-hnb659fds-deploy-role-111111111111-us-east-1            nobody
        sts:AssumeRole  iam::222222222222:role/cdk-hnb659fds-deploy-role-222222222222-eu-west-1            nobody
        sts:AssumeRole  iam::999999999999:role/cdk-hnb659fds-deploy-role-999999999999-us-east-1            nobody
        sts:AssumeRole  iam::999999999999:role/my-app-us-east-1-executor                                   nobody
        sts:TagSession  iam::111111111111:role/cdk-hnb659fds-deploy-role-111111111111-eu-west-1            nobody

        cloudformation:CreateChangeSet      cloudformation:us-east-1:999999999999:stack/my-app-pipeline/1  Updater
        cloudformation:DeleteChangeSet      cloudformation:us-east-1:999999999999:stack/my-app-pipeline/1  Updater
        cloudformation:DescribeChangeSet    cloudformation:us-east-1:999999999999:stack/my-app-pipeline/1  Updater
        cloudformation:DescribeStackEvents  cloudformation:us-east-1:999999999999:stack/my-app-pipeline/1  Updater
        cloudformation:DescribeStacks       cloudformation:us-east-1:999999999999:stack/my-app-pipeline/1  Updater
        cloudformation:ExecuteChangeSet     cloudformation:us-east-1:999999999999:stack/my-app-pipeline/1  Updater
        cloudformation:GetTemplate          cloudformation:us-east-1:999999999999:stack/my-app-pipeline/1  nobody
        cloudformation:GetTemplateSummary   cloudformation:us-east-1:999999999999:stack/my-app-pipeline/1  Updater
        cloudformation:DeleteStack          cloudformation:us-east-1:999999999999:stack/my-app-pipeline/1  nobody
        cloudformation:UpdateStack          cloudformation:us-east-1:999999999999:stack/my-app-pipeline/1  nobody
        cloudformation:CreateChangeSet      cloudformation:us-east-1:999999999999:stack/other-pipeline/1   nobody
        cloudformation:CreateChangeSet      cloudformation:eu-west-1:999999999999:stack/my-app-pipeline/1  nobody

        iam:PassRole  iam::999999999999:role/cdk-hnb659fds-cfn-exec-role-999999999999-us-east-1  iam:PassedToService=cloudformation.amazonaws.com  Updater
        iam:PassRole  iam::999999999999:role/cdk-hnb659fds-cfn-exec-role-999999999999-us-east-1  iam:PassedToService=ec2.amazonaws.com             nobody
        iam:PassRole  iam::999999999999:role/cdk-hnb659fds-cfn-exec-role-999999999999-us-east-1                                                    nobody
        iam:PassRole  iam::111111111111:role/cdk-hnb659fds-cfn-exec-role-111111111111-eu-west-1  iam:PassedToService=cloudformation.amazonaws.com  nobody
        iam:PassRole  iam::999999999999:role/my-app-us-east-1-executor                           iam:PassedToService=cloudformation.amazonaws.com  nobody

        iam:CreateRole                 iam::999999999999:role/x                                       nobody
        iam:PutRolePolicy              iam::999999999999:role/my-app-us-east-1-builder                nobody
        secretsmanager:GetSecretValue  secretsmanager:us-east-1:999999999999:secret:aphex/my-app/x    nobody
        ssm:GetParameter               ssm:eu-west-1:111111111111:parameter/cdk-bootstrap/v           nobody
        ecr:GetAuthorizationToken      *                                                              nobody
        ",
    );
}

/// Tests, a step and a build with permissions of their own, Pod Identity, External Secrets.
fn guarded() -> Value {
    let statement = |actions: &[&str], resource: &str| json!([{ "actions": actions, "resources": [resource] }]);
    let tests = json!({ "commands": ["x"], "permissions": statement(&["dynamodb:GetItem"], "arn:aws:dynamodb:eu-west-1:111111111111:table/users") });
    let keys = json!({ "image": "a/b:1", "commands": ["x"], "permissions": [
        { "actions": ["ecr:*"], "resources": ["arn:aws:ecr:us-east-1:999999999999:repository/app"],
          "conditions": { "StringEquals": { "aws:ResourceTag/team": "a" } } },
        { "effect": "Deny", "actions": ["ecr:DeleteRepository"], "resources": ["*"] },
    ] });
    let rollback = json!({ "image": "a/b:1", "commands": ["x"], "permissions": statement(&["s3:GetObject"], "arn:aws:s3:::state/*") });
    json!({
        "identity": "pod_identity",
        "secret_store": { "name": "aws" },
        "self_update": false,
        "permissions": statement(&["codeartifact:Get*"], "arn:aws:codeartifact:us-east-1:999999999999:domain/d"),
        "stages": [
            call("step", [json!("scan-1"), keys]),
            environment("dev-eu", json!({ "tests": tests, "rollback": call("step", [json!("undo"), rollback]) })),
            environment("prod", json!({ "tests": ["x"], "account": "222222222222" })),
        ],
    })
}

#[test]
fn those_with_permissions_of_their_own_have_exactly_those() {
    let pipeline = pipeline(guarded());
    let template = Template::of(&pipeline);
    assert_eq!(template.roles().collect::<Vec<_>>(), ["Executor", "Builder", "TestDevEu", "StepScanZ1", "StepUndo"]);
    template.holds(
        "
        s3:GetBucketLocation     s3:::ARTIFACTS              Executor Builder
        s3:ListBucket            s3:::ARTIFACTS              Executor Builder
        s3:GetObject             s3:::ARTIFACTS/abc/app.zip  Executor Builder
        s3:PutObject             s3:::ARTIFACTS/abc/app.zip  Builder
        s3:AbortMultipartUpload  s3:::ARTIFACTS/abc/app.zip  Builder
        s3:GetObject             s3:::state/app              StepUndo
        s3:PutObject             s3:::state/app              nobody

        sts:AssumeRole  iam::111111111111:role/cdk-hnb659fds-deploy-role-111111111111-eu-west-1    Executor
        sts:TagSession  iam::111111111111:role/cdk-hnb659fds-deploy-role-111111111111-eu-west-1    Executor
        sts:AssumeRole  iam::222222222222:role/cdk-hnb659fds-deploy-role-222222222222-eu-west-1    Executor
        sts:TagSession  iam::222222222222:role/cdk-hnb659fds-cfn-exec-role-222222222222-eu-west-1  nobody

        codeartifact:Get*    codeartifact:us-east-1:999999999999:domain/d    Builder
        dynamodb:GetItem     dynamodb:eu-west-1:111111111111:table/users     TestDevEu
        dynamodb:PutItem     dynamodb:eu-west-1:111111111111:table/users     nobody

        ecr:*                 ecr:us-east-1:999999999999:repository/app                          nobody
        ecr:*                 ecr:us-east-1:999999999999:repository/app  aws:ResourceTag/team=a  StepScanZ1
        ecr:PutImage          ecr:us-east-1:999999999999:repository/app  aws:ResourceTag/team=a  StepScanZ1
        ecr:DeleteRepository  ecr:us-east-1:999999999999:repository/app  aws:ResourceTag/team=a  nobody

        secretsmanager:GetSecretValue  secretsmanager:us-east-1:999999999999:secret:aphex/my-app/github/webhook-abcdef  nobody
        cloudformation:CreateChangeSet cloudformation:us-east-1:999999999999:stack/my-app-pipeline/1                    nobody
        ",
    );
}

#[test]
fn every_role_is_that_of_one_service_account_and_its_arn_an_output() {
    let pipeline = pipeline(guarded());
    let template = Template::of(&pipeline);
    let accounts: Vec<String> = template
        .roles()
        .map(|role| {
            let association = &template.json["Resources"][format!("{role}Association")];
            assert_eq!(association["Type"], "AWS::EKS::PodIdentityAssociation");
            let properties = &association["Properties"];
            let arn = json!({ "Fn::GetAtt": [format!("{role}Role"), "Arn"] });
            assert_eq!((&properties["RoleArn"], &properties["Namespace"]), (&arn, &json!("argo")));
            let output = if role == "Executor" { "WorkflowExecutionRoleArn".into() } else { format!("{role}RoleArn") };
            assert_eq!(template.json["Outputs"][output]["Value"], arn);
            let trust = &template.json["Resources"][format!("{role}Role")]["Properties"]["AssumeRolePolicyDocument"];
            let condition = &trust["Statement"][0]["Condition"]["StringEquals"];
            assert_eq!(condition["aws:RequestTag/kubernetes-service-account"], properties["ServiceAccount"]);
            properties["ServiceAccount"].as_str().unwrap().to_owned()
        })
        .collect();
    let expected = ["executor", "builder", "test-dev-eu", "step-scan-1", "step-undo"];
    assert_eq!(accounts, expected.map(|name| format!("my-app-{name}")));
    assert!(!template.json.to_string().contains("OIDCProviderArn"), "what is not used is not imported");
}

#[test]
fn the_signature_of_deliveries_is_made_once_and_told_nowhere() {
    let template = Template::of(&pipeline(guarded()));
    let secret = &template.json["Resources"]["WebhookSecret"];
    assert_eq!(secret["Type"], "AWS::SecretsManager::Secret");
    assert_eq!(secret["Properties"]["Name"], "aphex/my-app/github/webhook");
    assert_eq!(
        secret["Properties"]["GenerateSecretString"],
        json!({ "PasswordLength": 64, "ExcludePunctuation": true })
    );
    assert!(!template.json["Outputs"].to_string().contains("WebhookSecret"));
    assert!(Template::of(&pipeline(json!({}))).json["Resources"].get("WebhookSecret").is_none());
}

#[test]
fn a_pipeline_whose_template_goes_by_way_of_the_bucket() {
    let stage = |i: usize| environment(&format!("e{i}"), json!({ "account": format!("{i:012}") }));
    let template = Template::of(&pipeline(json!({ "stages": (0..120).map(stage).collect::<Vec<_>>() })));
    let asked = "
        s3:PutObject             s3:::ARTIFACTS/cloudformation/x.template  Updater
        s3:PutObject             s3:::ARTIFACTS/abc/app.zip                Builder
        s3:GetObject             s3:::ARTIFACTS/cloudformation/x.template  Executor Builder Updater
        s3:AbortMultipartUpload  s3:::ARTIFACTS/abc/app.zip                Builder
        s3:GetBucketLocation     s3:::ARTIFACTS                            Executor Builder Updater
        s3:ListBucket            s3:::ARTIFACTS                            Executor Builder Updater
        sts:AssumeRole  iam::000000000119:role/cdk-hnb659fds-deploy-role-000000000119-eu-west-1  Executor
        sts:AssumeRole  iam::000000000120:role/cdk-hnb659fds-deploy-role-000000000120-eu-west-1  nobody
        iam:PassRole    iam::000000000119:role/cdk-hnb659fds-cfn-exec-role-000000000119-eu-west-1  iam:PassedToService=cloudformation.amazonaws.com  nobody
    ";
    let stack = "cloudformation:us-east-1:999999999999:stack/my-app-pipeline/1";
    let changes = roles::CHANGE_SET_ACTIONS.map(|action| format!("{action} {stack} Updater"));
    template.holds(&format!("{asked}\n{}", changes.join("\n")));
}

#[test]
fn a_pipeline_of_another_partition_with_names_of_its_own() {
    let keys = json!({
        "region": "cn-north-1", "self_update": false, "cdk_qualifier": "team-a",
        "artifacts": { "bucket": "team-a-bucket" },
        "stages": [environment("dev", json!({ "region": "cn-northwest-1" }))],
    });
    Template::of(&named("other", keys)).holds(
        "
        s3:GetBucketLocation     s3:::team-a-bucket          Executor Builder
        s3:ListBucket            s3:::team-a-bucket          Executor Builder
        s3:GetObject             s3:::team-a-bucket/abc/a    Executor Builder
        s3:PutObject             s3:::team-a-bucket/abc/a    Builder
        s3:AbortMultipartUpload  s3:::team-a-bucket/abc/a    Builder
        sts:AssumeRole  iam::111111111111:role/cdk-team-a-deploy-role-111111111111-cn-northwest-1     Executor
        sts:AssumeRole  iam::111111111111:role/cdk-hnb659fds-deploy-role-111111111111-cn-northwest-1  nobody
        ",
    );
}
