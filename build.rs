//! Makes the table of the files of charts/verta that the binary carries with it.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let target = env::var("TARGET").unwrap_or_default();
    if target.ends_with("-linux-gnu") {
        // At a fixed address, as helm is linked too: twelve thousand pointers need not be adjusted, and their
        // hundred pages not be copied, at every start.
        println!("cargo::rustc-link-arg-bins=-no-pie");
        // What unwinds the stack for the trace of a panic is taken into the program: the shared library it lies in
        // is one more file to find, map and adjust at every start. The linker takes this script for the library.
        let directory = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
        let script = Path::new(&directory).join("libgcc_s.so");
        fs::write(script, "INPUT(-lgcc_eh -lgcc)\n").expect("OUT_DIR is writable");
        println!("cargo::rustc-link-arg-bins=-L{directory}");
    }
    let chart = Path::new("charts/verta");
    println!("cargo::rerun-if-changed={}", chart.display());
    let mut files = Vec::new();
    collect(chart, &mut files);
    files.sort();
    let root = env::current_dir().expect("cargo runs build scripts in the package's directory");
    let mut table = String::from("[\n");
    for file in &files {
        let name = file.strip_prefix(chart).expect("it was found below");
        let name = name.to_string_lossy().replace('\\', "/");
        let path = root.join(file);
        let line = writeln!(table, "    ({name:?}, include_bytes!({path:?})),");
        line.expect("a String takes everything");
    }
    table.push_str("]\n");
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("embedded_chart.rs"), table).expect("OUT_DIR is writable");
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(directory).expect("charts/verta is part of the package");
    for entry in entries {
        let path = entry.expect("the directory is readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
