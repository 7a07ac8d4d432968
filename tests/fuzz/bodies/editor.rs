//! Whatever is asked of whatever texts, the answer is about places that they have, and changes make no syntax error.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use aphex::diagnostic::Diagnostic;
use aphex::eval::Cancellation;
use aphex::ide::{Hints, Location, Rename, Symbol, Workspace};
use aphex::language::Reference;
use aphex::source::SourceId;
use aphex::syntax::{Edit, parse};

use super::choices::Choices;
use super::scripts::INTERPRETER;
use super::words::REFERENCE;

/// The most questions of one input.
pub(super) const MOST_QUESTIONS: u8 = 10;

/// Why an evaluation is not cancelled.
const WHY: &str = "nobody cancels it";

static SHARED: LazyLock<Arc<Reference>> = LazyLock::new(|| Arc::new(REFERENCE.clone()));

/// How many questions an input asks, four bytes for each, and the texts of a project: `=== path` stands above each.
pub(super) struct Input {
    pub(super) questions: Vec<[u8; 4]>,
    pub(super) files: Vec<(String, String)>,
}

impl Input {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut choices = Choices::new(bytes);
        let number = choices.byte() % (MOST_QUESTIONS + 1);
        let questions = (0..number).map(|_| std::array::from_fn(|_| choices.byte())).collect();
        let text = String::from_utf8_lossy(choices.rest()).into_owned();
        let mut files: Vec<(String, String)> = Vec::new();
        for line in text.split_inclusive('\n') {
            if let Some(path) = line.strip_prefix("=== ") {
                files.push((path.trim().into(), String::new()));
            } else if let Some((_, text)) = files.last_mut() {
                text.push_str(line);
            } else {
                files.push(("pipeline.aphex".into(), line.into()));
            }
        }
        files.truncate(4);
        Self { questions, files }
    }
}

pub(super) fn run(bytes: &[u8]) {
    let Input { questions, files } = Input::read(bytes);
    let mut project = Project { workspace: Workspace::new(&INTERPRETER, Arc::clone(&SHARED)), texts: BTreeMap::new() };
    for (path, text) in &files {
        project.open(path, text.clone());
    }
    for question in questions {
        let paths: Vec<Arc<str>> = project.texts.keys().cloned().collect();
        if paths.is_empty() {
            return;
        }
        let [kind, at, high, low] = question;
        let path = &paths[usize::from(kind) / 32 % paths.len()];
        let end = project.texts[path].len();
        let offset = floor(&project.texts[path], (usize::from(at) << 8 | usize::from(high)) % (end + 1));
        project.ask(kind % 32, path, offset, low);
    }
    project.check_problems();
}

/// The start of the character at `offset`.
fn floor(text: &str, offset: usize) -> u32 {
    u32::try_from(text.floor_char_boundary(offset)).expect("a text is short")
}

/// A workspace, and what must stand in it.
struct Project {
    workspace: Workspace,
    texts: BTreeMap<Arc<str>, String>,
}

impl Project {
    fn open(&mut self, path: &str, text: String) {
        self.workspace.open(path, &text);
        self.texts.insert(path.into(), text);
    }

    fn ask(&mut self, kind: u8, path: &Arc<str>, at: u32, choice: u8) {
        let stop = &Cancellation::new();
        let workspace = &mut self.workspace;
        let other = floor(&self.texts[path], usize::from(choice) * self.texts[path].len() / 255);
        let range = at.min(other)..at.max(other);
        let places: Vec<Location> = match kind {
            0 => workspace.hover(path, at, stop).expect(WHY).map(|hover| hover.location).into_iter().collect(),
            1 => workspace.definition(path, at, stop).expect(WHY),
            2 => workspace.references(path, at, choice.is_multiple_of(2), stop).expect(WHY),
            3 => workspace.highlights(path, at, stop).expect(WHY).into_iter().map(|(place, _)| place).collect(),
            4 => workspace.renamed_at(path, at, stop).ok().flatten().into_iter().collect(),
            5 => workspace.lenses(path, stop).expect(WHY).into_iter().map(|lens| lens.location).collect(),
            6 => workspace.links(path).into_iter().map(|link| link.location).collect(),
            7 => workspace.symbols(path).iter().flat_map(places).collect(),
            8 => workspace.symbols_like(["", "a", "v"][usize::from(choice) % 3]).iter().flat_map(places).collect(),
            9 => {
                let name = ["named", "dev", "if", "a b", "x1"][usize::from(choice) % 5];
                if let Ok(Some(Rename { edits })) = workspace.rename(path, at, name, stop) {
                    self.check_edits(&edits);
                }
                return;
            }
            10 => {
                for action in workspace.actions(path, range, stop).expect(WHY) {
                    self.check_edits(&action.edits);
                }
                return;
            }
            11 => {
                if let Some(edits) = workspace.formatting(path, choice.is_multiple_of(2).then_some(range)) {
                    self.check_edits(&BTreeMap::from([(Arc::clone(path), edits)]));
                }
                return;
            }
            12 => {
                let all = workspace.completions(path, at);
                all.iter().map(|one| place(path, one.replaces.start, one.replaces.end)).collect()
            }
            13 => workspace.selections(path, at).into_iter().map(|(start, end)| place(path, start, end)).collect(),
            14 => workspace.folds(path).into_iter().map(|fold| place(path, fold.start, fold.end)).collect(),
            15 => workspace.tokens(path).into_iter().map(|token| place(path, token.start, token.end)).collect(),
            16 => {
                let wanted = Hints { order: true, defaults: true };
                let all = workspace.hints(path, range, wanted, stop).expect(WHY);
                all.into_iter().map(|hint| place(path, hint.offset, hint.offset)).collect()
            }
            17 => {
                if let Some(help) = workspace.signatures(path, at) {
                    assert!(help.active < help.signatures.len(), "{help:?}");
                }
                return;
            }
            18 => return drop(workspace.picture(path, Some(at), stop).expect(WHY)),
            19 => {
                let Some(preview) = workspace.preview(path, Some(at), stop).expect(WHY) else { return };
                let Some((file, text)) = preview.files.get(usize::from(choice) % preview.files.len()) else { return };
                let line = u32::try_from(text.lines().count()).expect("a file is short") * u32::from(choice) / 255;
                workspace.origin(path, &preview.pipeline, file, line, stop).expect(WHY).into_iter().collect()
            }
            20 if self.texts.len() > 1 => {
                workspace.close(path);
                self.texts.remove(path);
                return;
            }
            21 => return self.check_problems(),
            _ => return self.change(path, range, kind),
        };
        for place in &places {
            self.check_place(place);
        }
    }

    /// What stands in `range` becomes another text.
    fn change(&mut self, path: &Arc<str>, range: std::ops::Range<u32>, kind: u8) {
        let new = ["", "\"", "}", "x", ", ", "\n", "environment(\"e\", #{ ", "ä"][usize::from(kind) % 8];
        let mut text = self.texts[path].clone();
        text.replace_range(range.start as usize..range.end as usize, new);
        self.open(path, text);
    }

    fn check_problems(&mut self) {
        let all = self.workspace.problems(&Cancellation::new()).expect(WHY);
        for problem in all.values().flatten() {
            self.check_place(&problem.location);
            for (place, _) in &problem.related {
                self.check_place(place);
            }
        }
    }

    fn check_place(&mut self, place: &Location) {
        let Location { path, start, end } = place;
        let text = self.workspace.text(path).unwrap_or_else(|| panic!("there is no {path}"));
        if let Some(own) = self.texts.get(path) {
            assert_eq!(*own, *text, "the text of {path}");
        }
        assert!(start <= end && text.get(*start as usize..*end as usize).is_some(), "{place:?} in {text:?}");
    }

    /// Changes lie in their texts, in order, and make no syntax error where there was none.
    fn check_edits(&mut self, edits: &BTreeMap<Arc<str>, Vec<Edit>>) {
        for (path, edits) in edits {
            let mut after = 0;
            for edit in edits {
                assert!(edit.span.start >= after, "{edits:?}");
                after = edit.span.end;
                self.check_place(&place(path, edit.span.start, edit.span.end));
            }
            let text = self.workspace.text(path).expect("a changed text is there");
            let is_sound = |text: &str| !parse(SourceId::FIRST, text).diagnostics.iter().any(Diagnostic::is_error);
            let changed = Edit::apply(&text, edits);
            assert!(!is_sound(&text) || is_sound(&changed), "{edits:?}\n{text}\n{changed}");
        }
    }
}

fn place(path: &Arc<str>, start: u32, end: u32) -> Location {
    Location { path: Arc::clone(path), start, end }
}

/// The places of a symbol and those in it.
fn places(symbol: &Symbol) -> Vec<Location> {
    let inner = symbol.children.iter().flat_map(places);
    inner.chain([symbol.location.clone(), symbol.selection.clone()]).collect()
}
