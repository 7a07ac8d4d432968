//! A process that does nothing: what every command pays.

fn main() {}
