#![no_main]

aphex_fuzz::target!("style");
