//! Makes the table of the files of charts/verta that the binary carries with it.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let target = env::var("TARGET").unwrap_or_default();
    if target.ends_with("-linux-gnu") {
        link_for_a_short_start();
    }
    name_the_system();
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

/// Sets `linux_64` for the systems that have Landlock, seccomp and stacks of one's own, as Cargo.toml has their crates.
fn name_the_system() {
    println!("cargo::rustc-check-cfg=cfg(linux_64)");
    let is = |name: &str, values: &[&str]| {
        let value = env::var(format!("CARGO_CFG_TARGET_{name}")).unwrap_or_default();
        values.contains(&value.as_str())
    };
    if is("OS", &["linux"]) && is("ARCH", &["x86_64", "aarch64", "riscv64"]) {
        println!("cargo::rustc-cfg=linux_64");
    }
}

/// Has the program linked so that it starts fast: docs/decisions/0007-start-of-the-process.md.
fn link_for_a_short_start() {
    // At a fixed address, as helm is linked too: twelve thousand pointers need not be adjusted, and their
    // hundred pages not be copied, at every start.
    println!("cargo::rustc-link-arg-bins=-no-pie");
    let directory = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    let directory = Path::new(&directory);
    // A script that the linker takes for a shared library of this name.
    let instead_of = |library: &str, script: String| {
        let path = directory.join(format!("lib{library}.so"));
        fs::write(path, script).expect("OUT_DIR is writable");
    };
    // What unwinds the stack for the trace of a panic is taken into the program: the shared library it lies in
    // is one more file to find, map and adjust at every start.
    instead_of("gcc_s", "INPUT(-lgcc_eh -lgcc)\n".into());
    // So is the C library, where it can be had in that form.
    if let Some(archive) = static_c_library() {
        println!("cargo::rustc-link-arg-bins=-static");
        instead_of(
            "c",
            format!("GROUP(\"{}\" -lgcc -lgcc_eh)\n", archive.display()),
        );
        for library in ["dl", "m", "pthread", "rt", "util"] {
            instead_of(library, format!("INPUT(-l:lib{library}.a)\n"));
        }
    }
    println!("cargo::rustc-link-arg-bins=-L{}", directory.display());
}

/// Asks the linker's driver for the archive of the C library.
fn static_c_library() -> Option<PathBuf> {
    println!("cargo::rerun-if-env-changed=RUSTC_LINKER");
    let driver = env::var_os("RUSTC_LINKER").unwrap_or_else(|| "cc".into());
    let asked = Command::new(driver).arg("-print-file-name=libc.a").output();
    let answer = String::from_utf8(asked.ok()?.stdout).ok()?;
    let archive = PathBuf::from(answer.trim_end());
    // What it does not know, it repeats.
    (archive.is_absolute() && archive.is_file()).then_some(archive)
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
