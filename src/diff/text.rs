//! Changes as text for people: a pipeline after the other, in each what matters most first, a line a change.

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, Change, Changes, Effect, PipelineChanges, Snapshot, State, Topic};
use crate::report::{Style, patch, visible_line};

/// Subjects that are longer stand alone in their column.
const WIDEST: usize = 32;

/// The room that the text of a change has at least; on a narrower screen nothing is wrapped.
const NARROWEST: usize = 30;

/// A file that is longer is not compared line by line.
const MAX_PATCH: usize = 8 << 20;

const BOLD: &str = "1";

impl Changes {
    /// Everything, with a last line that sums it up.
    pub fn text(&self, style: Style) -> String {
        self.render(style, |_| true)
    }

    /// What has to be read before anything else, with the line that sums everything up: gates that are gone or weaker,
    /// permissions that are wider, and what starts runs that nothing started before.
    pub fn brief(&self, style: Style) -> String {
        self.render(style, Change::is_urgent)
    }

    fn render(&self, style: Style, shown: impl Fn(&Change) -> bool + Copy) -> String {
        if self.is_empty() {
            return "no change\n".to_owned();
        }
        let pipelines = self.pipelines.iter().map(|pipeline| section(pipeline, style, shown));
        let text: String = pipelines.filter(|text| !text.is_empty()).map(|text| text + "\n").collect();
        format!("{text}{}\n", style.paint(BOLD, &self.summary()))
    }

    /// How much is different, in one line.
    pub fn summary(&self) -> String {
        let mut parts = Vec::new();
        for word in ["added", "removed", "renamed"] {
            let count = self.pipelines.iter().filter(|pipeline| pipeline.state.name() == word).count();
            parts.extend(counted(count, "pipeline", word));
        }
        for (topic, one) in [(Topic::Gates, "gate"), (Topic::Permissions, "permission")] {
            let words: Vec<&str> = self.all().filter(|change| change.topic == topic).map(summed).collect();
            let count = |word| words.iter().filter(|other| **other == word).count();
            parts.extend(SUMMED.iter().filter_map(|word| counted(count(*word), one, word)));
        }
        for (one, prefix) in [("environment", "environments/"), ("step", "steps/")] {
            parts.extend(self.stages(one, prefix));
        }
        for (topic, one) in
            [(Topic::Settings, "setting"), (Topic::Triggers, "trigger"), (Topic::Parameters, "parameter")]
        {
            parts.extend(counted(self.all().filter(|change| change.topic == topic).count(), one, "changed"));
        }
        let files = self.all().filter(|change| change.topic == Topic::Files).count();
        parts.extend(counted(files, "file", "").map(|text| text.trim_end().to_owned()));
        parts.join(", ")
    }

    /// How many stages of a kind came, went and changed, each counted once.
    fn stages(&self, one: &str, prefix: &str) -> Vec<String> {
        let mut actions: BTreeMap<(usize, &str), Action> = BTreeMap::new();
        for (number, pipeline) in self.pipelines.iter().enumerate() {
            for change in pipeline.changes.iter().filter(|change| change.path.starts_with(prefix)) {
                let name = change.path[prefix.len()..].split('/').next().unwrap_or_default();
                let whole = change.path.len() == prefix.len() + name.len();
                let action = match change.action {
                    Action::Added | Action::Removed if whole => change.action,
                    _ => Action::Changed,
                };
                actions.entry((number, name)).or_insert(action);
            }
        }
        let count = |wanted| actions.values().filter(|action| **action == wanted).count();
        let all = [Action::Added, Action::Removed, Action::Changed];
        all.into_iter().filter_map(|action| counted(count(action), one, action.name())).collect()
    }

    /// The names of what changed, for programs: `<pipeline>/<path>`, each once, in the order of the report.
    pub fn paths(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let mut paths = Vec::new();
        for PipelineChanges { name, state: _, changes } in &self.pipelines {
            let all = changes.iter().map(|change| format!("{name}/{}", change.path));
            paths.extend(all.filter(|path| seen.insert(path.clone())));
        }
        paths
    }

    /// The patch of every file that is different. Both snapshots are those that were compared.
    pub fn patches(&self, old: &Snapshot, new: &Snapshot, style: Style) -> String {
        let mut text = String::new();
        for PipelineChanges { name, state, changes } in &self.pipelines {
            let before = if let State::Renamed { from } = state { from } else { name };
            let files = changes.iter().filter(|change| change.topic == Topic::Files);
            for path in files.filter_map(|change| change.path.strip_prefix("files/")) {
                let sides = [(old, before, "a"), (new, name, "b")].map(|(snapshot, pipeline, side)| {
                    let file = snapshot.file(pipeline, path);
                    (
                        file.map_or_else(|| "/dev/null".to_owned(), |_| format!("{side}/{pipeline}/{path}")),
                        file.unwrap_or_default(),
                    )
                });
                let [(was, old), (is, new)] = &sides;
                if old.len().max(new.len()) > MAX_PATCH {
                    text.extend([&*visible_line(path), " is too long to be shown\n"]);
                } else {
                    text.push_str(&patch((&visible_line(was), old), (&visible_line(is), new), style));
                }
            }
        }
        text
    }
}

/// The words of [`summed`], in the order of the summary.
const SUMMED: [&str; 7] = ["removed", "weakened", "widened", "added", "strengthened", "narrowed", "changed"];

/// The word that sums up a change of a gate or a permission.
fn summed(change: &Change) -> &'static str {
    match (change.topic, change.effect, change.action) {
        (_, Effect::Neutral, _) => "changed",
        (Topic::Gates, Effect::Widens, Action::Removed) => "removed",
        (Topic::Gates, Effect::Widens, _) => "weakened",
        (Topic::Gates, Effect::Narrows, Action::Added) => "added",
        (Topic::Gates, Effect::Narrows, _) => "strengthened",
        (_, Effect::Widens, _) => "widened",
        (_, Effect::Narrows, _) => "narrowed",
    }
}

/// A number of things and what became of them; nothing where there are none.
fn counted(count: usize, one: &str, word: &str) -> Option<String> {
    let plural = if count == 1 { "" } else { "s" };
    (count > 0).then(|| format!("{count} {one}{plural} {word}"))
}

fn section(pipeline: &PipelineChanges, style: Style, shown: impl Fn(&Change) -> bool) -> String {
    let PipelineChanges { name, state, changes } = pipeline;
    let stay = "what exists of it stays until it is taken down";
    let about = match state {
        State::Added => ": new".to_owned(),
        State::Removed => format!(": not declared any more; {stay}"),
        State::Renamed { from } => format!(": was called {}; {stay}", visible_line(from)),
        State::Kept => String::new(),
    };
    let mut text = String::new();
    for topic in Topic::ALL {
        let changes: Vec<&Change> = changes.iter().filter(|change| change.topic == topic && shown(change)).collect();
        if !changes.is_empty() {
            text.extend(["\n  ", &style.paint(BOLD, topic.name()), "\n"]);
            text.push_str(&lines(&changes, style));
        }
    }
    if text.is_empty() { text } else { format!("{}{about}\n{text}", style.paint(BOLD, &visible_line(name))) }
}

/// A line a change: whether it has to be read, what happened, to what, and how.
fn lines(changes: &[&Change], style: Style) -> String {
    let words = changes.iter().map(|change| word(change).len()).max().unwrap_or(0);
    let subjects = changes.iter().map(|change| width(&visible_line(&change.subject))).filter(|width| *width <= WIDEST);
    let subjects = subjects.max().unwrap_or(0);
    let line = |change: &&Change| {
        let mark = if change.is_urgent() { "!" } else { " " };
        let word = format!("{mark} {:words$}", word(change));
        let subject = visible_line(&change.subject).into_owned();
        let padding = " ".repeat(subjects.saturating_sub(width(&subject)));
        let head = format!("  {}  {subject}{padding}  ", style.paint(color(change), &word));
        let text = wrapped(&visible_line(&change.text), 6 + words + subjects + 2, style.width);
        format!("{}\n", format!("{head}{text}").trim_end())
    };
    changes.iter().map(line).collect()
}

fn word(change: &Change) -> &'static str {
    match (change.topic, change.effect) {
        (Topic::Permissions, Effect::Widens) => "widened",
        (Topic::Permissions, Effect::Narrows) => "narrowed",
        (_, Effect::Widens | Effect::Narrows | Effect::Neutral) => change.action.name(),
    }
}

fn color(change: &Change) -> &'static str {
    match (change.effect, change.action) {
        (Effect::Widens, _) => "1;31",
        (Effect::Narrows, _) | (Effect::Neutral, Action::Added) => "32",
        (Effect::Neutral, Action::Removed) => "31",
        (Effect::Neutral, Action::Changed | Action::Moved) => "33",
    }
}

fn width(text: &str) -> usize {
    text.chars().count()
}

/// `text` in the columns from `indent` to the screen's edge, where there is one.
fn wrapped(text: &str, indent: usize, screen: Option<usize>) -> String {
    let Some(room) = screen.and_then(|screen| screen.checked_sub(indent)).filter(|room| *room >= NARROWEST) else {
        return text.to_owned();
    };
    let (mut lines, mut column) = (String::new(), 0);
    for word in text.split(' ') {
        if column > 0 && column + 1 + width(word) > room {
            lines.push('\n');
            lines.push_str(&" ".repeat(indent));
            column = 0;
        } else if column > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += width(word);
    }
    lines
}
