//! The least a program can do for a render: it starts, reads the chart's files, and writes what is to be written.
//!
//! `floor CHART OUTPUT [YAML...]` writes the bytes of OUTPUT; texts that a render must look at are read as YAML once.
//! `cargo xtask bench-helm` times it beside whole runs. Run without arguments, as a benchmark, it does nothing.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use verta_render::codec::yaml;

fn main() -> io::Result<()> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [chart, output, texts @ ..] = arguments.as_slice() else {
        return Ok(());
    };
    let mut size = 0;
    read(Path::new(chart), &mut size)?;
    for text in texts {
        let nodes = yaml::count_nodes(&fs::read(text)?);
        size += nodes.map_err(|error| io::Error::other(error.to_string()))?;
    }
    let output = fs::read(output)?;
    // What was read must not be for nothing.
    if std::hint::black_box(size) > 0 {
        io::stdout().lock().write_all(&output)?;
    }
    Ok(())
}

fn read(path: &Path, size: &mut usize) -> io::Result<()> {
    if !fs::metadata(path)?.is_dir() {
        *size += fs::read(path)?.len();
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            read(&entry.path(), size)?;
        } else {
            *size += fs::read(entry.path())?.len();
        }
    }
    Ok(())
}
