//! The template as a whole, for one target and for many. Who may do what by it is decided in `tests/privilege`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::policy::{INLINE, MANAGED, size};
use super::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::emit::testing::{call, environment, pipeline};

/// The template as CloudFormation sees it.
fn read(keys: Value) -> Value {
    Stack::of(&pipeline(keys)).template.json()
}

fn problems(pipeline: &Pipeline) -> Vec<Diagnostic> {
    Stack::of(pipeline).problems(pipeline)
}

/// So many environments, each in an account of its own, in the longest name of a region.
fn targets(count: usize) -> Value {
    let stage =
        |i: usize| environment(&format!("e{i}"), json!({ "account": format!("{i:012}"), "region": "ap-southeast-1" }));
    (0..count).map(stage).collect()
}

/// Fills in what every text of a template may hold.
fn fill(value: &Value) -> Value {
    match value {
        Value::Object(map) if map.contains_key("Fn::Sub") => {
            map["Fn::Sub"].as_str().unwrap().replace("${AWS::Partition}", "aws").into()
        }
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), fill(value))).collect(),
        Value::Array(items) => items.iter().map(fill).collect(),
        other => other.clone(),
    }
}

/// The filled policies of a role: the inline one, then the managed ones.
fn policies(template: &Value, role: &str) -> Vec<Value> {
    let properties = &template["Resources"][format!("{role}Role")]["Properties"];
    let inline = &properties["Policies"];
    assert_eq!(inline.as_array().unwrap().len(), 1);
    let arns = properties["ManagedPolicyArns"].as_array().cloned().unwrap_or_default();
    let managed = arns.iter().map(|arn| &template["Resources"][arn["Ref"].as_str().unwrap()]["Properties"]);
    let documents = managed.map(|properties| &properties["PolicyDocument"]);
    std::iter::once(&inline[0]["PolicyDocument"]).chain(documents).map(fill).collect()
}

/// What a role may do: each allowed action with its resources.
fn allowed(template: &Value, role: &str) -> BTreeMap<String, Vec<String>> {
    let mut allowed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let policies = policies(template, role);
    let statements = policies.iter().flat_map(|policy| policy["Statement"].as_array().unwrap());
    for statement in statements.filter(|statement| statement["Effect"] == "Allow") {
        for action in statement["Action"].as_array().unwrap() {
            let resources = statement["Resource"].as_array().unwrap();
            let resources = resources.iter().map(|resource| resource.as_str().unwrap().to_owned());
            allowed.entry(action.as_str().unwrap().to_owned()).or_default().extend(resources);
        }
    }
    allowed
}

fn assert_allowed(template: &Value, role: &str, expected: &[(&str, &[&str])]) {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    let expected = expected.iter().map(|(action, on)| ((*action).to_owned(), texts(on))).collect();
    assert_eq!(allowed(template, role), expected, "{role}");
}

const BUCKET: &str = "arn:aws:s3:::my-app-artifacts-999999999999-us-east-1";
const OBJECTS: &str = "arn:aws:s3:::my-app-artifacts-999999999999-us-east-1/*";

#[test]
fn each_role_may_do_its_own_work_and_nothing_else() {
    let template = read(json!({}));
    let read = [("s3:GetBucketLocation", &[BUCKET][..]), ("s3:ListBucket", &[BUCKET]), ("s3:GetObject", &[OBJECTS])];
    let assumed: &[&str] = &[
        "arn:aws:iam::111111111111:role/cdk-hnb659fds-deploy-role-111111111111-eu-west-1",
        "arn:aws:iam::111111111111:role/cdk-hnb659fds-file-publishing-role-111111111111-eu-west-1",
        "arn:aws:iam::111111111111:role/cdk-hnb659fds-image-publishing-role-111111111111-eu-west-1",
        "arn:aws:iam::111111111111:role/cdk-hnb659fds-lookup-role-111111111111-eu-west-1",
    ];
    assert_allowed(&template, "Executor", &[&read[..], &[("sts:AssumeRole", assumed)]].concat());

    let write = [("s3:PutObject", &[OBJECTS][..]), ("s3:AbortMultipartUpload", &[OBJECTS])];
    assert_allowed(&template, "Builder", &[&read[..], &write].concat());

    let stack: &[&str] = &["arn:aws:cloudformation:us-east-1:999999999999:stack/my-app-pipeline/*"];
    let execution: &[&str] = &["arn:aws:iam::999999999999:role/cdk-hnb659fds-cfn-exec-role-999999999999-us-east-1"];
    let changes = roles::CHANGE_SET_ACTIONS.map(|action| (action, stack));
    assert_allowed(&template, "Updater", &[&read[..], &changes, &[("iam:PassRole", execution)]].concat());
    let updates = &policies(&template, "Updater")[0];
    let pass = updates["Statement"].as_array().unwrap().last().unwrap();
    let service = json!({ "StringEquals": { "iam:PassedToService": "cloudformation.amazonaws.com" } });
    assert_eq!((&pass["Sid"], &pass["Condition"]), (&json!("PassCdkExecutionRole"), &service));
}

#[test]
fn a_pipeline_that_does_not_update_itself_has_no_updater() {
    let template = read(json!({ "self_update": false }));
    assert!(template["Resources"].get("UpdaterRole").is_none() && template["Outputs"].get("UpdaterRoleArn").is_none());
}

#[test]
fn permissions_reach_the_builder_as_they_were_written() {
    let conditions = json!({ "StringEquals": { "aws:ResourceTag/team": ["a", "b"] } });
    let statement = json!({
        "effect": "Deny", "actions": ["ecr:*"], "resources": ["arn:aws:ecr:*:*:repository/${aws:username}"],
        "conditions": conditions,
    });
    let template = read(json!({ "permissions": [statement] }));
    let document = &template["Resources"]["BuilderRole"]["Properties"]["Policies"][0]["PolicyDocument"];
    let expected = json!({
        "Effect": "Deny", "Action": ["ecr:*"], "Resource": ["arn:aws:ecr:*:*:repository/${aws:username}"],
        "Condition": conditions,
    });
    assert_eq!(document["Statement"].as_array().unwrap().last(), Some(&expected));
    let executor = allowed(&template, "Executor");
    assert!(!executor.keys().any(|action| action.starts_with("ecr:")));
}

#[test]
fn every_role_has_the_boundary_and_the_trust_of_its_own_service_account() {
    let boundary = "arn:aws:iam::999999999999:policy/boundary";
    let template = read(json!({ "permissions_boundary": boundary }));
    for role in ["Executor", "Builder", "Updater"] {
        let properties = &template["Resources"][format!("{role}Role")]["Properties"];
        assert_eq!(properties["PermissionsBoundary"], boundary);
        let name = role.to_lowercase();
        assert_eq!(properties["RoleName"], format!("my-app-us-east-1-{name}"));
        let trust = properties["AssumeRolePolicyDocument"]["Fn::Sub"][0].as_str().unwrap();
        assert!(trust.contains(&format!("\"system:serviceaccount:argo:my-app-{name}\"")));
    }
}

#[test]
fn many_targets_are_split_within_the_quotas_and_none_is_lost() {
    for (count, managed) in [(1, 0), (25, 0), (60, 3), (120, 6)] {
        let template = read(json!({ "stages": targets(count) }));
        let policies = policies(&template, "Executor");
        assert!(size(&policies[0]) <= INLINE);
        assert!(policies[1..].iter().all(|policy| size(policy) <= MANAGED));
        assert_eq!(policies.len() - 1, managed, "{count}");
        let assumed = &allowed(&template, "Executor")["sts:AssumeRole"];
        let expected = (0..count).flat_map(|i| {
            ["deploy", "file-publishing", "image-publishing", "lookup"]
                .map(|role| format!("arn:aws:iam::{i:012}:role/cdk-hnb659fds-{role}-role-{i:012}-ap-southeast-1"))
        });
        assert_eq!(assumed, &expected.collect::<Vec<_>>());
    }
}

#[test]
fn a_template_that_is_too_large_to_be_sent_is_stored_where_the_build_cannot_write() {
    let sent = pipeline(json!({ "stages": targets(25) }));
    let small = Stack::of(&sent);
    assert!(!small.uploads && !small.text.contains("/cloudformation/*"));
    let keys = json!({ "stages": targets(120) });
    assert!(Stack::of(&pipeline(keys.clone())).uploads);
    let template = read(keys);
    let stored = "arn:aws:s3:::my-app-artifacts-999999999999-us-east-1/cloudformation/*";
    assert_eq!(allowed(&template, "Updater")["s3:PutObject"], [stored]);
    let builder = &policies(&template, "Builder")[0]["Statement"];
    let denied: Vec<&Value> = builder.as_array().unwrap().iter().filter(|s| s["Effect"] == "Deny").collect();
    assert_eq!((&denied[0]["Action"], &denied[0]["Resource"]), (&json!(["s3:PutObject"]), &json!([stored])));
}

#[test]
fn what_iam_does_not_take_is_told() {
    assert!(problems(&pipeline(json!({ "stages": targets(100) }))).is_empty());
    let [problem] = &problems(&pipeline(json!({ "stages": targets(200) })))[..] else { panic!() };
    assert_eq!(problem.code, Code::TooLarge);
    assert!(problem.message.contains(", with 200 accounts and regions, has "), "{}", problem.message);

    let actions: Vec<String> = (0..600).map(|i| format!("service:Action{i}")).collect();
    let statement = json!({ "actions": actions, "resources": ["arn:aws:s3:::bucket"] });
    let [problem] = &problems(&pipeline(json!({ "permissions": [statement] })))[..] else { panic!() };
    assert!(problem.message.starts_with("a statement has "), "{}", problem.message);

    let statement =
        json!({ "actions": ["s3:GetObject"], "resources": [format!("arn:aws:s3:::{}", "b".repeat(2_000))] });
    let statements: Value = vec![statement; 60].into();
    let [problem] = &problems(&pipeline(json!({ "permissions": statements })))[..] else { panic!() };
    assert!(problem.message.contains(", with 60 statements of `permissions`, has "), "{}", problem.message);
}

#[test]
fn more_roles_than_a_stack_can_tell_are_a_problem() {
    let own = json!([{ "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::bucket/*"] }]);
    let stage = |i: usize| environment(&format!("e{i}"), json!({ "tests": { "commands": ["x"], "permissions": own } }));
    let stages = |count: usize| -> Value { (0..count).map(stage).collect() };
    assert!(problems(&pipeline(json!({ "stages": stages(191) }))).is_empty());
    let [problem] = &problems(&pipeline(json!({ "stages": stages(192) })))[..] else { panic!() };
    let expected = "the pipeline's CloudFormation template has 201 outputs, and CloudFormation takes 200";
    assert_eq!(problem.message, expected);
}

#[test]
fn the_outputs_are_the_promised_ones_without_a_fixed_export() {
    let template = read(json!({ "cluster": { "name": "main", "export_prefix": "Platform-" } }));
    let outputs = template["Outputs"].as_object().unwrap();
    let mut names: Vec<&str> = outputs.keys().map(String::as_str).collect();
    names.sort_unstable();
    let mut expected = [
        "ArtifactBucketName",
        "WorkflowExecutionRoleArn",
        "BuilderRoleArn",
        "UpdaterRoleArn",
        "WorkflowTemplateName",
        "WebhookUrl",
        "ClusterName",
        "KubectlRoleArn",
        "ClusterSecurityGroupId",
    ];
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert!(outputs.values().all(|output| output.get("Export").is_none()));
    assert_eq!(outputs["KubectlRoleArn"]["Value"], json!({ "Fn::ImportValue": "Platform-KubectlRoleArn" }));
    assert_eq!(outputs["WebhookUrl"]["Value"], "http://my-app-github-webhook.argo-events.svc:12000/my-app/push");
    let public = pipeline(json!({ "event_source": { "url": "https://hooks.example.com/" } }));
    assert_eq!(webhook_url(&public), "https://hooks.example.com/my-app/push");
}

/// Tests and steps with permissions of their own, Pod Identity, External Secrets.
fn guarded() -> Value {
    let own = json!([{ "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::state/*"] }]);
    let step = |name: &str| {
        let keys = json!({ "image": "a/b:1", "commands": ["x"], "permissions": own });
        call("step", [json!(name), keys])
    };
    let tests = json!({ "commands": ["x"], "permissions": own });
    let dev = environment("dev-eu", json!({ "tests": tests, "rollback": step("undo") }));
    let stages = json!([step("scan-1"), dev, environment("prod", json!({ "account": "222222222222" }))]);
    json!({
        "identity": "pod_identity",
        "secret_store": { "name": "aws" },
        "self_update": false,
        "stages": stages,
    })
}

#[test]
fn every_role_is_that_of_one_service_account_and_its_arn_an_output() {
    let template = read(guarded());
    let roles = template["Resources"].as_object().unwrap().keys().filter_map(|id| id.strip_suffix("Role"));
    let accounts: Vec<String> = roles
        .map(|role| {
            let association = &template["Resources"][format!("{role}Association")];
            assert_eq!(association["Type"], "AWS::EKS::PodIdentityAssociation");
            let properties = &association["Properties"];
            let arn = json!({ "Fn::GetAtt": [format!("{role}Role"), "Arn"] });
            assert_eq!((&properties["RoleArn"], &properties["Namespace"]), (&arn, &json!("argo")));
            let output = if role == "Executor" { "WorkflowExecutionRoleArn".into() } else { format!("{role}RoleArn") };
            assert_eq!(template["Outputs"][output]["Value"], arn);
            let trust = &template["Resources"][format!("{role}Role")]["Properties"]["AssumeRolePolicyDocument"];
            let condition = &trust["Statement"][0]["Condition"]["StringEquals"];
            assert_eq!(condition["aws:RequestTag/kubernetes-service-account"], properties["ServiceAccount"]);
            properties["ServiceAccount"].as_str().unwrap().to_owned()
        })
        .collect();
    let expected = ["executor", "builder", "test-dev-eu", "step-scan-1", "step-undo"];
    assert_eq!(accounts, expected.map(|name| format!("my-app-{name}")));
    assert!(!template.to_string().contains("OIDCProviderArn"), "what is not used is not imported");
}

#[test]
fn the_signature_of_deliveries_is_made_once_and_told_nowhere() {
    let template = read(guarded());
    let secret = &template["Resources"]["WebhookSecret"];
    assert_eq!(secret["Type"], "AWS::SecretsManager::Secret");
    assert_eq!(secret["Properties"]["Name"], "aphex/my-app/github/webhook");
    assert_eq!(
        secret["Properties"]["GenerateSecretString"],
        json!({ "PasswordLength": 64, "ExcludePunctuation": true })
    );
    assert!(!template["Outputs"].to_string().contains("WebhookSecret"));
    assert!(read(json!({}))["Resources"].get("WebhookSecret").is_none());
}
