//! The commands that build and test a project, from the files of its languages.

use serde_json::Value;

use super::Folder;

/// What builds a project and what tests a deployment of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Commands {
    pub(super) build: Vec<String>,
    pub(super) tests: Vec<String>,
    /// What they were made from.
    pub(super) from: Vec<&'static str>,
}

/// A file and the commands of a project that has it.
type Language = (&'static str, &'static [&'static str]);

/// The other languages. Python's are told apart by what locks its dependencies.
const LANGUAGES: &[Language] = &[
    ("go.mod", &["go build ./...", "go test ./..."]),
    ("Cargo.toml", &["cargo build --release", "cargo test"]),
    ("pom.xml", &["mvn --batch-mode package"]),
    ("gradlew", &["./gradlew build"]),
];

/// Of several that are there the first one counts.
const PYTHON: &[Language] = &[
    ("uv.lock", &["pip install 'uv<1'", "uv sync --locked"]),
    ("poetry.lock", &["pip install 'poetry>=2,<3'", "poetry install --no-interaction"]),
    ("requirements.txt", &["pip install -r requirements.txt"]),
    ("pyproject.toml", &["pip install ."]),
];

/// In what the commands above are run.
const VIRTUAL_ENVIRONMENT: [&str; 2] = ["python3 -m venv .venv", ". .venv/bin/activate"];

/// The scripts that test what is deployed, the first that is there.
const TESTS: &[&str] = &["test:smoke", "test:integration", "test:e2e"];

/// What npm writes into a new `package.json`: a test that always fails.
const NO_TEST: &str = "no test specified";

impl Commands {
    /// The commands of the project in `folder`. Dependencies go where each language keeps them.
    pub(super) fn look(folder: Folder<'_>, notes: &mut Vec<String>) -> Self {
        let mut commands = Self::default();
        if let Some(package) = folder.json("package.json", notes) {
            commands.node(folder, &package);
        }
        if let Some((file, install)) = PYTHON.iter().find(|(file, _)| folder.has(file)) {
            commands.add(file, VIRTUAL_ENVIRONMENT.iter().chain(*install));
        }
        for (file, build) in LANGUAGES.iter().filter(|(file, _)| folder.has(file)) {
            commands.add(file, build.iter());
        }
        commands
    }

    fn add<'a>(&mut self, from: &'static str, build: impl Iterator<Item = &'a &'a str>) {
        self.from.push(from);
        self.build.extend(build.map(|command| (*command).to_owned()));
    }

    /// Of a `package.json` only known words are taken: what else it says goes into no command.
    fn node(&mut self, folder: Folder<'_>, package: &Value) {
        let manager = Manager::of(folder, package);
        let script = |name: &str| package["scripts"][name].as_str();
        self.from.push("package.json");
        self.build.push(manager.install.to_owned());
        if script("build").is_some() {
            self.build.push(format!("{} build", manager.run));
        }
        if script("test").is_some_and(|test| !test.contains(NO_TEST)) {
            self.build.push(format!("{} test", manager.run));
        }
        let has_cdk = ["dependencies", "devDependencies"].iter().any(|kind| package[*kind]["aws-cdk"].is_string());
        if has_cdk && folder.has("cdk.json") {
            // A pull request shows what does not synthesise.
            self.build.push(format!("{} cdk synth --quiet", manager.execute));
        }
        if let Some(name) = TESTS.iter().find(|name| script(name).is_some()) {
            self.tests = vec![manager.install.to_owned(), format!("{} {name}", manager.run)];
        }
    }
}

/// A package manager of Node.js.
struct Manager {
    name: &'static str,
    /// The files that it leaves.
    locks: &'static [&'static str],
    install: &'static str,
    run: &'static str,
    execute: &'static str,
}

/// Installs what the lock file says, and nothing else.
const NPM: Manager = Manager {
    name: "npm",
    locks: &["package-lock.json", "npm-shrinkwrap.json"],
    install: "npm ci",
    run: "npm run",
    execute: "npx",
};

/// The others; Corepack has pnpm and yarn.
const MANAGERS: &[Manager] = &[
    Manager {
        name: "pnpm",
        locks: &["pnpm-lock.yaml"],
        install: "corepack pnpm install --frozen-lockfile",
        run: "corepack pnpm run",
        execute: "corepack pnpm exec",
    },
    Manager {
        name: "yarn",
        locks: &["yarn.lock"],
        install: "corepack yarn install --immutable",
        run: "corepack yarn run",
        execute: "corepack yarn",
    },
    Manager {
        name: "bun",
        locks: &["bun.lock", "bun.lockb"],
        install: "npx --yes bun install --frozen-lockfile",
        run: "npx --yes bun run",
        execute: "npx --yes bun x",
    },
];

impl Manager {
    /// The one that `packageManager` names, or whose lock file is there, or npm.
    fn of(folder: Folder<'_>, package: &Value) -> Self {
        let named = package["packageManager"].as_str().and_then(|text| text.split_once('@'));
        let all = || MANAGERS.iter().chain([&NPM]);
        let locked = || all().find(|manager| manager.locks.iter().any(|lock| folder.has(lock)));
        let by_name = named.and_then(|(name, _)| all().find(|manager| manager.name == name));
        let &Self { name, locks, mut install, run, execute } = by_name.or_else(locked).unwrap_or(&NPM);
        // The first yarn has another word for it, and npm without a lock file cannot do it.
        let is_first = named.map_or_else(|| is_first_yarn(folder), |(_, version)| version.starts_with("1."));
        if name == "yarn" && is_first {
            install = "corepack yarn install --frozen-lockfile";
        }
        if name == NPM.name && !locks.iter().any(|lock| folder.has(lock)) {
            install = "npm install";
        }
        Self { name, locks, install, run, execute }
    }
}

/// Whether a lock file is yarn's first: later ones begin with `__metadata`.
fn is_first_yarn(folder: Folder<'_>) -> bool {
    folder.text("yarn.lock").is_some_and(|text| text.contains("# yarn lockfile v1"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::MemoryHost;

    fn look(files: &[(&str, &str)]) -> (Commands, Vec<String>) {
        let host = files.iter().fold(MemoryHost::new(), |host, (path, text)| host.with(path, *text));
        let mut notes = Vec::new();
        let found = Commands::look(Folder { host: &host, path: "" }, &mut notes);
        (found, notes)
    }

    fn build(files: &[(&str, &str)]) -> Vec<String> {
        look(files).0.build
    }

    #[test]
    fn the_lock_file_or_the_package_tells_the_manager() {
        assert_eq!(build(&[("package.json", "{}")]), ["npm install"]);
        assert_eq!(build(&[("package.json", "{}"), ("package-lock.json", "")]), ["npm ci"]);
        assert_eq!(build(&[("package.json", "{}"), ("bun.lockb", "")]), ["npx --yes bun install --frozen-lockfile"]);
        let classic = [("package.json", "{}"), ("yarn.lock", "# yarn lockfile v1\n")];
        assert_eq!(build(&classic), ["corepack yarn install --frozen-lockfile"]);
        let named = r#"{"packageManager": "pnpm@9.1.0", "scripts": {"build": "tsc"}}"#;
        let named = [("package.json", named), ("yarn.lock", "")];
        assert_eq!(build(&named), ["corepack pnpm install --frozen-lockfile", "corepack pnpm run build"]);
    }

    #[test]
    fn scripts_are_run_that_are_there() {
        let package = r#"{
            "scripts": {"build": "tsc", "test": "jest", "test:e2e": "x", "test:smoke": "y", "\u001b[2J": "z"},
            "devDependencies": {"aws-cdk": "2"}
        }"#;
        let (found, notes) = look(&[("package.json", package), ("cdk.json", "{}"), ("package-lock.json", "")]);
        assert_eq!(found.build, ["npm ci", "npm run build", "npm run test", "npx cdk synth --quiet"]);
        assert_eq!(found.tests, ["npm ci", "npm run test:smoke"]);
        assert!(notes.is_empty());
        let template = r#"{"scripts": {"test": "echo \"Error: no test specified\" && exit 1"}}"#;
        assert_eq!(build(&[("package.json", template)]), ["npm install"]);
    }

    #[test]
    fn a_broken_package_is_noted_and_other_languages_are_known() {
        let (found, notes) = look(&[("package.json", "{"), ("requirements.txt", ""), ("uv.lock", ""), ("go.mod", "")]);
        let python = ["python3 -m venv .venv", ". .venv/bin/activate", "pip install 'uv<1'", "uv sync --locked"];
        assert_eq!(found.build, [&python[..], &["go build ./...", "go test ./..."]].concat());
        assert_eq!(notes, ["`package.json` is no JSON that can be read, and is left aside"]);
        assert!(build(&[("package.json", "[1, null]")]) == ["npm install"]);
    }
}
