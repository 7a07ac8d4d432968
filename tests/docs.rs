//! Whatever the documentation shows is run: each page of `docs/errors` gives its own code for the wrong script and
//! nothing for the right one, and every other script in `README.md`, `docs` and the comments of `stdlib` is clean.
//!
//! In a page, a sentence of its own says what a script needs: ``With `platform/defaults.aphex`:`` stands before a file,
//! ``With `--param name=value`:`` before a script with parameters. The last block of a section is the script. A block
//! marked ` ```rhai,fragment ` is a part of a script, and is not run; nor is ` ```rhai,wrong `, outside of `docs/errors`. A block marked ` ```yaml ` in a page is a configuration
//! for `aphex import`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aphex::compile::{Options, compile};
use aphex::diagnostic::Code;
use aphex::draft::Settings;
use aphex::import::{Imported, import};
use aphex::source::{Host, MemoryHost};

/// What no script in a page can show: the code, the reason, and the script that is wrong.
type Unshown = (Code, &'static str, fn() -> Example);

const UNSHOWN: &[Unshown] = &[
    (Code::NotUtf8, "a page is UTF-8 itself", || Example::new(b"let name = \"Caf\xE9\";")),
    (Code::TooLong, "a script of 65,536 lines", || Example::new("\n".repeat(65_536))),
    (Code::ImportUnreadable, "a module that is not UTF-8", || {
        let mut example = Example::new("import \"./old\" as old;");
        example.files.push(("old.aphex".into(), b"\xFF\xFE".to_vec()));
        example
    }),
];

/// What no script brings about: a mistake of aphex's own or of an embedder's. The tests of the emitters make such mistakes.
const OWN: &[Code] = &[Code::DanglingReference, Code::BadArtifact];

/// A script and what it needs; or a configuration of the original system, which is imported and then run.
#[derive(Debug, Default)]
struct Example {
    script: Vec<u8>,
    is_configuration: bool,
    files: Vec<(String, Vec<u8>)>,
    options: Options,
}

impl Example {
    fn new(script: impl Into<Vec<u8>>) -> Self {
        Self { script: script.into(), ..Self::default() }
    }

    /// The example that a section of a page shows.
    fn read(section: &str) -> Option<Self> {
        let mut example = Self::default();
        let mut file = None;
        let mut found = false;
        for part in parts(section) {
            match part {
                Part::With(what) => match what.strip_prefix("--param ").and_then(|pair| pair.split_once('=')) {
                    Some((name, value)) => drop(example.options.parameters.insert(name.to_owned(), value.into())),
                    None => file = Some(what.to_owned()),
                },
                Part::Block(_, text) if file.is_some() => example.files.extend(file.take().map(|file| (file, text))),
                Part::Block(language, text) => {
                    let known = ["rhai", "yaml"].contains(&language);
                    assert!(known, "only scripts and configurations stand without a file's name before them");
                    assert!(!found, "one script a section");
                    found = true;
                    example.script = text;
                    example.is_configuration = language == "yaml";
                }
            }
        }
        found.then_some(example)
    }

    /// Every problem: its code, and for a failure its place and message.
    fn run(mut self, module: bool) -> Vec<(Code, String)> {
        self.options.module = module;
        if self.is_configuration {
            return imported(self.script);
        }
        let files = self.files.iter();
        let host = files.fold(MemoryHost::new(), |host, (path, bytes)| host.with(path, bytes.clone()));
        let host: Arc<dyn Host> = Arc::new(host);
        let compiled = compile(&host, "pipeline.aphex", "pipeline.aphex", self.script, &self.options);
        let problems = compiled.diagnostics.iter().map(|diagnostic| {
            let span = diagnostic.primary.span;
            let source = compiled.sources.get(span.source);
            let line = source.position(span.start).line;
            (diagnostic.code, format!("{}:{line}: {}: {}", source.path, diagnostic.code.id(), diagnostic.message))
        });
        problems.collect()
    }
}

/// Every problem of a configuration, and of the script that it becomes; the repository's files are not there.
fn imported(configuration: Vec<u8>) -> Vec<(Code, String)> {
    let Imported { diagnostics, script, .. } = import("aphex-config.yaml", configuration, &Settings::default());
    let own =
        diagnostics.into_iter().map(|problem| (problem.code, format!("{}: {}", problem.code.id(), problem.message)));
    let script = script.map(|script| Example::new(script).run(false)).unwrap_or_default();
    own.chain(script.into_iter().filter(|(code, _)| *code != Code::MissingFile)).collect()
}

/// What counts in a section, in order.
enum Part<'a> {
    With(&'a str),
    Block(&'a str, Vec<u8>),
}

fn parts(section: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut lines = section.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let block = lines.by_ref().take_while(|line| *line != "```");
            parts.push(Part::Block(language, block.flat_map(|line| [line, "\n"]).collect::<String>().into()));
        } else if let Some(what) = line.strip_prefix("With `").and_then(|rest| rest.strip_suffix("`:")) {
            parts.push(Part::With(what));
        }
    }
    parts
}

/// The text between a heading and the next one.
fn section<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("\n## {heading}\n"))?;
    Some(rest.split("\n## ").next().unwrap_or(rest))
}

#[test]
fn every_page_says_what_it_is_about_and_shows_both_scripts() {
    for code in Code::ALL {
        let page = code.explanation();
        let (id, unshown) = (code.id(), is_unshown(*code));
        assert!(page.starts_with(&format!("# {id}\n\n")), "{id}: the page's head is its code");
        for heading in ["Wrong", "Right"].iter().filter(|_| !OWN.contains(code)) {
            let section = section(page, heading).unwrap_or_else(|| panic!("{id}: no section {heading}"));
            let shown = Example::read(section).is_some();
            assert!(shown || unshown, "{id}: no script in the section {heading}");
        }
        let long = page.lines().position(|line| line.chars().count() > 130);
        assert_eq!(long, None, "{id}: a line of the page is too long");
    }
}

#[test]
fn no_page_is_without_a_code() {
    for path in files(Path::new("docs/errors"), "md").into_iter().filter(|path| !path.ends_with("README.md")) {
        let id = path.file_stem().unwrap().to_str().unwrap();
        assert!(Code::from_id(id).is_some(), "{} is about no code", path.display());
    }
}

#[test]
fn wrong_scripts_give_exactly_their_code_and_right_ones_nothing() {
    let mut wrong = Vec::new();
    for code in Code::ALL.iter().filter(|code| !OWN.contains(code)) {
        let module = *code != Code::NoPipeline;
        let unshown = UNSHOWN.iter().find(|(unshown, ..)| unshown == code).map(|(.., example)| example());
        let shown = |heading| section(code.explanation(), heading).and_then(Example::read);
        let found = unshown.or_else(|| shown("Wrong")).unwrap_or_default().run(module);
        if found.is_empty() || found.iter().any(|(found, _)| found != code) {
            wrong.push(format!("{}: the wrong script gives {found:#?}", code.id()));
        }
        let found = shown("Right").unwrap_or_default().run(true);
        if !found.is_empty() {
            wrong.push(format!("{}: the right script gives {found:#?}", code.id()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the documents of this repository, not somebody's scripts")]
fn scripts_in_the_other_documents_are_clean() {
    let mut pages = vec![PathBuf::from("README.md")];
    pages.extend(files(Path::new("docs"), "md").into_iter().filter(|path| !path.starts_with("docs/errors")));
    let mut wrong = Vec::new();
    for path in pages {
        let (mut name, mut files) = (None, Vec::new());
        for part in parts(&std::fs::read_to_string(&path).unwrap()) {
            let (language, text) = match part {
                Part::With(what) => {
                    name = Some(what.to_owned());
                    continue;
                }
                Part::Block(language, text) => (language, text),
            };
            if language == "rhai" {
                let example = Example { files: files.clone(), ..Example::new(text.clone()) };
                // The repository that a document speaks of is not there.
                let found = example.run(true).into_iter().filter(|(code, _)| *code != Code::MissingFile);
                wrong.extend(found.map(|(_, problem)| format!("{}: {problem}", path.display())));
            }
            files.extend(name.take().map(|name| (name, text)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_standard_library_is_clean_and_so_are_the_scripts_in_its_comments() {
    let mut wrong = Vec::new();
    for path in files(Path::new("stdlib"), "aphex") {
        let name = path.display();
        let text = read(&path);
        let found = Example::new(text.clone()).run(true);
        wrong.extend(found.into_iter().map(|(_, problem)| format!("{name}: {problem}")));
        assert!(text.starts_with("//! "), "{name}: it begins with what it is for");
        let comments = comments(&text);
        assert!(parts(&comments).iter().any(|part| matches!(part, Part::Block(..))), "{name}: it shows a script");
        for part in parts(&comments) {
            let Part::Block(language, script) = part else { continue };
            assert_eq!(language, "rhai", "{name}: what it shows is run");
            let found = Example::new(script).run(true);
            wrong.extend(found.into_iter().map(|(_, problem)| format!("{name}, in a comment: {problem}")));
        }
        for (index, line) in text.lines().enumerate().filter(|(_, line)| line.starts_with("fn ")) {
            let before = text.lines().nth(index.saturating_sub(1)).unwrap_or_default();
            assert!(before.starts_with("/// "), "{name}: `{line}` has no comment");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The text of the comments that are documentation, one line for each.
fn comments(text: &str) -> String {
    let marked = text.lines().filter_map(|line| line.strip_prefix("//!").or_else(|| line.strip_prefix("///")));
    marked.flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"]).collect()
}

#[expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a file of this repository")]
fn read(path: &Path) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

fn is_unshown(code: Code) -> bool {
    UNSHOWN.iter().any(|(unshown, ..)| *unshown == code)
}

/// Every file in a folder whose name ends so.
#[expect(clippy::unwrap_used, reason = "a helper of tests")]
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
        let path = folder.join(entry.unwrap().file_name());
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|own| own == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}
