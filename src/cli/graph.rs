//! `aphex graph`: the delivery, before anything runs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::Global;
use super::params::Parameters;
use super::script::Script;
use super::{Exit, Failure, screen};
use crate::compile::Options;
use crate::emit::Format;
use crate::graph::{self, Graph as Delivery};
use crate::interpreter::Interpreter;

/// Draw what a pipeline runs, in what order, before anything runs
///
/// It shows what starts a run, the tasks by their names in Argo, environments with accounts, regions and stacks, what runs
/// side by side, who is asked, and what answers a failure. It goes to standard output. A tree shows every pipeline of the
/// script; a picture shows one, which `--pipeline` names where there are several.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Graph {
    /// The script; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// How to draw it
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "tree")]
    format: OutputFormat,

    /// Draw this pipeline of the script alone
    #[arg(long, value_name = "NAME")]
    pipeline: Option<String>,

    #[command(flatten)]
    parameters: Parameters,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// For a terminal, as wide as it is
    Tree,
    /// A flowchart for a Markdown page
    Mermaid,
    /// A graph for Graphviz
    Dot,
    /// A picture for a document, in light or dark
    Svg,
}

const EXAMPLES: &str = "Examples:
  aphex graph pipeline.aphex
  aphex graph pipeline.aphex --format svg > delivery.svg
  aphex graph pipeline.aphex --format mermaid --pipeline my-app
  aphex graph pipeline.aphex --format dot | dot -Tpng -o delivery.png";

impl Graph {
    pub(super) fn run(self, interpreter: &Interpreter, global: Global) -> Result<Exit, Failure> {
        let script = Script::read(interpreter, &self.file)?;
        let parameters = self.parameters.values()?;
        let options = Options { module: false, parameters, pipeline: self.pipeline.clone(), format: Format::Yaml };
        let Some(compiled) = script.compiled(global, &options, &self.parameters)? else { return Ok(Exit::Script) };
        let wanted = |name: &str| self.pipeline.as_deref().is_none_or(|wanted| wanted == name);
        let pipelines = compiled.project.pipelines.iter().filter(|pipeline| wanted(pipeline.name.as_str()));
        let graphs: Vec<Delivery> = pipelines.map(|pipeline| Delivery::of(pipeline)).collect();
        super::print(&self.drawn(&graphs, global)?)?;
        Ok(Exit::Done)
    }

    fn drawn(&self, graphs: &[Delivery], global: Global) -> Result<String, Failure> {
        let picture: fn(&Delivery) -> String = match self.format {
            OutputFormat::Tree => {
                let style = screen::output_style(global);
                let trees: Vec<String> = graphs.iter().map(|graph| graph::tree(graph, style)).collect();
                return Ok(trees.join("\n"));
            }
            OutputFormat::Mermaid => graph::mermaid,
            OutputFormat::Dot => graph::dot,
            OutputFormat::Svg => graph::svg,
        };
        match graphs {
            [graph] => Ok(picture(graph)),
            several => {
                let names: Vec<String> = several.iter().map(|graph| format!("`{}`", graph.pipeline)).collect();
                let message =
                    "the script declares several pipelines, and a picture shows one; name it with `--pipeline`";
                Err(Failure::Usage(format!("{message}\nit declares {}", names.join(", "))))
            }
        }
    }
}
