//! What makes files of a pipeline: aphex's own emitters, and those that an embedder adds or puts in their place.

use std::cell::OnceCell;
use std::sync::Arc;

use super::{Artifact, Bundle, Format};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Pipeline, Project};
use crate::source::normalize;

/// Makes files of a pipeline that has no problem.
///
/// ```
/// use aphex::{Artifact, Emission, Emitter, Interpreter, Script};
///
/// /// One line a pipeline, for a page of ours.
/// struct Summary;
///
/// impl Emitter for Summary {
///     fn name(&self) -> &str {
///         "summary"
///     }
///
///     fn emit(&self, emission: &mut Emission<'_>) {
///         let text = format!("{}: {} stages\n", emission.pipeline().name.as_str(), emission.pipeline().stages.len());
///         emission.add(Artifact::text("summary.txt", "Text", text));
///     }
/// }
///
/// let interpreter = Interpreter::builder().without_emitters().emitter(Summary).build().unwrap();
/// let evaluation = interpreter.evaluate(&Script::new("pipeline.aphex", r#"
///     let app = stack("AppStack");
///     let dev = environment("dev", #{ account: "111111111111", region: "eu-west-1", stacks: [app] });
///     pipeline("my-app", #{
///         cluster: "pipelines",
///         account: "999999999999",
///         region:  "eu-west-1",
///         source:  github("my-org/my-app"),
///         stages:  [dev],
///     });
/// "#));
/// assert_eq!(evaluation.outputs[0].artifacts[0].contents(), "my-app: 1 stages\n");
/// ```
pub trait Emitter: Send + Sync {
    /// Its name, by which it is replaced: `kubernetes` and `cloudformation` are aphex's own.
    fn name(&self) -> &str;

    /// Makes the files.
    fn emit(&self, emission: &mut Emission<'_>);
}

/// A pipeline on its way into files.
pub struct Emission<'a> {
    project: &'a Project,
    pipeline: &'a Arc<Pipeline>,
    format: Format,
    bundle: OnceCell<Bundle<'a>>,
    artifacts: Vec<Artifact>,
    diagnostics: Vec<Diagnostic>,
    next_steps: Vec<String>,
}

impl<'a> Emission<'a> {
    /// Nothing made of `pipeline` yet.
    pub(crate) const fn new(project: &'a Project, pipeline: &'a Arc<Pipeline>, format: Format) -> Self {
        Self {
            project,
            pipeline,
            format,
            bundle: OnceCell::new(),
            artifacts: Vec::new(),
            diagnostics: Vec::new(),
            next_steps: Vec::new(),
        }
    }

    /// The pipeline.
    pub const fn pipeline(&self) -> &'a Arc<Pipeline> {
        self.pipeline
    }

    /// Everything that the script declared.
    pub const fn project(&self) -> &'a Project {
        self.project
    }

    /// How documents are written.
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The files that were made so far, by this emitter and those before it.
    pub fn artifacts(&self) -> &[Artifact] {
        &self.artifacts
    }

    /// Adds a file. Where its path leads out of the pipeline's folder, or another file has it, that is a `bad-artifact`.
    pub fn add(&mut self, artifact: Artifact) {
        let path = &artifact.path;
        let is_inside = normalize("", path).is_some_and(|normal| normal == *path) && !path.is_empty();
        let problem = if !is_inside {
            Some(format!("`{path}` is no path of a file in the pipeline's folder"))
        } else if path == MANIFEST || self.artifacts.iter().any(|other| other.path == *path) {
            Some(format!("two emitters write `{path}`"))
        } else {
            None
        };
        match problem {
            Some(message) => self.report(Diagnostic::new(Code::BadArtifact, self.pipeline.site, message)),
            None => self.artifacts.push(artifact),
        }
    }

    /// Reports a problem. One without a place is put to the pipeline's call; an error keeps everything from being written.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic.placed(self.pipeline.site));
    }

    /// Adds a line that is printed after writing: a command for a shell, or a comment, which starts with `#`. The files are
    /// in `aphex.out/<pipeline>`.
    pub fn next_step(&mut self, line: impl Into<String>) {
        self.next_steps.push(line.into());
    }

    /// What was made: files, problems, lines to print.
    pub(crate) fn finish(self) -> (Vec<Artifact>, Vec<Diagnostic>, Vec<String>) {
        (self.artifacts, self.diagnostics, self.next_steps)
    }

    fn bundle(&self) -> &Bundle<'a> {
        self.bundle.get_or_init(|| Bundle::of(self.pipeline, &self.project.script))
    }
}

/// The file beside those of the emitters.
const MANIFEST: &str = "pipeline.json";

/// aphex's own emitter of what Kubernetes takes: Argo's objects, and who may do what.
pub struct Kubernetes;

impl Emitter for Kubernetes {
    fn name(&self) -> &'static str {
        "kubernetes"
    }

    fn emit(&self, emission: &mut Emission<'_>) {
        let bundle = emission.bundle();
        let artifacts = bundle.objects(emission.format);
        let problems = bundle.problems_of_objects(&artifacts);
        emission.artifacts.extend(artifacts);
        emission.diagnostics.extend(problems);
    }
}

/// aphex's own emitter of the `CloudFormation` template, and of the lines that say how everything is deployed.
pub struct CloudFormation;

impl Emitter for CloudFormation {
    fn name(&self) -> &'static str {
        "cloudformation"
    }

    fn emit(&self, emission: &mut Emission<'_>) {
        let bundle = emission.bundle();
        let artifact = bundle.stack(emission.format);
        let problems = bundle.problems_of_stack();
        let lines = bundle.next_steps(&format!("aphex.out/{}", emission.pipeline.name.as_str()));
        emission.artifacts.push(artifact);
        emission.diagnostics.extend(problems);
        emission.next_steps.extend(lines);
    }
}
