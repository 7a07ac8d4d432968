//! Whatever a project's files say, the first script that is made of it is clean.

use std::sync::Arc;

use aphex::compile::{Options, compile};
use aphex::draft::{Settings, name_after};
use aphex::init::{File, Found, Git, Template, write};
use aphex::source::{Host, MemoryHost, SourceId};
use proptest::prelude::*;

const TEMPLATES: [Template; 4] = [Template::Minimal, Template::Environments, Template::Regions, Template::Platform];

/// Files of projects, each with the folders that hold a `cdk.json`.
type Project = (&'static str, &'static [(&'static str, &'static str)], &'static [&'static str]);

const PROJECTS: &[Project] = &[
    ("nothing at all", &[], &[]),
    (
        "an app in TypeScript",
        &[
            ("cdk.json", r#"{"app": "npx ts-node bin/app.ts"}"#),
            ("bin/app.ts", "new NetworkStack(app, 'NetworkStack'); new ApiStack(app, \"ApiStack\", {});"),
            ("package.json", r#"{"scripts": {"build": "tsc", "test:smoke": "jest"}, "packageManager": "pnpm@9"}"#),
        ],
        &[""],
    ),
    (
        "an app in a folder, in Python",
        &[
            ("infra/cdk.json", r#"{"app": "python3 app.py"}"#),
            ("infra/app.py", "PipelineStack(app, \"pipeline\")\nStack(app, \"dev\")\nStack(app, \"Dev\")\n"),
            ("infra/requirements.txt", "aws-cdk-lib\n"),
        ],
        &["infra"],
    ),
    (
        "stacks for two accounts and regions",
        &[(
            "cdk.out/manifest.json",
            r#"{"artifacts": {
                "A": {"type": "aws:cloudformation:stack", "environment": "aws://111111111111/eu-west-1"},
                "B": {"type": "aws:cloudformation:stack", "environment": "aws://222222222222/us-east-1"}}}"#,
        )],
        &[""],
    ),
    (
        "stacks for one region and two accounts, and some for none",
        &[(
            "cdk.out/manifest.json",
            r#"{"artifacts": {
                "A": {"type": "aws:cloudformation:stack", "environment": "aws://111111111111/eu-west-1"},
                "B": {"type": "aws:cloudformation:stack", "environment": "aws://222222222222/eu-west-1"},
                "C": {"type": "aws:cloudformation:stack", "environment": "aws://unknown-account/unknown-region"}}}"#,
        )],
        &[""],
    ),
    (
        "stacks of two partitions",
        &[(
            "cdk.out/manifest.json",
            r#"{"artifacts": {
                "A": {"type": "aws:cloudformation:stack", "environment": "aws://111111111111/cn-north-1"},
                "B": {"type": "aws:cloudformation:stack", "environment": "aws://222222222222/us-east-1"}}}"#,
        )],
        &[""],
    ),
    (
        "stacks with the names of what a script has already",
        &[
            ("cdk.json", r#"{"app": "bin/app.js"}"#),
            (
                "bin/app.js",
                "new A_Stack(app, 'RegionStack'); B_Stack(app, 'platform'); C_Stack(app, 'prod'); D_Stack(app, 'fn');",
            ),
        ],
        &[""],
    ),
    (
        "files that are not what they should be",
        &[
            (
                "package.json",
                "{\"scripts\": {\"bu\\u001bild\": 1, \"build\": null, \"test\": {}}, \"packageManager\": 7}",
            ),
            ("cdk.json", "[\"app\"]"),
            ("cdk.out/manifest.json", "{\"artifacts\": [{\"type\": \"aws:cloudformation:stack\"}]}"),
            ("go.mod", ""),
            ("Cargo.toml", "\u{0}"),
            ("pom.xml", ""),
            ("pyproject.toml", ""),
        ],
        &["", "a\u{1b}b", "-x"],
    ),
];

fn settings() -> Vec<Settings> {
    let full = |region: &str| Settings {
        name: Some("shop".into()),
        cluster: Some("tools".into()),
        account: Some("999999999999".into()),
        region: Some(region.into()),
        repository: Some("my-org/shop".into()),
        url: Some("https://git.example.com/my-org/shop.git".into()),
        branch: Some("trunk".into()),
    };
    let long = name_after("my-org/a-repository-whose-name-is-as-long-as-a-name-may-be-on-github", None);
    let regions = ["eu-west-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"];
    let all = regions.into_iter().map(full);
    all.chain([Settings::default(), Settings { name: long, ..Settings::default() }]).collect()
}

fn host(files: &[(&str, &str)]) -> MemoryHost {
    files.iter().fold(MemoryHost::new(), |host, (path, text)| host.with(path, *text))
}

/// What is wrong with the script among `files`, and with the modules beside it.
fn problems(host: MemoryHost, files: &[File]) -> Vec<String> {
    let host = files.iter().fold(host, |host, File { path, text }| host.with(path, text.as_str()));
    let host: Arc<dyn Host> = Arc::new(host);
    let compiled = compile(&host, "pipeline.aphex", "pipeline.aphex", &files[0].text, &Options::default());
    compiled.diagnostics.into_iter().map(|problem| format!("{}: {}", problem.code.id(), problem.message)).collect()
}

#[test]
fn every_template_of_every_project_is_clean() {
    for (what, files, apps) in PROJECTS {
        let apps: Vec<String> = apps.iter().map(|path| (*path).to_owned()).collect();
        let found = Found::look(&host(files), Git::default(), &apps);
        for template in TEMPLATES {
            for settings in settings() {
                let written = write(template, &settings, &found);
                let problems = problems(host(files), &written);
                assert!(problems.is_empty(), "{what}: {template:?}: {problems:#?}\n{}", written[0].text);
                for File { path, text } in &written {
                    let formatted = aphex::format::format(&aphex::syntax::parse(SourceId::FIRST, text));
                    assert_eq!(formatted.as_ref(), Some(text), "{path}: as `aphex fmt` leaves it");
                }
            }
        }
    }
}

#[test]
fn what_is_found_is_in_the_script() {
    let (_, files, _) = PROJECTS[1];
    let found = Found::look(&host(files), Git::default(), &[String::new(), "other".into()]);
    assert_eq!(found.notes, ["the CDK app in `.` is taken; there are others in `other`"]);
    let script = &write(Template::Minimal, &settings()[0], &found)[0].text;
    for part in [
        "let network = stack(\"NetworkStack\");\nlet api     = stack(\"ApiStack\");\n",
        "tests:   [\"corepack pnpm install --frozen-lockfile\", \"corepack pnpm run test:smoke\"],",
        "build:   [\"corepack pnpm install --frozen-lockfile\", \"corepack pnpm run build\"],",
        "source:  github(\"my-org/shop\", #{ branch: \"trunk\", url: \"https://git.example.com/my-org/shop.git\" }),",
    ] {
        assert!(script.contains(part), "{part}\n{script}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn hostile_files_make_no_hostile_script(
        text in "(new |Stack\\(|app|, |\"|'|`|\\$\\{x\\}|\u{1b}|é|\n|[A-Za-z-]{1,6}|\\{|\\}|:){0,40}",
        file in prop::sample::select(vec!["package.json", "cdk.json", "cdk.out/manifest.json", "bin/app.ts"]),
    ) {
        let project = MemoryHost::new().with("cdk.json", r#"{"app": "x bin/app.ts"}"#).with(file, text.as_str());
        let found = Found::look(&project, Git::default(), &[String::new()]);
        let written = write(Template::Environments, &Settings::default(), &found);
        let problems = problems(project, &written);
        prop_assert!(problems.is_empty(), "{problems:#?}\n{}", written[0].text);
    }
}
