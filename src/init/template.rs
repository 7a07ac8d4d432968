//! The first script of a project: one of a few forms, with what was found out in it.

use super::Found;
use super::platform;
use crate::draft::{Names, Noted, Script, Settings, Statement, Value, entry, name_for};
use crate::model::{Name, Partition, Region};
use crate::schema::Text;

/// The forms of a first script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Template {
    /// One environment.
    Minimal,
    /// One environment after the other, the last one behind an approval.
    Environments,
    /// One environment, then several regions side by side.
    Regions,
    /// Environments of a module that holds what an organisation decides.
    Platform,
}

/// A file to write, with its path from the root of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// With `/` between folders.
    pub path: String,
    /// The text.
    pub text: String,
}

/// The script's file.
const SCRIPT: &str = "pipeline.aphex";
/// What a person is asked before the last environment.
const QUESTION: &str = "Ship to production?";
/// The stages of a delivery with an account each that is nobody's.
pub(super) const STAGES: [(&str, &str); 3] =
    [("dev", "111111111111"), ("staging", "222222222222"), ("prod", "333333333333")];

/// The files of a first script, the script itself first.
pub fn write(template: Template, settings: &Settings, found: &Found) -> Vec<File> {
    let mut draft = Draft::new(settings, found);
    draft.script.statements.push(Noted::new(Statement::Gap).above(template.story()));
    if template == Template::Platform {
        draft.script.push(Statement::Import("./platform/defaults".into(), "platform".into()));
        draft.script.gap();
    }
    let all = draft.stacks();
    let stages = match template {
        Template::Minimal => vec![draft.environment(&Place::stage(STAGES[0], found), &all)],
        Template::Environments => draft.environments(&all),
        Template::Regions => draft.regions(&all),
        Template::Platform => draft.targets(&all),
    };
    draft.pipeline(template, stages);
    let mut files = vec![File { path: SCRIPT.into(), text: draft.script.text() }];
    if template == Template::Platform {
        let text = platform::text(settings, &home(settings, found));
        files.push(File { path: "platform/defaults.aphex".into(), text });
    }
    files
}

impl Template {
    /// The first line of the script.
    const fn story(self) -> &'static str {
        match self {
            Self::Minimal => " A push to the branch is built, deployed and tested.",
            Self::Environments => {
                " A push to the branch is built and deployed from one environment to the next; the last waits for a person."
            }
            Self::Regions => {
                " A push to the branch is built and deployed to dev, and after an approval to every region side by side."
            }
            Self::Platform => {
                " A pipeline on the organisation's defaults, which are in a module that other pipelines import too."
            }
        }
    }
}

/// The region of the pipeline, or the likeliest one.
fn home(settings: &Settings, found: &Found) -> String {
    let region = settings.region.clone();
    region
        .or_else(|| found.targets.iter().find_map(|target| target.region.clone()))
        .unwrap_or_else(|| Settings::REGION.into())
}

fn partition(region: &str) -> Option<Partition> {
    Region::parse(region).ok().map(|region| region.partition())
}

/// Where an environment goes.
struct Place {
    name: String,
    account: Option<String>,
    placeholder: &'static str,
    region: Option<String>,
    gate: bool,
}

impl Place {
    /// A stage in the one place that the CDK app names, if it does and this is the first stage.
    fn stage((name, placeholder): (&str, &'static str), found: &Found) -> Self {
        let first = found.targets.first().filter(|_| name == STAGES[0].0);
        let account = first.and_then(|target| target.account.clone());
        let region = first.and_then(|target| target.region.clone());
        Self { name: name.to_owned(), account, placeholder, region, gate: name == STAGES[2].0 }
    }
}

/// A script on its way.
struct Draft<'a> {
    settings: &'a Settings,
    found: &'a Found,
    home: String,
    names: Names,
    script: Script,
}

impl<'a> Draft<'a> {
    fn new(settings: &'a Settings, found: &'a Found) -> Self {
        let texts = found.build.iter().chain(&found.tests).map(String::as_str);
        let mut names = Names::apart_from(texts);
        // What the closure of `regions` calls its own, and the module of `platform`.
        names.take("region", "stack");
        names.take("platform", "stack");
        Self { settings, found, home: home(settings, found), names, script: Script::default() }
    }

    /// Declares every stack; gives each name with its variable.
    fn stacks(&mut self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        for name in self.found.targets.iter().flat_map(|target| &target.stacks) {
            if !all.iter().any(|(known, _)| known == name) {
                all.push((name.clone(), self.names.stack(name)));
            }
        }
        let known = !all.is_empty();
        if !known {
            all.push(("AppStack".to_owned(), self.names.stack("AppStack")));
        }
        for (name, variable) in &all {
            let call = Value::call("stack", [Value::text(name)]);
            let part = Noted::new(Statement::Let(variable.clone(), call));
            let part = if known { part } else { part.right(Settings::open_at("the name of a stack of the CDK app")) };
            self.script.statements.push(part);
        }
        self.script.gap();
        all
    }

    /// The region of a place: its own, where that is of the pipeline's partition, which cannot be left.
    fn region(&self, place: &Place) -> String {
        let own = place.region.clone().filter(|own| partition(own) == partition(&self.home));
        own.unwrap_or_else(|| self.home.clone())
    }

    fn account(place: &Place) -> Noted<(String, Value)> {
        match &place.account {
            Some(account) => entry("account", Value::text(account)),
            None => entry("account", Value::text(place.placeholder))
                .right(Settings::open_at(&format!("the AWS account of {}", place.name))),
        }
    }

    /// Declares an environment; gives its variable.
    fn environment(&mut self, place: &Place, stacks: &[(String, String)]) -> Value {
        let mut keys = vec![Self::account(place), entry("region", Value::text(self.region(place))), listed(stacks)];
        if place.gate {
            keys.push(entry("approval", Value::text(QUESTION)));
        }
        keys.extend(self.tests());
        if place.gate {
            keys.push(entry("rollback", Value::raw("true")));
        }
        let variable = self.names.take(&place.name, "env");
        let call = Value::call("environment", [Value::text(&place.name), Value::Map(keys)]);
        self.script.push(Statement::Let(variable.clone(), call));
        self.script.gap();
        Value::raw(variable)
    }

    fn tests(&self) -> Option<Noted<(String, Value)>> {
        let tests = &self.found.tests;
        (!tests.is_empty()).then(|| entry("tests", Value::list(tests.iter().map(Value::text))))
    }

    /// One environment for each place that the CDK app names, or the usual three.
    fn environments(&mut self, all: &[(String, String)]) -> Vec<Value> {
        let targets = &self.found.targets;
        if targets.len() < 2 {
            return STAGES.iter().map(|stage| self.environment(&Place::stage(*stage, self.found), all)).collect();
        }
        let names = target_names(self.found);
        let last = targets.len() - 1;
        let each = targets.iter().zip(names).enumerate().map(|(index, (target, name))| {
            let (account, region) = (target.account.clone(), target.region.clone());
            let place = Place { name, account, placeholder: STAGES[0].1, region, gate: index == last };
            let own: Vec<_> = all.iter().filter(|(stack, _)| target.stacks.contains(stack)).cloned().collect();
            self.environment(&place, &own)
        });
        each.collect()
    }

    /// One environment, then a closure that makes one for each region.
    fn regions(&mut self, all: &[(String, String)]) -> Vec<Value> {
        let dev = self.environment(&Place::stage(STAGES[0], self.found), all);
        let prod = Place::stage(STAGES[2], self.found);
        let mut keys = vec![Self::account(&prod), entry("region", Value::raw("region")), listed(all)];
        keys.extend(self.tests());
        let environment = Value::call("environment", [Value::raw("`prod-${region}`"), Value::Map(keys)]);
        let regions = regions(&self.home).into_iter().map(|region| crate::draft::literal(&region)).collect::<Vec<_>>();
        let closure = Value::Closure("region".into(), Box::new(environment));
        let map = Value::call(&format!("[{}].map", regions.join(", ")), [closure]);
        let variable = self.names.take(&prod.name, "env");
        self.script.push(Statement::Let(variable.clone(), map));
        self.script.gap();
        let options = Value::Short(vec![entry("name", Value::text("approve-prod"))]);
        let gate = Value::call("approval", [Value::text(QUESTION), options]);
        vec![dev, gate, Value::call("parallel", [Value::raw(variable)])]
    }

    /// The environments of the organisation's module.
    fn targets(&mut self, all: &[(String, String)]) -> Vec<Value> {
        let each = STAGES.iter().map(|(stage, _)| {
            let mut keys = vec![listed(all)];
            if *stage == STAGES[2].0 {
                keys.push(entry("approval", Value::text(QUESTION)));
            }
            keys.extend(self.tests());
            Value::call("platform::target", [Value::text(*stage), Value::Short(keys)])
        });
        each.collect()
    }

    fn pipeline(&mut self, template: Template, stages: Vec<Value>) {
        let is_platform = template == Template::Platform;
        let mut keys = self.settings.entries(&self.home);
        if is_platform {
            // The module has the rest.
            keys.retain(|key| key.node.0 == "source");
        }
        keys.extend(self.found.directory.as_ref().map(|folder| entry("directory", Value::text(folder))));
        let build = &self.found.build;
        keys.extend((!build.is_empty()).then(|| entry("build", Value::list(build.iter().map(Value::text)))));
        let stages = entry("stages", Value::list(stages));
        let none = " add `build: [\"…\"]`: the commands that build the repository";
        keys.push(if build.is_empty() { stages.above(none) } else { stages });
        let function = if is_platform { "platform::deliver" } else { "pipeline" };
        self.script.statements.push(self.settings.declaration(function, keys));
    }
}

fn listed(stacks: &[(String, String)]) -> Noted<(String, Value)> {
    entry("stacks", Value::list(stacks.iter().map(|(_, variable)| Value::raw(variable))))
}

/// A name for each place of the CDK app: its region where these differ, else a number.
fn target_names(found: &Found) -> Vec<String> {
    let regions: Vec<&str> = found.targets.iter().filter_map(|target| target.region.as_deref()).collect();
    let distinct: std::collections::BTreeSet<&&str> = regions.iter().collect();
    let by_region = distinct.len() == found.targets.len();
    let named = found.targets.iter().enumerate().map(|(index, target)| {
        let region = target.region.as_deref().filter(|_| by_region).and_then(|region| name_for(region, "env"));
        region.filter(|name| Name::parse(name).is_ok()).unwrap_or_else(|| format!("target-{}", index + 1))
    });
    named.collect()
}

/// The home region and a few others of its partition.
fn regions(home: &str) -> Vec<String> {
    let mut regions = vec![home.to_owned()];
    for other in ["eu-west-1", "us-west-2"].into_iter().chain(Region::known()) {
        let fits = partition(other) == partition(home) && regions.iter().all(|region| region != other);
        if fits && regions.len() < 3 {
            regions.push(other.to_owned());
        }
    }
    regions
}
