//! Environment variables that aphex or EKS sets are not the user's to set, and none is given twice.

use std::collections::HashMap;

use super::scope::{Context, Scope};
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::model::{EnvironmentVariable, Pipeline, Secrets, Variables};
use crate::source::{Span, Spanned};

/// What every container of an environment gets beside `APHEX_…`.
const OURS: &[&str] = &["AWS_REGION", "AWS_DEFAULT_REGION", "ARTIFACT_PATH"];

/// What EKS injects so that a pod becomes its role.
const OF_EKS: &[&str] = &[
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    // With the others it keeps EKS from mounting the token.
    "AWS_STS_REGIONAL_ENDPOINTS",
];

/// Reports reserved names, and names that one record gives both a text and a secret.
pub(super) fn check(context: &Context<'_>, sink: &mut Sink) {
    let builds = context.project.pipelines.iter().filter_map(|pipeline| pipeline.build.node.as_ref());
    builds.for_each(|build| both(&build.variables, &build.secrets, sink));
    for environment in &context.records.environments {
        reserved(environment.variables.iter().map(|(key, _)| key), sink);
        reserved(environment.deploy.variables.iter().map(|(key, _)| key), sink);
        environment.tests.node.iter().for_each(|tests| both(&tests.variables, &tests.secrets, sink));
    }
    context.records.steps.iter().for_each(|step| both(&step.variables, &step.secrets, sink));
    context.pipelines().for_each(|(pipeline, scope)| token(pipeline, scope, sink));
}

fn both(variables: &Variables, secrets: &Secrets, sink: &mut Sink) {
    reserved(variables.iter().map(|(key, _)| key).chain(secrets.iter().map(|(key, _)| key)), sink);
    let texts: HashMap<&str, Span> = variables.iter().map(|(key, _)| (key.as_str(), key.span)).collect();
    for (key, _) in secrets.iter() {
        let Some(other) = texts.get(key.as_str()).copied() else { continue };
        let message = format!("`{}` stands among `variables` and among `secrets`", key.as_str());
        let found = Diagnostic::new(Code::BadValue, key.span, message).related(other, "here it has a text");
        sink.push(found.help("leave one of them out"));
    }
}

fn reserved<'a>(keys: impl Iterator<Item = &'a Spanned<EnvironmentVariable>>, sink: &mut Sink) {
    for key in keys {
        let name = key.as_str();
        let message = if name.starts_with("APHEX_") || OURS.contains(&name) {
            format!("aphex sets `{name}` itself")
        } else if OF_EKS.contains(&name) {
            format!("EKS sets `{name}` itself: with another value the pod would lose its role")
        } else {
            continue;
        };
        let help = "choose another name";
        sink.push(Diagnostic::new(Code::ReservedVariable, key.span, message).help(help));
    }
}

/// `clone_token` reaches the containers that clone as `GITHUB_TOKEN`; the user's own steps find a checkout instead.
fn token(pipeline: &Pipeline, scope: &Scope<'_>, sink: &mut Sink) {
    if pipeline.source.clone_token.node.is_none() {
        return;
    }
    let build = pipeline.build.node.iter();
    let build = build.flat_map(|build| build.variables.iter().map(key).chain(build.secrets.iter().map(key)));
    let environments = scope.environments.iter().flat_map(|environment| {
        let tests = environment.tests.node.iter();
        let tests = tests.flat_map(|tests| tests.variables.iter().map(key).chain(tests.secrets.iter().map(key)));
        environment.variables.iter().map(key).chain(environment.deploy.variables.iter().map(key)).chain(tests)
    });
    for key in build.chain(environments).filter(|key| key.as_str() == "GITHUB_TOKEN") {
        let message = "`GITHUB_TOKEN` holds the `clone_token` in this container";
        let found = Diagnostic::new(Code::ReservedVariable, key.span, message)
            .related(pipeline.source.clone_token.span, "which is given here");
        sink.push(found.help("choose another name"));
    }
}

fn key<'a, V>((key, _): (&'a Spanned<EnvironmentVariable>, &'a V)) -> &'a Spanned<EnvironmentVariable> {
    key
}

#[cfg(test)]
mod tests {
    use super::super::testing::{holds, related};

    #[test]
    fn reserved_names_are_marked_at_the_key() {
        holds(
            r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")], variables: #{ AWS_REGION: "x", MY_REGION: "x" },
//                                                                        ^^^^^^^^^^ error[reserved-variable]: aphex sets `AWS_REGION` itself
//                                                                        help: choose another name
    tests: #{ commands: ["x"], secrets: #{ APHEX_COMMIT: secret("a", "b") } },
//                                         ^^^^^^^^^^^^ error[reserved-variable]: aphex sets `APHEX_COMMIT` itself
//                                         help: choose another name
    deploy: #{ variables: #{ AWS_ROLE_ARN: "x" } } });
//                           ^^^^^^^^^^^^ error[reserved-variable]: EKS sets `AWS_ROLE_ARN` itself: with another value the pod would lose its role
//                           help: choose another name
pipeline("app", base + #{ stages: [dev], build: #{ commands: ["x"], variables: #{ GITHUB_TOKEN: "mine" } } });
"#,
        );
    }

    #[test]
    fn github_token_is_reserved_where_a_clone_token_is_given() {
        let script = r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")], variables: #{ GITHUB_TOKEN: "x" } });
//                                                                        ^^^^^^^^^^^^ error[reserved-variable]: `GITHUB_TOKEN` holds the `clone_token` in this container
//                                                                        help: choose another name
let source = github("octo/app", #{ clone_token: secret("a", "b") });
pipeline("app", base + #{ stages: [dev], source: source });
"#;
        holds(script);
        assert_eq!(related(script), [r#"secret("a", "b"): which is given here"#]);
    }

    #[test]
    fn a_name_has_a_text_or_a_secret() {
        let script = r#"
let dev = environment("dev", aws + #{ stacks: [stack("A")] });
pipeline("app", base + #{ stages: [dev], build: #{ commands: ["x"],
    variables: #{ TOKEN: "x", LEVEL: "1" }, secrets: #{ TOKEN: secret("a", "b") } } });
//                                                      ^^^^^ error[bad-value]: `TOKEN` stands among `variables` and among `secrets`
//                                                      help: leave one of them out
"#;
        holds(script);
        assert_eq!(related(script), ["TOKEN: here it has a text"]);
    }
}
