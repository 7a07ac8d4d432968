//! From text to files: load, evaluate, check, emit.

use std::collections::HashSet;
use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::check::OwnRule;
use crate::check::names::Texts;
use crate::diagnostic::{Code, Diagnostic, Located, Sink};
use crate::emit::{Artifact, Emission, Emitter, Format};
pub use crate::eval::with_stack;
use crate::eval::{Cancellation, Cancelled, Evaluated, Limits, Setting, Trees, amount};
use crate::model::{Language, Parameters, Project};
use crate::source::{Host, Origin, SourceId, SourceMap, Span};
use crate::syntax::{Parsed, parse};

/// What an interpreter is made of: the language, its rules and emitters, and what a script may take.
pub struct Setup {
    /// What a script may call and import.
    pub language: Arc<Language>,
    /// What a script may take.
    pub limits: Limits,
    /// The rules beside those of the language.
    pub rules: Vec<OwnRule>,
    /// What makes files, in order.
    pub emitters: Vec<Arc<dyn Emitter>>,
}

impl Default for Setup {
    /// aphex itself.
    fn default() -> Self {
        Self { language: Arc::default(), limits: Limits::default(), rules: Vec::new(), emitters: crate::emit::own() }
    }
}

/// What a run is asked for.
#[derive(Debug, Clone, Default)]
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

/// What a run has beside its script.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Reads the project's files.
    pub host: &'a Arc<dyn Host>,
    /// The word from outside that ends it.
    pub cancellation: &'a Cancellation,
    /// What was read before.
    pub known: Option<&'a Arc<Trees>>,
}

/// The script of a run.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// What a report calls it.
    pub name: &'a str,
    /// Its path from the project root.
    pub path: &'a str,
    /// What it says.
    pub bytes: &'a [u8],
}

/// What one pipeline becomes.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Output {
    /// The pipeline's name.
    pub pipeline: String,
    /// The files, without `pipeline.json`.
    pub artifacts: Vec<Artifact>,
    /// The text of `pipeline.json`.
    pub manifest: String,
    /// Lines to print after writing: commands for a shell, and comments, which start with `#`.
    pub next_steps: Vec<String>,
}

/// What a script becomes: what could be made of it, with what went wrong beside it.
///
/// ```
/// use aphex::records::Stage;
/// use aphex::{Interpreter, Script};
///
/// let evaluation = Interpreter::default().evaluate(&Script::new("pipeline.aphex", r#"
///     let dev = environment("dev", #{ account: "111111111111", region: "eu-west-1", stacks: [stack("AppStack")] });
///     pipeline("my-app", #{ cluster: "pipelines", account: "999999999999", region: "eu-west-1",
///                           source: github("my-org/my-app"), stages: [approval("Go?"), dev] });
/// "#));
/// assert!(!evaluation.has_errors());
/// let pipeline = &evaluation.project.pipelines[0];
/// let accounts = pipeline.stages.iter().filter_map(|stage| match &stage.node {
///     Stage::Environment(environment) => Some(environment.account.as_str()),
///     _ => None,
/// });
/// assert_eq!(accounts.collect::<Vec<_>>(), ["111111111111"]);
/// let output = &evaluation.outputs[0];
/// assert_eq!((output.pipeline.as_str(), output.artifacts[0].path.as_str()), ("my-app", "kubernetes/rbac.yaml"));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Evaluation {
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

/// As data: `problems`, `pipelines` as `pipeline.json` has them, `parameters`, `printed` and `outputs`. Where there is an
/// error there are no pipelines in it: stages that a script doubles over and over are refused, and not written out.
impl Serialize for Evaluation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { sources: _, project, diagnostics: _, printed, outputs } = self;
        let mut map = serializer.serialize_map(Some(5))?;
        map.serialize_entry("problems", &self.problems().collect::<Vec<_>>())?;
        let pipelines: &[_] = if self.has_errors() { &[] } else { &project.pipelines };
        map.serialize_entry("pipelines", pipelines)?;
        map.serialize_entry("parameters", &project.parameters)?;
        map.serialize_entry("printed", printed)?;
        map.serialize_entry("outputs", outputs)?;
        map.end()
    }
}

impl Evaluation {
    /// Whether nothing is written.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// What is wrong, with files, lines and columns.
    pub fn problems(&self) -> impl Iterator<Item = Located<'_>> {
        self.diagnostics.iter().map(|diagnostic| diagnostic.located(&self.sources))
    }
}

/// Compiles the script `bytes`, shown as `name`, which lies at `path` in the project that `host` reads.
///
/// All of it in one thread: what evaluation leaves is used again by what comes after it.
///
/// # Panics
/// Where the system gives no thread.
pub fn compile(host: &Arc<dyn Host>, name: &str, path: &str, bytes: impl AsRef<[u8]>, options: &Options) -> Evaluation {
    let bytes = bytes.as_ref();
    with_stack(|| {
        let input = Input { name, path, bytes };
        let around = Around { host, cancellation: &Cancellation::new(), known: None };
        let compiled = compile_here(&Setup::default(), around, input, options);
        compiled.expect("nobody else has the word that would cancel it")
    })
}

/// Compiles a script, where the caller has the stack that evaluation needs: inside of [`with_stack`].
///
/// # Errors
/// Where the word from outside ended it.
pub fn compile_here(
    setup: &Setup,
    around: Around<'_>,
    input: Input<'_>,
    options: &Options,
) -> Result<Evaluation, Cancelled> {
    let Around { host, cancellation, known } = around;
    let mut sources = SourceMap::new();
    let mut sink = Sink::new();
    let script = add(&mut sources, input, &mut sink);
    if sink.has_errors() {
        return Ok(Evaluation {
            sources,
            project: Project::new(input.path),
            diagnostics: sink.into_sorted(),
            printed: Vec::new(),
            outputs: Vec::new(),
        });
    }
    let Setup { language, limits, rules, emitters: _ } = setup;
    let setting = Setting { host, language, parameters: &options.parameters, limits, cancellation, known };
    let Evaluated { sources, trees, faults, project, diagnostics, printed } =
        crate::eval::evaluate(setting, sources, script);
    go_on(cancellation)?;
    let natives = crate::eval::NATIVES;
    crate::check::names(&Texts { trees: &trees, sources: &sources, natives, language, faults: &faults }, &mut sink);
    extend_unsaid(&mut sink, diagnostics);
    go_on(cancellation)?;
    crate::check::check(&project, &sources, &**host, &mut sink);
    for rule in rules {
        rule.run(&project, script, &mut sink);
    }
    if project.pipelines.is_empty() && !options.module && !sink.has_errors() {
        let message = "the script declares no pipeline";
        let help = "call `pipeline(\"name\", #{ … })`; a module that others import is checked with `aphex check`";
        sink.push(Diagnostic::new(Code::NoPipeline, Span::new(script, 0, 0), message).help(help));
    }
    let outputs = if sink.has_errors() { Vec::new() } else { emit(&project, setup, options, cancellation, &mut sink)? };
    go_on(cancellation)?;
    Ok(Evaluation { sources, project, diagnostics: sink.into_sorted(), printed, outputs })
}

fn go_on(cancellation: &Cancellation) -> Result<(), Cancelled> {
    if cancellation.is_cancelled() { Err(Cancelled) } else { Ok(()) }
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

/// Reads a script for what needs its form alone.
pub fn load(input: Input<'_>) -> Loaded {
    let mut sources = SourceMap::new();
    let mut sink = Sink::new();
    let script = add(&mut sources, input, &mut sink);
    let Parsed { tree, diagnostics } = parse(script, &sources.get(script).text);
    // What cannot be read at all is no text; that it is cut off makes no further problem.
    if !sink.has_errors() {
        sink.extend(diagnostics);
    }
    Loaded { sources, parsed: Parsed { tree, diagnostics: sink.into_sorted() } }
}

fn add(sources: &mut SourceMap, input: Input<'_>, sink: &mut Sink) -> SourceId {
    let Input { name, path, bytes } = input;
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            let script = sources.add(name, path, text, Origin::Script);
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
            let valid = error.valid_up_to();
            let readable = String::from_utf8_lossy(&bytes[..valid]).into_owned();
            let script = sources.add(name, path, &readable, Origin::Script);
            let at = u32::try_from(valid).unwrap_or(u32::MAX);
            let message = format!("the file is not UTF-8: byte {valid} does not belong");
            let help = "save it as UTF-8";
            sink.push(Diagnostic::new(Code::NotUtf8, Span::new(script, at, at), message).help(help));
            script
        }
    }
}

fn emit(
    project: &Project,
    setup: &Setup,
    options: &Options,
    cancellation: &Cancellation,
    sink: &mut Sink,
) -> Result<Vec<Output>, Cancelled> {
    let most = setup.limits.output_bytes;
    let (mut outputs, mut bytes) = (Vec::new(), 0);
    let is_wanted = |name: &str| options.pipeline.as_deref().is_none_or(|wanted| wanted == name);
    for pipeline in project.pipelines.iter().filter(|pipeline| is_wanted(pipeline.name.as_str())) {
        go_on(cancellation)?;
        let mut emission = Emission::new(project, pipeline, options.format);
        for emitter in &setup.emitters {
            emitter.emit(&mut emission);
        }
        let (artifacts, diagnostics, next_steps) = emission.finish();
        sink.extend(diagnostics);
        let manifest = crate::emit::manifest(project, pipeline, &artifacts);
        bytes += manifest.len() + artifacts.iter().map(|artifact| artifact.contents().len()).sum::<usize>();
        if bytes > most {
            let message = format!("up to this pipeline the output has more than {}", amount(most));
            sink.push(Diagnostic::new(Code::LimitReached, pipeline.name.span, message));
            break;
        }
        outputs.push(Output { pipeline: pipeline.name.as_str().to_owned(), artifacts, manifest, next_steps });
    }
    Ok(if sink.has_errors() { Vec::new() } else { outputs })
}
