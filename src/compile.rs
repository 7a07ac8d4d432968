//! From text to files: load, evaluate, check, emit.

use std::collections::HashSet;
use std::sync::Arc;

use crate::check::names::Texts;
use crate::diagnostic::{Code, Diagnostic, Sink};
use crate::emit::{Artifact, Bundle, Format};
use crate::eval::Evaluated;
pub use crate::eval::with_stack;
use crate::model::{Parameters, Project};
use crate::source::{Host, Origin, SourceId, SourceMap, Span};
use crate::syntax::{Parsed, parse};

/// What a run is asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether a file that declares no pipeline is fine: a module.
    pub module: bool,
    /// Values for `param(…)`.
    pub parameters: Parameters,
    /// The one pipeline to emit; all of them where it is not given.
    pub pipeline: Option<String>,
    /// How documents are written.
    pub format: Format,
}

impl Default for Options {
    fn default() -> Self {
        Self { module: false, parameters: Parameters::new(), pipeline: None, format: Format::Yaml }
    }
}

/// What one pipeline becomes.
#[derive(Debug, Clone)]
pub struct Output {
    /// The pipeline's name.
    pub pipeline: String,
    /// The files, without `pipeline.json`.
    pub artifacts: Vec<Artifact>,
    /// The text of `pipeline.json`.
    pub manifest: String,
    /// Lines to print after writing.
    pub next_steps: Vec<String>,
}

/// What a script becomes: what could be made of it, with what went wrong beside it.
#[derive(Debug)]
pub struct Compiled {
    /// Every text that took part.
    pub sources: SourceMap,
    /// What was declared.
    pub project: Project,
    /// What is wrong, in the order of the texts.
    pub diagnostics: Vec<Diagnostic>,
    /// What `print` and `debug` said, a line each.
    pub printed: Vec<String>,
    /// One for each pipeline; none where there is an error.
    pub outputs: Vec<Output>,
}

impl Compiled {
    /// Whether nothing is written.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Compiles the script `bytes`, shown as `name`, which lies at `path` in the project that `host` reads.
///
/// All of it in one thread: what evaluation leaves is used again by what comes after it.
///
/// # Panics
/// Where the system gives no thread.
pub fn compile(
    host: &Arc<dyn Host + Send + Sync>,
    name: &str,
    path: &str,
    bytes: Vec<u8>,
    options: &Options,
) -> Compiled {
    with_stack(|| compile_here(host, name, path, bytes, options))
}

/// As [`compile`], where the caller has the stack that evaluation needs: inside of
/// [`with_stack`].
pub fn compile_here(
    host: &Arc<dyn Host + Send + Sync>,
    name: &str,
    path: &str,
    bytes: Vec<u8>,
    options: &Options,
) -> Compiled {
    let mut sources = SourceMap::new();
    let mut sink = Sink::new();
    let script = add(&mut sources, name, path, bytes, &mut sink);
    if sink.has_errors() {
        return Compiled {
            sources,
            project: Project::new(path),
            diagnostics: sink.into_sorted(),
            printed: Vec::new(),
            outputs: Vec::new(),
        };
    }
    let Evaluated { sources, trees, faults, project, diagnostics, printed } =
        crate::eval::evaluate(host, sources, script, &options.parameters);
    let texts = Texts { trees: &trees, sources: &sources, natives: crate::eval::NATIVES, faults: &faults };
    crate::check::names(&texts, &mut sink);
    extend_unsaid(&mut sink, diagnostics);
    crate::check::check(&project, &sources, &**host, &mut sink);
    if project.pipelines.is_empty() && !options.module && !sink.has_errors() {
        let message = "the script declares no pipeline";
        let help = "call `pipeline(\"name\", #{ … })`; a module that others import is checked with `aphex check`";
        sink.push(Diagnostic::new(Code::NoPipeline, Span::new(script, 0, 0), message).help(help));
    }
    let outputs = if sink.has_errors() { Vec::new() } else { emit(&project, options, &mut sink) };
    Compiled { sources, project, diagnostics: sink.into_sorted(), printed, outputs }
}

/// Adds what evaluation found. Where it stumbled over a name that is reported already, the first words are the better
/// ones; the interpreter has no place for a conflict over a closure, so that one counts as said wherever it is.
fn extend_unsaid(sink: &mut Sink, diagnostics: Vec<Diagnostic>) {
    let errors = sink.diagnostics().iter().filter(|diagnostic| diagnostic.is_error());
    let said: HashSet<Span> = errors.clone().map(|diagnostic| diagnostic.primary.span).collect();
    let conflict = errors.clone().any(|diagnostic| diagnostic.code == Code::ClosureConflict);
    sink.extend(diagnostics.into_iter().filter(|diagnostic| match diagnostic.code {
        Code::ClosureConflict => !conflict,
        code if code.is_about_name() => !said.contains(&diagnostic.primary.span),
        _ => true,
    }));
}

/// A text that was read and not evaluated.
#[derive(Debug)]
pub struct Loaded {
    /// The text.
    pub sources: SourceMap,
    /// Its tree, and what is wrong with its form, in order.
    pub parsed: Parsed,
}

/// Reads the script `bytes`, shown as `name`, which lies at `path` in its project: for what needs its form alone.
pub fn load(name: &str, path: &str, bytes: Vec<u8>) -> Loaded {
    let mut sources = SourceMap::new();
    let mut sink = Sink::new();
    let script = add(&mut sources, name, path, bytes, &mut sink);
    let Parsed { tree, diagnostics } = parse(script, &sources.get(script).text);
    // What cannot be read at all is no text; that it is cut off makes no further problem.
    if !sink.has_errors() {
        sink.extend(diagnostics);
    }
    Loaded { sources, parsed: Parsed { tree, diagnostics: sink.into_sorted() } }
}

fn add(sources: &mut SourceMap, name: &str, path: &str, bytes: Vec<u8>, sink: &mut Sink) -> SourceId {
    match String::from_utf8(bytes) {
        Ok(text) => {
            let script = sources.add(name, path, &text, Origin::Script);
            let lines = sources.get(script).line_count();
            let widest = text.lines().map(str::len).max().unwrap_or(0);
            if text.len() > SourceMap::MAX_BYTES || lines > SourceMap::MAX_LINES || widest > SourceMap::MAX_LINES {
                let limits = (SourceMap::MAX_BYTES, SourceMap::MAX_LINES);
                let message =
                    format!("a script has at most {} bytes, {} lines, and as many bytes in a line", limits.0, limits.1);
                sink.push(Diagnostic::new(Code::TooLong, Span::new(script, 0, 0), message));
            }
            script
        }
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let readable = String::from_utf8_lossy(&error.as_bytes()[..valid]).into_owned();
            let script = sources.add(name, path, &readable, Origin::Script);
            let at = u32::try_from(valid).unwrap_or(u32::MAX);
            let message = format!("the file is not UTF-8: byte {valid} does not belong");
            let help = "save it as UTF-8";
            sink.push(Diagnostic::new(Code::NotUtf8, Span::new(script, at, at), message).help(help));
            script
        }
    }
}

fn emit(project: &Project, options: &Options, sink: &mut Sink) -> Vec<Output> {
    let wanted = project
        .pipelines
        .iter()
        .filter(|pipeline| options.pipeline.as_deref().is_none_or(|name| name == pipeline.name.as_str()));
    let outputs: Vec<Output> = wanted
        .map(|pipeline| {
            let bundle = Bundle::of(pipeline, &project.script);
            let artifacts = bundle.artifacts(options.format);
            sink.extend(bundle.problems(&artifacts));
            let name = pipeline.name.as_str();
            let next_steps = bundle.next_steps(&format!("aphex.out/{name}"));
            drop(bundle);
            let manifest = crate::emit::manifest(project, pipeline, &artifacts);
            Output { pipeline: name.to_owned(), artifacts, manifest, next_steps }
        })
        .collect();
    if sink.has_errors() { Vec::new() } else { outputs }
}
