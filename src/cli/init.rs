//! `aphex init`: a first script.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::args::Global;
use super::ask::Question;
use super::origin::{self, Given};
use super::{Exit, Failure, print, say, write};
use crate::draft::Settings;
use crate::init::{File, Found, Template};
use crate::model::{AccountId, ClusterName, Region};
use crate::report;
use crate::source::{DiskHost, find_root};

/// Write a first pipeline.aphex at the root of the project
///
/// What the project's files tell is found out: the repository and its branch, the CDK app and its stacks, the commands
/// that build it. On a terminal the rest is asked; elsewhere, and where nobody knows, it is a placeholder with a comment.
/// Nothing is run, and nothing is overwritten.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Init {
    /// A folder of the project; the CDK app is looked for in it
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,

    /// What the script looks like
    #[arg(long, value_name = "TEMPLATE", value_enum, default_value = "environments")]
    template: Form,

    #[command(flatten)]
    given: Given,

    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

const EXAMPLES: &str = "Examples:
  aphex init
  aphex init --cluster pipelines --account 999999999999 --region eu-west-1
  aphex init --template regions
  aphex init infra --force       the CDK app is in infra/; replace what is there";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One environment
    Minimal,
    /// dev, staging and prod, the last one behind an approval
    Environments,
    /// dev, then production in several regions side by side
    Regions,
    /// dev, staging and prod on an organisation's defaults, in a module beside the script
    Platform,
}

impl From<Form> for Template {
    fn from(form: Form) -> Self {
        match form {
            Form::Minimal => Self::Minimal,
            Form::Environments => Self::Environments,
            Form::Regions => Self::Regions,
            Form::Platform => Self::Platform,
        }
    }
}

impl Init {
    pub(super) fn run(self, global: Global) -> Result<Exit, Failure> {
        let Self { folder, template, given, force } = self;
        let open = |error| Failure::io(&format!("cannot open the folder `{}`", folder.display()), &error);
        let start = folder.canonicalize().map_err(open)?;
        if !start.is_dir() {
            return Err(Failure::Outside(format!("`{}` is no folder", folder.display())));
        }
        let root = find_root(&start.join("pipeline.aphex"));
        let host = DiskHost::new(&root).map_err(open)?;
        let git = origin::git(&root);
        let found = Found::look(&host, git.clone(), &apps(&start, &root));
        let branch = git.default_branch.clone().or_else(|| git.current_branch.clone());
        let settings = given.settings(git, branch)?;
        // Before anybody is asked anything.
        if !force {
            new(&root, &crate::init::write(template.into(), &settings, &found))?;
        }
        let settings = if is_terminal() && !global.quiet { ask(settings, &found)? } else { settings };
        let files = crate::init::write(template.into(), &settings, &found);
        place(&root, &files)?;
        if !global.quiet {
            tell(&found, &settings, &files, &shown(&root))?;
        }
        Ok(Exit::Done)
    }
}

/// An error where one of the files is there.
fn new(root: &Path, files: &[File]) -> Result<(), Failure> {
    match files.iter().find(|file| std::fs::symlink_metadata(root.join(&file.path)).is_ok()) {
        Some(File { path, text: _ }) => Err(Failure::Outside(format!(
            "`{path}` is there already at the root of the project; `--force` replaces it"
        ))),
        None => Ok(()),
    }
}

/// Writes all files or none. Nothing is written through a link.
fn place(root: &Path, files: &[File]) -> Result<(), Failure> {
    for File { path, text: _ } in files {
        for part in Path::new(path).ancestors().filter(|part| !part.as_os_str().is_empty()) {
            if std::fs::symlink_metadata(root.join(part)).is_ok_and(|found| found.is_symlink()) {
                let part = part.display();
                return Err(Failure::Outside(format!(
                    "`{part}` is a link, and nothing is written through links; remove it"
                )));
            }
        }
    }
    let files: Vec<_> = files.iter().map(|file| (root.join(&file.path), file.text.as_str())).collect();
    write::place(root, &files)
}

fn is_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Asks for what nobody knows but the user. The answer of an empty line is a placeholder, but for the region.
fn ask(mut settings: Settings, found: &Found) -> Result<Settings, Failure> {
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stderr().lock();
    let region = found.targets.iter().find_map(|target| target.region.as_deref()).unwrap_or(Settings::REGION);
    let mut answer = |known: &mut Option<String>, question: Question<'_>, is_placeholder: bool| {
        if known.is_none() {
            let given = question.ask(&mut input, &mut output)?;
            *known = Some(given).filter(|given| !is_placeholder || given != question.default);
        }
        Ok(())
    };
    let (what, option, default) = ("EKS cluster that runs Argo", "--cluster", Settings::CLUSTER);
    let check = origin::text::<ClusterName>;
    answer(&mut settings.cluster, Question { what, option, default, check }, true)?;
    let (what, option, default) = ("AWS account of the cluster", "--account", Settings::ACCOUNT);
    let check = origin::text::<AccountId>;
    answer(&mut settings.account, Question { what, option, default, check }, true)?;
    let (what, option, default) = ("AWS region of the cluster", "--region", region);
    let check = origin::text::<Region>;
    answer(&mut settings.region, Question { what, option, default, check }, false)?;
    Ok(settings)
}

/// The folders below `start` that hold a `cdk.json`, seen from `root`: three levels, and not into what tools fill.
fn apps(start: &Path, root: &Path) -> Vec<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![(start.to_owned(), 0_usize)];
    let mut looked = 0;
    while let Some((folder, depth)) = open.pop() {
        if folder.join("cdk.json").is_file() {
            found.extend(inside(&folder, root));
        }
        if depth == MAX_DEPTH {
            continue;
        }
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            looked += 1;
            let name = entry.file_name();
            let is_filled = name.to_string_lossy().starts_with('.') || FILLED.iter().any(|filled| name == *filled);
            if looked > MAX_ENTRIES {
                break;
            }
            if !is_filled && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                open.push((entry.path(), depth + 1));
            }
        }
    }
    found.into_iter().collect()
}

/// How deep a CDK app is looked for, and in how many files and folders.
const MAX_DEPTH: usize = 3;
const MAX_ENTRIES: usize = 20_000;
/// Folders that tools fill, and that may be large.
const FILLED: &[&str] = &["node_modules", "cdk.out", "aphex.out", "target", "dist", "build", "vendor", "venv"];

/// `folder` seen from `root`, with `/` between folders.
fn inside(folder: &Path, root: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = folder.strip_prefix(root).ok()?.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

/// The path of the script as the next command takes it, seen from where this one was started.
fn shown(root: &Path) -> String {
    let here = Path::new(".").canonicalize().unwrap_or_default();
    let below = root.strip_prefix(&here).map(Path::to_owned);
    let above = here.strip_prefix(root).map(|inside| inside.iter().map(|_| "..").collect::<PathBuf>());
    let folder = below.or(above).unwrap_or_else(|_| root.to_owned());
    folder.join("pipeline.aphex").to_string_lossy().into_owned()
}

/// Says what was written, what it was made from, what is left to do.
fn tell(found: &Found, settings: &Settings, files: &[File], script: &str) -> Result<(), Failure> {
    for note in &found.notes {
        say(&format!("note: {}\n", report::visible(note)));
    }
    let wrote: String = files.iter().flat_map(|file| ["wrote ", &file.path, "\n"]).collect();
    let repository = settings.repository.iter().map(|name| format!("the repository {name}"));
    let from: Vec<String> = repository.chain(found.from.iter().cloned()).collect();
    let from = if from.is_empty() { String::new() } else { format!("  from {}\n", report::visible(&from.join(", "))) };
    let open = files.iter().flat_map(|file| file.text.lines()).filter(|line| line.contains(Settings::OPEN)).count();
    let open = match open {
        0 => String::new(),
        1 => format!("\n1 placeholder to replace, marked by a comment `//{}…`\n", Settings::OPEN),
        many => format!("\n{many} placeholders to replace, each marked by a comment `//{}…`\n", Settings::OPEN),
    };
    let script = report::visible(script);
    print(&format!(
        "{wrote}{from}{open}\nnext:\n  aphex check {script}\n  aphex simulate {script}\n  aphex run {script}\n"
    ))
}
