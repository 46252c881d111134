//! The command line program: calls the library and turns its result into an exit status.

fn main() {
    verta_render::cli::run(std::env::args_os())
}
