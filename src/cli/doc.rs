//! `aphex doc`: the reference of the language.

use clap::{Args, ValueEnum};
use serde_json::Value;

use super::args::Global;
use super::{Exit, Failure, markdown, print, screen};
use crate::diagnostic::{Code, did_you_mean};
use crate::interpreter::Interpreter;
use crate::reference::{Part, Reference, document, page, part_schema, pipeline_schema};

/// Print the reference of the language: functions, keys, text forms, modules
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Doc {
    /// What to tell about: a function, a path of keys, a text form, a module of the standard library or a function of
    /// it; without one, everything
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// Markdown with tables, data, or JSON Schema (2020-12); without one, Markdown that fits the terminal
    #[arg(long, value_name = "FORMAT", value_enum)]
    format: Option<Format>,
}

const EXAMPLES: &str = "Examples:
  aphex doc environment          a function, its keys and what is in them
  aphex doc environment.tests    a key
  aphex doc retries              every key of that name
  aphex doc aphex/node           a module of the standard library
  aphex doc node::build          a function of it
  aphex doc --format json        everything as data
  aphex doc --format schema      the JSON Schema of pipeline.json
  aphex doc step --format schema the JSON Schema of what `step` takes";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Markdown,
    Json,
    Schema,
}

impl Doc {
    pub(super) fn run(self, interpreter: &Interpreter, global: Global) -> Result<Exit, Failure> {
        let reference = interpreter.reference();
        let text = match self.format {
            Some(Format::Markdown) => told(&reference, self.name.as_deref())?,
            Some(Format::Json) => data(&reference, self.name.as_deref())?,
            Some(Format::Schema) => schema(&reference, self.name.as_deref())?,
            None => markdown::fit(&told(&reference, self.name.as_deref())?, screen::output_style(global)),
        };
        print(&text)?;
        Ok(Exit::Done)
    }
}

/// The Markdown about a part, or about everything.
fn told(reference: &Reference, name: Option<&str>) -> Result<String, Failure> {
    let Some(name) = name else { return Ok(document(reference)) };
    let pages: Vec<String> = find(reference, name)?.into_iter().map(|part| page(reference, part)).collect();
    Ok(pages.join("\n"))
}

fn data(reference: &Reference, name: Option<&str>) -> Result<String, Failure> {
    let Some(name) = name else { return Ok(json(reference)) };
    let parts = find(reference, name)?;
    match &parts[..] {
        [part] => Ok(json(part)),
        several => Ok(json(several)),
    }
}

fn schema(reference: &Reference, name: Option<&str>) -> Result<String, Failure> {
    let Some(name) = name else { return Ok(json(&pipeline_schema(reference))) };
    let parts = find(reference, name)?;
    let schemas: Vec<Value> = parts.into_iter().filter_map(|part| part_schema(reference, part)).collect();
    match &schemas[..] {
        [] => Err(Failure::Unknown(format!("`{name}` has no JSON Schema: it is no value that a key takes"))),
        [schema] => Ok(json(schema)),
        several => Ok(json(&serde_json::json!({ "anyOf": several }))),
    }
}

fn json(value: &(impl serde::Serialize + ?Sized)) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("the reference has texts for keys");
    text.push('\n');
    text
}

/// What is called so.
fn find<'a>(reference: &'a Reference, name: &str) -> Result<Vec<Part<'a>>, Failure> {
    let name = name.trim().trim_end_matches("()");
    let parts = reference.find(name);
    if !parts.is_empty() {
        return Ok(parts);
    }
    if Code::from_id(name).is_some() {
        return Err(Failure::Unknown(format!("`{name}` is a diagnostic: `aphex explain {name}` tells about it")));
    }
    let names = reference.names();
    let near = did_you_mean(name, names.iter().map(String::as_str));
    let help = near.map_or_else(|| "`aphex doc` lists all".to_owned(), |near| format!("did you mean `{near}`?"));
    Err(Failure::Unknown(format!("the language has nothing called `{name}`; {help}")))
}
