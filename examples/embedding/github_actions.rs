//! Another engine from the same script: an emitter in the place of aphex's own writes a workflow of GitHub Actions. It
//! reads the typed pipeline alone, and what a script asks for that a workflow cannot do is a problem where it was written.
//! Keys about the cluster say nothing here, and each job builds its own checkout.
//!
//! `cargo run --example github_actions`, or with a script's path from the current folder after `--`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example shows what it gets")]

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use aphex::declare::{Config, Ref, Value};
use aphex::records::{
    Command, Concurrency, Duration, Environment, Flow, GateTask, Glob, ImageRef, Line, Pipeline, StackIndex, Stage,
    Step, Trigger, Variables,
};
use aphex::{
    Artifact, Code, Diagnostic, DiskHost, Emission, Emitter, Host, Interpreter, OwnCode, Script, Severity, Span,
    Spanned,
};
use serde_json::{Map, Value as Json, json};

/// Writes `.github/workflows/<pipeline>.yml`.
struct GithubActions;

impl Emitter for GithubActions {
    fn name(&self) -> &'static str {
        "github-actions"
    }

    fn emit(&self, emission: &mut Emission<'_>) {
        let pipeline = emission.pipeline();
        for gap in gaps(pipeline) {
            emission.report(gap);
        }
        let workflow = Jobs { pipeline, all: Map::new() }.workflow();
        // Lines of shell stay lines: nothing is folded.
        let options = serde_yaml::ser_options! { folded_wrap_chars: usize::MAX };
        let text = serde_yaml::to_string_with_options(&workflow, options).expect("a tree of JSON is YAML too");
        let path = format!(".github/workflows/{}.yml", pipeline.name.as_str());
        emission.next_step(format!("# in the repository: {path}"));
        emission.next_step(format!("# {} trusts token.actions.githubusercontent.com", role(pipeline)));
        for gate in pipeline.gates() {
            emission.next_step(format!("# the environment `{}` has reviewers in the repository's settings", gate.name));
        }
        emission.add(Artifact::text(path, "Workflow", text));
    }
}

static GAP: OwnCode =
    OwnCode::new("github-actions-gap", Severity::Error, "something that a workflow of GitHub Actions cannot do");

/// What a script asks for that nothing here is made of. Left out in silence, it would make a delivery that does less than
/// the script says.
fn gaps(pipeline: &Pipeline) -> Vec<Diagnostic> {
    const OF_WORK: [&str; 3] = ["secrets", "permissions", "retries"];
    let mut found = given(&["notifications", "permissions", "timeout"], pipeline.entries());
    found.extend(pipeline.build.iter().flat_map(|build| given(&OF_WORK, build.entries())));
    for environment in pipeline.environments() {
        found.extend(given(&["rollback"], environment.entries()));
        found.extend(given(&OF_WORK, environment.deploy.entries()));
        found.extend(environment.tests.iter().flat_map(|tests| given(&OF_WORK, tests.entries())));
    }
    for step in pipeline.steps() {
        found.extend(given(&OF_WORK, step.entries()));
        if step.runs_on(Trigger::PullRequest) || !step.runs_on(Trigger::Push) {
            found.push(gap("a step runs for pushes alone here".into(), step.on.span));
        }
    }
    let source = &pipeline.source;
    let branches = source.branch.iter().flat_map(|branches| branches.iter());
    let globs = branches.chain(&source.tags.node).chain(&source.paths.node).filter(|glob| glob.as_str().contains('?'));
    found.extend(globs.map(|glob| gap("a `?` in a pattern means something else to GitHub".into(), glob.span)));
    found
}

/// The gaps that are the values of these keys.
fn given(keys: &[&str], entries: Vec<(&'static str, Spanned<Value>)>) -> Vec<Diagnostic> {
    let is_given = |value: &Value| match value {
        Value::Unit | Value::Int(0) => false,
        Value::List(items) => !items.is_empty(),
        Value::Map(entries) => !entries.is_empty(),
        _ => true,
    };
    let given = entries.into_iter().filter(|(key, value)| keys.contains(key) && is_given(&value.node));
    given.map(|(key, value)| gap(format!("`{key}` has no counterpart in a workflow"), value.span)).collect()
}

fn gap(message: String, at: Span) -> Diagnostic {
    Diagnostic::new(Code::Own(&GAP), at, message)
}

/// The jobs of a pipeline so far, by their ids. Names of scripts have no `_`, so that no two ids are equal.
struct Jobs<'a> {
    pipeline: &'a Pipeline,
    all: Map<String, Json>,
}

impl Jobs<'_> {
    fn workflow(mut self) -> Json {
        let pipeline = self.pipeline;
        let mut last = Vec::new();
        if let Some(build) = &pipeline.build.node {
            let job = Job::default().limits(build.image.node.as_ref(), build.timeout.node.as_ref()).works(pipeline, []);
            last = self.add("build".into(), job);
        }
        self.stages(Flow::Sequence, &pipeline.stages, last);
        let mut workflow = json!({
            "name": pipeline.name.as_str(),
            "on": triggers(pipeline),
            "permissions": { "contents": "read" },
            "env": {
                "APHEX_PIPELINE": pipeline.name.as_str(),
                "APHEX_COMMIT": "${{ github.sha }}",
                "APHEX_REPOSITORY": literal(&pipeline.source.clone_url()),
                "APHEX_DIRECTORY": literal(pipeline.directory.as_str()),
            },
        });
        if pipeline.concurrency.node == Concurrency::Queue {
            let run = "${{ github.event_name == 'push' && 'push' || github.ref }}";
            let group = format!("{}-{run}", pipeline.name.as_str());
            workflow["concurrency"] = json!({ "group": group, "cancel-in-progress": false });
        }
        workflow["jobs"] = Json::Object(self.all);
        workflow
    }

    /// Adds stages that start after the jobs `needs`; gives the jobs after which all of them are done.
    fn stages(&mut self, flow: Flow, stages: &[Spanned<Stage>], needs: Vec<String>) -> Vec<String> {
        let stages = Stage::with_next(flow, stages);
        match flow {
            Flow::Sequence => stages.fold(needs, |needs, (stage, next)| self.stage(stage, next, needs)),
            Flow::Parallel => stages.flat_map(|(stage, next)| self.stage(stage, next, needs.clone())).collect(),
        }
    }

    fn stage(&mut self, stage: &Stage, next: Option<&Stage>, needs: Vec<String>) -> Vec<String> {
        match stage {
            Stage::Wave(wave) => self.stages(wave.flow, &wave.stages, needs),
            Stage::Environment(environment) => self.environment(environment, needs),
            Stage::Step(step) => self.step(format!("step_{}", step.name.as_str()), step, None, &needs),
            Stage::Approval(_) => self.gate(stage.gate_task(next), needs),
            // Of a later version.
            _ => needs,
        }
    }

    fn environment(&mut self, environment: &Environment, needs: Vec<String>) -> Vec<String> {
        let (name, pipeline) = (environment.name.as_str(), self.pipeline);
        let mut last = self.gate(environment.gate_task(), needs);
        last = self.hooks(environment, &environment.before, last);
        let deploy = &environment.deploy;
        let job = Job::after(&last)
            .set("environment", name)
            .set("permissions", json!({ "contents": "read", "id-token": "write" }))
            .limits(deploy.image.node.as_ref(), deploy.timeout.node.as_ref())
            .env(Some(environment), &deploy.variables)
            .works(pipeline, deployment(pipeline, environment));
        last = self.add(format!("deploy_{name}"), job);
        last = self.hooks(environment, &environment.after, last);
        if let Some(tests) = &environment.tests.node {
            let job = Job::after(&last)
                .limits(tests.image.node.as_ref(), tests.timeout.node.as_ref())
                .env(Some(environment), &tests.variables)
                .works(pipeline, [run(&commands(&tests.commands))]);
            last = self.add(format!("test_{name}"), job);
        }
        self.hooks(environment, &environment.verify, last)
    }

    fn hooks(&mut self, of: &Environment, steps: &[Spanned<Ref<Step>>], needs: Vec<String>) -> Vec<String> {
        steps.iter().fold(needs, |needs, step| {
            self.step(format!("step_{}_{}", of.name.as_str(), step.name.as_str()), step, Some(of), &needs)
        })
    }

    fn step(&mut self, id: String, step: &Step, of: Option<&Environment>, needs: &[String]) -> Vec<String> {
        let program = step.command.iter().flat_map(|program| program.iter()).chain(&step.args.node);
        let words = || program.map(quoted).collect::<Vec<_>>().join(" ");
        let text = step.commands.as_deref().map_or_else(words, commands);
        let job = Job::after(needs)
            .limits(Some(&step.image), step.timeout.node.as_ref())
            .env(of, &step.variables)
            .checks_out(self.pipeline, [run(&text)]);
        self.add(id, job)
    }

    /// A job that waits for the reviewers of an environment with the gate's name.
    fn gate(&mut self, gate: Option<GateTask>, needs: Vec<String>) -> Vec<String> {
        let Some(gate) = gate else { return needs };
        let job = Job::after(&needs)
            .set("environment", gate.name.as_str())
            .set("permissions", json!({}))
            .set("env", json!({ "MESSAGE": literal(&gate.message) }))
            .set("steps", json!([{ "run": "printf '%s\\n' \"$MESSAGE\"" }]));
        self.add(format!("gate_{}", gate.name), job)
    }

    fn add(&mut self, id: String, job: Job) -> Vec<String> {
        self.all.insert(id.clone(), Json::Object(job.0));
        vec![id]
    }
}

/// One job, key by key.
struct Job(Map<String, Json>);

impl Default for Job {
    fn default() -> Self {
        Self(Map::new()).set("runs-on", "ubuntu-latest")
    }
}

impl Job {
    /// A job of a delivery: a pull request builds and does nothing else.
    fn after(needs: &[String]) -> Self {
        let job = Self::default().set("if", "github.event_name == 'push'");
        if needs.is_empty() { job } else { job.set("needs", needs) }
    }

    fn set(mut self, key: &str, value: impl Into<Json>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    fn limits(mut self, image: Option<&ImageRef>, timeout: Option<&Duration>) -> Self {
        if let Some(image) = image {
            self = self.set("container", json!({ "image": image.as_str() }));
        }
        match timeout {
            Some(timeout) => self.set("timeout-minutes", (timeout.seconds() + 59) / 60),
            None => self,
        }
    }

    /// What its commands are told: by the environment, then by variables, of which the narrower win.
    fn env(self, environment: Option<&Environment>, variables: &Variables) -> Self {
        let mut env: Map<String, Json> = environment.map(told).unwrap_or_default();
        env.extend(environment.iter().flat_map(|environment| texts(&environment.variables)));
        env.extend(texts(variables));
        if env.is_empty() { self } else { self.set("env", env) }
    }

    /// It builds a checkout of the commit and goes on with `steps`.
    fn works(self, pipeline: &Pipeline, steps: impl IntoIterator<Item = Json>) -> Self {
        let build = pipeline.build.node.as_ref().map(|build| {
            let mut step = run(&commands(&build.commands));
            if !build.variables.is_empty() {
                step["env"] = texts(&build.variables).collect();
            }
            step
        });
        self.checks_out(pipeline, build.into_iter().chain(steps))
    }

    fn checks_out(mut self, pipeline: &Pipeline, steps: impl IntoIterator<Item = Json>) -> Self {
        if pipeline.directory.as_str() != "." {
            let directory = literal(pipeline.directory.as_str());
            self = self.set("defaults", json!({ "run": { "working-directory": directory } }));
        }
        let checkout = json!({ "uses": "actions/checkout@v6" });
        self.set("steps", [checkout].into_iter().chain(steps).collect::<Vec<_>>())
    }
}

/// The steps that deploy, with the role that no other job takes.
fn deployment(pipeline: &Pipeline, environment: &Environment) -> [Json; 2] {
    let with = json!({ "role-to-assume": role(pipeline), "aws-region": environment.region.as_str() });
    // Stacks in a circle are a problem of the script, and such a script comes to no emitter.
    let index = StackIndex::of(pipeline);
    let stacks: Vec<&str> = index.order(environment).unwrap_or_default().iter().map(|name| name.as_str()).collect();
    // The name of a stack has letters, digits and hyphens: nothing that means something to a shell.
    let deploy = format!("npx cdk deploy --exclusively --require-approval never {}", stacks.join(" "));
    [json!({ "uses": "aws-actions/configure-aws-credentials@v6", "with": with }), run(&deploy)]
}

fn run(text: &str) -> Json {
    json!({ "run": literal(text) })
}

fn triggers(pipeline: &Pipeline) -> Json {
    let source = &pipeline.source;
    let branches: Vec<String> = source.branches().into_iter().map(pattern).collect();
    let patterns = |globs: &[Spanned<Glob>]| globs.iter().map(|glob| pattern(glob.as_str())).collect();
    let filters: [(&str, Vec<String>); 3] =
        [("branches", branches.clone()), ("tags", patterns(&source.tags)), ("paths", patterns(&source.paths))];
    let given = filters.into_iter().filter(|(_, globs)| !globs.is_empty());
    let push: Map<String, Json> = given.map(|(filter, globs)| (filter.to_owned(), json!(globs))).collect();
    let mut triggers = json!({ "push": push });
    if source.pull_requests.node && pipeline.build.is_some() && !branches.is_empty() {
        triggers["pull_request"] = json!({ "branches": branches });
    }
    triggers
}

/// A pattern of the language as GitHub reads it: a `+` and a `!` at the start mean themselves.
fn pattern(glob: &str) -> String {
    let glob = glob.replace('+', "\\+");
    if glob.starts_with('!') { format!("\\{glob}") } else { glob }
}

/// What aphex's containers of an environment are told too.
fn told(environment: &Environment) -> Map<String, Json> {
    let (name, account, region) = (&environment.name, &environment.account, environment.region.as_str());
    let told = [
        ("APHEX_ENVIRONMENT", name.as_str()),
        ("APHEX_ACCOUNT", account.as_str()),
        ("AWS_REGION", region),
        ("AWS_DEFAULT_REGION", region),
    ];
    told.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}

fn texts(variables: &Variables) -> impl Iterator<Item = (String, Json)> {
    variables.iter().map(|(name, value)| (name.to_string(), literal(value.as_str()).into()))
}

/// The role that deploys, in the pipeline's account.
fn role(pipeline: &Pipeline) -> String {
    let partition = pipeline.region.partition().id();
    format!("arn:{partition}:iam::{}:role/{}", pipeline.account.as_str(), pipeline.names.executor_role.as_str())
}

/// Commands are lines of shell that the script's author wrote, and stay what they are. The first that fails ends them.
fn commands(lines: &[Spanned<Command>]) -> String {
    lines.iter().map(|line| line.as_str()).collect::<Vec<_>>().join(" &&\n")
}

/// A word that a shell takes for itself, whatever is in it.
fn quoted(word: &Spanned<Line>) -> String {
    format!("'{}'", word.as_str().replace('\'', r"'\''"))
}

/// A text of the script's in a place where GitHub evaluates `${{ … }}`: it arrives as it was written.
fn literal(text: &str) -> String {
    text.replace("${{", "${{ '${{' }}")
}

const SCRIPT: &str = r#"
let network = stack("NetworkStack");
let shop    = stack("ShopStack", #{ depends_on: [network] });

let in_region = |name, region| environment(name, #{
    account:   "222222222222",
    region:    region,
    stacks:    [shop, network],
    tests:     ["npm run test:smoke"],
    variables: #{ STAGE: name },
});
let scan = step("scan", #{ image: "aquasec/trivy:0.58.1", command: ["trivy", "fs", "."], timeout: "10m" });

pipeline("shop", #{
    cluster: "company-pipelines",
    account: "999999999999",
    region:  "eu-west-1",
    source:  github("acme/shop", #{ branch: ["main", "release/*"], tags: ["v*"], paths: ["services/shop/**"] }),
    build:   ["npm ci", "npm run build"],
    stages:  [
        parallel(scan, in_region.call("dev", "eu-west-1")),
        parallel(
            in_region.call("prod-eu", "eu-west-1"),
            sequence(
                approval("Is somebody awake in the US?", #{ name: "us-awake" }),
                in_region.call("prod-us", "us-east-1"),
            ),
        ),
    ],
});
"#;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let files = DiskHost::new(Path::new("."))?;
    let script = match std::env::args().nth(1) {
        Some(path) => Script::new(&path, files.read(&path)?),
        None => Script::new("pipeline.aphex", SCRIPT),
    };
    // Without `without_emitters`, it would write its file beside those of aphex's own.
    let interpreter =
        Interpreter::builder().host(files).without_emitters().emitter(GithubActions).code(&GAP).build()?;
    let evaluation = interpreter.evaluate(&script);
    evaluation.problems().for_each(|problem| eprintln!("{problem}"));
    for output in &evaluation.outputs {
        output.artifacts.iter().for_each(|artifact| print!("# {}\n{}", artifact.path, artifact.contents()));
        output.next_steps.iter().for_each(|line| println!("{line}"));
    }
    Ok(if evaluation.has_errors() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
