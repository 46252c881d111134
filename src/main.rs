//! The command line program: calls the library and turns its result into an exit status.

use std::process::ExitCode;

fn main() -> ExitCode {
    verta_render::cli::run(std::env::args_os())
}
