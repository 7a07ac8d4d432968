//! Values for `param(…)`: from the command line, from files, or from an earlier run.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::Value;

use super::Failure;
use crate::model::Project;

/// The longest file of parameters, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Values by name.
pub(super) type Values = BTreeMap<String, Value>;

/// Options that give a script its parameters.
#[derive(Debug, Args)]
pub(super) struct Parameters {
    /// Give `param("NAME")` a value; of several for one name the last counts, and it counts more than a file's
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = pair)]
    given: Vec<(String, String)>,

    /// Take parameters from a JSON or YAML map; of several files the last counts
    #[arg(long = "param-file", value_name = "FILE")]
    param_files: Vec<PathBuf>,
}

impl Parameters {
    /// Whether the command line says nothing about parameters.
    pub(super) fn is_empty(&self) -> bool {
        self.given.is_empty() && self.param_files.is_empty()
    }

    /// The files that are named.
    pub(super) fn files(&self) -> &[PathBuf] {
        &self.param_files
    }

    /// All that were given.
    pub(super) fn values(&self) -> Result<Values, Failure> {
        let mut values = Values::new();
        for file in &self.param_files {
            values.extend(read(file)?);
        }
        values.extend(self.given.iter().map(|(name, value)| (name.clone(), Value::String(value.clone()))));
        Ok(values)
    }

    /// An error where the command line gives a parameter that the script does not ask for: a misspelt name would
    /// otherwise go unseen. A file may hold parameters of other scripts too.
    pub(super) fn know(&self, project: &Project) -> Result<(), Failure> {
        let asked = &project.parameters;
        let Some((unknown, _)) = self.given.iter().find(|(name, _)| !asked.contains_key(name)) else { return Ok(()) };
        let near = super::near(unknown, asked.keys().map(String::as_str));
        Err(Failure::Usage(format!("the script asks for no parameter `{unknown}`{near}")))
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected a name, `=` and a value, such as `--param region=eu-west-1`".to_owned()),
    }
}

fn read(file: &Path) -> Result<Values, Failure> {
    let name = file.display();
    let mut text = String::new();
    let open = std::fs::File::open(file).and_then(|file| file.take(MAX_BYTES + 1).read_to_string(&mut text));
    open.map_err(|error| Failure::io(&format!("cannot read the parameters in `{name}`"), &error))?;
    if text.len() as u64 > MAX_BYTES {
        return Err(Failure::Usage(format!("`{name}` is longer than a file of parameters may be (1 MiB)")));
    }
    let value = parse(&text, file.extension().is_some_and(|ending| ending == "json"));
    match value.map_err(|words| Failure::Usage(format!("cannot read the parameters in `{name}`: {words}")))? {
        Value::Object(map) => Ok(map.into_iter().collect()),
        Value::Null => Ok(Values::new()),
        _ => Err(Failure::Usage(format!("`{name}` holds no map of parameters, such as `region: eu-west-1`"))),
    }
}

fn parse(text: &str, json: bool) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    if json {
        return serde_json::from_str(text).map_err(|error| error.to_string());
    }
    let first_line = |words: String| words.lines().next().unwrap_or_default().to_owned();
    serde_yaml::from_str(text).map_err(|error| first_line(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_has_a_name_and_any_value() {
        assert_eq!(pair("a=b=c"), Ok(("a".into(), "b=c".into())));
        assert_eq!(pair("a="), Ok(("a".into(), String::new())));
        assert!(pair("=a").is_err() && pair("a").is_err());
    }

    #[test]
    fn json_and_yaml_give_the_same() {
        let json = parse("{\"a\": [\"x\"], \"b\": true, \"c\": 3, \"d\": \"012\"}", true);
        assert_eq!(json, parse("a: [x]\nb: true\nc: 3\nd: '012'\n", false));
        assert!(parse("a: [", false).is_err() && parse("", false) == Ok(Value::Null));
    }
}
