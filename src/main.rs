//! The command line program: calls the library and turns its result into an exit status.
fn main() {}
