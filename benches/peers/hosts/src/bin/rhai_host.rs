//! Runs a Rhai script that knows `environments` and `stacks`, and prints its value as YAML.

use std::error::Error;
use std::io::{BufWriter, stdout};
use std::path::PathBuf;

use rhai::{Dynamic, Engine, Scope};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [script, environments, stacks] = &arguments[..] else {
        return Err("rhai_host SCRIPT ENVIRONMENTS STACKS".into());
    };
    let mut scope = Scope::new();
    scope.push("environments", environments.parse::<i64>()?).push("stacks", stacks.parse::<i64>()?);
    let value: Dynamic = Engine::new().eval_file_with_scope(&mut scope, PathBuf::from(script))?;
    serde_yaml::to_writer(BufWriter::new(stdout().lock()), &value)?;
    Ok(())
}
