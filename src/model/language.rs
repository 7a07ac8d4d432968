//! What a script may call: the language's table of contents.

use std::borrow::Cow;

use super::calls;
use super::functions::{Function, Method, Param};
use super::invocation::Build;
use super::kubernetes::ObjectName;
use super::secret::SecretKey;
use super::words::{Message, Name};
use super::{
    ApprovalKeys, EnvironmentKeys, GithubKeys, PipelineKeys, Repository, SlackKeys, StackKeys, StackName, Stage,
    StepKeys, WebhookKeys,
};
use crate::diagnostic::Code;
use crate::schema::{Form, FromConfig, Kind};
use crate::stdlib::Library;

const fn param(name: &'static str, kind: Kind) -> Param {
    Param { name, kind, optional: false }
}

const fn optional(name: &'static str, kind: Kind) -> Param {
    Param { name, kind, optional: true }
}

const TEXT: Kind = Kind::Text(&Form::any("a text", "texts"));
const STAGE_LIST: Kind = Kind::List(&Stage::KIND, false);
const STAGES: Kind = Kind::Either(&[Stage::KIND, STAGE_LIST]);
const PARAMETER: Kind = Kind::Either(&[TEXT, Kind::Int(i64::MIN, i64::MAX), Kind::Bool, Kind::List(&TEXT, true)]);

/// Every function of the language.
pub static FUNCTIONS: &[Function] = &[
    Function {
        name: "stack",
        doc: "A CDK stack, by the name that the CDK app gives it. Names of stacks are unique within a pipeline; a text in \
              place of the options is its `path`.",
        example: r#"
let network = stack("NetworkStack", "lib/network-stack.ts");
let api     = stack("ApiStack", #{
    path:       "lib/api-stack.ts",
    depends_on: [network],
});

environment("dev", #{
    account: "111111111111",
    region:  "eu-west-1",
    stacks:  [network, api],
});
"#,
        params: Cow::Borrowed(&[param("name", StackName::KIND), optional("options", StackKeys::KIND)]),
        variadic: false,
        returns: Cow::Borrowed("a stack"),
        properties: Some(Cow::Borrowed(&[param("name", StackName::KIND)])),
        build: Build::Plain(calls::item::<StackName, StackKeys>),
    },
    Function {
        name: "environment",
        doc: "A deployment target: stacks in one account and region, with what happens before and after. Names of \
              environments, steps and approvals are unique within a pipeline.",
        example: r#"
let app  = stack("AppStack");
let soak = step("soak", #{ image: "busybox:1.37", commands: ["sleep 300"] });

let prod = environment("prod", #{
    account:  "333333333333",
    region:   "eu-west-1",
    stacks:   [app],
    approval: "Ship to production?",
    tests:    #{ commands: ["npm run test:e2e"], timeout: "30m", retries: 1 },
    verify:   soak,
    rollback: true,
});
assert(prod.deploy.mode == "together", "what was left out has its default");
"#,
        params: Cow::Borrowed(&[param("name", Name::KIND), param("options", EnvironmentKeys::KIND)]),
        variadic: false,
        returns: Cow::Borrowed("an environment"),
        properties: Some(Cow::Borrowed(&[param("name", Name::KIND)])),
        build: Build::Plain(calls::item::<Name, EnvironmentKeys>),
    },
    Function {
        name: "pipeline",
        doc: "Declares a pipeline. A script may declare several, with different names. It is declared by the script, or \
              by a function that the script calls, never by the top level of a module.",
        example: r#"
let app = stack("AppStack");
let dev = environment("dev", #{
    account: "111111111111",
    region:  "eu-west-1",
    stacks:  [app],
});
let prod = environment("prod", #{
    account:  "333333333333",
    region:   "eu-west-1",
    stacks:   [app],
    approval: true,
});

pipeline("my-app", #{
    cluster: "company-pipelines",
    account: "999999999999",
    region:  "eu-west-1",
    source:  github("my-org/my-app"),
    build:   ["npm ci", "npm run build"],
    stages:  [dev, prod],
});
"#,
        params: Cow::Borrowed(&[param("name", Name::KIND), param("options", PipelineKeys::KIND)]),
        variadic: false,
        returns: Cow::Borrowed("the pipeline"),
        properties: Some(Cow::Borrowed(&[param("name", Name::KIND)])),
        build: Build::Plain(calls::pipeline),
    },
    Function {
        name: "github",
        doc: "The repository that triggers a pipeline, and which of its pushes and pull requests do.",
        example: r#"
let source = github("my-org/my-app", #{
    branch:      ["main", "release/*"],
    tags:        ["v*"],
    paths:       ["services/shop/**"],
    clone_token: secret("github", "read-token"),
});
assert(source.url == "https://github.com/my-org/my-app.git", "what is cloned");
"#,
        params: Cow::Borrowed(&[param("repository", Repository::KIND), optional("options", GithubKeys::KIND)]),
        variadic: false,
        returns: Cow::Borrowed("a source"),
        properties: Some(Cow::Borrowed(&[param("name", Repository::KIND)])),
        build: Build::Plain(calls::item::<Repository, GithubKeys>),
    },
    Function {
        name: "parallel",
        doc: "Stages that run side by side. When one fails the others finish, and nothing after them starts. An empty one \
              is an error; more than 24 stages are given as one array. Waves may lie 16 deep in each other.",
        example: r#"
let app     = stack("AppStack");
let regions = ["eu-west-1", "us-east-1"];
let wave    = parallel(regions.map(|region| environment(`prod-${region}`, #{
    account: "333333333333",
    region:  region,
    stacks:  [app],
})));
assert(wave.stages.len() == 2, "one for each region");
"#,
        params: Cow::Borrowed(&[param("stages", STAGES)]),
        variadic: true,
        returns: Cow::Borrowed("a stage"),
        properties: Some(Cow::Borrowed(&[param("stages", STAGE_LIST)])),
        build: Build::Plain(calls::wave),
    },
    Function {
        name: "sequence",
        doc: "Stages in order, as one stage: for use inside `parallel`. An empty one is an error; more than 24 stages are \
              given as one array. Waves may lie 16 deep in each other.",
        example: r#"
let app    = stack("AppStack");
let deploy = |region| environment(region, #{
    account: "333333333333",
    region:  region,
    stacks:  [app],
});
let europe = ["eu-west-1", "eu-north-1"].map(deploy);
let us     = ["us-east-1", "us-west-2"].map(deploy);

let wave = parallel(sequence(europe), sequence(us));
assert(wave.stages[0].kind == "sequence", "two sequences, side by side");
"#,
        params: Cow::Borrowed(&[param("stages", STAGES)]),
        variadic: true,
        returns: Cow::Borrowed("a stage"),
        properties: Some(Cow::Borrowed(&[param("stages", STAGE_LIST)])),
        build: Build::Plain(calls::wave),
    },
    Function {
        name: "approval",
        doc: "A stage that waits for a person. Everything but the word `approve` refuses, the end of its time included, \
              and a run that was refused has failed.",
        example: r#"
let app  = stack("AppStack");
let prod = environment("prod", #{
    account:  "333333333333",
    region:   "eu-west-1",
    stacks:   [app],
    approval: approval("Ship to production?", #{ timeout: "8h" }),
});
let stages = [approval("Do the customers know?", #{ name: "announce" }), prod];
assert(stages[0].timeout == "24h", "a day where nothing is said");
"#,
        params: Cow::Borrowed(&[param("message", Message::KIND), optional("options", ApprovalKeys::KIND)]),
        variadic: false,
        returns: Cow::Borrowed("a stage"),
        properties: Some(Cow::Borrowed(&[param("message", Message::KIND)])),
        build: Build::Plain(calls::approval),
    },
    Function {
        name: "step",
        doc: "A stage of your own, in any container image. It stands in `stages`, or in `before`, `after`, `verify` or \
              `rollback` of an environment.",
        example: r#"
let lint = step("lint", #{
    image:    "public.ecr.aws/docker/library/node:22",
    commands: ["npm ci", "npm run lint"],
    on:       ["push", "pull_request"],
    timeout:  "10m",
});
let scan = step("scan", #{
    image:   "aquasec/trivy:0.58.0",
    command: ["trivy"],
    args:    ["fs", "--exit-code", "1", "."],
});
parallel(lint, scan);
"#,
        params: Cow::Borrowed(&[param("name", Name::KIND), param("options", StepKeys::KIND)]),
        variadic: false,
        returns: Cow::Borrowed("a stage"),
        properties: Some(Cow::Borrowed(&[param("name", Name::KIND)])),
        build: Build::Plain(calls::step),
    },
    Function {
        name: "secret",
        doc: "A reference to a Kubernetes Secret's key, in the namespace where it is used; never a value. The first \
              argument is the Secret's name, the second the key in it.",
        example: r#"
step("publish", #{
    image:    "public.ecr.aws/docker/library/node:22",
    commands: ["npm publish"],
    secrets:  #{ NPM_TOKEN: secret("npm", "token") },
});
"#,
        params: Cow::Borrowed(&[param("name", ObjectName::KIND), param("key", SecretKey::KIND)]),
        variadic: false,
        returns: Cow::Borrowed("a secret"),
        properties: Some(Cow::Borrowed(&[param("name", ObjectName::KIND), param("key", SecretKey::KIND)])),
        build: Build::Plain(calls::secret),
    },
    Function {
        name: "slack",
        doc: "A Slack channel that notifications go to, for `notifications` of a pipeline.",
        example: r#"
let notifications = [
    slack(#{ url: secret("slack", "releases"), on: ["success", "failure"] }),
    slack(#{ url: secret("slack", "on-call") }),
];
assert(notifications[1].on == ["failure"], "unless it is said");
"#,
        params: Cow::Borrowed(&[param("options", SlackKeys::KIND)]),
        variadic: false,
        returns: Cow::Borrowed("a notification"),
        properties: Some(Cow::Borrowed(&[])),
        build: Build::Plain(calls::slack),
    },
    Function {
        name: "webhook",
        doc: "An address that notifications go to, for `notifications` of a pipeline.",
        example: r#"
webhook(#{
    url:     "https://status.example.com/hooks/deployments",
    headers: #{ Authorization: secret("status-page", "token"), "X-Team": "shop" },
    on:      ["success", "failure"],
});
"#,
        params: Cow::Borrowed(&[param("options", WebhookKeys::KIND)]),
        variadic: false,
        returns: Cow::Borrowed("a notification"),
        properties: Some(Cow::Borrowed(&[])),
        build: Build::Plain(calls::webhook),
    },
    Function {
        name: "param",
        doc: "A value given from outside, with `--param name=value` or `--param-file`. The default gives its type: a text, \
              an integer, a bool or an array of texts; without one it is a required text. The values used are recorded \
              in `pipeline.json`; `--check`, the validation stage and the self-update use those.",
        example: r#"
let timeout = param("test-timeout", "30m");
let regions = param("regions", ["eu-west-1"]);
assert(timeout == "30m" && regions.len() == 1, "the defaults");
"#,
        params: Cow::Borrowed(&[param("name", TEXT), optional("default", PARAMETER)]),
        variadic: false,
        returns: Cow::Borrowed("the value"),
        properties: None,
        build: Build::Plain(calls::param),
    },
    Function {
        name: "warn",
        doc: "A warning of your own (`user-warning`). It is reported at the call, or at the value to blame, where that was \
              written, or at the key of that map. The run goes on.",
        example: r#"
let regions = param("regions", ["eu-west-1"]);
if regions.len() > 8 {
    warn("these are many regions for one wave", regions);
}
"#,
        params: Cow::Borrowed(&[param("message", TEXT), optional("blame", Kind::Any), optional("key", TEXT)]),
        variadic: false,
        returns: Cow::Borrowed("`()`"),
        properties: None,
        build: Build::Plain(calls::warn),
    },
    Function {
        name: "fail",
        doc: "An error of your own (`user-error`). It is reported at the call, or at the value to blame, where that was \
              written, or at the key of that map. Evaluation goes on, and nothing is written.",
        example: r#"
let options = #{ tier: "gold" };
if !["silver", "gold"].contains(options.tier) {
    fail("the tier is `silver` or `gold`", options, "tier");
}
"#,
        params: Cow::Borrowed(&[param("message", TEXT), optional("blame", Kind::Any), optional("key", TEXT)]),
        variadic: false,
        returns: Cow::Borrowed("`()`"),
        properties: None,
        build: Build::Plain(calls::fail),
    },
    Function {
        name: "assert",
        doc: "An error of your own where the condition does not hold (`failed-assertion`). It is reported as that of \
              `fail` is.",
        example: r#"
let regions = ["eu-west-1", "eu-north-1"];
let fine    = regions.all(|region| region.starts_with("eu-"));
assert(fine, "the data stays in Europe", regions);
"#,
        params: Cow::Borrowed(&[
            param("condition", Kind::Bool),
            param("message", TEXT),
            optional("blame", Kind::Any),
            optional("key", TEXT),
        ]),
        variadic: false,
        returns: Cow::Borrowed("`()`"),
        properties: None,
        build: Build::Plain(calls::assert),
    },
];

/// The methods that the language adds to Rhai's own.
pub static METHODS: &[Method] = &[
    Method {
        name: "flatten",
        usage: "array.flatten()",
        doc: "The array with the items of the arrays in it in their place, one level deep.",
    },
    Method {
        name: "join",
        usage: "array.join(separator?)",
        doc: "The texts of the array as one, the separator between them; without one there is nothing between them.",
    },
    Method {
        name: "merge",
        usage: "map.merge(other)",
        doc: "Both maps as one, maps inside them merged too; the other wins. `+` merges one level deep.",
    },
];

/// The language, with what an embedder adds to it.
#[derive(Debug, Clone, Default)]
pub struct Language {
    /// Functions beside those of [`FUNCTIONS`].
    pub own: Vec<Function>,
    /// The modules that a script may import without having them in its project.
    pub library: Library,
    /// Kinds of problems beside those of [`Code::ALL`].
    pub codes: Vec<Code>,
}

impl Language {
    /// Every function.
    pub fn functions(&self) -> impl Iterator<Item = &Function> + Clone {
        FUNCTIONS.iter().chain(&self.own)
    }

    /// Every kind of problem.
    pub fn codes(&self) -> impl Iterator<Item = Code> + Clone {
        Code::ALL.iter().chain(&self.codes).copied()
    }

    /// The kind of problem of that name.
    pub fn code(&self, id: &str) -> Option<Code> {
        self.codes().find(|code| code.id() == id)
    }

    /// The function of that name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions().find(|function| function.name == name)
    }
}
