//! What every target is: one body, run on what the fuzzer thinks of.

mod bodies;

use std::path::PathBuf;

/// Makes a fuzz target of the body of that name.
#[macro_export]
macro_rules! target {
    ($name:literal) => {
        libfuzzer_sys::fuzz_target!(init: $crate::prepare($name), |bytes: &[u8]| $crate::run($name, bytes));
    };
}

/// The body of that name, on one input.
pub fn run(name: &str, bytes: &[u8]) {
    (bodies::named(name).run)(bytes);
}

/// Writes what the fuzzer starts from below the folder that `APHEX_FUZZ` names, if it does: `seeds/` and `words`.
pub fn prepare(name: &str) {
    let Some(folder) = std::env::var_os("APHEX_FUZZ").map(PathBuf::from) else { return };
    let body = bodies::named(name);
    let seeds = folder.join("seeds");
    std::fs::create_dir_all(&seeds).expect("the folder of the fuzzer takes files");
    for (number, seed) in (body.seeds)().iter().enumerate() {
        std::fs::write(seeds.join(format!("{number:04}")), seed).expect("the folder of the fuzzer takes files");
    }
    let words: String = (body.words)().iter().map(|word| format!("\"{}\"\n", escaped(word))).collect();
    std::fs::write(folder.join("words"), words).expect("the folder of the fuzzer takes files");
}

/// A word as the fuzzer reads it.
fn escaped(word: &str) -> String {
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    word.bytes().map(|byte| if is_plain(byte) { char::from(byte).into() } else { format!("\\x{byte:02x}") }).collect()
}
