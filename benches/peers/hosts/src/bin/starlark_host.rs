//! Calls a Starlark file's `workflow_template`, and prints what it returns as YAML.

use std::error::Error;
use std::io::{BufWriter, stdout};
use std::path::Path;

use starlark::environment::{Globals, Module};
use starlark::eval::Evaluator;
use starlark::syntax::{AstModule, Dialect};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [script, environments, stacks] = &arguments[..] else {
        return Err("starlark_host SCRIPT ENVIRONMENTS STACKS".into());
    };
    let (environments, stacks) = (environments.parse::<i32>()?, stacks.parse::<i32>()?);
    let ast = AstModule::parse_file(Path::new(script), &Dialect::Extended).map_err(|error| error.to_string())?;
    Module::with_temp_heap(|module| {
        let mut evaluator = Evaluator::new(&module);
        evaluator.eval_module(ast, &Globals::standard()).map_err(|error| error.to_string())?;
        let function = module.get("workflow_template").ok_or("no `workflow_template`")?;
        let arguments = [environments, stacks].map(|number| module.heap().alloc(number));
        let value = evaluator.eval_function(function, &arguments, &[]).map_err(|error| error.to_string())?;
        serde_yaml::to_writer(BufWriter::new(stdout().lock()), &value)?;
        Ok(())
    })
}
