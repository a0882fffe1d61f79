//! The command `according`.
fn main() {}
