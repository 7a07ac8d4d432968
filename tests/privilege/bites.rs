//! That the table bites: documents that were made worse in one place, each of which must be found.

use serde_json::{Value, json};

use crate::case::Case;
use crate::{CASES, TABLE, check};

/// Changes the documents of `place`, and holds that `words` are among what is found then.
fn bites(place: &str, words: &str, change: impl FnOnce(&mut Case)) {
    let mut case = CASES.iter().find(|case| case.place == place).unwrap().clone();
    change(&mut case);
    let found = check::findings(&case, &TABLE);
    assert!(found.iter().any(|text| text.contains(words)), "`{words}` is not found: {found:#?}");
}

fn resource<'a>(case: &'a mut Case, id: &str) -> &'a mut Value {
    &mut case.template["Resources"][id]["Properties"]
}

/// The statements of a role's inline policy.
fn statements<'a>(case: &'a mut Case, role: &str) -> &'a mut Vec<Value> {
    let policy = &mut resource(case, role)["Policies"][0]["PolicyDocument"];
    policy["Statement"].as_array_mut().unwrap()
}

fn allow(action: &str, on: &str) -> Value {
    json!({ "Effect": "Allow", "Action": [action], "Resource": [on] })
}

/// Changes the trust policy of a role, which CloudFormation fills in as a text.
fn trust(case: &mut Case, role: &str, change: impl FnOnce(&mut Value)) {
    let text = &mut resource(case, role)["AssumeRolePolicyDocument"]["Fn::Sub"][0];
    let mut document: Value = serde_json::from_str(text.as_str().unwrap()).unwrap();
    change(&mut document["Statement"]);
    *text = document.to_string().into();
}

/// The object of that kind whose name ends with `name`.
fn object<'a>(case: &'a mut Case, kind: &str, name: &str) -> &'a mut Value {
    let is_meant = |object: &&mut Value| {
        object["kind"] == kind && object["metadata"]["name"].as_str().is_some_and(|it| it.ends_with(name))
    };
    case.objects.iter_mut().find(is_meant).unwrap()
}

const ONE: &str = "quickstart/quickstart";

#[test]
fn a_statement_too_many_is_found() {
    bites(ONE, "quickstart-builder can, or might, do sts:*", |case| {
        statements(case, "BuilderRole").push(allow("*", "*"));
    });
    bites(ONE, "s3:* on * is wide", |case| statements(case, "BuilderRole").push(allow("s3:*", "*")));
    bites(ONE, "no row is about s3:GetObject on", |case| {
        let mixed = &mut statements(case, "BuilderRole")[0];
        mixed["Action"].as_array_mut().unwrap().push("s3:GetObject".into());
    });
    bites(ONE, "no row needs s3:GetObjectTagging", |case| {
        statements(case, "BuilderRole")[1]["Action"].as_array_mut().unwrap().push("s3:GetObjectTagging".into());
    });
    bites(ONE, "no row needs arn:aws:s3:::another-bucket/*", |case| {
        statements(case, "ExecutorRole")[1]["Resource"]
            .as_array_mut()
            .unwrap()
            .push("arn:aws:s3:::another-bucket/*".into());
    });
    bites(ONE, "quickstart-builder can, or might, do sts:*", |case| {
        let role = "arn:aws:iam::222222222222:role/cdk-hnb659fds-deploy-role-222222222222-us-east-1";
        statements(case, "BuilderRole").push(allow("sts:AssumeRole", role));
    });
    bites(ONE, "quickstart-executor can, or might, do sts:*", |case| {
        statements(case, "ExecutorRole").push(allow("sts:AssumeRole", "arn:aws:iam::*:role/cdk-*"));
    });
    bites(ONE, "everything but what it names", |case| {
        let all = json!({ "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" });
        statements(case, "UpdaterRole").push(all);
    });
    bites(ONE, "no row needs s3:GetObject", |case| {
        let twice = statements(case, "BuilderRole")[1].clone();
        statements(case, "BuilderRole").push(twice);
    });
}

#[test]
fn a_statement_too_few_is_found() {
    bites(ONE, "quickstart-builder cannot do s3:PutObject", |case| {
        statements(case, "BuilderRole")[1]["Action"] = json!(["s3:GetObject", "s3:AbortMultipartUpload"]);
    });
    bites(ONE, "quickstart-executor cannot do sts:AssumeRole", |case| {
        statements(case, "ExecutorRole")[2]["Resource"].as_array_mut().unwrap().pop();
    });
    bites("large/large", "large-builder can, or might, do s3:PutObject", |case| {
        statements(case, "BuilderRole").retain(|one| one["Effect"] == "Allow");
    });
    bites(ONE, "quickstart-updater can, or might, do iam:PassRole", |case| {
        statements(case, "UpdaterRole")[3].as_object_mut().unwrap().remove("Condition");
    });
    bites("large/large", "large-executor cannot do sts:AssumeRole", |case| {
        resource(case, "ExecutorRole")["ManagedPolicyArns"] = json!([]);
    });
}

#[test]
fn a_role_that_others_may_become_is_found() {
    let subject = "${OidcHost}:sub";
    bites(ONE, "quickstart-pull-request\") with a token becomes", |case| {
        trust(case, "ExecutorRole", |all| {
            let anyone = json!({ subject: "system:serviceaccount:*" });
            all[0]["Condition"]["StringEquals"].as_object_mut().unwrap().remove(subject);
            all[0]["Condition"]["StringLike"] = anyone;
        });
    });
    bites(ONE, "quickstart-executor-2\") with a token becomes", |case| {
        trust(case, "ExecutorRole", |all| {
            all[0]["Condition"]["StringEquals"].as_object_mut().unwrap().remove(subject);
            all[0]["Condition"]["StringLike"] = json!({ subject: "system:serviceaccount:argo:quickstart-executor*" });
        });
    });
    bites(ONE, "it with a token for somebody else becomes", |case| {
        trust(case, "BuilderRole", |all| {
            all[0]["Condition"]["StringEquals"].as_object_mut().unwrap().remove("${OidcHost}:aud");
        });
    });
    bites(ONE, ":root\") becomes", |case| {
        let root = json!({ "AWS": "arn:aws:iam::999999999999:root" });
        let more = json!({ "Effect": "Allow", "Principal": root, "Action": "sts:AssumeRole" });
        trust(case, "UpdaterRole", |all| all.as_array_mut().unwrap().push(more));
    });
    bites(ONE, "quickstart-executor cannot become", |case| {
        trust(case, "ExecutorRole", |all| {
            all[0]["Condition"]["StringEquals"][subject] = "system:serviceaccount:default:quickstart-executor".into();
        });
    });
    for key in ["aws:SourceAccount", "aws:RequestTag/eks-cluster-arn", "aws:RequestTag/kubernetes-namespace"] {
        bites("pods/pods", "by Pod Identity", |case| {
            let trust = &mut resource(case, "BuilderRole")["AssumeRolePolicyDocument"]["Statement"][0];
            trust["Condition"]["StringEquals"].as_object_mut().unwrap().remove(key);
        });
    }
}

#[test]
fn what_is_not_understood_is_found() {
    bites(ONE, "what the condition `DateGreaterThan` means is not known", |case| {
        statements(case, "BuilderRole")[0]["Condition"] = json!({ "DateGreaterThan": { "aws:CurrentTime": "2020" } });
    });
    bites(ONE, "quickstart-builder cannot do s3:ListBucket", |case| {
        statements(case, "BuilderRole")[0]["Condition"] = json!({ "StringEquals": { "aws:UnknownKey": "a" } });
    });
    bites(ONE, "what `NotPrincipal` means is not known", |case| {
        trust(case, "BuilderRole", |all| all[0]["NotPrincipal"] = "*".into());
    });
    bites(ONE, "what Fn::FindInMap makes", |case| {
        statements(case, "BuilderRole")[0]["Resource"] = json!([{ "Fn::FindInMap": ["a", "b", "c"] }]);
    });
    bites(ONE, "is no plain text", |case| {
        statements(case, "BuilderRole")[0]["Resource"] = json!(["arn:aws:s3:::${aws:username}"]);
    });
    bites(ONE, "whether `AWS::IAM::Policy` grants anything", |case| {
        case.template["Resources"]["More"] = json!({ "Type": "AWS::IAM::Policy" });
    });
    bites(ONE, "what is in the policy", |case| {
        resource(case, "BuilderRole")["ManagedPolicyArns"] = json!(["arn:aws:iam::aws:policy/AdministratorAccess"]);
    });
    bites(ONE, "what `AWS::AccountAlias` refers to", |case| {
        statements(case, "BuilderRole")[0]["Resource"] = json!([{ "Fn::Sub": "arn:aws:s3:::${AWS::AccountAlias}" }]);
    });
    bites(ONE, "what a \"ClusterRoleBinding\" grants", |case| {
        case.objects.push(json!({ "kind": "ClusterRoleBinding" }));
    });
}

#[test]
fn a_rule_of_kubernetes_too_many_is_found() {
    let rule = |case: &mut Case, role: &str, change: &dyn Fn(&mut Value)| {
        change(&mut object(case, "Role", role)["rules"]);
    };
    bites(ONE, "quickstart-pull-request can, or might, do", |case| {
        let secrets = json!({ "apiGroups": [""], "resources": ["secrets"], "verbs": ["get"] });
        rule(case, "-task-results", &|rules| rules.as_array_mut().unwrap().push(secrets.clone()));
    });
    bites(ONE, "quickstart-sensor can, or might, do", |case| {
        rule(case, "-sensor", &|rules| rules[0]["verbs"].as_array_mut().unwrap().push("delete".into()));
    });
    bites(ONE, "quickstart-updater can, or might, do", |case| {
        rule(case, "-updater", &|rules| drop(rules[0].as_object_mut().unwrap().remove("resourceNames")));
    });
    bites(ONE, "no row needs another-template", |case| {
        rule(case, "-updater", &|rules| {
            rules[0]["resourceNames"].as_array_mut().unwrap().push("another-template".into());
        });
    });
    bites("rollback/rollback", "no row is about create", |case| {
        rule(case, "-last-good", &|rules| rules[0]["verbs"].as_array_mut().unwrap().push("create".into()));
    });
    bites(ONE, "is no ServiceAccount", |case| {
        let all = json!({ "kind": "Group", "name": "system:serviceaccounts" });
        object(case, "RoleBinding", "-sensor")["subjects"].as_array_mut().unwrap().push(all);
    });
    bites(ONE, "quickstart-builder can, or might, do", |case| {
        let build = json!({ "kind": "ServiceAccount", "namespace": "argo", "name": "quickstart-builder" });
        object(case, "RoleBinding", "-sensor")["subjects"].as_array_mut().unwrap().push(build);
    });
    bites("rollback/rollback", "rollback-executor cannot do", |case| {
        rule(case, "-last-good", &|rules| rules[0]["verbs"] = json!(["get"]));
    });
}

#[test]
fn a_job_that_runs_as_somebody_else_is_found() {
    let template = |case: &mut Case, of: &str, change: &dyn Fn(&mut Value)| {
        let spec = &mut object(case, "WorkflowTemplate", of)["spec"];
        change(spec);
    };
    bites(ONE, "build runs as quickstart-executor", |case| {
        template(case, "-template", &|spec| spec["serviceAccountName"] = "quickstart-executor".into());
        template(case, "-template", &|spec| {
            for pod in spec["templates"].as_array_mut().unwrap() {
                pod.as_object_mut().unwrap().remove("serviceAccountName");
            }
        });
    });
    bites(ONE, "pull-request/build runs as quickstart-builder", |case| {
        template(case, "-pull-request", &|spec| {
            let pods = spec["templates"].as_array_mut().unwrap();
            pods.iter_mut().find(|pod| pod["name"] == "build").unwrap()["serviceAccountName"] =
                "quickstart-builder".into();
        });
    });
    bites(ONE, "what `serviceAccountName` means is not known", |case| {
        let started = &mut object(case, "Sensor", "-pull-request")["spec"]["triggers"][0]["template"]["k8s"]["source"];
        started["resource"]["spec"]["serviceAccountName"] = "quickstart-executor".into();
    });
    bites(ONE, "what a delivery changes at `spec.serviceAccountName`", |case| {
        let k8s = &mut object(case, "Sensor", "-pull-request")["spec"]["triggers"][0]["template"]["k8s"];
        k8s["parameters"][0]["dest"] = "spec.serviceAccountName".into();
    });
    bites(ONE, "as whom a pod with `podSpecPatch` runs", |case| {
        template(case, "-template", &|spec| spec["podSpecPatch"] = "serviceAccountName: a".into());
    });
    bites(ONE, "runs as (\"argo\", \"default\"), which is no ServiceAccount", |case| {
        template(case, "-pull-request", &|spec| {
            spec.as_object_mut().unwrap().remove("serviceAccountName");
            for pod in spec["templates"].as_array_mut().unwrap() {
                pod.as_object_mut().unwrap().remove("serviceAccountName");
            }
        });
    });
}

#[test]
fn an_identity_that_the_table_does_not_know_is_found() {
    bites(ONE, "no row of the table is about quickstart-helper", |case| {
        let helper =
            json!({ "kind": "ServiceAccount", "metadata": { "namespace": "argo", "name": "quickstart-helper" } });
        case.objects.push(helper);
    });
    bites(ONE, "quickstart-pull-request cannot become", |case| {
        let role =
            json!({ "eks.amazonaws.com/role-arn": "arn:aws:iam::999999999999:role/quickstart-us-east-1-builder" });
        object(case, "ServiceAccount", "-pull-request")["metadata"]["annotations"] = role;
    });
    bites(ONE, "has a token and no use for it", |case| {
        object(case, "ServiceAccount", "-github").as_object_mut().unwrap().remove("automountServiceAccountToken");
    });
}

#[test]
fn a_bucket_that_is_open_is_found() {
    let policy = |case: &mut Case, change: &dyn Fn(&mut Value)| {
        change(&mut resource(case, "ArtifactBucketPolicy")["PolicyDocument"]["Statement"]);
    };
    bites(ONE, "quickstart-pull-request can, or might, do * on *", |case| {
        let world = json!({ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
                            "Resource": { "Fn::Sub": "${ArtifactBucket.Arn}/*" } });
        policy(case, &|all| all.as_array_mut().unwrap().push(world.clone()));
    });
    bites(ONE, "quickstart-builder can, or might, do s3:*", |case| {
        policy(case, &|all| all[0]["Condition"] = json!({ "Bool": { "aws:SecureTransport": "true" } }));
    });
    bites(ONE, "public access is not blocked", |case| {
        resource(case, "ArtifactBucket")["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] = false.into();
    });
}

#[test]
fn a_secret_in_the_wrong_hands_is_found() {
    bites("everything/everything", "pull-request/build is given the Secret npm", |case| {
        let build = object(case, "WorkflowTemplate", "-delivery")["spec"]["templates"].clone();
        let build = build.as_array().unwrap().iter().find(|pod| pod["name"] == "build").unwrap().clone();
        let spec = &mut object(case, "WorkflowTemplate", "-pull-request")["spec"];
        let pod = spec["templates"].as_array_mut().unwrap().iter_mut().find(|pod| pod["name"] == "build").unwrap();
        pod["container"]["env"] = build["container"]["env"].clone();
    });
    bites("everything/everything", "is given the Secret github-everything", |case| {
        let spec = &mut object(case, "WorkflowTemplate", "-delivery")["spec"];
        let key = json!({ "name": "github-everything", "key": "admin" });
        spec["templates"].as_array_mut().unwrap().iter_mut().find(|pod| pod["name"] == "build").unwrap()["container"]["env"]
            .as_array_mut()
            .unwrap()
            .push(json!({ "name": "TOKEN", "valueFrom": { "secretKeyRef": key } }));
    });
}
