#![no_main]

aphex_fuzz::target!("server");
