//! The command `aphex`.

#![forbid(unsafe_code)]

fn main() {
    // The arguments are read where they are used: what the system gives cannot be handed to another thread.
    let args: Vec<std::ffi::OsString> = std::env::args_os().collect();
    aphex::cli::main(args.into_iter())
}
