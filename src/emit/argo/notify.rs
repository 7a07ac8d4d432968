//! Notifications: steps of the exit handler, which runs when everything else has ended. None can change how the run
//! ended, and what is known about the run reaches the shell in environment variables alone.

use k8s_openapi::api::core::v1::{Container, EnvVar};

use super::escape::{LBRACE, needs_brace, protect};
use super::job::{from_secret, requirements, unprivileged};
use super::types::{Body, ContinueOn, RetryStrategy, Step, Template};
use crate::model::{Endpoint, Header, Line, Moment, Notification, Pipeline, Secret, SlackKeys, WebhookKeys};
use crate::schema::{Table, Text};

/// The template that a run ends with.
pub(in crate::emit) const EXIT_HANDLER: &str = "exit-handler";

/// What each notification runs, the same for all of them.
const SCRIPT: &str = include_str!("notify.sh");

/// The header that says what the message is, unless the user's own does.
const CONTENT_TYPE: &str = "Content-Type";

/// Enough for curl, and for the program of Argo's that starts it.
const MEMORY: &str = "128Mi";

/// How long one may take with its retries, so that an image that is not there does not hold the run.
const SECONDS: i64 = 600;

/// The exit handler and what it calls; nothing where nobody is notified.
pub(super) fn templates(pipeline: &Pipeline) -> Vec<Template> {
    let notices = pipeline.notifications.iter().enumerate();
    let notices: Vec<(Template, Step)> = notices
        .map(|(at, notification)| {
            let name = format!("notify-{}", at + 1);
            let step = Step {
                name: name.clone(),
                template: name.clone(),
                when: when(notification),
                continue_on: ContinueOn { error: true, failed: true },
            };
            (notice(pipeline, name, notification), step)
        })
        .collect();
    if notices.is_empty() {
        return Vec::new();
    }
    let (templates, steps): (Vec<Template>, Vec<Step>) = notices.into_iter().unzip();
    let handler = Template::new(EXIT_HANDLER, Body::Steps(vec![steps]));
    [handler].into_iter().chain(templates).collect()
}

/// After which runs. The phase is one word, and a failed run may also be in error.
fn when(notification: &Notification) -> Option<&'static str> {
    let on = match notification {
        Notification::Slack(slack) => slack.keys.on.node.as_ref(),
        Notification::Webhook(webhook) => webhook.keys.on.node.as_ref(),
    };
    match (Moment::Success.is_among(on), Moment::Failure.is_among(on)) {
        (true, false) => Some("{{workflow.status}} == Succeeded"),
        (false, true) => Some("{{workflow.status}} != Succeeded"),
        _ => None,
    }
}

fn notice(pipeline: &Pipeline, name: String, notification: &Notification) -> Template {
    let mut env = Environment::default();
    env.fixed("APHEX_NOTIFICATION", if matches!(notification, Notification::Slack(_)) { "slack" } else { "webhook" });
    env.fixed("APHEX_PIPELINE", pipeline.name.as_str());
    env.fixed("APHEX_REPOSITORY", pipeline.source.name.as_str());
    env.fixed("APHEX_COMMIT", "{{workflow.parameters.commit-sha}}");
    env.fixed("APHEX_PHASE", "{{workflow.status}}");
    env.fixed("APHEX_RUN", "{{workflow.name}}");
    match notification {
        Notification::Slack(slack) => {
            let SlackKeys { url, on: _ } = &slack.keys;
            env.secret("APHEX_URL", url);
            env.headers(None);
        }
        Notification::Webhook(webhook) => {
            let WebhookKeys { url, headers, on: _ } = &webhook.keys;
            env.given("APHEX_URL", &url.node);
            env.headers(Some(&headers.node));
        }
    }
    let container = Container {
        image: Some(pipeline.images.notifier.as_str().to_owned()),
        command: Some(vec!["/bin/sh".to_owned(), "-c".to_owned()]),
        args: Some(vec![protect(SCRIPT).into_owned()]),
        env: Some(env.0),
        resources: Some(requirements("10m".to_owned(), MEMORY.to_owned())),
        security_context: Some(unprivileged()),
        ..Container::default()
    };
    Template {
        service_account_name: Some(pipeline.pull_request_worker().service_account.into_owned()),
        // The script tries again by itself; this is for a pod that was lost.
        retry_strategy: Some(RetryStrategy { limit: "2".to_owned(), retry_policy: "OnError" }),
        active_deadline_seconds: Some(SECONDS),
        ..Template::new(name, Body::Container(Box::new(container)))
    }
}

/// The variables of a container, in their order.
#[derive(Default)]
struct Environment(Vec<EnvVar>);

impl Environment {
    /// A text of aphex's own, which may hold a tag of Argo's.
    fn fixed(&mut self, variable: &str, text: &str) {
        self.0.push(EnvVar { name: variable.to_owned(), value: Some(text.to_owned()), value_from: None });
    }

    /// What the user wrote, or the secret that holds it.
    fn given<T: Text>(&mut self, variable: &str, endpoint: &Endpoint<T>) {
        match endpoint {
            Endpoint::Text(text) => self.text(variable, text.as_str()),
            Endpoint::Secret(secret) => self.secret(variable, secret),
        }
    }

    fn text(&mut self, variable: &str, text: &str) {
        let text = protect(text);
        if needs_brace(&text) && !self.0.iter().any(|there| there.name == LBRACE) {
            self.fixed(LBRACE, "{");
        }
        self.fixed(variable, &text);
    }

    fn secret(&mut self, variable: &str, secret: &Secret) {
        let from = from_secret((secret.name.as_str().to_owned(), secret.key.as_str().to_owned()));
        self.0.push(EnvVar { name: variable.to_owned(), value: None, value_from: Some(from) });
    }

    /// The headers: each with its name, and what makes its value.
    fn headers(&mut self, given: Option<&Table<Header, Endpoint<Line>>>) {
        let typed = |headers: &Table<Header, Endpoint<Line>>| {
            headers.iter().any(|(name, _)| name.as_str().eq_ignore_ascii_case(CONTENT_TYPE))
        };
        let own = given.is_some_and(typed);
        let mut number = 0;
        let mut next = |env: &mut Self, name: &str| {
            number += 1;
            env.text(&format!("APHEX_HEADER_{number}"), name);
            format!("APHEX_HEADER_{number}_VALUE")
        };
        if !own {
            let value = next(self, CONTENT_TYPE);
            self.fixed(&value, "application/json");
        }
        for (name, endpoint) in given.into_iter().flat_map(Table::iter) {
            let value = next(self, name.as_str());
            self.given(&value, &endpoint.node);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::emit::argo::escape::kubelet;
    use crate::emit::testing::{call, pipeline};

    fn written(notifications: &Value) -> Vec<Value> {
        let pipeline = pipeline(json!({ "notifications": notifications }));
        templates(&pipeline).iter().map(|template| serde_json::to_value(template).unwrap()).collect()
    }

    fn webhook(keys: &Value) -> Value {
        let mut all = json!({ "url": "https://example.com/in" });
        all.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
        call("webhook", [all])
    }

    #[test]
    fn nobody_is_notified_where_nobody_asked() {
        assert_eq!(written(&json!([])), Vec::<Value>::new());
    }

    #[test]
    fn each_notification_follows_the_runs_that_it_is_for_and_changes_none() {
        let on = |moments: &[&str]| webhook(&json!({ "on": moments }));
        let slack = call("slack", [json!({ "url": call("secret", ["chat", "url"]) })]);
        let all = written(&json!([slack, on(&["success"]), on(&["failure"]), on(&["success", "failure"])]));
        let steps = all[0]["steps"][0].as_array().unwrap();
        let whens: Vec<_> = steps.iter().map(|step| step["when"].as_str()).collect();
        let (failed, succeeded) = (Some("{{workflow.status}} != Succeeded"), Some("{{workflow.status}} == Succeeded"));
        assert_eq!(whens, [failed, succeeded, failed, None]);
        assert!(steps.iter().all(|step| step["continueOn"] == json!({ "error": true, "failed": true })));
    }

    #[test]
    fn the_script_is_the_same_and_arrives_as_it_is() {
        let all = written(&json!([webhook(&json!({})), webhook(&json!({ "headers": { "X-A": "{{b}}" } }))]));
        for template in &all[1..] {
            let script = template["container"]["args"][0].as_str().unwrap();
            assert!(!script.contains("{{"));
            assert_eq!(kubelet(script), SCRIPT);
        }
    }

    #[test]
    fn headers_are_numbered_and_secrets_stay_references() {
        let headers =
            json!({ "content-type": "text/x", "X-A": "{{b}} $(c)", "Authorization": call("secret", ["s", "k"]) });
        let all = written(&json!([webhook(&json!({ "headers": headers, "url": call("secret", ["s", "u"]) }))]));
        let env = all[1]["container"]["env"].as_array().unwrap();
        let of = |name: &str| env.iter().find(|variable| variable["name"] == name).cloned().unwrap_or_default();
        assert_eq!(of("APHEX_URL")["valueFrom"]["secretKeyRef"], json!({ "name": "s", "key": "u" }));
        let names: Vec<_> = (1..=4).map(|number| of(&format!("APHEX_HEADER_{number}"))["value"].clone()).collect();
        assert_eq!(names, [json!("content-type"), json!("X-A"), json!("Authorization"), Value::Null]);
        assert_eq!(kubelet(of("APHEX_HEADER_2_VALUE")["value"].as_str().unwrap()), "{{b}} $(c)");
        assert_eq!(of("APHEX_HEADER_3_VALUE")["valueFrom"]["secretKeyRef"], json!({ "name": "s", "key": "k" }));
        assert!(
            env.iter().position(|one| one["name"] == LBRACE)
                < env.iter().position(|one| one["name"] == "APHEX_HEADER_2_VALUE")
        );
    }
}
