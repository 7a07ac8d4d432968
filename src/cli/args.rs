//! What may be typed.

use clap::{Args as Group, Parser, ValueEnum};

use super::Command;
use crate::report;

/// Declare AWS CDK delivery pipelines in a short script; get Argo Workflows, Argo Events and CloudFormation.
#[derive(Debug, Parser)]
#[command(name = "aphex", version, propagate_version = false, max_term_width = 100, after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

const EXAMPLES: &str = "Examples:
  aphex check pipeline.aphex     report what is wrong
  aphex run pipeline.aphex       write aphex.out/<pipeline>/, say what is next
  aphex graph pipeline.aphex     its stages, gates and rollbacks in their order
  aphex diff pipeline.aphex --against origin/main
                                 what would change, gates and permissions first
  aphex simulate pipeline.aphex --fail build
                                 what would run, and how the run would end
  aphex event pipeline.aphex --payload push.json
                                 whether a delivery of GitHub starts a run
  aphex watch pipeline.aphex     check again on every change
  aphex preview pipeline.aphex   the same in a browser, with its graph and its files
  aphex explain bad-value        the long story of a diagnostic
  aphex init                     write a first pipeline.aphex
  aphex import aphex-config.yaml > pipeline.aphex
                                 a script from the original system's configuration
  aphex doc environment          what the language has

Exit status: 0 done, 1 the script has errors or a comparison found a difference,
2 the command line is wrong, 3 a file could not be read or written.";

/// Options of every command.
#[derive(Debug, Clone, Copy, Group)]
#[command(next_help_heading = "Options of every command")]
pub(super) struct Global {
    /// Print diagnostics and what was asked for, nothing else
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,

    /// When to use colours; auto: on a terminal, unless `NO_COLOR` is set
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value = "auto")]
    pub(super) color: Color,

    /// How diagnostics are written to standard error
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value = "human")]
    pub(super) message_format: MessageFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum MessageFormat {
    Human,
    Short,
    Json,
    Sarif,
    Github,
}

/// How a command that answers a question prints the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum AnswerFormat {
    /// For people
    Text,
    /// JSON, with all that is known
    Json,
}

impl From<MessageFormat> for report::Format {
    fn from(format: MessageFormat) -> Self {
        match format {
            MessageFormat::Human => Self::Human,
            MessageFormat::Short => Self::Short,
            MessageFormat::Json => Self::Json,
            MessageFormat::Sarif => Self::Sarif,
            MessageFormat::Github => Self::Github,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_options_do_not_contradict_each_other() {
        super::Args::command().debug_assert();
    }
}
