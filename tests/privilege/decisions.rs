//! The decisions themselves, on policies made up for it.

use serde_json::{Value, json};

use crate::cloudformation::Stack;
use crate::iam::{Answer, Policy, Principal, Request, decide, statements};
use crate::rbac;

/// What a policy of these statements says to a request.
fn asked(all: &Value, action: &str, resource: &str, given: &[(&str, &str)]) -> Answer {
    let document = json!({ "Version": "2012-10-17", "Statement": all });
    let all = statements("test", &document, Policy::Identity).unwrap();
    let given = given.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    let request = Request { action: action.into(), resource: resource.into(), given };
    decide(all.iter().map(|statement| (statement, statement.answer(&request))))
}

const OBJECT: &str = "arn:aws:s3:::bucket/object";

#[test]
fn what_nothing_allows_is_refused() {
    assert_eq!(asked(&json!([]), "s3:GetObject", OBJECT, &[]), Answer::Never);
    let all = json!([{ "Effect": "Allow", "Action": "s3:get*", "Resource": "arn:aws:s3:::bucket/*" }]);
    assert_eq!(asked(&all, "S3:GetObject", OBJECT, &[]), Answer::Always);
    assert_eq!(asked(&all, "s3:PutObject", OBJECT, &[]), Answer::Never);
    assert_eq!(asked(&all, "s3:GetObject", "arn:aws:s3:::Bucket/object", &[]), Answer::Never);
    assert_eq!(asked(&all, "s3:*", OBJECT, &[]), Answer::Perhaps);
    assert_eq!(asked(&all, "s3:GetObject", "*", &[]), Answer::Perhaps);
}

#[test]
fn what_is_denied_is_refused_whatever_allows_it() {
    let allow = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
    let deny = json!({ "Effect": "Deny", "Action": ["s3:Put*"], "Resource": [OBJECT] });
    for all in [json!([allow, deny]), json!([deny, allow])] {
        assert_eq!(asked(&all, "s3:PutObject", OBJECT, &[]), Answer::Never);
        assert_eq!(asked(&all, "s3:GetObject", OBJECT, &[]), Answer::Always);
        assert_eq!(asked(&all, "s3:*", OBJECT, &[]), Answer::Perhaps);
    }
}

#[test]
fn a_condition_about_what_is_not_told_proves_nothing() {
    let when = json!({ "StringEquals": { "aws:ResourceTag/team": ["a", "b"] } });
    let all = json!([{ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": when }]);
    assert_eq!(asked(&all, "s3:GetObject", OBJECT, &[]), Answer::Perhaps);
    assert_eq!(asked(&all, "s3:GetObject", OBJECT, &[("AWS:resourcetag/team", "b")]), Answer::Always);
    assert_eq!(asked(&all, "s3:GetObject", OBJECT, &[("aws:ResourceTag/team", "B")]), Answer::Never);

    let allow = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" });
    let deny = json!({ "Effect": "Deny", "Action": "*", "Resource": "*",
                       "Condition": { "Bool": { "aws:SecureTransport": "false" } } });
    let all = json!([allow, deny]);
    assert_eq!(asked(&all, "s3:GetObject", OBJECT, &[]), Answer::Perhaps);
    assert_eq!(asked(&all, "s3:GetObject", OBJECT, &[("aws:SecureTransport", "true")]), Answer::Always);
    assert_eq!(asked(&all, "s3:GetObject", OBJECT, &[("aws:SecureTransport", "false")]), Answer::Never);
}

#[test]
fn every_condition_must_be_met() {
    let when = json!({ "StringEquals": { "a": "1" }, "StringLike": { "b": "x*" } });
    let all = json!([{ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": when }]);
    assert_eq!(asked(&all, "s3:GetObject", OBJECT, &[("a", "1"), ("b", "xyz")]), Answer::Always);
    assert_eq!(asked(&all, "s3:GetObject", OBJECT, &[("a", "1"), ("b", "y")]), Answer::Never);
    assert_eq!(asked(&all, "s3:GetObject", OBJECT, &[("a", "1")]), Answer::Perhaps);
    assert_eq!(asked(&all, "s3:GetObject", OBJECT, &[("a", "*"), ("b", "xyz")]), Answer::Never);
}

#[test]
fn not_action_and_not_resource_are_everything_else() {
    let all = json!([{ "Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::secret/*" }]);
    assert_eq!(asked(&all, "iam:PassRole", OBJECT, &[]), Answer::Never);
    assert_eq!(asked(&all, "s3:GetObject", OBJECT, &[]), Answer::Always);
    assert_eq!(asked(&all, "s3:GetObject", "arn:aws:s3:::secret/key", &[]), Answer::Never);
    assert_eq!(asked(&all, "*", OBJECT, &[]), Answer::Perhaps);
}

#[test]
fn an_account_stands_for_its_roles_and_nobody_elses() {
    let document = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": { "AWS": "arn:aws:iam::111111111111:root" }, "Action": "sts:AssumeRole",
    }] });
    let trust = &statements("test", &document, Policy::Trust).unwrap()[0];
    let role = |account: &str| Principal::Aws(format!("arn:aws:iam::{account}:role/a"));
    assert_eq!(trust.is_about(&role("111111111111")), Answer::Perhaps);
    assert_eq!(trust.is_about(&role("222222222222")), Answer::Never);
    assert_eq!(trust.is_about(&Principal::Service("ec2.amazonaws.com".into())), Answer::Never);
}

#[test]
fn a_policy_that_is_not_understood_is_an_error() {
    let wrong = [
        json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "IpAddress": {} } }),
        json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "StringEqualsIfExists": { "a": "b" } } }),
        json!({ "Effect": "allow", "Action": "*", "Resource": "*" }),
        json!({ "Effect": "Allow", "Action": "*" }),
        json!({ "Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*" }),
        json!({ "Effect": "Allow", "Action": "*", "Resource": "bucket" }),
        json!({ "Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::${aws:username}" }),
        json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*" }),
        json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Other": "*" }),
    ];
    for statement in wrong {
        let document = json!({ "Version": "2012-10-17", "Statement": [statement] });
        assert!(statements("test", &document, Policy::Identity).is_err(), "{statement}");
    }
    let old = json!({ "Version": "2008-10-17", "Statement": [] });
    assert!(statements("test", &old, Policy::Identity).is_err());
}

#[test]
fn expressions_are_filled_as_cloudformation_fills_them() {
    let resources = json!({
        "Bucket": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": "b" } },
        "Role": { "Type": "AWS::IAM::Role", "Properties": { "RoleName": "r" } },
    });
    let resources = resources.as_object().unwrap();
    let stack = Stack { resources, partition: "aws-cn", account: "1", region: "cn-north-1", exports: "C-" };
    let filled = |value: Value| stack.resolve(&value);
    let texts = [
        (json!({ "Ref": "Bucket" }), "b"),
        (json!({ "Fn::GetAtt": ["Role", "Arn"] }), "arn:aws-cn:iam::1:role/r"),
        (json!({ "Fn::Sub": "${Bucket.Arn}/${!x}/${AWS::Region}" }), "arn:aws-cn:s3:::b/${x}/cn-north-1"),
        (json!({ "Fn::Sub": ["${A}-${AWS::AccountId}", { "A": { "Ref": "Bucket" } }] }), "b-1"),
        (json!({ "Fn::Join": ["/", ["a", { "Ref": "AWS::Partition" }]] }), "a/aws-cn"),
        (json!({ "Fn::Select": [1, { "Fn::Split": [":", "a:b"] }] }), "b"),
        (json!({ "Fn::ImportValue": { "Fn::Sub": "C-ClusterName" } }), "C-STAND-IN"),
    ];
    for (value, text) in texts {
        assert_eq!(filled(value), Ok(text.into()));
    }
    let unknown = [
        json!({ "Ref": "Other" }),
        json!({ "Fn::GetAtt": ["Role", "RoleId"] }),
        json!({ "Fn::Sub": "${Other}" }),
        json!({ "Fn::Sub": "${" }),
        json!({ "Fn::ImportValue": "D-ClusterName" }),
        json!({ "Fn::If": ["a", "b", "c"] }),
        json!({ "Fn::Select": [2, ["a"]] }),
    ];
    for value in unknown {
        assert!(filled(value.clone()).is_err(), "{value}");
    }
}

/// What a rule, bound to the one who asks, says to a request.
fn ruled(rule: &Value, verb: &str, resource: &str, name: Option<&str>) -> Answer {
    let meta = json!({ "name": "r", "namespace": "argo" });
    let me = json!({ "kind": "ServiceAccount", "name": "me", "namespace": "argo" });
    let all = [
        json!({ "kind": "Role", "metadata": meta, "rules": [rule] }),
        json!({ "kind": "RoleBinding", "metadata": meta, "roleRef": { "kind": "Role", "name": "r" }, "subjects": [me] }),
    ];
    let grants = rbac::grants(&all).unwrap();
    let own = |text: &str| text.to_owned();
    let request = rbac::Request {
        verb: own(verb),
        group: String::new(),
        resource: own(resource),
        namespace: own("argo"),
        name: name.map(own),
    };
    let elsewhere = rbac::Request { namespace: own("kube-system"), ..request.clone() };
    let [me, other] = ["me", "you"].map(|name| (own("argo"), own(name)));
    assert_eq!(grants[0].allows(&me, &elsewhere), Answer::Never);
    assert_eq!(grants[0].allows(&other, &request), Answer::Never);
    grants[0].allows(&me, &request)
}

#[test]
fn a_rule_with_names_is_about_those_objects_and_makes_none() {
    let verbs = ["get", "create"];
    let named = json!({ "apiGroups": [""], "resources": ["configmaps"], "resourceNames": ["a"], "verbs": verbs });
    assert_eq!(ruled(&named, "get", "configmaps", Some("a")), Answer::Always);
    assert_eq!(ruled(&named, "get", "configmaps", Some("b")), Answer::Never);
    assert_eq!(ruled(&named, "get", "configmaps", Some("*")), Answer::Perhaps);
    assert_eq!(ruled(&named, "create", "configmaps", None), Answer::Never);
    assert_eq!(ruled(&named, "patch", "configmaps", Some("a")), Answer::Never);
    let any = json!({ "apiGroups": [""], "resources": ["*"], "verbs": ["*"] });
    assert_eq!(ruled(&any, "create", "secrets", None), Answer::Always);
    assert_eq!(ruled(&any, "get", "secrets", Some("a")), Answer::Always);
}
