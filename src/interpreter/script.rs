//! A script on its way into the interpreter.

use crate::compile::{Input, Options};
use crate::emit::Format;

/// A script, and what its evaluation is asked for.
///
/// ```
/// use aphex::{Interpreter, Script};
///
/// let script = Script::new("services/shop/pipeline.aphex", r#"print(param("region", "eu-west-1"));"#)
///     .parameter("region", "us-east-1")
///     .module();
/// let evaluation = Interpreter::default().evaluate(&script);
/// assert_eq!(evaluation.printed, ["us-east-1"]);
/// assert!(!evaluation.has_errors());
/// ```
#[derive(Debug, Clone)]
pub struct Script {
    path: String,
    name: Option<String>,
    bytes: Vec<u8>,
    pub(super) options: Options,
}

impl Script {
    /// The script `text` at `path` from the project root, with `/` between folders. Its imports are found from there, and
    /// the pipeline's validation stage looks for it there. A text that is not UTF-8 is a problem of the script.
    pub fn new(path: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), name: None, bytes: text.into(), options: Options::default() }
    }

    /// The same, which reports call `name` and not by its path.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The same, where it is no problem that it declares no pipeline: a module that others import.
    #[must_use]
    pub const fn module(mut self) -> Self {
        self.options.module = true;
        self
    }

    /// The same with a value for `param(name)`: a text, a bool, an integer, or an array of texts. It comes before the
    /// interpreter's own of that name.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
        self.options.parameters.insert(name.into(), value.into());
        self
    }

    /// The same, of which only the pipeline `name` is emitted. Where there is none of that name, nothing is.
    #[must_use]
    pub fn pipeline(mut self, name: impl Into<String>) -> Self {
        self.options.pipeline = Some(name.into());
        self
    }

    /// The same, whose documents are written in this form.
    #[must_use]
    pub const fn format(mut self, format: Format) -> Self {
        self.options.format = format;
        self
    }

    pub(super) fn input(&self) -> Input<'_> {
        Input { name: self.name.as_ref().unwrap_or(&self.path), path: &self.path, bytes: &self.bytes }
    }
}
