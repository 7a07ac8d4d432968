//! The command `aphex`.

fn main() -> std::process::ExitCode {
    aphex::cli::run(std::env::args_os())
}
