//! The command.

use std::process::ExitCode;

fn main() -> ExitCode {
    aphex::cli::run(std::env::args_os())
}
